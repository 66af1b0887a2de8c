"""A figure as a table for readers: the values that it draws, with the words and units that stand beside them.

    for part in parts(figure, caption): part.title, part.header, part.rows      # a part is a table, a panel or a kind

figure: what bonebook.drawn gives. A row is a place with a word of its own (a bar, a mark with its interval), a point of a
line, or 1,000 people; a curve of many points is read at the ticks of its axis, twelve at most. `data` is what a program
may have of the figure: all its points, without the ids of the rows behind them.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from bonebook import palette, show, tables

MOST = 12
SHAPES = {
    "o": "circle",
    "s": "square",
    "^": "triangle up",
    "v": "triangle down",
    "<": "triangle left",
    ">": "triangle right",
    "D": "diamond",
    "d": "diamond",
    "P": "plus",
    "X": "cross",
    "x": "cross",
    "h": "hexagon",
    "H": "hexagon",
    "8": "octagon",
    "p": "pentagon",
    "*": "star",
    "_": "bar",
    "|": "line",
}
_SIZES = {
    2: ["small", "large"],
    3: ["small", "middle", "large"],
    4: ["smallest", "small", "large", "largest"],
}
_SHAPE = re.compile(r"\b(?:outline|diamond|circle|square|triangle|hexagon|cross)")
_FILL = re.compile(r"\b(?:hollow|filled)\b")


@dataclass(frozen=True)
class Part:
    """One table: title (of the panel, or ""), the words over the columns, and the rows, all as they are written."""

    title: str
    header: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Value:
    """One value of a figure: its place in words, its series, its mark in words, the value, and the ends of its bar."""

    place: str
    series: str
    mark: str
    value: float
    ends: tuple[float, float] | None


def parts(figure: dict[str, Any], caption: str = "") -> list[Part]:
    """The tables of a figure, in the order of its panels; caption: in words, for what it says of marks."""
    shown = [ax for ax in figure["axes"] if ax["marks"]]
    if shown and all(ax["marks"][0]["kind"] == "people" for ax in shown):
        rows = [[ax["title"], _people(ax["marks"][0])] for ax in shown]
        return [Part("", ["panel", "colored squares"], rows)]
    found: list[Part] = []
    for ax in shown:
        name_x, name_y = (_name(figure, ax, axis) for axis in ("x", "y"))
        title = ax["title"] if len(shown) > 1 else ""
        if len(shown) > 1 and not title:
            title = name_y if _worded(ax["xticks"]) else f"{name_y} by {name_x}"
        speaks = (
            "shape"
            if _SHAPE.search(caption.lower())
            else "fill"
            if _FILL.search(caption.lower())
            else ""
        )
        beside = not ax["xticks"] and len({tuple(m["x"]) for m in ax["marks"]}) == 1
        if _worded(ax["yticks"]) and (_worded(ax["xticks"]) or beside):
            found.append(_grid(ax, title))
        elif _worded(ax["yticks"]):
            found += _by_place(ax, "y", "x", name_x, title, speaks)
        elif _worded(ax["xticks"]):
            found += _by_place(ax, "x", "y", name_y, title, speaks)
        else:
            # panels that share an axis have the words beside one of them
            known = [other["xticks"] for other in shown if other["xticks"]]
            ticks = ax["xticks"] or [*known, []][0]
            found += _by_number(ax, name_x, name_y, title, speaks, ticks)
    return [part for part in found if part.rows]


def data(figure: dict[str, Any], /, **about: str) -> dict[str, Any]:
    """A figure for programs: what is said `about` it, its panels with every point, the tables that it rests on."""
    panels = []
    for ax in figure["axes"]:
        panel = {
            name: ax[name] for name in ("title", "x", "y", "scale", "texts", "marks")
        }
        for axis in ("xticks", "yticks"):
            panel[axis] = [tick for tick in ax[axis] if "mathdefault" not in tick[1]]
        panels.append(panel)
    return about | {"panels": panels, "tables": figure["tables"]}


def written(numbers: Iterable[float], log: bool = False) -> list[str]:
    """A column of numbers to read, with one number of decimals: their own up to two, else three digits of the largest.

    Numbers far below one, and those of a logarithmic axis over two powers of ten, have three digits each.
    """
    known = list(numbers)
    sizes = [abs(number) for number in known if number]
    if not sizes:
        return ["0" for _ in known]
    if max(sizes) < 0.1 or (log and max(sizes) > 60 * min(sizes)):
        return [_write(number, 2 - _power(number), False) for number in known]
    own = max(len(f"{size:.6f}".rstrip("0").partition(".")[2]) for size in sizes)
    most = 0 if max(sizes) >= 100 else 2 if own <= 2 else 2 - _power(max(sizes))
    return [_write(number, min(own, most, 2), True) for number in known]


def _power(number: float) -> int:
    return math.floor(math.log10(abs(number))) if number else 0


def _write(number: float, places: int, kept: bool) -> str:
    places = max(0, places)
    rounded = round(number, places) + 0.0
    return show.number(rounded, places if kept and rounded else None)


def _people(mark: dict[str, Any]) -> str:
    return f"{show.number(mark['number'])} of {show.number(mark['of'])}"


def _name(figure: dict[str, Any], ax: dict[str, Any], axis: str) -> str:
    """The name of an axis, or of the one that it shares."""
    others = [other[axis] for other in figure["axes"] if other[axis]]
    return ax[axis] or figure[axis] or (others[0] if others else axis)


def _worded(ticks: list[list[Any]]) -> bool:
    """Whether words stand beside an axis, and not numbers."""
    return any(
        re.search(r"[^\W\d]{2}", re.sub(r"\\mathdefault", "", text))
        for _, text in ticks
    ) or any(re.fullmatch(r"\d+[-–]\d+", text) for _, text in ticks)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-3)


@lru_cache(maxsize=1)
def _drugs() -> dict[str, str]:
    """{color: name of the drug}, without the grays, which are drawn for other things too."""
    names = {row["id"]: row["name"].split(" (")[0] for row in tables.rows("drugs")}
    gray = ("placebo", "none", "baseline", "other", "serm-class")
    return {
        color: names[id]
        for id, (color, *_) in palette.DRUGS.items()
        if id in names and id not in gray
    }


def _series(mark: dict[str, Any]) -> str:
    own = mark["label"] or mark.get("beside", "")
    return _plain(own or _drugs().get(mark["color"], ""))


def _plain(words: str) -> str:
    return " ".join(words.split())


def _shape(mark: dict[str, Any]) -> str:
    """A mark in words: a hollow circle, a filled bar."""
    if mark["kind"] == "bars":
        return "outline" if mark["hollow"] else "filled"
    shape = SHAPES.get(mark.get("marker", ""), "")
    hollow = {"all": "hollow ", "half": "half "}.get(mark.get("hollow", ""), "")
    return hollow + shape


def _by_place(
    ax: dict[str, Any], axis: str, other: str, name: str, title: str, speaks: str
) -> Iterator[Part]:
    """Values that stand at words beside one axis."""
    ticks = ax[f"{axis}ticks"]
    if axis == "y" and not ax["down"]:
        ticks = ticks[::-1]
    found = [
        value
        for place, text in ticks
        for value in _at(ax, axis, other, place, _plain(text))
    ]
    log = ax["scale"][axis == "x"] == "log"
    yield _listed(found, title, "row", name, speaks, log)
    even = 1 if "log" in ax["scale"] else 0
    lines = [mark for mark in ax["marks"] if mark["kind"] == "rule" and mark[other]]
    lines = [mark for mark in lines if mark[other][0] != even]
    words = [_note(ax, mark, other) or "line" for mark in lines]
    at = written(mark[other][0] for mark in lines)
    rows = [list(row) for row in zip(words, at, strict=True)]
    across = f"{title}, lines across" if title else "Lines across"
    yield Part(across, ["line", name], rows)


def _at(
    ax: dict[str, Any], axis: str, other: str, place: float, text: str
) -> Iterator[Value]:
    """The values at one place of an axis."""
    for mark in ax["marks"]:
        if mark["kind"] == "bars":
            if _close(sum(mark[axis]) / 2, place):
                value = max(mark[other], key=abs)
                yield Value(text, mark["label"], _shape(mark), value, None)
        elif mark["kind"] in ("points", "line"):
            for at, value in zip(mark[axis], mark[other], strict=False):
                if _close(at, place):
                    ends = _ends(ax, axis, other, at, value)
                    yield Value(text, _series(mark), _shape(mark), value, ends)


def _ends(
    ax: dict[str, Any], axis: str, other: str, at: float, value: float
) -> tuple[float, float] | None:
    """The ends of the bar on which a point lies."""
    for mark in ax["marks"]:
        if mark["kind"] == "interval" and all(_close(each, at) for each in mark[axis]):
            low, high = min(mark[other]), max(mark[other])
            if low - 1e-9 <= value <= high + 1e-9:
                return low, high
    return None


def _listed(
    found: list[Value], title: str, first: str, name: str, speaks: str, log: bool
) -> Part:
    """One value a row, or, where each place has each series, one place a row."""
    places = list(dict.fromkeys(value.place for value in found))
    series = list(dict.fromkeys(value.series for value in found))
    alone = len({(value.place, value.series) for value in found}) == len(found)
    ends = [end for value in found for end in value.ends or ()]
    numbers = written([*(value.value for value in found), *ends], log)
    values, rest = numbers[: len(found)], iter(numbers[len(found) :])
    bars = [f"{next(rest)} to {next(rest)}" if value.ends else "" for value in found]
    if len(series) > 1 and all(series) and alone and len(places) < len(found):
        cells = {
            (value.place, value.series): f"{number} ({bar})" if bar else number
            for value, number, bar in zip(found, values, bars, strict=True)
        }
        rows = [
            [place, *(cells.get((place, s), "") for s in series)] for place in places
        ]
        return Part(_titled(title, name), [first, *series], rows)
    marks = [value.mark for value in found]
    again = len(places) < len(found)
    if speaks == "fill" and not again:
        marks = ["hollow" if "hollow" in mark else "filled" for mark in marks]
    columns = {
        first: [value.place for value in found],
        "series": [value.series for value in found],
        name: values,
        "error bar": bars,
        "mark": marks,
    }
    if len(series) < 2 or not again or not any(series):
        del columns["series"]
    if len(set(marks)) < 2 or not (speaks or again):
        del columns["mark"]
    if not any(bars):
        del columns["error bar"]
    return _part(title, columns)


def _titled(title: str, name: str) -> str:
    return f"{title}: {name}" if title and name not in title else title or name


def _part(title: str, columns: dict[str, list[str]]) -> Part:
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return Part(title, list(columns), rows)


def _note(ax: dict[str, Any], rule: dict[str, Any], axis: str) -> str:
    """The words beside a line across the axes."""
    at = rule[axis][0]
    near = [
        (abs(note[axis == "y"] - at), note[2])
        for note in ax["notes"]
        if abs(note[axis == "y"] - at) <= 0.2 * abs(at)
    ]
    return _plain(rule["label"] or (min(near)[1] if near else ""))


def _by_number(
    ax: dict[str, Any],
    name_x: str,
    name_y: str,
    title: str,
    speaks: str,
    ticks: list[list[Any]],
) -> Iterator[Part]:
    """Points and curves between two axes with numbers."""
    curves = _curves(ax, name_x, name_y, title, ticks)
    yield curves
    drawn = [mark for mark in ax["marks"] if mark["kind"] in ("points", "line")]
    points: dict[tuple[str, float, float], tuple[str, str]] = {}
    for mark in drawn:
        for x, y in zip(mark["x"], mark["y"], strict=False):
            key = mark["color"], x, y
            # a point drawn over one of a line
            same = [at for at in points if at[0] == key[0] and _close(at[1], x)]
            same = [at for at in same if _close(at[2], y)]
            series = points[same[0]][0] if same else _series(mark)
            points[same[0] if same else key] = series, _shape(mark)
    columns = {
        "series": [series or "points" for series, _ in points.values()],
        name_x: written((x for _, x, _ in points), ax["scale"][0] == "log"),
        name_y: written((y for _, _, y in points), ax["scale"][1] == "log"),
        "mark": [shape for _, shape in points.values()],
    }
    if len(set(columns["series"])) < 2:
        del columns["series"]
    if len(set(columns["mark"])) < 2 or not speaks:
        del columns["mark"]
    points_of = f"{title}, points" if title else "Points"
    yield _part(points_of if curves.rows else title, columns)
    rows = []
    for mark in ax["marks"]:
        if mark["kind"] == "span":
            rows.append(["shaded", name_x, " to ".join(written(mark["x"]))])
        for axis, name in (("x", name_x), ("y", name_y)):
            if mark["kind"] == "rule" and mark[axis] and mark[axis][0] != 0:
                word = _note(ax, mark, axis) or "line"
                rows.append([word, name, written(mark[axis])[0]])
    across = f"{title}, lines across" if title else "Lines and bands across"
    yield Part(across, ["line or band", "axis", "at"], rows)


def _curves(
    ax: dict[str, Any], name_x: str, name_y: str, title: str, ticks: list[list[Any]]
) -> Part:
    """The curves, read at the ticks of the axis or, where these are few, at steps between its ends."""
    curves = [mark for mark in ax["marks"] if mark["kind"] == "curve"]
    bands = [mark for mark in ax["marks"] if mark["kind"] == "band"]
    if not curves:
        return Part(title, [], [])
    ends = [end for mark in curves for end in (min(mark["x"]), max(mark["x"]))]
    low, high, log = min(ends), max(ends), ax["scale"][0] == "log"
    at = [x for x, _ in ticks if low <= x <= high or _close(x, high)]
    if len(at) > MOST:
        at = at[:: math.ceil(len(at) / MOST)]
    if len(at) < 3:
        space = np.geomspace if log else np.linspace
        at = [float(f"{x:.3g}") for x in space(low, high, 7)]
    one, high_log = len(curves) == 1, ax["scale"][1] == "log"
    series = [_series(mark) or f"curve {n}" for n, mark in enumerate(curves, 1)]
    header, columns = [name_x], [written(at, log)]
    for mark, word in zip(curves, series, strict=True):
        header.append(name_y if one else word)
        found = (_read(mark["x"], mark["y"], x, log) for x in at)
        columns.append(_column(found, high_log))
    for mark in bands:
        lower = [_read(mark["x"], mark["y"], x, log) for x in at]
        upper = [_read(mark["x"], mark["top"], x, log) for x in at]
        edges = _column([*lower, *upper])
        pairs = zip(edges[: len(at)], edges[len(at) :], strict=True)
        header.append("band")
        columns.append([f"{low} to {high}" if low else "" for low, high in pairs])
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Part(title if one else _titled(title, name_y), header, rows)


def _column(numbers: Iterable[float | None], log: bool = False) -> list[str]:
    known = list(numbers)
    words = iter(written((number for number in known if number is not None), log))
    return ["" if number is None else next(words) for number in known]


def _read(xs: list[float], ys: list[float], x: float, log: bool) -> float | None:
    """A curve at x; nothing beyond its ends."""
    if not min(xs) <= x <= max(xs) and not any(
        _close(x, end) for end in (xs[0], xs[-1])
    ):
        return None
    scale = np.log if log else np.asarray
    return float(np.interp(scale(x), scale(xs), ys))


def _grid(ax: dict[str, Any], title: str) -> Part:
    """Marks at the crossings of two axes with words; without words on one, beside its words."""
    marks = [mark for mark in ax["marks"] if mark["kind"] == "points"]
    sizes = sorted({mark["size"] for mark in marks})
    halves = {mark["marker"] for mark in marks if mark["hollow"] == "half"}

    def words(mark: dict[str, Any]) -> str:
        shape = _shape(mark)
        if mark["marker"] in halves and not mark["hollow"]:
            shape = f"full {shape}"
        if len(sizes) in _SIZES:
            shape += f", {_SIZES[len(sizes)][sizes.index(mark['size'])]}"
        return shape

    columns = ax["xticks"] or [[mark["x"][0], "mark"] for mark in marks[:1]]
    rows = ax["yticks"] if ax["down"] else ax["yticks"][::-1]
    table = []
    for y, name in rows:
        cells = []
        for x, _ in columns:
            here = [
                words(mark)
                for mark in marks
                if _close(mark["x"][0], x) and _close(mark["y"][0], y)
            ]
            if not ax["xticks"]:
                here += [note[2] for note in ax["notes"] if _close(note[1], y)]
            cells.append(": ".join(here))
        table.append([_plain(name), *cells])
    return Part(title, ["row", *(_plain(name) for _, name in columns)], table)
