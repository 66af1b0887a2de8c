"""What a comparison says of its two arms: ratio, interval, difference, reduction, number needed, pooled counts."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator

from .cross_cells import (
    Found,
    Pair,
    Rows,
    arm,
    chances,
    every,
    kind,
    number,
    pairs,
    slack,
    spread,
)
from .report import Row

#: How far the logarithm of a ratio may be from what its arms say: of risks or rates, and of bare counts.
NEAR, LOOSE = 0.04, 0.1


def ratios(rows: Rows) -> Iterator[Found]:
    """A ratio is that of its two arms."""
    for pair in pairs(rows):
        row = pair.at.row
        value = number(row, "value")
        if row["unit"] != "ratio" or not value or value <= 0:
            continue
        odds = row["measure"] == "odds ratio"
        room = slack(row["value"]) / value
        told = [
            (
                max(math.log(low / value) if low else 0, math.log(value / high)) - near,
                ids,
                low,
                high,
            )
            for low, high, near, ids in _told(pair, odds)
        ]
        if told and min(told)[0] > room:
            _, ids, low, high = min(told)
            middle = math.sqrt(low * high) or high
            yield pair.at.says("value", f"about {middle:.3g}, from {ids}")


def _told(pair: Pair, odds: bool) -> Iterator[tuple[float, float, float, str]]:
    """The ratios that two arms tell: lowest, highest, how near it must be, from which rows."""
    for one, two in pair.each():
        first, second = chances(one), chances(two)
        both = first.keys() & second.keys()
        for what in both:
            (a, b), (c, d) = first[what], second[what]
            if b <= 0 or c <= 0 or a < 0 or (what == "events" and len(both) > 1):
                continue
            low, high = a / d, b / c
            if odds and what != "events" and max(b, d) < 1:
                low, high = low * (1 - d) / (1 - a), high * (1 - c) / (1 - b)
            near = LOOSE if what == "events" else NEAR
            yield low, high, near, f"{one['id']} and {two['id']}"


def widths(rows: Rows) -> Iterator[Found]:
    """The interval of a ratio is as wide as the events of its two arms make it."""
    for pair in pairs(rows):
        row = pair.at.row
        error, value = spread(row), number(row, "value")
        one, two = _events(pair.treated), _events(pair.control)
        if row["unit"] != "ratio" or not (error and value and one and two):
            continue
        if min(value, one, two) <= 0:
            continue
        told = math.sqrt(1 / one + 1 / two)
        room = sum(slack(row[c]) / float(row[c]) for c in ("ci_low", "ci_high")) / 3.92
        # exact methods give wider intervals where events are few
        if abs(error - told) <= (0.1 + 0.5 / min(one, two)) * told + room:
            continue
        low, high = (value * math.exp(way * 1.96 * told) for way in (-1, 1))
        off_low, off_high = float(row["ci_low"]) / low, float(row["ci_high"]) / high
        worse = abs(math.log(off_high)) >= abs(math.log(off_low))
        cases = f"{one:.0f} and {two:.0f} events"
        expected = f"an interval of about {low:.2f} to {high:.2f}, from {cases}"
        yield pair.at.says("ci_high" if worse else "ci_low", expected)


def _events(side: list[Row]) -> float | None:
    return next((events for row in side if (events := number(row, "events"))), None)


def differences(rows: Rows) -> Iterator[Found]:
    """A difference is that of its two arms."""
    for pair in pairs(rows):
        row = pair.at.row
        value = number(row, "value")
        if value is None or "difference" not in kind(row):
            continue
        for one, two in pair.each():
            a, b = number(one, "value"), number(two, "value")
            alike = kind(one) == kind(two) != "count" and one["unit"] == two["unit"]
            if a is None or b is None or not alike:
                continue
            room = sum(slack(each["value"]) for each in (row, one, two)) * 1.001
            if abs(value - (a - b)) > room + 0.02 * abs(a - b):
                expected = f"{a - b:.3g}, {one['id']} less {two['id']}"
                yield pair.at.says("value", expected)


def reductions(rows: Rows) -> Iterator[Found]:
    """A relative reduction is 1 less the ratio, printed or of its arms; a number needed is 1 over the difference."""
    ratio = {
        _question(at.row): at.row
        for at in every(rows, "outcomes")
        if re.fullmatch("relative risk|hazard ratio|rate ratio", at.row["measure"])
    }
    for at in every(rows, "outcomes"):
        value, other = number(at.row, "value"), ratio.get(_question(at.row))
        if at.row["measure"] == "relative risk reduction" and other and value:
            told = 100 * (1 - float(other["value"]))
            if abs(value - told) > 1.5:
                yield at.says("value", f"{told:.0f}, from {other['id']}")
    for pair in pairs(rows):
        row = pair.at.row
        value, room = number(row, "value"), slack(row["value"])
        first, second = _sure(pair.treated), _sure(pair.control)
        both = [what for what in first if what in second and second[what][0]]
        if value is None or not both:
            continue
        if row["measure"] == "relative risk reduction":
            told_ = [
                100 * (1 - first[what][i] / second[what][1 - i])
                for what in both
                for i in (0, 1)
            ]
            low, high = min(told_) - room - 2, max(told_) + room + 2
        elif row["measure"].startswith("number needed"):
            gaps = [
                abs(first[what][i] - second[what][1 - i])
                for what in both
                for i in (0, 1)
            ]
            low = 0.93 / max(gaps) - room
            high = 1.07 / min(gaps) + room if min(gaps) else math.inf
        else:
            continue
        if not low <= value <= high:
            expected = f"from {low:.3g} to {high:.3g}, as its arms say"
            yield pair.at.says("value", expected)


def _question(row: Row) -> tuple:
    return row["study"], arm(row), row["comparator"], row["outcome"], row["population"]


def _sure(side: list[Row]) -> dict[str, tuple[float, float]]:
    """What an arm's rows say of its risk or rate; bare counts left out."""
    return {
        what: said
        for row in side
        for what, said in chances(row).items()
        if what != "events"
    }


def totals(rows: Rows) -> Iterator[Found]:
    """A pooled count is the sum of its trials: those with a placebo arm, each with its last dose."""
    trials: dict[tuple, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    pooled = []
    for at in every(rows, "outcomes"):
        row = at.row
        if row["measure"] != "count" or number(row, "value") is None:
            continue
        if "-pooled-" in row["id"]:
            pooled.append(at)
        else:
            trials[row["study"], row["outcome"]][row["population"]].append(row)
    for at in pooled:
        parts, placebo = [], at.row["drug"] == "placebo"
        for arms in trials[at.row["study"], at.row["outcome"]].values():
            mine = [row for row in arms if (row["drug"] == "placebo") == placebo]
            if mine and any(row["drug"] == "placebo" for row in arms):
                parts.append(max(mine, key=lambda row: row["id"]))
        told = sum(float(row["value"]) for row in parts)
        if parts and told != float(at.row["value"]):
            yield at.says("value", f"{told:.0f}, the sum of its {len(parts)} trials")


RULES = {
    "ratio and arms": ratios,
    "interval and events": widths,
    "difference and arms": differences,
    "reduction and arms": reductions,
    "sum of the trials": totals,
}
