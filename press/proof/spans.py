"""Doses, years, ages, spans of time and denominators are those of the tables.

doses         a dose beside a number is one of its rows; elsewhere one that the tables know of the drug named nearest
years         a year lies between 1890 and today, and is one that the tables know of what its sentence is about
spans         a span beside a number is that of its row or of a report of the same study, as people round
denominators  women are counted out of the same number in a whole section, and out of 1,000 in Fundamentals
minutes       the minutes of a side file are those of a calm reader
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from bonebook import tables
from press import myst, pages, said, yamls

from . import cited, drugs
from .slip import Rule, Slip
from .text import Block, blocks

_UNIT = r"(?:mg|µg|μg|ug|IU)"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
#: A dose; in "30, 60 or 150 mg" each number.
_DOSE = re.compile(
    rf"(?<![\w.,-])({_NUMBER})(?=(?: mg)?(?:(?:, and |, or |, | and | or | to |–){_NUMBER}(?: {_UNIT})?)*"
    rf" ?({_UNIT})\b(?!/[dm]?L| per d?L))"
)
_TENS = "|".join(word for word, number in said.WORDS.items() if number >= 20)
_ONES = "|".join(word for word, number in said.WORDS.items() if 0 < number < 10)
_COUNT = (
    rf"(?:\d+(?:\.\d+)?|(?:{_TENS})-(?:{_ONES})"
    rf"|(?:{'|'.join(sorted(said.WORDS, key=len, reverse=True))})\b)"
)
_SPAN = re.compile(
    rf"\b({_COUNT})( and a half)?((?:(?:, and |, or |, | and | or | to |–){_COUNT})*)[ -](year|month|week)s?\b(?![ -]olds?\b| of age)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:aged?|ages|people of|women of|men of|adults of|those of)\s*$", re.IGNORECASE
)
_LONGER = re.compile(
    r"\b(?:longer than|more than|little over|just over) $", re.IGNORECASE
)
#: What makes a span the time between two that the rows know.
_BETWEEN = re.compile(
    r"\b(?:off|stop\w*|since|later|further|extension|regain\w*|after (?:the )?treatment)\b"
)
_MONTHS = {"year": 12.0, "month": 1.0, "week": 12 / 52.18}
#: How far a span as written may lie from one of the tables, in months: a year stands for half of one more or less.
#: Weeks lie as near as a twelfth, since three months are told for twelve.
_ROUNDED = {"year": 6.01, "month": 0.51, "week": 0.0}
#: Three years before to two years after are five years.
_AROUND = re.compile(
    rf"({_COUNT}) years? before to ({_COUNT}) years? after", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d,.])(1[5-9]\d\d|2[01]\d\d)(?![\d,]|\.\d| ?%)")
_FIRST_YEAR = 1890
_AUTHOR = re.compile(r"\b([A-Z]\w+) $")
_OUT_OF = re.compile(
    r"\b(?P<n>10|100|1,000|10,000|100,000)(?= (?:(?:such|of these|older|healthy) )?(?:women|woman|people|person|men|marks|squares)\b)"
    r"|(?<=\bout of )(?P<of>10|100|1,000|10,000)\b|(?<=\bper )(?P<per>100|1,000|10,000)\b"
    r"|(?<=\bin )(?P<in>10|100|1,000|10,000)\b(?! (?:mg|µg|IU))"
)
# Looked for first, because most cells hold none.
_HAS_DOSE = re.compile(r"\d ?(?:mg|µg|μg|ug|IU)\b")
_HAS_SPAN = re.compile(r"(?:year|month|week)s?\b", re.IGNORECASE)
#: Words a minute: all pages lie between 117 and 170, with time for figures and questions.
_PACE = (110, 180)


def doses_of(text: str) -> Iterator[tuple[int, str, float, str]]:
    """(where, as written, number, unit) of each dose of a text."""
    for match in _DOSE.finditer(text):
        unit = match[2].replace("µ", "u").replace("μ", "u")
        yield match.start(), match[1], float(match[1].replace(",", "")), unit


@lru_cache(maxsize=1)
def _known_doses() -> dict[str, set[tuple[float, str]]]:
    """{drug: its doses}; "" for those of anything."""
    known: defaultdict[str, set[tuple[float, str]]] = defaultdict(set)
    for name in tables.tables():
        for row in tables.rows(name):
            told = drugs.of_name(row.get("drug") or "")
            if row.get("dose_mg"):
                dose = (float(row["dose_mg"]), "mg")
                for drug in ["", *told]:
                    known[drug].add(dose)
            for column, cell in row.items():
                if column in ("id", "address") or not _HAS_DOSE.search(cell or ""):
                    continue
                places = drugs.marks(cell)
                for at, _, number, unit in doses_of(cell):
                    before = [among for place, among in places if place < at]
                    whose = before[-1] if before else frozenset()
                    if column == "regimen":
                        whose |= told | drugs.of_name(row.get("comparator") or "")
                    for drug in ["", *whose]:
                        known[drug].add((number, unit))
    return known


def doses(of: Sequence[str]) -> Iterator[Slip]:
    """A dose is one of the rows beside it; where these have none, of the drug named nearest, or of anything."""
    for page in of:
        for block in blocks(page):
            last: frozenset[str] = frozenset()
            for sentence in block.sentences():
                places = drugs.marks(sentence.text)
                beside = {
                    (float(dose), "mg")
                    for row in _rows(sentence)
                    if (dose := row.get("dose_mg")) and float(dose)
                }
                for at, words, number, unit in doses_of(sentence.text):
                    if _in_a_role(sentence, at):
                        continue
                    before = [among for place, among in places if place < at]
                    after = [among for place, among in places if place > at]
                    near = before[-1] if before else after[0] if after else last
                    known = set().union(*(_known_doses()[drug] for drug in near))
                    who = (
                        " or ".join(sorted(near)) if known else "any drug of the tables"
                    )
                    known = known or _known_doses()[""]
                    if beside and unit == "mg":
                        known, who = beside, "the numbers of the sentence"
                    if (number, unit) not in known:
                        same = [n for n, u in known if n and u == unit]
                        same = sorted(same, key=lambda n: abs(n - number))[:4]
                        there = ", ".join(f"{n:g} {unit}" for n in sorted(same))
                        why = f"no such dose of {who}; nearest are {there or 'none'}."
                        shown = f"{words} {unit}"
                        yield Slip(sentence.file, sentence.line, "doses", shown, why)
                last = places[-1][1] if places else last


def years(of: Sequence[str]) -> Iterator[Slip]:
    """A year is possible, and one that the tables know of the studies, trials and drugs of its paragraph."""
    today = date.today().year
    for page in of:
        for block in blocks(page):
            for sentence in block.sentences():
                for match in _YEAR.finditer(sentence.text):
                    if _in_a_role(sentence, match.start()):
                        continue
                    year = int(match[1])
                    author = _AUTHOR.search(sentence.text[: match.start()])
                    known = set(_years_of_author(author[1] if author else ""))
                    who = author[1] if author and known else "the paragraph"
                    known = known or _known_years(block)
                    if not _FIRST_YEAR <= year <= today:
                        why = f"a year lies between {_FIRST_YEAR} and {today}."
                    elif known and year not in known:
                        there = ", ".join(map(str, sorted(known)))
                        why = f"of {who} and what it is about the tables know {there}."
                    else:
                        continue
                    yield Slip(sentence.file, sentence.line, "years", match[0], why)


def _known_years(block: Block) -> set[int]:
    """The years that the tables know of what a block cites and names; none where it is about nothing of theirs."""
    found: set[int] = set()
    for study in _studies(block):
        found |= _years_of_study(study)
    for drug in drugs.named(block.text):
        found |= _years_of_drug(drug)
    return found


@lru_cache(maxsize=512)
def _years_of_study(study: str) -> frozenset[int]:
    said = cited.library().words.get(study, "")
    row = tables.row(study)
    said += f" {row.get('year') or ''} {row.get('authors_year') or ''} {study}"
    return frozenset(map(int, re.findall(r"(?<!\d)((?:1[89]|20)\d\d)(?!\d)", said)))


@lru_cache(maxsize=64)
def _years_of_author(name: str) -> frozenset[int]:
    """The years of the reports of an author; none where the tables know nobody of the name."""
    return frozenset(
        int(row["year"])
        for row in tables.rows("studies")
        if name and row["year"] and row["authors_year"].startswith(f"{name} ")
    )


@lru_cache(maxsize=64)
def _years_of_drug(drug: str) -> frozenset[int]:
    found = set()
    for row in tables.rows("approvals"):
        if drug in drugs.of_name(row["drug"]):
            said = " ".join(
                str(cell)
                for key, cell in row.items()
                if key in ("year", "indication", "status", "note")
            )
            found |= set(map(int, re.findall(r"\b((?:1[89]|20)\d\d)\b", said)))
    return frozenset(found)


def spans_of(text: str) -> Iterator[tuple[re.Match[str], list[float], str]]:
    """(match, lengths in months, unit) of each span of time of a text; ages are none."""
    for match in _SPAN.finditer(text):
        if _AGE.search(text[: match.start()]):
            continue
        unit = match[4].lower()
        numbers = [match[1], *re.findall(_COUNT, match[3], re.IGNORECASE)]
        half = 0.5 if match[2] else 0.0
        lengths = [(_number(word) + half) * _MONTHS[unit] for word in numbers]
        yield match, lengths, unit


def _number(word: str) -> float:
    tens, _, ones = word.lower().partition("-")
    if tens in said.WORDS:
        return float(said.WORDS[tens] + said.WORDS.get(ones, 0))
    return float(word)


def _lengths(row: Mapping[str, str]) -> set[float]:
    """The spans that a row tells, in months."""
    found = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", row.get("months") or "")}
    if row.get("years"):
        found.add(12 * float(row["years"]))
    for column, cell in row.items():
        if column not in ("id", "address") and _HAS_SPAN.search(cell or ""):
            found |= {length for _, many, _ in spans_of(cell) for length in many}
            for before, after in _AROUND.findall(cell):
                found.add(12 * (_number(before) + _number(after)))
    return found


@lru_cache(maxsize=2048)
def _of_fact(target: str) -> frozenset[float]:
    fact = cited.fact(target)
    if not fact:
        return frozenset()
    found = _lengths(fact.row)
    return frozenset(found.union(*(_of_fact(each.id) for each in fact.inputs())))


@lru_cache(maxsize=1)
def _of_studies() -> dict[str, set[float]]:
    """{study: the spans that its rows tell, and those over which they were carried}."""
    found: defaultdict[str, set[float]] = defaultdict(set)
    for name in tables.tables():
        for row in tables.rows(name):
            if name == "derived":
                carried = {12 * float(row["years"])} if row.get("years") else set()
                for study in cited.studies(row["id"]) if carried else ():
                    found[study] |= carried
            elif study := row["id"] if name == "studies" else row.get("study"):
                found[study] |= _lengths(row)
    return found


def _known_spans(block: Block) -> set[float]:
    """The spans of the rows behind its facts and, of studies that it cites or names alone, of all their rows."""
    targets = [placed.role.target for placed in block.named("fact")]
    known = {length for target in targets for length in _of_fact(target)}
    quoted = {study for target in targets for study in cited.studies(target)}
    for study in _studies(block) - quoted:
        known |= _of_studies().get(study, set())
    for study in quoted:
        known |= _lengths(_study_rows().get(study, {}))
    if _BETWEEN.search(block.text):
        known |= {abs(a - b) for a in known for b in known if a != b}
    return known


@lru_cache(maxsize=1)
def _study_rows() -> dict[str, Mapping[str, str]]:
    return {row["id"]: row for row in tables.rows("studies")}


def spans(of: Sequence[str]) -> Iterator[Slip]:
    """A span is one of the numbers, the studies and the trials of its sentence; of its paragraph where it has none.

    Of its section where the paragraph has none, if women are counted there or a figure is told.
    """
    for page in of:
        found = [(block, _wide_spans(block)) for block in blocks(page)]
        sections: defaultdict[tuple[str, str], set[float]] = defaultdict(set)
        for block, around in found:
            sections[block.file, block.section] |= around
        for block, around in found:
            for sentence in block.sentences():
                told = block.kind in ("alt", "caption") or any(_out_of(sentence))
                known = _known_spans(sentence) or around
                if told and not known:
                    known = sections[block.file, block.section]
                for match, lengths, unit in spans_of(sentence.text) if known else ():
                    if _in_a_role(sentence, match.start()):
                        continue
                    longer = bool(_LONGER.search(sentence.text[: match.start()]))
                    if not _fits(lengths, unit, known, longer):
                        there = ", ".join(f"{length:.3g}" for length in sorted(known))
                        why = f"what it is about has the months {there}."
                        yield Slip(sentence.file, sentence.line, "spans", match[0], why)


def _wide_spans(block: Block) -> set[float]:
    """`_known_spans`, and those of every row of its studies."""
    known = _known_spans(block)
    return known.union(*(_of_studies().get(study, ()) for study in _studies(block)))


def _fits(
    lengths: list[float], unit: str, known: Iterable[float], longer: bool
) -> bool:
    """Whether each length is a known one, as people round: of "five to six years" one between is enough."""
    room = _ROUNDED[unit] or lengths[0] / 11
    above = 12.0 if longer else room
    if len(lengths) == 2 and any(lengths[0] <= each <= lengths[1] for each in known):
        return True
    return all(
        any(-room <= each - length <= above for each in known) for length in lengths
    )


def denominators(of: Sequence[str]) -> Iterator[Slip]:
    """Women are counted out of the same number in a section; out of 1,000 in Fundamentals and where nothing else is."""
    for page in of:
        found = [(block, list(_out_of(block))) for block in blocks(page)]
        usual: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        for block, told in found:
            usual[_where(block)].update(words for _, words in told)
        for block, told in found:
            here = usual[_where(block)]
            best = here.most_common(1)[0][0] if here else ""
            if "/fundamentals/" in page or len(here) == here.total() == 1:
                best = "1,000"
            for at, words in told:
                if words != best and not _in_a_role(block, at):
                    line = block.line + block.text.count("\n", 0, at)
                    why = f"the rest of the section counts out of {best}."
                    yield Slip(block.file, line, "denominators", words, why)


def _where(block: Block) -> tuple[str, str, str]:
    side = block.file.endswith(".yml")
    return block.file, block.section, block.label if side else ""


def _out_of(block: Block) -> Iterator[tuple[int, str]]:
    for match in _OUT_OF.finditer(block.text):
        yield match.start(), next(group for group in match.groups() if group)


def minutes(of: Sequence[str]) -> Iterator[Slip]:
    """The minutes of a side file fit the words of its page."""
    for page in of:
        side = pages.ROOT / f"{page}.yml"
        if not side.exists():
            continue
        told = side.read_text(encoding="utf-8")
        written = (yamls.read(told) or {}).get("minutes")
        if not written:
            continue
        words = len(myst.read(pages.ROOT / f"{page}.md").prose.split())
        slow, fast = _PACE
        if not words / fast <= written <= words / slow:
            line = told[: told.find("minutes:")].count("\n") + 1
            why = f"{words} words are read in {words / fast:.0f} to {words / slow:.0f} minutes."
            yield Slip(f"{page}.yml", line, "minutes", f"minutes: {written}", why)


def _rows(sentence: Block) -> Iterator[Mapping[str, str]]:
    for placed in sentence.named("fact"):
        if found := cited.fact(placed.role.target):
            yield found.row


def _studies(block: Block) -> set[str]:
    """The studies that a block cites, quotes or names by their trial."""
    there = {s for p in block.named("fact") for s in cited.studies(p.role.target)}
    names = cited.named(block.text)
    there |= {study for name in names for study in _named_so().get(name, ())}
    return there | {key for key in cited.keys(block) if key in cited.trials_of()}


@lru_cache(maxsize=1)
def _named_so() -> dict[str, set[str]]:
    """{name of a trial: the studies that bear it}."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for study, own in cited.trials_of().items():
        for name in own:
            found[name].add(study)
    return found


def _in_a_role(block: Block, at: int) -> bool:
    return any(placed.start <= at < placed.end for placed in block.roles)


RULES: dict[str, Rule] = {
    "doses": doses,
    "years": years,
    "spans": spans,
    "denominators": denominators,
    "minutes": minutes,
}
