"""What a book needs where it is published, on any host of static files: descriptions, pictures for shared links, the foot of each page, a
map of the site, a page for addresses that lead nowhere, a feed of changes.

What needs the address of the site (canonical addresses, the map, whole addresses of pictures) is there when BOOK_ADDRESS names it, what
needs the repository ("report a mistake") when BOOK_REPOSITORY does (launch.py). Nothing here asks anything of anybody else.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from PIL import __version__ as pillow

from press import edition, pages, rendered, social
from press.repository import Repository
from press.sphinx.look import POLICY
from press.sphinx.search import about
from press.state import remaking

#: What the book keeps in a reader's browser, by its key there, in the words of the foot: nothing else, and nothing leaves it.
KEPT = {
    "mode": "your choice of light or dark",
    "theme": "your choice of light or dark",
    "bb-talk": "the ticks of your list for an appointment",
    "bb-hub": "the address of your hub",
    "sphinx_highlight_terms": "",  # Sphinx's own search, which the book does not use
}
LICENSE = edition.LICENSE[1]
HOW_WE_LOOKED = "book/reference/how-we-looked"


def picture(docname: str) -> str:
    """Where the picture of a page lies in the built site."""
    return f"_social/{docname.removeprefix('book/').replace('/', '-')}.png"


def site(app) -> str:
    """The address of the published book with a slash at its end, or nothing."""
    return app.config.html_baseurl


def checked(app, docname: str):
    """The day of the last evidence check of a page."""
    return pages.checked(pages.place(docname, app.srcdir), app.srcdir)


def page(app, pagename, templatename, context, doctree):
    """What the templates meta.html and foot.html need."""
    if app.builder.name != "html":
        return
    known = pagename in app.env.found_docs
    title = app.env.titles[pagename].astext() if known else context.get("title", "")
    at = about(pagename, title, app.srcdir) if known else {"where": "", "tier": ""}
    front = pagename == app.config.root_doc
    found = rendered.description(rendered.opening(context.get("body", "")))
    context["page_description"] = found or f"{title}. {app.config.html_title}".strip()
    where = "" if front else at["where"]
    context["bb_meta"] = {
        "title": title or app.config.html_title,
        "kind": "website" if front or not known else "article",
        "address": f"{site(app)}{pagename}.html" if site(app) and known else "",
        "picture": f"{site(app)}{picture(pagename)}" if site(app) and known else "",
        "alt": f"{title}. {where or app.config.html_title}",
        "feed": bool(edition.changes(app.srcdir)),
    }
    context["bb_foot"] = foot(app, pagename, title, where) if known else {}


def foot(app, docname: str, title: str, where: str) -> dict:
    """What stands in the foot of a page."""
    day = checked(app, docname)
    which = edition.edition(app.srcdir)
    said: dict[str, Any] = {
        "checked": pages.in_words(day),
        "how": HOW_WE_LOOKED if HOW_WE_LOOKED in app.env.found_docs else "",
        "version": which.words if which else edition.version(app.srcdir),
        "kept": list(dict.fromkeys(filter(None, KEPT.values()))),
        "license": LICENSE,
        "cite": None,
        "report": report(docname, title, where, which, day),
    }
    if which:
        address = f"{site(app)}{docname}.html" if site(app) else ""
        cited = edition.Cited(which, docname, title, where, address, day)
        name = cited.key
        said["cite"] = {
            "plain": cited.plain(),
            "files": [
                (
                    kind,
                    f"{name}.{end}",
                    text,
                    f"data:text/plain;charset=utf-8,{quote(text)}",
                )
                for kind, end, text in (
                    ("BibTeX", "bib", cited.bibtex()),
                    ("RIS", "ris", cited.ris()),
                )
            ],
        }
    return said


#: What a reader is asked in a report; {section} is what the script of the foot puts in place of the page's beginning.
ASKED = """Page: {docname} ({where})
Section: {section}
Version: {version}; evidence checked to {day}

What stands there:

What it should say, and where you read it (a DOI, a PMID or an address):
"""


def report(docname, title, where, which, day) -> str:
    """The address that opens a report on this page, or nothing while the repository is unknown."""
    address = os.environ.get("BOOK_REPOSITORY", "")
    if not address:
        return ""
    body = ASKED.format(
        docname=docname,
        where=where or title,
        section="(beginning of the page)",
        version=which.words if which else "unknown",
        day=day.isoformat(),
    )
    return Repository(address).issue(f"Mistake on: {title}", body)


# What is written beside the pages


def write(app, error):
    """Pictures, map, robots.txt, .nojekyll, 404.html, the root's index.html, changes.xml."""
    if error or app.builder.name != "html":
        return
    folder = Path(app.outdir)
    pictures(app, folder)
    (
        folder / ".nojekyll"
    ).touch()  # GitHub Pages would leave out folders with an underscore
    (folder / "robots.txt").write_text(robots(site(app)), encoding="utf-8")
    if site(app):
        (folder / "sitemap.xml").write_text(sitemap(app), encoding="utf-8")
    if edition.changes(app.srcdir):
        text = edition.feed(
            app.srcdir,
            app.config.html_title,
            site(app),
            pages.checked(None, app.srcdir),
        )
        (folder / "changes.xml").write_text(text, encoding="utf-8")
    context = {
        "title": app.config.html_title,
        "front": f"{app.config.root_doc}.html",
        "base": urlsplit(site(app)).path,
        "address": site(app),
        "description": "This page leads to the front page of the book.",
        "policy": POLICY,
    }
    for name, template in (("404", "404.html"), ("index", "root.html")):
        text = app.builder.templates.render(template, context)
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


def pictures(app, folder: Path) -> None:
    """_social/<tier>-<thread>.png for each page, where its words have changed."""
    words = {}
    for docname in sorted(app.env.found_docs):
        title = app.env.titles[docname].astext()
        at = about(docname, title, app.srcdir)
        where = "" if docname == app.config.root_doc else at["where"]
        words[docname] = (app.config.html_title, where, title, at["tier"])
    made = Path(social.__file__).read_text(encoding="utf-8") + pillow
    states = {name: "\0".join([*said, made]) for name, said in words.items()}
    with remaking(Path(app.doctreedir) / ".social", states) as names:
        for name in names:
            social.write(folder / picture(name), *words[name])
    for name in words:  # the folder was emptied, and the note of it was not
        if not (folder / picture(name)).exists():
            social.write(folder / picture(name), *words[name])


def robots(address: str) -> str:
    """Everybody may read everything; and where the map is."""
    where = f"\nSitemap: {address}sitemap.xml\n" if address else ""
    return f"User-agent: *\nAllow: /\n{where}"


def sitemap(app) -> str:
    """Every page with the day of its last evidence check."""
    entries = "".join(
        f"  <url><loc>{escape(site(app))}{quote(docname)}.html</loc>"
        f"<lastmod>{checked(app, docname).isoformat()}</lastmod></url>\n"
        for docname in sorted(app.env.found_docs)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}</urlset>\n"
    )


def setup(app):
    app.setup_extension("press.sphinx.search")
    app.connect("html-page-context", page, priority=950)
    app.connect("build-finished", write, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
