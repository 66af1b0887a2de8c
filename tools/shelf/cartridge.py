"""Common Cartridge 1.1: the pages of the book as web links, and after each a quiz.

The profile has no numeric questions, so that these are left out, which the cartridge says. Links need the address where
the book is published; without one there are none, which it says too.
"""

from xml.etree.ElementTree import Element

from press.bank import Item, Option
from press.pages import TIERS

from .kit import LICENSE, Kit, PageKit, add, archive, asked, xml

CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
LINK = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
QUIZ = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
_GENERAL = "general_fb"  # the name by which Canvas knows it
_PROFILES = {
    "one": "cc.multiple_choice.v0p1",
    "several": "cc.multiple_response.v0p1",
    "words": "cc.fib.v0p1",
}


def make(kit: Kit) -> dict[str, bytes]:
    """book.imscc"""
    files = {"imsmanifest.xml": xml(_manifest(kit))}
    for page in kit.pages:
        if kit.address:
            files[f"links/{page.name}.xml"] = xml(_link(page, kit))
        files[f"quizzes/{page.name}.xml"] = xml(_quiz(page))
    return {"book.imscc": archive(files)}


def held(page: PageKit) -> list[Item]:
    """The items of a page that a cartridge can hold: all but those whose answer is a number."""
    return [item for item in page.items if item.kind != "number"]


def about(kit: Kit) -> str:
    """What the cartridge says of itself."""
    left = sum(item.kind == "number" for item in kit.items)
    gone = f"{left} numeric questions are left out, because a Common Cartridge has none; they are in the files for Canvas and Moodle."
    links = (
        ""
        if kit.address
        else " The pages are not linked, because the book had no address when this was made."
    )
    return f"{kit.about} {gone}{links}"


def _manifest(kit: Kit) -> Element:
    root = Element("manifest", {"identifier": "serms-and-bone-health", "xmlns": CP})
    root.set("xmlns:lomimscc", LOM)
    metadata = add(root, "metadata")
    add(metadata, "schema", "IMS Common Cartridge")
    add(metadata, "schemaversion", "1.1.0")
    lom = add(metadata, "lomimscc:lom")
    general = add(lom, "lomimscc:general")
    for tag, words in (("title", kit.title), ("description", about(kit))):
        _string(add(general, f"lomimscc:{tag}"), words)
    rights = add(lom, "lomimscc:rights")
    restricted = add(rights, "lomimscc:copyrightAndOtherRestrictions")
    add(restricted, "lomimscc:value", "yes")
    _string(add(rights, "lomimscc:description"), LICENSE)
    organizations = add(root, "organizations")
    organization = add(
        organizations,
        "organization",
        identifier="organization",
        structure="rooted-hierarchy",
    )
    top = add(organization, "item", identifier="root")
    resources = add(root, "resources")
    for tier, name in TIERS.items():
        if not kit.tier(tier):
            continue
        folder = add(top, "item", identifier=f"folder-{tier}")
        add(folder, "title", name)
        for page in kit.tier(tier):
            if kit.address:
                _resource(folder, resources, page, "link", "imswl_xmlv1p1")
            _resource(folder, resources, page, "quiz", QUIZ)
    return root


def _string(parent: Element, words: str) -> None:
    add(parent, "lomimscc:string", words, language="en")


def _resource(
    folder: Element, resources: Element, page: PageKit, what: str, kind: str
) -> None:
    name = f"{what}-{page.name}"
    path = f"{'links' if what == 'link' else 'quizzes'}/{page.name}.xml"
    item = add(folder, "item", identifier=f"item-{name}", identifierref=name)
    add(item, "title", page.title if what == "link" else f"Questions on {page.title}")
    add(add(resources, "resource", identifier=name, type=kind), "file", href=path)


def _link(page: PageKit, kit: Kit) -> Element:
    root = Element("webLink", {"xmlns": LINK})
    add(root, "title", page.title)
    add(root, "url", href=kit.link(page))
    return root


def _quiz(page: PageKit) -> Element:
    root = Element("questestinterop", {"xmlns": QTI})
    quiz = add(root, "assessment", ident=page.name, title=f"Questions on {page.title}")
    _fields(quiz, cc_profile="cc.exam.v0p1", qmd_assessmenttype="Examination")
    section = add(quiz, "section", ident=f"{page.name}-section")
    for item in held(page):
        _item(section, item)
    return root


def _fields(parent: Element, **fields: str) -> None:
    data = add(parent, "qtimetadata")
    for label, entry in fields.items():
        field = add(data, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", entry)


def _words(parent: Element, html: str) -> None:
    add(add(parent, "material"), "mattext", html, texttype="text/html")


def _item(section: Element, item: Item) -> None:
    made = add(section, "item", ident=item.id, title=item.id)
    _fields(add(made, "itemmetadata"), cc_profile=_PROFILES[item.kind])
    shown = add(made, "presentation")
    _words(shown, asked(item))
    if item.options:
        many = "Multiple" if item.kind == "several" else "Single"
        lid = add(shown, "response_lid", ident="response", rcardinality=many)
        choices = add(lid, "render_choice", shuffle="Yes")
        for option in item.options:
            _words(
                add(choices, "response_label", ident=option.id),
                f"<p>{option.text.html}</p>",
            )
    else:
        said = add(shown, "response_str", ident="response", rcardinality="Single")
        add(add(said, "render_fib", prompt="Box"), "response_label", ident="answer")
    processing = add(made, "resprocessing")
    add(
        add(processing, "outcomes"),
        "decvar",
        maxvalue="100",
        minvalue="0",
        varname="SCORE",
        vartype="Decimal",
    )
    for option in item.options:
        _says(processing, option)
    if item.why:
        condition = add(processing, "respcondition", continue_="Yes")
        add(add(condition, "conditionvar"), "other")
        add(condition, "displayfeedback", feedbacktype="Response", linkrefid=_GENERAL)
    _scores(processing, item)
    for name, words in [(f"{o.id}-why", o.why) for o in item.options] + (
        [(_GENERAL, item.why)] if item.why else []
    ):
        feedback = add(made, "itemfeedback", ident=name)
        _words(add(feedback, "flow_mat"), f"<p>{words.html}</p>")


def _says(processing: Element, option: Option) -> None:
    """Whoever chooses an option is told why it is right or not."""
    condition = add(processing, "respcondition", continue_="Yes")
    add(add(condition, "conditionvar"), "varequal", option.id, respident="response")
    add(
        condition,
        "displayfeedback",
        feedbacktype="Response",
        linkrefid=f"{option.id}-why",
    )


def _scores(processing: Element, item: Item) -> None:
    condition = add(processing, "respcondition", continue_="No")
    tests = add(condition, "conditionvar")
    if item.kind == "several":
        every = add(tests, "and")
        for option in item.options:
            parent = every if option.right else add(every, "not")
            add(parent, "varequal", option.id, respident="response")
    for word in item.accept:
        add(tests, "varequal", word, respident="response", case="No")
    if item.kind == "one":
        add(tests, "varequal", item.rights[0].id, respident="response")
    add(condition, "setvar", "100", action="Set", varname="SCORE")
