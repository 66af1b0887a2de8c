"""What is said of a figure against what it draws: its alt text and its caption beside the values on its axes.

    for reason in faults(alt, caption, drawn): ...      # sentences; nothing where all agrees

drawn: what bonebook.drawn gives for each figure of the cell. A number of an alt text is one that the figure draws, at the
precision at which it is written, the difference of two (before "more" or "fewer"), or, said to be near, a point of a
curve. A drug that is named is drawn: its color or its name stands there. A drug's color is not drawn under
another drug's name. The tables of a caption's data line are those that the page has read.
"""

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

from bonebook import tables
from bonebook.show import KEY
from press import myst, pages, plotted, said
from press.notebooks import SETUP
from press.said import colors, drugs_drawn, drugs_named, words

_NUMBER = re.compile(r"(?<![\w.])[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w|\.\d)")
_DIFFERENCE = re.compile(
    r"\s*(?:women |people |points? |percentage points? )*(?:more|fewer|less|higher|lower|apart|wide)"
)
_ABOUT = re.compile(r"\b(?:near|about|around|close to|and)\s*$")
_DATA = re.compile(r"\{data\}`([^`]+)`")


def faults(alt: str, caption: str, drawn: list[dict[str, Any]]) -> Iterator[str]:
    """What an alt text or a caption says and the figure does not draw, one sentence each."""
    if not drawn:
        return
    known = values(drawn)
    for written, number, places, rest in numbers(alt):
        # doses are those of the rows: press/proof/drawn.py
        if holds(number, places, known) or re.match(r" (?:mg|milligrams)\b", rest):
            continue
        before = alt[: len(alt) - len(rest) - len(written)]
        if _ABOUT.search(before) and on_a_curve(number, drawn):
            continue
        if _DIFFERENCE.match(rest) and any(
            near(abs(a - b), abs(number), places)
            for a, b in itertools.combinations(known, 2)
        ):
            continue
        close = ", ".join(
            f"{value:g}" for value in sorted(known, key=lambda v: abs(v - number))[:3]
        )
        yield f"the alt text says {written}, and the figure draws no such number; nearest to it: {close}."
    shown = drugs_drawn(drawn)
    for text, name in ((alt, "alt text"), (caption, "caption")):
        for drug in sorted(drugs_named(text) - shown):
            there = ", ".join(sorted(shown)) or "none"
            yield f"the {name} names {drug}, which the figure draws neither by color nor by name; it draws {there}."
    yield from wrong_colors(drawn)
    yield from said.faults(alt, "alt text", drawn)
    yield from said.faults(myst.plain(caption), "caption", drawn)
    read = set(itertools.chain.from_iterable(each["tables"] for each in drawn))
    if "derived" in read:
        read |= _behind_derived()
    for name in _DATA.findall(caption):
        if name not in read:
            yield f"the caption takes its data from {name}, which no cell has read; read were {', '.join(sorted(read))}."


def numbers(text: str) -> Iterator[tuple[str, float, int, str]]:
    """(as written, number, decimals, what follows) of each number in digits."""
    for match in _NUMBER.finditer(text):
        plain = match[0].replace(",", "").replace("−", "-")
        yield match[0], float(plain), len(plain.partition(".")[2]), text[match.end() :]


def values(drawn: list[dict[str, Any]]) -> set[float]:
    """Every number that stands on the axes: marks, and digits and number words of titles, labels, ticks and texts."""
    found: set[float] = set()
    for figure in drawn:
        for ax in figure["axes"]:
            for mark in ax["marks"]:
                if mark["kind"] == "people":
                    found |= {mark["number"], mark["of"], mark["of"] - mark["number"]}
                elif mark["kind"] in ("curve", "band"):
                    x, y = mark["x"], mark["y"]
                    lowest, highest = y.index(min(y)), y.index(max(y))
                    for place in (0, -1, lowest, highest):
                        found |= {x[place], y[place]}
                else:
                    found |= {*mark["x"], *mark["y"]}
        for text in words(figure):
            found |= {number for _, number, _, _ in numbers(text)}
            found |= {
                said.WORDS[word]
                for word in re.findall(r"[a-z]+", text.lower())
                if word in said.WORDS
            }
    return found


def on_a_curve(number: float, drawn: list[dict[str, Any]]) -> bool:
    """Whether a number, said to be near, lies within the span of a curve: its points are too many to be kept."""
    for figure in drawn:
        for ax in figure["axes"]:
            for mark in (mark for mark in ax["marks"] if mark["kind"] == "curve"):
                spans = [
                    (min(axis), max(axis)) for axis in (mark["x"], mark["y"]) if axis
                ]
                if any(low <= number <= high for low, high in spans):
                    return True
    return False


def near(exact: float, written: float, places: int) -> bool:
    """Whether a number as written is the exact one, rounded."""
    return abs(exact - written) <= 0.5 * 10.0**-places + 1e-9


def holds(number: float, places: int, known: set[float]) -> bool:
    """Whether a written number is one of those known, whatever its sign."""
    return any(near(abs(value), abs(number), places) for value in known)


@lru_cache(maxsize=1)
def _behind_derived() -> set[str]:
    """The tables from which the rows of `derived` are worked out."""
    inputs = " ".join(row["inputs"] for row in tables.rows("derived")).split()
    return {tables.row(target.partition(":")[0])["table"] for target in inputs}


def wrong_colors(drawn: list[dict[str, Any]]) -> Iterator[str]:
    """A mark in one drug's color whose own words name another: its label, its panel's title, the tick that it stands at."""
    for figure in drawn:
        for ax in figure["axes"]:
            at = {round(place, 3): text for place, text in ax.get("yticks", [])}
            for mark in ax["marks"]:
                drug = colors().get(mark["color"].lower())
                if not drug or mark["kind"] in ("line", "curve"):
                    continue
                if tables.row(drug)["kind"] == "combination":
                    continue  # the color of one pair is that of every pair
                beside = [mark["label"], ax["title"]]
                if mark["kind"] == "points" and len(set(mark.get("y", []))) == 1:
                    beside.append(at.get(round(mark["y"][0], 3), ""))
                for text in beside:
                    named = drugs_named(text)
                    if len(named) == 1 and drug not in named:
                        yield f"{text!r} is drawn in the color of {drug}."


def told(page: Path, notebook: Path) -> Iterator[str]:
    """What the figures of a built page are said to show and do not, with file and line: see `faults`.

    notebook: the page's notebook with the outputs of the build, whose code cells are those of the page, in their order, behind the one that brings the package.
    Raises ValueError if they are not.
    """
    cells = myst.read(page).cells
    ran = [
        cell
        for cell in nbformat.read(notebook, as_version=4).cells
        if cell.cell_type == "code" and SETUP not in cell.metadata.get("tags", [])
    ]
    if [cell.body.strip() for cell in cells] != [cell.source.strip() for cell in ran]:
        raise ValueError(
            f"{notebook.name} has other cells than {page.name}; build the book again."
        )
    for cell, done in zip(cells, ran, strict=True):
        drawn = [
            output["metadata"][KEY]
            for output in done.outputs
            if KEY in output.get("metadata", {})
        ]
        if cell.alt:
            reasons = faults(cell.alt, cell.caption, drawn)
            for reason in itertools.chain(reasons, plotted.faults(drawn)):
                yield f"{page.relative_to(pages.ROOT).as_posix()}:{cell.line}: {reason}"
            if not drawn:
                yield f"{page.name}:{cell.line}: a figure without the values on its axes (bonebook.drawn)."
