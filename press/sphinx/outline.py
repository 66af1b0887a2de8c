"""Figures and exercises are numbered from outlines of the pages, and not from the pages.

Sphinx unpickles the tree of every page of a book to number what has a caption, whichever page was changed. What it looks at
there is kept here of each page as it is read: its sections, what may carry a number, and which pages it leads to. What the book's own numbering looks at (press/glance.py) is kept from one build to the next as well.
"""

import pickle
from contextlib import suppress
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.environment.collectors.toctree import TocTreeCollector

from press import glance
from press.pages import PageError

_assign = TocTreeCollector.assign_figure_numbers


def outline(env, node):
    """A node's sections, toctrees and nodes that may carry a number, in their order; all that stands between them is left out."""
    found = []
    for child in node.children:
        if isinstance(child, nodes.section):
            kept = nodes.section("", *outline(env, child), ids=child["ids"])
            found.append(kept)
        elif isinstance(child, toctree):
            found.append(child.deepcopy())
        elif isinstance(child, nodes.Element):
            kinds = (
                each.get_enumerable_node_type(child) for each in env.domains.values()
            )
            # with all that stands in it: its title is asked for, and nothing in it is left out
            found += [child.deepcopy()] if any(kinds) else outline(env, child)
    return found


def outlines(env):
    """{page: its outline, pickled}, kept with the environment."""
    if not hasattr(env, "bonebook_outlines"):
        env.bonebook_outlines = {}
    return env.bonebook_outlines


def keep(app, doctree):
    """A page was read."""
    kept = nodes.Element("", *outline(app.env, doctree))
    for node in kept.findall():
        node.document = None  # the whole page hangs on it
    outlines(app.env)[app.env.docname] = pickle.dumps(kept)


def forget(app, env, docname):
    """A page is gone, or is read again."""
    outlines(env).pop(docname, None)


def merge(app, env, docnames, other):
    """Pages were read by another process."""
    outlines(env).update({name: outlines(other)[name] for name in docnames})


def assign(self, env):
    """Sphinx's own numbering, which asks for outlines."""
    known, whole = outlines(env), env.get_doctree
    env.get_doctree = lambda name: (
        pickle.loads(known[name]) if name in known else whole(name)
    )
    try:
        return _assign(self, env)
    finally:
        del env.get_doctree


def remember(app, env, docnames):
    """What a build before saw of the pages is known to this one, unless what reads them is another since."""
    digest, found = getattr(env, "bonebook_glances", ("", {}))
    if digest == app.config.bonebook_digest:
        glance.known.update(found)


def note(app, env):
    """And what this one saw, to the next; of pages as they are, and not as they were."""
    kept = {}
    for name in env.all_docs:
        text = Path(env.doc2path(name)).read_text(encoding="utf-8")
        with suppress(PageError):  # who needs it will say so
            kept[glance.key(text)] = glance.glance(text, f"{name}.md")
    env.bonebook_glances = app.config.bonebook_digest, kept


def setup(app):
    TocTreeCollector.assign_figure_numbers = assign  # type: ignore[method-assign]
    app.connect("doctree-read", keep, priority=999)  # as it will be stored
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-before-read-docs", remember)
    app.connect("env-updated", note)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
