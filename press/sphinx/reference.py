"""Reference pages drawn from the tables: {studies-table}, {claims-table}, {data-dictionary}, {data-files}, {how-far-read};
{last-check}; the style of the bibliography.

Every study, claim and table has a plain anchor: study-<id>, claim-<id>, table-<name>.
"""

import re
from collections import Counter, defaultdict

from docutils import nodes
from pybtex.backends.plaintext import Backend as PlainText
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as Plain
from pybtex.style.template import field, href, join
from sphinx.environment import CONFIG_OK
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.bibtex.domain import BibtexDomain, _FilterVisitor

from bonebook import tables
from press import looked, pages, parcel, sources
from press.sphinx.facts import table_file
from press.sphinx.parts import (
    anchor,
    between,
    bullets,
    element,
    paragraph,
    span,
    to_label,
    to_page,
    to_web,
)


class Drawn(SphinxDirective):
    """A directive that draws the page from tables."""

    def section(self, label, title, *children):
        """A section with a heading, an id and a label."""
        node = nodes.section(
            "", nodes.title("", title), *children, ids=[label], names=[label]
        )
        anchor(self.env, label, title)
        return node

    def entry(self, label, title, *children):
        """A block with an anchor and a heading of its own; it does not crowd the table of contents."""
        anchor(self.env, label, title)
        return element(
            "div",
            element(
                "div",
                paragraph(nodes.strong("", title)),
                classes=["bb-entry-title"],
                role="heading",
                aria_level="3",
            ),
            *children,
            ids=[label],
            classes=["bb-entry"],
        )

    def page(self, path):
        """A link to the page `intermediate/density`, or its name if it is not written yet."""
        if f"book/{path}" in self.env.found_docs:
            return to_page(f"book/{path}")
        place = pages.place(path, self.env.srcdir)
        return span(
            f"{place.entry['name']} ({place.name}, {pages.UNWRITTEN})"
            if place
            else path,
            "bb-unwritten",
        )


def fields(pairs):
    """A field list of (name, inline nodes or text); pairs without a value are left out."""
    found = [
        (name, [nodes.Text(value)] if isinstance(value, str) else value)
        for name, value in pairs
        if value
    ]
    return nodes.field_list(
        "",
        *(
            nodes.field(
                "", nodes.field_name("", name), nodes.field_body("", paragraph(*value))
            )
            for name, value in found
        ),
        classes=["bb-fields"],
    )


def source(row):
    """Links to where a study can be read."""
    ways = sources.ways(row)
    if row["address"]:
        ways[-1] = (row["address"], "where we read it")
    return between(to_web(*way) for way in ways)


class StudiesTable(Drawn):
    """{studies-table}: every study, by kind, with its links and the tables that use it."""

    def run(self):
        counts: defaultdict[str, Counter] = defaultdict(
            Counter
        )  # study -> table -> rows
        for name in tables.tables():
            if name not in ("studies", "claims"):
                for row in tables.columns(name, "study", "further_studies"):
                    further = (row.get("further_studies") or "").split()
                    for study in {row.get("study"), *further}:
                        counts[study][name] += 1
        groups: dict[str, list] = {kind: [] for kind in sources.KINDS}
        for row in sorted(
            tables.rows("studies"),
            key=lambda row: (row["authors_year"].lower(), row["id"]),
        ):
            groups[row["kind"]].append(self.study(row, counts[row["id"]]))
        return [
            self.section(
                f"studies-{kind.replace(' ', '-')}", sources.KINDS[kind], *found
            )
            for kind, found in groups.items()
            if found
        ]

    def study(self, row, counts):
        """The entry of one study; counts: table -> how many of its rows come from the study."""
        title = (
            row["authors_year"]
            if row["name"] == row["authors_year"]
            else f"{row['authors_year']}: {row['name']}"
        )
        used = between(
            nodes.inline(
                "", "", to_label(f"table-{name}", name), nodes.Text(f" ({count})")
            )
            for name, count in counts.items()
        )
        return self.entry(
            f"study-{row['id']}",
            title,
            fields(
                [
                    ("Design", row["design"]),
                    ("Who or what", row["population"]),
                    ("People", f"{int(row['n_total']):,}" if row["n_total"] else ""),
                    ("Read it", source(row)),
                    (
                        "What we saw",
                        f"{sources.SEEN[row['seen']].study}, {row['looked_up']}",
                    ),
                    ("Rows in our tables", used),
                    ("Remark", row["note"]),
                    ("Name in the tables", [nodes.literal("", row["id"])]),
                ]
            ),
        )


class ClaimsTable(Drawn):
    """{claims-table}: every claim of the source documents, and what the studies say to it."""

    def run(self):
        groups: dict[tuple[str, str], list] = {}
        for row in sorted(tables.rows("claims"), key=_natural):
            groups.setdefault((row["document"], row["tier"]), []).append(
                self.claim(row)
            )
        found = []
        for document in sorted({document for document, _ in groups}):
            title = (
                "Both source documents"
                if "and" in document
                else f"Source document {document}"
            )
            label = f"claims-{document.replace(' ', '-')}"
            tiers = [
                self.section(
                    f"{label}-{nodes.make_id(tier)}",
                    "The references it leans on" if tier == "References" else tier,
                    *rows,
                )
                for (name, tier), rows in sorted(groups.items(), key=_depth)
                if name == document
            ]
            found.append(self.section(label, title, *tiers))
        return [self.summary(), *found]

    def summary(self):
        """How many claims have each verdict, and what the verdict means."""
        verdicts = [row["verdict"] for row in tables.rows("claims")]
        return bullets(
            [
                [verdict(name), nodes.Text(f" ({verdicts.count(name)}): {meaning}")]
                for name, (_, meaning) in sources.VERDICTS.items()
                if name in verdicts
            ],
            ["bb-verdicts"],
        )

    def claim(self, row):
        """The entry of one claim."""
        studies = list(filter(None, [row["study"], *row["further_studies"].split()]))
        names = {study["id"]: study["authors_year"] for study in tables.rows("studies")}
        if missing := [study for study in studies if study not in names]:
            raise self.error(
                f"data/claims.csv, {row['id']}: no study {', '.join(missing)} in data/studies.csv."
            )
        return self.entry(
            f"claim-{row['id']}",
            row["claim"],
            fields(
                [
                    ("Verdict", [verdict(row["verdict"])]),
                    ("Instead", row["correction"]),
                    (
                        "Studies",
                        between(
                            to_label(f"study-{study}", names[study])
                            for study in studies
                        ),
                    ),
                    (
                        "Checked at",
                        [to_web(row["address"], row["address"].split("/")[2])]
                        if row["address"]
                        else "",
                    ),
                    ("Remark", row["note"]),
                    ("Answered on", between(map(self.page, row["pages"].split()))),
                    ("Name", [nodes.literal("", row["id"])]),
                ]
            ),
        )


def verdict(name):
    """A verdict with its mark."""
    return element(
        "span",
        span(sources.VERDICTS[name][0], "bb-mark", aria_hidden="true"),
        nodes.Text(f" {name}"),
        classes=["bb-verdict", f"bb-verdict-{name.replace(' ', '-')}"],
    )


def _natural(row):
    """The order of ids such as ls-a2, ls-a10."""
    return [
        int(part) if part.isdigit() else part for part in re.split(r"(\d+)", row["id"])
    ]


def _depth(group):
    words = [*pages.TIERS.values(), "All tiers", "References"]
    return next(
        (index for index, word in enumerate(words) if group[0][1].startswith(word)),
        len(words),
    ), group[0][1]


class DataDictionary(Drawn):
    """{data-dictionary}: every table and column, as the schema describes them."""

    def run(self):
        return [self.table(tables.resource(name)) for name in tables.tables()]

    def table(self, about):
        """One table: what it holds, its file, its columns."""
        name, schema = about["name"], about["schema"]
        keys = {
            key["fields"][0]: key["reference"]["resource"]
            for key in schema.get("foreignKeys", [])
        }
        head = element(
            "tr",
            element("th", paragraph("Column"), scope="col"),
            element("th", paragraph("What it holds"), scope="col"),
        )
        rows = [
            self.column(column, keys.get(column["name"])) for column in schema["fields"]
        ]
        get = paragraph(
            nodes.literal("", name),
            nodes.Text(f": {len(tables.by_id(name)):,} rows"),
            table_file(table=name),
            nodes.Text(". In a cell: "),
            nodes.literal("", f'table("{name}")'),
        )
        return self.section(
            f"table-{name}",
            about["title"],
            paragraph(about["description"]),
            get,
            element(
                "table",
                element("thead", head),
                element("tbody", *rows),
                classes=["bb-columns"],
                aria_label=f"Columns of {name}",
            ),
        )

    def column(self, column, key):
        """One column: type, unit, description, rules; key: the table whose names it holds."""
        unit = {"": "", "{unit}": ", in the unit of the row"}.get(
            column.get("unit", ""), f", {column.get('unit')}"
        )
        return element(
            "tr",
            element(
                "th",
                paragraph(nodes.literal("", column["name"])),
                paragraph(f"{column['type']}{unit}", classes=["bb-type"]),
                scope="row",
            ),
            element(
                "td",
                paragraph(column["description"]),
                *(
                    [paragraph(*found, classes=["bb-type"])]
                    if (found := constraints(column.get("constraints", {}), key))
                    else []
                ),
            ),
        )


class DataFiles(Drawn):
    """{data-files}: the tables to take away, each file linked where it lies beside the others."""

    def run(self):
        return [
            bullets(
                [
                    [
                        table_file(file=parcel.WORKBOOK, words=parcel.WORKBOOK),
                        nodes.Text(
                            ": all tables in one workbook for Excel, LibreOffice or Numbers, with two sheets that explain"
                            " them. Take this one for a spreadsheet: opened by a double click, a CSV file may come with"
                            " other letters (ERÎ± for ERα) or in one column."
                        ),
                    ],
                    [
                        table_file(file=parcel.ARCHIVE, words=parcel.ARCHIVE),
                        nodes.Text(
                            ": the tables, the workbook, the sources and how to cite them, in one archive."
                        ),
                    ],
                    [
                        table_file(file="datapackage.json", words="datapackage.json"),
                        nodes.Text(
                            ": types, units, limits and keys of every column, for programs (Frictionless Data Package)."
                            " Its address opens the tables, too."
                        ),
                    ],
                    [
                        table_file(file=parcel.METADATA, words=parcel.METADATA),
                        nodes.Text(": the same for CSV on the Web (W3C)."),
                    ],
                ]
            )
        ]


class LastCheck(Drawn):
    """{last-check}: up to which day evidence was looked for, and the pages that name another day."""

    def run(self):
        root = self.env.srcdir
        try:
            day = pages.checked(root=root)
            other = {}
            for path in filter(self.env.found_docs.__contains__, pages.contents(root)):
                if (place := pages.place(path, root)) is not None:
                    own = pages.checked(place, root)
                    if own != day:
                        other[path] = own
        except pages.PageError as error:
            raise self.error(str(error)) from None
        found = [
            paragraph(
                "Last check of the evidence: ",
                nodes.strong("", pages.in_words(day)),
                "." if not other else ", on all pages but these:",
            )
        ]
        if other:
            found.append(
                bullets(
                    [to_page(path), nodes.Text(f", {pages.in_words(own)}")]
                    for path, own in other.items()
                )
            )
        return found


COUNTED = "Rows of each table by what they were read in"


class HowFarRead(Drawn):
    """{how-far-read}: how many rows were read in which way, in all and table by table."""

    def run(self):
        counts = looked.counted()
        whole = sum(counts.values(), Counter())
        ways = [
            [nodes.strong("", f"{way} ({whole[way]:,})"), nodes.Text(f": {meaning}")]
            for way, meaning in looked.WAYS.items()
        ]
        head = element(
            "tr",
            *(
                element("th", paragraph(title), scope="col")
                for title in ("Table", "rows", *looked.WAYS)
            ),
        )
        rows = [
            self.row(to_label(f"table-{name}", name), found)
            for name, found in counts.items()
        ]
        table = element(
            "table",
            element("thead", head),
            element("tbody", *rows, self.row(nodes.Text("all"), whole)),
            classes=["bb-counts"],
            aria_label=COUNTED,
        )
        box = element(
            "div",
            table,
            classes=["bb-table"],
            role="region",
            tabindex="0",
            aria_label=COUNTED,
        )
        return [bullets(ways), box]

    def row(self, name, found):
        """One line of the table: how many rows, and how many of each way."""
        numbers = [found.total(), *(found[way] for way in looked.WAYS)]
        return element(
            "tr",
            element("th", paragraph(name), scope="row"),
            *(element("td", paragraph(f"{number:,}")) for number in numbers),
        )


def constraints(rules, key):
    """The rules of a column in words, as inline nodes."""
    parts: list[list[nodes.Node]] = []
    if rules.get("required"):
        parts.append([nodes.Text("never empty")])
    if rules.get("unique"):
        parts.append([nodes.Text("each value once")])
    if key:
        parts.append([nodes.Text("a name in "), to_label(f"table-{key}", key)])
    if "enum" in rules:
        parts.append([nodes.Text("one of: " + " | ".join(map(str, rules["enum"])))])
    for rule, words in (("minimum", "at least"), ("maximum", "at most")):
        if rule in rules:
            parts.append([nodes.Text(f"{words} {rules[rule]}")])
    if "pattern" in rules:
        parts.append([nodes.Text("of the form "), nodes.literal("", rules["pattern"])])
    return [node for part in parts for node in (nodes.Text("; "), *part)][1:]


class House(Plain):
    """References by author, each with its DOI, its number in PubMed (field pmid) and its address as links."""

    #: {(label, key): (entry, as it is written)}, of this build and of the one before.
    made: dict = {}

    def format_entry(self, label, entry, bib_data=None):
        """Each entry is asked for twice, for the list and for the words over a citation, and in every build."""
        known = self.made.get((label, entry.key))
        if known is None or known[0] != entry:
            known = entry, super().format_entry(label, entry, bib_data)
            self.made[label, entry.key] = known
        return known[1]

    @classmethod
    def remember(cls, app, env, docnames):
        """What the build before wrote of each entry, if nothing has changed but pages."""
        cls.made = {}
        if env.config_status == CONFIG_OK:
            for each in env.get_domain("cite").citations:
                written = each.formatted_entry
                cls.made[written.label, each.entry.key] = each.entry, written

    def format_pubmed(self, entry):
        return href(
            join["https://pubmed.ncbi.nlm.nih.gov/", field("pmid", raw=True), "/"]
        )[join["PMID:", field("pmid", raw=True)]]


_filtered = BibtexDomain.get_filtered_entries


def filtered(self, bibliography_key):
    """Sphinx's own choice of entries, each citation of the book looked at once and not once for each of 600 entries."""
    bibliography = self.bibliographies[bibliography_key]
    citing = defaultdict(set)
    for reference in self.citation_refs:
        for target in reference.targets:
            citing[target.key].add(reference.docname)
    found = []
    for entry in self.get_entries(bibliography.bibfiles):
        key = bibliography.keyprefix + entry.key
        visitor = _FilterVisitor(entry, bibliography_key.docname, citing[key])
        try:
            wanted = visitor.visit(bibliography.filter_)
        except ValueError:  # its own way of saying so
            return _filtered(self, bibliography_key)
        if wanted or entry.key in bibliography.keys:
            found.append((key, entry))
    return found


class BibliographyList(SphinxPostTransform):
    """In HTML the bibliography is a plain list: docutils gives its entries a role that browsers have dropped."""

    default_priority = 20
    formats = ("html",)

    def run(self, **kwargs):
        entries: dict[nodes.Node, list[nodes.citation]] = {}
        for node in self.document.findall(nodes.citation):
            entries.setdefault(node.parent, []).append(node)
        for found in entries.values():
            items = [
                nodes.list_item("", *node.children[1:], ids=list(node["ids"]))
                for node in found
            ]
            found[0]["ids"] = []  # they are the items' now
            found[0].replace_self(
                nodes.bullet_list("", *items, classes=["bb-bibliography"])
            )
            for node in found[1:]:
                node.parent.remove(node)


def setup(app):
    app.setup_extension("press.sphinx.facts")
    register_plugin("pybtex.style.formatting", "house", House)
    # Known by name, it is found at once; at each citation all installed packages would be searched for it.
    register_plugin("pybtex.backends", "plaintext", PlainText, force=True)
    app.connect("env-before-read-docs", House.remember)
    BibtexDomain.get_filtered_entries = filtered  # type: ignore[method-assign]
    app.add_directive("studies-table", StudiesTable)
    app.add_directive("claims-table", ClaimsTable)
    app.add_directive("data-dictionary", DataDictionary)
    app.add_directive("data-files", DataFiles)
    app.add_directive("last-check", LastCheck)
    app.add_directive("how-far-read", HowFarRead)
    app.add_post_transform(BibliographyList)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
