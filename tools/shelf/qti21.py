"""QTI 2.1, for platforms that take neither of the others: an item a file, a test a page, with a word on each option."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from press.bank import Item

from .kit import LICENSE, Kit, PageKit, add, archive, asked, xml

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/LOM"


def make(kit: Kit) -> dict[str, bytes]:
    """qti21.zip"""
    files = {"imsmanifest.xml": xml(_manifest(kit))}
    for page in kit.pages:
        files[_test_path(page)] = xml(_test(page))
        files |= {_item_path(item): xml(_item(item)) for item in page.items}
    return {"qti21.zip": archive(files)}


def _item_path(item: Item) -> str:
    return f"items/{item.id}.xml"


def _test_path(page: PageKit) -> str:
    return f"tests/{page.name}.xml"


def _root(tag: str, namespace: str, **attributes: str) -> Element:
    return Element(tag, {"xmlns": namespace, **attributes})


def _manifest(kit: Kit) -> Element:
    root = _root("manifest", CP, identifier="serms-and-bone-health")
    root.set("xmlns:lom", LOM)
    metadata = add(root, "metadata")
    add(metadata, "schema", "QTIv2.1 Package")
    add(metadata, "schemaversion", "1.0.0")
    lom = add(metadata, "lom:lom")
    general = add(lom, "lom:general")
    for tag, words in (("title", kit.title), ("description", kit.about)):
        add(add(general, f"lom:{tag}"), "lom:string", words, language="en")
    rights = add(add(lom, "lom:rights"), "lom:description")
    add(rights, "lom:string", LICENSE, language="en")
    add(root, "organizations")
    resources = add(root, "resources")
    for page in kit.pages:
        path = _test_path(page)
        kind = "imsqti_test_xmlv2p1"
        test = add(
            resources, "resource", identifier=f"test-{page.name}", type=kind, href=path
        )
        add(test, "file", href=path)
        for item in page.items:
            add(test, "dependency", identifierref=item.id)
    for item in kit.items:
        path = _item_path(item)
        kind = "imsqti_item_xmlv2p1"
        made = add(resources, "resource", identifier=item.id, type=kind, href=path)
        add(made, "file", href=path)
    return root


def _test(page: PageKit) -> Element:
    root = _root(
        "assessmentTest", QTI, identifier=f"test-{page.name}", title=page.title
    )
    part = add(
        root,
        "testPart",
        identifier="part",
        navigationMode="nonlinear",
        submissionMode="individual",
    )
    section = add(
        part,
        "assessmentSection",
        identifier="section",
        title=page.title,
        visible="true",
    )
    for item in page.items:
        add(
            section,
            "assessmentItemRef",
            identifier=item.id,
            href=f"../{_item_path(item)}",
        )
    return root


def _item(item: Item) -> Element:
    root = _root("assessmentItem", QTI, identifier=item.id, title=item.id)
    root.set("adaptive", "false")
    root.set("timeDependent", "false")
    many = "multiple" if item.kind == "several" else "single"
    kind = {"number": "float", "words": "string"}.get(item.kind, "identifier")
    declared = add(
        root,
        "responseDeclaration",
        identifier="RESPONSE",
        cardinality=many,
        baseType=kind,
    )
    right = add(declared, "correctResponse")
    for value in _rights(item):
        add(right, "value", value)
    if item.accept:
        mapping = add(declared, "mapping", defaultValue="0")
        for word in item.accept:
            add(
                mapping, "mapEntry", mapKey=word, mappedValue="1", caseSensitive="false"
            )
    score = add(root, "outcomeDeclaration", identifier="SCORE", cardinality="single")
    score.set("baseType", "float")
    add(add(score, "defaultValue"), "value", "0")
    said = add(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality=many)
    said.set("baseType", "identifier")
    _body(root, item)
    _processing(root, item)
    whys = [(option.letter, option.why) for option in item.options]
    for name, words in [*whys, *([("why", item.why)] if item.why else [])]:
        shown = add(root, "modalFeedback", outcomeIdentifier="FEEDBACK")
        shown.set("identifier", name)
        shown.set("showHide", "show")
        shown.append(_html(f"<p>{words.html}</p>"))
    return root


def _rights(item: Item) -> list[str]:
    if item.number:
        return [str(item.number.value)]
    return [option.letter for option in item.rights] or [item.accept[0]]


def _body(root: Element, item: Item) -> None:
    body = add(root, "itemBody")
    for paragraph in re.findall(r"<p>.*?</p>", asked(item)):
        body.append(_html(paragraph))
    if item.options:
        most = "0" if item.kind == "several" else "1"
        choice = add(body, "choiceInteraction", responseIdentifier="RESPONSE")
        choice.set("shuffle", "true")
        choice.set("maxChoices", most)
        for option in item.options:
            choice.append(_html(f"<simpleChoice>{option.text.html}</simpleChoice>"))
            choice[-1].set("identifier", option.letter)
    else:
        add(add(body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE")


def _processing(root: Element, item: Item) -> None:
    processing = add(root, "responseProcessing")
    if item.accept:
        score = add(processing, "setOutcomeValue", identifier="SCORE")
        add(score, "mapResponse", identifier="RESPONSE")
    else:
        when = add(add(processing, "responseCondition"), "responseIf")
        if item.number:
            within = str(item.number.tolerance)
            test = add(
                when, "equal", toleranceMode="absolute", tolerance=f"{within} {within}"
            )
        else:
            test = add(when, "match")
        add(test, "variable", identifier="RESPONSE")
        add(test, "correct", identifier="RESPONSE")
        score = add(when, "setOutcomeValue", identifier="SCORE")
        add(score, "baseValue", "1", baseType="float")
    said = add(processing, "setOutcomeValue", identifier="FEEDBACK")
    if item.options:
        add(said, "variable", identifier="RESPONSE")
    else:
        add(said, "baseValue", "why", baseType="identifier")


def _html(words: str) -> Element:
    """Well-formed HTML as elements, which QTI knows by the same names."""
    return ElementTree.fromstring(words)
