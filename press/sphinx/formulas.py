"""Formulas as MathML (press/formulas.py), in the site and in the e-book: no script draws them, and nothing is loaded for them but a font.

A formula that does not become MathML is a warning with its file and line, so the build stops there.
"""

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from press.formulas import FormulaError, mathml
from press.sphinx.cards import interactive
from press.sphinx.facts import place

NAME = "mathml"
log = logging.getLogger(__name__)


def check(app, document):
    """Warn of each formula of a page that does not become MathML."""
    for node in document.findall(_formula):
        try:
            mathml(node.astext(), isinstance(node, nodes.math_block))
        except FormulaError as error:
            first = node.astext().strip().partition("\n")[0]
            log.warning("%s", error, location=place(app.env, node.line, first))


def _formula(node):
    return isinstance(node, (nodes.math, nodes.math_block))


def written(node, display):
    """The formula of a node; its TeX where it has been told already that there is none."""
    try:
        return mathml(node.astext(), display)
    except FormulaError:
        return None


def visit_inline(self, node):
    """HTML: in a line of text."""
    self.body.append(written(node, False) or self.encode(node.astext()))
    raise nodes.SkipNode


def visit_block(self, node):
    """HTML: on a line of its own, in a box that scrolls where the line is too long, with its number if it has one."""
    scrolls = {"tabindex": "0", "role": "group", "aria-label": "Formula"}
    told = scrolls if interactive(self.builder.app) else {}
    self.body.append(self.starttag(node, "div", CLASS="math", **told))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(written(node, True) or self.encode(node.astext()))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer(NAME, (visit_inline, None), (visit_block, None))
    app.connect("doctree-read", check)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
