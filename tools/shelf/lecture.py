"""A built page as somebody who lectures reads it: its figures in order, what is said before each, its boxes, its questions.

    lecture = read(built, "fundamentals/density")     # built: the folder of the built site
    lecture.figures[0].caption          # words: cards, links and code are left out, formulas are written as text

All words are those that readers of the page see, so a number here is one that the build has compared with its row.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import lxml.html
from lxml.html import HtmlElement

from press import myst, pages
from press import written as facts
from press.formula import of_mathml
from press.myst import PageError
from press.pages import Place

TIERS = tuple(pages.TIERS)
#: What stands in a page and is not said aloud, by tag and by class.
ASIDE_TAGS = {"aside", "details", "dl", "figure", "nav", "table"}
ASIDE = {
    *("bb-box", "bb-drawn", "bb-explorable", "bb-fields", "bb-from", "bb-head"),
    *("bb-person", "bb-questions", "bb-take", "cell_input", "exercise", "solution"),
}
_CAPTION = re.compile(r"(.*?)\s*Data: (.*?)\.? Source: (.*?)\.?$", re.S)


@dataclass(frozen=True)
class Figure:
    """A figure of a page: number (`Fig. 6`, none with sliders), what its caption says, its data and its source, what it shows in words.

    heading: of its section; image: the SVG of the built site; width and height: in CSS pixels; talk: what the page says of it, a
    paragraph each; live: name of the figure with sliders that the image stands for; box: its element on the page.
    """

    name: str
    number: str
    heading: str
    caption: str
    data: str
    source: str
    alt: str
    image: Path
    width: int
    height: int
    talk: tuple[str, ...]
    live: str = ""
    box: HtmlElement | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """`Fig. 6`, or what a figure with sliders is called."""
        return self.number or self.heading


@dataclass(frozen=True)
class Option:
    """An answer that is offered, whether it is right, why, and the misconception that it stands for (none if it is right)."""

    text: str
    right: bool
    why: str
    because: str


@dataclass(frozen=True)
class Question:
    """A question of the page; asks: what it asks its reader to do (pages.ASKS)."""

    id: str
    asks: str
    ask: str
    options: tuple[Option, ...]

    @property
    def weight(self) -> int:
        """Characters of the question with its options and the answer: what a slide has to hold."""
        right = sum(len(option.why) for option in self.options if option.right)
        return len(self.ask) + right + sum(len(option.text) for option in self.options)


@dataclass(frozen=True)
class Lecture:
    """A page of a thread: all words are plain text; `rest` is what stands below the grades of "How sure are we?"."""

    place: Place
    title: str
    minutes: int
    checked: str
    objectives: tuple[str, ...]
    opening: tuple[str, ...]
    figures: tuple[Figure, ...]
    grades: tuple[pages.Grade, ...]
    rest: tuple[str, ...]
    breath: str
    questions: tuple[Question, ...]
    sources: tuple[tuple[str, str], ...]
    today: tuple[str, ...]
    take: tuple[str, ...]

    @property
    def name(self) -> str:
        """`fundamentals-density`, for files."""
        return self.place.path.replace("/", "-")

    def asked(self, count: int = 2) -> list[Question]:
        """The questions for a hall: of different kinds, those first that read a figure, then calculation, then judgment."""
        order = ["read a figure", "calculate", "judge", "recall"]
        seen: dict[str, int] = {}
        ranked = []
        for place, question in enumerate(self.questions):
            again = seen.get(question.asks, 0)
            seen[question.asks] = again + 1
            ranked.append((again, order.index(question.asks), place))
        return [self.questions[place] for *_, place in sorted(ranked)[:count]]


def written(built: Path) -> Iterator[Place]:
    """The pages of threads that stand in a built site, in the order of the book. Raises PageError if there is none."""
    found = [
        Place(tier, entry["thread"], entry)
        for tier in TIERS
        for entry in pages.threads()
        if page_of(built, f"{tier}/{entry['thread']}").exists()
    ]
    if not found:
        raise PageError(
            f"{built}: no page of a thread is here; build the book first (make book)."
        )
    yield from found


def page_of(built: Path, path: str) -> Path:
    """The file of a built page; path: `fundamentals/density`."""
    return Path(built) / "book" / f"{path}.html"


def read(built: Path, path: str) -> Lecture:
    """The page `fundamentals/density` of the built site. Raises PageError with file and reason if a part of it is missing."""
    file = page_of(built, path)
    if not file.exists():
        raise PageError(f"{file}: the page is not built; `make book` does it.")
    return _read(file, path, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(file: Path, path: str, _changed: int) -> Lecture:
    place = pages.place(path)
    if place is None:
        raise PageError(f"{path}: this is no page of a thread (tier/thread).")
    parser = lxml.html.HTMLParser(encoding="utf-8")
    page = _Page(file, lxml.html.parse(str(file), parser).getroot().find(".//article"))
    page.fresh(place)
    side = pages.side(place)
    grades, rest = page.sure()
    return Lecture(
        place=place,
        title=page.words(page.one("h1")),
        minutes=side["minutes"],
        checked=pages.in_words(pages.checked(place)),
        objectives=page.items("bb-objectives"),
        opening=tuple(page.opening()),
        figures=tuple(page.figures()),
        grades=grades,
        rest=rest,
        breath=" ".join(page.paragraphs(page.one("bb-breath"))),
        questions=tuple(page.questions({q["id"]: q for q in side["questions"]})),
        sources=tuple(page.sources()),
        today=page.items("bb-today", need=False),
        take=page.items("bb-take", need=False),
    )


class _Page:
    """The article of a built page."""

    def __init__(self, file: Path, article: HtmlElement | None):
        if article is None:
            raise PageError(f"{file}: there is no <article>; this is no built page.")
        self.file, self.article = file, article

    def fresh(self, place: Place) -> None:
        """Raise PageError if a number of the page's source is not that of its row, or stands otherwise on the built page."""
        name = f"book/{place.path}.md"
        source = myst.read(pages.ROOT / name, name)
        stand(name, source.text)
        shown = " ".join(self.article.text_content().split())
        for role in source.roles:
            if role.name == "fact" and re.sub(r"-(?=\d)", "−", role.words) not in shown:
                raise PageError(
                    f"{self.file}: {role.words!r} ({name}:{role.line}) is not on the built page, which is older than its "
                    "source; build the book again."
                )

    def all(self, name: str, of: HtmlElement | None = None) -> list[HtmlElement]:
        """Elements with this class, or with this tag if it has no hyphen."""
        where = self.article if of is None else of
        if "-" in name:
            return where.find_class(name)
        return list(where.iter(name))

    def one(self, name: str, of: HtmlElement | None = None) -> HtmlElement:
        """The first such element. Raises PageError."""
        found = self.all(name, of)
        if not found:
            raise PageError(f"{self.file}: nothing called {name} stands on this page.")
        return found[0]

    def words(self, of: HtmlElement, cited: bool = False) -> str:
        """An element as one line of text. cited: whether citations stay."""
        return words(of, cited)

    def items(self, name: str, need: bool = True) -> tuple[str, ...]:
        """The points of the list in a box."""
        boxes = [self.one(name)] if need else self.all(name)[:1]
        return tuple(self.words(li) for box in boxes for li in box.iter("li"))

    def paragraphs(self, box: HtmlElement) -> list[str]:
        """The paragraphs that stand directly in a box, without its title and what a level means."""
        mute = {"admonition-title", "bb-label", "bb-sure-means", "bb-who"}
        return [
            self.words(p)
            for p in box.iterchildren("p")
            if not mute & set(p.get("class", "").split())
        ]

    def opening(self) -> Iterator[str]:
        """The paragraphs before the first section: a guiding question, or the answer."""
        for kind, what in self.events():
            if kind == "heading":
                return
            if kind == "said":
                yield self.words(what)

    def events(self) -> Iterator[tuple[str, Any]]:
        """(`heading`, `said`, `formula` or `figure`, element) down the page."""
        for each in self.article.iter():
            if not isinstance(each.tag, str):
                continue
            classes = set(each.get("class", "").split())
            if each.tag in ("h2", "h3") and not _aside(each):
                yield "heading", each
            elif each.tag == "figure" or "bb-explorable" in classes:
                yield "figure", each
            elif each.tag == "div" and "math" in classes and not _aside(each):
                yield "formula", each
            elif each.tag == "p" and not _aside(each):
                yield "said", each

    def figures(self) -> Iterator[Figure]:
        """The figures, each with what is said before it in its section; where nothing is, with the paragraph after it."""
        events = list(self.events())
        heading, said = self.words(self.one("h1")), []
        for place, (kind, what) in enumerate(events):
            if kind == "heading":
                heading, said = self.words(what), []
            elif kind == "said":
                said.append(self.words(what))
            elif kind == "formula":
                said.append("A formula stands here on the page.")
            else:
                after = events[place + 1 : place + 2]
                talk = said or [self.words(p) for k, p in after if k == "said"]
                yield self.figure(what, heading, tuple(talk))
                said = []

    def folded(self, box: HtmlElement) -> str:
        """The data line of a figure of Fundamentals, which stands in the fold under it; empty on the other tiers."""
        under = box.getnext()
        lines = [] if under is None else under.find_class("bb-data-line")
        return "".join(self.words(line, cited=True) for line in lines)

    def figure(self, box: HtmlElement, heading: str, talk: tuple[str, ...]) -> Figure:
        """One figure of the page."""
        live = box.get("data-explorable", "")
        image = next(i for i in self.all("img", box) if "only-dark" not in i.classes)
        if live:
            number = ""
            heading = self.words(self.one("bb-label", box))
            told = self.words(box.findall("p")[-1], cited=True)
        else:
            number = self.words(self.one("caption-number", box))
            told = self.words(self.one("caption-text", box), cited=True)
            told = f"{told} {self.folded(box)}".rstrip()
        parts = _CAPTION.match(told)
        if not parts:
            raise PageError(
                f"{self.file}: the caption of {box.get('id')} ends without Data and Source."
            )
        return Figure(
            name=box.get("id"),
            number=number,
            heading=heading,
            caption=parts[1],
            data=parts[2].replace(" (CSV)", ""),
            source=plain_cited(parts[3]),
            alt=image.get("alt"),
            image=(self.file.parent / image.get("src")).resolve(),
            width=int(image.get("width")),
            height=int(image.get("height")),
            talk=talk,
            live=live,
            box=box if live else None,
        )

    def sure(self) -> tuple[tuple[pages.Grade, ...], tuple[str, ...]]:
        """The grades of the box "How sure are we?", and what stands below them."""
        box = self.one("bb-sure")
        rest = self.paragraphs(box)
        grades = []
        for item in (li for ul in self.all("bb-grades", box) for li in ul.iter("li")):
            first, *more = item.findall("p")
            outcome = self.words(self.one("strong", first)).rstrip(":")
            why = " ".join(self.words(p) for p in more)
            grades.append(pages.Grade(outcome, self.level(first), why))
        if not grades:
            grades, rest = [pages.Grade("", self.level(box), " ".join(rest))], []
        return tuple(grades), tuple(rest)

    def level(self, of: HtmlElement) -> str:
        """`moderate`"""
        return self.words(self.one("bb-level", of)).partition(" certainty")[0].lower()

    def questions(self, side: dict[str, dict[str, Any]]) -> Iterator[Question]:
        """The questions with their options, and from the side file what each asks for and which misconception a wrong option is."""
        for box in self.all("bb-question"):
            id_ = box.get("id").removeprefix("question-")
            if id_ not in side:
                raise PageError(
                    f"{self.file}: the side file has no question {id_}; build the book again."
                )
            options = []
            for option, source in zip(
                self.all("bb-option", box), side[id_]["options"], strict=True
            ):
                why = self.one("bb-why", option)
                options.append(
                    Option(
                        self.words(self.one("label", option)),
                        "bb-right" in why.classes,
                        self.words(why),
                        pages.MISCONCEPTIONS.get(source.get("because", ""), ""),
                    )
                )
            ask = self.words(self.one("legend", box))
            asks = side[id_].get("asks", "recall")
            yield Question(id_, asks, ask, tuple(options))

    def sources(self) -> Iterator[tuple[str, str]]:
        """(what, address) of each study and source of the page."""
        for listed in self.all("bb-from-studies"):
            for item in listed.iter("li"):
                away = [a for a in item.iter("a") if "external" in a.classes]
                yield self.words(item), away[-1].get("href") if away else ""


def stand(name: str, text: str) -> None:
    """Raise PageError, with the file, for a number of a text that is not the one of its row."""
    for role in myst.parse(text, name).roles:
        try:
            if role.name == "fact":
                facts.check(role.words, role.target)
            elif role.name == "compare":
                facts.compare(role.words, role.target)
        except facts.FactError as fault:
            raise PageError(f"{name}:{role.line}: {fault}") from None


def _aside(of: HtmlElement) -> bool:
    """Whether an element stands in what is not said aloud."""
    return any(
        each.tag in ASIDE_TAGS or ASIDE & set(each.get("class", "").split())
        for each in of.iterancestors()
    )


#: What stands in a paragraph and is no word of it.
_MUTE = (
    *("bb-card", "headerlink", "bb-n", "bb-verdict", "bb-cross", "bb-marks"),
    *("bb-seen", "copybtn"),
)


def words(of: HtmlElement, cited: bool = False) -> str:
    """An element as one line of plain text: without cards, with formulas as text. cited: whether citations stay."""
    of = copy.deepcopy(of)
    of.tail = None
    for name in (*_MUTE, *(() if cited else ("bibtex-citation",))):
        for each in of.find_class(name):
            if each is not of:
                each.drop_tree()
    for each in list(of.iter("math")):
        tail, told = each.tail, of_mathml(each).plain
        each.clear()
        each.text, each.tail = told, tail
    text = " ".join(of.text_content().split())
    return re.sub(r"\s+([.,;:?!)\]])", r"\1", text)


def plain_cited(text: str) -> str:
    """Citations as a source line has them: `Johnston and others 2000`."""
    return re.sub(r" \[n\.d\.\]", ", no date", re.sub(r" \[(\d{4}\w?)\]", r" \1", text))
