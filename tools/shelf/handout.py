"""A clinic handout from each page of Fundamentals: two pages of A4 or Letter, made from the page and its data.

    python -m tools.shelf.handout OUT [BUILT]    # OUT/handouts/density.html, density-a4.pdf, density-letter.pdf

The answer comes first, then the numbers, one figure, how sure we are; overleaf what to do today, questions to take along, and the
signs that need help at once, in their one wording. teach/handouts.yml says which figure and which numbers.
"""

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from press import myst, pages, yamls
from press.edition import ended
from press.myst import PageError
from tools import browser
from tools.shelf import bundle, figures, lecture
from tools.shelf.decks import FONTS
from tools.shelf.lecture import Figure, Lecture

CHOSEN = pages.ROOT / "teach" / "handouts.yml"
TIER = "fundamentals"
PAPERS = {"a4": "A4", "letter": "Letter"}
DPI = 200
#: How it is set, the first that fits; nothing is smaller than 9 points in any.
SIZES = ("roomy", "plain", "snug")
#: Pages that a handout may have.
MOST = 2
_SCREEN = re.compile(r"\b(sliders?|buttons?|above)\b")
_ROLE = re.compile(r"\{([\w:]+)\}`([^`]*)`")
_MOMENT = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")


@dataclass(frozen=True)
class Handout:
    """What is printed; numbers: paragraphs of the page with their numbers marked; signs: the box, in HTML."""

    lecture: Lecture
    figure: Figure
    numbers: tuple[Markup, ...]
    signs: tuple[Markup, ...]
    tablet: tuple[Markup, ...]

    @property
    def thread(self) -> str:
        """`density`"""
        return self.lecture.place.thread

    @property
    def today(self) -> list[str]:
        """What to do today, without what only somebody at the screen can do; the box of signs stands below it here."""
        lines = [
            line.replace("the signs above", "the signs below")
            for line in self.lecture.today
        ]
        return [line for line in lines if not _SCREEN.search(line)]

    @property
    def address(self) -> str:
        """Where the page is published, or nothing."""
        return bundle.cited(self.lecture).address

    def sentences(self) -> list[str]:
        """All that is printed as running text, for a measure of how hard it is to read."""
        page = self.lecture
        told = [
            *page.opening,
            *(number.striptags() for number in self.numbers),
            *(f"{grade.outcome}. {grade.why}" for grade in page.grades),
            *self.today,
            *page.take,
            *(line.striptags() for line in (*self.signs, *self.tablet)),
            self.figure.caption,
        ]
        return [line if line[-1] in ".?!:" else f"{line}." for line in told]


def chosen(path: Path = CHOSEN) -> dict[str, dict[str, Any]]:
    """{thread: figure and numbers}. Raises PageError with file, field and reason."""
    name = path.name
    found = yamls.read(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise PageError(f"{name}: it must name a figure and numbers for each thread.")
    for thread, entry in found.items():
        if not isinstance(entry, dict) or set(entry) != {"figure", "numbers"}:
            raise PageError(f"{name}, {thread}: it must hold figure and numbers.")
        if not isinstance(entry["numbers"], list) or not entry["numbers"]:
            raise PageError(f"{name}, {thread}, numbers: a list of rows is needed.")
    return found


def read(built: Path, thread: str) -> Handout:
    """The handout of a thread. Raises PageError with file, field and reason."""
    entries = chosen()
    if thread not in entries:
        raise PageError(
            f"{CHOSEN.name}: {thread} is missing; name a figure and numbers."
        )
    entry = entries[thread]
    page = lecture.read(built, f"{TIER}/{thread}")
    shown = {figure.name: figure for figure in page.figures}
    if entry["figure"] not in shown:
        raise PageError(
            f"{CHOSEN.name}, {thread}, figure: the page has no {entry['figure']!r}; it has {', '.join(shown)}."
        )
    signs = pages.signs()
    return Handout(
        page,
        shown[entry["figure"]],
        tuple(told(thread, entry["numbers"])),
        tuple(map(marked, signs.signs)),
        tuple(map(marked, signs.tablet)),
    )


def told(thread: str, rows: list[str]) -> list[Markup]:
    """The paragraphs or points of a page that tell these rows, each once, under the name of their section. Raises PageError for a row that the page does not tell."""
    name = f"book/{TIER}/{thread}.md"
    page = myst.read(pages.ROOT / name, name)
    lines = page.text.split("\n")
    found: dict[str, Markup] = {}
    last = None
    for row in rows:
        where = [
            role.line
            for kind in ("fact", "compare")
            for role in page.roles
            if role.name == kind and row in role.target.split()
        ]
        if not where:
            raise PageError(
                f"{CHOSEN.name}, {thread}, numbers: {name} tells no {row!r} in a fact of its text."
            )
        block = _block(lines, where[0] - 1)
        lecture.stand(name, block)
        section = [each for each in page.headings if each.line <= where[0]][-1]
        head = Markup("<b>{}</b> ").format(ended(section.words))
        found[block] = numbers(block) if section == last else head + numbers(block)
        last = section
    return list(found.values())


def _block(lines: list[str], at: int) -> str:
    """The paragraph or the point of a list around a line."""
    first = last = at
    while first and lines[first - 1].strip() and not lines[first].startswith("- "):
        first -= 1
    while lines[last + 1].strip() and not lines[last + 1].startswith(("- ", ":::")):
        last += 1
    block = [line for line in lines[first : last + 1] if not line.startswith(":::")]
    return "\n".join(block).removeprefix("- ")


def numbers(block: str) -> Markup:
    """A paragraph of a page as HTML: without citations, its numbers marked."""

    def strong(match: re.Match[str]) -> str:
        words = myst.role(match[1], match[2], 0).words
        return f"**{words}**" if match[1] == "fact" else words

    return marked(_ROLE.sub(strong, _uncited(block)))


def _uncited(text: str) -> str:
    """MyST without its citations."""
    return re.sub(r"\s*\{cite:\w+\}`[^`]*`", "", text)


def marked(text: str) -> Markup:
    """A line of MyST as HTML: without citations and links, with what is bold."""
    plain = _ROLE.sub(
        lambda match: myst.role(match[1], match[2], 0).words, _uncited(text)
    )
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    return Markup(MarkdownIt("commonmark").renderInline(" ".join(plain.split())))


def html(handout: Handout) -> str:
    """The handout as a page; it asks for the fonts beside it, all else it holds itself.

    The figure is a picture: thousands of marks, as where each stands for a woman, would print for many seconds.
    """
    svg = handout.figure.image.read_text(encoding="utf-8")
    drawn = base64.b64encode(figures.png(svg, DPI)).decode()
    template = figures.TEMPLATES.get_template("handout.html")
    return template.render(
        handout=handout,
        page=handout.lecture,
        figure=handout.figure,
        drawing=f"data:image/png;base64,{drawn}",
        signs=pages.signs(),
        book=bundle.book(),
        license=bundle.LICENSE,
        tall=handout.figure.height > handout.figure.width,
    )


def count(pdf: bytes) -> int:
    """Pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def undated(pdf: bytes, day: str) -> bytes:
    """A PDF of Chromium with the day of the evidence check in place of the moment when it was printed; as long as before."""

    def fixed(match: re.Match[bytes]) -> bytes:
        moment = f"/{match[1].decode()} (D:{day}000000+00'00')".encode()
        if len(moment) != len(match[0]):
            raise ValueError(f"Chromium writes its dates in another way: {match[0]!r}")
        return moment

    return _MOMENT.sub(fixed, pdf)


def write(out: Path, built: Path) -> list[Path]:
    """HTML and two PDFs for each page of Fundamentals, and all of them as OUT/handouts.zip; the paths written.

    A real Chromium prints them (tools/browser.py). Raises PageError for one that has more than two pages.
    """
    from playwright.sync_api import sync_playwright

    threads = [p.thread for p in lecture.written(built) if p.tier == TIER]
    handouts = [read(built, thread) for thread in threads]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.get(), args=list(browser.TO_PRINT)
        )
        made = lay(handouts, Path(out) / "handouts", built, chromium)
        chromium.close()
    archive = {f"handouts/{name}": content for name, content in made.items()}
    return [
        *(Path(out) / name for name in archive),
        *bundle.lay(Path(out), {"handouts.zip": bundle.zipped(archive)}),
    ]


def lay(
    handouts: list[Handout], folder: Path, built: Path, chromium: Any
) -> dict[str, bytes]:
    """Write handouts into a folder, printed by a browser of Playwright; {name: bytes} of what was written."""
    made = {f"fonts/{n}": (built / "_static" / "fonts" / n).read_bytes() for n in FONTS}
    made |= {f"{each.thread}.html": html(each).encode() for each in handouts}
    bundle.lay(folder, made)
    tab = chromium.new_page()
    for each in handouts:
        tab.goto((folder / f"{each.thread}.html").resolve().as_uri())
        day = f"{pages.checked(each.lecture.place):%Y%m%d}"
        for name, paper in PAPERS.items():
            pdf = undated(_fit(tab, each.thread, paper), day)
            made[f"{each.thread}-{name}.pdf"] = pdf
    tab.close()
    bundle.lay(folder, made)
    return made


def _fit(tab: Any, thread: str, paper: str) -> bytes:
    """The PDF of the page that is open in a tab, set smaller if it must be."""
    for size in SIZES:
        tab.evaluate("size => { document.body.dataset.size = size }", size)
        pdf = tab.pdf(format=paper, print_background=True, tagged=True)
        if count(pdf) <= MOST:
            return pdf
    raise PageError(
        f"{thread}: the handout has {count(pdf)} pages of {paper}; {MOST} are the most. "
        f"Take rows out of {CHOSEN.name}."
    )


if __name__ == "__main__":
    bundle.main(write)
