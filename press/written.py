"""A number as it is written in the prose, and whether it agrees with its row of data/.

    check("+1.28 %", "johnston2000-ls-bmd-rlx60")   # -> Fact, or FactError with a sentence that says what is wrong

Written text is [about] [direction words] number [unit phrase] [direction word]; an interval is `0.84 to 1.07`. Numbers
are compared at the precision at which they are written, half rounded up.
"""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from .facts import MINUS, Fact, FactError, fact, minus

#: What stands before a number that has become smaller or larger. A longer phrase comes before its own beginning.
LESS = [
    "lowered by",
    "dropped by",
    "a loss of",
    "a fall of",
    "a drop of",
    "loss of",
    "fall of",
    "fell by",
    "falls by",
    "fallen by",
    "down by",
    "lower by",
    "losing",
    "loses",
    "lost",
    "lose",
    "fallen",
    "falls",
    "fall",
    "fell",
    "down",
    "lower",
    "fewer",
    "less",
    "minus",
]
MORE = [
    "a gain of",
    "a rise of",
    "gain of",
    "rise of",
    "rose by",
    "rises by",
    "risen by",
    "raised by",
    "up by",
    "higher by",
    "gaining",
    "gained",
    "gains",
    "gain",
    "rises",
    "risen",
    "rise",
    "rose",
    "up",
    "higher",
    "more",
    "extra",
    "plus",
]
#: What may stand after it.
AFTER = {"lower": -1, "fewer": -1, "less": -1, "higher": 1, "more": 1, "extra": 1}
ABOUT = ("about", "around", "roughly", "approximately")
NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d,.]*\d)"
)

_WHO = "(?: (?:women|people|men|participants|patients))?"
_YEARLY = "(?:a year|per year|each year|every year)"
_DAILY = "(?:/day| (?:a|per) day)"
_OUT_OF = r"(?:in|in every|out of|out of every|of every)"
_SHARES = [
    (rf"{_OUT_OF} 100{_WHO}", 1),
    (rf"(?:{_OUT_OF}|per) 1,000{_WHO}", 10),
    (rf"(?:{_OUT_OF}|per) 10,000{_WHO}", 100),
]
_MASSES = {
    "ug": "(?:ug|µg|μg|micrograms?)",
    "mg": "(?:mg|milligrams?)",
    "g": "(?:g|grams?)",
    "IU": "(?:IU|international units)",
}
#: How each stored unit may be written: (pattern of the phrase, factor from the stored to the written number).
PHRASES = {
    "%": [("%", 1), *_SHARES],
    "percentage points": [("(?:percentage )?points?", 1), *_SHARES],
    "ratio": [("(?:times)?", 1)],
    "1": [("", 1)],
    "fold": [("-?fold|times", 1)],
    "per 1,000 woman-years": [
        (rf"per 1,000 woman-years|(?:{_OUT_OF}|per) 1,000 women {_YEARLY}", 1)
    ],
    "per 1,000 person-years": [
        (rf"per 1,000 person-years|(?:{_OUT_OF}|per) 1,000(?: people)? {_YEARLY}", 1)
    ],
    "per 1,000 women": [(rf"(?:{_OUT_OF}|per) 1,000(?: women)?", 1)],
    "per 1,000 people": [(rf"(?:{_OUT_OF}|per) 1,000(?: people)?", 1)],
    "%/year": [(f"%/year|% {_YEARLY}", 1)],
    "%/month": [("%/month|% (?:a|per|each|every) month", 1)],
    "T-score": [("(?:T-score)?", 1)],
    "SMD": [("(?:SMD|standard deviations?)?", 1)],
    "year": [("", 1)],
    "angstrom": [("angstroms?|Å", 1)],
    "mm": [("mm|millimeters?", 1)],
    "g/cm2": [("g/cm2|g/cm²|g per cm²", 1)],
    "women": [("(?:women|woman|people)?", 1)],
    "people": [("(?:people|person|women|men|participants|patients)?", 1)],
    "men": [("(?:men|people)?", 1)],
    "events": [("(?:events?|cases?|women|people)?", 1)],
    "person-years": [("(?:person-years|woman-years)?", 1)],
    **{
        unit: [(f"{unit}?", 1)]
        for unit in ("months", "years", "weeks", "days", "hours")
    },
    **{unit: [(pattern, 1)] for unit, pattern in _MASSES.items()},
    **{f"{unit}/day": [(pattern + _DAILY, 1)] for unit, pattern in _MASSES.items()},
}
#: Tables whose percentages are changes of a measure and never shares of people.
CHANGES = ("bmd_change", "markers", "loading_trials", "menopause_loss")
#: Measures that tell how much there is, and no change.
LEVELS = ("risk", "count", "rate", "share", "number needed to treat")


@dataclass(frozen=True)
class Written:
    """The parts of a written number: digits without sign and commas; direction: -1 or 1 where words give it, else 0."""

    sign: str
    digits: str
    phrase: str
    direction: int
    about: bool

    @property
    def places(self) -> int:
        """How many decimals are written."""
        return len(self.digits.partition(".")[2])


def check(text: str, target: str) -> Fact:
    """Compares written text with the tables and returns the Fact; raises FactError, in a sentence, if they disagree."""
    found = fact(target)
    plain = _plain(text)
    if found.column == "ci" and found.limits:
        problem = _compare_interval(plain, found, *found.limits)
    elif found.column == "p_value" and found.text:
        problem = _compare_p(plain, found)
    elif found.value is not None:
        problem = _compare(plain, found, found.value)
    else:
        raise FactError(
            f"{target}: the prose says {text!r}, but the table holds no {found.column} for this row."
        )
    if problem:
        raise FactError(
            f"{target}: the prose says {text!r}, but data/{found.table}.csv holds {found.pretty()}: {problem}."
        )
    return found


# Each of these says why the text disagrees with the fact; empty text if it agrees.


def _compare(text: str, found: Fact, stored: Decimal) -> str:
    number = _parse(text)
    if isinstance(number, str):
        return number
    return _problem(number, found, stored)


def _compare_p(text: str, found: Fact) -> str:
    written = re.sub(r"^p\s*=?\s*", "", text, flags=re.I)
    same = written.replace(" ", "") == found.text.replace(" ", "")
    return "" if same else "they differ"


def _compare_interval(text: str, found: Fact, lower: Decimal, upper: Decimal) -> str:
    sides = re.split(r"\s+(?:to|and)\s+", text)
    if len(sides) != 2:
        return "an interval is written with 'to' between its limits"
    about, direction, front = _split_front(sides[0])
    low, high = _parse(front), _parse(sides[1])
    if isinstance(low, str):
        return low
    if isinstance(high, str):
        return high
    if not low.direction and not low.sign:
        # What stands once, before or after, is meant for both.
        low = replace(low, direction=direction or high.direction)
        high = replace(high, direction=high.direction or direction)
    low = replace(low, phrase=low.phrase or high.phrase, about=about)
    problem = _problem(low, found, lower) or _problem(high, found, upper)
    if problem and low.direction and high.direction:
        # "5 % to 20 % lower" runs from the upper limit to the lower.
        turned = _problem(low, found, upper) or _problem(high, found, lower)
        return problem if turned else ""
    return problem


def _problem(number: Written, found: Fact, stored: Decimal) -> str:
    measure, sign = found.row.get("measure"), -1 if number.sign == "-" else 1
    if found.unit == "ratio" and number.direction:
        if number.phrase != "%":
            return "a ratio with a direction word is written in %, such as '38 % lower'"
        return _differs(number, 1, number.direction * 100 * (stored - 1))
    if number.direction:
        if measure in LEVELS and found.table == "outcomes":
            return f"a {measure} is a level and not a change, so it takes no direction word"
        sign = number.direction
        if measure == "relative risk reduction":
            sign = -sign  # "38 % fewer" is a reduction of +38 %
    factor = _factor(number.phrase, found)
    if factor is None and number.phrase:
        return f"the unit phrase {number.phrase!r} does not fit (stored: {found.unit})"
    if factor is None:
        return f"the unit is missing (stored: {found.unit})"
    problem = _differs(number, sign, stored * factor)
    if problem or found.unit != "ratio" or number.places:
        return problem
    if sign * Decimal(number.digits) == 1 != stored:
        return "rounding the ratio to 1 would say that there is no difference; write its decimals"
    return ""


def _differs(number: Written, sign: int, stored: Decimal) -> str:
    """stored: in the unit in which the number is written."""
    written, rounded = sign * Decimal(number.digits), _round(stored, number.places)
    rough = number.about and not number.places
    if written != rounded and not (
        rough and written == _two_figures(stored, number.digits)
    ):
        if written == -rounded and rounded:
            return "the sign or direction is the other one"
        exact = f"{minus(format(rounded, 'f'))} {number.phrase}".strip()
        return f"at the written precision it is {exact}"
    if not written and stored:
        return (
            "rounding it to nothing would say that there is none; write one more digit"
        )
    return ""


def _factor(phrase: str, found: Fact) -> int | None:
    """What the stored number is multiplied by to be written with this phrase; None if the phrase does not fit its unit."""
    if found.column == "ci" and not phrase:
        return 1
    share = found.row.get("statistic") == "share of women"
    for pattern, factor in PHRASES.get(found.unit) or [(_as_stored(found.unit), 1)]:
        if re.fullmatch(pattern, phrase):
            counts_people = "00" in pattern
            if counts_people and found.table in CHANGES and not share:
                return None
            return factor
    return None


def _as_stored(unit: str) -> str:
    """The pattern of a unit that is written as it is stored; g/kg/day may be `g/kg a day`."""
    if unit.endswith("/day"):
        return re.escape(unit.removesuffix("/day")) + _DAILY
    return re.escape(unit)


# The parts of a written number.


def _plain(text: str) -> str:
    """Text with plain spaces, and hyphens for minus signs."""
    return " ".join(text.replace(MINUS, "-").split())


def _split_front(text: str) -> tuple[bool, int, str]:
    """Whether the text says about, the direction that its words give (-1, 0 or 1), and the rest of it."""
    about, direction = False, 0
    for _ in range(2):  # "about" stands before or after the direction words
        if word := _begins(text, ABOUT):
            about, text = True, text[len(word) + 1 :]
        for sign, words in ((-1, LESS), (1, MORE)):
            word = _begins(text, words)
            if word and not direction:
                direction, text = sign, text[len(word) + 1 :]
    return about, direction, text


def _begins(text: str, words: list[str] | tuple[str, ...]) -> str:
    """The first of the words with which the text begins; empty if it begins with none."""
    return next((word for word in words if text.lower().startswith(f"{word} ")), "")


def _parse(text: str) -> Written | str:
    """The parts of a written number, or a sentence that says why it cannot be read."""
    about, direction, rest = _split_front(text)
    found = NUMBER.match(rest)
    if not found:
        return "it must be a number, after at most 'about' and a direction word such as 'lost' or 'rose by'"
    phrase = rest[found.end() :].strip()
    if not direction:
        direction, phrase = _split_after(phrase)
    if direction and found["sign"]:
        return "a direction word and a sign together are ambiguous; write one of them"
    digits = found["digits"].replace(",", "")
    return Written(found["sign"], digits, phrase, direction, about)


def _split_after(phrase: str) -> tuple[int, str]:
    """The direction that stands in what follows a number, and the rest: `% lower`, `fewer out of 1,000`, `women fewer`."""
    for word, sign in AFTER.items():
        if re.search(rf"\b{word}$", phrase):
            return sign, phrase.removesuffix(word).strip()
        if re.match(rf"{word}\b", phrase):
            return sign, phrase.removeprefix(word).strip()
    between = re.match(
        r"(?:women|people|men|events|cases) (fewer|more|less)\b(.*)$", phrase
    )
    return (AFTER[between[1]], between[2].strip()) if between else (0, phrase)


def _round(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _two_figures(stored: Decimal, digits: str) -> Decimal | None:
    """After "about", a number of four digits or more may stand for one rounded to no fewer than two figures."""
    zeros = min(len(digits) - len(digits.rstrip("0")), len(digits) - 2)
    if len(digits) < 4 or zeros < 1:
        return None
    return _round(stored / 10**zeros, 0) * 10**zeros
