"""Questions: the right answer, the words of the options and what the explanations say.

    for question in questions("book/academic/bone"):
        question.ask, question.options[0].text, question.options[0].why    # Blocks of press.proof.text
        question.options[0].because                                        # "" of the right one

A question has its own witnesses: the reason of each wrong option, the facts in its explanations, and its page.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby, islice, pairwise
from typing import Any

from bonebook import tables
from press import bank, bankform, facts, pages, said

from . import cited, text
from .slip import Rule, Slip
from .text import Block


@dataclass(frozen=True)
class Option:
    """One option and its explanation."""

    text: Block
    why: Block
    right: bool
    because: str


@dataclass(frozen=True)
class Question:
    """A question of a side file or of teach/; why explains one without options, whose answer is a number or a word."""

    ask: Block
    options: tuple[Option, ...]
    why: Block | None = None

    @property
    def rights(self) -> list[Option]:
        """The options that are right: one, several, or none where there are no options."""
        return [option for option in self.options if option.right]

    @property
    def right(self) -> Option:
        """The option that is right, the first of several."""
        return self.rights[0]

    @property
    def whys(self) -> list[Block]:
        """Every explanation."""
        return [option.why for option in self.options] + (
            [self.why] if self.why else []
        )

    @property
    def said(self) -> list[Block]:
        """What the book itself says: the question, the right options and every explanation; no wrong option."""
        return [self.ask, *(option.text for option in self.rights), *self.whys]

    @property
    def answers(self) -> list[tuple[list[Block], Block]]:
        """(what asks and answers, what explains it): a pair for each right option, one where there are no options."""
        if self.why:
            return [([self.ask], self.why)]
        return [([self.ask, each.text], each.why) for each in self.rights]


def questions(page: str) -> list[Question]:
    """The questions of the side file beside a page, then those of teach/; none where it has none. Raises pages.PageError."""
    place = pages.place(page, pages.ROOT)
    if not place:
        return []
    side = pages.side(place, pages.ROOT)
    told = {each["id"]: each for each in side["questions"]}
    if bank.path(place, pages.ROOT).exists():
        _, beside = bankform.read(place, side, pages.ROOT)
        told |= {each["id"]: each for each in beside["bank"]}
    kept: dict[str, list[Block]] = {id: [] for id in told}
    for block in _side(page):
        if block.kind in ("ask", "option", "why"):
            kept[block.label].append(block)
    return [_question(told[id], found) for id, found in kept.items()]


def _question(told: dict[str, Any], found: list[Block]) -> Question:
    """A question from its fields and its blocks. Raises pages.PageError where a text has another number of paragraphs than one."""
    asks, texts, whys = (
        [block for block in found if block.kind == kind]
        for kind in ("ask", "option", "why")
    )
    options = told.get("options", [])
    if (len(asks), len(texts), len(whys)) != (1, len(options), len(options) or 1):
        raise pages.PageError(
            f"{asks[0].file if asks else told['id']}, {told['id']}: each of its texts is one paragraph."
        )
    if not options:
        return Question(asks[0], (), whys[0])
    return Question(
        asks[0],
        tuple(
            Option(text, why, bool(each.get("right")), each.get("because", ""))
            for text, why, each in zip(texts, whys, options, strict=True)
        ),
    )


def _side(page: str) -> list[Block]:
    return [
        block for block in text.blocks(page, pages.ROOT) if block.file.endswith(".yml")
    ]


def _slip(block: Block, rule: str, words: str, reason: str) -> Slip:
    of = block.label or block.kind
    return Slip(block.file, block.line, rule, words, f"{of}: {reason}")


# The right answer.


def right_answer(names: Sequence[str]) -> Iterator[Slip]:
    """Each wrong option names its misconception and the right one none; no two options say the same."""
    for page in names:
        try:
            found = questions(page)
        except pages.PageError as error:
            for fault in str(error).splitlines():
                file, _, reason = fault.partition(", ")
                yield Slip(file, _line(file, reason), "right answer", "", reason)
            continue
        for question in found:
            for one, other in combinations(question.options, 2):
                if _same(one.text.text) == _same(other.text.text):
                    reason = "two options say the same."
                    yield _slip(
                        other.text, "right answer", other.text.text.strip(), reason
                    )


def _same(words: str) -> str:
    return re.sub(r"\W+", " ", words).strip().lower()


def _line(file: str, reason: str) -> int:
    """The line of `question 2, option 3` in a side file; 1 where it cannot be told."""
    at = re.match(r"question (\d+)(?:, option (\d+))?", reason)
    path = pages.ROOT / file
    if not path.exists():
        return 1
    rows = path.read_text(encoding="utf-8").split("\n")
    item = re.escape(reason.partition(",")[0])
    named = [n for n, row in enumerate(rows, 1) if re.search(rf"- id: {item}$", row)]
    if not at or named:
        return named[0] if named else 1
    asked = [n for n, row in enumerate(rows, 1) if row.lstrip().startswith("- id:")]
    if len(asked) < int(at[1]):
        return 1
    start = asked[int(at[1]) - 1]
    below = [
        n
        for n, row in enumerate(rows, 1)
        if n > start and re.match(r"- \{?text:", row.lstrip())
    ]
    return below[int(at[2]) - 1] if at[2] and len(below) >= int(at[2]) else start


# Numbers. A question asks what its page has told.

_ONES = said.WORDS
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_PARTS = {
    "half": 1 / 2,
    "halves": 1 / 2,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
_MANY = {"twice": 2, "double": 2, "doubles": 2, "fivefold": 5, "tenfold": 10}
_NUMBER = re.compile(
    rf"(?<![\w.,-])(?:(?P<digits>(?!(?:19|20)\d\d\b)\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|(?!(?:19|20)\d\d\b)\d+(?:\.\d+)?)"
    rf"|(?P<words>(?:{_ONE})(?:[ -](?:(?:(?<=hundred )|(?<=thousand ))and )?(?:{_ONE}|hundred|thousand)\b)*)"
    rf"|(?P<part>(?:{'|'.join(_PARTS)})(?!-))|(?P<many>(?:{'|'.join(_MANY)})(?! (?:in|by)\b|,|-)))(?!\w)"
    r"(?=(?:[ -]+(?:(?:to|and|or) [\w.]+[ -]+)?(?P<unit>[a-z%]+))?)",
    re.I,
)
#: A denominator at the end of a text.
_PER = re.compile(r"\b(?:out of|in|per|every) (?:100|1,000|10,000)$")
_UNITS = {
    "years": "year",
    "months": "month",
    "weeks": "week",
    "days": "day",
    "%": "percent",
    "-fold": "times",
}
_SMALL = """a about all an and are as at be by for from had has have in is it its of on or
than that the their them they this to was were with"""
_PLAIN = frozenset(_SMALL.split())
_WORD, _ENDING = re.compile(r"[a-z%][\w-]*|%"), re.compile(r"(?:es|s|ed|ing)$")
_FACTORS = (1, 10)  # percent, and people out of 1,000
#: What women are counted by is no number that a page has to tell; the rule of denominators reads it.
_MEASURED = ("year", "month", "week", "day", "percent", "times", "mg")


@dataclass(frozen=True)
class Number:
    """A number as written, and the unit that stands behind it if it is one of those that matter."""

    start: int
    end: int
    written: str
    value: float
    unit: str
    near: frozenset[str]  # the words around it, three before and three behind
    small: bool  # one or two, which count nothing without a unit


@lru_cache(maxsize=16384)
def numbers(words: str) -> tuple[Number, ...]:
    """Every number of a text, in digits or in words; kept, because the cards are compared with all pages too."""
    return tuple(_numbers(words))


def _numbers(words: str) -> Iterator[Number]:
    for found in _NUMBER.finditer(words):
        unit = (found["unit"] or "").lower()
        unit = _UNITS.get(unit, unit)
        unit = unit if unit in _MEASURED else ""
        if found["digits"]:
            value = float(found["digits"].replace(",", ""))
        elif found["words"]:
            value = _count(found["words"])
        elif found["part"]:
            value = _PARTS[found["part"].lower()]
        else:
            value = _MANY[found["many"].lower()]
        small = bool(found["words"]) and value < 3 and not unit
        behind = islice(_words(words[found.end() :]), 3)
        near = frozenset([*_last(words[: found.start()]), *behind])
        yield Number(found.start(), found.end(), found[0], value, unit, near, small)


def _words(text_: str) -> Iterator[str]:
    """The words of a text without their endings."""
    for found in _WORD.finditer(text_.lower()):
        if found[0] not in _PLAIN:
            yield _ENDING.sub("", found[0])


def _last(text_: str) -> list[str]:
    """The last three of its words; they are looked for near its end first."""
    near = list(_words(text_[-200:].partition(" ")[2]))
    return (near if len(near) >= 3 else list(_words(text_)))[-3:]


def _count(words: str) -> float:
    total = held = 0
    for word in re.split(r"[ -]", words.lower()):
        if word == "hundred":
            held = (held or 1) * 100
        elif word == "thousand":
            total, held = total + (held or 1) * 1000, 0
        elif word != "and":
            held += _ONES[word]
    return total + held


def numbers_asked(names: Sequence[str]) -> Iterator[Slip]:
    """A number of an objective, a question, its right answer or an explanation is one that the page tells or its facts make."""
    for page in names:
        asked = _questions(page)
        if not asked:
            continue
        told = set(told_on(page))
        aims = [block for block in _side(page) if block.kind == "objective"]
        for block in aims:
            yield from _loose(block, told, set())
        for question in asked:
            own = set(_own(question))
            for block in question.said:
                yield from _loose(block, told, own)


def _loose(
    block: Block, told: set[tuple[float, str]], own: set[float]
) -> Iterator[Slip]:
    """The numbers of a block that nothing holds; a span holds where one of the facts lies in it."""
    found = numbers(block.text)
    span = {
        end
        for low, high in pairwise(found)
        if block.text[low.end : high.start] == " to "
        and any(low.value <= value <= high.value for value in own)
        for end in (low, high)
    }
    for number in found:
        per = _PER.search(" ".join(block.text[: number.end].split()))
        known = number.small or per or number in span or in_role(number, block)
        if not known and not holds(number, told, own):
            yield _number_slip(number, block, own)


def _number_slip(number: Number, block: Block, own: Iterable[float]) -> Slip:
    made = {value * factor for value in own for factor in _FACTORS}
    close = sorted(made, key=lambda value: abs(value - number.value))[:2]
    near = (
        f"; nearest of its facts: {', '.join(f'{value:g}' for value in close)}"
        if close
        else ""
    )
    unit = f" {number.unit}" if number.unit else ""
    reason = (
        f"the page tells no {number.written}{unit}, and the facts of the question do not make it{near}. Write what the page says, "
        f"or {{fact}}`...` with its row in the explanation of the right answer; if the number is made up, {{given}}`{number.written}`."
    )
    around = block.text[max(0, number.start - 30) : number.end + 30]
    return _slip(block, "numbers of a side file", " ".join(around.split()), reason)


def in_role(number: Number, block: Block) -> bool:
    """Whether a role has the number, which is then held by its row or said to be made up."""
    return any(
        placed.start < number.end and number.start < placed.end
        for placed in block.roles
    )


def told_on(page: str) -> Iterator[tuple[float, str]]:
    """(number, unit) of all that stands on the page itself, and (number, word) for each word around it."""
    for block in text.blocks(page, pages.ROOT):
        if block.file.endswith(".md"):
            for number in numbers(block.text):
                for word in {number.unit, *number.near}:
                    yield round(number.value, 3), word


def _own(question: Question) -> Iterator[float]:
    """The numbers that the facts of a question make: each, what it differs by from one, and differences of two."""
    held = []
    for found in _facts(question.said):
        if found.value is not None:
            held.append((found.unit, abs(float(found.value))))
    for unit, value in held:
        yield value
        if unit == "ratio":
            yield abs(1 - value)
        if unit == "%":
            yield value / 100
    for (unit, one), (other, two) in combinations(held, 2):
        if unit == other:
            yield abs(one - two)


def holds(number: Number, told: set[tuple[float, str]], own: set[float]) -> bool:
    """Whether a number is told with its unit, or among the same words, or is one that the facts make."""
    # without a unit that counts, one of the words around it is the same
    words = [number.unit] if number.unit else number.near
    if any((round(number.value, 3), word) in told for word in words):
        return True
    places = len(number.written.partition(".")[2]) if "." in number.written else 0
    if number.value < 1:
        return any(abs(value - number.value) < 0.02 for value in own)
    return any(
        abs(value * factor - number.value) <= 0.5 * 10.0**-places + 1e-9
        for value in own
        for factor in _FACTORS
    )


# Directions. What the right answer says is what the facts of its explanation say; its opposite says the opposite.

_SIGNS = {
    1: "more|gain(?:s|ed)?|rises?|rose|risen|rais(?:es?|ed)|higher|larger|increas(?:es?|ed)|grow(?:s|n)?|grew",
    -1: "fewer|less|los(?:t|s|ses|es?)|fell|lower(?:s|ed)?|smaller|rarer|shr(?:inks|ank)|costs?",
}
_SIGN = re.compile(rf"\b(?:(?P<up>{_SIGNS[1]})|(?P<down>{_SIGNS[-1]}))\b", re.I)


def signs(words: str) -> list[int]:
    """1 for each word of a text that says more, -1 for each that says less; "more than" compares and "more to lose" is no effect."""
    return [
        1 if found["up"] else -1
        for found in _SIGN.finditer(
            re.sub(r"\b(?:more|fewer|less) (?:than|to \w+)", "", words)
        )
    ]


def sign(found: facts.Fact) -> int:
    """1 if a fact is more than what it is compared with, -1 if it is less, 0 if it is a level or does not say."""
    if found.value is None or not found.main:
        return 0
    if found.unit == "ratio":
        return (found.value > 1) - (found.value < 1)
    if found.row.get("measure") == "relative risk reduction":
        return (found.value < 0) - (found.value > 0)
    return (found.value > 0) - (found.value < 0) if found.is_change else 0


def direction_asked(names: Sequence[str]) -> Iterator[Slip]:
    """The right answer has the signs of the facts that explain it; an option in the opposite direction has another sign."""
    for page in names:
        for question in _questions(page):
            for right in question.rights:
                yield from _against_facts(right)
            for option in question.options:
                if option.because == "opposite direction":
                    yield from _not_opposite(option, question.rights)


def _against_facts(right: Option) -> Iterator[Slip]:
    """A right option that says more where the facts of its explanation say less, or the other way round."""
    held = list(_facts([right.why]))
    known = [sign(each) for each in held if sign(each)]
    said = signs(right.text.text)
    # where both turn as often, they are told in the same order
    turns, turned = _turns(said), _turns(known)
    parts = len(turns) == len(turned) and turns != turned
    if known and (parts or set(said) - set(known)):
        rows = ", ".join(f"{each.id} {each.pretty()}" for each in held)
        reason = f"the right answer says {_name(said)}, and the facts of its explanation say {_name(known)}: {rows}."
        yield _slip(right.text, "direction of an answer", right.text.text, reason)


def _turns(told: list[int]) -> list[int]:
    return [each for each, _ in groupby(told)]


def _not_opposite(option: Option, rights: list[Option]) -> Iterator[Slip]:
    """An option that has the direction wrong says another one than the right answers, or than its own explanation."""
    own = set(signs(option.text.text))
    told = [option.why, *(right.why for right in rights)]
    whys = [set(signs(block.text)) for block in told]
    others = [set(signs(right.text.text)) for right in rights]
    others += [each for each in whys if len(each) == 1]
    if len(own) == 1 and any(others) and not any(each - own for each in others):
        reason = f"its reason is the opposite direction, and it says {_name(own)} as the right answer and the explanations do."
        yield _slip(option.text, "direction of an answer", option.text.text, reason)


def _name(found: Iterable[int]) -> str:
    return ", ".join({1: "more", -1: "less"}[each] for each in found)


# Drugs. A question names those of its page, of the trial that it names and of the facts that answer it.

_TRIAL = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z0-9-]*")
_CONTROL = ("", "placebo", "none", "baseline")
#: What drugs are called beside their own names.
_CALLED = {
    "conjugated-estrogens": r"\bestrogens?\b|\bTSEC\b|\bpair\b",
    "cee-mpa": r"\bhormone therapy\b",
}


def drugs_asked(names: Sequence[str]) -> Iterator[Slip]:
    """A drug of a question is one of its page, of the trial named beside it, and of the facts that explain the answer."""
    for page in names:
        asked = _questions(page)
        if not asked:
            continue
        named = set().union(
            *(
                said.drugs_named(block.text)
                for block in text.blocks(page, pages.ROOT)
                if block.file.endswith(".md")
            )
        )
        for block in _side(page):
            if block.kind in ("objective", "prompt"):
                yield from _strange(block, named)
        for question in asked:
            given = set().union(*map(_given, _facts(question.said)))
            wrong = [option.text for option in question.options if not option.right]
            for block in [*question.said, *wrong]:
                yield from _strange(block, named | given)
            yield from _unanswered(question)


def _strange(block: Block, named: set[str]) -> Iterator[Slip]:
    """Drugs that the page does not name, or that are none of the trial in whose sentence they stand."""
    rule = "drugs of a side file"
    for drug in sorted(said.drugs_named(block.text) - named):
        yield _slip(block, rule, drug, f"the page does not name {drug}.")
    for sentence in block.sentences():
        tried = [name for name in _TRIAL.findall(sentence.text) if name in trials()]
        given = set().union(*(trials()[name] for name in tried))
        for drug in sorted(said.drugs_named(sentence.text) - given):
            if tried and not given.issuperset(_parts(drug)):
                reason = f"{' and '.join(tried)} had no {drug}; its rows have {', '.join(sorted(given))}."
                yield _slip(sentence, rule, drug, reason)


def _unanswered(question: Question) -> Iterator[Slip]:
    """The facts that explain the answer are of a drug that the question or its answer names."""
    for told, why in question.answers:
        yield from _unnamed(question.ask, told, why)


def _unnamed(ask: Block, told: list[Block], why: Block) -> Iterator[Slip]:
    named = set().union(*(said.drugs_named(block.text) for block in told))
    words = " ".join(block.text for block in [*told, why])
    given = set().union(*map(_given, _facts([ask, why])))
    # drugs of many kinds together, such as those of a pooled analysis, have no name of their own
    names = {row["id"]: row["name"] for row in tables.rows("drugs")}
    given = {id for id in given if id in said.drugs_named(names.get(id, ""))}
    called = {id for id, said in _CALLED.items() if re.search(said, words, re.I)}
    known = called | said.drugs_named(words)
    known.update(*map(_parts, known))
    if named and given - known:
        reason = f"the facts that explain the answer are of {', '.join(sorted(given))}, which it does not name."
        yield _slip(ask, "drugs of a side file", ", ".join(sorted(named)), reason)


def _given(found: facts.Fact) -> set[str]:
    """The drugs of a fact's row and of those that it is worked out from, controls left out."""
    own = {found.row.get("drug") or "", found.row.get("comparator") or ""}
    parts = {part for drug in own for part in _parts(drug)}
    return parts.union(*(_given(each) for each in found.inputs())) - set(_CONTROL)


def _parts(drug: str) -> list[str]:
    """`goserelin-anastrozole` is both."""
    known = {row["id"] for row in tables.rows("drugs")}
    first, _, second = drug.partition("-")
    return [first, second] if {first, second} <= known else [drug]


@lru_cache(maxsize=1)
def trials() -> dict[str, set[str]]:
    """{name of a trial in capitals: its drugs}, controls left out."""
    named = {
        row["id"]: row["name"].replace("Women's Health Initiative", "WHI")
        for row in tables.rows("studies")
        if row["kind"] == "trial"
    }
    found: dict[str, set[str]] = {}
    for name in tables.tables():
        for row in tables.rows(name):
            trial = _TRIAL.match(named.get(row.get("study") or "", ""))
            if trial and row.get("drug"):
                drugs = {*_parts(row["drug"]), *_parts(row.get("comparator") or "")}
                found.setdefault(trial[0], set()).update(drugs - set(_CONTROL))
    return found


def _facts(blocks: Iterable[Block]) -> Iterator[facts.Fact]:
    """The facts of some blocks; press.numbers tells of those that no row has."""
    for block in blocks:
        for placed in block.named("fact"):
            if found := cited.fact(placed.role.target):
                yield found


def _questions(page: str) -> list[Question]:
    """The questions of a page; none where the side file has faults, which `right answer` tells."""
    try:
        return questions(page)
    except pages.PageError:
        return []


RULES: dict[str, Rule] = {
    "right answer": right_answer,
    "numbers of a side file": numbers_asked,
    "direction of an answer": direction_asked,
    "drugs of a side file": drugs_asked,
}
