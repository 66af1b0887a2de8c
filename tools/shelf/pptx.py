"""The same slides as PowerPoint files that can be edited: words in the placeholders, figures as pictures, alt text, notes.

    python -m tools.shelf.pptx OUT [BUILT]      # OUT/slides/fundamentals-density.pptx

What is edited most stands in placeholders, so that the outline and a screen reader have it. The figures are pictures with 150 dots
an inch: their words cannot be typed over. A figure with sliders is its still picture here.
"""

import datetime
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from press import pages
from tools.shelf import bundle, figures, lecture
from tools.shelf.decks import Deck
from tools.shelf.lecture import Figure, Question

WIDE, HIGH = Inches(13.333), Inches(7.5)
EDGE = Inches(0.5)
TOP, BELOW = Inches(1.45), Inches(7.15)
DPI = 150
TITLE_ONLY, TITLE_AND_WORDS = 5, 1  # layouts of the plain template
INK, QUIET = RGBColor(0x22, 0x27, 0x2B), RGBColor(0x54, 0x5A, 0x5F)
PAPER = RGBColor(0xFD, 0xFB, 0xF7)
GREEN = RGBColor(0x1A, 0x6E, 0x3C)


class Slides:
    """A presentation in the making; each method adds a slide."""

    def __init__(self, deck: Deck, drawn: dict[Path, bytes]):
        self.deck, self.drawn = deck, drawn
        self.made = Presentation()
        self.made.slide_width, self.made.slide_height = WIDE, HIGH
        ground = self.made.slide_master.background.fill
        ground.solid()
        ground.fore_color.rgb = PAPER
        self.hue = RGBColor.from_string(deck.hue.lstrip("#").upper())
        day = pages.checked(deck.lecture.place)
        about = self.made.core_properties
        about.title = deck.lecture.title
        about.author = "; ".join(deck.cited.edition.authors)
        about.subject = deck.lecture.place.name
        about.comments = f"{bundle.LICENSE} {bundle.NO_ADVICE}"
        about.language = "en-US"
        about.last_modified_by = about.author
        about.created = about.modified = datetime.datetime(day.year, day.month, day.day)
        about.revision = 1

    def bytes(self) -> bytes:
        """The file; the same bytes from the same deck."""
        out = io.BytesIO()
        self.made.save(out)
        return bundle.same(out.getvalue())

    def add(self, layout: int, title: str, size: float = 30) -> Any:
        """A slide with its title."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[layout])
        head = slide.shapes.title
        _place(head, EDGE, Inches(0.3), WIDE - 2 * EDGE, TOP - Inches(0.4))
        frame = head.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.text = title
        _style(frame.paragraphs[0], size, self.hue, bold=True)
        return slide

    def words(
        self, title: str, lines: Iterable[str], size: float, bullets: bool = True
    ) -> Any:
        """A slide with a title and a list or paragraphs."""
        heading = 30 if len(title) < 60 else 24 if len(title) < 130 else 20
        slide = self.add(TITLE_AND_WORDS, title, heading)
        body = slide.placeholders[1]
        _place(body, EDGE, TOP, WIDE - 2 * EDGE, BELOW - TOP)
        frame = body.text_frame
        frame.word_wrap = True
        for count, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if count == 0 else frame.add_paragraph()
            paragraph.text = line
            paragraph.space_after = Pt(size / 2)
            _style(paragraph, size, INK)
            if not bullets:
                _plain(paragraph)
        return slide

    def figure(self, figure: Figure) -> None:
        """A slide with a figure, its caption beside or below it, alt text and notes."""
        slide = self.add(TITLE_ONLY, figure.heading)
        beside = figure.width < 2.1 * figure.height
        room = (Inches(8.3) if beside else WIDE - 2 * EDGE, BELOW - TOP)
        if not beside:
            room = (room[0], Inches(3.9))
        scale = min(room[0] / figure.width, room[1] / figure.height)
        width, height = int(figure.width * scale), int(figure.height * scale)
        image = io.BytesIO(self.drawn[figure.image])
        shown = slide.shapes.add_picture(image, EDGE, TOP, width, height)
        shown.name = figure.label
        shown._element.nvPicPr.cNvPr.set("descr", figure.alt)
        if beside:
            left = EDGE + width + Inches(0.35)
            where = (left, TOP, WIDE - EDGE - left, BELOW - TOP)
        else:
            top = TOP + height + Inches(0.15)
            where = (EDGE, top, WIDE - 2 * EDGE, BELOW - top)
        frame = slide.shapes.add_textbox(*where).text_frame
        frame.word_wrap = True
        much = len(figure.caption) > 360
        frame.text = figure.caption
        _style(frame.paragraphs[0], 14 if much else 17, INK)
        frame.paragraphs[0].space_after = Pt(8)
        source = frame.add_paragraph()
        number = f"{figure.number}. " if figure.number else ""
        source.text = f"{number}Data: {figure.data}. Source: {figure.source}."
        _style(source, 11, QUIET)
        self.note(slide, self.deck.notes(figure))

    def question(self, question: Question) -> None:
        """A question, then the same with its answer."""
        size = 20 if question.weight < 620 else 17
        options = [
            f"{letter}. {option.text}"
            for letter, option in zip("ABCD", question.options, strict=False)
        ]
        self.words(question.ask, options, size, bullets=False)
        told = [
            f"{line} Right. {option.why}" if option.right else line
            for line, option in zip(options, question.options, strict=True)
        ]
        slide = self.words(question.ask, told, size, bullets=False)
        for paragraph, option in zip(
            slide.placeholders[1].text_frame.paragraphs, question.options, strict=True
        ):
            color = GREEN if option.right else QUIET
            _style(paragraph, size, color, bold=option.right)
        self.note(slide, self.deck.answers(question))

    def sources(self, part: tuple[tuple[str, str], ...]) -> None:
        """A slide with sources, each a link to where it can be read."""
        slide = self.words("Where this comes from", [what for what, _ in part], 14)
        for paragraph, (_, address) in zip(
            slide.placeholders[1].text_frame.paragraphs, part, strict=True
        ):
            paragraph.space_after = Pt(3)
            if address:
                paragraph.runs[0].hyperlink.address = address

    def note(self, slide: Any, parts: Iterable[tuple[str, Iterable[str]]]) -> None:
        """What the speaker sees: headings and paragraphs."""
        told = [
            "\n".join([f"{heading}:", *paragraphs]) for heading, paragraphs in parts
        ]
        if told:
            slide.notes_slide.notes_text_frame.text = "\n\n".join(told)


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top = Emu(left), Emu(top)
    shape.width, shape.height = Emu(width), Emu(height)


def _style(paragraph: Any, size: float, color: RGBColor, bold: bool = False) -> None:
    font = paragraph.font
    font.size, font.bold, font.color.rgb = Pt(size), bold, color
    paragraph.alignment = 1  # left


def _plain(paragraph: Any) -> None:
    """No bullet and no indent."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    if properties.find(f"{{{_A}}}buNone") is None:
        properties.append(properties.makeelement(f"{{{_A}}}buNone", {}))


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def make(deck: Deck, drawn: dict[Path, bytes]) -> bytes:
    """The deck as PowerPoint; drawn: its figures as PNG."""
    page, slides = deck.lecture, Slides(deck, drawn)
    first = slides.words(page.title, ["You will be able to", *page.objectives], 22)
    opening = first.placeholders[1].text_frame.paragraphs[0]
    _style(opening, 22, slides.hue, bold=True)
    _plain(opening)
    slides.note(
        first,
        [
            (
                "Reading",
                (
                    f"{page.place.name}. The page takes {page.minutes} minutes to read.",
                    f"Evidence checked to {page.checked}.",
                ),
            )
        ],
    )
    slides.words(deck.opening[0], page.opening, 22, bullets=False)
    for figure in page.figures:
        slides.figure(figure)
    slides.words("In one breath", [page.breath], 28, bullets=False)
    for question in deck.questions:
        slides.question(question)
    sure = [
        f"{grade.level.capitalize()} certainty: {grade.outcome}. {grade.why}"
        if grade.outcome
        else f"{grade.level.capitalize()} certainty. {grade.why}"
        for grade in page.grades
    ]
    much = sum(map(len, sure)) > 700
    told = slides.words("How sure are we?", sure, 17 if much else 20)
    if page.rest:
        slides.note(told, [("What the page adds", page.rest)])
    for part in deck.sources:
        slides.sources(part)
    slides.words("Use it, change it, say where it is from", deck.license, 18, False)
    return slides.bytes()


def write(out: Path, built: Path) -> list[Path]:
    """A .pptx for each page of a thread that is built; the paths written."""
    decks = [Deck(lecture.read(built, place.path)) for place in lecture.written(built)]
    images = {figure.image for deck in decks for figure in deck.lecture.figures}
    drawn = figures.pngs(sorted(images), DPI)
    made = {f"{deck.lecture.name}.pptx": make(deck, drawn) for deck in decks}
    return bundle.lay(Path(out) / "slides", made)


if __name__ == "__main__":
    bundle.main(write)
