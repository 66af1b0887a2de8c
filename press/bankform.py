"""The form of teach/<tier>/<thread>.yml, and the answer of a number question, worked out from its rows of data/.

Every fault is told at once: file, item, field, reason. What the words say is the matter of press.numbers and press.proof.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bonebook import effects, tables

from . import facts, pages
from .myst import PageError
from .pages import ASKS, MISCONCEPTIONS, ROOT, Place

KINDS = ("one", "several", "number", "words")
#: At least half of the new items of a page ask for one of these.
WORK = ("calculate", "read a figure")
#: (fewest, most) options of a kind.
OPTIONS = {"one": (3, 4), "several": (4, 5)}
#: Nothing finer is asked for: a platform may round it away.
FINEST = Decimal("0.01")
_FIELDS = {"id", "kind", "tests", "asks", "ask"}
_OWN = {
    "one": {"options"},
    "several": {"options"},
    "number": {"answer", "why"},
    "words": {"answer", "why"},
}
_ANSWER = {"of", "is", "places", "tolerance", "unit"}


@dataclass(frozen=True)
class Number:
    """The answer of a number question: value +- tolerance in `unit`, with as many decimals as `places` says."""

    value: Decimal
    tolerance: Decimal
    unit: str
    places: int

    @property
    def low(self) -> Decimal:
        """The smallest number that counts as right."""
        return self.value - self.tolerance

    @property
    def high(self) -> Decimal:
        """The largest number that counts as right."""
        return self.value + self.tolerance

    def __str__(self) -> str:
        written = [facts.minus(f"{n:f}") for n in (self.value, self.low, self.high)]
        unit = f" {self.unit}" if self.unit else ""
        return f"{written[0]}{unit} ({written[1]} to {written[2]} counts as right)"


def read(
    place: Place, side: dict[str, Any], root: Path = ROOT
) -> tuple[str, dict[str, Any]]:
    """The name and the fields of the file of a page, whose side file is `side`. Raises PageError with every fault."""
    name, found = pages._read(Path(root) / "teach" / f"{place.path}.yml", Path(root))
    faults = list(_faults(found, place, len(side["objectives"])))
    if faults:
        raise PageError("\n".join(f"{name}, {fault}" for fault in faults))
    return name, found


# The form.


def _faults(found: Any, place: Place, objectives: int) -> Iterator[str]:
    fields = ("discuss", "activity", "bank")
    if not isinstance(found, dict):
        yield f"the file: it must hold {', '.join(fields)}."
        return
    yield from _unknown("the file", found, set(fields))
    discuss = found.get("discuss")
    if (
        not isinstance(discuss, list)
        or len(discuss) != 3
        or not all(map(_text, discuss))
    ):
        yield "discuss: three prompts for a class are needed, each a sentence or two."
    yield from _activity(found.get("activity"))
    bank = found.get("bank")
    if not isinstance(bank, list) or not all(isinstance(each, dict) for each in bank):
        yield "bank: a list of items is needed, each with id, kind, tests, asks and ask."
        return
    for count, item in enumerate(bank, 1):
        name = item["id"] if _text(item.get("id")) else f"item {count}"
        for fault in _item(item, place, objectives):
            yield f"{name}, {fault}"
    ids = [str(item.get("id")) for item in bank]
    yield from (
        f"{id}, id: two items have it."
        for id in dict.fromkeys(ids)
        if ids.count(id) > 1
    )
    if not 4 <= len(bank) <= 9:
        yield f"bank: four items or more are needed (nine at most); here are {len(bank)}."
        return
    work = sum(item.get("asks") in WORK for item in bank)
    if 2 * work < len(bank):
        yield f"bank: half of the items calculate or read a figure; here {work} of {len(bank)} do."
    kinds = [item.get("kind") for item in bank]
    if "number" not in kinds:
        yield "bank: one item at least is of kind number."
    if kinds.count("words") > 1:
        yield "bank: one item at most is of kind words."


def _activity(activity: Any) -> Iterator[str]:
    if not isinstance(activity, dict):
        yield "activity: minutes, do and look_for are needed."
        return
    yield from _unknown("activity", activity, {"minutes", "do", "look_for"})
    minutes = activity.get("minutes")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 1:
        yield "activity, minutes: a whole number of minutes, 1 or more, is needed."
    for field in ("do", "look_for"):
        if not _text(activity.get(field)):
            yield f"activity, {field}: words are missing."


def _item(item: dict[str, Any], place: Place, objectives: int) -> Iterator[str]:
    own = f"{place.thread}-{place.tier[0]}-b"
    if not re.fullmatch(rf"{own}[1-9]\d?", str(item.get("id"))):
        yield f"id: it must be {own} and a number that no item of the page has had."
    kind = item.get("kind")
    if kind not in KINDS:
        yield f"kind: {kind!r} is none; it is one of {', '.join(KINDS)}."
        return
    for field in sorted(_FIELDS | _OWN[kind], key=str):
        if field not in item and field != "id":
            yield f"{field}: it is missing."
    yield from _unknown("", item, _FIELDS | _OWN[kind])
    aims = pages.aims(item.get("tests"))
    if not aims or not all(
        type(n) is int and 1 <= n <= objectives and aims.count(n) == 1 for n in aims
    ):
        yield f"tests: it names objectives of the page by number, from 1 to {objectives}, such as 2 or [1, 3]."
    if item.get("asks") not in ASKS:
        yield f"asks: {item.get('asks')!r} is none; it is one of {', '.join(ASKS)}."
    for field in ("ask", "why"):
        if field in item and not _text(item[field]):
            yield f"{field}: it must be words (in quotation marks, with a colon in it)."
    if kind in OPTIONS and "options" in item:
        yield from _options(kind, item["options"])
    if kind == "number" and "answer" in item:
        yield from _number_form(item["answer"])
    if kind == "words" and "answer" in item:
        yield from _accepted(item["answer"])


def _options(kind: str, options: Any) -> Iterator[str]:
    low, high = OPTIONS[kind]
    if (
        not isinstance(options, list)
        or not low <= len(options) <= high
        or not all(isinstance(option, dict) for option in options)
    ):
        yield f"options: kind {kind} has {low} or {high}, each with text and why."
        return
    right = sum(option.get("right") is True for option in options)
    if kind == "one" and right != 1:
        yield f"options: kind one has exactly one with `right: true`; here {right or 'none'} has."
    if kind == "several" and not 2 <= right < len(options):
        yield f"options: kind several has two right ones or more and a wrong one; here {right} of {len(options)} are right."
    said = [option.get("text") for option in options]
    for count, option in enumerate(options, 1):
        at = f"option {count}"
        yield from _unknown(at, option, {"text", "right", "because", "why"})
        for field in ("text", "why"):
            if not _text(option.get(field)):
                yield f"{at}, {field}: it must be words (a number or yes/no stands in quotation marks)."
        if said.count(option.get("text")) > 1:
            yield f"{at}, text: another option says the same."
        if option.get("right", True) is not True:
            yield f"{at}, right: it is true or left out."
        because = option.get("because")
        if option.get("right") is True and because is not None:
            yield f"{at}, because: it says why an option is wrong ({because}), and this one is marked as right. Was `right: true` moved?"
        if option.get("right") is not True and because not in MISCONCEPTIONS:
            yield f"{at}, because: {because!r} is no misconception; a wrong option names one of {', '.join(MISCONCEPTIONS)}."


def _number_form(answer: Any) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield f"answer: it needs {', '.join(sorted(_ANSWER))}."
        return
    yield from _unknown("answer", answer, _ANSWER)
    of, places = answer.get("of"), answer.get("places")
    if not isinstance(of, list) or not of or not all(map(_text, of)):
        yield "answer, of: a list of ids of rows of data/ is needed."
    if answer.get("is") not in WAYS:
        yield f"answer, is: {answer.get('is')!r} is none; it is one of {', '.join(WAYS)}."
    if type(places) is not int or not 0 <= places <= 3:
        yield "answer, places: the decimals of the answer, from 0 to 3, are needed."
    if not _decimal(answer.get("tolerance")):
        yield "answer, tolerance: a number above zero is needed."
    if not isinstance(answer.get("unit"), str):
        yield 'answer, unit: the unit in words is needed; of a plain ratio it is "".'


def _accepted(answer: Any) -> Iterator[str]:
    if not isinstance(answer, dict) or set(answer) != {"accept"}:
        yield "answer: it needs accept, a list of words that are right."
        return
    accept = answer["accept"]
    if not isinstance(accept, list) or not accept or not all(map(_text, accept)):
        yield "answer, accept: a list of words that are right is needed, the best first."
    elif len({word.strip().lower() for word in accept}) < len(accept):
        yield "answer, accept: two of the answers are the same but for capitals."
    elif strange := [w for w in accept if re.search(r"[^\w αβ'/().,-]", w)]:
        yield f"answer, accept: {strange[0]!r} holds what somebody cannot type."


def _unknown(at: str, given: dict[str, Any], known: set[str]) -> Iterator[str]:
    for field in given:
        if field not in known:
            where = f"{at}, {field}" if at else str(field)
            yield f"{where}: no such field; the fields are {', '.join(sorted(known))}."


def _text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _decimal(value: Any) -> Decimal | None:
    """A number above zero, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found > 0 else None


# The answer.


def number(answer: dict[str, Any]) -> Number:
    """The answer as its rows make it. Raises ValueError with a sentence for each reason why they make none."""
    way = WAYS[answer["is"]]
    if way.rows and len(answer["of"]) != way.rows:
        raise ValueError(
            f"of: {answer['is']} takes {way.rows} row{'s' if way.rows > 1 else ''}; here are {len(answer['of'])}."
        )
    if len(answer["of"]) < 2 and not way.rows:
        raise ValueError("of: a sum takes two rows or more.")
    exact = way.work(answer["of"])
    step = Decimal(1).scaleb(-answer["places"])
    value = exact.quantize(step, ROUND_HALF_UP)
    tolerance = Decimal(str(answer["tolerance"]))
    found = Number(value, tolerance, answer["unit"].strip(), answer["places"])
    reasons = []
    if tolerance < FINEST:
        reasons.append(f"tolerance: {tolerance} is finer than {FINEST}.")
    if 2 * tolerance < step:
        reasons.append(
            f"tolerance: {tolerance} does not hold what rounding to {answer['places']} decimals does."
        )
    if abs(exact - value) > tolerance:
        reasons.append(f"tolerance: the exact answer {exact} lies outside {found}.")
    if found.low < FINEST and found.high > -FINEST:
        reasons.append(
            f"tolerance: {found.low} to {found.high} holds zero, so that nothing need be worked out."
        )
    if reasons:
        raise ValueError("\n".join(reasons))
    return found


@dataclass(frozen=True)
class _Way:
    """How many rows a calculation takes (0: two or more), and the calculation."""

    rows: int
    work: Callable[[list[str]], Decimal]


def _values(ids: list[str]) -> list[Decimal]:
    """The numbers of some rows, all in one unit."""
    found = []
    for id in ids:
        each = facts.fact(id)
        if each.value is None:
            raise ValueError(f"of: {id} has no number.")
        found.append(each)
    units = list(dict.fromkeys(each.unit for each in found))
    if len(units) > 1:
        raise ValueError(f"of: the rows have different units, {' and '.join(units)}.")
    return [each.value for each in found if each.value is not None]


def _counts(id: str) -> tuple[int, int]:
    """(events, people) of the arm of a row."""
    try:
        row = tables.row(id)
    except KeyError as error:
        raise ValueError(f"of: {error.args[0]}") from None
    if not row.get("events") or not row.get("n"):
        raise ValueError(
            f"of: {id} counts no people with the event (events) out of all in its arm (n)."
        )
    return int(Decimal(row["events"])), int(Decimal(row["n"]))


def _exact(value: float) -> Decimal:
    """A float without the dust of binary fractions, so that a half is rounded as by hand."""
    return Decimal(f"{value:.10f}")


def _paired(measure: Callable[..., Any]) -> Callable[[list[str]], Decimal]:
    """A measure of two arms: the first treated, the second what it is compared with."""

    def work(ids: list[str]) -> Decimal:
        return _exact(measure(*_counts(ids[0]), *_counts(ids[1])))

    return work


def _ratio(ids: list[str]) -> Decimal:
    first, second = _values(ids)
    if not second:
        raise ValueError(f"of: {ids[1]} is zero, so there is no ratio to it.")
    return first / second


def _per_1000(ids: list[str]) -> Decimal:
    return _exact(effects.risk(*_counts(ids[0])).per(1000).value)


def _needed(events: int, n: int, control_events: int, control_n: int) -> float:
    counts = (events, n, control_events, control_n)
    if not effects.absolute_risk_reduction(*counts).value:
        raise ValueError(
            "of: the two risks are the same, so there is no number needed."
        )
    return abs(effects.number_needed_to_treat(*counts).value)


#: What is worked out from the values of rows, and not from the people that they count.
OF_VALUES: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "value": lambda values: values[0],
    "difference": lambda values: abs(values[0] - values[1]),
    "ratio": lambda values: values[0] / values[1],
    "sum": lambda values: sum(values, Decimal(0)),
}
#: What `is:` may say.
WAYS = {
    "value": _Way(1, lambda ids: OF_VALUES["value"](_values(ids))),
    "per 1,000": _Way(1, _per_1000),
    "difference": _Way(2, lambda ids: OF_VALUES["difference"](_values(ids))),
    "difference per 1,000": _Way(
        2, _paired(lambda *c: abs(effects.absolute_risk_reduction(*c).per(1000).value))
    ),
    "number needed": _Way(2, _paired(_needed)),
    "relative risk": _Way(2, _paired(lambda *c: effects.relative_risk(*c).value)),
    "relative reduction": _Way(
        2, _paired(lambda *c: 100 * (1 - effects.relative_risk(*c).value))
    ),
    "odds ratio": _Way(2, _paired(lambda *c: effects.odds_ratio(*c).value)),
    "ratio": _Way(2, _ratio),
    "sum": _Way(0, lambda ids: OF_VALUES["sum"](_values(ids))),
}
