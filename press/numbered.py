"""Figures and exercises carry one number through the whole book, on the site and in the notebooks.

    labels("book/academic/bone")       # {"fig-bone-a-rankl": "Figure 50", "bone-academic-1": "Exercise 10"}

Sphinx counts in the order of _toc.yml whatever has a caption (numfig), and the exercises likewise; so does this, from the
sources alone, so that a notebook can be made without a build. A test compares the two on the built book.
"""

from functools import lru_cache
from pathlib import Path

from . import myst, pages
from .myst import Directive, Page


def figures(page: Page) -> list[Directive]:
    """What carries the number of a figure, in the order of the page: drawings, and cells with a caption."""
    return [
        found for found in page.directives if found.name == "figure" or found.caption
    ]


def exercises(page: Page) -> tuple[Directive, ...]:
    """What carries the number of an exercise, in the order of the page."""
    return page.named("exercise-start")


def labels(name: str, root: Path = pages.ROOT) -> dict[str, str]:
    """{label: `Figure 38` or `Exercise 6`} of a page (`book/academic/bone`). One that _toc.yml does not name is counted by itself."""
    order = pages.contents(root)
    before = order[: order.index(name)] if name in order else []
    written = [page for page in before if (Path(root) / f"{page}.md").exists()]
    counted = [_labels(page, root) for page in (*written, name)]
    found = {}
    for at, kind in enumerate(("Figure", "Exercise")):
        first = 1 + sum(len(page[at]) for page in counted[:-1])
        for number, label in enumerate(counted[-1][at], first):
            found[label] = f"{kind} {number}"
    return found


def _labels(name: str, root: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of a page's figures and of its exercises."""
    text = (Path(root) / f"{name}.md").read_text(encoding="utf-8")
    return _labels_of(text, f"{name}.md")


@lru_cache(maxsize=256)
def _labels_of(text: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    page = myst.parse(text, name)
    return (
        tuple(one.label for one in figures(page)),
        tuple(one.label for one in exercises(page)),
    )
