"""{reading-map}: the threads by three depths, for the front page. {tier-map}: the threads of one tier, for its index page.
{tier-recap}: what each page of the tier says in one breath and how sure it is, for the tier's closing page.

All are drawn from book/threads.yml and the pages themselves; a page that exists is a link with its title.
"""

from docutils import nodes

from press import pages
from press.sphinx.furniture import Furniture, certainty
from press.sphinx.parts import between, bullets, element, paragraph, span, to_page


class Map(Furniture):
    """A drawing of the threads and their pages."""

    has_content = False

    def places(self):
        """All places, a list of three for each thread."""
        with self.faults():
            return [
                [pages.Place(tier, entry["thread"], entry) for tier in pages.TIERS]
                for entry in pages.threads(self.env.srcdir)
            ]

    def minutes(self, place):
        """How long a page takes, in words."""
        with self.faults():
            return pages.minutes(pages.side(place, self.env.srcdir)["minutes"])


class ReadingMap(Map):
    """{reading-map}: a table, a row a thread, a column a depth."""

    def run(self):
        heads = [
            element("th", paragraph(text), role="columnheader", scope="col")
            for text in ("Subject", *pages.TIERS.values())
        ]
        rows = []
        for row in self.places():
            name = element(
                "th", paragraph(row[0].entry["name"]), role="rowheader", scope="row"
            )
            rows.append(element("tr", name, *map(self.cell, row), role="row"))
        return [
            element(
                "table",
                element("thead", element("tr", *heads, role="row"), role="rowgroup"),
                element("tbody", *rows, role="rowgroup"),
                classes=["bb-map"],
                role="table",
                aria_label="Reading map: every subject at three depths",
            )
        ]

    def cell(self, place):
        """One page: its title and minutes, or what it will be about."""
        number = span(f"{place.number} ", "bb-n")
        if self.written(place):
            return element(
                "td",
                paragraph(number, to_page(f"book/{place.path}")),
                paragraph(self.minutes(place), classes=["bb-minutes"]),
                role="cell",
                data_tier=pages.TIERS[place.tier],
            )
        return element(
            "td",
            paragraph(number, place.blurb),
            paragraph(pages.UNWRITTEN, classes=["bb-minutes"]),
            classes=["bb-unwritten"],
            role="cell",
            data_tier=pages.TIERS[place.tier],
        )


class TierMap(Map):
    """{tier-map}: the pages of the tier on whose page it stands."""

    classes = ["bb-tier"]

    def run(self):
        tier = self.env.docname.split("/")[-2]
        if tier not in pages.TIERS:
            raise self.error(
                f"{{{self.name}}} belongs on a page of a tier: book/<tier>/index.md or reflection.md."
            )
        index = list(pages.TIERS).index(tier)
        return [bullets((self.item(row[index]) for row in self.places()), self.classes)]

    def item(self, place):
        """One page: number, subject, title."""
        name = place.entry["name"]
        colon = "" if name.endswith("?") else ":"
        about = [
            span(f"{place.number} ", "bb-n"),
            nodes.strong("", name),
            nodes.Text(f"{colon} {place.blurb}. "),
        ]
        if self.written(place):
            return [
                *about,
                to_page(f"book/{place.path}"),
                span(f" ({self.minutes(place)})", "bb-minutes"),
            ]
        return [*about, span(f"({pages.UNWRITTEN})", "bb-unwritten")]


class TierRecap(TierMap):
    """{tier-recap}: each page of the tier in one breath, and how sure it is."""

    classes = ["bb-recap"]

    def item(self, place):
        """One page: subject, the text of its {in-one-breath} box, its certainty."""
        if not self.written(place):
            return [
                nodes.strong("", place.entry["name"]),
                span(f" ({pages.UNWRITTEN})", "bb-unwritten"),
            ]
        self.env.note_dependency(f"book/{place.path}.md")
        with self.faults():
            grades, breath = pages.closing(place, self.env.srcdir)
        sure = [self.sure(grade) for grade in grades]
        name = element(
            "span",
            span(f"{place.number} ", "bb-n"),
            to_page(f"book/{place.path}", place.entry["name"]),
            classes=["bb-recap-name"],
        )
        return [
            name,
            nodes.Text(" "),
            *self.inline(breath),
            nodes.Text(" "),
            *between(sure, " "),
        ]

    def sure(self, grade):
        """A level, and of what where the page grades several outcomes."""
        words = [*self.inline(grade.outcome), nodes.Text(": ")] if grade.outcome else []
        return element(
            "span", *words, certainty(grade.level), classes=["bb-recap-sure"]
        )


def setup(app):
    app.setup_extension("press.sphinx.furniture")
    app.add_directive("reading-map", ReadingMap)
    app.add_directive("tier-map", TierMap)
    app.add_directive("tier-recap", TierRecap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
