"""Under each computed figure: the figure in words and as a table, folded, and its values in a file beside the picture.

Words are the alt text, the table is press.tabled's, both from the page as it was run. In Fundamentals one line opens both and
the code, which on the other tiers stands above the figure, and holds the data line of the caption; a drawing has such a line
there too. Nothing here needs a script: details and summary.
"""

import html
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from bonebook import show
from bonebook.show import KEY
from press import myst, pages, tabled
from press.sphinx.cards import interactive
from press.sphinx.launch import executed
from press.sphinx.parts import element, paragraph

log = logging.getLogger(__name__)


class drawn(nodes.General, nodes.Element):
    """What stands under a figure: label, words, parts (press.tabled), data (for the file), quiet (one line opens all).

    Its children, if it has any, are the data line of the caption (bb-data-line) and the code that draws the figure (bb-code).
    A drawing has no data and no parts.
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


class MoveDataLines(SphinxPostTransform):
    """In Fundamentals "Data: ... Source: ..." goes from the end of a caption into the fold under its figure."""

    default_priority = 7  # before the links are resolved (10)
    formats = ("html",)

    def run(self, **kwargs):
        if not interactive(self.app) or not pages.for_everybody(self.env.docname):
            return
        for figure in list(self.document.findall(nodes.figure)):
            caption = next(iter(figure.findall(nodes.caption)), None)
            line = caption and data_line(caption)
            if not line:
                continue
            at = figure.parent.index(figure) + 1
            under = figure.parent[at] if at < len(figure.parent) else None
            if not isinstance(under, drawn):
                image = next(iter(figure.findall(nodes.image)), None)
                words = image.get("alt", "") if image else ""
                under = drawn(label="", words=words, parts=[], data=None, quiet=True)
                figure.parent.insert(at, under)
            under.insert(0, paragraph(*line, classes=["bb-data-line"]))


def data_line(caption):
    """Take the nodes from "Data:" on off a caption; none if it has no such line."""
    for place, child in enumerate(caption.children):
        found = isinstance(child, nodes.Text) and re.search(r"\s*\bData: ", child)
        if found:
            first = nodes.Text(child[found.start() :].lstrip())
            line = [first, *caption.children[place + 1 :]]
            del caption[place:]
            caption += nodes.Text(child[: found.start()])
            return line
    return []


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
                parts = [part for _, part in silent] + code
                under += element("div", *parts, classes=["bb-code"])
                silent = []
            else:
                silent = []


def visit(self, node):
    """HTML: the folds, and the file of the figure beside its picture."""
    if not interactive(self.builder.app):
        raise nodes.SkipNode
    words = f"<p>{html.escape(node['words'])}</p>"
    table = "".join(map(_table, node["parts"]))
    if node["data"]:
        table += file_of(self, node)
    folds = [("The figure in words", words), ("The figure as a table", table)]
    if node["quiet"]:
        folds = [(f"More about this figure: {', '.join(_holds(node))}", words + table)]
    inner = "</div></details>\n".join(
        f"<details><summary>{title}</summary>\n<div>{body}" for title, body in folds
    )
    classes = "bb-drawn" if node["data"] else "bb-drawn bb-drawn-by-hand"
    self.body.append(f'<div class="{classes}">\n{inner}')


def file_of(self, node):
    """Write the values of a figure into a file beside its picture; the link to it."""
    name = f"{node['label']}.json"
    folder = Path(self.builder.outdir, self.builder.imagedir)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(node["data"], ensure_ascii=False, separators=(",", ":"))
    (folder / name).write_text(f"{text}\n", encoding="utf-8")
    return (
        f'<p><a href="{self.builder.imgpath}/{name}" download>Data of this figure</a>'
        " (JSON)</p>"
    )


def _holds(node):
    """What the one fold of a figure of Fundamentals holds, a few words each."""
    classes = [name for child in node.children for name in child["classes"]]
    yield "in words"
    if node["parts"]:
        yield "as a table"
    if "bb-data-line" in classes:
        yield "its data and source"
    if "bb-code" in classes:
        yield "its code"


def depart(self, node):
    """The end of all that stands under the figure."""
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
    app.add_post_transform(MoveDataLines)
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
