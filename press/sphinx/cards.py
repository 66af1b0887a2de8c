"""What opens over a number or a term: a link in the text and, right behind it, its card.

The number is a link and no button, and a closed card is `hidden`: reading modes, read-aloud and clippers drop buttons and keep
links, and pass by what is hidden. cards.js makes the link a button for who reads the page itself, and the card a popover;
without scripts the link leads to its card, and the cross back. Other formats have no cards.
"""

import re
from functools import lru_cache

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from press import pages
from press.sphinx.parts import part

LONGEST = 320  # characters of a definition that a card shows


class card_link(nodes.Inline, nodes.TextElement):
    """The number or term, as a link; `card` is the id of its card, `hint` what a screen reader says after the text."""


class card(nodes.comment, nodes.Inline):
    """What the link opens. Sphinx indexes no comments, so a search for a word finds the pages and not their cards."""


#: Builders that write HTML of which nothing opens: the e-book, whose readers are not browsers, and the book for paper (paper.py).
STILL = ("epub", "paper")


def interactive(app):
    """Whether the format has cards, folds and figures that move: the pages of the site do."""
    return app.builder.format == "html" and app.builder.name not in STILL


def attach(document, node, kind, hint, *lines):
    """Replace an inline node by a link of class bb-<kind> with the node's content, and the card with these lines behind it.

    A line is (class, inline nodes or text). Where a link would be lost or lead elsewhere (a label, a summary, a link) or the text is copied elsewhere
    (a title), the node stays as it is. Returns whether a card was made.
    """
    if any(_no_place(above) for above in ancestors(node)):
        return False
    document["cards"] = document.get("cards", 0) + 1
    name = f"card-{document['cards']}"
    link = card_link(
        "",
        "",
        *(child.deepcopy() for child in node.children),
        ids=[f"{name}-of"],
        card=name,
        hint=hint,
        classes=["bb-opens", f"bb-{kind}"],
    )
    box = card(
        ids=[name], label=f"{hint.capitalize()}: {node.astext()}", classes=["bb-card"]
    )
    for style, content in lines:
        box += nodes.inline(
            "",
            "",
            *([nodes.Text(content)] if isinstance(content, str) else content),
            classes=[f"bb-card-{style}"],
        )
    together = nodes.inline(
        "",
        "",
        *_split(node, -1),
        link,
        box,
        *_split(node, 1),
        classes=["bb-together"],
    )
    node.replace_self([link, box] if len(together) == 2 else together)
    return True


def _split(node, side):
    """Take the punctuation off the text beside a node: browsers would break the line between it and a card."""
    index = node.parent.index(node) + side
    if not 0 <= index < len(node.parent):
        return []
    text = node.parent[index]
    edge = r"[(\[“‘]+$" if side < 0 else r"^[.,;:?!)\]”’]+"
    found = re.search(edge, text) if isinstance(text, nodes.Text) else None
    if not found:
        return []
    rest = nodes.Text(text[: found.start()] + text[found.end() :])
    node.parent[index] = rest
    return [nodes.Text(found[0])]


def ancestors(node):
    """The nodes above a node, nearest first."""
    while node.parent is not None:
        node = node.parent
        yield node


def _no_place(node):
    return (
        isinstance(node, (nodes.title, nodes.reference, addnodes.pending_xref))
        or isinstance(node, part)
        and node["tag"] in ("a", "button", "label", "summary")
    )


class TermCards(SphinxPostTransform):
    """{term}: the card holds the first sentences of the entry and a link to it; in other formats the term stays a link.

    In Fundamentals it holds one: each entry of the glossary says the thing in plain words first.
    """

    default_priority = 8  # before the links are resolved (10)

    def run(self, **kwargs):
        if not interactive(self.app):
            return
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("reftype") != "term":
                continue
            text = self.definition(node["reftarget"])
            if not text:
                continue
            if pages.for_everybody(node.get("refdoc", "")):
                text = first_sentence(text)
            link = node.deepcopy()
            link["refexplicit"] = True
            link.children = []
            link += nodes.inline(
                "", "Full entry in the glossary", classes=["std", "std-term"]
            )
            lines = ("what", text), ("links", [link])
            attach(self.document, node, "term", "definition", *lines)

    def definition(self, term):
        """The first sentences of a term's entry; empty if it has none."""
        place = find_term(self.env, term)
        if not place:
            return ""
        docname, anchor = place
        read = self.env.all_docs.get(docname)
        return definitions(self.env, docname, read).get(anchor, "")


def first_sentence(text):
    """What stands before the first full stop that a capital follows."""
    return re.split(r"(?<=[.?!]) (?=[A-Z0-9α-ω\u201c\"])", text, maxsplit=1)[0]


def find_term(env, name):
    """(document, anchor) of a glossary entry, as Sphinx itself looks it up; None if there is none."""
    known = env.get_domain("std").objects
    if ("term", name) in known:
        return known["term", name]
    return next(
        (
            place
            for (kind, term), place in known.items()
            if kind == "term" and term.lower() == name.lower()
        ),
        None,
    )


@lru_cache(maxsize=8)
def definitions(env, docname, _read):
    """Anchor -> first sentences, as plain text, of the glossary entries of one document (read again when Sphinx has)."""
    found = {}
    for item in env.get_doctree(docname).findall(nodes.definition_list_item):
        paragraph = next(iter(item.findall(nodes.paragraph)), None)
        for term in item.findall(nodes.term):
            for name in term["ids"] if paragraph else []:
                found[name] = _first(paragraph)
    return found


def _first(paragraph):
    paragraph = paragraph.deepcopy()
    for node in list(paragraph.findall(nodes.Element)):
        if node.get("refdomain") == "cite":
            node.parent.remove(node)
    text = re.sub(r"\s+([.,;])", r"\1", " ".join(paragraph.astext().split()))
    end = max(text.rfind(mark, 0, LONGEST) for mark in (". ", "? ", "! "))
    return text[: end + 1] if len(text) > LONGEST and end > 0 else text


def note_terms(app, doctree):
    """Remember of a page whether it shows definitions."""
    terms = any(
        node.get("reftype") == "term" for node in doctree.findall(addnodes.pending_xref)
    )
    app.env.metadata[app.env.docname]["terms"] = terms


def outdated(app, env, added, changed, removed):
    """The pages that show definitions are read again when the glossary has changed."""
    glossaries = {
        docname
        for (kind, _), (docname, _) in env.get_domain("std").objects.items()
        if kind == "term"
    }
    if glossaries & (added | changed | removed):
        return sorted(
            {name for name, data in env.metadata.items() if data.get("terms")}
            & env.found_docs
        )
    return []


def visit_link(self, node):
    """HTML: a link to the card."""
    # The name begins with the visible text (WCAG 2.5.3); that it opens something is told by cards.js.
    name = f"{node.astext()}, {node['hint']}"
    attributes = {"href": f"#{node['card']}", "aria-label": name}
    self.body.append(self.starttag(node, "a", "", **attributes))


def visit_card(self, node):
    """HTML: the popover, hidden until it opens, with a cross that closes it."""
    attributes = {"role": "group", "aria-label": node["label"]}
    self.body.append(
        self.starttag(node, "span", "", popover="", hidden="", **attributes)
    )
    close = f'<a class="bb-card-close" href="#{node["ids"][0]}-of" aria-label="Close">'
    self.body.append(f'{close}<span aria-hidden="true">×</span></a>')


def setup(app):
    app.setup_extension("press.sphinx.parts")
    app.add_node(
        card_link,
        html=(visit_link, lambda self, node: self.body.append("</a>")),
    )
    app.add_node(
        card, html=(visit_card, lambda self, node: self.body.append("</span>"))
    )
    app.add_post_transform(TermCards)
    app.connect("doctree-read", note_terms)
    app.connect("env-get-outdated", outdated)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
