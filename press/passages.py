"""Receipts of passages: who read each paragraph, cell, question and label again, and on which day.

    python -m press.receipt book/academic/bone.md --source "read again beside its sources"

The rules of press.check, press.numbers and press.proof know what a row, a figure or an explanation says. What none of them
can know (a "not" that was dropped, a level of certainty, a link to another page) is held by a seal: each passage of a
file that readers meet has a digest in receipts/<path of the file>.csv, with the day and the words of the person who read
it. A passage that changed since is a fault, with its line, until somebody has read it again and says so.
"""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from press import pages
from press.check import Fault

FOLDER = "receipts"
_HEAD = ["read_on", "read_where", "digest", "begins"]
_WIDTH = 60  # characters of a passage that its receipt shows
#: Where a passage of a side file begins, and one of a file of teach/.
_SIDE = r"^(?:\w|  ?- id:|- n:|  - \")"
_TAUGHT = r"^(?:\w|- |  \w|  - (?:id:|name:|\")|    - (?:\{|title:|code:|\"))"


@dataclass(frozen=True)
class Passage:
    """One passage of a file: the line that it begins in (from 1) and its text, ends of lines as blanks."""

    line: int
    text: str

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits: one change in four thousand million hides."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:8]

    @property
    def begins(self) -> str:
        """Its first words."""
        return self.text if len(self.text) <= _WIDTH else f"{self.text[:_WIDTH]}…"


@dataclass(frozen=True)
class Receipt:
    """One line of a file of receipts."""

    day: str
    source: str
    digest: str
    begins: str


def files(root: Path = pages.ROOT) -> list[str]:
    """The files that hold passages: pages, their side files and what is taught with them, the drawings, the figures with sliders."""
    found = []
    for page in pages.contents():
        found += [f"{page}.md", *pages.beside(page)]
    found += ["book/threads.yml", "book/signs.yml"]
    for pattern in (
        "teach/*.yml",
        "teach/assignments/*-*.md",
        "teach/assignments/appraisal.md",
        "figures/*.svg",
        "explorables/*/model.py",
        "explorables/*/model.js",
    ):
        found += sorted(p.relative_to(root).as_posix() for p in root.glob(pattern))
    return [name for name in found if (root / name).exists()]


def passages(name: str, root: Path = pages.ROOT) -> list[Passage]:
    """The passages of a file in their order.

    A page: what blank lines part, a cell or a formula whole. A side file: its fields, and each question. A file of teach/:
    its fields, and each entry of their lists. A drawing: each element. Python and JavaScript: what blank lines part.
    """
    text = (root / name).read_text(encoding="utf-8")
    if name.endswith(".svg"):
        text = re.sub(r">\s*<", ">\n<", text)
        parts: Iterable[tuple[int, str]] = enumerate(text.split("\n"), 1)
    elif name.endswith(".yml"):
        parts = _cut(text, _TAUGHT if name.startswith("teach/") else _SIDE)
    else:
        parts = _cut(text, r"^\s*$")
    return [Passage(n, " ".join(part.split())) for n, part in parts if part.strip()]


def _cut(text: str, border: str) -> Iterator[tuple[int, str]]:
    """(line, text) of what lies between lines that match the border; a fence of backticks is not cut."""
    start, kept, fence = 1, list[str](), ""
    for line, row in enumerate(text.split("\n"), 1):
        mark = re.match(r"\s*(`{3,})", row)
        if not fence and re.match(border, row):
            yield start, "\n".join(kept)
            start, kept = line, []
        if mark and not fence:
            fence = mark[1]
        elif mark and row.strip() == fence:
            fence = ""
        if not any(map(str.strip, kept)):
            start = line
        kept.append(row)
    yield start, "\n".join(kept)


def path(name: str, root: Path = pages.ROOT) -> Path:
    """Where the receipts of a file stand."""
    return root / FOLDER / f"{name}.csv"


def receipts(name: str, root: Path = pages.ROOT) -> list[Receipt]:
    """The receipts of a file, in the order of its passages; none if nobody has read it."""
    if not path(name, root).exists():
        return []
    with path(name, root).open(encoding="utf-8", newline="") as file:
        return [Receipt(*(line[c] for c in _HEAD)) for line in csv.DictReader(file)]


def faults(only: Iterable[str] | None = None, root: Path = pages.ROOT) -> list[Fault]:
    """Passages without a receipt, and receipts whose passage is gone. only: names of files, all when left out."""
    found = []
    for name in files(root) if only is None else only:
        again = f"a new receipt: read it again beside its sources, then python -m press.receipt {name}"
        now = passages(name, root)
        kept = receipts(name, root)
        sealed = Counter(receipt.digest for receipt in kept)
        gone = sealed - Counter(passage.digest for passage in now)
        for passage in now:
            if sealed[passage.digest]:
                sealed[passage.digest] -= 1
            else:
                what = f"changed since it was read: {passage.begins!r}"
                found.append(Fault(name, passage.line, "", "", what, again))
        # a passage that was changed is told once, by its new words
        lost = [receipt.begins for receipt in kept if receipt.digest in gone]
        order = [p.digest for p in now] != [r.digest for r in kept]
        told = sum(fault.file == name for fault in found)
        if len(lost) > told:
            what = f"no longer there: {', '.join(map(repr, lost))}"
            found.append(Fault(name, 0, "", "", what, again))
        elif order and not told:
            what = "its passages stand in another order"
            found.append(Fault(name, 0, "", "", what, again))
    return found


def add(name: str, source: str, day: str, root: Path = pages.ROOT) -> int:
    """Write a receipt for each passage of a file that has none, and drop those of passages that are gone; how many are new."""
    old: dict[str, Receipt] = {
        receipt.digest: receipt for receipt in receipts(name, root)
    }
    now = passages(name, root)
    place = path(name, root)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(_HEAD)
        for passage in now:
            new = Receipt(day, source, passage.digest, passage.begins)
            kept = old.get(passage.digest, new)
            lines.writerow([kept.day, kept.source, passage.digest, passage.begins])
    return sum(passage.digest not in old for passage in now)
