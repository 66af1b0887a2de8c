"""The whole book as a PDF: `python -m tools.pdf` writes dist/serms-and-bone-health.pdf.

Sphinx writes the book as one page (press/sphinx/paper.py), and a real Chromium prints it: tagged, with an outline, in the language of
the book, page numbers in the foot, figures as vectors. It is printed twice: the first time tells on which page each title stands, and the
second time the contents say so. What was printed is looked at before it is kept (`faults`).
"""

import re
import sys
from datetime import date
from pathlib import Path

from press import console, edition, pages
from press.sphinx.paper import FILE
from tools import browser, taken
from tools.env import ROOT

#: Every face is there before anything is printed; one that is asked for while the pages are laid out may come too late.
FACES = """async () => {
    await Promise.allSettled([...document.fonts].map((face) => face.load()));
    await document.fonts.ready;
}"""
#: Writes beside each line of the contents on which page it stands.
NUMBERED = """(numbers) => {
    for (const link of document.querySelectorAll(".bb-paper-contents a")) {
        const at = numbers[link.hash.slice(1)];
        if (at) link.dataset.page = at;
    }
}"""
#: The letters that a page shows, as it writes them. A page with many of them is not blank; to read its words takes half a second.
SHOWN = re.compile(rb"<([0-9A-Fa-f]+)>\s*Tj")
MANY = 400
#: How long a book of hundreds of pages may take to print on a busy machine, in milliseconds.
PATIENCE = 900_000


def printed(page) -> bytes:
    """The page in the browser as a PDF."""
    return page.pdf(tagged=True, outline=True, prefer_css_page_size=True)


def places(pdf: bytes) -> dict[str, int]:
    """{name of a place: the page on which it stands, from 1} of all places that links lead to."""
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    return {
        name.lstrip("/"): 1 + (reader.get_destination_page_number(to) or 0)
        for name, to in reader.named_destinations.items()
    }


def dated(pdf: bytes, day: date) -> bytes:
    """The same PDF with another day in it, so that a later print of the same book is the same file."""
    stamp = f"D:{day:%Y%m%d}000000+00'00'".encode()
    return counted(re.sub(rb"D:\d{14}[+-]\d\d'\d\d'", stamp, pdf))


def counted(pdf: bytes) -> bytes:
    """The same PDF with its parts numbered from 1, in their order: Chromium goes on from what it has counted before."""
    part = re.compile(rb"\(node(\d{8})\)")
    known = sorted(set(part.findall(pdf)))
    new = {old: b"(node%08d)" % number for number, old in enumerate(known, 1)}
    return part.sub(lambda found: new[found[1]], pdf)


def blank(page) -> bool:
    """Whether a page has neither a word nor a picture; its number is no word."""
    contents = page.get_contents()
    drawn = b"" if contents is None else contents.get_data()
    if b" Do" in drawn or sum(map(len, SHOWN.findall(drawn))) > MANY:
        return False
    return not re.sub(r"[\s\d]", "", page.extract_text() or "")


def faults(pdf: bytes) -> list[str]:
    """What is wrong with a printed book, a line each: blank pages, links that lead nowhere, what a screen reader needs and does not find."""
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    found = []
    if not root.get("/MarkInfo", {}).get("/Marked"):
        found.append("The PDF is not tagged.")
    if not str(root.get("/Lang", "")).startswith("en"):
        found.append(f"The PDF names no language but {root.get('/Lang')!r}.")
    if len(reader.outline) < 3:
        found.append(f"The outline has {len(reader.outline)} entries.")
    known = set(reader.named_destinations)
    for number, page in enumerate(reader.pages, 1):
        if blank(page):
            found.append(f"Page {number} is blank.")
        for each in page.get("/Annots", []):
            link = each.get_object()
            if link.get("/Subtype") != "/Link":
                continue
            address = str(link.get("/A", {}).get("/URI", ""))
            if address and not re.match(
                r"(https?://(?!localhost|127\.)|mailto:)", address
            ):
                found.append(f"Page {number} links to {address}.")
            to = link.get("/Dest") or link.get("/A", {}).get("/D")
            if isinstance(to, str) and to not in known:
                found.append(f"Page {number} links to {to}, which is nowhere.")
    return found


def make(folder: Path, day: date) -> bytes:
    """The PDF of the page that the builder `paper` has left in `folder`."""
    from playwright.sync_api import sync_playwright

    file = folder / FILE
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.get(), args=list(browser.TO_PRINT)
        )
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE)
        page.emulate_media(media="print", color_scheme="light")
        page.goto(file.resolve().as_uri(), wait_until="load", timeout=PATIENCE)
        page.evaluate(FACES)
        page.evaluate(NUMBERED, places(printed(page)))
        done = printed(page)
        chromium.close()
    return dated(done, day)


def main() -> int:
    folder = taken.built("paper")
    which = edition.edition(ROOT)
    day = which.released if which else pages.checked(None, ROOT)
    pdf = make(folder, day)
    target = taken.DIST / f"{taken.name()}.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(pdf)
    print(taken.told(target))
    found = faults(pdf)
    print(
        "\n".join(found)
        or "No blank page, no link that leads nowhere, tagged, with an outline."
    )
    return bool(found)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
