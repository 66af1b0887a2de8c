"""Figures and exercises carry one number through the whole book, on the site and in the notebooks.

    labels("book/academic/bone")       # {"fig-bone-a-rankl": "Figure 50", "bone-academic-1": "Exercise 10"}

Sphinx counts in the order of _toc.yml whatever has a caption (numfig), and the exercises likewise; so does this, from the
sources alone, so that a notebook can be made without a build. A test compares the two on the built book.
"""

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
    sources = [_read(page, root) for page in (*written, name)]
    found = {}
    for kind, of in (("Figure", figures), ("Exercise", exercises)):
        first = 1 + sum(len(of(page)) for page in sources[:-1])
        for number, one in enumerate(of(sources[-1]), first):
            found[one.label] = f"{kind} {number}"
    return found


def _read(name: str, root: Path) -> Page:
    return myst.read(Path(root) / f"{name}.md", f"{name}.md")
