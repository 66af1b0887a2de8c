"""What a reader sees of a page that is built: its sections with their text, without cards, code, menus and questions.

The search and the descriptions of the pages are made from it. Nothing here needs Sphinx.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
#: Elements that hold no text of the page, by tag and by class.
MUTE_TAGS = {"script", "style", "template", "nav", "select", "svg", "noscript", "math"}
MUTE_TAGS |= {"summary"}  # "Show the code"
MUTE = {
    "bb-card",  # what opens over a number or a term
    "bb-card-close",
    "bb-head",  # number, minutes, the switch between the depths
    "bb-from",  # the list of sources at the end; each has its own entry
    "bb-questions",  # a wrong option, cut out as an excerpt, would be told as true
    "bb-teach",  # for instructors: misconceptions, worries that are played, marking lists
    "bb-drawn",  # a figure's values, folded
    "bb-live",  # controls of a figure with sliders
    "cell_input",  # code
    "copybtn",
    "headerlink",
    "highlight",  # code that is shown and not run
    "math",  # TeX
}
#: Parts in which a paragraph is not the page's own first one.
ASIDE = {"bb-box", "admonition", "bb-person", "bb-fields"}
ASIDE_TAGS = {"aside", "details", "dl", "figure", "figcaption", "li", "table"}
#: An entry of a reference page has such an id, and is found by itself.
ENTRY = re.compile(r"(study|claim|cite|term)-")
BLOCKS = {
    *("p", "div", "section", "li", "dt", "dd", "tr", "td", "th", "h1", "h2", "h3"),
    *("h4", "h5", "h6", "figcaption", "caption", "summary", "ul", "ol", "dl"),
}


@dataclass
class Section:
    """A piece of a page with its own address: the id of its anchor, its heading, its text; `entry` if it is one of a list."""

    id: str
    entry: bool = False
    heading: str = ""
    text: str = ""


@dataclass
class Page:
    """The sections of a page; its paragraphs outside all boxes; what stands in the box "In one breath"."""

    sections: list[Section] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    breath: str = ""


@dataclass
class _Open:
    tag: str
    mute: bool
    aside: bool
    breath: bool
    heading: bool
    section: Section | None


class _Reader(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.page = Page()
        self.open = [_Open("", False, False, False, False, None)]
        self.sections = [Section("")]
        self.page.sections.append(self.sections[0])
        self.paragraph: list[str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag in VOID:
            self.write(" ")
            return
        values = dict(attributes)
        classes = set((values.get("class") or "").split())
        above, name = self.open[-1], values.get("id") or ""
        mute = (
            above.mute
            or tag in MUTE_TAGS
            or bool(classes & MUTE)
            or "hidden" in values
            or values.get("aria-hidden") == "true"
        )
        entry = bool(ENTRY.match(name))
        section = None
        if not mute and name and (tag == "section" or entry):
            section = Section(name, entry)
            self.page.sections.append(section)
            if tag == "dt":  # its text stands in the <dd> that follows
                if self.sections[-1].entry:
                    self.sections.pop()
                self.sections.append(section)
                section = None
            else:
                self.sections.append(section)
        if tag in BLOCKS:
            self.write(" ")
        self.open.append(
            _Open(
                tag,
                mute,
                above.aside or tag in ASIDE_TAGS or bool(classes & ASIDE),
                above.breath or "bb-breath" in classes,
                above.heading
                or bool(re.fullmatch(r"h[1-6]", tag))
                or "bb-entry-title" in classes
                or (tag == "dt" and entry)
                or "admonition-title" in classes,
                section,
            )
        )
        if tag == "p" and not mute:
            self.paragraph = []

    def handle_endtag(self, tag):
        if tag not in {each.tag for each in self.open}:
            return
        while len(self.open) > 1:
            done = self.open.pop()
            if done.section is not None:
                while self.sections.pop() is not done.section:
                    pass
            if done.tag == tag:
                break
        if tag == "dl" and self.sections[-1].id.startswith("term-"):
            self.sections.pop()
        if tag == "p" and self.paragraph is not None:
            said = tidy("".join(self.paragraph))
            if said and done.breath and not done.heading:
                self.page.breath = f"{self.page.breath} {said}".strip()
            elif said and not done.aside and not done.heading:
                self.page.paragraphs.append(said)
            self.paragraph = None
        if tag in BLOCKS:
            self.write(" ")

    def handle_data(self, data):
        self.write(data)

    def write(self, data):
        here = self.open[-1]
        if here.mute:
            return
        section = self.sections[-1]
        box_title = here.heading and here.aside and not section.entry
        if here.heading and not box_title:
            section.heading += data
        else:
            section.text += data
        if self.paragraph is not None:
            self.paragraph.append(data)


def tidy(text: str) -> str:
    """One line, without blanks before punctuation."""
    return re.sub(r"\s+([.,;:?!)\]])", r"\1", " ".join(text.split()))


def article(html: str) -> str:
    """The text of a whole built page, from <article> to its end; the text itself if it is a fragment."""
    start = html.find("<article")
    return html[start : html.rindex("</article>")] if start >= 0 else html


def read(html: str) -> Page:
    """The sections and paragraphs of a built page, or of the body that a template is given."""
    page = _Reader(article(html)).page
    for section in page.sections:
        section.heading, section.text = tidy(section.heading), tidy(section.text)
    page.sections = [each for each in page.sections if each.heading or each.text]
    return page


def opening(html: str) -> Page:
    """As `read`, but no more than what describes a page: its box "In one breath", else all down to its first paragraph.

    It is asked for each page that is written, and most of a page comes after it.
    """
    html = article(html)
    if (named := html.find("bb-breath")) >= 0:
        start, depth = html.rindex("<", 0, named), 0
        for tag in re.finditer(r"<(/?)div\b", html[start:]):
            depth += -1 if tag[1] else 1
            if not depth:
                return _Reader(html[start : start + tag.end() + 1]).page
    reader, at = _Reader(""), 0
    while at < len(html) and not reader.page.paragraphs:
        reader.feed(html[at : at + STEP])
        at += STEP
    return reader.page


#: A citation in brackets, as the bibliography writes it: [Delmas and others, 1997].
CITED = re.compile(r"\s*\[[^\[\]]*\b\d{4}[a-z]?(?:, [^\[\]]*)?\]")
LONGEST = 200
#: Characters of a page that are read at once in search of its first paragraph.
STEP = 4000


def description(page: Page) -> str:
    """A page in one or two sentences, for a search engine and a shared link.

    It is the page in one breath, else its own first paragraph; at most LONGEST characters, cut after a sentence or a word.
    """
    text = page.breath or next(iter(page.paragraphs), "")
    text = tidy(CITED.sub("", text))
    if len(text) <= LONGEST:
        return text
    ends = [found.end() for found in re.finditer(r"[.?!](?= )", text[:LONGEST])]
    if ends and ends[-1] > LONGEST // 3:
        return text[: ends[-1]]
    return text[: text.rindex(" ", 0, LONGEST - 1)].rstrip(" ,;:") + "…"
