"""Under each computed figure: the figure in words and as a table, folded, and its values in a file beside the picture.

Words are the alt text, the table is press.tabled's, both from the page as it was run. In Fundamentals one line opens both.
Nothing here needs a script: details and summary.
"""

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

from bonebook import show
from bonebook.drawn import KEY
from press import myst, tabled
from press.sphinx.launch import executed


class drawn(nodes.General, nodes.Element):
    """What stands under a figure: label, words, parts (press.tabled), data (for the file), quiet (one line opens all)."""


class TellFigures(SphinxTransform):
    """Puts `drawn` behind each figure that a cell has drawn."""

    default_priority = 400

    def apply(self):
        found = [
            (cell, figure)
            for cell in self.document.findall(nodes.container)
            if cell.get("nb_element") == "cell_code"
            for figure in cell.findall(nodes.figure)
        ]
        if not found:
            return
        docname = self.env.docname
        ran = executed(self.app, docname).cells
        cells = {
            cell.label: cell for cell in myst.read(self.env.doc2path(docname)).cells
        }
        for cell, figure in found:
            values = [
                output.metadata[KEY]
                for output in ran[cell["cell_index"]].outputs
                if KEY in output.get("metadata", {})
            ]
            label = next((name for name in figure["names"] if name in cells), "")
            if not values or not label:
                continue
            words, caption = cells[label].alt, myst.plain(cells[label].caption)
            about = {
                "figure": label,
                "words": words,
                "caption": " ".join(caption.split()),
            }
            node = drawn(
                label=label,
                words=words,
                parts=tabled.parts(values[0], caption),
                data=tabled.data(values[0], **about),
                quiet=docname.startswith("book/fundamentals/"),
            )
            figure.parent.insert(figure.parent.index(figure) + 1, node)


def visit(self, node):
    """HTML: the folds, and the file of the figure beside its picture."""
    if self.builder.name == "epub":
        raise nodes.SkipNode
    name = f"{node['label']}.json"
    folder = Path(self.builder.outdir, self.builder.imagedir)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(node["data"], ensure_ascii=False, separators=(",", ":"))
    (folder / name).write_text(f"{text}\n", encoding="utf-8")
    words = f"<p>{html.escape(node['words'])}</p>"
    table = "".join(map(_table, node["parts"]))
    table += (
        f'<p><a href="{self.builder.imgpath}/{name}" download>Data of this figure</a>'
        " (JSON)</p>"
    )
    folds = [("The figure in words", words), ("The figure as a table", table)]
    if node["quiet"]:
        folds = [("This figure in words and as a table", words + table)]
    inner = "".join(
        f"<details><summary>{title}</summary>\n<div>{body}</div></details>\n"
        for title, body in folds
    )
    self.body.append(f'<div class="bb-drawn">\n{inner}</div>\n')
    raise nodes.SkipNode


def _table(part):
    right = [
        place > 0
        and all(show.NUMBER.match(row[place]) or not row[place] for row in part.rows)
        for place in range(len(part.header))
    ]
    title = part.title or "What the figure draws"
    return show.Table(part.header, part.rows, right, title)._repr_html_()


def skip(self, node):
    """Other forms of the book show the picture and its caption."""
    raise nodes.SkipNode


def setup(app):
    app.add_transform(TellFigures)
    app.add_node(
        drawn,
        html=(visit, None),
        latex=(skip, None),
        text=(skip, None),
        man=(skip, None),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
