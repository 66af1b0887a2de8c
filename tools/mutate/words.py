"""Slips of the pen: what a person who is tired or in a hurry writes for what stood there.

Each is a function of a text (what is not looked at is zones.HIDDEN there, "\\0") and a random.Random that gives Edits, the places
and what is put there, or None where the text has nothing of the kind.
"""

import random
import re
from collections.abc import Callable

#: (start, end, what is put there)
Edit = tuple[int, int, str]
Slip = Callable[[str, random.Random], list[Edit] | None]

#: Words that turn a finding into its contrary.
DIRECTIONS = [
    ("fewer", "more"), ("fewest", "most"), ("less", "more"), ("lower", "higher"), ("lowers", "raises"),
    ("lowered", "raised"), ("lowest", "highest"), ("fell", "rose"), ("falls", "rises"), ("fall", "rise"),
    ("falling", "rising"), ("loss", "gain"), ("lost", "gained"), ("loses", "gains"), ("lose", "gain"),
    ("losing", "gaining"), ("down", "up"), ("below", "above"), ("under", "over"), ("decrease", "increase"),
    ("decreases", "increases"), ("decreased", "increased"), ("smaller", "larger"), ("weaker", "stronger"),
    ("slower", "faster"), ("slows", "speeds"), ("rarer", "commoner"), ("worse", "better"),
    ("prevented", "added"), ("prevents", "causes"), ("blocks", "opens"), ("thinner", "thicker"),
    ("shrink", "grow"), ("shrinks", "grows"), ("estrogen-like", "estrogen-blocking"),
]  # fmt: skip
#: The same in figures, whose sides have a meaning.
SIDES = [*DIRECTIONS, ("left", "right")]
DRUGS = [("raloxifene", "tamoxifen")]
#: Words of which one is easily written for the other, in objectives and labels.
SENSE = [
    *DIRECTIONS, *DRUGS, ("benefit", "harm"), ("benefits", "harms"), ("with", "without"), ("spine", "hip"),
    ("breast", "womb"), ("uterus", "breast"), ("veins", "bones"), ("months", "years"), ("before", "after"),
    ("calcium", "vitamin D"), ("placebo", "raloxifene"), ("women", "men"), ("agonist", "antagonist"),
    ("estrogen", "progesterone"), ("absolute", "relative"), ("resorption", "formation"), ("bone", "muscle"),
    ("trials", "models"), ("trial", "model"), ("formed", "resorbed"), ("lumbar", "cervical"), ("risk", "rate"),
    ("osteoclast", "osteoblast"), ("osteoclasts", "osteoblasts"), ("density", "strength"), ("drug", "placebo"),
]  # fmt: skip
_ONES = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
#: A number word and one that is written for it.
NUMBERS = {
    **dict(zip(_ONES, [*_ONES[1:], "fifteen"], strict=True)),
    **dict(zip(_TENS, [*_TENS[1:], "eighty"], strict=True)),
    "half": "third", "third": "quarter", "quarter": "half", "twice": "three times", "hundred": "thousand",
    "thousand": "hundred", "tenth": "fifth", "fifth": "tenth", "double": "triple",
}  # fmt: skip
DIGITS = r"(?<!\w)\d[\d.,]*(?<=\d)"
DOSE = r"(?<![\w.,])\d[\d,.]*(?= (?:mg|µg|IU|micrograms|milligrams)\b)"
YEAR = r"(?<![\w.,])(?:19|20)\d\d(?!\w|[.,]\d)"
SPAN = rf"(?<![\w.,])(?:\d\d?|{'|'.join([*_ONES, *_TENS])})(?= (?:years|months)\b)"
DENOMINATOR = r"(?:(?<=of )|(?<=per )|(?<=in ))(?:100|1,000|10,000)(?![\d,.]*\d)"


def pick(
    pattern: str, text: str, dice: random.Random, flags: int = 0
) -> re.Match | None:
    """One of the places that fit."""
    found = list(re.finditer(pattern, text, flags))
    return dice.choice(found) if found else None


def one_digit(number: str, dice: random.Random) -> str:
    """The number with one digit changed; the first does not become 0."""
    places = [at for at, sign in enumerate(number) if sign.isdigit()]
    at = dice.choice(places)
    others = [
        d for d in "0123456789" if d != number[at] and (d != "0" or at > places[0])
    ]
    return number[:at] + dice.choice(others) + number[at + 1 :]


def digit(pattern: str = DIGITS) -> Slip:
    """One digit of a number that fits."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = pick(pattern, text, dice)
        return found and [(*found.span(), one_digit(found[0], dice))]

    return slip


def point_moved(number: str, dice: random.Random) -> str:
    """The number ten times as large or a tenth of it."""
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, _, rest = digits.partition(".")
    if dice.random() < 0.5 and rest:
        moved = f"{whole}{rest[0]}.{rest[1:]}".rstrip(".")
    else:
        moved = f"{whole[:-1] or '0'}.{whole[-1]}{rest}"
    head, _, tail = moved.partition(".")
    return f"{sign}{head.lstrip('0') or '0'}" + (f".{tail}" if tail else "")


def swap(pairs: list[tuple[str, str]]) -> Slip:
    """A word for its partner, either way."""
    partner = {a: b for pair in pairs for a, b in (pair[::-1], pair)}
    words = "|".join(map(re.escape, sorted(partner, key=len, reverse=True)))

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = pick(rf"(?<![\w-])(?:{words})(?![\w-]| short\b)", text, dice, re.I)
        return found and [(*found.span(), like(found[0], partner[found[0].lower()]))]

    return slip


def number_word(text: str, dice: random.Random) -> list[Edit] | None:
    """A number in words for the next one."""
    found = pick(rf"(?<![\w-])(?:{'|'.join(NUMBERS)})(?![\w-])", text, dice, re.I)
    return found and [(*found.span(), like(found[0], NUMBERS[found[0].lower()]))]


def number(pattern: str) -> Slip:
    """A number in digits or words: one digit, or the next word."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = pick(pattern, text, dice)
        if not found:
            return None
        said = found[0]
        return [(*found.span(), NUMBERS.get(said) or one_digit(said, dice))]

    return slip


def denominator(text: str, dice: random.Random) -> list[Edit] | None:
    """Out of 100 for out of 1,000, or the other way."""
    found = pick(DENOMINATOR, text, dice)
    others = {"100": "1,000", "1,000": "100", "10,000": "1,000"}
    return found and [(*found.span(), others[found[0]])]


def negation(text: str, dice: random.Random) -> list[Edit] | None:
    """The word that denies is left out."""
    found = pick(r"(?<![\w-])(?:not|never) (?=\w)|n't\b", text, dice)
    return found and [(*found.span(), "")]


def first(*slips: Slip) -> Slip:
    """The first of these that the text has a place for, tried in an order that the dice decide."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        for each in dice.sample(slips, len(slips)):
            if edits := each(text, dice):
                return edits
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


def like(word: str, other: str) -> str:
    """The other word, with a capital where the word has one."""
    return other[:1].upper() + other[1:] if word[:1].isupper() else other


def exchanged(a: tuple[int, int], b: tuple[int, int], text: str) -> list[Edit]:
    """The words of two places, each in the place of the other."""
    return [(*a, text[slice(*b)]), (*b, text[slice(*a)])]
