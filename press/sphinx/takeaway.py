"""{take-away}: the whole book to take along, as PDF, as EPUB and as a zip of the site, where they were made.

BOOK_TAKEN names a folder with the PDF and the EPUB (tools/pdf.py, tools/epub.py write them into dist/); the publishing workflow sets it.
They are laid beside the pages, and the zip is made of the pages themselves when all of them are written. Without it the page says which
commands make them: no link leads to a file that is not there.
"""

import os
import shutil
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from press import takeaway
from press.sphinx.cards import interactive

#: The files: ending, and what somebody does with it.
KINDS = {
    "pdf": "to print, or to read with notes of your own",
    "epub": "for a reader of e-books, a phone or a tablet",
    "zip": "this site itself, which opens from your own disk without a network",
}


class take_away(nodes.General, nodes.Element):
    """Where the files are offered."""


class TakeAway(SphinxDirective):
    """{take-away}"""

    def run(self):
        return [take_away()]


def offered(app) -> dict[str, str]:
    """{ending: path in the site} of the files that this site offers; none without BOOK_TAKEN."""
    folder = os.environ.get("BOOK_TAKEN", "")
    if not folder:
        return {}
    name = takeaway.basename(app.config.html_title)
    there = [k for k in KINDS if k == "zip" or Path(folder, f"{name}.{k}").exists()]
    return {kind: f"{takeaway.FOLDER}/{name}.{kind}" for kind in there}


def visit(self, node):
    """HTML: a list of links; a copy of the page in the zip has none of it."""
    if interactive(self.builder.app):
        here = self.builder.get_target_uri(self.builder.current_docname)
        links = "".join(
            f'<li><a href="{escape(relative_uri(here, path))}" download>{kind.upper()}</a>: {KINDS[kind]}</li>\n'
            for kind, path in offered(self.builder.app).items()
        )
        told = f"<ul>\n{links}</ul>" if links else _NONE
        self.body.append(f"{takeaway.MARKS[0]}{told}{takeaway.MARKS[1]}\n")
    raise nodes.SkipNode


_NONE = (
    "<p>This copy was built without them: <code>make pdf</code>, <code>make epub</code> and "
    "<code>make zip</code> make them.</p>"
)


def skip(self, node):
    """Other forms of the book are what is offered."""
    raise nodes.SkipNode


def lay(app, error):
    """The files beside the pages."""
    if error or app.builder.name != "html" or not os.environ.get("BOOK_TAKEN"):
        return
    for kind, path in offered(app).items():
        target = Path(app.outdir, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if kind == "zip":
            takeaway.site_zip(Path(app.outdir), target, Path(app.srcdir))
        else:
            shutil.copyfile(Path(os.environ["BOOK_TAKEN"], target.name), target)


def setup(app):
    app.add_directive("take-away", TakeAway)
    app.add_node(
        take_away,
        html=(visit, None),
        latex=(skip, None),
        text=(skip, None),
        man=(skip, None),
        texinfo=(skip, None),
    )
    app.connect("build-finished", lay, priority=990)  # when all else is written
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
