"""Every page of a thread as a Jupyter notebook: `python -m press.notebooks [OUT]` writes OUT/<tier>/<thread>.ipynb (OUT: notebooks).

The prose is plain CommonMark (press.commonmark), the code cells are those of the page. It needs what binder/requirements.txt installs.
If the environment variable BOOK_ADDRESS names where the book is published, the notebooks link to it.
"""

import os
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from press import yamls

from . import console, pages
from .commonmark import Converter, fold
from .myst import Directive, PageError

KERNEL = {
    "kernelspec": {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    },
    "language_info": {"name": "python"},
}
#: The tag of the one code cell that is in no page.
SETUP = "setup"


def notebook(
    path: str | Path,
    root: Path = pages.ROOT,
    address: str | None = None,
    code: str = "",
) -> NotebookNode:
    """The page at `path` as a notebook (nbformat 4.5, no outputs). Raises PageError with file and line.

    address: where the book is published; code: how the first cell brings the package, if not from there (see `setup`).
    """
    if address is None:
        address = os.environ.get("BOOK_ADDRESS", "")
    if address:
        address = address.rstrip("/") + "/"
    converter = Converter(path, root, address)
    page, place = converter.page, converter.place
    lines, done = page.text.split("\n"), 0
    cells: list[NotebookNode] = []
    for cell in page.cells:
        if cell.depth:
            converter.fail(cell.line, "a cell inside a directive cannot be converted.")
        before = "\n".join(lines[done : cell.line - 1])
        cells += _prose(converter.convert(before, done + 1))
        cells += _code(converter, cell)
        done = cell.last
    cells += _prose(converter.convert("\n".join(lines[done:]), done + 1))
    cells[:1] = _opening(converter, cells[0])
    if any(cell.cell_type == "code" for cell in cells):
        cells.insert(1, setup(address, code))
    for count, each in enumerate(cells):
        each.id = f"{place.thread}-{place.tier[0]}-{count}"
    return nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)


def _prose(words: str) -> list[NotebookNode]:
    return [nbformat.v4.new_markdown_cell(words)] if words else []


def _solves(converter: Converter, cell: Directive) -> bool:
    """Whether a cell stands in a solution, whose code is folded."""
    ends = converter.page.named("solution-start", "solution-end")
    before = [found.name for found in ends if found.line < cell.line]
    return before[-1:] == ["solution-start"]


def _code(converter: Converter, cell: Directive) -> list[NotebookNode]:
    """The code cell; after a figure, a cell with its caption and the figure in words."""
    tags, shown = set(cell.tags), {}
    if _solves(converter, cell) or tags & {"hide-input", "hide-cell"}:
        shown["source_hidden"] = True
    if tags & {"hide-output", "hide-cell"}:
        shown["outputs_hidden"] = True
    metadata: dict[str, Any] = {"tags": cell.tags} if tags else {}
    if shown:
        metadata["jupyter"] = shown
    words = []
    if cell.caption:
        number = converter.labels.get(cell.label, "Figure")
        words.append(f"**{number}.** {converter.convert(cell.caption, cell.line)}")
    if cell.alt:
        words.append(fold("The figure in words", cell.alt))
    code = nbformat.v4.new_code_cell(cell.body, metadata=metadata)
    return [code, *_prose("\n\n".join(words))]


def setup(address: str = "", code: str = "") -> NotebookNode:
    """The first code cell of a notebook: it brings the package where there is none, on Colab for one.

    address: where the book is published, and the package beside it; code: what to do instead of installing it from there.
    """
    install = code or f"%pip install --quiet {address}downloads/{wheel()}"
    lines = [
        "# This cell first, then the others from the top: each uses what those above it made."
    ]
    if address or code:
        lines += ["try:", "    import bonebook", "except ModuleNotFoundError:"]
        lines += [f"    {install}", "    import bonebook"]
    else:
        lines += ["import bonebook"]
    return nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": [SETUP]})


def _opening(converter: Converter, cell: NotebookNode) -> list[NotebookNode]:
    """The title, where the page comes from and what its cells need; then the rest of the first cell."""
    title, _, rest = cell.source.partition("\n")
    config = (converter.root / "_config.yml").read_text(encoding="utf-8")
    from_ = f"A page of *{yamls.read(config)['title']}*"
    if converter.address:
        html = converter.name.removesuffix(".md") + ".html"
        from_ += f" ([read it online]({converter.address}{html}))"
        install = f"`pip install {converter.address}downloads/{wheel()}`"
    else:
        install = "`pip install -r requirements.txt` in the folder of the book"
    needs = f"{from_}. The cells need the package `bonebook`, which holds the tables; on Binder it is there, and the first cell looks for it. Elsewhere: {install}."
    first = nbformat.v4.new_markdown_cell(f"{title}\n\n{needs}")
    return [first, *_prose(rest.strip("\n"))]


def wheel() -> str:
    """File name of the wheel of this package."""
    return f"bonebook-{version('bonebook')}-py3-none-any.whl"


def written(root: Path = pages.ROOT) -> Iterator[tuple[pages.Place, Path]]:
    """The pages of threads that exist, in order: (Place, path)."""
    for tier in pages.TIERS:
        for entry in pages.threads(root):
            path = Path(root) / "book" / tier / f"{entry['thread']}.md"
            if path.exists():
                yield pages.Place(tier, entry["thread"], entry), path


def write(made: NotebookNode, target: Path) -> None:
    """Write a notebook, and its folder if there is none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, target)


def main(out: str | Path = "notebooks") -> None:
    """Write every notebook into a folder; stop with all faults if there are any."""
    faults = []
    for place, path in written():
        target = Path(out) / f"{place.path}.ipynb"
        try:
            made = notebook(path)
        except PageError as error:
            faults.append(str(error))
            continue
        write(made, target)
        print(target)
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    console.speak()
    main(*sys.argv[1:])
