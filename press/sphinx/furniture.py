"""What every page has beside its text: head, boxes, sources, folded solutions.

{page-head}, {how-sure}, {in-one-breath}, {take-with-you}, {where-from}. Numbers, links and titles derive from the page's path,
book/threads.yml and the side file beside the page (see press.pages); fresh.py has the pages read again when these files change.
{signs} shows book/signs.yml. On Fundamentals: {person}, {do-today}; on its doors {door-head} and {pocket-card}.
"""

from contextlib import contextmanager

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import (
    depart_solution_node,
    solution_node,
    visit_solution_node,
)

from bonebook import tables
from press import pages, sources
from press.sphinx.cards import interactive
from press.sphinx.parts import (
    between,
    bullets,
    element,
    paragraph,
    span,
    to_label,
    to_page,
    to_web,
)

log = logging.getLogger(__name__)
HOW_WE_LOOKED = "book/reference/how-we-looked"


class Furniture(SphinxDirective):
    """A directive that knows where its page stands."""

    has_content = True

    def here(self):
        """The Place of this page and its checked side file; a fault in one of the files is an error of the build."""
        root = self.env.srcdir
        with self.faults():
            place = pages.place(self.env.docname, root)
            if place is None:
                raise self.error(
                    f"{{{self.name}}} belongs on the page of a thread: book/<tier>/<thread>.md, with the thread in book/threads.yml."
                )
            return place, pages.side(place, root)

    @contextmanager
    def faults(self):
        """What a file about pages has wrong is an error of the build, at the line of this directive."""
        try:
            yield
        except pages.PageError as error:
            raise self.error(str(error)) from None

    def written(self, place):
        """Whether the page of a Place exists."""
        return f"book/{place.path}" in self.env.found_docs

    def inline(self, text):
        """The nodes of one string of MyST."""
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]

    def body(self, skipped=0):
        """The nodes of the directive's content, below the lines that are skipped."""
        holder = nodes.Element()
        self.state.nested_parse(
            self.content[skipped:], self.content_offset + skipped, holder
        )
        return holder.children


class PageHead(Furniture):
    """{page-head}: where the page stands, how long it takes, how far its evidence goes, what comes before, what one can do after it."""

    has_content = False

    def run(self):
        place, side = self.here()
        head = element("div", classes=["bb-head"])
        head += paragraph(
            f"{place.name} · {place.entry['name']}", classes=["bb-eyebrow"]
        )
        head += element(
            "nav",
            bullets([[self.depth(place, tier)] for tier in pages.TIERS]),
            classes=["bb-depth"],
            aria_label="This subject at three depths",
        )
        minutes = f"{pages.minutes(side['minutes'])} to read"
        before = [
            self.before(pages.place(path, self.env.srcdir)) for path in side["before"]
        ]
        first = [" · Worth reading first: "] if before else []
        head += paragraph(
            minutes, *self.checked(place), *first, *between(before), classes=["bb-meta"]
        )
        head += element(
            "div",
            paragraph("You will be able to", classes=["bb-label"]),
            bullets([self.inline(text) for text in side["objectives"]]),
            classes=["bb-objectives"],
        )
        return [head]

    def depth(self, place, tier):
        """A link to this thread at one of the depths; the page's own is marked."""
        other = pages.Place(tier, place.thread, place.entry)
        if other == place:
            return element("a", other.name, href="#", aria_current="page")
        if self.written(other):
            return to_page(f"book/{other.path}", other.name)
        return span(f"{other.name} ({pages.UNWRITTEN})", "bb-unwritten")

    def checked(self, place):
        """The day up to which evidence was looked for, with a link to the page that says how."""
        with self.faults():
            day = pages.in_words(pages.checked(place, self.env.srcdir))
        words = f"Evidence checked to {day}"
        known = HOW_WE_LOOKED in self.env.found_docs
        return [" · ", to_page(HOW_WE_LOOKED, words) if known else words]

    def before(self, place):
        """A link to a page that is worth reading first."""
        if self.written(place):
            return to_page(f"book/{place.path}")
        name = f"{place.entry['name']} ({place.name}, {pages.UNWRITTEN})"
        return span(name, "bb-unwritten")


class HowSure(Furniture):
    """{how-sure} LEVEL: how certain the answer is, in the sense of GRADE, and why. Without a level, outcome by outcome (press.pages.how_sure)."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self):
        word = "".join(self.arguments).strip()
        with self.faults():
            sure = pages.how_sure(word, "\n".join(self.content))
        title = nodes.title("", "", nodes.Text("How sure are we? "))
        box = nodes.admonition("", title, classes=["bb-box", "bb-sure"])
        if word:
            title += certainty(word)
            box["classes"].append(f"bb-sure-{word.replace(' ', '-')}")
            box += paragraph(pages.level(word)[2], classes=["bb-sure-means"])
        else:
            box["classes"].append("bb-sure-mixed")
            lines = [self.graded(grade) for grade in sure.grades]
            box += nodes.bullet_list("", *lines, classes=["bb-grades"], bullet="-")
        box += self.body(sure.skipped)
        return [box]

    def graded(self, grade):
        """One line: outcome and level, and below them why."""
        name = nodes.strong("", "", *self.inline(grade.outcome), nodes.Text(":"))
        head = [name, nodes.Text(" "), certainty(grade.level)]
        return nodes.list_item(
            "",
            paragraph(*head, classes=["bb-grade"]),
            paragraph(*self.inline(grade.why)),
        )


def certainty(word):
    """A level and its dots, never apart: `Moderate certainty ●●●○`."""
    level, marks, _ = pages.level(word)
    return element(
        "span",
        span(level, "bb-level"),
        nodes.Text(" "),
        span(marks, "bb-marks", aria_hidden="true"),
        classes=["bb-certainty"],
    )


class InOneBreath(Furniture):
    """{in-one-breath}: the page in a sentence or two."""

    def run(self):
        self.assert_has_content()
        box = nodes.admonition(
            "", nodes.title("", "In one breath"), classes=["bb-box", "bb-breath"]
        )
        box += self.body()
        return [box]


class TakeWithYou(Furniture):
    """{take-with-you}: what to ask one's own clinician."""

    def run(self):
        self.assert_has_content()
        return [element("div", *self.body(), classes=["bb-box", "bb-take"])]


HELP = "book/fundamentals/help"


class Signs(Furniture):
    """{signs}: the signs that need help at once, and what to do; the same words wherever it stands."""

    has_content = False

    def run(self):
        with self.faults():
            signs = pages.signs(self.env.srcdir)
        box = nodes.admonition(
            "", nodes.title("", signs.title), classes=["bb-signs", "warning"]
        )
        for line in (*signs.signs, *signs.tablet):
            box += paragraph(*self.inline(line))
        sources = paragraph(*self.inline(signs.sources), classes=["bb-signs-from"])
        return [box, sources]


class Person(Furniture):
    """{person} Helen, 63: what happens to somebody who is invented, and is said to be."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        self.assert_has_content()
        name = f"{self.arguments[0]} (invented)"
        return [
            element(  # reading modes would drop an <aside>
                "div",
                paragraph(nodes.inline("", name, given=True), classes=["bb-label"]),
                *self.body(),
                classes=["bb-person", "bb-body"],
                role="note",
                aria_label=name,
            )
        ]


class DoToday(Furniture):
    """{do-today}: one to three things that somebody can do today; it ends with a link to who else can help."""

    def run(self):
        self.assert_has_content()
        box = element("div", *self.body(), classes=["bb-box", "bb-today"])
        if HELP in self.env.found_docs and self.env.docname != HELP:
            box += paragraph(
                "Who else can help: a nurse, a pharmacist, ",
                to_page(HELP, "a helpline in your country"),
                ".",
                classes=["bb-who"],
            )
        return [box]


class DoorHead(Furniture):
    """{door-head} MINUTES: the head of a page of pages.DOORS: how long it takes, how far its evidence goes, the other doors."""

    has_content = False
    required_arguments = 1

    def run(self):
        name = self.env.docname.rpartition("/")[2]
        if name not in pages.DOORS:
            raise self.error(
                f"{{door-head}} belongs on one of the pages {', '.join(pages.DOORS)} of Fundamentals."
            )
        with self.faults():
            day = pages.in_words(pages.checked(None, self.env.srcdir))
        others = [
            to_page(f"book/fundamentals/{other}", words)
            for other, words in pages.DOORS.items()
            if other != name and f"book/fundamentals/{other}" in self.env.found_docs
        ]
        ways = span(" · Prints on one sheet", "bb-ways")
        if others:
            ways += [nodes.Text(" · Other ways in: "), *between(others)]
        return [
            element(
                "div",
                paragraph("Fundamentals · Start here", classes=["bb-eyebrow"]),
                paragraph(
                    f"{pages.minutes(int(self.arguments[0]))} to read · "
                    f"Evidence checked to {day}",
                    ways,
                    classes=["bb-meta"],
                ),
                classes=["bb-head", "bb-door-head"],
            )
        ]


class PocketCard(Furniture):
    """{pocket-card} TITLE: a card to cut out of the printed page: its own lines, then the signs in the words of book/signs.yml."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        self.assert_has_content()
        with self.faults():
            signs = pages.signs(self.env.srcdir)
        card = element("div", classes=["bb-pocket"])
        card += paragraph(self.arguments[0], classes=["bb-label"])
        card += self.body()
        card += [paragraph(*self.inline(line)) for line in signs.signs]
        return [card]


class where_from(nodes.General, nodes.Element):
    """Stands where the sources go until the whole page has been read."""


class WhereFrom(Furniture):
    """{where-from}: the sources of the page, and the claims that it answers."""

    def run(self):
        known = tables.by_id("claims")
        node = where_from(claims=[])
        for line in filter(None, map(str.strip, self.content)):
            field, _, value = line.partition(":")
            if field != "claims":
                raise self.error(
                    f"{{where-from}} holds one line, `claims: id id`; it does not know {field!r}. Studies are listed by themselves."
                )
            node["claims"] += value.replace(",", " ").split()
        if missing := [claim for claim in node["claims"] if claim not in known]:
            raise self.error(
                f"{{where-from}} names claims that data/claims.csv does not have: {', '.join(missing)}."
            )
        self.set_source_info(node)
        return [node]


class ListSources(SphinxPostTransform):
    """Replaces {where-from} by the studies that the page's facts and citations name, and by its claims."""

    default_priority = 5  # before the links are resolved (10)

    def run(self, **kwargs):
        for node in list(self.document.findall(where_from)):
            studies = tables.by_id("studies")
            claims = tables.by_id("claims")
            used = list(dict.fromkeys(studies_used(_page(node))))
            if missing := [study for study in used if study not in studies]:
                log.warning(
                    "this page cites what has no row in data/studies.csv: %s",
                    ", ".join(missing),
                    location=node,
                )
            listed = sorted(
                (studies[study] for study in used if study in studies),
                key=lambda row: (row["authors_year"].lower(), row["id"]),
            )
            box = element("div", classes=["bb-from"])
            if listed:
                box += [
                    paragraph("Studies and sources on this page", classes=["bb-label"]),
                    bullets(map(study_line, listed), ["bb-from-studies"]),
                ]
            if node["claims"]:
                box += [
                    paragraph(
                        "Claims of the source documents that this page answers",
                        classes=["bb-label"],
                    )
                ]
                box += bullets(
                    (
                        [
                            to_label(f"claim-{claim}", claims[claim]["claim"]),
                            nodes.Text(f" ({claims[claim]['verdict']})"),
                        ]
                        for claim in node["claims"]
                    ),
                    ["bb-from-claims"],
                )
            node.replace_self(box if box.children else [])


def studies_used(page):
    """Ids of the studies that the facts and citations below a node name, in order."""
    for node in page.findall(nodes.Element):
        if "studies" in node.attributes:  # a {fact}, see facts.py
            yield from node["studies"]
        elif node.get("refdomain") == "cite":  # {cite:p}`a,b`
            yield from cited(node)


def cited(node):
    """The keys that a node of a {cite} role names, in order."""
    return [key.strip() for key in node["reftarget"].split(",")]


def _page(node):
    while (
        node.parent is not None and node.tagname != "start_of_file"
    ):  # one page of a book that is written as one document
        node = node.parent
    return node


def study_line(row):
    """A study of data/studies.csv as inline nodes: who and when, with a link to its entry, its name, one way to it, how it was seen."""
    name = "" if row["name"] in ("", row["authors_year"]) else f": {row['name']}"
    parts = [
        to_label(f"study-{row['id']}", row["authors_year"]),
        nodes.Text(f"{name}. "),
    ]
    parts += [to_web(*way) for way in sources.ways(row)[:1]]
    if mark := sources.SEEN[row["seen"]].mark:
        parts.append(span(f" ({mark})", "bb-seen"))
    return parts


class SingleIds(SphinxTransform):
    """sphinx-exercise wraps every exercise in a section, all with the same two ids; an id stands once on a page."""

    default_priority = 400

    def apply(self):
        for node in list(self.document.findall(nodes.section)):
            if node["ids"] in (["exercise-content"], ["solution-content"]):
                node["ids"] = []
                node.replace_self(node.children)


def _visit_solution(self, node):
    """A solution with `:class: dropdown` folds by itself (details, summary): by keyboard, by touch, without scripts."""
    if not interactive(self.builder.app):  # nothing folds there: it is shown
        node["classes"] = [each for each in node["classes"] if each != "dropdown"]
    if "dropdown" not in node["classes"]:
        return visit_solution_node(self, node)
    title, *rest = node.children
    self.body.append(
        self.starttag(node, "details", classes=["bb-solution"]).replace(" dropdown", "")
    )
    self.body.append(f"<summary>{self.encode(title.astext())}</summary>\n")
    for child in rest:
        child.walkabout(self)
    self.body.append("</details>\n")
    raise nodes.SkipNode


def _visit_admonition(self, node, name=""):
    """So does a box with `:class: dropdown`; in other formats it is open, as any other box."""
    folds = "dropdown" in node["classes"] and interactive(self.builder.app)
    node["classes"] = [each for each in node["classes"] if each != "dropdown"]
    if not folds:
        return type(self).visit_admonition(self, node, name)
    title, *rest = node.children
    self.body.append(self.starttag(node, "details", classes=["bb-solution"]))
    self.body.append(f"<summary>{self.encode(title.astext())}</summary>\n")
    for child in rest:
        child.walkabout(self)
    self.body.append("</details>\n")
    raise nodes.SkipNode


def _depart_admonition(self, node):
    type(self).depart_admonition(self, node)


def setup(app):
    app.setup_extension("press.sphinx.parts")
    for name, directive in (
        ("page-head", PageHead),
        ("how-sure", HowSure),
        ("in-one-breath", InOneBreath),
        ("take-with-you", TakeWithYou),
        ("signs", Signs),
        ("person", Person),
        ("do-today", DoToday),
        ("door-head", DoorHead),
        ("pocket-card", PocketCard),
        ("where-from", WhereFrom),
    ):
        app.add_directive(name, directive)
    app.add_node(where_from)
    app.add_post_transform(ListSources)
    app.add_transform(SingleIds)
    app.setup_extension("sphinx_exercise")
    app.add_node(
        solution_node,
        override=True,
        html=(_visit_solution, depart_solution_node),
        latex=(visit_solution_node, depart_solution_node),
    )
    app.add_node(
        nodes.admonition, override=True, html=(_visit_admonition, _depart_admonition)
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
