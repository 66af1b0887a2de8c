"""Slips on pages, in side files and in drawings: words and digits of a zone, roles, citations, links, questions."""

import random
import re
from collections.abc import Callable
from functools import lru_cache

from bonebook import tables
from press import facts, pages, written

from . import words, zones
from .words import Edit, Slip


def within(zone: str, slip: Slip, roles: bool = False) -> Slip:
    """The slip in one zone of a page; roles: also in the words of its roles."""
    kept = None if roles else ()
    return lambda text, dice: slip(
        zones.hide(text, zones.zones(text)[zone], kept), dice
    )


def in_side(zone: str, slip: Slip) -> Slip:
    """The slip in one zone of a side file."""
    return lambda text, dice: slip(zones.hide(text, zones.side(text)[zone]), dice)


def in_drawing(zone: str, slip: Slip) -> Slip:
    """The slip in one zone of a drawing."""
    return lambda text, dice: slip(zones.hide(text, zones.drawing(text)[zone]), dice)


def near_fact(near: bool, slip: Slip) -> Slip:
    """The slip in the prose outside of its numbers, in lines with a {fact}, or in those without any number."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        lines, place = [], 0
        for line in text.split("\n"):
            if near == ("{fact}" in line) and (near or not re.search(r"\d", line)):
                lines.append((place, place + len(line)))
            place += len(line) + 1
        shown = zones.hide(text, zones.zones(text)["prose"], ["compare"])
        return slip(zones.hide(shown, lines), dice)

    return only


Role = re.Match[str]
FACT = r"\{fact\}`([^`<]*?)\s*<([^<>`]+)>`"


def first_made(
    found: list[re.Match[str]],
    put: Callable[[re.Match[str], random.Random], str | None],
    dice: random.Random,
) -> list[Edit] | None:
    """The first of the matches, in an order drawn by the dice, of which `put` makes something else."""
    for each in dice.sample(found, min(len(found), 40)):
        made = put(each, dice)
        if made is not None and made != each[0]:
            return [(*each.span(), made)]
    return None


def role(pattern: str, put: Callable[[Role, random.Random], str | None], zone: str = "prose") -> Slip:  # fmt: skip
    """A role of a zone becomes what `put` makes of it."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = [
            each
            for start, end in zones.zones(text)[zone]
            for each in re.finditer(pattern, text[:end])
            if each.start() >= start
        ]
        return first_made(found, put, dice)

    return slip


def words_of_role(slip: Slip) -> Callable[[Role, random.Random], str | None]:
    """A slip in the words of a role, its name and target left alone."""
    change = words.words_of(slip)

    def put(found: Role, dice: random.Random) -> str | None:
        new = change(found[1], dice)
        return new and found[0].replace(found[1], new, 1)

    return put


@lru_cache(maxsize=8192)
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
    if own not in tables.index():
        return None
    table, row = tables.index()[own]
    known = facts.ids() if agrees else [each["id"] for each in tables.rows(table) if each.get("study") == row.get("study", "-")]  # fmt: skip
    for id in dice.sample(known, min(len(known), 300)):
        if id != own and _agrees(said, id + end) == agrees:
            return found[0].replace(f"<{target}>", f"<{id}{end}>")
    return None


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
    others = [key for key in keys() if key not in known]
    known[dice.randrange(len(known))] = dice.choice(others)
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
    others = [name for name in tables.tables() if name != found[1]]
    return f"{{data}}`{dice.choice(others)}`"


def another_claim(text: str, dice: random.Random) -> list[Edit] | None:
    """Another claim where a page says what it answers."""
    spans = zones.zones(text)["claims"]
    found = words.pick(r"(?<= )[a-z]+-[a-z0-9]+", zones.hide(text, spans), dice)
    known = [row["id"] for row in tables.rows("claims")]
    return found and [
        (*found.span(), dice.choice([id for id in known if id != found[0]]))
    ]


def alts_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """The descriptions of two figures of a page exchanged."""
    spans = zones.zones(text)["alt"]
    return words.exchanged(*dice.sample(spans, 2), text) if len(spans) > 1 else None


def another_level(text: str, dice: random.Random) -> list[Edit] | None:
    """Another level of certainty."""
    found = re.search(
        r"(?:(?<=\{how-sure\} )|(?<=\*\*: ))(?:very low|low|moderate|high)(?=$|\. )",
        text,
        re.M,
    )
    levels = ["very low", "low", "moderate", "high"]
    return found and [
        (*found.span(), dice.choice([w for w in levels if w != found[0]]))
    ]


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
    threads = [
        "bone",
        "receptors",
        "density",
        "fractures",
        "tissues",
        "taking",
        "choices",
        "deprivation",
        "nutrition",
        "loading",
        "newer",
    ]
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
            found.append(
                [(*at, ""), *[(place + end, place + end, right[0]) for end in ends]]
            )
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
    text = (pages.ROOT / "book/reference/glossary.md").read_text(encoding="utf-8")
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
