"""The kinds of change: what somebody could get wrong in the tables, on a page, in a figure with sliders.

    change = KINDS["prose: dose"].make(random.Random(1), root)     # -> Change, or None where there is nothing of the kind

Each kind is a small function of a text and a random.Random that gives Edits or None (see words.py), with the files in which
it may happen. GROUPS has them by the three tables in which a run is told. When teaching files and exports are there, they
get a group of their own.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from bonebook import tables
from press import facts, written

from . import words, zones
from .words import Edit, Slip

TIERS = ("book/fundamentals/*.md", "book/intermediate/*.md", "book/academic/*.md")
SIDES = tuple(tier.replace(".md", ".yml") for tier in TIERS)
TABLES = ("data/*.csv",)
BIB = ("book/references.bib",)
MODELS = ("explorables/*/model.py",)
SCRIPTS = ("explorables/*/model.js",)
DRAWINGS = ("figures/*.svg",)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Change:
    """One change of one file. old and new: the words around it, before and after; text: the whole file after it."""

    file: str
    line: int
    kind: str
    old: str
    new: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} ({self.kind}): {self.old} → {self.new}"


@dataclass(frozen=True)
class Kind:
    """A kind of change: its name, the function that makes it, and the files in which it may happen."""

    name: str
    slip: Slip
    files: tuple[str, ...]

    def make(self, dice: random.Random, root: Path) -> Change | None:
        """A change of this kind in one of the files; None where none of them has a place for it."""
        paths = sorted({path for each in self.files for path in root.glob(each)})
        dice.shuffle(paths)
        for path in paths:
            text = path.read_text(encoding="utf-8")
            if edits := self.slip(text, dice):
                file = path.relative_to(root).as_posix()
                return changed(file, self.name, text, edits)
        return None


def changed(file: str, kind: str, text: str, edits: list[Edit]) -> Change:
    """The Change that these edits of a file's text make."""
    old, new, made, at = [], [], [], 0
    for start, end, put in sorted(edits):
        before, after = _around(text, start, end)
        old.append(before + text[start:end] + after)
        new.append(before + put + after)
        made += [text[at:start], put]
        at = end
    line = text.count("\n", 0, min(edits)[0]) + 1
    told = (" … ".join(" ".join(part.split()) for part in side) for side in (old, new))
    return Change(file, line, kind, *told, "".join([*made, text[at:]]))


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Up to thirty characters of the same line on either side, from a blank on; of a table, the row's id."""
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end) % (len(text) + 1)
    before, after = text[left:start], text[end:right]
    if len(before) > 30:
        before = before[-30:].partition(" ")[2] or before[-12:]
    if len(after) > 30:
        after = after[:30].rpartition(" ")[0] or after[:12]
    id = re.match(r"[a-z0-9]+(?:-[a-z0-9]+)*,", text[left:])
    if id and id.end() <= start - left - len(before):
        before = f"{id[0][:-1]}: {before}"
    return before, after


# Tables

TEXTS = ["correction", "statement", "summary", "outcome_word", "claim", "evidence", "what", "mechanism", "caution"]  # fmt: skip
CODED = ["population", "site", "outcome", "marker", "condition", "tissue", "nutrient", "food"]  # fmt: skip
Row = dict[str, zones.Cell]


def cell(*columns: str, change: Callable[[str, random.Random], str | None]) -> Slip:
    """A cell of one of these columns that holds something becomes what `change` makes of it."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = [
            row[name] for row in zones.rows(text) for name in columns if name in row
        ]
        found = [each for each in found if each.value]
        for each in dice.sample(found, min(len(found), 60)):
            put = change(each.value, dice)
            if put is not None and put != each.value:
                return [each.put(put)]
        return None

    return slip


def another(*columns: str) -> Slip:
    """A cell of one of these columns holds what another row has there."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = zones.rows(text)
        names = [name for name in columns if found and name in found[0]]
        for name in dice.sample(names, len(names)):
            known = sorted({row[name].value for row in found} - {""})
            filled = [row[name] for row in found if row[name].value]
            if len(known) > 1:
                old = dice.choice(filled)
                return [old.put(dice.choice([v for v in known if v != old.value]))]
        return None

    return slip


def words_of(slip: Slip) -> Callable[[str, random.Random], str | None]:
    """What a slip of the pen makes of the words of a cell."""

    def change(value: str, dice: random.Random) -> str | None:
        edits = slip(value, dice)
        if not edits:
            return None
        (start, end, put), *_ = edits
        return value[:start] + put + value[end:]

    return change


def a_digit(value: str, dice: random.Random) -> str | None:
    """One digit of a number, also of an address or a DOI."""
    return words.one_digit(value, dice) if re.search(r"\d", value) else None


def of_a_number(change: Callable[[str, random.Random], str]):
    """The same for plain numbers alone."""
    return lambda value, dice: change(value, dice) if NUMBER.fullmatch(value) else None


def arms(*columns: str) -> Slip:
    """Two arms of a study exchange these cells: rows that differ in drug, dose or regimen and in little else."""
    same = ("study", "outcome", "marker", "site", "measure", "statistic", "months")

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        groups: dict[tuple, list[Row]] = {}
        for row in zones.rows(text):
            if "drug" in row and "dose_mg" in row:
                key = tuple(row[name].value for name in same if name in row)
                groups.setdefault(key, []).append(row)
        two = [group for group in groups.values() if len(group) > 1]
        for group in dice.sample(two, min(len(two), 40)):
            a, b = dice.sample(group, 2)
            names = [
                name for name in columns if name in a and a[name].value != b[name].value
            ]
            if names:
                return [
                    one[name].put(other[name].value)
                    for name in names
                    for one, other in ((a, b), (b, a))
                ]
        return None

    return slip


def ids_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """Two rows of a study exchange their ids; of a table without studies, two that stand beside each other."""
    found = zones.rows(text)
    pairs = [
        (a, b)
        for a, b in zip(found, found[1:], strict=False)
        if "study" not in a or a["study"].value == b["study"].value
    ]
    if not pairs:
        return None
    a, b = dice.choice(pairs)
    return [a["id"].put(b["id"].value), b["id"].put(a["id"].value)]


def limits_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """The lower limit stands in the place of the upper one."""
    found = [row for row in zones.rows(text) if row.get("ci_low") and row["ci_low"].value]
    if not found:
        return None
    row = dice.choice(found)
    return [
        row["ci_low"].put(row["ci_high"].value),
        row["ci_high"].put(row["ci_low"].value),
    ]


def events_above_n(text: str, dice: random.Random) -> list[Edit] | None:
    """More events than people: the two numbers exchanged."""
    found = [
        row
        for row in zones.rows(text)
        if "events" in row
        and all(NUMBER.fullmatch(row[name].value) for name in ("n", "events"))
        and float(row["events"].value) < float(row["n"].value)
    ]
    if not found:
        return None
    row = dice.choice(found)
    return [row["n"].put(row["events"].value), row["events"].put(row["n"].value)]


def row_gone(text: str, dice: random.Random) -> list[Edit] | None:
    """A line is left out."""
    found = zones.rows(text)
    if len(found) < 2:
        return None
    start = dice.choice(found)["id"].start
    return [(start, text.index("\n", start) + 1, "")]


def value_missing(text: str, dice: random.Random) -> list[Edit] | None:
    """A value is left out."""
    found = [row["value"] for row in zones.rows(text) if "value" in row]
    return [dice.choice(found).put("")] if found else None


def field_of_bib(name: str, change: Slip) -> Slip:
    """A slip in one field of an entry of the bibliography."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        spans = [found.span(1) for found in re.finditer(rf"^  (?:{name}) = \{{(.*)\}},", text, re.M)]  # fmt: skip
        return spans and change(zones.hide(text, [dice.choice(spans)], False), dice)

    return slip


def author(text: str, dice: random.Random) -> list[Edit] | None:
    """Two letters of the first author's name exchanged."""
    found = words.pick(r"^  author = \{([A-Z][a-z]{4,})", text, dice, re.M)
    if not found:
        return None
    start, name = found.start(1), found[1]
    places = [at for at in range(1, len(name) - 1) if name[at] != name[at + 1]]
    at = dice.choice(places)
    return [(start + at, start + at + 2, name[at + 1] + name[at])]


def title_word(text: str, dice: random.Random) -> list[Edit] | None:
    """A word of a title: its contrary or its neighbor, else one that is left out."""
    known = words.first(words.swap(words.SENSE), words.number_word)
    edits = known(text, dice)
    found = words.pick(r"(?<= )[a-z]{5,} (?=[a-z])", text, dice)
    return edits or (found and [(*found.span(), "")])


def in_derived(slip: Slip) -> Slip:
    """The slip, in the table of derived numbers alone."""
    return lambda text, dice: slip(text, dice) if text.startswith("id,label,method") else None  # fmt: skip


_direction_or_drug = words.first(
    words.swap(words.DIRECTIONS), words.swap(words.DRUGS), words.negation
)
_texts = [*TEXTS, "note"]
_arm_numbers = ("value", "se", "sd", "ci_low", "ci_high", "n", "events", "person_years")

IN_TABLES: dict[str, tuple[Slip, tuple[str, ...]]] = {
    "address, DOI, PMID: one digit": (cell("address", "doi", "pmid", change=a_digit), TABLES),
    "arms exchanged (drug, dose)": (arms("drug", "dose_mg"), TABLES),
    "bib: DOI or PMID": (field_of_bib("doi|pmid", words.digit(r"\d+")), BIB),
    "bib: author": (author, BIB),
    "bib: title": (field_of_bib("title", title_word), BIB),
    "bib: volume or pages": (field_of_bib("volume|pages", words.digit(r"\d+")), BIB),
    "bib: year": (field_of_bib("year", words.digit(r"\d+")), BIB),
    "comparator: another": (another("comparator"), TABLES),
    "decimal point moved": (cell("value", change=of_a_number(words.point_moved)), TABLES),
    "derived: label, unit, per, years": (
        in_derived(words.first(
            cell("label", change=words_of(words.swap(words.SENSE))),
            another("unit", "per", "years"),
        )), TABLES),
    "direction, negation or drug in a text column": (
        cell(*_texts, change=words_of(_direction_or_drug)), TABLES),
    "dose": (another("dose_mg"), TABLES),
    "drug raloxifene <-> tamoxifen": (
        cell("drug", change=words_of(words.swap(words.DRUGS))), TABLES),
    "events above n": (events_above_n, TABLES),
    "ids of two rows exchanged": (ids_exchanged, TABLES),
    "interval, se, sd: one digit": (
        cell("ci_low", "ci_high", "se", "sd", change=a_digit), TABLES),
    "limits exchanged": (limits_exchanged, TABLES),
    "measure or statistic: another": (another("measure", "statistic"), TABLES),
    "months or year": (cell("months", "year", change=a_digit), TABLES),
    "n, events, person-years: one digit": (
        cell("n", "events", "person_years", "n_total", change=a_digit), TABLES),
    "numbers of two arms exchanged": (arms(*_arm_numbers), TABLES),
    "p value or level": (words.first(
        cell("p_value", change=a_digit),
        cell("ci_level", change=lambda value, _: "90" if value == "95" else "95")), TABLES),
    "population, site, outcome, marker: another": (another(*CODED), TABLES),
    "row gone": (row_gone, TABLES),
    "seen or approx": (words.first(another("seen"), another("approx")), TABLES),
    "sign of the value": (
        cell("value", change=of_a_number(lambda value, _: value[1:] if value[0] == "-" else f"-{value}")), TABLES),
    "study: another key": (another("study"), TABLES),
    "unit: another of the table": (another("unit"), TABLES),
    "value missing": (value_missing, TABLES),
    "value: one digit": (cell("value", change=of_a_number(words.one_digit)), TABLES),
    "verdict, direction, sign, status, strength": (
        another("verdict", "direction", "sign", "status", "strength"), TABLES),
    "words with a number in a text column": (
        cell(*_texts, change=words_of(words.first(words.digit(), words.number_word))), TABLES),
}  # fmt: skip


# Pages


def within(zone: str, slip: Slip, roles: bool = False) -> Slip:
    """The slip in one zone of a page; roles: also in the words of its roles."""
    return lambda text, dice: slip(zones.hide(text, zones.zones(text)[zone], roles), dice)


def in_side(zone: str, slip: Slip) -> Slip:
    """The slip in one zone of a side file."""
    return lambda text, dice: slip(zones.hide(text, zones.side(text)[zone]), dice)


def in_drawing(zone: str, slip: Slip) -> Slip:
    """The slip in one zone of a drawing."""
    return lambda text, dice: slip(zones.hide(text, zones.drawing(text)[zone]), dice)


def near_fact(near: bool, slip: Slip) -> Slip:
    """The slip in the prose outside of roles, in lines with a {fact}, or in those without any number."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        lines, place = [], 0
        for line in text.split("\n"):
            if near == ("{fact}" in line) and (near or not re.search(r"\d", line)):
                lines.append((place, place + len(line)))
            place += len(line) + 1
        shown = zones.hide(text, zones.zones(text)["prose"], roles=False)
        return slip(zones.hide(shown, lines, roles=False), dice)

    return only


Role = re.Match[str]
FACT = r"\{fact\}`([^`<]*?)\s*<([^<>`]+)>`"


def role(pattern: str, put: Callable[[Role, random.Random], str | None], zone: str = "prose") -> Slip:  # fmt: skip
    """A role of a zone becomes what `put` makes of it."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = [
            each
            for start, end in zones.zones(text)[zone]
            for each in re.finditer(pattern, text[:end])
            if each.start() >= start
        ]
        for each in dice.sample(found, min(len(found), 40)):
            made = put(each, dice)
            if made is not None and made != each[0]:
                return [(*each.span(), made)]
        return None

    return slip


def words_of_role(slip: Slip) -> Callable[[Role, random.Random], str | None]:
    """A slip in the words of a role, its name and target left alone."""
    change = words_of(slip)

    def put(found: Role, dice: random.Random) -> str | None:
        new = change(found[1], dice)
        return new and found[0].replace(found[1], new, 1)

    return put


@lru_cache(maxsize=4096)
def agreeing(said: str, target: str) -> tuple[str, ...]:
    """Ids of other rows with which these words agree just as well."""
    own, _, column = target.partition(":")
    end = f":{column}" if column else ""
    return tuple(id for id in facts.ids() if id != own and _agrees(said, id + end))


def _agrees(said: str, target: str) -> bool:
    try:
        written.check(said, target)
    except facts.FactError:
        return False
    return True


def other_row(agrees: bool, found: Role, dice: random.Random) -> str | None:
    """The fact with the id of another row: one that agrees, or one of the same study that does not."""
    said, target = " ".join(found[1].split()), found[2]
    own, _, column = target.partition(":")
    end = f":{column}" if column else ""
    try:
        row = tables.row(own)
    except KeyError:
        return None
    if agrees:
        known = list(agreeing(said, target))
    else:
        known = [
            each["id"]
            for each in tables.rows(row["table"])
            if each.get("study") and each["study"] == row.get("study")
            and each["id"] != own and not _agrees(said, each["id"] + end)
        ]  # fmt: skip
    return known and found[0].replace(f"<{target}>", f"<{dice.choice(known)}{end}>") or None


def given_for_fact(found: Role, dice: random.Random) -> str | None:
    """A number of a study written as one that belongs to none, with a wrong digit."""
    edits = words.digit()(found[1], dice)
    if not edits:
        return None
    (start, end, put), *_ = edits
    return f"{{given}}`{found[1][:start]}{put}{found[1][end:]}`"


@lru_cache(maxsize=1)
def keys() -> list[str]:
    """The keys of the studies, which are those of the bibliography."""
    return [row["id"] for row in tables.rows("studies")]


def another_key(found: Role, dice: random.Random) -> str:
    """One key of a citation is that of another study."""
    known = found[2].split(",")
    known[dice.randrange(len(known))] = dice.choice(keys())
    return found[1] + ",".join(known) + "`"


def misspelt_key(found: Role, dice: random.Random) -> str:
    """One letter of a key of a citation left out."""
    known = found[2].split(",")
    at = dice.randrange(len(known))
    letter = dice.randrange(len(known[at]) - 4)
    known[at] = known[at][:letter] + known[at][letter + 1 :]
    return found[1] + ",".join(known) + "`"


CITE = r"(\{cite:[pt]\}`)([^`]+)`"


def another_table(found: Role, dice: random.Random) -> str:
    """Another table in the data line."""
    return f"{{data}}`{dice.choice(tables.tables())}`"


def another_claim(text: str, dice: random.Random) -> list[Edit] | None:
    """Another claim where a page says what it answers."""
    spans = zones.zones(text)["claims"]
    found = words.pick(r"(?<= )[a-z]+-[a-z0-9]+", zones.hide(text, spans), dice)
    known = [row["id"] for row in tables.rows("claims")]
    return found and [(*found.span(), dice.choice([id for id in known if id != found[0]]))]


def alts_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """The descriptions of two figures of a page exchanged."""
    spans = zones.zones(text)["alt"]
    return words.exchanged(*dice.sample(spans, 2), text) if len(spans) > 1 else None


def another_level(text: str, dice: random.Random) -> list[Edit] | None:
    """Another level of certainty."""
    found = re.search(r"(?<=\{how-sure\} )(?:very low|low|moderate|high)$", text, re.M)
    levels = ["very low", "low", "moderate", "high"]
    return found and [(*found.span(), dice.choice([w for w in levels if w != found[0]]))]


LINK = r"(?<=\]\()[\w./-]+\.md(?=[)#])"


def another_page(text: str, dice: random.Random) -> list[Edit] | None:
    """A link leads to another page of the same depth."""
    spans = zones.zones(text)["prose"]
    found = [
        each
        for start, end in spans
        for each in re.finditer(LINK, text[:end])
        if each.start() >= start
    ]
    threads = "bone receptors density fractures tissues deprivation nutrition loading newer".split()
    for each in dice.sample(found, len(found)):
        folder, slash, name = each[0].rpartition("/")
        if name.removesuffix(".md") in threads and "reference" not in folder:
            other = dice.choice([t for t in threads if t != name.removesuffix(".md")])
            return [(*each.span(), f"{folder}{slash}{other}.md")]
    return None


def broken_link(text: str, dice: random.Random) -> list[Edit] | None:
    """A letter of an address left out."""
    found = words.pick(LINK, text, dice)
    if not found:
        return None
    at = found.end() - 5
    return [(at, at + 1, "")]


def minutes(text: str, dice: random.Random) -> list[Edit] | None:
    """Another reading time."""
    found = re.search(r"(?<=minutes: )\d+", text)
    return found and [(*found.span(), str(int(found[0]) + dice.choice([-3, 4, 5, 10])))]


def right_moved(text: str, dice: random.Random) -> list[Edit] | None:
    """The mark of the right answer at another option of the question."""
    questions = re.split(r"(?m)^(?=  - id: )", text)
    place, found = len(questions[0]), []
    for question in questions[1:]:
        right = re.search(r"        right: true\n", question)
        options = [e.end() for e in re.finditer(r"      - text: .*\n", question)]
        ends = [end for end in options if right and end != right.start()]
        if right and ends:
            at = place + right.start(), place + right.end()
            found.append([(*at, ""), *[(place + end, place + end, right[0]) for end in ends]])
        place += len(question)
    if not found:
        return None
    taken, *put = dice.choice(found)
    return [taken, dice.choice(put)]


def another_term(found: Role, dice: random.Random) -> str | None:
    """The card of another entry of the glossary."""
    known = glossary()
    shown = re.sub(r"\s*<.*", "", found[1])
    return f"{{term}}`{shown} <{dice.choice(known)}>`"


@lru_cache(maxsize=1)
def glossary() -> list[str]:
    """The entries of the glossary."""
    text = Path("book/reference/glossary.md").read_text(encoding="utf-8")
    return [text[slice(*s)] for s in zones.zones(text)["term"] if s[0] < s[1]]


def name_of_thread(text: str, dice: random.Random) -> list[Edit] | None:
    """The names of two threads exchanged, or a word of a blurb."""
    spans = [each.span(1) for each in re.finditer(r"name: (\"[^\"]*\"|[^,\"]+),", text)]
    if dice.random() < 0.5:
        return words.exchanged(*dice.sample(spans, 2), text)
    return words.swap(words.SENSE)(text, dice)


def labels_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """Two labels of a drawing exchanged."""
    spans = [s for s in zones.drawing(text)["label"] if len(text[slice(*s)]) > 2]
    if len({text[slice(*span)] for span in spans}) < 2:
        return None
    while True:
        a, b = dice.sample(spans, 2)
        if text[slice(*a)] != text[slice(*b)]:
            return words.exchanged(a, b, text)


# Code: cells, and the Python and JavaScript of figures with sliders


def code(slip: Slip) -> Slip:
    """The slip in the code of a page's cells, which stands as it is."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        spans = zones.zones(text)["code"]
        at, kept = 0, []
        for start, end in spans:
            kept += [re.sub(r"[^\n]", " ", text[at:start]), text[start:end]]
            at = end
        return slip("".join(kept), dice) if spans else None

    return only


COLORS = {
    "BENEFIT": "HARM", "HARM": "BENEFIT", "HIGHLIGHT": "BENEFIT", "INK": "HARM", "AXIS": "HARM",
    "GRID": "AXIS", "PAPER": "INK",
}  # fmt: skip
_DRUG_STYLES = r'(?<=style\.(?:point|drug_color)\(")[\w-]+(?=")'
_PAINTED = "tamoxifen raloxifene bazedoxifene estradiol lasofoxifene ospemifene".split()


def color(text: str, dice: random.Random) -> list[Edit] | None:
    """The color of another drug, or of the other side."""
    drugs = list(re.finditer(r'style\.(?:point|drug_color|bar)\("([\w-]+)"', text))
    sides = list(re.finditer(r"style\.(BENEFIT|HARM|HIGHLIGHT|INK|AXIS|GRID|PAPER)\b", text))  # fmt: skip
    if not drugs and not sides:
        return None
    found = dice.choice([*drugs, *sides])
    others = [drug for drug in _PAINTED if drug != found[1]]
    put = COLORS.get(found[1]) or dice.choice(others)
    return [(*found.span(1), put)]


def other_id(text: str, dice: random.Random) -> list[Edit] | None:
    """The id of another row of the same study, or else of the same table."""
    spans = [s for s in zones.strings(text) if text[slice(*s)] in tables.index()]
    spans = [s for s in spans if tables.index()[text[slice(*s)]][0] not in ("studies", "drugs")]  # fmt: skip
    if not spans:
        return None
    span = dice.choice(spans)
    table, row = tables.index()[text[slice(*span)]]
    known = [each for each in tables.rows(table) if each["id"] != row["id"]]
    near = [each for each in known if row.get("study") and each.get("study") == row["study"]]  # fmt: skip
    return [(*span, dice.choice(near or known)["id"])]


_LAYOUT = re.compile(r"figsize|width|height|size|pad|ncols|alpha|linspace|digits|round|dodge|offset|xlim|ylim|zorder|xytext|rotation")  # fmt: skip


def number_in_code(text: str, dice: random.Random) -> list[Edit] | None:
    """A digit of a number in code, on a line that does more than lay out the figure."""
    spans, place = [], 0
    for line in text.split("\n"):
        if not _LAYOUT.search(line):
            spans.append((place, place + len(line)))
        place += len(line) + 1
    shown = zones.hide(zones.bare(text), spans)
    return words.digit(r"(?<![\w.\]\0])\d+(?:\.\d+)?(?![\w.:]|\0)")(shown, dice)


def plus_and_minus(text: str, dice: random.Random) -> list[Edit] | None:
    """Plus for minus, or minus for plus."""
    found = words.pick(r"(?<= )[+-](?= [\w(])|(?<=[(\[] )-(?=\w)|(?<=[(\[])-(?=[a-z])", zones.bare(text), dice)  # fmt: skip
    return found and [(*found.span(), "+" if found[0] == "-" else "-")]


def query(text: str, dice: random.Random) -> list[Edit] | None:
    """What a query asks for: another word of the column, or the other comparison."""
    found = list(re.finditer(r'(\w+) (==|!=|in|>|<|>=|<=) (?:\[)?\'([^\'"]+)\'', text))
    for each in dice.sample(found, len(found)):
        known = {
            row[each[1]]
            for name in tables.tables()
            for row in tables.rows(name)
            if each[1] in row and row[each[1]]
        }
        if each[2] in ("==", "!=") and dice.random() < 0.3:
            return [(*each.span(2), "!=" if each[2] == "==" else "==")]
        if others := sorted(known - {each[3]}):
            return [(*each.span(3), dice.choice(others))]
    return None


def two_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """Two strings that stand beside each other in a list, or the labels of two lines of a dictionary, exchanged."""
    pairs = [(found.span(1), found.span(2)) for found in re.finditer(r'(?<=[\[, (])("[^"\n]+"),\s+("[^"\n]+")(?=[\],)])', text)]  # fmt: skip
    pairs += [(found.span(1), found.span(2)) for found in re.finditer(r'": ("[^"\n]+"),\n\s+"[^"\n]+": ("[^"\n]+")', text)]  # fmt: skip
    pairs = [(a, b) for a, b in pairs if text[slice(*a)] != text[slice(*b)]]
    return words.exchanged(*dice.choice(pairs), text) if pairs else None


_LABEL = words.first(words.swap(words.SENSE), words.number_word, words.digit(r"\d+"))


def labels(text: str, dice: random.Random) -> list[Edit] | None:
    """A word or a digit of a string that people read: one with a blank in it, and no query."""
    spans = [
        span
        for span in zones.strings(text)
        if " " in text[slice(*span)]
        and not re.search(r"==|!=| in \[|@", text[slice(*span)])
    ]
    return _LABEL(zones.hide(text, spans), dice)


def part(pattern: str, slip: Slip, inside: bool = True) -> Slip:
    """The slip within (or outside of) the parts of a script that fit a pattern."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        spans = [found.span() for found in re.finditer(pattern, text)]
        shown = list(text)
        for start, end in _outside(spans, len(text)) if inside else spans:
            shown[start:end] = re.sub(r"[^\n]", " ", text[start:end])
        return slip("".join(shown), dice) if spans or not inside else None

    return only


def _outside(spans: list[zones.Span], length: int) -> list[zones.Span]:
    edges = [0, *(edge for span in spans for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


PRESETS = r"    presets=\{[\s\S]*?\n    \},"
SENTENCES = r"    sentences=\{[\s\S]*?\n    \},|def _sentences\([\s\S]*?\n\n\n"
NUMBERS = r"    numbers=\[[\s\S]*?\n    \],|def _numbers\([\s\S]*?\n\n\n"
CHART = r"def chart\([\s\S]*?\n\n\n"
_NAMES = {
    "RALOXIFENE": "TAMOXIFEN", "TAMOXIFEN": "RALOXIFENE", "ALPHA_PRE": "ALPHA_POST", "ALPHA_POST": "ALPHA_PRE",
    "START": "EMPTY", '"clot"': '"stroke"', '"raloxifene"': '"estrogen"', '"ruth"': '"more"',
}  # fmt: skip


def preset(text: str, dice: random.Random) -> list[Edit] | None:
    """A setting of a preset: its number, or the constant or row that it takes."""
    names = list(re.finditer("|".join(_NAMES), text))
    digits = list(re.finditer(r"(?<![\w.*])\d+(?:\.\d+)?(?![\w.)])", text))
    if not names and not digits:
        return None
    found = dice.choice([*names, *digits])
    put = _NAMES.get(found[0]) or words.one_digit(found[0], dice)
    return [(*found.span(), put)]


_direction, _drug = words.swap(words.DIRECTIONS), words.swap(words.DRUGS)

ON_PAGES: dict[str, tuple[Slip, tuple[str, ...]]] = {
    "alt: a digit": (within("alt", words.digit()), TIERS),
    "alt: direction word": (within("alt", _direction), TIERS),
    "alt: drug": (within("alt", _drug), TIERS),
    "alt: number word": (within("alt", words.number_word), TIERS),
    "alt: of two figures exchanged": (alts_exchanged, TIERS),
    "caption: a digit": (within("caption", words.digit(), True), TIERS),
    "caption: data": (role(r"\{data\}`(\w+)`", another_table, "caption"), TIERS),
    "caption: direction word": (within("caption", _direction, True), TIERS),
    "caption: drug": (within("caption", _drug, True), TIERS),
    "caption: number word": (within("caption", words.number_word, True), TIERS),
    "caption: source": (role(CITE, another_key, "caption"), TIERS),
    "cell: color of another drug or side": (code(color), TIERS),
    "cell: id of another row": (code(other_id), TIERS),
    "cell: label of an axis or mark": (code(labels), TIERS),
    "cell: number": (code(number_in_code), TIERS),
    "cell: plus and minus": (code(plus_and_minus), TIERS),
    "cell: query": (code(query), TIERS),
    "cell: two labels or arms exchanged": (code(two_exchanged), TIERS),
    "citation: another key": (role(CITE, another_key), TIERS),
    "citation: unknown key": (role(CITE, misspelt_key), TIERS),
    "claims line: another claim": (another_claim, TIERS),
    "drawing: a number": (in_drawing("label", words.first(words.digit(r"\d+"), words.number_word)), DRAWINGS),
    "drawing: description": (in_drawing("description", words.first(words.swap(words.SENSE), words.number_word)), DRAWINGS),
    "drawing: direction word": (in_drawing("label", _direction), DRAWINGS),
    "drawing: two labels exchanged": (labels_exchanged, DRAWINGS),
    "fact: a digit of the number": (role(FACT, words_of_role(words.digit())), TIERS),
    "fact: direction word beside it": (near_fact(True, _direction), TIERS),
    "fact: direction word inside": (role(FACT, words_of_role(_direction)), TIERS),
    "fact: id of another row of the study": (role(FACT, partial(other_row, False)), TIERS),
    "fact: id of another row that agrees": (role(FACT, partial(other_row, True)), TIERS),
    "fact: role taken off": (role(FACT, lambda found, _: found[1]), TIERS),
    "fact: {given} for a trial's number, digit changed": (role(FACT, given_for_fact), TIERS),
    "formula: a digit": (within("formula", words.digit(r"(?<![\d.])\d+(?:\.\d+)?")), TIERS),
    "front page: number": (within("prose", words.first(words.digit(), words.number_word), True), ("book/index.md",)),
    "given: a digit": (role(r"\{given\}`([^`]+)`", words_of_role(words.digit(r"\d+(?:[.,]\d+)?"))), TIERS),
    "glossary: a digit": (within("glossary", words.digit(), True), ("book/reference/glossary.md",)),
    "glossary: direction word": (within("glossary", _direction), ("book/reference/glossary.md",)),
    "how sure: another level": (another_level, TIERS),
    "link: another page": (another_page, TIERS),
    "link: broken": (broken_link, TIERS),
    "markdown table: a digit": (within("table", words.digit(), True), TIERS),
    "minutes": (minutes, SIDES),
    "models page: a digit": (within("prose", words.digit(), True), ("book/reference/models.md",)),
    "objective: word": (in_side("objective", words.first(words.swap(words.SENSE), words.number_word)), SIDES),
    "prose: denominator": (within("prose", words.denominator, True), TIERS),
    "prose: direction word, no number near": (near_fact(False, _direction), TIERS),
    "prose: dose": (within("prose", words.digit(words.DOSE)), TIERS),
    "prose: drug raloxifene <-> tamoxifen": (within("prose", _drug), TIERS),
    "prose: negation dropped": (within("prose", words.negation), TIERS),
    "prose: number word": (within("prose", words.number_word), TIERS),
    "prose: span in years or months": (within("prose", words.number(words.SPAN)), TIERS),
    "prose: year": (within("prose", words.digit(words.YEAR)), TIERS),
    "quiz: digit in question or answer": (in_side("quiz", words.digit(r"\d+(?:[.,]\d+)?")), SIDES),
    "quiz: direction word": (in_side("quiz", _direction), SIDES),
    "quiz: drug": (in_side("quiz", _drug), SIDES),
    "quiz: negation dropped": (in_side("quiz", words.negation), SIDES),
    "quiz: number word": (in_side("quiz", words.number_word), SIDES),
    "quiz: right moved": (right_moved, SIDES),
    "term: another entry": (role(r"\{term\}`([^`]+)`", another_term), TIERS),
    "threads.yml: another name": (name_of_thread, ("book/threads.yml",)),
}  # fmt: skip

IN_SLIDERS: dict[str, tuple[Slip, tuple[str, ...]]] = {
    # labels and sentences stand in model.py, from where the browser has them
    "javascript: label of an answer": (part(NUMBERS, labels), MODELS),
    "javascript: number": (number_in_code, SCRIPTS),
    "javascript: sentence under the chart": (part(SENTENCES, labels), MODELS),
    "python: color of another side": (color, MODELS),
    "python: id of another row": (other_id, MODELS),
    "python: label, title, help, option": (part(f"{NUMBERS}|{SENTENCES}", labels, False), MODELS),
    "python: number": (part(f"{CHART}|{PRESETS}", number_in_code, False), MODELS),
    "python: preset": (part(PRESETS, preset), MODELS),
}  # fmt: skip

#: {name of the table in which they are told: {name of the kind: Kind}}
GROUPS: dict[str, dict[str, Kind]] = {
    group: {name: Kind(name, *made) for name, made in kinds.items()}
    for group, kinds in {
        "Tables and bibliography": IN_TABLES,
        "Pages, side files, drawings, cells": ON_PAGES,
        "Figures with sliders": IN_SLIDERS,
    }.items()
}
KINDS: dict[str, Kind] = {name: kind for kinds in GROUPS.values() for name, kind in kinds.items()}  # fmt: skip


def plan(seed: int, count: int, root: Path, only: str | None = None) -> list[Change]:
    """This many different changes, the kinds in turn; fewer where there are no more. The same for the same seed."""
    dice = {name: random.Random(f"{seed} {name}") for name in KINDS if only in (None, name)}
    made: list[Change] = []
    seen: set[tuple[str, str]] = set()
    while dice and len(made) < count:
        for name in list(dice)[: count - len(made)]:
            for _ in range(20):
                change = KINDS[name].make(dice[name], root)
                if change and (change.file, change.text) not in seen:
                    made.append(change)
                    seen.add((change.file, change.text))
                    break
            else:
                del dice[name]
    return made
