"""What a figure draws against the rows that it draws: numbers, intervals, colors, labels and units of each place.

    for reason in faults(drawn): ...      # sentences; nothing where all agrees

drawn: what bonebook.drawn gives for each figure of a cell. A place is a row's own where style.forest or style.people drew
it, or where the words beside it are those by which `pick` shows the row. A place whose number is no multiple of its row's
by a power of ten was worked out in the cell, and is left to the receipt of the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bonebook import palette, tables
from press import said
from press.proof.drawn import behind, exchanged, mistaken

_POWERS = (1.0, 10.0, 100.0, 1000.0, 0.1, 0.01, 0.001)
#: Units of rows, and the words that an axis has for them.
_UNITS = {
    "%": r"%|percent|1,000|\bscore",
    "percentage points": r"points?\b|difference|minus|1,000|%",
    "ratio": r"ratio|risk|odds",
    "per 1,000 women": r"1,000",
    "mg": r"\bmg\b",
    "ug": r"µg",
    "%/year": r"% a year|% per year",
}
_YEARS = re.compile(
    r"\b(?:over|in|after) (one|two|three|four|five|six|seven|eight|ten) years?\b"
)


@dataclass(frozen=True)
class Place:
    """A row where it is drawn: its words, the value there, the ends of its bar, the color, and the axis of the value."""

    id: str
    words: str
    value: float
    ends: tuple[float, float] | None
    color: str
    axis: str

    @property
    def row(self) -> dict[str, str]:
        return tables.index()[self.id][1]

    def factor(self) -> float | None:
        """The power of ten by which the row's number is drawn, or nothing."""
        exact = _number(self.row.get("value", ""))
        for power in _POWERS:
            if exact is not None and _same(self.value, exact * power):
                return power
        return None


def faults(drawn: list[dict[str, Any]]) -> Iterator[str]:
    """Where a figure does not draw its rows as they are, one sentence each."""
    for figure in drawn:
        for ax in figure["axes"]:
            places = list(_places(figure, ax))
            yield from _numbers(places)
            yield from _bars(places)
            yield from _colors(places)
            yield from _units(places)
            if ax["marks"] and ax["marks"][0]["kind"] == "people":
                yield from _people(ax)
            shown = {place.id: place.words for place in places}
            for words, why in (*exchanged(shown), *mistaken(shown)):
                yield f"{words!r} stands at another row's place: {why}"


def _places(figure: dict[str, Any], ax: dict[str, Any]) -> Iterator[Place]:
    known = tables.index()
    if ax["marks"] and ax["marks"][0]["kind"] == "people":
        for id in ax["rows"][:1]:
            mark = ax["marks"][0]
            if id in known:
                number, color = float(mark["number"]), mark["color"]
                yield Place(id, ax["title"], number, None, color, "1,000")
        return
    by_words: dict[str, list[str]] = {}
    for id, words in figure["rows"].items():
        by_words.setdefault(" ".join(words.split()), []).append(id)
    for axis, other in (("y", "x"), ("x", "y")):
        ticks = ax[f"{axis}ticks"]
        ids = ax["rows"] if axis == "y" and len(ax["rows"]) == len(ticks) else None
        for count, (at, text) in enumerate(ticks):
            named = by_words.get(" ".join(text.split()), [])
            id = ids[count] if ids else named[0] if len(named) == 1 else ""
            if id not in known:
                continue
            found = list(_values(ax, axis, other, at))
            if len(found) == 1:
                value, ends, color = found[0]
                name = ax[other] or figure[other]
                yield Place(id, text, value, ends, color, name)


def _values(
    ax: dict[str, Any], axis: str, other: str, at: float
) -> Iterator[tuple[float, tuple[float, float] | None, str]]:
    """(value, ends of its bar, color) of each mark at a place."""
    bars = [mark for mark in ax["marks"] if mark["kind"] == "interval"]
    for mark in ax["marks"]:
        if mark["kind"] == "bars" and _same(sum(mark[axis]) / 2, at):
            yield max(mark[other], key=abs), None, mark["color"]
        elif mark["kind"] == "points":
            for place, value in zip(mark[axis], mark[other], strict=False):
                if _same(place, at):
                    ends = [bar[other] for bar in bars if _same(bar[axis][0], at)]
                    low_high = (min(ends[0]), max(ends[0])) if ends else None
                    yield value, low_high, mark["color"]


def _numbers(places: list[Place]) -> Iterator[str]:
    """One factor for all rows, and a power of ten."""
    exact = [(place, _number(place.row.get("value", ""))) for place in places]
    ratios = [
        (place, place.value / number)
        for place, number in exact
        if number is not None and number and abs(number) != 1
    ]
    odd = [ratio for place, ratio in ratios if place.factor() is None]
    if len(odd) > 1 and len(odd) == len(ratios) and _same(min(odd), max(odd)):
        yield f"each value is drawn at {odd[0]:g} times that of its row."
    for place, ratio in ratios:
        if _same(ratio, -1) or (place.axis == "1,000" and not _whole(place)):
            own = place.row["value"]
            yield f"{place.words!r} is drawn at {place.value:g}, and its row {place.id} has {own} {place.row.get('unit', '')}."


def _whole(place: Place) -> bool:
    """Whether people are as many of 1,000 as the row says."""
    try:
        exact = tables.out_of_1000(place.row["value"], place.row["unit"])
    except ValueError:
        return True
    return _same(place.value, exact)


def _bars(places: list[Place]) -> Iterator[str]:
    """The ends of a bar are the limits of its row, or its value and one or 1.96 standard errors."""
    for place in places:
        factor, row = place.factor(), place.row
        if factor is None or place.ends is None:
            continue
        low, high, se = (_number(row.get(n, "")) for n in ("ci_low", "ci_high", "se"))
        known = [] if low is None or high is None else [(low, high)]
        if se is not None:
            value = place.value / factor
            known += [(value - z * se, value + z * se) for z in (1, 1.959964)]
        ends = (place.ends[0] / factor, place.ends[1] / factor)
        if known and not any(
            abs(ends[0] - a) < 0.006 and abs(ends[1] - b) < 0.006 for a, b in known
        ):
            a, b = known[0]
            yield f"the bar at {place.words!r} goes from {ends[0]:g} to {ends[1]:g}, and that of the row {place.id} from {a:g} to {b:g}."


def _colors(places: list[Place]) -> Iterator[str]:
    """A row is drawn in the color of its drug, or in one of no drug."""
    colors, known = said.colors(), tables.index()
    for place in places:
        drug = colors.get(place.color.lower())
        rows = [known[id][1] for id in behind({place.id})]
        own = {row.get(name, "") for row in rows for name in ("drug", "comparator")}
        own &= known.keys()
        if not drug or not own or drug in own | said.drugs_named(place.words):
            continue
        # a drug without a color of its own has that of its kind
        if palette.drug_color(drug) not in {palette.drug_color(each) for each in own}:
            of = ", ".join(sorted(own))
            yield f"{place.words!r} is drawn in the color of {drug}, and its row {place.id} is of {of}."


def _people(ax: dict[str, Any]) -> Iterator[str]:
    """The numbers over a panel of people are how many are marked, and of how many."""
    mark = ax["marks"][0]
    for found in re.finditer(rf"(?<![\w.]){said.NUMBER}(?! mg)\b", ax["title"]):
        if said.number(found[0]) not in (mark["number"], mark["of"]):
            yield f"{ax['title']!r} stands over {mark['number']} of {mark['of']} people."


def _units(places: list[Place]) -> Iterator[str]:
    """The axis names the unit of the rows, and their span."""
    own = [place for place in places if place.factor() is not None]
    if not own or own[0].axis in ("", "1,000"):
        return
    axis = own[0].axis
    units = {place.row.get("unit", "") for place in own}
    for unit in sorted(units & _UNITS.keys()):
        if not re.search(_UNITS[unit], axis):
            yield f"the axis is called {axis!r}, and its rows are in {unit!r}."
    if found := _YEARS.search(axis):
        spans = {place.row.get("months", "") for place in own} - {""}
        if spans and str(12 * said.WORDS[found[1]]) not in spans:
            there = " and ".join(sorted(spans))
            yield f"the axis is called {axis!r}, and its rows are of {there} months."


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-4 * max(1.0, abs(other))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
