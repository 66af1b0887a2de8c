"""On a page of Fundamentals a citation is one small raised mark that opens who is cited; on all others it is author and year.

One {cite:p} is one mark, however many sources it names. The mark is drawn by the style sheet (cards.css) and is no text: reading
modes, read-aloud, a copied sentence and the search keep the sentence alone, a screen reader says "Source: Delmas and others, 1997".
{cite:t} stays words, and so does a citation in forms of the book where nothing opens (e-book, paper, LaTeX).
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from bonebook import tables
from press import pages
from press.sphinx.cards import attach, interactive
from press.sphinx.furniture import cited, study_line


class MarkSources(SphinxPostTransform):
    """Puts the mark and its card in place of each {cite:p}, and takes the space before it away."""

    default_priority = 6  # after ListSources (5), before the links are resolved (10)

    def run(self, **kwargs):
        if not interactive(self.app) or not pages.for_everybody(self.env.docname):
            return
        studies = tables.by_id("studies")
        for node in list(self.document.findall(nodes.Element)):
            if node.get("refdomain") != "cite" or node.get("reftype") != "p":
                continue
            rows = [studies.get(key) for key in cited(node)]
            if all(rows):  # what no table has is told by ListSources, and stays words
                self.mark(node, rows)

    def mark(self, node, rows):
        """One citation: sources told by name in the mark's own name, with their ways in the card."""
        names = "; ".join(row["authors_year"] for row in rows)
        name = f"Source{'s' * (len(rows) > 1)}: {names}"
        lines = [("source", study_line(row)) for row in rows]
        mark = nodes.inline()
        node.parent[node.parent.index(node)] = mark  # without the id of its words
        tighten(mark)
        if not attach(self.document, mark, "source", "", *lines, name=name):
            mark.replace_self([nodes.Text(" "), node])


def tighten(node):
    """Take away the space before a node, so that what it becomes stays with its word."""
    at = node.parent.index(node)
    before = node.parent[at - 1] if at else None
    if isinstance(before, nodes.Text) and before[-1:].isspace():
        kept = before.rstrip()
        node.parent[at - 1 : at] = [nodes.Text(kept)] if kept else []


def setup(app):
    app.setup_extension("press.sphinx.cards")
    app.setup_extension("press.sphinx.furniture")
    app.add_post_transform(MarkSources)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
