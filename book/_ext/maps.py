"""{reading-map}: nine threads by three depths, for the front page. {tier-map}: the threads of one tier, for its index page.

Both are drawn from book/threads.yml; a page that exists is a link with its title and its minutes.
"""

from docutils import nodes

from bonebook import pages
from furniture import Furniture
from parts import bullets, element, paragraph, span, to_page


class Map(Furniture):
    has_content = False

    def places(self):
        """All places, a list of three for each thread; and whether each is written."""
        try:
            return [[pages.Place(tier, entry["thread"], entry) for tier in pages.TIERS] for entry in pages.threads(self.env.srcdir)]
        except pages.PageError as error:
            raise self.error(str(error)) from None

    def minutes(self, place):
        try:
            return pages.minutes(pages.side(place, self.env.srcdir)["minutes"])
        except pages.PageError as error:
            raise self.error(str(error)) from None


class ReadingMap(Map):
    def run(self):
        heads = [element("th", paragraph(text), role="columnheader", scope="col") for text in ("Subject", *pages.TIERS.values())]
        rows = []
        for row in self.places():
            name = element("th", paragraph(row[0].entry["name"]), role="rowheader", scope="row")
            rows.append(element("tr", name, *map(self.cell, row), role="row"))
        return [
            element(
                "table",
                element("thead", element("tr", *heads, role="row"), role="rowgroup"),
                element("tbody", *rows, role="rowgroup"),
                classes=["bb-map"], role="table", aria_label="Reading map: nine subjects at three depths",
            )
        ]

    def cell(self, place):
        number = span(f"{place.number} ", "bb-n")
        if self.written(place):
            return element(
                "td", paragraph(number, to_page(f"book/{place.path}")), paragraph(self.minutes(place), classes=["bb-minutes"]),
                role="cell", data_tier=pages.TIERS[place.tier],
            )
        return element(
            "td", paragraph(number, place.blurb), paragraph(pages.UNWRITTEN, classes=["bb-minutes"]),
            classes=["bb-unwritten"], role="cell", data_tier=pages.TIERS[place.tier],
        )


class TierMap(Map):
    def run(self):
        tier = self.env.docname.split("/")[-2]
        if tier not in pages.TIERS:
            raise self.error("{tier-map} belongs on the index page of a tier: book/<tier>/index.md.")
        index = list(pages.TIERS).index(tier)
        return [bullets((self.item(row[index]) for row in self.places()), ["bb-tier"])]

    def item(self, place):
        about = [span(f"{place.number} ", "bb-n"), nodes.strong("", place.entry["name"]), nodes.Text(f"{'' if place.entry['name'].endswith('?') else ':'} {place.blurb}. ")]
        if self.written(place):
            return [*about, to_page(f"book/{place.path}"), span(f" ({self.minutes(place)})", "bb-minutes")]
        return [*about, span(f"({pages.UNWRITTEN})", "bb-unwritten")]


def setup(app):
    app.setup_extension("furniture")
    app.add_directive("reading-map", ReadingMap)
    app.add_directive("tier-map", TierMap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
