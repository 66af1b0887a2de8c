"""One reader of a drawing, figures/*.svg.

A drawing says in its groups what it draws, so that no label leaves its shape unseen:

    <g data-node="OPG; osteoprotegerin">     a shape with its label, and the names that tables and sentences have for it
    <g data-rows="edge-opg-rankl">           line, head and label of an arrow: its rows of data/edges.csv, one>other where
                                             it draws two as one; where no table holds it, the word of its label that says so
    <g data-key="mouse">                     a line of the legend: a kind of evidence, + or -, or what a shape stands for
    <g data-head="breast">                   the head of a column or of a row of pictures
    <g data-part="tamoxifen; breast">        the picture that belongs to two heads
    <g data-row="Bone">                      a row of the drawing, which its description tells in one sentence
    <g data-says="3; filling; osteoblasts">  any other picture, and what must be read in it

Nothing here needs Sphinx.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from press import myst, pages

Element = ElementTree.Element
SVG = "{http://www.w3.org/2000/svg}"


class Point(NamedTuple):
    """A place on a drawing, in pixels."""

    x: float
    y: float


class Box(NamedTuple):
    """The edges of a shape, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        """Its area."""
        return (self.right - self.left) * (self.bottom - self.top)

    def away(self, point: Point) -> float:
        """How far a point is from it; 0 inside."""
        return math.hypot(
            max(self.left - point.x, 0, point.x - self.right),
            max(self.top - point.y, 0, point.y - self.bottom),
        )


@dataclass(frozen=True)
class Drawing:
    """One file of figures/; name: from the root of the repository."""

    name: str
    text: str

    @property
    def root(self) -> Element:
        """The drawing as a tree."""
        return _parsed(self.text)

    @property
    def description(self) -> str:
        """Its <desc>."""
        return words(self.root, "desc")

    def groups(self, kind: str) -> list[Element]:
        """The groups that have data-<kind>, in order."""
        return [g for g in self.root.iter(f"{SVG}g") if f"data-{kind}" in g.attrib]

    def line(self, words: str) -> int:
        """The line on which these words stand first; 1 where they do not."""
        return self.text.count("\n", 0, max(self.text.find(words), 0)) + 1


@lru_cache(maxsize=64)
def _parsed(text: str) -> Element:
    return ElementTree.fromstring(text)


def shown(page: str, root: Path = pages.ROOT) -> Iterator[tuple[str, str, int]]:
    """(drawing, alt text, line) of each drawing that a page shows: `figures/tsec.svg`."""
    source = myst.read(root / f"{page}.md", f"{page}.md")
    for found in source.named("figure", "image"):
        if found.argument.endswith(".svg"):
            yield f"figures/{Path(found.argument).name}", found.alt, found.line


def drawings(of: Iterable[str], root: Path = pages.ROOT) -> list[Drawing]:
    """The drawings of these pages (`book/academic/bone`), each once."""
    names = dict.fromkeys(name for page in of for name, _, _ in shown(page, root))
    return [
        Drawing(name, (root / name).read_text(encoding="utf-8"))
        for name in names
        if (root / name).exists()
    ]


def all_of(group: Element, *tags: str) -> list[Element]:
    """The elements of a group that have one of these tags, in order."""
    return [each for each in group.iter() if each.tag.removeprefix(SVG) in tags]


def words(group: Element, tag: str = "text") -> str:
    """Its labels as words, in their order."""
    texts = ["".join(text.itertext()) for text in all_of(group, tag)]
    return " ".join(" ".join(texts).split())


def names(group: Element, kind: str) -> list[str]:
    """The parts of data-<kind>."""
    return [part.strip() for part in group.get(f"data-{kind}", "").split(";")]


def says(text: str, name: str) -> bool:
    """Whether a name stands in a text as a word, in singular or plural, in capitals or not."""
    plain = text.replace(" / ", "/")
    return bool(re.search(rf"(?<![\w/]){re.escape(name)}s?(?![\w/])", plain, re.I))


def place(text: Element) -> Point:
    """Where a label is anchored."""
    if moved := _MOVED.match(text.get("transform", "")):
        return Point(float(moved[1]), float(moved[2]))
    return Point(_number(text, "x"), _number(text, "y"))


_MOVED = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)")


def _number(shape: Element, name: str) -> float:
    return float(shape.get(name, "0"))


def box(shape: Element) -> Box:
    """The edges of a rectangle, an ellipse or a circle."""
    if shape.tag == f"{SVG}rect":
        x, y = _number(shape, "x"), _number(shape, "y")
        return Box(x, y, x + _number(shape, "width"), y + _number(shape, "height"))
    x, y = _number(shape, "cx"), _number(shape, "cy")
    rx, ry = (_number(shape, r) or _number(shape, "r") for r in ("rx", "ry"))
    return Box(x - rx, y - ry, x + rx, y + ry)


def largest(group: Element) -> Box:
    """The edges of the largest rectangle, ellipse or circle of a group."""
    found = [box(shape) for shape in all_of(group, "rect", "ellipse", "circle")]
    return max(found, key=lambda edges: edges.size)


def reach(group: Element) -> Box:
    """The edges of all that a group holds."""
    every = [point for path in all_of(group, "path") for point in points(path)]
    every += [place(text) for text in all_of(group, "text")]
    for shape in all_of(group, "rect", "ellipse", "circle"):
        edges = box(shape)
        every += [Point(edges.left, edges.top), Point(edges.right, edges.bottom)]
    xs, ys = [point.x for point in every], [point.y for point in every]
    return Box(min(xs), min(ys), max(xs), max(ys))


def points(path: Element) -> list[Point]:
    """The ends of the steps of a path; of one that is turned about a point, this point."""
    moved = _MOVED.match(path.get("transform", ""))
    if moved:
        return [Point(float(moved[1]), float(moved[2]))]
    found = []
    x = y = 0.0
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path.get("d", "")):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        step, added = command.upper(), command.islower()
        size = {"H": 1, "V": 1, "C": 6, "Q": 4, "A": 7}.get(step, 2)
        for start in range(0, len(values), size):
            *_, end = values[start : start + size]
            across = end if step == "H" else values[start + size - 2]
            if step != "V":
                x = across + added * x
            if step != "H":
                y = end + added * y
            found.append(Point(x, y))
    return found


def head(group: Element) -> str:
    """The sign of an arrow, by its last path: - for one stroke, the bar across its end, + for a triangle or an angle."""
    steps = all_of(group, "path")[-1].get("d", "").rpartition("M")[2]
    return "-" if re.fullmatch(r"[^A-Za-z]+[LHVlhv][^A-Za-z]+", steps) else "+"
