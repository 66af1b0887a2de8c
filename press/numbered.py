"""Figures and exercises carry one number through the whole book, on the site and in the notebooks.

    labels("book/academic/bone")       # {"fig-bone-a-rankl": "Figure 50", "bone-academic-1": "Exercise 10"}

Sphinx counts in the order of _toc.yml whatever has a caption (numfig), and the exercises likewise; so does this, from the
sources alone, so that a notebook can be made without a build. A test compares the two on the built book.
"""

from pathlib import Path

from . import pages
from .glance import Glance, glance


def labels(name: str, root: Path = pages.ROOT) -> dict[str, str]:
    """{label: `Figure 38` or `Exercise 6`} of a page (`book/academic/bone`). One that _toc.yml does not name is counted by itself."""
    order = pages.contents(root)
    before = order[: order.index(name)] if name in order else []
    written = [page for page in before if (Path(root) / f"{page}.md").exists()]
    pages_ = [_glance(page, root) for page in (*written, name)]
    found = {}
    for kind, of in (
        ("Figure", [page.figures for page in pages_]),
        ("Exercise", [page.exercises for page in pages_]),
    ):
        first = 1 + sum(map(len, of[:-1]))
        for number, label in enumerate(of[-1], first):
            found[label] = f"{kind} {number}"
    return found


def _glance(name: str, root: Path) -> Glance:
    text = (Path(root) / f"{name}.md").read_text(encoding="utf-8")
    return glance(text, f"{name}.md")
