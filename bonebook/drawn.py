"""What a figure shows, as plain values: the numbers, words and colors that stand on its axes.

    drawn(fig)      # -> {"axes": [{"title": ..., "x": ..., "marks": [...], "texts": [...]}], "tables": [...]}

In a notebook every figure carries this in the metadata of its picture (KEY), so that its alt text, its caption and its
table are compared with what was drawn and not with what was meant. Numbers are rounded to six significant digits;
a curve of more than fifty points keeps its ends, its lowest and its highest point.
"""

from typing import Any

import numpy as np
from matplotlib import colors
from matplotlib.axes import Axes
from matplotlib.collections import Collection, EllipseCollection, PolyCollection
from matplotlib.figure import Figure

from bonebook import tables

#: Under this name they stand in the metadata of a figure in a notebook.
KEY = "bonebook"
_CURVE = 50


def drawn(fig: Figure) -> dict[str, Any]:
    """The values on the axes of a figure, as JSON can hold them.

    Keys: `axes`, a list with title, x, y (names of the axes), ticks (words beside the axes), marks and texts; `texts`
    and `legend` of the whole figure; `tables`, the names of the tables read on the page so far. A mark has kind (points,
    line, curve, bars, people, area), color (#rrggbb), label, and x and y (lists of numbers); people have number and of.
    """
    titles = [
        getattr(fig, f"_{name}") for name in ("suptitle", "supxlabel", "supylabel")
    ]
    return {
        "axes": [_axes(ax) for ax in fig.axes if ax.get_visible()],
        "texts": _words([*fig.texts, *titles]),
        "legend": [
            word for legend in fig.legends for word in _words(legend.get_texts())
        ],
        "tables": tables.read(),
    }


def _axes(ax: Axes) -> dict[str, Any]:
    legend = ax.get_legend()
    return {
        "title": " ".join(
            filter(None, (ax.get_title(loc=at) for at in ("left", "center", "right")))
        ),
        "x": ax.get_xlabel(),
        "y": ax.get_ylabel(),
        "ticks": _words([*ax.get_xticklabels(), *ax.get_yticklabels()])
        if ax.axison
        else [],
        "yticks": [
            [float(f"{place:.6g}"), text.get_text()]
            for place, text in zip(ax.get_yticks(), ax.get_yticklabels(), strict=False)
            if ax.axison and text.get_text()
        ],
        "legend": _words(legend.get_texts()) if legend else [],
        "marks": [
            mark for mark in (*_lines(ax), *_bars(ax), *_collections(ax)) if mark
        ],
        "texts": _words(ax.texts),
    }


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
    for line in ax.lines:
        points = np.asarray(
            line.get_xydata()
        )  # numbers, where the data are words or days
        x, y = _numbers(points[:, 0]), _numbers(points[:, 1])
        curve = len(y) > _CURVE and len(x) == len(y)
        if curve:
            kept = sorted({0, len(y) - 1, int(np.argmin(y)), int(np.argmax(y))})
            x, y = [x[n] for n in kept], [y[n] for n in kept]
        drawn_as = (
            "points" if line.get_linestyle() in ("None", "none", " ", "") else "line"
        )
        kind = "curve" if curve else drawn_as
        yield _mark(kind, line.get_color(), line.get_label(), x, y)


def _bars(ax: Axes):
    for container in ax.containers:
        for bar in getattr(container, "patches", []):
            (x0, y0), (x1, y1) = bar.get_bbox().get_points()
            yield _mark(
                "bars",
                bar.get_facecolor(),
                container.get_label(),
                _numbers([x0, x1]),
                _numbers([y0, y1]),
            )


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
    for found in ax.collections:
        corners = [
            vertices
            for path in found.get_paths()
            if len(vertices := np.asarray(path.vertices)) < _CURVE
        ]
        points = _numbers(np.vstack(corners)) if corners else []
        yield _mark("area", _face(found), found.get_label(), points[::2], points[1::2])


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
