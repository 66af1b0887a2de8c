"""Every page of a thread as a Jupyter notebook: `python -m press.notebooks [OUT]` writes OUT/<tier>/<thread>.ipynb (OUT: notebooks).

The prose is plain CommonMark (press.commonmark), the code cells are those of the page. It needs what requirements.txt installs.
If the environment variable BOOK_ADDRESS names where the book is published, the notebooks link to it.
"""

import os
import sys
from importlib.metadata import version
from pathlib import Path

import nbformat
import yaml
from jupytext.myst import MystMetadataParsingError, myst_to_notebook

from . import pages
from .commonmark import ConversionError, Page, fold

KERNEL = {
    "kernelspec": {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    },
    "language_info": {"name": "python"},
}


def notebook(path, root=pages.ROOT, address=None):
    """The page at `path` as a notebook (nbformat 4.5, no outputs). Raises ConversionError with file and line."""
    address = os.environ.get("BOOK_ADDRESS", "") if address is None else address
    address = address and address.rstrip("/") + "/"
    page = Page(path, root, address)
    text = Path(path).read_text(encoding="utf-8")
    try:
        source = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, yaml.YAMLError) as error:
        page.fail(1, str(error))
    lines, cells, inside = text.split("\n"), [], False
    for cell, start in zip(source.cells, source.metadata["source_map"]):
        if cell.cell_type == "code":
            cells += _code(page, cell, start, inside)
            continue
        while start < len(lines) and not lines[start].strip():
            start += 1
        cells += _prose(page.convert(cell.source, start + 1))
        inside = _unfinished(cell.source, inside)
    cells[:1] = _opening(page, cells[0], address)
    for count, cell in enumerate(cells):
        cell.id = f"{page.place.thread}-{page.place.tier[0]}-{count}"
    return nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)


def _prose(words):
    return [nbformat.v4.new_markdown_cell(words)] if words else []


def _unfinished(source, inside):
    """Whether the text ends inside a folded solution, whose code is then folded too."""
    start, end = source.rfind("{solution-start}"), source.rfind("{solution-end}")
    return inside if start == end == -1 else start > end


def _code(page, cell, start, inside):
    """The code cell; after a figure, a cell with its caption and the figure in words."""
    tags = list(cell.metadata.get("tags", []))
    shown = {}
    if inside or {"hide-input", "hide-cell", "remove-input", "remove-cell"} & set(tags):
        shown["source_hidden"] = True
    if {"hide-output", "hide-cell"} & set(tags):
        shown["outputs_hidden"] = True
    metadata = ({"tags": tags} if tags else {}) | ({"jupyter": shown} if shown else {})
    options = cell.metadata.get("mystnb", {})
    figure, alt = options.get("figure", {}), options.get("image", {}).get("alt", "")
    words = ""
    if figure.get("caption"):
        number = page.labels.get(figure.get("name"), "Figure")
        words = f"**{number}.** {page.convert(figure['caption'].strip(), start + 1)}"
    if alt:
        words += f"\n\n{fold('The figure in words', ' '.join(alt.split()))}"
    return [
        nbformat.v4.new_code_cell(cell.source, metadata=metadata),
        *_prose(words.strip()),
    ]


def _opening(page, cell, address):
    """The title, where the page comes from and what its cells need; then the rest of the first cell."""
    title, _, rest = cell.source.partition("\n")
    book = yaml.safe_load((page.root / "_config.yml").read_text(encoding="utf-8"))[
        "title"
    ]
    from_ = f"A page of *{book}*"
    if address:
        from_ += f" ([read it online]({address}{page.name.removesuffix('.md')}.html))"
        install = f"`pip install {address}downloads/{wheel()}`"
    else:
        install = "`pip install -r requirements.txt` in the folder of the book"
    needs = f"{from_}. The cells need the package `bonebook`, which holds the tables; on Binder it is there. Elsewhere: {install}."
    first = nbformat.v4.new_markdown_cell(f"{title}\n\n{needs}")
    return [first, *_prose(rest.strip("\n"))]


def wheel():
    """File name of the wheel of this package."""
    return f"bonebook-{version('bonebook')}-py3-none-any.whl"


def written(root=pages.ROOT):
    """The pages of threads that exist, in order: (Place, path)."""
    for tier in pages.TIERS:
        for entry in pages.threads(root):
            path = Path(root) / "book" / tier / f"{entry['thread']}.md"
            if path.exists():
                yield pages.Place(tier, entry["thread"], entry), path


def main(out="notebooks"):
    faults = []
    for place, path in written():
        target = Path(out) / f"{place.path}.ipynb"
        try:
            made = notebook(path)
        except (ConversionError, pages.PageError) as error:
            faults.append(str(error))
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(made, target)
        print(target)
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main(*sys.argv[1:])
