"""Which edition of the book this is: title, authors, version and day, as CITATION.cff, pyproject.toml and CHANGELOG.md say; and how to cite a page.

Nothing here needs Sphinx.
"""

import hashlib
import re
import tomllib
import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from press import yamls

ATOM = "http://www.w3.org/2005/Atom"
#: The license of text, figures and tables: its short name, and where it stands.
LICENSE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
RELEASE = re.compile(r"^(\S+) \((\d{4}-\d{2}-\d{2})\)$")


@dataclass(frozen=True)
class Edition:
    """Title and authors of the book; its version, the day of that version, and whether the change log has gone on since."""

    title: str
    authors: tuple[str, ...]
    version: str
    released: date
    later: bool

    @property
    def words(self) -> str:
        """`0.2.0`, or `0.2.0 with later changes`."""
        return f"{self.version} with later changes" if self.later else self.version


def edition(root: Path) -> Edition | None:
    """The edition of the book in a folder; None where it has no CITATION.cff."""
    file = Path(root) / "CITATION.cff"
    if not file.exists():
        return None
    said = yamls.read(file.read_text(encoding="utf-8"))
    authors = [
        each.get("name")
        or ", ".join(filter(None, [each.get("family-names"), each.get("given-names")]))
        for each in said["authors"]
    ]
    first = next(iter(changes(root)), None)
    return Edition(
        said["title"],
        tuple(authors),
        version(root) or str(said["version"]),
        date.fromisoformat(str(said["date-released"])),
        first is not None and first[0] == "Unreleased",
    )


def version(root: Path) -> str:
    """The version of pyproject.toml, or nothing."""
    file = Path(root) / "pyproject.toml"
    if not file.exists():
        return ""
    return tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"]


# How to cite a page


@dataclass(frozen=True)
class Cited:
    """A page as somebody cites it; `where` is `Intermediate 2.3` or empty, `address` empty while the book has none."""

    edition: Edition
    docname: str
    title: str
    where: str
    address: str
    checked: date

    @property
    def key(self) -> str:
        """`serms-intermediate-density`"""
        return "serms-" + self.docname.removeprefix("book/").replace("/", "-")

    @property
    def note(self) -> str:
        """`Version 0.2.0; evidence checked to 29 November 2026`"""
        day = f"{self.checked.day} {self.checked:%B %Y}"
        return f"Version {self.edition.words}; evidence checked to {day}"

    def plain(self) -> str:
        """One line, author and year first."""
        who = "; ".join(self.edition.authors)
        part = f"{self.where}. " if self.where else ""
        at = f" {self.address}" if self.address else ""
        return (
            f"{who} ({self.checked.year}). {ended(self.title)} {part}"
            f"In: {ended(self.edition.title)} {self.note}.{at}"
        )

    def bibtex(self) -> str:
        """An entry that BibTeX and biblatex read."""
        fields = {
            "author": " and ".join(f"{{{name}}}" for name in self.edition.authors),
            "title": f"{{{latex(self.title)}}}",
            "booktitle": f"{{{latex(self.edition.title)}}}",
            "year": str(self.checked.year),
            "note": latex(f"{self.where}. {self.note}" if self.where else self.note),
            "url": self.address,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@incollection{{{self.key},", *lines, "}", ""])

    def ris(self) -> str:
        """A record that Zotero, EndNote and Mendeley read."""
        fields = [
            ("TY", "CHAP"),
            *(("AU", name) for name in self.edition.authors),
            ("TI", self.title),
            ("T2", self.edition.title),
            ("PY", str(self.checked.year)),
            ("ET", self.edition.words),
            ("N1", f"{self.where}. {self.note}" if self.where else self.note),
            ("UR", self.address),
        ]
        lines = [f"{tag}  - {value}" for tag, value in fields if value]
        return "\r\n".join([*lines, "ER  - ", ""])


def ended(sentence: str) -> str:
    """With a full stop, unless it ends with a mark of its own."""
    return sentence if sentence[-1:] in ".?!" else f"{sentence}."


def latex(text: str) -> str:
    """The characters that TeX would take for its own, escaped."""
    return re.sub(r"([&%$#_{}])", r"\\\1", text)


# The feed of changes


def changes(root: Path) -> list[tuple[str, str]]:
    """(heading, Markdown below it) of each part of CHANGELOG.md, latest first."""
    file = Path(root) / "CHANGELOG.md"
    if not file.exists():
        return []
    parts = re.split(r"^## (.+)$", file.read_text(encoding="utf-8"), flags=re.M)[1:]
    return [(name.strip(), body) for name, body in zip(*[iter(parts)] * 2, strict=True)]


def points(markdown: str) -> list[str]:
    """The points of a part of the change log, each as Markdown: items that begin at the margin, with what belongs to them."""
    found: list[list[str]] = []
    for line in markdown.split("\n"):
        if line.startswith("- "):
            found.append([line[2:]])
        elif found and found[-1] and (not line.strip() or line.startswith("  ")):
            found[-1].append(line[2:])
        elif line.strip():
            found.append([])  # words between two lists belong to no point
    said = ("\n".join(each).strip() for each in found)
    return [each for each in said if each]


def feed(root: Path, title: str, address: str, today: date) -> str:
    """The changes as an Atom feed: one entry for each point of what is not yet released, and one for each release.

    `today` dates what is not released: the day of the last evidence check. An entry's id comes from its text, so that a point that
    is new in the change log is new to whoever follows the feed.
    """
    ElementTree.register_namespace("", ATOM)
    markdown = MarkdownIt("commonmark").enable("table")
    root_ = ElementTree.Element(f"{{{ATOM}}}feed")

    def add(parent, tag, text="", **attributes):
        made = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
        made.text = text or None
        return made

    entries = []
    for name, body in changes(root):
        if name == "Unreleased":
            entries += [(shortly(each), each, today) for each in points(body)]
        elif release := RELEASE.match(name):
            day = date.fromisoformat(release[2])
            entries.append((f"Version {release[1]}", body, day))
    add(root_, "title", f"{title}: changes")
    add(root_, "id", uid(address or title))
    add(root_, "updated", moment(max((day for *_, day in entries), default=today)))
    add(add(root_, "author"), "name", "The bonebook authors")
    if address:
        add(root_, "link", rel="self", href=f"{address}changes.xml")
        add(root_, "link", rel="alternate", href=address)
    for head, body, day in entries:
        entry = add(root_, "entry")
        add(entry, "title", head)
        add(entry, "id", uid(head if head.startswith("Version ") else body))
        add(entry, "updated", moment(day))
        if address:
            add(entry, "link", rel="alternate", href=address)
        add(entry, "content", markdown.render(body), type="html")
    ElementTree.indent(root_)
    text = ElementTree.tostring(root_, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def shortly(markdown: str) -> str:
    """The first words of a point, as plain text."""
    plain = re.sub(r"[*`_]|\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(markdown.split()))
    first = re.split(r"(?<=[.:;]) ", plain, maxsplit=1)[0]
    return first if len(first) <= 90 else first[: first.rindex(" ", 0, 88)] + " …"


def uid(text: str) -> str:
    """A name for a feed or an entry that stays the same while the text does."""
    digest = hashlib.sha256(text.encode()).digest()[:16]
    return uuid.UUID(bytes=digest, version=4).urn


def moment(day: date) -> str:
    """The start of a day, as a feed writes it."""
    return f"{day.isoformat()}T00:00:00Z"
