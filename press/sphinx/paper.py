"""The builder `paper`: the book as one page to print, from which tools/pdf.py makes the PDF.

It is Sphinx's own single page, with what a printed book needs: each page of the book keeps the names of its places
(`academic-bone--the-model`), so that links lead where they should; the tiers stand side by side and their pages below them, which
becomes the outline; the notes of a page stand at its end; nothing has to be opened, and no script runs.

What is looked up and not read is left out (LEFT_OUT), and the cover names it. A link to a study leads to the bibliography instead, any other link to what is
left out to the published book if it has an address (BOOK_ADDRESS); else its words stand without a link.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.util.nodes import inline_all_toctrees

from bonebook import palette
from press import edition, pages
from press.sphinx.hosting import LICENSE
from press.sphinx.parts import part

#: Lists that are looked up and not read; on the site they are tables that can be searched, or cards a page.
LEFT_OUT = (
    "book/reference/studies",
    "book/reference/claims",
    "book/reference/data-dictionary",
    "book/reference/ask",
    *(f"book/teach/{name}" for name in ("cards", "competencies", "syllabi", "adopt")),
)
STUDIES, BIBLIOGRAPHY = LEFT_OUT[0], "book/reference/bibliography"
FILE = "paper.html"
COVER = "figures/cover.svg"  # the drawing that the front page has, too
SHEET = Path(__file__).resolve().parent / "sheets" / "paper.css"
#: What the page prefers of the forms of an output; MyST-NB knows its own builders only.
FORMS = ("text/html", "image/svg+xml", "image/png", "text/markdown", "text/plain")


class PaperBuilder(SingleFileHTMLBuilder):
    """The book as one page, `paper/paper.html`."""

    name = "paper"
    epilog = "The page to print is in %(outdir)s."
    add_permalinks = False  # nobody selects a heading on paper

    def get_outfilename(self, pagename):
        """The page lies at the top of the folder, where its sheets and figures are looked for."""
        name = FILE if pagename == self.config.root_doc else f"{pagename}.html"
        return str(Path(self.outdir, name))

    def assemble_doctree(self):
        """All pages as one document, with links and places that no two of them share."""
        root = self.config.root_doc
        tree = self.env.get_doctree(root)
        tree = inline_all_toctrees(self, set(), root, tree, str, [root])
        tree["docname"] = root
        for file in list(tree.findall(addnodes.start_of_file)):
            if file["docname"] in LEFT_OUT:
                file.parent.remove(file)
        self.env.resolve_references(tree, root, self)
        for node in list(tree.findall(part)):
            if "bb-depth" in node["classes"]:  # leads to pages of this same book
                node.parent.remove(node)
        files = {root: tree}
        files |= {
            file["docname"]: file for file in tree.findall(addnodes.start_of_file)
        }
        for file in files.values():
            in_columns(file)
            without_sources(file)
        ids = {name: set(own_ids(file)) for name, file in files.items()}
        for name, file in files.items():
            self.lead(name, file, ids)
        self.contents = [self.entry(name, files) for name in self.inside(root)]
        # Parts of the book stand side by side: the front page, the tiers, what is looked up.
        tops = [
            file
            for file in files.values()
            if isinstance(file, addnodes.start_of_file)
            and file["docname"] in self.inside(root)
        ]
        for file in tops:
            file.parent.remove(file)
            tree += file
        for file in list(tree.findall(addnodes.start_of_file)):
            file.replace_self(file.children)
        return tree

    def inside(self, docname):
        """The pages directly below a page, in order, without what is left out."""
        below = self.env.toctree_includes.get(docname, [])
        return [name for name in below if name not in LEFT_OUT]

    def entry(self, docname, files):
        """(address, title, entries below) of a page, for the contents."""
        below = [self.entry(name, files) for name in self.inside(docname)]
        title = self.env.titles[docname].astext()
        return f"#{first_id(docname, files[docname])}", title, below

    def lead(self, docname, file, ids):
        """Name the places of one page after it, and turn its links to where they lead in the one page."""
        for node in own(file):
            for name in ("ids", "backrefs"):
                if node.get(name):
                    node[name] = [place(docname, each) for each in node[name]]
            if node.get("refid"):
                node["refid"] = place(docname, node["refid"])
            if isinstance(node, nodes.section):
                node["classes"].append("bb-paper-section")
                if node.parent is file or isinstance(node.parent, nodes.document):
                    node["classes"].append("bb-paper-page")
        for link in list(own(file)):
            if isinstance(link, nodes.reference) and "refuri" in link:
                self.turn(link, docname, ids)

    def turn(self, link, docname, ids):
        """One link, which so far leads to `#document-<page>#<place>` or out of the book."""
        address = link["refuri"]
        if re.match(r"https?:|mailto:", address):
            return
        found = re.fullmatch(r"(?:[^#]*)#document-([^#]+)(?:#(.*))?", address)
        to, at = (found[1], found[2] or "") if found else ("", "")
        if to == STUDIES and at.startswith("study-"):
            cited = f"cite-{at.removeprefix('study-')}"
            if cited in ids.get(BIBLIOGRAPHY, ()):
                to, at = BIBLIOGRAPHY, cited
        if to in ids:
            link["refuri"] = f"#{place(to, at or 'top')}"
        elif site := self.config.html_baseurl:
            path = f"{to}.html#{at}".rstrip("#") if to else address.lstrip("./")
            link["refuri"], link["internal"] = f"{site}{path}", False
        else:
            link.replace_self(link.children)

    def assemble_toc_fignumbers(self):
        """Numbers of figures and exercises by their new places, for the one page and for each page in it."""
        numbers: dict[str, dict[str, dict[str, tuple[int, ...]]]] = {}
        for docname, kinds in self.env.toc_fignumbers.items():
            for kind, each in kinds.items():
                for name in (docname, self.config.root_doc):
                    known = numbers.setdefault(name, {}).setdefault(kind, {})
                    known |= {place(docname, key): each[key] for key in each}
        return numbers

    def get_doc_context(self, docname, body, metatags):
        """What the template of the page needs."""
        which = edition.edition(self.srcdir)
        day = pages.checked(None, self.srcdir)
        context = super().get_doc_context(docname, body, metatags)
        return context | {
            "contents": self.contents,
            "sheet": SHEET.read_text(encoding="utf-8"),
            "edition": which.words if which else edition.version(self.srcdir),
            "checked": pages.in_words(day),
            "license": LICENSE,
            "address": self.config.html_baseurl,
            "cover": self.images.get(COVER),
            "left_out": [
                self.env.titles[name].astext()
                for name in LEFT_OUT
                if name in self.env.titles
            ],
        }

    def handle_page(  # type: ignore[override]
        self, pagename, addctx, templatename="page.html", **others
    ):
        """The page by its own template."""
        super().handle_page(pagename, addctx, "paper.html", **others)

    def write_additional_files(self):
        """None: no search, no map."""

    def copy_image_files(self):
        """The figures, on the white of the sheet."""
        super().copy_image_files()
        paper = palette.PAGE["paper"][0]
        for image in Path(self.outdir, self.imagedir).glob("*.svg"):
            drawn = image.read_text(encoding="utf-8")
            image.write_text(drawn.replace(paper, "#ffffff"), encoding="utf-8")


def own(file):
    """The nodes of a page, without those of the pages inside it."""
    for child in file.children:
        if isinstance(child, addnodes.start_of_file) or not isinstance(
            child, nodes.Element
        ):
            continue
        yield child
        yield from own(child)


def in_columns(file):
    """Lay the questions of a page, with their answers, into one box, which the sheet sets in two columns."""
    first = [node for node in own(file) if "bb-questions" in node.get("classes", ())]
    for section in {id(node.parent): node.parent for node in first}.values():
        title, *others = section.children
        box = nodes.container("", *others, classes=["bb-paper-columns"])
        section.children = []
        section += [title, box]


def without_sources(file):
    """Leave out the list of a page's studies: each stands in the bibliography, where its citation leads, and the notes follow."""
    for box in [node for node in own(file) if "bb-from" in node.get("classes", ())]:
        for studies in [n for n in box if "bb-from-studies" in n.get("classes", ())]:
            box.remove(box[box.index(studies) - 1])  # its label
            box.remove(studies)
        if not box.children and len(box.parent) == 2:  # a title, and nothing under it
            box.parent.parent.remove(box.parent)


def own_ids(file):
    """The names of the places of a page."""
    for node in own(file):
        yield from node.get("ids", ())


def place(docname, name):
    """The name of a place of a page in the one page."""
    return f"{docname.removeprefix('book/').replace('/', '-')}--{name}"


def first_id(docname, file):
    """The place where a page begins; it is made if need be."""
    first = next(node for node in own(file) if isinstance(node, nodes.section))
    top = place(docname, "top")
    if top not in first["ids"]:
        first["ids"].append(top)
    return top


def configure(app, config):
    """Which form of an output the page shows."""
    config.nb_mime_priority_overrides = [
        *config.nb_mime_priority_overrides,
        *((PaperBuilder.name, form, rank) for rank, form in enumerate(FORMS, 1)),
    ]


def setup(app):
    app.add_builder(PaperBuilder)
    app.connect("config-inited", configure, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
