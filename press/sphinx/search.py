"""The search: every section of the book as the reader's browser looks it up, its page, and what is left out of the built site for it.

The build writes _static/search/book.js from the pages as they are built (press/rendered.py) and from book/search.yml; the browser reads it
with MiniSearch (static/vendor/minisearch) when somebody opens the search (static/search.js), and not before. Both are scripts and no
data that is fetched: so the search works in a book opened from disk, in a frame of a learning platform and where storage is forbidden.
Sphinx's own index drops numbers and cuts its excerpts from menus, and is not made.
"""

import hashlib
import json
import re
from pathlib import Path

from sphinx.errors import ExtensionError

from press import pages, rendered, yamls
from press.pages import PageError

#: Reference pages that are lists of sources: what they say of a word counts less than a page that explains it.
LISTS = {"studies", "claims", "bibliography", "data-dictionary"}
LOOK_UP = "Look up"


def words(root: Path) -> dict:
    """What book/search.yml says, checked: says, spellings, small. Raises PageError."""
    file = Path(root) / "book" / "search.yml"
    if not file.exists():
        return {"says": {}, "spellings": [], "small": []}
    found = yamls.read(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or set(found) != {"says", "spellings", "small"}:
        raise PageError("book/search.yml: it must hold says, spellings and small.")
    faults = [
        f"book/search.yml, says, {said}: a list of words of the book is needed."
        for said, meant in found["says"].items()
        if not isinstance(said, str)
        or not isinstance(meant, list)
        or not meant
        or not all(isinstance(each, str) for each in meant)
    ]
    for rule in found["spellings"]:
        try:
            pattern, _ = rule
            re.compile(pattern)
        except (ValueError, TypeError, re.error) as error:
            faults.append(f"book/search.yml, spellings, {rule}: {error}.")
    faults += [
        f"book/search.yml, small, {word!r}: write it in quotation marks."
        for word in found["small"]
        if not isinstance(word, str)
    ]
    if faults:
        raise PageError("\n".join(faults))
    return found


def about(docname: str, title: str, root: Path) -> dict[str, str]:
    """What is said of a page beside its hits: path, title, where it stands, its tier (for the color) and its number."""
    folder = docname.split("/")[-2] if "/" in docname else ""
    tier = pages.TIERS.get(folder, "")
    place = pages.place(docname, root)
    where = place.name if place else tier
    if folder == "reference":
        where = LOOK_UP
    return {
        "path": f"{docname}.html",
        "title": title,
        "where": where or "The book",
        "tier": tier,
        "number": place.number if place else "",
    }


def sections(docname: str, page: rendered.Page) -> list[list]:
    """[anchor, heading, text, whether it is of a list of sources] of each section of a page."""
    listed = docname.rpartition("/")[2] in LISTS
    return [[each.id, each.heading, each.text, int(listed)] for each in page.sections]


def read(app, docname: str) -> list[list]:
    """The sections of a built page; read again only if the file has changed."""
    html = Path(app.builder.get_outfilename(docname)).read_text(encoding="utf-8")
    kept = Path(app.doctreedir) / "search" / f"{docname}.json"
    made = Path(rendered.__file__).read_bytes() + Path(__file__).read_bytes()
    state = hashlib.sha256(made + html.encode()).hexdigest()
    try:
        known = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if known.get("state") != state:
        known = {"state": state, "sections": sections(docname, rendered.read(html))}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(known), encoding="utf-8")
    return known["sections"]


def write(app, error):
    """_static/search/book.js, once all pages are written."""
    if error or app.builder.name != "html":
        return
    try:
        said = words(app.srcdir)
    except PageError as fault:
        raise ExtensionError(str(fault)) from None
    book = {"pages": [], "sections": [], **said}
    for docname in sorted(app.env.found_docs):
        at = len(book["pages"])
        title = app.env.titles[docname].astext()
        book["pages"].append(about(docname, title, app.srcdir))
        book["sections"] += [[at, *each] for each in read(app, docname)]
    text = json.dumps(book, ensure_ascii=False, separators=(",", ":"))
    target = Path(app.outdir) / "_static" / "search" / "book.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    # In a script, unlike in JSON, these two end a line.
    text = text.replace("\u2028", " ").replace("\u2029", " ")
    target.write_text(f"window.bbBook = {text};\n", encoding="utf-8")


def instead(app):
    """Sphinx makes no index of its own; the page of the search is one of ours."""
    if app.builder.name == "html":
        app.builder.search = False


def page(app):
    """search.html"""
    if app.builder.name == "html":
        yield "search", {"title": "Search"}, "search.html"


def setup(app):
    app.connect("builder-inited", instead)
    app.connect("html-collect-pages", page)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
