"""A number as it is written in the prose, and whether it agrees with its row of data/.

    check("+1.28 %", "johnston2000-ls-bmd-rlx60")   # -> Fact, or FactError with a sentence that says what is wrong

Written text is [about] [direction words] number [unit phrase] [direction word]; an interval is `0.84 to 1.07`. Numbers
are compared at the precision at which they are written, half rounded up.

The number may stand in words: `seventy more out of 1,000`, `about fifty women`, `more than half`, `a third lower`,
`twice`. Words are as exact as press.spelled says; `more than` and `nearly` say on which side the number lies.
"""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from . import spelled
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
    "fall by",
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
    "rise by",
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
#: What stands before a number in words that lies a little below or above the stored one.
OVER = ("a little more than", "a little over", "more than", "over", "above")
UNDER = (
    "a little less than",
    "fewer than",
    "less than",
    "under",
    "below",
    "nearly",
    "almost",
    "not quite",
)
_FEWER = (
    "fewer|less|lower|lowers|lowered|lowering|fell|falls|fallen|falling|lost|loses|losing|loss|dropped|drop|drops|down"
    "|reduced|reduces|reducing|reduction|prevented|prevents|cut|cuts|spared|spares|shrank|thinner|smaller|decreased"
    "|decreases|rarer|halved|halves|reduce|prevent"
)
_FURTHER = (
    "more|higher|rose|rises|risen|rising|gained|gain|gains|gaining|up|raised|raises|raise|added|adds|extra|excess"
    "|add|increased|increases|increase|thicker|thickened|thickens|grew|grows|greater|larger|regained|doubled|doubles"
)
#: A word that says which way something went; "MORE" is a trial, and "up to", "more than ten" say no way.
DIRECTION = re.compile(
    rf"\b(?:(?P<less>(?i:{_FEWER}))|(?P<more>(?!MORE\b)(?i:{_FURTHER})))\b(?! to (?:a|the|\d)\b| than that\b| than (?:a |an )?(?:half|third|{spelled.SMALL}|\d)\b)"
)
NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d,.]*\d)"
)

#: What may stand behind a part or a multiple in words.
_AMONG_WORDS = re.compile(
    r"(?:as (?:many|much|often|likely|high|large|common)|(?:of (?:the |US |all )*)?(?:women|people|men)|the (?:rate|risk)|off)?"
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
    "%": [("%|percent", 1), *_SHARES],
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


def compare(text: str, target: str) -> list[Fact]:
    """Compares words with two rows (`row-a row-b`: what is told of a, against b) or with one that tells a difference.

    The words hold one direction ("More women had clots"), a number in words ("twice as many") or both ("six more").
    Returns the Facts; raises FactError, in a sentence, if the rows say something else.
    """
    found = [fact(name) for name in target.split()]
    problem = _compare_rows(_plain(text), found)
    if problem:
        told = " and ".join(f"{each.pretty()} ({each.id})" for each in found)
        raise FactError(
            f"the prose says {text!r}, but the tables hold {told}: {problem}."
        )
    return found


def _compare_rows(text: str, found: list[Fact]) -> str:
    values = [Fraction(each.value) for each in found if each.value is not None]
    if len(found) not in (1, 2) or len(values) != len(found):
        return "{compare} takes two rows with numbers, or one that tells a difference"
    if len({(each.unit, each.column) for each in found}) > 1:
        return "numbers of different units cannot be compared"
    said = next(iter(spelled.find(text)), None)
    start = _side_at(text, said) if said else len(text)
    # "more than" before a number says nothing of the direction
    way = towards(text[:start] + text[said.end if said else start :])
    if said and said.kind == "part" and not way and re.search(r"\boff\b", text):
        way = -1  # "a third off the risk"
    if not way and not said:
        return "there is no direction word and no number in words in it"
    sign = tells(found[0]) if len(found) == 1 else _sign(values[0] - values[1])
    if way and way != sign:
        return "the direction is the other one" if sign else "they do not differ"
    if said and len(found) == 1:
        return "a number in words belongs into a {fact}, or needs two rows"
    if said:
        side, _ = _split_side(text[start:])
        return _number_of_rows(said, side, way, values[0], values[1], found[0].unit)
    return ""


def _number_of_rows(
    said: spelled.Spelled,
    side: int,
    way: int,
    one: Fraction,
    other: Fraction,
    unit: str,
) -> str:
    """side: as press.spelled has it; way: the direction that the words have beside their number, 0 for none."""
    if said.kind == "count":
        times = (1, 10) if unit == "%" else (1,)
        apart = abs(one - other)
        near = any(spelled.is_about(apart * by, said, side) for by in times)
        return "" if near else f"they differ by {float(apart):g}"
    if not one or not other:
        return "one of them is nothing"
    share = one / other
    if said.kind == "times" and way < 0:
        share = other / one  # "a hundredfold less"
    if said.kind == "part" and (way or share > 1):
        share = abs(share - 1)
    if spelled.is_about(share, said, side):
        return ""
    return f"in words it is nearest to {spelled.called(share, said.kind)}"


def _side_at(text: str, said: spelled.Spelled) -> int:
    """Where the words before a number begin that say on which side of it the truth lies; its own place if there are none."""
    for word in (*OVER, *UNDER):
        at = said.start - len(word) - 1
        if at >= 0 and text[at:].lower().startswith(f"{word} "):
            return at
    return said.start


def towards(text: str) -> int:
    """The direction of the words of a text: -1 or 1; 0 if they have none, or both."""
    ways = {-1 if found["less"] else 1 for found in DIRECTION.finditer(text)}
    return ways.pop() if len(ways) == 1 else 0


def tells(found: Fact) -> int:
    """The direction that a row tells, -1 or 1: a ratio against one, a change against nothing; 0 for a level."""
    if not found.main or found.value is None:
        return 0
    if found.unit == "ratio":
        return _sign(found.value - 1)
    if "reduction" in (found.row.get("measure") or ""):
        return -_sign(found.value)
    if (found.row.get("quantity") or "").startswith("rise in "):
        return _sign(found.value)
    apart = found.table == "derived" and " minus " in found.row["label"]
    share = found.table == "menopause_loss" and "change" not in found.row["statistic"]
    return _sign(found.value) if apart or (found.is_change and not share) else 0


def _sign(number: Decimal | Fraction) -> int:
    return (number > 0) - (number < 0)


# Each of these says why the text disagrees with the fact; empty text if it agrees.


def _compare(text: str, found: Fact, stored: Decimal) -> str:
    side, rest = _split_side(text)
    about, direction, rest = _split_front(rest)
    if not side:
        side, rest = _split_side(rest)
    said = spelled.begins(rest)
    if said:
        phrase = re.sub(r"^or more\b", "", rest[said.end :].strip()).strip()
        if not direction:
            direction, phrase = _split_after(phrase)
        around = Written("", "", phrase, direction, about)
        return _spelled(around, said, side, found, Fraction(stored))
    number = _parse(text)
    if isinstance(number, str):
        return number
    return _problem(number, found, stored)


def _spelled(
    number: Written, said: spelled.Spelled, side: int, found: Fact, stored: Fraction
) -> str:
    """number: what stands around the words; side: 1 after "more than", -1 after "nearly", else 0."""
    if said.kind == "count":
        return _counted(number, said, side, found, stored)
    if not _AMONG_WORDS.fullmatch(number.phrase):
        return f"{number.phrase!r} does not fit behind {said.words!r}"
    if said.kind == "times":
        if found.unit not in ("ratio", "fold"):
            return f"{said.words!r} is said of a ratio (stored: {found.unit})"
        if number.direction:
            return f"{said.words!r} with a direction word can be read in two ways; write 'three times as many'"
        share: Fraction | None = stored
    else:
        share = _share(number.direction, found, stored)
    if share is None:
        return f"{said.words!r} does not fit (stored: {found.unit})"
    if share < 0:
        return "the sign or direction is the other one"
    if spelled.is_about(share, said, side):
        return ""
    return f"in words it is nearest to {spelled.called(share, said.kind)}"


def _share(direction: int, found: Fact, stored: Fraction) -> Fraction | None:
    """The stored number as the share that words speak of: `half of women`, `a third lower`; None if it is none."""
    if found.unit == "ratio":
        return direction * (stored - 1) if direction else stored
    per = {"%": 100, "% of estradiol": 100, "per 1,000 women": 1000, "1": 1}
    if found.unit not in per:
        return None
    share = stored / per[found.unit]
    if found.row.get("measure") == "relative risk reduction":
        return -direction * share if direction else share
    if direction and not found.is_change:
        return None
    return direction * share if direction else share


def _counted(
    number: Written, said: spelled.Spelled, side: int, found: Fact, stored: Fraction
) -> str:
    if side or number.about:
        factor = _factor(number.phrase, found)
        told = (number.direction or 1) * stored * (factor or 0)
        if spelled.is_about(told, said, side):
            return ""
        if side and factor:
            return "it does not lie there, or not near"
    digits = str(said.value) if said.value.denominator == 1 else f"{said.value:.1f}"
    exact = replace(number, digits=digits, about=False)
    return _problem(exact, found, Decimal(found.text))


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


def _split_side(text: str) -> tuple[int, str]:
    """On which side of the stored number the words say that they lie, and the rest."""
    for side, words in ((1, OVER), (-1, UNDER)):
        word = _begins(text, words)
        if word and spelled.begins(text[len(word) + 1 :]):
            return side, text[len(word) + 1 :]
    return 0, text


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
            # "seventy more women out of 1,000" is seventy more out of 1,000 women
            turned = r"(women|people|men) ((?:in|out of|per) .*\d)"
            return sign, re.sub(turned, r"\2 \1", phrase.removeprefix(word).strip())
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
