"""Under each computed figure: the figure in words and as a table, folded, and its values in a file beside the picture.

Words are the alt text, the table is press.tabled's, both from the page as it was run. In Fundamentals one line opens both and
the code, which on the other tiers stands above the figure. Nothing here needs a script: details and summary.
"""

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from bonebook import show
from bonebook.drawn import KEY
from press import myst, pages, tabled
from press.sphinx.cards import interactive
from press.sphinx.launch import executed

log = logging.getLogger(__name__)


class drawn(nodes.General, nodes.Element):
    """What stands under a figure: label, words, parts (press.tabled), data (for the file), quiet (one line opens all).

    Its children, if it has any, are the code that draws the figure.
    """


class TellFigures(SphinxTransform):
    """Puts `drawn` behind each figure that a cell has drawn."""

    default_priority = 400

    def apply(self):
        boxes = [
            box
            for box in self.document.findall(nodes.container)
            if box.get("nb_element") == "cell_code"
        ]
        if not boxes:
            return
        docname = self.env.docname
        written = myst.read(self.env.doc2path(docname)).cells
        self.tell_empty(docname, boxes, written)
        found = [(box, figure) for box in boxes for figure in box.findall(nodes.figure)]
        if not found:
            return
        ran = executed(self.app, docname).cells
        cells = {cell.label: cell for cell in written}
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
                quiet=pages.for_everybody(docname),
            )
            figure.parent.insert(figure.parent.index(figure) + 1, node)

    def tell_empty(self, docname, boxes, written):
        """Warn of each cell that has a caption and put out no picture; the page would lose its figure without a word."""
        if self.config.nb_execution_mode == "off":
            return
        shown = {
            name
            for box in boxes
            for f in box.findall(nodes.figure)
            for name in f["names"]
        }
        for place, cell in enumerate(written):
            box = boxes[place] if len(boxes) == len(written) else None
            drew = cell.label in shown or (box and any(box.findall(nodes.figure)))
            if cell.caption and not drew:
                log.warning(
                    "the cell has a caption, and it put out no picture. Is its last line the figure, with a semicolon?",
                    location=(docname, cell.line),
                )


class UnfoldCells(SphinxPostTransform):
    """Where nothing folds: code that only draws a figure is left out, and a cell that answers is shown."""

    default_priority = 189  # before the code is folded (199)
    formats = ("html",)

    def run(self, **kwargs):
        if interactive(self.app):
            return
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            if cell.attributes.pop("hide_mode", None) == "input":
                for part in list(cell.children):
                    if part.get("nb_element") == "cell_code_source":
                        cell.remove(part)


class MoveCode(SphinxPostTransform):
    """In Fundamentals the folded code goes under its figure, with that of the cells before it that show nothing themselves."""

    default_priority = 190  # before the code is folded where it stands (199)
    formats = ("html",)

    def run(self, **kwargs):
        if not interactive(self.app):
            return
        silent: list[tuple] = []  # cells whose code waits for the figure
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            code = [
                part
                for part in cell.children
                if part.get("nb_element") == "cell_code_source"
            ]
            under = next(cell.findall(drawn), None)
            if cell.get("hide_mode") != "input" or not code:
                silent = []
            elif len(cell.children) == 1:
                silent.append((cell, code[0]))
            elif under and under["quiet"]:
                cell.remove(code[0])
                for waiting, _ in silent:
                    waiting.parent.remove(waiting)
                under += [part for _, part in silent] + code
                silent = []
            else:
                silent = []


def visit(self, node):
    """HTML: the folds, and the file of the figure beside its picture."""
    if not interactive(self.builder.app):
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
        kinds = ("in words, as a table and as code", "in words and as a table")
        folds = [(f"This figure {kinds[not node.children]}", words + table)]
    inner = "</div></details>\n".join(
        f"<details><summary>{title}</summary>\n<div>{body}" for title, body in folds
    )
    self.body.append(f'<div class="bb-drawn">\n{inner}')
    if node.children:
        self.body.append('<div class="bb-code">')


def depart(self, node):
    """The end of the code, if it stands here, and of all that stands under the figure."""
    if node.children:
        self.body.append("</div>")
    self.body.append("</div></details>\n</div>\n")


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
    app.add_post_transform(UnfoldCells)
    app.add_post_transform(MoveCode)
    app.add_node(
        drawn,
        html=(visit, depart),
        latex=(skip, None),
        text=(skip, None),
        man=(skip, None),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
