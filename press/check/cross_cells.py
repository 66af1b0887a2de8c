"""What the rules of cross-examination share: a row in its place, numbers in cells, the arms of a comparison."""

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from .report import Row

#: The tables by name: each row with its line. The bibliography is one of them.
Rows = dict[str, list[tuple[int, Row]]]
#: Table, line, row, column, what was found there, what was expected.
Found = tuple[str, int, Row, str, str, str]

#: Which column of a table says what was counted or measured.
ASKED = {
    "outcomes": "outcome",
    "bmd_change": "site",
    "markers": "marker",
    "loading_trials": "site",
}
#: Measures and statistics that belong to one arm; all others compare two.
OF_ONE_ARM = {
    "risk",
    "count",
    "rate",
    "share",
    "share of women",
    "mean change",
    "adjusted mean change",
    "median change",
    "mean change per year",
    "median change per year",
}
PER = {"%": 100, "percentage points": 100, "per 100 person-years": 100}


class At(NamedTuple):
    """A row in its place: the name of its table, its line, the row."""

    table: str
    line: int
    row: Row

    def says(self, column: str, expected: str, found: str | None = None) -> Found:
        """A fault in a column of the row; found: the cell itself when left out."""
        cell = self.row.get(column, "") if found is None else found
        return self.table, self.line, self.row, column, cell or "nothing", expected


def every(rows: Rows, *names: str) -> Iterator[At]:
    """The rows of some tables, of all when none is named."""
    for name in names or rows:
        for line, row in rows.get(name, []):
            yield At(name, line, row)


def number(row: Row, column: str) -> float | None:
    """A cell as a number; None where nothing, or no number, stands."""
    cell = row.get(column)
    if not cell:
        return None
    try:
        found = float(cell)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def slack(cell: str) -> float:
    """Half a unit of the last printed place: how far a rounded number may lie from the exact one."""
    return 0.5 * 10.0 ** -len(cell.partition(".")[2])


def kind(row: Row) -> str:
    """What the value of a row is: its measure or statistic."""
    return row.get("measure") or row.get("statistic", "")


def arm(row: Row) -> tuple[str, ...]:
    """Which arm a row is of: drug, dose and regimen, or the exercise."""
    if "exercise" in row:
        return (row["exercise"],)
    return row["drug"], row["dose_mg"], row["regimen"]


def ends(row: Row) -> tuple[float, float, float] | None:
    """Value and limits of a row, if all three stand."""
    value, low, high = (
        number(row, column) for column in ("value", "ci_low", "ci_high")
    )
    if value is None or low is None or high is None:
        return None
    return value, low, high


def spread(row: Row) -> float | None:
    """The standard error that an interval tells: that of the logarithm for a ratio."""
    found, level = ends(row), number(row, "ci_level") or 95
    if not found or not 50 <= level < 100:
        return None
    _, low, high = found
    width = _width(level)
    if row.get("unit") != "ratio":
        return (high - low) / width
    return math.log(high / low) / width if high > low > 0 else None


@lru_cache(maxsize=16)
def _width(level: float) -> float:
    """How many standard errors an interval of so many percent is wide."""
    return 2 * NormalDist().inv_cdf(0.5 + level / 200)


class Pair(NamedTuple):
    """A comparison, and the rows of its two arms that answer the same question."""

    at: At
    treated: list[Row]
    control: list[Row]

    def each(self) -> Iterator[tuple[Row, Row]]:
        """Every row of the one arm with every row of the other."""
        for one in self.treated:
            for two in self.control:
                yield one, two


def pairs(rows: Rows) -> Iterator[Pair]:
    """The comparisons of which both arms stand in the same table, for one study, outcome, population and time."""
    questions: dict[tuple, list[At]] = defaultdict(list)
    for at in every(rows, "outcomes", "bmd_change", "markers"):
        row = at.row
        asked = row["study"], row[ASKED[at.table]], row["population"], row["months"]
        questions[at.table, *asked].append(at)
    for found in questions.values():
        alone = [at.row for at in found if kind(at.row) in OF_ONE_ARM]
        for at in found:
            if kind(at.row) in OF_ONE_ARM or not at.row["comparator"]:
                continue
            treated = [other for other in alone if arm(other) == arm(at.row)]
            control = [
                other for other in alone if other["drug"] == at.row["comparator"]
            ]
            if treated and control:
                yield Pair(at, treated, control)


def chances(row: Row) -> dict[str, tuple[float, float]]:
    """What an arm's row says of its risk or rate: the lowest and highest number that its rounding allows."""
    events, n, years, value = (
        number(row, column) for column in ("events", "n", "person_years", "value")
    )
    said = {}
    if events is not None:
        said["events"] = (events, events)
        if n:
            said["risk"] = (events / n, events / n)
        if years:
            said["rate"] = (events / years, events / years)
    if value is not None and kind(row) in ("risk", "rate"):
        per, room = PER.get(row["unit"], 1000), slack(row["value"])
        low, high = max(value - room, 0) / per, (value + room) / per
        said["printed " + kind(row)] = (low, high)
    return said
