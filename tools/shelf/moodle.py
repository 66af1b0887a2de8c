"""Moodle XML: a category a page, a question an item, with its id as idnumber, its tags, and a word on each option."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from press.bank import Item
from press.pages import TIERS

from .kit import Kit, PageKit, add, asked, xml

_TYPES = {
    "one": "multichoice",
    "several": "multichoice",
    "number": "numerical",
    "words": "shortanswer",
}


def make(kit: Kit) -> dict[str, bytes]:
    """moodle.xml"""
    quiz = ElementTree.Element("quiz")
    quiz.append(ElementTree.Comment(f" {kit.about.replace('--', '-')} "))
    for page in kit.pages:
        _category(quiz, page, kit)
        for item in page.items:
            _question(quiz, item, page)
    return {"moodle.xml": xml(quiz)}


def _category(quiz: Element, page: PageKit, kit: Kit) -> None:
    question = add(quiz, "question", type="category")
    parts = (kit.title, TIERS[page.place.tier], page.title)
    path = "/".join(("$course$", "top", *(each.replace("/", "//") for each in parts)))
    _words(question, "category", path)
    _words(question, "info", kit.about, format="plain_text")
    add(question, "idnumber", page.name)


def _words(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    made = add(parent, tag, **attributes)
    add(made, "text", text)
    return made


def _question(quiz: Element, item: Item, page: PageKit) -> None:
    question = add(quiz, "question", type=_TYPES[item.kind])
    _words(question, "name", item.id)
    _words(question, "questiontext", asked(item), format="html")
    why = f"<p>{item.why.html}</p>" if item.why else ""
    _words(question, "generalfeedback", why, format="html")
    add(question, "defaultgrade", "1")
    add(question, "penalty", "0.3333333")
    add(question, "hidden", "0")
    add(question, "idnumber", item.id)
    if item.options:
        _choice(question, item)
    elif item.number:
        answer = _answer(question, "100", str(item.number.value))
        add(answer, "tolerance", str(item.number.tolerance))
        add(question, "unitgradingtype", "0")
        add(question, "unitpenalty", "0.1")
        add(question, "showunits", "3")  # the unit stands in the question
        add(question, "unitsleft", "0")
    else:
        add(question, "usecase", "0")
        for word in item.accept:
            _answer(question, "100", word)
    tags = add(question, "tags")
    for tag in (page.place.tier, page.place.thread, item.level, *_aims(item, page)):
        _words(tags, "tag", tag)


def _aims(item: Item, page: PageKit) -> list[str]:
    return [f"{page.name} objective {number}" for number in item.objectives]


def _choice(question: Element, item: Item) -> None:
    rights = len(item.rights)
    wrongs = len(item.options) - rights
    add(question, "single", "true" if item.kind == "one" else "false")
    add(question, "shuffleanswers", "true")
    add(question, "answernumbering", "abc")
    for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        _words(question, tag, "", format="html")
    for option in item.options:
        share = f"{100 / rights:.7g}" if option.right else "0"
        if item.kind == "several" and not option.right:
            share = f"{-100 / wrongs:.7g}"  # so that ticking everything earns nothing
        answer = _answer(question, share, f"<p>{option.text.html}</p>", "html")
        _words(answer, "feedback", f"<p>{option.why.html}</p>", format="html")


def _answer(
    question: Element, fraction: str, text: str, form: str = "moodle_auto_format"
) -> Element:
    return _words(question, "answer", text, fraction=fraction, format=form)
