"""A deck for the lecture hall from each page of a thread: reveal.js, figures, notes; one folder and one archive a page.

    python -m tools.shelf.decks OUT [BUILT]     # OUT/slides/fundamentals-density/index.html and OUT/slides/fundamentals-density.zip

A deck opens by a double click, needs no network, prints with `?print-pdf` behind its address, and has its notes under S: the figure
in words, what the page says of it, why each option of a question is wrong. A figure with sliders opens in a window of its own.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from press.edition import Cited
from tools.shelf import bundle, figures, lecture, live
from tools.shelf.lecture import Figure, Lecture, Question

REVEAL = bundle.VENDOR / "reveal"
#: The four files of reveal.js 6.0.2 (npm, MIT) and their license, as they are.
SCRIPTS = ("reveal.js", "reveal.css", "reset.css", "notes.js", "LICENSE")
FONTS = (
    "noto-sans-latin-wght-normal.woff2",
    "noto-sans-greek-wght-normal.woff2",
    "OFL-noto-sans.txt",
)
HUES = {"fundamentals": "#0b655c", "intermediate": "#2c56a3", "academic": "#7d3a78"}
#: Sources that one slide holds.
MANY = 14


@dataclass(frozen=True)
class Deck:
    """What both kinds of slides are made from."""

    lecture: Lecture

    @property
    def hue(self) -> str:
        """The color of the tier."""
        return HUES[self.lecture.place.tier]

    @property
    def questions(self) -> list[Question]:
        """Two questions of the page, each with its answer on the next slide."""
        return self.lecture.asked(2)

    @cached_property
    def opening(self) -> tuple[str, str]:
        """(heading, words) of the slide after the title: the guiding question, or the answer that comes first."""
        text = " ".join(self.lecture.opening)
        return ("The question" if "?" in text else "The answer first"), text

    @property
    def sources(self) -> list[tuple[tuple[str, str], ...]]:
        """The sources, as many as a slide holds, in parts of about the same length."""
        listed = self.lecture.sources
        slides = max(1, -(-len(listed) // MANY))
        size = -(-len(listed) // slides)
        return [listed[at : at + size] for at in range(0, len(listed), size)]

    @cached_property
    def cited(self) -> Cited:
        """The page as it is cited."""
        return bundle.cited(self.lecture)

    @property
    def license(self) -> list[str]:
        """What the last slide says, a paragraph each."""
        return [
            f"Made from the page “{self.lecture.title}”. {self.cited.plain()}",
            f"Text and figures: {bundle.LICENSE} Use and change them, say where they are from and whether you changed anything.",
            f"The evidence was looked for up to {self.lecture.checked}. {bundle.NO_ADVICE}",
        ]

    def notes(self, figure: Figure) -> list[tuple[str, tuple[str, ...]]]:
        """What somebody says at a figure: (heading, paragraphs)."""
        return [
            *([("What the page says", figure.talk)] if figure.talk else []),
            ("The figure in words", (figure.alt,)),
            (
                "Where it is from",
                (f"{figure.label}. Data: {figure.data}. Source: {figure.source}.",),
            ),
        ]

    def answers(self, question: Question) -> list[tuple[str, tuple[str, ...]]]:
        """The notes of an answer: why each other option is wrong, and the misconception behind it."""
        return [
            (
                f"{letter}. {option.text}",
                (option.why, f"Who chooses it: {option.because}"),
            )
            for letter, option in zip("ABCD", question.options, strict=False)
            if not option.right
        ]


def files(deck: Deck, built: Path) -> dict[str, bytes]:
    """The folder of a deck: {name: bytes}."""
    made = {f"reveal/{name}": (REVEAL / name).read_bytes() for name in SCRIPTS}
    for name in FONTS:
        made[f"fonts/{name}"] = (Path(built) / "_static" / "fonts" / name).read_bytes()
    for figure in deck.lecture.figures:
        made[picture(figure)] = figure.image.read_bytes()
        if figure.live:
            made |= live.files(figure, built)
    template = figures.TEMPLATES.get_template("deck.html")
    html = template.render(
        deck=deck, lecture=deck.lecture, picture=picture, live=live.page
    )
    made["index.html"] = html.encode()
    return made


def picture(figure: Figure) -> str:
    """The file of a figure in the folder of a deck."""
    return f"figures/{figure.name}.svg"


def write(out: Path, built: Path) -> list[Path]:
    """A folder and an archive for each page of a thread that is built; the paths written."""
    folder, paths = Path(out) / "slides", []
    for place in lecture.written(built):
        deck = Deck(lecture.read(built, place.path))
        paths += lay(deck, folder, built)
    return paths


def lay(deck: Deck, folder: Path, built: Path) -> list[Path]:
    """One deck: folder/NAME/ and folder/NAME.zip."""
    name, made = deck.lecture.name, files(deck, built)
    archive = {f"{name}/{each}": content for each, content in made.items()}
    return [
        *bundle.lay(folder / name, made),
        *bundle.lay(folder, {f"{name}.zip": bundle.zipped(archive)}),
    ]


if __name__ == "__main__":
    bundle.main(write)
