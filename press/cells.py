"""The code cells of the pages: found, formatted and linted as ruff does with a notebook.

`python -m press.cells` formats the cells of every page in place, or of the pages it is
given; with `--check` it changes nothing and names every cell that is not as ruff writes
it or in which ruff finds a fault. ruff's settings are in pyproject.toml.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from press import console, myst
from press.pages import ROOT


class CellError(ValueError):
    """A cell that is not Python; the message names page, line and reason."""


@dataclass(frozen=True)
class Cell:
    """A code cell: its page, the line of the page where its code begins, the code."""

    page: Path
    line: int
    code: str

    def where(self, row: int = 1) -> str:
        """Where a row of the code stands: `book/academic/bone.md:48`."""
        page = self.page.resolve()
        name = page.relative_to(ROOT) if page.is_relative_to(ROOT) else page
        return f"{name.as_posix()}:{self.line + row - 1}"

    def lines(self) -> list[str]:
        """The lines that hold something; comments count, empty lines do not."""
        return [line for line in self.code.splitlines() if line.strip()]


def pages() -> list[Path]:
    """The pages of the book that have cells, in the order of their paths."""
    return [page for page in sorted((ROOT / "book").rglob("*.md")) if cells(page)]


def cells(page: Path) -> list[Cell]:
    """The code cells of a page, in order."""
    return [Cell(page, cell.inside, cell.body) for cell in myst.read(page).cells]


def formatted(chosen: Iterable[Path]) -> dict[Path, list[Cell]]:
    """The cells of each page as ruff writes them. Raises CellError.

    The cells of a page are formatted as one notebook: there, other than in a script,
    the semicolon after a last expression stays.
    """
    with tempfile.TemporaryDirectory() as folder:
        books = _notebooks(chosen, Path(folder))
        _ruff("check", folder, "--select", "I", "--fix", "--quiet")
        done = _ruff("format", folder, "--quiet")
        if done.returncode:
            raise CellError("\n".join(_faults(folder, books)) or done.stderr)
        return {
            page: [
                replace(cell, code="".join(code["source"]).strip("\n"))
                for cell, code in zip(cells(page), _read(book), strict=True)
            ]
            for book, page in books.items()
        }


def faults(chosen: Iterable[Path]) -> list[str]:
    """What ruff finds in the cells: page, line, what is wrong; a page is one notebook."""
    with tempfile.TemporaryDirectory() as folder:
        return _faults(folder, _notebooks(chosen, Path(folder)))


def centiles(numbers: Iterable[int]) -> tuple[float, float]:
    """Median and 90th centile."""
    tenths = statistics.quantiles(numbers, n=10, method="inclusive")
    return tenths[4], tenths[8]


def write(page: Path, new: list[Cell]) -> None:
    """Put these cells in the place of the page's own."""
    lines = page.read_text(encoding="utf-8").split("\n")
    for old, cell in reversed(list(zip(cells(page), new, strict=True))):
        first = old.line - 1
        lines[first : first + old.code.count("\n") + 1] = cell.code.split("\n")
    page.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _notebooks(chosen: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """Write the cells of each page as a notebook; which notebook belongs to which page."""
    books = {}
    for count, page in enumerate(chosen):
        book = folder.resolve() / f"{count}.ipynb"
        code: list[dict] = [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": cell.code.splitlines(keepends=True),
            }
            for number, cell in enumerate(cells(page))
        ]
        kernel = {"language_info": {"name": "python"}}
        book.write_text(
            json.dumps(
                {"cells": code, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
            ),
            encoding="utf-8",
        )
        books[book] = page
    return books


def _read(book: Path) -> list[dict]:
    return json.loads(book.read_text(encoding="utf-8"))["cells"]


def _faults(folder: str, books: dict[Path, Path]) -> list[str]:
    done = _ruff("check", folder, "--output-format", "json")
    found = []
    for fault in json.loads(done.stdout):
        page = books[Path(fault["filename"])]
        cell = cells(page)[fault["cell"] - 1]
        where = cell.where(fault["location"]["row"])
        found.append(f"{where}: {fault['code'] or 'syntax'} {fault['message']}")
    return found


def _ruff(command: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run ruff, that of this environment if there is one, with the project's settings."""
    own = Path(sys.executable).parent / "ruff"
    ruff = str(own) if own.exists() else shutil.which("ruff")
    if not ruff:
        raise CellError("ruff is not installed; requirements-test.txt names it.")
    settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    # To a reader bonebook is a package like any other, imported in the same block.
    settings += ["--config", "lint.isort.known-third-party=['bonebook']"]
    return subprocess.run(
        [ruff, command, *settings, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def main(*arguments: str) -> int:
    """Format the cells, or say what is wrong with them (`--check`); the exit status."""
    names = [Path(name).resolve() for name in arguments if not name.startswith("-")]
    chosen = names or pages()
    try:
        new = formatted(chosen)
    except CellError as error:
        print(error)
        return 1
    changed = [
        (old, cell)
        for page in chosen
        for old, cell in zip(cells(page), new[page], strict=True)
        if old.code != cell.code
    ]
    if "--check" not in arguments:
        for page in dict.fromkeys(old.page for old, _ in changed):
            write(page, new[page])
        print(f"{len(changed)} cells formatted")
        return 0
    found = faults(chosen) + [
        f"{old.where()}: not as ruff writes it; `python -m tools format` mends it"
        for old, _ in changed
    ]
    print("\n".join(found) or "cells: as ruff writes them")
    return bool(found)


if __name__ == "__main__":
    console.speak()
    sys.exit(main(*sys.argv[1:]))
