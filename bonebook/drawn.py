"""What a figure shows, as plain values: the numbers, words and colors that stand on its axes.

    drawn(fig)      # -> {"axes": [{"title": ..., "x": ..., "marks": [...], "texts": [...]}], "tables": [...]}

In a notebook every figure carries this in the metadata of its picture (`show.KEY`), so that its alt text, its caption and its
table are compared with what was drawn and not with what was meant, and readers can have the figure as a table.
Numbers are rounded to six significant digits.
"""

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib import colors
from matplotlib.axes import Axes
from matplotlib.collections import Collection, EllipseCollection, PolyCollection
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from bonebook import tables

_CURVE = 24
_ROWS: WeakKeyDictionary[Axes, list[str]] = WeakKeyDictionary()


def drawn(fig: Figure) -> dict[str, Any]:
    """The values on the axes of a figure, as JSON can hold them.

    Keys: `axes`, a list with at (row and column among the panels), title, x, y (names of the axes), scale, down
    (whether y grows downward), ticks (words beside the axes), xticks and yticks (where each stands), marks, texts, notes
    (where each text stands) and rows (ids, of the rows drawn by style.forest and style.people); x, y, `texts` and
    `legend` of the whole figure; `tables`, the names of the tables read on the page so far, and `rows`, the ids asked
    for so far, with the words that show them.

    A mark has kind, color (#rrggbb), label, and x and y (lists of numbers). Its kind is points, line, curve (a line of
    more than 24 points), bars (from x to x, from y to y), people (number and of), interval (from end to end), band (x,
    y and top), rule (a line across the axes: x or y), span (a shaded stretch of x), or area. Points have marker and
    hollow, and so have bars; a line or curve without a label has beside, the text nearest to its end.
    """
    titles = [
        getattr(fig, f"_{name}") for name in ("suptitle", "supxlabel", "supylabel")
    ]
    across, up = ([*_words([title]), ""][0] for title in titles[1:])
    return {
        "axes": [_axes(ax) for ax in fig.axes if ax.get_visible()],
        "x": across,
        "y": up,
        "texts": _words([*fig.texts, *titles]),
        "legend": [
            word for legend in fig.legends for word in _words(legend.get_texts())
        ],
        "tables": tables.read(),
        "rows": tables.asked(),
    }


def keep_rows(ax: Axes, rows) -> None:
    """Remember which rows of a table with the column `id` these axes draw, first to last; "" for one worked out."""
    ids = [""] * len(rows) if "id" not in rows else rows["id"]
    _ROWS.setdefault(ax, []).extend(id if isinstance(id, str) else "" for id in ids)


def _axes(ax: Axes) -> dict[str, Any]:
    legend = ax.get_legend()
    place = ax.get_subplotspec()
    return {
        "at": [place.rowspan.start, place.colspan.start] if place else [0, 0],
        "title": " ".join(
            filter(None, (ax.get_title(loc=at) for at in ("left", "center", "right")))
        ),
        "x": ax.get_xlabel(),
        "y": ax.get_ylabel(),
        "scale": [ax.get_xscale(), ax.get_yscale()],
        "down": bool(ax.yaxis_inverted()),
        "ticks": _words([*ax.get_xticklabels(), *ax.get_yticklabels()])
        if ax.axison
        else [],
        "xticks": _ticks(ax, ax.get_xticks(), ax.get_xticklabels(), ax.get_xlim()),
        "yticks": _ticks(ax, ax.get_yticks(), ax.get_yticklabels(), ax.get_ylim()),
        "legend": _words(legend.get_texts()) if legend else [],
        "marks": [
            mark for mark in (*_lines(ax), *_patches(ax), *_collections(ax)) if mark
        ],
        "texts": _words(ax.texts),
        "notes": [
            [*_numbers(note.get_unitless_position()), note.get_text()]
            for note in ax.texts
            if note.get_text().strip() and note.get_transform() == ax.transData
        ],
        "rows": list(_ROWS.get(ax, [])),
    }


def _ticks(ax: Axes, places, labels, limits) -> list[list[Any]]:
    """Where each word beside an axis stands, those in view."""
    if not ax.axison:
        return []
    low, high = sorted(limits)
    return [
        [float(f"{place:.6g}"), text.get_text()]
        for place, text in zip(places, labels, strict=False)
        if text.get_text() and low <= place <= high
    ]


def _words(texts) -> list[str]:
    return [
        text.get_text()
        for text in texts
        if text is not None and text.get_text().strip()
    ]


def _numbers(values: Any) -> list[float]:
    """Numbers with six significant digits; what is no number is left out."""
    found: np.ndarray = np.ravel(
        np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
    )
    return [float(f"{number:.6g}") for number in found if np.isfinite(number)]


def _lines(ax: Axes):
    named = {
        each.lines[0]: each.get_label()
        for each in ax.containers
        if isinstance(each, ErrorbarContainer)
    }
    for line in ax.lines:
        # numbers, where the data are words or days
        points = np.asarray(line.get_xydata(), dtype=float)
        points = points[np.isfinite(points).all(axis=1)]
        x, y = _numbers(points[:, 0]), _numbers(points[:, 1])
        label = named.get(line, line.get_label())
        if line.get_transform() != ax.transData:  # axhline, axvline
            across = line.get_transform() == ax.get_xaxis_transform("grid")
            x, y = (x[:1], []) if across else ([], y[:1])
            yield _mark("rule", line.get_color(), label, x, y)
            continue
        dots = line.get_linestyle() in ("None", "none", " ", "") or len(y) == 1
        curve = len(y) > _CURVE and not dots
        kind = "curve" if curve else "points" if dots else "line"
        mark = _mark(kind, line.get_color(), label, x, y)
        if (shape := str(line.get_marker())) not in ("None", "none", " ", ""):
            mark |= {"marker": shape, "hollow": _hollow(line)}
            mark |= {"size": float(line.get_markersize())}
        if not dots and not mark["label"] and len(y):
            mark |= {"beside": _beside(ax, line)}
        yield mark


def _hollow(line: Line2D) -> str:
    """What of a marker is not filled: nothing (""), half, or all of it."""
    if line.get_fillstyle() in ("left", "right", "top", "bottom"):
        return "half"
    if line.get_fillstyle() == "none" or line.get_marker() in ("_", "x", "+"):
        return "all" if line.get_fillstyle() == "none" else ""
    return "all" if _color(line.get_markerfacecolor()) == _paper() else ""


def _paper() -> str:
    import matplotlib

    return _color(matplotlib.rcParams["figure.facecolor"])


def _beside(ax: Axes, line: Line2D) -> str:
    """The text nearest to the end of a line, if it is near."""
    points = ax.transData.transform(np.asarray(line.get_xydata(), dtype=float))
    box, near = ax.get_window_extent(), []
    for note in ax.texts:
        at = note.get_transform().transform(note.get_unitless_position())
        away = np.abs((points[-1] - at) / (box.width, box.height))
        near.append((float(away.max()), note.get_text()))
    return min(near)[1] if near and min(near)[0] < 0.12 else ""


def _patches(ax: Axes):
    bars = [bar for each in ax.containers for bar in getattr(each, "patches", [])]
    for container in ax.containers:
        for bar in getattr(container, "patches", []):
            (x0, y0), (x1, y1) = bar.get_bbox().get_points()
            hollow = "all" if _color(bar.get_facecolor()) == _paper() else ""
            color = bar.get_edgecolor() if hollow else bar.get_facecolor()
            yield _mark(
                "bars",
                color,
                container.get_label(),
                _numbers([x0, x1]),
                _numbers([y0, y1]),
            ) | {"hollow": hollow}
    for patch in ax.patches:  # axvspan
        if patch not in bars and isinstance(patch, Rectangle):
            low, high = sorted((patch.get_x(), patch.get_x() + patch.get_width()))
            x = _numbers([low, high])
            yield _mark("span", patch.get_facecolor(), patch.get_label(), x, [])


def _collections(ax: Axes):
    people = [c for c in ax.collections if isinstance(c, EllipseCollection)]
    if people:
        marked = [c for c in ax.collections if isinstance(c, PolyCollection)]
        number = sum(len(c.get_paths()) for c in marked)
        rest = [np.asarray(c.get_offsets()) for c in people]
        total = number + sum(len(points) for points in rest)
        color = marked[0].get_facecolor() if marked else people[0].get_facecolor()
        yield {
            "kind": "people",
            "color": _color(color),
            "label": "",
            "number": number,
            "of": total,
        }
        return
    whiskers = [
        bar
        for each in ax.containers
        if isinstance(each, ErrorbarContainer)
        for bar in each.lines[2]
    ]
    for found in ax.collections:
        paths = [np.asarray(path.vertices) for path in found.get_paths()]
        if isinstance(found, PolyCollection) and len(paths) == 1:
            yield _band(found, paths[0])
            continue
        kind = "interval" if found in whiskers else "area"
        corners = [ends for ends in paths if len(ends) < _CURVE]
        for ends in (
            corners
            if kind == "interval"
            else [np.vstack(corners or [np.empty((0, 2))])]
        ):
            points = _numbers(ends)
            yield _mark(
                kind, _face(found), found.get_label(), points[::2], points[1::2]
            )


def _band(found: Collection, corners: np.ndarray) -> dict[str, Any]:
    """A filled stretch between two curves: x, its lower edge y and its upper edge top."""
    corners = corners[np.isfinite(corners).all(axis=1)]
    x = np.unique(corners[:, 0])
    edges = [corners[corners[:, 0] == each, 1] for each in x]
    mark = _mark("band", _face(found), found.get_label(), _numbers(x), [])
    return mark | {
        "y": _numbers([edge.min() for edge in edges]),
        "top": _numbers([edge.max() for edge in edges]),
    }


def _face(found: Collection):
    colored = np.asarray(found.get_facecolor())
    return colored if len(colored) else found.get_edgecolor()


def _mark(kind: str, color, label, x: list[float], y: list[float]) -> dict[str, Any]:
    words = str(label)
    return {
        "kind": kind,
        "color": _color(color),
        "label": "" if words.startswith("_") else words,
        "x": x,
        "y": y,
    }


def _color(color) -> str:
    try:
        return colors.to_hex(color)
    except ValueError:
        return colors.to_hex(np.atleast_2d(color)[0])
