"""Numbers of the prose, checked against data/.

{fact}`+1.28 % <id>`   a number from a study: compared with the table at the written precision; opens a card with its source
{compare}`More women had clots <id id>`   words about two rows: direction and number words compared; a card with both
{given}`5 out of 100`  a number that belongs to no study (a definition, an arithmetic example)
{data}`bmd_change`     a table: its entry in the data dictionary, its CSV file, its rows on the page to ask
Any other digit in the prose of a page is a warning, unless press.numbers says why it may stand.
"""

import re
import shutil
from contextlib import ExitStack
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxRole
from sphinx.util.osutil import relative_uri

from bonebook import tables
from press import ask, facts, numbers, pages, parcel, plainly, sources, written
from press.sphinx import cards
from press.sphinx.parts import between, pass_by, to_label, to_web
from press.state import digest, remaking

log = logging.getLogger(__name__)
_SKIPPED = (
    nodes.literal,
    nodes.literal_block,
    nodes.doctest_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.label,
    nodes.footnote_reference,
    nodes.citation_reference,
    nodes.system_message,
    nodes.problematic,
)
_DRAWN = {
    "bb-n",
    "bb-eyebrow",
    "bb-depth",
    "bb-meta",
    "bb-minutes",
}  # section numbers and reading times, drawn by the book itself


class fact_number(nodes.Inline, nodes.TextElement):
    """A checked number; `studies` are the ids behind it, `found` the text of its card, `plain` that of one in everyday words."""


class table_file(nodes.Inline, nodes.Element):
    """The place of the link to the CSV file of a table (`table`), or of a link with `words` to another `file` beside it."""


# --- roles ---------------------------------------------------------------------------------------------------------------


class FactRole(SphinxRole):
    """{fact}`number <id>`: the number, checked; a warning where it disagrees with the table."""

    role, example = "fact", "+1.28 % <id>"

    def read(self, shown, target):
        """The facts that the words rest on."""
        return [written.check(shown, target)]

    def mark(self, text):
        """The role as it is written."""
        return f"{{{self.role}}}`{text}`"

    def run(self):
        match = re.fullmatch(r"(.+?)\s*<([^<>]+)>", self.text, re.S)
        shown = " ".join((match[1] if match else self.text).split())
        shown = re.sub(r"(?<![\w.])-(?=\d)", facts.MINUS, shown)
        try:
            if not match:
                raise facts.FactError(
                    f"{self.text!r} names no row; it is written {self.mark(self.example)}"
                )
            found = self.read(shown, match[2])
        except facts.FactError as error:
            log.warning(
                "%s",
                error,
                location=place(self.env, self.lineno, self.mark(self.text), self.text),
            )
            return [nodes.inline("", shown, given=True)], []
        first, *others = (each.card() | {"seen": worst(each)} for each in found)
        node = fact_number(
            self.rawtext,
            shown,
            studies=list(
                dict.fromkeys(key for each in found for key in each.studies())
            ),
            found=first | {"against": others},
        )
        if pages.for_everybody(self.env.docname):
            node["plain"] = [line for each in found for line in plainly.lines(each)]
        if any(each.unverified for each in found):
            return [
                node,
                nodes.inline("", " (unverified)", classes=["bb-unverified"]),
            ], []
        return [node], []


class CompareRole(FactRole):
    """{compare}`More women had clots <row-a row-b>`: the direction of the words, checked; its card shows both numbers."""

    role, example = "compare", "More women had clots <id-of-these id-of-those>"

    def read(self, shown, target):
        """The two rows, or the one that tells a difference."""
        return written.compare(shown, target)


def worst(found):
    """How the number was seen; of a number computed from others, the weakest of them."""
    words = [found.row.get("seen", ""), *map(worst, found.inputs())]
    return max(words, key=["", "primary", "secondary", "unverified"].index)


class GivenRole(SphinxRole):
    """{given}`number`: a number that no study found."""

    def run(self):
        return [nodes.inline(self.rawtext, self.text, given=True)], []


class DataRole(ReferenceRole):
    """{data}`table`: links to the entry and to the file of a table."""

    def run(self):
        if self.target not in tables.tables():
            message = "there is no table %r; the tables are %s"
            log.warning(
                message,
                self.target,
                ", ".join(tables.tables()),
                location=place(self.env, self.lineno, f"{{data}}`{self.text}`"),
            )
            return [nodes.literal("", self.title)], []
        link = to_label(f"table-{self.target}", self.title)
        return [link, table_file(table=self.target)], []


def place(env, line, *words):
    """Where words stand, as Sphinx prints it: the line of the page, or of its side file; the line given if neither has them."""
    page = Path(env.doc2path(env.docname))
    for path, first in ((page, max((line or 1) - 1, 0)), (page.with_suffix(".yml"), 0)):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for wanted in words:
            for number, text in enumerate(lines[first:], first + 1):
                if wanted in text:
                    return f"{path}:{number}"
    return env.docname, line


# --- from checked numbers to cards or notes ------------------------------------------------------------------------------


class FactCards(SphinxPostTransform):
    """HTML: each number opens a card."""

    default_priority = 8  # after {where-from} has looked for numbers (5), before the links are resolved (10)

    def run(self, **kwargs):
        if cards.interactive(self.app):
            for node in list(self.document.findall(fact_number)):
                told = plain_lines(node) if "plain" in node else lines(node["found"])
                cards.attach(self.document, node, "fact", "source", *told)


class FactNotes(SphinxPostTransform):
    """Other formats: each number has its source in a note; one note for all numbers with the same source."""

    default_priority = 300  # before LaTeX moves its footnotes (600)

    def run(self, **kwargs):
        if cards.interactive(self.app):
            return
        each = self.app.builder.name == "paper"  # each page has its own notes
        pages_: dict[int, tuple[nodes.Element, list[fact_number]]] = {}
        for node in self.document.findall(fact_number):
            above = cards.ancestors(node)
            if not any(isinstance(n, (nodes.title, nodes.reference)) for n in above):
                page = page_of(node) if each else self.document
                pages_.setdefault(id(page), (page, []))[1].append(node)
        for page, found in pages_.values():
            self.write(page, found)

    def write(self, page, found):
        """The notes of one page: a document, or one of many that are written as one."""
        labels = [
            node.astext()
            for node in page.findall(nodes.label)
            if page is self.document or page_of(node) is page
        ]
        first = 1 + max((int(label) for label in labels if label.isdigit()), default=0)
        notes: dict[str, nodes.footnote] = {}
        for node in found:
            words = nodes.paragraph("", "", *in_words(node["found"]))
            text, label = words.astext(), str(first + len(notes))
            note = notes.setdefault(
                text,
                nodes.footnote(
                    "",
                    nodes.label("", label),
                    words,
                    ids=[f"source-{label}"],
                    docname=self.env.docname,
                ),
            )
            node += nodes.footnote_reference(
                "", note[0].astext(), refid=note["ids"][0], docname=self.env.docname
            )
        sections = [
            child for child in page.children if isinstance(child, nodes.section)
        ]
        spot = sections[-1] if sections else page
        # Other pages may follow in it, where many are written as one.
        at = next(
            (
                place
                for place, child in enumerate(spot.children)
                if next(child.findall(addnodes.start_of_file), None)
            ),
            len(spot),
        )
        title = nodes.rubric("", "Sources of the numbers")
        titled = [] if self.app.builder.format == "latex" else [title]
        spot[at:at] = [*titled, *notes.values()]


def page_of(node):
    """The page that a node stands on: a document, or one of many that are written as one."""
    for above in cards.ancestors(node):
        if isinstance(above, (addnodes.start_of_file, nodes.document)):
            return above
    raise LookupError("a node outside of any page")


def lines(found):
    """The lines of a card: (class, text or inline nodes); of two numbers that are compared, one after the other."""
    told = [found, *found["against"]]
    for each in told:
        yield from _number(each)
    for source in _sources(told):
        line = [
            to_label(f"study-{source['study']}", source["authors_year"]),
            nodes.Text(f", {source['name']} " if source["name"] else " "),
        ]
        if source["link"]:
            line.append(to_web(source["link"], source["way"]))
        yield "source", line
    if any(each["table"] == "derived" for each in told):
        yield "seen", sources.DERIVED
    for seen in dict.fromkeys(each["seen"] for each in told if each["seen"]):
        yield "seen", sources.SEEN[seen].number


def plain_lines(node):
    """The lines of a card of Fundamentals (press.plainly), and the ways to the studies; what is said of both is said once."""
    lines = dict.fromkeys(node["plain"])
    yield from (line for line in lines if line[0] != "seen")
    for source in _sources([node["found"], *node["found"]["against"]]):
        line = [
            nodes.Text("Study: "),
            to_label(
                f"study-{source['study']}", source["name"] or source["authors_year"]
            ),
        ]
        if source["link"]:
            line += [nodes.Text(", "), to_web(source["link"], "its report")]
        yield "source", line
    yield from (line for line in lines if line[0] == "seen")


def _number(found):
    value = found["value"]
    if found["approx"] and found["column"] == "value":
        value = f"about {value}"
    if found["uncertainty"]:
        value = f"{value} ({found['uncertainty']})"
    people = ""
    if found["n"] and found["column"] != "n":
        people = f"{int(found['n']):,} people"
    yield "what", found["label"]
    yield "value", value
    if who := "; ".join(filter(None, [found["population"], people])):
        yield "who", who[:1].upper() + who[1:]


def _sources(told):
    """The sources behind the numbers, each once."""
    return {
        source["study"]: source for each in told for source in each["sources"]
    }.values()


def in_words(found):
    """The sources of a number as inline nodes of one paragraph."""
    told = [found, *found["against"]]
    for count, source in enumerate(_sources(told)):
        yield nodes.Text(
            ("; " if count else "")
            + ", ".join(filter(None, [source["authors_year"], source["name"]]))
            + (", " if source["link"] else "")
        )
        if source["link"]:
            yield to_web(source["link"], source["link"])
    remarks = ""
    for seen in dict.fromkeys(each["seen"] for each in told):
        if seen in ("secondary", "unverified"):
            remarks += f" {sources.SEEN[seen].number}"
    if any(each["table"] == "derived" for each in told):
        remarks += f" {sources.DERIVED}"
    yield nodes.Text(f".{remarks}")


class TableFiles(SphinxPostTransform):
    """The links to a file of data/, which lies beside the pages of the site, and to its rows; other formats have none."""

    default_priority = 8

    def run(self, **kwargs):
        builder = self.app.builder
        for node in list(self.document.findall(table_file)):
            if not cards.interactive(self.app):
                if "words" in node:
                    node.replace_self(nodes.literal("", node["words"]))
                else:
                    node.parent.remove(node)
                continue
            if builder.name == "singlehtml":
                page = f"{self.app.config.root_doc}.html"
            else:
                page = builder.get_target_uri(self.env.docname)
            if "words" in node:
                address = relative_uri(page, f"data/{node['file']}")
                node.replace_self(
                    nodes.reference("", node["words"], refuri=address, internal=True)
                )
                continue
            address = relative_uri(page, f"data/{node['table']}.csv")
            links = [nodes.reference("", "CSV", refuri=address, internal=True)]
            if self.asks(node["table"]):
                there = relative_uri(page, self.ask_page())
                address = f"{there}#ask-{node['table']}"
                links.append(nodes.reference("", "rows", refuri=address, internal=True))
            node.replace_self([nodes.Text(" ("), *between(links), nodes.Text(")")])

    def asks(self, table):
        """Whether a link to the rows of a table belongs here: the page to ask is in the book, is not this one, and has the table."""
        there = ask.PAGE in self.env.found_docs and self.env.docname != ask.PAGE
        return there and table in ask.asked()

    def ask_page(self):
        """Where rows are asked for, from the root of the site."""
        if self.app.builder.name == "singlehtml":
            return f"{self.app.config.root_doc}.html"
        return self.app.builder.get_target_uri(ask.PAGE)


def configure(app, config):
    """Settings that the roles of this module need."""
    config.primary_domain = None  # otherwise {data} is Python's role of that name


def copy_tables(app, error):
    """The CSV files beside the pages of the site, and what is made from them to take away."""
    if error or not cards.interactive(app):
        return
    folder = Path(app.outdir, "data")
    shutil.copytree(tables.DATA, folder, dirs_exist_ok=True)
    if not (pages.ROOT / "CITATION.cff").exists():
        return  # a book that is not cited, such as a small one of the tests
    made = {"parcel": digest(pages.ROOT, parcel.FROM)}
    with remaking(folder / ".parcel", made) as names:
        if names:
            parcel.write(folder)


# --- digits without a mark -----------------------------------------------------------------------------------------------


def check_digits(app, document):
    """Warn of every number in the prose that is not marked and that press.numbers.ALLOWED does not name."""
    docname = app.env.docname
    if docname != "book/index" and not docname.startswith(
        tuple(f"book/{tier}/" for tier in pages.TIERS)
    ):
        return
    for block, text in prose(document):
        for found in numbers.unmarked(text):
            log.warning(
                "%s",
                numbers.no_source(text, found),
                location=place(app.env, _line(block), *_words(text, found)),
            )


def prose(document):
    """(block, its text) for every block of a page; U+FFFC stands for what needs no mark."""
    blocks: dict[int, tuple[nodes.Node, list[str]]] = {}
    for text in document.findall(nodes.Text):
        above = list(cards.ancestors(text))
        block = next(node for node in above if not isinstance(node, nodes.Inline))
        blocks.setdefault(id(block), (block, []))[1].append(
            "\ufffc" if _skipped(above) else text.astext()
        )
    return [(block, "".join(parts)) for block, parts in blocks.values()]


def _skipped(above):
    caption = False
    for node in above:
        caption = caption or isinstance(node, nodes.caption)
        if (
            isinstance(node, (fact_number, *_SKIPPED))
            or node.get("given")
            or _DRAWN & set(node.get("classes", ()))
        ):
            return True
        if (
            "cell_output" in node.get("classes", ()) and not caption
        ):  # what a cell drew comes from the tables; its caption is prose
            return True
        if isinstance(node, addnodes.pending_xref) and (
            node.get("reftype") == "term"
            or node.get("refdomain") == "cite"
            or not node.get("refexplicit")
        ):
            return True
    return False


def _line(block):
    return next(
        (node.line for node in (block, *cards.ancestors(block)) if node.line), None
    )


def _words(text, found):
    """The number with ever fewer words around it, to find it in the source."""
    before = re.split("[\ufffc\n]", text[: found.start()])[-1]
    after = re.split("[\ufffc\n]", text[found.end() :])[0]
    return f"{before[-25:]}{found[0]}{after[:25]}".strip(), found[0]


def visit_number(self, node):
    """HTML without cards (EPUB)."""
    self.body.append(self.starttag(node, "span", "", CLASS="bb-number"))


def depart_number(self, node):
    """The end of it."""
    self.body.append("</span>")


def hold(app, env, docnames):
    """From the first page that is read to the end of the build, tables do not change."""
    if tables.DATA.exists():
        held = ExitStack()
        held.enter_context(tables.held())
        app.connect("build-finished", lambda *_: held.close())


def setup(app):
    app.setup_extension("press.sphinx.cards")
    app.connect("env-before-read-docs", hold)
    app.add_role("fact", FactRole())
    app.add_role("compare", CompareRole())
    app.add_role("given", GivenRole())
    app.add_role("data", DataRole())
    through = (pass_by, pass_by)
    app.add_node(
        fact_number,
        html=(visit_number, depart_number),
        latex=through,
        text=through,
        man=through,
        texinfo=through,
    )
    app.add_node(table_file)
    for transform in (FactCards, FactNotes, TableFiles):
        app.add_post_transform(transform)
    app.connect("config-inited", configure)
    app.connect("doctree-read", check_digits)
    app.connect("build-finished", copy_tables)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
