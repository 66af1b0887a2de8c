"""What the exports are made from: the bank page by page, and what each download says about itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from press import bank, edition, myst, pages, zips
from press.bank import Item
from press.pages import ROOT, Place

LICENSE = ", ".join(edition.LICENSE)
_FLOWING = ("p", "simpleChoice")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*/?")


@dataclass(frozen=True)
class PageKit:
    """A page with its items. name: `academic-density`; title: `3.3 What the scans showed`, number and heading."""

    place: Place
    name: str
    title: str
    objectives: tuple[bank.Text, ...]
    items: tuple[Item, ...]
    beside: bank.Shelf | None


@dataclass(frozen=True)
class Kit:
    """The bank, and what every export says: title and version of the book, the days, the address it is published at or ""."""

    pages: tuple[PageKit, ...]
    title: str
    authors: str
    version: str
    released: date
    checked: date
    address: str

    @property
    def items(self) -> list[Item]:
        """Every item, in the order of the pages."""
        return [item for page in self.pages for item in page.items]

    @property
    def about(self) -> str:
        """Licence, version and day, in two sentences."""
        return (
            f"{self.title}, version {self.version}, by {self.authors}; evidence checked to "
            f"{pages.in_words(self.checked)}. Licence: {LICENSE}."
        )

    def tier(self, tier: str) -> list[PageKit]:
        """The pages of a tier."""
        return [page for page in self.pages if page.place.tier == tier]

    def link(self, page: PageKit) -> str:
        """Where a page is published; "" while the book has no address."""
        return f"{self.address}book/{page.place.path}.html" if self.address else ""


def kit(root: Path = ROOT, address: str = "") -> Kit:
    """Read the bank. address: where the book is published. Raises press.myst.PageError with the faults of the bank."""
    bank.every(root)
    told = edition.edition(root)
    if told is None:
        raise myst.PageError("CITATION.cff: the file does not exist.")
    found = []
    for place in pages.written(root):
        side = pages.side(place, root)
        heading = myst.read(Path(root) / "book" / f"{place.path}.md").title
        found.append(
            PageKit(
                place,
                place.path.replace("/", "-"),
                f"{place.number} {heading}",
                tuple(map(bank.text, side["objectives"])),
                tuple(bank.items(place, root)),
                bank.shelf(place, root),
            )
        )
    return Kit(
        tuple(found),
        told.title,
        " and ".join(told.authors),
        told.words,
        told.released,
        pages.checked(root=root),
        f"{address.rstrip('/')}/" if address else "",
    )


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of some files in their order, the same bytes each time. Raises ValueError for a name that platforms may not take."""
    for name in files:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no plain path inside an archive.")
    return zips.packed(files, None, zips.FILE)


def xml(root: ElementTree.Element) -> bytes:
    """An XML document in UTF-8, indented, but not inside a paragraph, where a blank is a blank."""
    _indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _indent(node: ElementTree.Element, before: str = "\n") -> None:
    if len(node) and node.tag not in _FLOWING:
        inside = f"{before}  "
        node.text = inside
        for child in node:
            _indent(child, inside)
            child.tail = inside
        node[-1].tail = before


def add(
    parent: ElementTree.Element, tag: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    """A new child with its text and attributes; an underscore at the end of a name is not part of it."""
    named = {name.rstrip("_"): value for name, value in attributes.items()}
    made = ElementTree.SubElement(parent, tag, named)
    made.text = text or None
    return made


def asked(item: Item) -> str:
    """The question as HTML paragraphs: what is asked, and in which form to answer."""
    how = f"<p><em>{item.how}</em></p>" if item.how else ""
    return f"<p>{item.ask.html}</p>{how}"
