"""What the rest of the book asks of a page: what is numbered on it, and how it ends.

    glance(text, "book/academic/bone.md").figures       # ("fig-bone-a-rankl", ...)

A build that changed one word would read forty other pages for it. So what was found is kept by the text that it was found in, and a
build gives it on to the next one (press/sphinx/outline.py).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from . import myst

#: The boxes that the closing page of a tier repeats.
CLOSING = ("how-sure", "in-one-breath")


@dataclass(frozen=True)
class Glance:
    """The labels of figures and exercises in their order; the first of each box of CLOSING: its name, its argument and its body."""

    figures: tuple[str, ...]
    exercises: tuple[str, ...]
    boxes: tuple[tuple[str, str, str], ...]

    def box(self, name: str) -> tuple[str, str] | None:
        """Argument and body of a box; None where the page has none."""
        return next((box[1:] for box in self.boxes if box[0] == name), None)


#: {digest of a text: what was found in it}
known: dict[str, Glance] = {}


@lru_cache(maxsize=256)
def key(text: str) -> str:
    """The digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def glance(text: str, name: str) -> Glance:
    """Of the source of a page; name: the file, for messages."""
    if key(text) not in known:
        known[key(text)] = _look(myst.parse(text, name))
    return known[key(text)]


def _look(page: myst.Page) -> Glance:
    figures = (
        one.label for one in page.directives if one.name == "figure" or one.caption
    )
    boxes = (page.named(name)[:1] for name in CLOSING)
    return Glance(
        tuple(figures),
        tuple(one.label for one in page.named("exercise-start")),
        tuple((box.name, box.argument, box.body) for found in boxes for box in found),
    )
