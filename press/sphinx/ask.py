"""The table to ask: {ask-table}, the form and the place of what it finds, and {ask-files}, the tables by name.

    :::{ask-table}
    :::

What rows are found by (press/ask.py) is one script, _static/ask/rows.js, which static/ask/ask.js loads as the page opens; what is shown of
them, the words that somebody types and the tables to take away are parts, _static/ask/parts/*.js, loaded when they are needed. They are scripts and no data that
is fetched, so that it works in a book opened from disk. Without scripts the page has the ratios as a plain table and each table as a
file. Other formats have the tables by name and say where rows can be asked for.

{ask-files} gives each table the anchor ask-<name>; a link to it shows its rows where scripts run, and leads to its file where none do.
"""

import hashlib
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from bonebook import tables
from press import ask, indexed, sources
from press.sphinx import search
from press.sphinx.facts import table_file
from press.sphinx.parts import anchor, element, paragraph, pass_by, to_label

SCRIPT, ROWS = "ask/ask.js", "ask/rows.js"
ELSEWHERE = "Rows can be asked for on this page of the book's site."
#: What can be picked from a list, as the browser asks it: name -> its label.
PICKED = {
    "drug": "Drug",
    "about": "Outcome or site",
    "kind": "Kind of number",
    "study": "Study",
    "seen": "Where it was read",
    "table": "Table",
}


class ask_form(nodes.General, nodes.Element):
    """What the page of the site shows, with scripts and without; in it stands what other formats say instead."""


class AskTable(SphinxDirective):
    """{ask-table}: where one asks."""

    def run(self):
        return [ask_form("", paragraph(ELSEWHERE))]


class AskFiles(SphinxDirective):
    """{ask-files}: each table with its rows, its file and its entry in the data dictionary."""

    def run(self):
        return [
            nodes.bullet_list("", *map(self.item, ask.asked()), bullet="-"),
        ]

    def item(self, name):
        """One table. Its anchor is known to {ref} and to the links under figures."""
        about = tables.resource(name)
        anchor(self.env, f"ask-{name}", about["title"])
        said = paragraph(
            element("a", about["title"], classes=["internal"], href=f"#ask-{name}"),
            f", {len(tables.rows(name)):,} rows: ",
            to_label(f"table-{name}", name),
            table_file(table=name),
        )
        return nodes.list_item("", said, ids=[f"ask-{name}"])


def write(root: Path, static: Path) -> str:
    """Write the rows below _static/ as the scripts that the browser loads; the address of the first of them from there.

    root: whose book/search.yml says how typed words are read.
    """
    said = search.words(root)
    opening, parts = ask.parted(ask.held(), indexed.Reading(said))
    folder = static / "ask"
    opening["mark"] = indexed.written(folder / "parts", parts)
    opening["search"] = {"says": said["says"], "spellings": said["spellings"]}
    text = f"window.bbRows = {indexed.dumped(opening)};\n"
    (static / ROWS).write_text(text, encoding="utf-8")
    return f"{ROWS}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"


def form(rows: str) -> str:
    """What is shown once scripts run. rows: the address of the script with the rows."""
    picked = "\n".join(
        f'<p><label for="ask-{name}">{label}</label>'
        f'<select id="ask-{name}" name="{name}"><option value="">any</option></select></p>'
        for name, label in PICKED.items()
    )
    return _FORM.format(rows=escape(rows), picked=picked)


# No script, no style and no handler in it: a strict policy forbids them.
_FORM = """
<form class="bb-ask" autocomplete="off" role="search" aria-label="Ask the tables" data-rows="{rows}" inert>
<p class="bb-ask-wide"><label for="ask-q">Words</label><input type="search" id="ask-q" name="q" maxlength="200" spellcheck="false" placeholder="for example: Evista clots" /></p>
{picked}
<p class="bb-ask-wide"><label for="ask-who">Words of the people studied</label><input type="search" id="ask-who" name="who" maxlength="200" spellcheck="false" placeholder="for example: breast cancer" /></p>
<div class="bb-ask-do" role="group" aria-label="These rows">
<button type="button" data-do="clear">Clear all</button>
<details><summary>Take them away (CSV)</summary><div class="bb-ask-files"></div></details>
</div>
</form>
<div class="bb-ask-result" aria-busy="true" data-waits>
<p class="bb-ask-said" role="status"></p>
<p class="bb-ask-filter"></p>
<div class="bb-ask-kinds"></div>
<div class="bb-ask-found"></div>
<div class="bb-ask-do bb-ask-more"></div>
</div>
"""


def plain(to_study) -> str:
    """The ratios as a table, for a page without scripts. to_study: the address of a study's entry, from its id."""
    names = {row["id"]: row["authors_year"] for row in tables.rows("studies")}
    lines = []
    for name, row in ask.ratios():
        told = ask.told(name, row)
        study = told["studies"][0]
        link = f'<a href="{escape(to_study(study))}">{escape(names[study])}</a>'
        value = f"{told['value']} ({told['error']})" if told["error"] else told["value"]
        cells = [escape(told["what"]), escape(value), escape(told["who"])]
        cells.append(
            f"{link}, {escape(sources.SEEN[told['seen']].mark or 'read there')}"
        )
        first, *others = cells
        lines.append(
            f'<tr><th scope="row">{first}</th>'
            + "".join(f"<td>{cell}</td>" for cell in others)
            + "</tr>"
        )
    return _PLAIN.format(
        number=f"{len(lines):,}",
        all=f"{sum(len(tables.rows(name)) for name in ask.asked()):,}",
        lines="\n".join(lines),
    )


_PLAIN = """<noscript>
<p>Asking needs scripts, and this browser runs none. Here stand the {number} ratios of two arms; all {all} rows are in the files below.</p>
<div class="bb-table" role="region" tabindex="0" aria-label="Ratios of two arms">
<table><caption>Ratios of two arms, as published</caption>
<thead><tr><th scope="col">What was found</th><th scope="col">Value</th><th scope="col">In whom</th><th scope="col">Source</th></tr></thead>
<tbody>
{lines}
</tbody></table></div>
</noscript>
"""


def visit_form(self, node):
    """The site: the form and, for browsers without scripts, the plain table. EPUB and the book on one page are HTML too."""
    if self.builder.name != "html":
        return
    here = self.builder.get_target_uri(self.docnames[0])
    up = "../" * here.count("/")
    rows = write(self.builder.srcdir, Path(self.builder.outdir, "_static"))
    self.body.append(form(f"{up}_static/{rows}"))
    self.body.append(plain(lambda study: f"studies.html#study-{study}"))
    raise nodes.SkipNode


def link_script(app, pagename, templatename, context, doctree):
    """The script, on a page with the form only."""
    if doctree is None or app.builder.name != "html":
        return
    if next(doctree.findall(ask_form), None):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    app.setup_extension("press.sphinx.facts")
    app.add_directive("ask-table", AskTable)
    app.add_directive("ask-files", AskFiles)
    through = (pass_by, pass_by)
    app.add_node(
        ask_form,
        html=(visit_form, pass_by),
        latex=through,
        text=through,
        man=through,
        texinfo=through,
    )
    app.connect("html-page-context", link_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
