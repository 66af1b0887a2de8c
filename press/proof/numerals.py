"""Numbers in words, and half, twice, a third, are tied to a row or said to be given.

A number in words is looked at where it counts for something: ten and more, parts and multiples, and the small ones before
people, percent or "in ten"; spans of time and ages are for press.proof.spans. It holds where a {fact} or a {given} has it,
where a fact of its sentence says the same (`More than a third, 37 %`; `twice the 7 per 1,000`), and where the tables say it
of a study that its paragraph cites (`seventy-five trials`).
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from bonebook import tables
from press import facts, pages, spelled, written, yamls
from press.spelled import Spelled

from .slip import Rule, Slip
from .text import Block, blocks

_WHO = r"(?:[a-z-]+ )?(?:women|men|people|patients|volunteers|adults|participants)"
_THINGS = (
    r"(?:[a-z-]+ ){0,2}(?:trials|studies|deaths|fractures|clots|events|looks|events)"
)
#: What follows a number below ten that counts for something.
_COUNTED = re.compile(rf" (?:{_WHO}|percent|more\b(?! than)|fewer\b|out of)\b")
_SPAN = re.compile(
    r"[ -](?:(?:to|or|and) [a-z-]+[ -])?(?:years?|months?|weeks?|days?|hours?|minutes?|nights?|decades?|times|mg|milligrams?"
    r"|micrograms?|grams?|kilograms?|ounces?|pounds?|cups?|degrees?|decimals)\b"
)
_PERSON = r"(?:women|woman|men|people|person|patients|adults|those|girls)"
_AGED = re.compile(
    rf"(?:\b{_PERSON} (?:were )?(?:of|over|under|past|after|between|in)(?: about| up to| around| healthy)*"
    r"|\b(?:aged?|ages?|age of|past|younger than|older than|of up to|from the age of|women past)(?: about)?"
    r"|\b(?:past|over|under|after|between|of|at|in|from|exercise after|ages) (?:the )?(?:[a-z]+ )?[a-z-]+ (?:and|to|or)"
    r"|\bis|\bat|\bafter|\bages)$",
    re.I,
)
_OLD = re.compile(
    r"(?:,? and (?:over|older)|,? or (?:over|older)|-five on| on\b| years? old|-year-old)"
)
#: A number in words that counts nothing: part of a name, an order, a place, how often.
_NAMES = re.compile(
    r"\b(?:(?:the|each|every|upper|lower|first|second|other|top|which|what|either|both|left|right|bone|another) (?:half|halves|third|fifth|quarter)(?! of\b)"
    r"|half (?:of )?the class"
    r"|half (?:of (?:the|a) (?:pill|page|table|figure|truth)|a page|a cup|an hour|a number|square)|half the pill"
    r"|(?:upper|lower) half of the|third (?:row|one|kind|arm|equation|question|reading|number|step|and|comes?|replaces)"
    r"|two halves|both halves|(?:lower|upper|other|last|first|best) (?:two|three)|never doubled|a quarter of a milligram|twice (?:that|the) time|few in a hundred)\b"
    r"|(?:^|[(:;] ?)Third,|\bby the (?:third|quarter|half)\b",
    re.I,
)
_DOUBLE = re.compile(r"double[ -](?:blind|counted)", re.I)
#: "twice" and "three times" say how much only before these; else how often.
#: Half a point, a tenth of a percent: a number and no share.
_POINT = re.compile(r" (?:of )?a (?:percentage )?(?:point|percent|T-score)\b")
_AS = re.compile(
    r" (?:\d+|as|the|that|those|its|what|their|more|higher|larger|smaller|lower|WHI)\b"
)
#: Columns whose words may say a number, and columns that count people.
_WORDED = (
    "design",
    "population",
    "name",
    "exercise",
    "comparator",
    "outcome",
    "evidence",
    "note",
    "statement",
    "quantity",
)
_ABOUT = re.compile(
    r"\b(?:about|some|around|roughly|near) $|\babout [a-z-]+ to $", re.I
)
#: Words behind a count of pooled trials.
_OF_TRIALS = re.compile(r" (?:[a-z-]+ ){0,3}(?:trials|studies)\b")
_COUNTS = ("n", "n_total", "events", "person_years")
_DIGITS = re.compile(r"(?<![\w.-])(?P<number>\d[\d,]*)(?![\w.,]*\d)(?P<percent> ?%)?")


@lru_cache(maxsize=4096)
def fact(target: str) -> facts.Fact:
    """The fact that a target names, looked up once."""
    return facts.fact(target)


def number_words(names: Sequence[str]) -> Iterator[Slip]:
    """Numbers in words that no row, no fact beside them and no {given} holds."""
    for page in names:
        found, wrong = blocks(page), wrong_options(page)
        reviews = {study for block in found for study in _named(block)}
        questions = [block for block in found if block.file.endswith(".yml")]
        for block in found:
            if block.kind in ("alt", "term") or (block.label, block.text) in wrong:
                continue
            if block.file.endswith(".yml"):
                asked = [each for each in questions if each.label == block.label]
                yield from _in_block(
                    block, set(), reviews, asked if block.label else [block]
                )
            elif named := _named(block):
                yield from _in_block(block, set(_studies(named)), set(named), [])


def _in_block(
    block: Block, studies: set[str], reviews: set[str], asked: list[Block]
) -> Iterator[Slip]:
    """asked: the texts of the question that a block of a side file belongs to; their facts and {given}s hold for all.

    studies: whose rows may say a number; reviews: whose rows may say how many trials they pooled.
    """
    told = asked or [block]
    held = [
        fact(name)
        for each in told
        for placed in each.named("fact", "compare")
        for name in placed.role.target.split()
    ]
    marked = [
        (said.kind, said.value)
        for each in asked
        for placed in each.named("fact", "given", "compare")
        for said in spelled.find(placed.role.words)
    ]
    for sentence in block.sentences():
        counted = list(counting(sentence))
        spoken = " ".join([sentence.text, *(each.text for each in asked)])
        per = 10 if re.search(r"1,000|thousand", spoken) else 1
        for said in counted:
            if _OF_TRIALS.match(sentence.text, said.end):
                holds = said.value in _trials(reviews)
            else:
                holds = (
                    _shared_out(said, counted)
                    or beside(said, sentence, held, per)
                    or _in_tables(said, sentence, studies)
                )
            if not holds and (said.kind, said.value) not in marked:
                yield _slip(said, sentence, studies)


def _shared_out(said: Spelled, counted: list[Spelled]) -> bool:
    """Whether the parts that a sentence names make a whole: half took the one, half the other."""
    parts = [each.value for each in counted if each.kind == "part"]
    return said.kind == "part" and len(parts) > 1 and sum(parts) == 1


def _slip(said: Spelled, sentence: Block, studies: Iterable[str]) -> Slip:
    near = ", ".join(sorted(studies)[:4]) or "the fact beside it"
    return Slip(
        sentence.file,
        sentence.line,
        "numbers in words",
        _around(said, sentence.text),
        f"no row of {near} says {said.words!r}; write {{fact}}`{said.words} <id of its row>`, or {{given}}`{said.words}` "
        "if it belongs to no study.",
    )


def _around(said: Spelled, text: str) -> str:
    words = re.match(r"(?:\W+\w+){0,3}", text[said.end :])
    return said.words + (words[0] if words else "").rstrip(" \ufffc,.;:(")


def counting(sentence: Block) -> Iterator[Spelled]:
    """The numbers in words of a sentence that count for something and stand in no role."""
    text = sentence.text
    if not spelled.find(text):
        return
    roles = [p for p in sentence.roles if not p.role.name.startswith("cite")]
    names = [found.span() for found in _NAMES.finditer(text)]
    for said in spelled.find(text):
        after, before = text[said.end :], text[: said.start].rstrip()
        if any(p.start < said.end and said.start < p.end for p in roles):
            continue
        if any(start < said.end and said.start < end for start, end in names):
            continue
        if _DOUBLE.match(text[said.start :]):
            continue
        if said.kind == "times" and not (_AS.match(after) or _is_change(said)):
            continue
        if said.kind == "count":
            if said.value < 10 and (said.value == 1 or not _COUNTED.match(after)):
                continue
            if _SPAN.match(after) or _is_age(said, before, after):
                continue
            if re.match(r"[.,;]|$", after) and re.search(r"\byears?\b.*\bin$", before):
                continue  # "in five years and in ten"
            if said.value == 2 and said.start == 0:
                continue  # "Two women meet": the sentence makes them up
        elif _SPAN.match(after):
            continue
        if said.kind == "part" and _POINT.match(after):
            said = replace(said, kind="count")
        yield said


def _is_change(said: Spelled) -> bool:
    return said.words.lower().startswith(("doubl", "tripl")) or "fold" in said.words


def _is_age(said: Spelled, before: str, after: str) -> bool:
    if not 13 <= said.value < 100:
        return False
    if _OLD.match(after):
        return True
    counted = re.match(rf" (?:{_WHO}|{_THINGS})\b", after)
    return not counted and bool(_AGED.search(before))


# What a fact of the sentence says.


def beside(
    said: Spelled, sentence: Block, around: Sequence[facts.Fact], per: int
) -> bool:
    """Whether the facts of the sentence say the number, one of them or two put together.

    A sentence without a fact of its own speaks of those of its paragraph or question (around). per: 10 where percentages
    are told as people out of 1,000.
    """
    before, after = sentence.text[: said.start], sentence.text[said.end :]
    side = _side(before)
    held = [fact(p.role.target) for p in sentence.named("fact")]
    if way := re.match(r" (?:(more)|fewer|less)\b", after):
        # "seventy more": a fact that tells the other direction does not say it
        wrong = -1 if way[1] else 1
        held = [each for each in held if written.tells(each) != wrong]
        around = [each for each in around if written.tells(each) != wrong]
    told = [*_numbers(said, held or around, per), *_pairs(said.kind, around, per)]
    if said.kind == "part" and re.match(r"[^.;:]{0,20}\b(?:no|not|without)\b", after):
        told += [1 - number for number in told]  # "nine in ten had none"
    if low := re.search(r"([\w-]+) to $", before):
        lowest = spelled.begins(low[1])
        if lowest and any(lowest.value <= number <= said.value for number in told):
            return True
    if said.kind == "count" and not side and not _ABOUT.search(before):
        return any(round(number) == said.value for number in told)
    return any(spelled.is_about(number, said, side) for number in told)


def _side(before: str) -> int:
    """On which side of the words the number lies: 1 after "more than", -1 after "nearly", else 0."""
    words = before.lower().rstrip()
    if words.endswith(("more than", "over", "above", "at least")):
        return 1
    if words.endswith(("fewer than", "less than", "below", "nearly", "almost")):
        return -1
    return 0


def _numbers(said: Spelled, held: Sequence[facts.Fact], per: int) -> Iterator[Fraction]:
    """What the facts say in the way in which the words count."""
    for each in _ends(held):
        if each.value:
            yield from _alone(said.kind, each, abs(Fraction(each.value)), per)
    if said.kind == "count":
        for each in held:
            yield from map(Fraction, each.limits or ())
            for column in _COUNTS:
                if (told := each.row.get(column) or "").isdigit():
                    yield Fraction(told)
    yield from _pairs(said.kind, held, per)


def _ends(held: Iterable[facts.Fact]) -> Iterator[facts.Fact]:
    """The facts, and of the lower end of a range its upper end, and the other way."""
    for each in held:
        yield each
        for end, other in (("-low", "-high"), ("-high", "-low")):
            if each.id.endswith(end):
                with contextlib.suppress(facts.UnknownFact):
                    yield fact(each.id.removesuffix(end) + other)


def _pairs(kind: str, held: Sequence[facts.Fact], per: int) -> Iterator[Fraction]:
    values = [(each, abs(Fraction(each.value))) for each in held if each.value]
    for place, (one, first) in enumerate(values):
        for other, second in values[place + 1 :]:
            yield from _together(kind, one, first, other, second, per)


def _alone(
    kind: str, each: facts.Fact, value: Fraction, per: int
) -> Iterator[Fraction]:
    if kind == "count":
        shares = each.unit in ("%", "percentage points", "per 100 person-years")
        yield value * per if shares else value
    elif each.unit == "ratio":
        yield value
        if kind == "part":
            yield abs(1 - value)
    elif kind == "part" and each.unit in ("%", "% of estradiol"):
        yield value / 100
    elif kind == "part" and each.unit.startswith("per 1,000"):
        yield value / 1000
    elif each.unit == "fold":
        yield value


def _together(
    kind: str,
    one: facts.Fact,
    first: Fraction,
    other: facts.Fact,
    second: Fraction,
    per: int,
) -> Iterator[Fraction]:
    """What two facts make: a difference, a ratio, a risk times a ratio."""
    if kind != "count":
        for column in ("n", "dose_mg"):
            sizes = [each.row.get(column) or "" for each in (one, other)]
            if all(size.isdigit() and int(size) for size in sizes):
                low, high = sorted(map(Fraction, sizes))
                yield high / low if kind == "times" else low / high
    if (one.unit, one.column) == (other.unit, other.column):
        low, high = sorted((first, second))
        if kind == "count":
            yield (high - low) * (per if one.unit == "%" else 1)
        else:
            yield high / low if kind == "times" else low / high
            if kind == "part":
                yield (high - low) / high
    elif kind == "count" and "ratio" in (one.unit, other.unit):
        ratio, level = (first, second) if one.unit == "ratio" else (second, first)
        yield level * ratio
        yield level * abs(ratio - 1)


# What the tables say of the studies that a block names.


def _named(block: Block) -> list[str]:
    """The studies that a block cites or takes its numbers from."""
    found = []
    for placed in block.named("cite", "fact", "compare"):
        target = placed.role.target
        if placed.role.name.startswith("cite"):
            found += [key.strip() for key in target.split(",")]
        else:
            for name in target.split():
                found += fact(name).studies() or [name]
    return found


def _studies(named: Sequence[str]) -> Iterator[str]:
    """The studies that a block names, and those of the same people."""
    yield from named
    for cohort in {_cohort(study) for study in named} - {""}:
        yield from _of_cohort()[cohort]


def _in_tables(said: Spelled, sentence: Block, studies: Iterable[str]) -> bool:
    """Whether a row of the studies has the count among its people, or says the words in its own."""
    side = _side(sentence.text[: said.start])
    loose = side or _ABOUT.search(sentence.text[: said.start])
    for study in studies:
        counts, words = _told(study)
        people = counts if said.kind == "count" else ()
        same = [number for kind, number in words if kind == said.kind]
        if said.value in same or said.value in people:
            return True
        if loose and any(
            spelled.is_about(number, said, side) for number in (*people, *same)
        ):
            return True
    return False


@lru_cache(maxsize=512)
def _told(study: str) -> tuple[frozenset[Fraction], frozenset[tuple[str, Fraction]]]:
    """The numbers of people and events in the rows of a study, and the numbers that their words hold."""
    counts: set[Fraction] = set()
    words: set[tuple[str, Fraction]] = set()
    for row in _by_study().get(study, []):
        for column in _COUNTS:
            if (told := row.get(column) or "").isdigit():
                counts.add(Fraction(told))
        if (total := row.get("n_total") or "").isdigit():
            counts.add(Fraction(total) / 2)  # an arm of two
        for column in _WORDED:
            cell = row.get(column) or ""
            words |= {(said.kind, said.value) for said in spelled.find(cell)}
            for found in _DIGITS.finditer(cell):
                number = Fraction(found["number"].replace(",", ""))
                if found["percent"]:
                    words |= {("part", number / 100), ("count", number)}
                elif not 1900 < number < 2100:
                    words.add(("count", number))
    return frozenset(counts), frozenset(words)


def _trials(studies: Iterable[str]) -> set[Fraction]:
    """How many trials the reviews among the studies pooled, as their rows have it."""
    return {
        said
        for study in studies
        for row in _by_study().get(study, [])
        for column in ("design", "population", "note", "statement")
        for said in _counts_of_trials(row.get(column) or "")
    }


def _counts_of_trials(text: str) -> Iterator[Fraction]:
    for found in re.finditer(rf"(\d+){_OF_TRIALS.pattern}", text):
        yield Fraction(found[1])
    for said in spelled.find(text):
        if said.kind == "count" and _OF_TRIALS.match(text, said.end):
            yield said.value


def wrong_options(page: str) -> set[tuple[str, str]]:
    """The wrong options of a page's questions: what they say is no claim of the book."""
    found: set[tuple[str, str]] = set()
    for name, field in zip(pages.beside(page), ("questions", "bank"), strict=True):
        side = pages.ROOT / name
        if page.startswith("teach/") or not side.exists():
            continue
        told = yamls.read(side.read_text(encoding="utf-8")) or {}
        found |= {
            (question["id"], option["text"])
            for question in told.get(field, [])
            for option in question.get("options", [])
            if not option.get("right")
        }
    return found


@lru_cache(maxsize=1024)
def _cohort(study: str) -> str:
    rows = _by_study().get(study, [])
    return next((row["cohort"] for row in rows if row.get("cohort")), "")


@lru_cache(maxsize=1)
def _of_cohort() -> dict[str, list[str]]:
    """{cohort: its studies}."""
    found: dict[str, list[str]] = {}
    for study in _by_study():
        found.setdefault(_cohort(study), []).append(study)
    return found


@lru_cache(maxsize=1)
def _by_study() -> dict[str, list[dict[str, str]]]:
    """The rows of each study, of all tables."""
    found: dict[str, list[dict[str, str]]] = {}
    for name in tables.tables():
        for row in tables.rows(name):
            own = [row["id"]] if name == "studies" else [row.get("study") or ""]
            for study in [*own, *(row.get("further_studies") or "").split()]:
                found.setdefault(study, []).append(row)
    return found


RULES: dict[str, Rule] = {"numbers in words": number_words}
