"""The branch `notebooks`: every page as a notebook, and what they need. `python -m press.branch FOLDER` brings it up to date,
`--wheels FOLDER` lists the wheels that its notebooks install.

FOLDER is a checkout of that branch (an empty folder the first time). It holds <tier>/<thread>.ipynb and requirements.txt, and
nothing else, so that nbgitpuller, Colab, nbviewer and VS Code open it as it is.

A notebook that was published never changes: somebody may have worked in it, or assigned it. Where a page's cells are
other ones now, they go into a new file, density-2.ipynb beside density.ipynb; links lead to the newest.
"""

import os
import re
import sys
from itertools import count
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from press import console, notebooks, pages

REQUIREMENTS = ("pandas", "matplotlib", "numpy")


def same(one: NotebookNode, other: NotebookNode) -> bool:
    """Whether two notebooks have the same cells, whatever their ids, outputs and metadata."""
    one_, other_ = (
        [(cell.cell_type, cell.source) for cell in book.cells] for book in (one, other)
    )
    return one_ == other_


def path(folder: Path, page: str, made: NotebookNode) -> str:
    """The path, in the branch, of a page's notebook as it is now: the newest file if it has these cells, else a new one.

    page: `intermediate/density`.
    """
    newest = ""
    for number in count(1):
        name = f"{page}.ipynb" if number == 1 else f"{page}-{number}.ipynb"
        if not (folder / name).exists():
            if newest and same(nbformat.read(folder / newest, as_version=4), made):
                return newest
            return name
        newest = name
    raise AssertionError


def requirements(address: str) -> str:
    """The file of requirements: the reader's own pins, and the wheel at the address of the book."""
    pinned = (pages.ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8")
    lines = [line for line in pinned.splitlines() if line.startswith(REQUIREMENTS)]
    wheel = f"{address.rstrip('/')}/downloads/{notebooks.wheel()}"
    lines.append(f"bonebook @ {wheel}  # the tables and the figure style")
    return (
        "# What the notebooks need: pip install -r requirements.txt\n"
        + "\n".join(lines)
        + "\n"
    )


def wheels(folder: Path) -> list[str]:
    """Addresses of all wheels that notebooks of the branch install: the site has to keep them."""
    found = set()
    for file in folder.glob("*/*.ipynb"):
        found |= set(
            re.findall(r"https://[^\s\"\\]+?\.whl", file.read_text(encoding="utf-8"))
        )
    return sorted(found)


def update(folder: Path, address: str) -> list[str]:
    """Write what is new into the folder; returns the paths written. The old files stay as they are."""
    new = []
    for place, page in notebooks.written():
        made = notebooks.notebook(page, address=address)
        target = path(folder, place.path, made)
        if not (folder / target).exists():
            notebooks.write(made, folder / target)
            new.append(target)
    needs = folder / "requirements.txt"
    text = requirements(address)
    if not needs.exists() or needs.read_text(encoding="utf-8") != text:
        needs.write_text(text, encoding="utf-8", newline="\n")
        new.append("requirements.txt")
    return new


if __name__ == "__main__":
    console.speak()
    if sys.argv[1:2] == ["--wheels"]:
        print(*wheels(Path(sys.argv[2])), sep="\n")
        sys.exit()
    if not os.environ.get("BOOK_ADDRESS") or len(sys.argv) != 2:
        sys.exit(
            "BOOK_ADDRESS must name where the book is published: the notebooks bring their package from there.\npython -m press.branch FOLDER"
        )
    print(*update(Path(sys.argv[1]), os.environ["BOOK_ADDRESS"]), sep="\n")
