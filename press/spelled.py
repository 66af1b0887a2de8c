"""Numbers written in words.

    begins("seventy more out of 1,000")   # -> Spelled("seventy", "count", 70, step=10), or None
    begins("a third lower")               # -> Spelled("a third", "part", 1/3)
    begins("twice the rate")              # -> Spelled("twice", "times", 2)

A count is as exact as its last word: seventy-two to one, about seventy to ten, about five thousand to a thousand. A part is
the nearest of the parts that people name, so that a third is neither a quarter nor two fifths.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_UP_TO_TEN = "one two three four five six seven eight nine"
_TO_TWENTY = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: number for number, word in enumerate(_UP_TO_TEN.split(), 1)}
_TEENS = {word: number for number, word in enumerate(_TO_TWENTY.split(), 10)}
_TENS = {word: 10 * number for number, word in enumerate(_ROUND.split(), 2)}
_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twentieth": 20,
    "hundredth": 100,
    "thousandth": 1000,
}
_TIMES = {
    "twice": 2,
    "double": 2,
    "doubles": 2,
    "doubled": 2,
    "doubling": 2,
    "triple": 3,
    "triples": 3,
    "tripled": 3,
}
_HALVES = ("halve", "halves", "halved", "halving")
#: The parts that people name; what lies between two of them is called by the nearer.
NAMED = {
    Fraction(1, 10): "a tenth",
    Fraction(1, 6): "a sixth",
    Fraction(1, 5): "a fifth",
    Fraction(1, 4): "a quarter",
    Fraction(1, 3): "a third",
    Fraction(2, 5): "two fifths",
    Fraction(1, 2): "half",
    Fraction(3, 5): "three fifths",
    Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three quarters",
    Fraction(4, 5): "four fifths",
    Fraction(9, 10): "nine tenths",
}

_TY = rf"(?:{'|'.join(_TENS)})"
_ONE = rf"(?:{'|'.join(_ONES)})"
SMALL = rf"(?:{_TY}(?:-{_ONE})?|{'|'.join(_TEENS)}|{_ONE})"
_UNDER = rf"(?:(?:(?:{SMALL}|an?) hundred(?: and {SMALL})?)|hundred|{SMALL})"
_COUNT = rf"(?:(?:{_UNDER}|a)(?: and a half)? thousand(?: and {SMALL})?|{_UNDER}(?: and a half)?)"
_NAMES = rf"(?:{'|'.join(_PARTS)}|halve|quarter)"
_PART = rf"(?:(?:{_ONE}|an?)[ -])?{_NAMES}s?|{'|'.join(_HALVES)}"
_AMONG = rf"{SMALL} (?:(?:in|out of) (?:every )?(?:an? hundred|an? thousand|{SMALL})|(?:parts?|women|people|times?) (?:in|out of) (?:every )?(?:an? hundred|an? thousand|ten|twenty))(?! (?:years?|months?|weeks?|days?)\b)"
_OFTEN = rf"{'|'.join(_TIMES)}|{_COUNT} times|(?:{SMALL}|hundred|thousand)-?fold|an? (?:hundred|thousand)fold"
#: With one of these letters each number in words begins, and most words do not.
_FIRST = {
    word[0] for word in (*_ONES, *_TEENS, *_TENS, *_PARTS, *_TIMES, *_HALVES, "a")
}
_SAID = re.compile(
    rf"\b(?=[{''.join(sorted(_FIRST))}])(?:(?P<times>{_OFTEN})|(?P<among>{_AMONG})|(?P<part>{_PART})|(?P<count>{_COUNT}))(?![\w-])",
    re.I,
)


@dataclass(frozen=True)
class Spelled:
    """A number in words. kind: count, part or times. step: how exact a count is when it is said to be about so much."""

    words: str
    kind: str
    value: Fraction
    start: int
    end: int

    @property
    def step(self) -> Fraction:
        """What the last word of a count names: ones, tens, hundreds, thousands, or the half of one."""
        if self.value < 1:
            return self.value
        if "half" in self.words:
            return Fraction(500 if self.value >= 1000 else 1)
        step = Fraction(1)
        while self.value >= 20 and self.value % (10 * step) == 0:
            step *= 10
        return step


@lru_cache(maxsize=16384)
def find(text: str) -> tuple[Spelled, ...]:
    """Every number in words of a text; kept, because several rules read the same sentences."""
    return tuple(_find(text))


def _find(text: str) -> Iterator[Spelled]:
    for found in _SAID.finditer(text):
        words = " ".join(found[0].lower().split())
        kind = found.lastgroup or ""
        value = {"times": _times, "among": _among, "part": _part, "count": _count}[
            kind
        ](words)
        named = "part" if kind == "among" else kind
        yield Spelled(found[0], named, value, found.start(), found.end())


def begins(text: str) -> Spelled | None:
    """The number in words with which a text begins; None if it begins with none."""
    return next((said for said in find(text) if said.start == 0), None)


def is_about(stored: Fraction, said: Spelled, side: int = 0) -> bool:
    """Whether words may be said of a number; side: 1 for "more than" the words, -1 for "fewer than" or "nearly", else 0."""
    if side:
        within = said.value / (3 if said.kind == "count" else 4)
        if said.kind == "count" and said.value < 20 and side > 0:
            within = Fraction(1)  # "over seven percent" is not said of nine
        return 0 < side * (stored - said.value) <= within
    if said.kind == "part":
        if said.value in NAMED:
            return nearest(stored) == said.value
        return abs(stored - said.value) <= said.value / 10
    if said.kind == "times" and said.value <= 3:
        return -Fraction(1, 4) <= stored - said.value < Fraction(1, 4)
    if said.kind == "times":
        return abs(stored - said.value) * 2 <= max(Fraction(1), said.value / 10)
    near = abs(stored - said.value)
    return near * 2 <= said.step and near * 10 <= max(said.value, Fraction(5))


def nearest(share: Fraction) -> Fraction:
    """The part by which people call a share."""
    return min((abs(part - share), part) for part in NAMED)[1]


def called(share: Fraction, kind: str) -> str:
    """What people call a share or a multiple: `a third`, `2.5 times`."""
    return NAMED[nearest(share)] if kind == "part" else f"{float(share):.2g} times"


def _count(words: str) -> Fraction:
    total, held = Fraction(0), Fraction(0)
    for word in re.split(r"[ -]", words.replace(" and a half", " 1/2")):
        if word in ("a", "an"):
            held = Fraction(1)
        elif word == "1/2":
            held += Fraction(1, 2)
        elif word == "hundred":
            held = (held or Fraction(1)) * 100
        elif word == "thousand":
            total, held = (held or Fraction(1)) * 1000, Fraction(0)
        elif word != "and":
            held += {**_ONES, **_TEENS, **_TENS}[word]
    return total + held


def _part(words: str) -> Fraction:
    *many, name = re.split(r"[ -]", words)
    if name in _HALVES and not many:
        return Fraction(1, 2)
    singular = "half" if name in _HALVES else name.removesuffix("s")
    return Fraction(_ONES.get(many[0], 1) if many else 1, _PARTS[singular])


def _among(words: str) -> Fraction:
    many, _, of = re.split(r" (in|out of) ", words, maxsplit=1)
    many = re.sub(r" (?:parts?|women|people|times?)$", "", many)
    return _count(many) / _count(of.removeprefix("every "))


def _times(words: str) -> Fraction:
    if words in _TIMES:
        return Fraction(_TIMES[words])
    many = re.sub(r" times$|-?fold$", "", words)
    return _count(many)
