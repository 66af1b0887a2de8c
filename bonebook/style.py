"""The look of the figures: one color, one shape and one hatch per drug through the whole book.

Importing this module loads the house Matplotlib style (``bonebook.mplstyle``, fonts included) and, inside a notebook, asks for SVG.
The colors themselves, shapes and hatches stand in ``bonebook.palette``. The book swaps each color for its dark partner: use the
house colors, not others.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import matplotlib.style
import matplotlib.ticker
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bonebook import drawn
from bonebook.palette import (
    AXIS,
    BENEFIT,
    DIRECTIONS,
    DRUGS,
    GRID,
    HARM,
    HELPS,
    HIGHLIGHT,
    INK,
    KINDS,
    PAGE,
    PAPER,
    QUIET,
    TOGETHER,
    VERDICTS,
    arm_color,
    contrast,
    dark_partners,
    drug_color,
    drug_hatch,
    drug_marker,
    usual_doses,
)
from bonebook.show import KEY
from bonebook.tables import out_of_1000, some

__all__ = [
    "AXIS",
    "BENEFIT",
    "DIRECTIONS",
    "DRUGS",
    "GRID",
    "HARM",
    "HELPS",
    "HIGHLIGHT",
    "INK",
    "KINDS",
    "PAGE",
    "PAPER",
    "QUIET",
    "SILENT",
    "TOGETHER",
    "VERDICTS",
    "arm_color",
    "bar",
    "contrast",
    "dark_partners",
    "drug_color",
    "drug_hatch",
    "drug_marker",
    "for_her",
    "forest",
    "icon_array",
    "interval",
    "people",
    "point",
    "use",
    "usual_doses",
    "verdict",
    "zero_line",
]

HERE = Path(__file__).parent
#: Backends that draw into files alone, as Matplotlib names them: a notebook shows nothing with one of them.
SILENT = ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template")


def use() -> None:
    """Load the house style; in a notebook, draw SVG without a date, so that the same figure is the same file.

    What a matplotlibrc of the reader's or MPLBACKEND say changes no figure: the style begins from Matplotlib's own
    defaults, and a notebook whose backend would show nothing draws into its cells.
    """
    for font in sorted((HERE / "fonts").glob("*.ttf")):
        font_manager.fontManager.addfont(font)
    matplotlib.style.use(["default", HERE / "bonebook.mplstyle"])
    try:
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import InlineBackend
    except ImportError:
        return
    if shell := get_ipython():
        # MPLBACKEND is often set on servers. A terminal has no cells to draw into.
        if hasattr(shell, "kernel") and matplotlib.get_backend().lower() in SILENT:
            shell.run_line_magic("matplotlib", "inline")
        inline = InlineBackend.instance(parent=shell)
        inline.shell = shell
        inline.figure_formats = {"svg"}
        _carry_values(shell)
        how: dict = {
            "bbox_inches": "tight",
            "metadata": {"Date": None, "Creator": None},
        }
        inline.print_figure_kwargs = how


def _carry_values(shell) -> None:
    """Every figure of this notebook carries the values on its axes in the metadata of its picture (bonebook.drawn)."""

    def metadata(figure, **_) -> tuple[dict, dict]:
        return {}, {KEY: drawn.drawn(figure)}

    shell.display_formatter.mimebundle_formatter.for_type(Figure, metadata)


def point(drug: str, dose_mg: float | None = None, approx: bool = False) -> dict:
    """Keyword arguments for `ax.plot` and `ax.errorbar`: color and shape; hollow where the value is approximate."""
    color = arm_color(drug, dose_mg)
    return {
        "color": color,
        "marker": drug_marker(drug),
        "markeredgecolor": color,
        "markerfacecolor": PAPER if approx else color,
    }


def bar(drug: str, dose_mg: float | None = None, approx: bool = False) -> dict:
    """Keyword arguments for `ax.bar` and `ax.barh`: color and hatch; hollow where the value is approximate."""
    color = arm_color(drug, dose_mg)
    face, hatch = (PAPER, color) if approx else (color, PAPER)
    how = {"facecolor": face, "linewidth": 1.4, "hatch": drug_hatch(drug)}
    if hasattr(Patch, "set_hatchcolor"):
        return how | {"edgecolor": color, "hatchcolor": hatch}
    return how | {"edgecolor": hatch}  # before Matplotlib 3.11 edge and hatch share one


def zero_line(ax: Axes, axis: str = "y", at: float = 0) -> None:
    """Draw the line of no change (at = 0) or no difference (at = 1 for ratios) across the axis named, and keep it in view."""
    if axis == "y":
        ax.axhline(at, color=INK, linewidth=1.2, zorder=1)
    else:
        ax.axvline(at, color=INK, linewidth=1.2, zorder=1)


def interval(
    ax: Axes,
    where: float,
    value: float,
    low: float,
    high: float,
    drug: str,
    dose_mg: float | None = None,
    approx: bool = False,
    vertical: bool = True,
    label: str | None = None,
) -> None:
    """One estimate with its interval: a shape of the drug's color and a line from `low` to `high` (missing = no line)."""
    bounds = None if np.isnan([low, high]).any() else [[value - low], [high - value]]
    x, y = (where, value) if vertical else (value, where)
    ax.errorbar(
        [x],
        [y],
        xerr=None if vertical else bounds,
        yerr=bounds if vertical else None,
        linestyle="none",
        label=label,
        zorder=3,
        **point(drug, dose_mg, approx),
    )


def forest(ax: Axes, rows, label: str = "label", ratio: bool | None = None) -> None:
    """A forest plot of a table, first row on top.

    `rows`: DataFrame with the column named by `label` and drug, value, ci_low, ci_high (dose_mg and approx if there are any).
    `ratio`: a logarithmic axis with its line at 1, or a plain axis with its line at 0; when left out, the rows' unit decides.
    Raises ValueError if there is no row.
    """
    some(rows, "draw")
    rows = rows.reset_index(drop=True)
    if "approx" in rows:  # empty in rows of a table that has no such column
        rows = rows.fillna({"approx": False})
    if ratio is None:
        ratio = "unit" not in rows or (rows["unit"] == "ratio").any()
    for place, row in rows.iterrows():
        approx = bool(row.get("approx", False))
        interval(
            ax,
            place,
            row["value"],
            row["ci_low"],
            row["ci_high"],
            row["drug"],
            row.get("dose_mg"),
            approx,
            vertical=False,
        )
    zero_line(ax, "x", 1 if ratio else 0)
    drawn.keep_rows(ax, rows)
    ax.set_yticks(range(len(rows)), rows[label])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    if ratio:
        ax.set_xscale("log")
        low, high = (
            rows[["value", "ci_low"]].min(axis=None),
            rows[["value", "ci_high"]].max(axis=None),
        )
        ticks = [
            tick
            for tick in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20)
            if low * 0.75 <= tick <= high * 1.35 or tick == 1
        ]
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())


def icon_array(
    ax: Axes,
    n: float,
    total: int = 1000,
    color: str = HIGHLIGHT,
    label: str | None = None,
    columns: int = 25,
) -> None:
    """`total` people as small dots, `n` of them (rounded to whole people) as larger squares, read from the top left.

    `columns`: people in a row; two arrays of 25 fit side by side on a phone with `plt.subplots(1, 2, figsize=(6.4, 5.6))`.
    Raises ValueError if `n` is negative or larger than `total`.
    """
    if not 0 <= n <= total:
        raise ValueError(
            f"{n} of {total} people cannot be drawn: the count must lie between 0 and {total}."
        )
    places = np.column_stack([np.arange(total) % columns, np.arange(total) // columns])
    hit, rest = places[: round(n)], places[round(n) :]
    corners = 0.38 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    ax.add_collection(
        EllipseCollection(
            [0.5],
            [0.5],
            [0],
            units="xy",
            offsets=rest,
            offset_transform=ax.transData,
            facecolor=AXIS,
            alpha=0.5,
            linewidth=0,
            clip_on=False,
        )
    )
    ax.add_collection(
        PolyCollection(
            list(hit[:, None, :] + corners), facecolor=color, linewidth=0, clip_on=False
        )
    )
    ax.set(
        xlim=(-0.6, columns - 0.4),
        ylim=(-(-total // columns) - 0.4, -0.6),
        aspect="equal",
        anchor="NW",
    )
    ax.axis("off")
    if label:
        ax.set_title(label, loc="left")


def people(rows, label: str = "label", per_row: int = 2) -> Figure:
    """Each row of a table of arms as 1,000 people, with as many of them marked as had the event.

    `rows`: DataFrame with the column named by `label` and drug, value, unit (% or per 1,000), such as `pick` gives.
    `per_row`: panels side by side; arms to compare stand in one line. The number marked is "{people}" in labels of `pick`.
    Raises ValueError if a row is no share of people, or if there is none.
    """
    some(rows, "draw")
    lines = -(-len(rows) // per_row)
    fig, axes = plt.subplots(
        lines, per_row, figsize=(6.4, 0.8 + 1.8 * lines), squeeze=False
    )
    for ax, (_, row) in zip(axes.flat, rows.iterrows(), strict=False):
        number = out_of_1000(row["value"], row["unit"], row.get("id", row[label]))
        icon_array(ax, number, 1000, drug_color(row["drug"]), row[label], columns=50)
        drawn.keep_rows(ax, row.to_frame().T)
    for ax in axes.flat[len(rows) :]:
        ax.axis("off")
    return fig


def verdict(tissue: str, direction: str) -> str:
    """What an action in a tissue (columns of `tissue_actions`) means for a woman: one of VERDICTS.

    Raises ValueError where nothing is known, or nobody has said what is good there.
    """
    if direction in ("neutral", "mixed"):
        return {"neutral": "neither", "mixed": "it depends"}[direction]
    if tissue not in HELPS or direction not in ("estrogen-like", "estrogen-blocking"):
        raise ValueError(f"What {direction!r} means for {tissue!r} is not known.")
    return "help" if HELPS[tissue] == direction else "harm"


def for_her(actions, words: dict[tuple[str, str], str], drugs: list[str]) -> Figure:
    """What drugs do to a woman who takes them: a panel a drug, a line a place, each with its verdict and in words.

    `actions`: the table `tissue_actions`. `words`: {(tissue, direction): what happens to her}; its tissues, in their
    order, are the lines of each panel.
    Raises KeyError where a drug has no row for a tissue, or its direction has no words.
    """
    tissues = list(dict.fromkeys(tissue for tissue, _ in words))
    rows = actions.set_index(["drug", "tissue"])["direction"]
    size = (5.2, 0.4 + 0.62 * len(drugs) * len(tissues))
    fig, axes = plt.subplots(len(drugs), 1, figsize=size, squeeze=False)
    for ax, drug in zip(axes.flat, drugs, strict=True):
        for place, tissue in enumerate(tissues):
            direction = rows[drug, tissue]
            meant = verdict(tissue, direction)
            shape, color = VERDICTS[meant]
            ax.plot(0, place, shape, color=color, ms=13, mew=3)
            told = f"{meant}: {words[tissue, direction]}"
            ax.text(0.07, place, told, va="center")
        ax.set(title=drug, xlim=(-0.05, 1), ylim=(len(tissues) - 0.4, -0.6), xticks=[])
        ax.set_yticks(
            range(len(tissues)),
            [tissue.replace("endometrium", "womb lining") for tissue in tissues],
        )
        ax.spines["bottom"].set_visible(False)
        ax.grid(visible=False)
    return fig


use()
