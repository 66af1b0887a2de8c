"""HTML elements as nodes, for the book's own directives: `part` has a tag and attributes; other formats see only what is in it."""

from docutils import nodes
from sphinx import addnodes

VOID = {"input"}
INLINE = {
    "span",
    "a",
    "label",
    "legend",
    "input",
}  # hold words and links; the others hold blocks


class part(nodes.General, nodes.Element):
    """One HTML element: part(tag="nav", attributes={"aria-label": "..."}, classes=[...])."""


class phrase(part, nodes.Inline, nodes.TextElement):
    """The same for an element inside a line of text."""


def element(tag, *children, classes=(), ids=(), **attributes):
    """A part with children (nodes or text); `aria_label` is written aria-label."""
    kind = phrase if tag in INLINE else part
    node = kind(
        tag=tag,
        classes=list(classes),
        ids=list(ids),
        attributes={
            name.replace("_", "-"): value for name, value in attributes.items()
        },
    )
    node += texts(children)
    return node


def texts(children):
    """The children, strings made text nodes."""
    return [
        nodes.Text(child) if isinstance(child, str) else child for child in children
    ]


def paragraph(*children, classes=()):
    """A paragraph of inline nodes and strings."""
    return nodes.paragraph("", "", *texts(children), classes=list(classes))


def span(text, *classes, **attributes):
    """A piece of a line with classes; with attributes (`aria_hidden="true"`) it is an element of its own."""
    if attributes:
        return element("span", text, classes=classes, **attributes)
    return nodes.inline("", text, classes=list(classes))


def bullets(items, classes=()):
    """A list; each item is a list of inline nodes."""
    return nodes.bullet_list(
        "",
        *(nodes.list_item("", paragraph(*item)) for item in items),
        classes=list(classes),
        bullet="-",
    )


def between(links, text=", "):
    """Inline nodes with text between them."""
    return [node for link in links for node in (nodes.Text(text), link)][1:]


def to_page(docname, text="", classes=()):
    """A link to a page of the book, resolved by Sphinx; without text it carries the page's title."""
    inner = nodes.inline("", text or docname, classes=list(classes))
    return addnodes.pending_xref(
        "",
        inner,
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refexplicit=bool(text),
        refwarn=True,
    )


def to_label(label, text):
    """A link to a labelled place (an anchor of a reference page), resolved by Sphinx."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype="ref",
        reftarget=label,
        refexplicit=True,
        refwarn=True,
    )


def to_web(address, text):
    """A link to an address."""
    return nodes.reference("", text, refuri=address)


def anchor(env, label, title):
    """Make a label known, so that to_label, {ref} and [text](#label) lead to the element with this id on the page being read."""
    std = env.get_domain("std")
    std.anonlabels[label] = env.docname, label
    std.labels[label] = env.docname, label, title


def _visit(self, node):
    self.body.append(
        self.starttag(
            node,
            node["tag"],
            "" if isinstance(node, phrase) else "\n",
            empty=node["tag"] in VOID,
            **node["attributes"],
        )
    )


def _depart(self, node):
    if node["tag"] not in VOID:
        self.body.append(
            f"</{node['tag']}>" + ("" if isinstance(node, phrase) else "\n")
        )


def pass_by(self, node):
    """Write nothing for a node, only what is in it."""


def setup(app):
    through = (pass_by, pass_by)
    for node in (part, phrase):
        app.add_node(
            node,
            html=(_visit, _depart),
            latex=through,
            text=through,
            man=through,
            texinfo=through,
        )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
