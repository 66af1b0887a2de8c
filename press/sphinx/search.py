"""The search: every section of the book as the reader's browser looks it up, its page, and what is left out of the built site for it.

The build writes from the pages as they are built (press/rendered.py) and from book/search.yml:

- _static/search/book.js: the pages, how many sections each has, how long these are, and how typed words are read;
- _static/search/parts/words-*.js: an index in the order of its words; a query loads the parts with its words;
- _static/search/parts/text-*.js: the sections themselves, of which those are loaded that are shown;
- _static/search/parts/spelled.js: all words, for what nobody finds as it was typed.

static/search/find.js reads them when somebody opens the search (static/search.js), and not before. All are scripts and no
data that is fetched: so the search works in a book opened from disk, in a frame of a learning platform and where storage is forbidden.
Sphinx's own index drops numbers and cuts its excerpts from menus, and is not made.
"""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sphinx.errors import ExtensionError

from press import indexed, pages, rendered, yamls
from press.pages import PageError
from press.sphinx.beside import beside
from press.state import of_files, remaking

#: Reference pages that are lists of sources: what they say of a word counts less than a page that explains it.
LISTS = {"studies", "claims", "bibliography", "data-dictionary"}
LOOK_UP = "Look up"
#: Words that a slip of spelling may have meant; find.js takes no shorter ones and no numbers.
LETTERS = re.compile(r"[^0-9 ]{4}")
#: What sections and words are made by.
READ_BY = (rendered.__file__, indexed.__file__, __file__)


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


def sections(page: rendered.Page) -> list[list[str]]:
    """[anchor, heading, text] of each section of a page."""
    return [[each.id, each.heading, each.text] for each in page.sections]


class Held(NamedTuple):
    """What the search takes from a page: a word for the page as it is, then of each section, in their order,

    [anchor, heading, text]; the words of heading and text as they are compared; and how many words each has.
    """

    state: str
    sections: list[list[str]]
    words: list[list[list[str]]]
    lengths: list[list[int]]


def read(app, docname: str, fold: Callable[[str], str], by: str) -> Held:
    """Of a built page; worked out again only if the page has changed, or what it is read `by`."""
    html = Path(app.builder.get_outfilename(docname)).read_text(encoding="utf-8")
    kept = Path(app.doctreedir) / "search" / f"{docname}.json"
    state = hashlib.sha256(f"{by}\0{html}".encode()).hexdigest()
    try:
        found = Held(*json.loads(kept.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        found = Held("", [], [], [])
    if found.state != state:
        parts = sections(rendered.read(html))
        written = [[indexed.split(text) for text in part[1:]] for part in parts]
        folded = [[list(map(fold, words)) for words in part] for part in written]
        lengths = [[len(set(words)) for words in part] for part in written]
        found = Held(state, parts, folded, lengths)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def parts(book: dict, found: list[Held], fold: Callable[[str], str]) -> dict:
    """The parts of the index by their names, and into `book` what finds them. found: the pages in their order.

    A line of the index is a word, then where it stands: in headings and texts by section and place, in titles and numbers by page.
    """
    headings, texts = (
        [part[field] for page in found for part in page.words] for field in (0, 1)
    )
    titles, numbers = (
        [list(map(fold, indexed.split(page[name]))) for page in book["pages"]]
        for name in ("title", "number")
    )
    fields = [indexed.places(field) for field in (headings, texts, titles, numbers)]
    lines = []
    for word in sorted({word for field in fields for word in field}):
        line = [word, *(field.get(word, "") for field in fields)]
        while not line[-1]:
            line.pop()
        lines.append(line)
    words = indexed.cut(lines)
    shown = indexed.cut([part for page in found for part in page.sections])
    book["lengths"] = [
        [part[field] for page in found for part in page.lengths] for field in (0, 1)
    ]
    book["words"] = indexed.firsts(words)
    book["shown"] = [len(part) for part in shown]
    return {
        **{f"words-{number}": part for number, part in enumerate(words)},
        **{f"text-{number}": part for number, part in enumerate(shown)},
        "spelled": " ".join(line[0] for line in lines if LETTERS.match(line[0])),
    }


def write(app, error):
    """The search, once all pages are written."""
    if error or app.builder.name != "html":
        return
    try:
        said = words(app.srcdir)
    except PageError as fault:
        raise ExtensionError(str(fault)) from None
    # What says a word by the way, the lists of sources, comes last.
    of = {name: name.rpartition("/")[2] in LISTS for name in app.env.found_docs}
    fold = indexed.Reading(said).fold
    by = of_files(app.srcdir, READ_BY, json.dumps(said))
    book, found = {"pages": [], **said}, []
    for docname in sorted(of, key=lambda name: (of[name], name)):
        title = app.env.titles[docname].astext()
        held = read(app, docname, fold, by)
        found.append(held)
        more = {"listed": int(of[docname]), "sections": len(held.sections)}
        book["pages"].append(about(docname, title, app.srcdir) | more)
    folder = Path(app.outdir) / "_static" / "search"
    file, stamp = folder / "book.js", Path(app.doctreedir, ".search")
    if not file.exists():
        stamp.unlink(missing_ok=True)
    states = (held.state for held in found)
    made = of_files(app.srcdir, [indexed.__file__], json.dumps(book), *states)
    with remaking(stamp, {"search": made}) as stale:
        if stale:
            book["mark"] = indexed.written(folder / "parts", parts(book, found, fold))
            text = f"window.bbBook = {indexed.dumped(book)};\n"
            file.write_text(text, encoding="utf-8")


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
    beside(app, write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
