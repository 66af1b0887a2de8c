"""What a number says of the numbers beside it in its row, and of the people counted in the others."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from statistics import NormalDist

from .cross_cells import (
    ASKED,
    OF_ONE_ARM,
    PER,
    At,
    Found,
    Rows,
    arm,
    ends,
    every,
    kind,
    number,
    pairs,
    slack,
    spread,
)

#: Columns in which the two ends of a range differ.
OF_AN_END = ("id", "quantity", "assay", "statistic", "value", "note")
#: Units and tables of values -> the least and the greatest that could be; beyond, a point has moved.
POSSIBLE = {
    "ratio": (0.05, 12),
    "T-score": (-5, 4),
    "SMD": (-3, 3),
    "%/year": (-30, 30),
    "g/cm2/year": (-0.1, 0.1),
    "bmd_change %": (-20, 20),
    "loading_trials %": (-20, 20),
    "scan_precision %": (0, 10),
    "loading_trials g/cm2": (-0.2, 0.2),
    "bmd_change g/cm2": (-0.2, 0.2),
    "bmd_change percentage points": (-10, 10),
}


def middles(rows: Rows) -> Iterator[Found]:
    """A ratio lies in the geometric middle of its interval, a change or difference in the arithmetic one."""
    for at in every(rows):
        row = at.row
        found = ends(row)
        if not found or found[1] >= found[2]:
            continue
        value, low, high = found
        room, room_low, room_high = (
            slack(row[column]) for column in ("value", "ci_low", "ci_high")
        )
        if row.get("unit") == "ratio" and low > 0 and value > 0:
            half, middle = math.log(high / low) / 2, math.sqrt(low * high)
            away = abs(math.log(value / middle))
            room = room / value + room_low / low / 2 + room_high / high / 2
        elif re.search("change|difference", kind(row)):
            half, middle = (high - low) / 2, (high + low) / 2
            away = abs(value - middle)
            room += (room_low + room_high) / 2
        else:
            continue
        if away > 0.12 * half + room:
            interval = f"{row['ci_low']} to {row['ci_high']}"
            yield at.says("value", f"about {middle:.3g}, the middle of {interval}")


def errors(rows: Rows) -> Iterator[Found]:
    """A standard error fits the interval beside it, and those of a study's like numbers are of one size."""
    alike: dict[tuple, list[At]] = defaultdict(list)
    for at in every(rows):
        row = at.row
        se, told = number(row, "se"), spread(row)
        if se and told and row.get("unit") != "ratio":
            room = slack(row["se"]) + (slack(row["ci_low"]) + slack(row["ci_high"])) / 4
            if abs(told - se) > 0.15 * se + room:
                interval = f"{row['ci_low']} to {row['ci_high']}"
                yield at.says("se", f"about {told:.3g}, from the interval {interval}")
        for column in ("se", "sd"):
            if number(row, column) and row.get("study"):
                alike[at.table, row["study"], row["unit"], column].append(at)
    for (*_, study, _, column), found in alike.items():
        sizes = sorted(float(at.row[column]) for at in found)
        usual = sizes[len(sizes) // 2]
        for at in found:
            if len(found) > 1 and not usual / 4 < float(at.row[column]) < usual * 4:
                expected = f"about {usual:g}, as beside the other numbers of {study}"
                yield at.says(column, expected)


def p_values(rows: Rows) -> Iterator[Found]:
    """The p value of a comparison is the one that its interval, or its standard error, tells."""
    normal = NormalDist()
    for at in every(rows):
        row = at.row
        match = re.fullmatch(r"([<>=≤≥]?)\s*(0?\.\d+)", row.get("p_value", ""))
        value, error = number(row, "value"), spread(row) or number(row, "se")
        if kind(row) in OF_ONE_ARM or "reduction" in kind(row) or not match:
            continue  # the p value of an arm's change may compare it with another arm
        ratio = row.get("unit") == "ratio"
        if not error or value is None or (ratio and value <= 0):
            continue
        # away: how many standard errors the value is from no difference; room: what rounding may add
        away = abs(math.log(value) if ratio else value) / error
        room = slack(row["value"]) / (value if ratio else 1) / error
        if (found := ends(row)) and spread(row):
            for limit, column in zip(found[1:], ("ci_low", "ci_high"), strict=True):
                room += away * slack(row[column]) / (limit if ratio else 1) / error / 4
        p = max(float(match[2]), 1e-9)
        printed = normal.inv_cdf(1 - p / 2)
        room += 0.3 + normal.inv_cdf(1 - max(p - slack(match[2]), 1e-9) / 2) - printed
        if match[1] in ("<", "≤"):
            off = printed - away
        elif match[1] in (">", "≥"):
            off = away - printed
        else:
            off = abs(away - printed)
        if off > room:
            interval = f"the interval {row['ci_low']} to {row['ci_high']}"
            teller = interval if row["ci_low"] else f"the standard error {row['se']}"
            told = 2 * (1 - normal.cdf(away))
            yield at.says("p_value", f"about {told:.2g}, as {teller} says")


def sizes(rows: Rows) -> Iterator[Found]:
    """A value is possible in its unit, a p value is one, and an interval is of the usual level unless the note says another."""
    for at in every(rows):
        row, value = at.row, number(at.row, "value")
        unit = row.get("unit", "")
        least, most = POSSIBLE.get(unit) or POSSIBLE.get(
            f"{at.table} {unit}", (-math.inf, math.inf)
        )
        free = kind(row) == "share of women" or at.table == "model_parameters"
        if value is not None and not free and not least <= value <= most:
            yield at.says("value", f"{least:g} to {most:g} for {unit}")
        match = re.search(r"([<≤]?)\s*(\d[\d.]*)", row.get("p_value", ""))
        if match and not 0 < float(match[2].rstrip(".")) <= (0.05 if match[1] else 1):
            yield at.says("p_value", "a p value")
        level = row.get("ci_level", "")
        if level not in ("", "95") and level not in row["note"]:
            yield at.says("ci_level", "95, or a note that names the level")


def people(rows: Rows) -> Iterator[Found]:
    """No arm has more people than its study, and a comparison has those of its two arms."""
    totals = {at.row["id"]: number(at.row, "n_total") for at in every(rows, "studies")}
    for at in every(rows):
        n, study = number(at.row, "n"), at.row.get("study", "")
        total = totals.get(study)
        if n and total and n > total:
            yield at.says("n", f"at most {total:.0f}, all people of {study}")
    for pair in pairs(rows):
        sums = {
            int(one["n"]) + int(two["n"]): f"{one['n']} and {two['n']}"
            for one, two in pair.each()
            if one["n"].isdigit() and two["n"].isdigit()
        }
        if sums and number(pair.at.row, "n") not in (None, *sums):
            both, parts = next(iter(sums.items()))
            yield pair.at.says("n", f"{both}, {parts} of its two arms")


def same_people(rows: Rows) -> Iterator[Found]:
    """An arm has as many people in one row as in its others; two numbers that both come again are two tables of a paper."""
    arms: dict[tuple, list[At]] = defaultdict(list)
    for at in every(rows, *ASKED):
        row = at.row
        if row["n"]:
            against = "" if kind(row) in OF_ONE_ARM else row["comparator"]
            arms[row["study"], *arm(row), against, row["population"]].append(at)
    for found in arms.values():
        counted: dict[str, list[At]] = defaultdict(list)
        for at in found:
            counted[at.row["n"]].append(at)
        for n, few in counted.items():
            if len(few) > 1 or len(counted) == 1:
                continue
            usual = max((m for m in counted if m != n), key=lambda m: len(counted[m]))
            if len(counted[usual]) > 1 or few[0] is found[-1]:
                yield few[0].says("n", f"{usual}, as in {counted[usual][0].row['id']}")


def follow_up(rows: Rows) -> Iterator[Found]:
    """The rates of one report stand for the same years a person: events over rate and people."""
    reports: dict[tuple, list[tuple[At, float, float, float]]] = defaultdict(list)
    for at in every(rows, "outcomes"):
        row = at.row
        events, n, value = (number(row, column) for column in ("events", "n", "value"))
        if row["measure"] == "rate" and events and n and value:
            room, cases = slack(row["value"]), events * PER.get(row["unit"], 1000) / n
            least, most = cases / (value + room), cases / max(value - room, 1e-9)
            reports[row["study"], row["months"]].append(
                (at, least, cases / value, most)
            )
    for found in reports.values():
        usual = sorted(years for _, _, years, _ in found)[len(found) // 2]
        for at, least, years, most in found:
            if len(found) > 2 and not least / 1.06 <= usual <= most * 1.06:
                fits = float(at.row["value"]) * years / usual
                over = f"{at.row['n']} people over {usual:.1f} years"
                expected = f"about {fits:.3g}: {at.row['events']} events in {over}, as in its other rows"
                yield at.says("value", expected)


def ranges(rows: Rows) -> Iterator[Found]:
    """Of the two rows of a range the one called high is above the one called low."""
    for name in rows:
        both: dict[str, list[At]] = defaultdict(list)
        for at in every(rows, name):
            base, _, end = at.row["id"].rpartition("-")
            if end in ("high", "low"):
                both[base].append(at)
            elif kind(at.row).startswith("range "):
                yield at.says("statistic", "a range only where the id ends so")
        for found in both.values():
            if len(found) != 2:
                continue
            by = {_end(at): at for at in found}
            if len(by) == 1:
                expected = f"the other end than {found[0].row['id']}"
                yield found[1].says("statistic", expected)
                continue
            for column, cell in found[0].row.items():
                if column not in OF_AN_END and found[1].row[column] != cell:
                    yield found[1].says(
                        column, f"{cell or 'nothing'}, as at the other end"
                    )
            top, floor = (number(by[end].row, "value") for end in ("high", "low"))
            if top is not None and floor is not None and top <= floor:
                high = by["high"].row
                expected = f"less than {high['value']}, the high end in {high['id']}"
                yield by["low"].says("value", expected)


def _end(at: At) -> str:
    """Which end of a range a row is: its statistic says so, or else its id."""
    said = kind(at.row)
    return said[6:] if said.startswith("range ") else at.row["id"].rpartition("-")[2]


RULES = {
    "middle of the interval": middles,
    "standard error": errors,
    "p value and interval": p_values,
    "possible size": sizes,
    "people of the study": people,
    "people of the arm": same_people,
    "years of follow-up": follow_up,
    "ends of a range": ranges,
}
