"""The exports of the bank: what is in them, read back by code that did not write them where there is such code.

    Anki            the official package `anki` imports the deck, twice
    Moodle          moodle_xml_parser reads the choices; numbers and words by Moodle's documented elements
    QTI 2.1         qti_convert rewrites the package as QTI 3, and the answers are read from that
    Canvas, cartridge   lxml, by the structure that the format documents: no reader of them is on the registries

The small book of banked.py has an item of each kind and every awkward character; the bank as it is is exported once.
"""

import io
import json
import re
import sqlite3
import zipfile
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from lxml import etree, html

import banked
import graders
from press import bank, pages
from tools.shelf import canvas, cards, cartridge, moodle, paper, qti21
from tools.shelf.__main__ import every, main
from tools.shelf.kit import Kit, archive, kit

ADDRESS = "https://example.org/book/"
MAKERS = (canvas, moodle, cartridge, qti21, cards, paper)
TOP = (
    *("canvas.zip", "moodle.xml", "book.imscc", "qti21.zip", "serms.apkg"),
    "paper.zip",
)


@pytest.fixture(scope="module")
def one_page(tmp_path_factory):
    """The small book as a Kit."""
    return kit(banked.book(tmp_path_factory.mktemp("small")), ADDRESS)


@pytest.fixture(scope="module")
def shelf(one_page):
    """Its exports: {path: bytes}."""
    return every(one_page)


def members(data: bytes) -> dict[str, bytes]:
    """{name: content} of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def words(markup: str) -> str:
    """HTML as a browser shows its words."""
    apart = markup.replace("</p>", "</p> ")
    return " ".join(html.fromstring(f"<div>{apart}</div>").text_content().split())


def plain(text: bank.Text) -> str:
    return words(text.html)


def new(one_page) -> dict[str, bank.Item]:
    """The new items of the small book by kind."""
    return {item.kind: item for item in one_page.items if not item.own}


# All formats.


@pytest.mark.parametrize(
    "maker", MAKERS, ids=lambda maker: maker.__name__.split(".")[-1]
)
def test_the_same_bytes_twice(one_page, shelf, maker):
    again = maker.make(one_page)
    assert again
    for name, data in again.items():
        assert data == shelf[name], name


def contents(name: str, files: dict[str, bytes]) -> list[str]:
    """The texts of an export: itself, or what its zip holds."""
    data = files[name]
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return [data.decode()]
    found = []
    for member, held in members(data).items():
        if member != "collection.anki2":
            found.append(held.decode())
        else:
            found.append("\n".join(fields for fields, _, _ in notes(held)))
    return found


def ids(name: str, files: dict[str, bytes]) -> list[str]:
    """The ids of the questions of an export, by the place where each format has them."""
    data = files[name]
    if name == "moodle.xml":
        root = etree.fromstring(data)
        return root.xpath("question[@type!='category']/idnumber/text()")
    if name == "serms.apkg":
        return [
            fields.split("\x1f")[0]
            for fields, _, _ in notes(members(data)["collection.anki2"])
        ]
    if name == "paper.zip":
        sheets = [
            held.decode()
            for member, held in members(data).items()
            if member.endswith(".html") and "-key" not in member
        ]
        return re.findall(r'<span class="id">([^<]+)</span>', "".join(sheets))
    found = []
    for member, held in members(data).items():
        if member.endswith(".xml") and not member.startswith(("imsmanifest", "tests/")):
            root = etree.fromstring(held)
            found += root.xpath("//*[local-name()='item']/@title")
            if etree.QName(root).localname == "assessmentItem":
                found.append(root.get("identifier"))
    return found


def loose_ids(name: str, made: Kit, files: dict[str, bytes]) -> list[str]:
    """Ids of an export that are not those of the bank, in their order; a cartridge has no numeric questions."""
    wanted = [
        item.id
        for item in made.items
        if not (name == "book.imscc" and item.kind == "number")
    ]
    found = ids(name, files)
    return [] if found == wanted else sorted({*found} ^ {*wanted}) or found


#: What may not be left in an export: roles, backticks, TeX, paths of a machine, what is loaded from elsewhere.
LEFT = re.compile(
    r"\{(?:fact|given|compare|term|cite)|`|\ufffc|\\[a-z]+|/home/|/tmp/|/root/|file:"
    r"|<(?:script|img|iframe|link)\b|\bsrc=|@import|url\("
)


def left(name: str, files: dict[str, bytes]) -> list[str]:
    """What should not be in the texts of an export."""
    return [found[0] for text in contents(name, files) for found in LEFT.finditer(text)]


def harmful(data: bytes) -> list[str]:
    """Names of a zip that leave it, stand there twice or carry a day."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        entries = zipped.infolist()
    names = [entry.filename for entry in entries]
    return [
        entry.filename
        for entry in entries
        if not re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)*/?", entry.filename)
        or ".." in entry.filename
        or names.count(entry.filename) > 1
        or entry.date_time != (1980, 1, 1, 0, 0, 0)
    ]


def odd_fractions(data: bytes) -> list[str]:
    """Questions of Moodle whose right options do not add up to 100, or whose shares Moodle does not know.

    Of several, ticking everything earns nothing.
    """
    known, found = {0, 100, 50, 33.33333, 25, 20}, []
    for question in etree.fromstring(data).xpath("question[@type!='category']"):
        shares = [float(each.get("fraction")) for each in question.iter("answer")]
        if question.get("type") != "multichoice":
            good = set(shares) == {100}
        else:
            good = {abs(share) for share in shares} <= known
            good &= abs(sum(s for s in shares if s > 0) - 100) < 1e-4
            if question.findtext("single") == "false":
                good &= abs(sum(shares)) < 1e-4
        if not good:
            found.append(question.findtext("idnumber"))
    return found


@pytest.mark.parametrize("name", TOP)
def test_an_export_of_the_small_book(one_page, shelf, name):
    """Each id once and in its order, no markup left, harmless names, fractions that add up."""
    assert loose_ids(name, one_page, shelf) == []
    assert left(name, shelf) == []
    if name == "moodle.xml":
        assert odd_fractions(shelf[name]) == []
    else:
        assert harmful(shelf[name]) == []


@pytest.mark.slow
def test_every_export_of_the_bank_as_it_is():
    made = kit(address=ADDRESS)
    files = every(made)
    faults = {
        name: [
            *loose_ids(name, made, files),
            *left(name, files),
            *([] if name == "moodle.xml" else harmful(files[name])),
        ]
        for name in TOP
    }
    assert faults == {name: [] for name in TOP}
    assert odd_fractions(files["moodle.xml"]) == []
    assert len(whole_quizzes(files["canvas.zip"])) == len(made.pages)


def whole_quizzes(data: bytes) -> list[str]:
    """The quizzes that the manifest of a package for Canvas names, whose files are those that are there."""
    files = members(data)
    root = bare(files["imsmanifest.xml"])
    named = root.xpath("//file/@href")
    assert sorted([*named, "imsmanifest.xml", "non_cc_assessments/"]) == sorted(files)
    known = root.xpath("//resource/@identifier")
    assert len(set(known)) == len(known)
    assert set(root.xpath("//dependency/@identifierref")) < set(known)
    assert "Private" not in files["imsmanifest.xml"].decode()
    return root.xpath("//resource[dependency]/@identifier")


@pytest.mark.parametrize("name", ["../x", "/x", "a\\b", "a//b", "", "a b"])
def test_an_archive_refuses_a_name_that_leaves_it(name):
    with pytest.raises(ValueError, match="plain path"):
        archive({name: b""})


def test_each_download_says_licence_version_and_day(one_page, shelf):
    for name in TOP:
        if name == "serms.apkg":
            text = members(shelf[name])["collection.anki2"].decode(errors="replace")
        else:
            text = "\n".join(contents(name, shelf))
        assert "CC BY 4.0" in text, name
        assert one_page.version in text, name
        assert "evidence checked to" in text, name


def test_a_changed_row_changes_every_export(tmp_path, monkeypatch, shelf):
    banked.changed(tmp_path, monkeypatch, banked.GAIN, "1.28", "1.48")
    root = banked.book(tmp_path)
    again = every(kit(root, ADDRESS))
    assert {"canvas.zip", "moodle.xml", "qti21.zip", "serms.apkg", "paper.zip"} <= {
        name for name in again if again[name] != shelf[name]
    }
    key = again[f"paper/{banked.PLACE}-key.html"].decode()
    assert "2.8 percentage points (2.7 to 2.9 counts as right)" in key
    assert "2.6 percentage points" not in key
    answer = etree.fromstring(again["moodle.xml"]).xpath(
        "//question[idnumber='density-a-b2']/answer/text/text()"
    )
    assert answer == ["2.8"]


# What a platform makes of each answer.


def responses(item: bank.Item):
    """(what is given, whether it is right): every choice there is; numbers at the edges of what counts and beyond; words."""
    if item.number:
        middle, low, high = item.number.value, item.number.low, item.number.high
        step = (high - low) / 50
        for number in (middle, low, high, low - step, high + step, -middle):
            yield [str(number)], low <= number <= high
    elif item.accept:
        for word in item.accept:
            yield [word], True
            yield [word.upper()], True
        yield ["something else"], False
    else:
        places = range(len(item.options))
        most = len(places) if item.kind == "several" else 1
        for count in range(1, most + 1):
            for chosen in combinations(places, count):
                rights = [n for n in places if item.options[n].right]
                yield list(chosen), list(chosen) == rights


def chosen(item: bank.Item, given: list, names) -> list:
    """A response in the words of a format: the names of the options that were chosen."""
    return [names[each] for each in given] if item.options else given


def test_each_answer_is_marked_as_it_should_be(one_page, shelf):
    """Not what stands in the files, but what comes of it: points and explanations of every answer that can be given."""
    canvas_ = canvas_items(shelf["canvas.zip"])
    quiz = bare(members(shelf["book.imscc"])["quizzes/academic-density.xml"])
    held = {node.get("ident"): node for node in quiz.iter("item")}
    qti = members(shelf["qti21.zip"])
    root = etree.fromstring(shelf["moodle.xml"])
    tried = 0
    for item in one_page.items:
        letters = [option.letter for option in item.options]
        ids_ = [option.id for option in item.options]
        own = [f"text2qti_choice_{id_}" for id_ in ids_]
        moodle_ = root.find(f"question[idnumber='{item.id}']")
        markers = [
            (graders.of_qti21(bare(qti[f"items/{item.id}.xml"])), letters, letters),
            (graders.of_qti12(canvas_[item.id]), own, [f"{each}_fb" for each in own]),
            (graders.of_moodle(moodle_), range(9), None),
        ]
        if item.kind != "number":
            whys = [f"{id_}-why" for id_ in ids_]
            markers.append((graders.of_qti12(held[item.id]), ids_, whys))
        for given, right in responses(item):
            for mark, names, whys in markers:
                made = mark(chosen(item, given, names))
                assert (made.score >= 1 - 1e-6) == right, (item.id, given, made)
                if not right and item.kind != "several":
                    assert made.score == 0
                if whys is not None:
                    general = {"why"} if names is letters else {"general_fb"}
                    wanted = {whys[each] for each in given} if item.options else general
                    assert made.told == wanted, (item.id, given, made)
                tried += 1
    assert tried > 150


def test_a_choice_of_several_is_shown_as_one(one_page, shelf):
    """A platform that is told of one answer shows buttons of which one can be pressed; Canvas knows the kinds by name."""
    kinds = {
        "one": "multiple_choice_question",
        "several": "multiple_answers_question",
        "number": "numerical_question",
        "words": "short_answer_question",
    }
    found = canvas_items(shelf["canvas.zip"])
    for item in one_page.items:
        told = dict(
            zip(
                found[item.id].xpath(".//fieldlabel/text()"),
                found[item.id].xpath(".//fieldentry/text()"),
                strict=True,
            )
        )
        assert told["question_type"] == kinds[item.kind]
        assert float(told["points_possible"]) == 1


# Canvas.


def canvas_items(data: bytes) -> dict[str, etree._Element]:
    """{title: item} of a package for Canvas, without namespaces."""
    found = {}
    for name, held in members(data).items():
        if name.endswith(".xml") and "meta" not in name and "manifest" not in name:
            root = bare(held)
            found |= {item.get("title"): item for item in root.iter("item")}
    return found


def bare(data: bytes) -> etree._Element:
    """A document whose names have no namespace."""
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def test_canvas_has_the_words_and_the_right_answers(one_page, shelf):
    found = canvas_items(shelf["canvas.zip"])
    for item in one_page.items:
        node = found[item.id]
        asked = words(node.findtext("presentation/material/mattext"))
        assert asked == f"{plain(item.ask)} {item.how}".strip()
        labels = node.findall(".//response_label[@ident]")
        if item.options:
            assert [each.get("ident") for each in labels] == [
                f"text2qti_choice_{option.id}" for option in item.options
            ]
            said = [words(each.findtext("material/mattext")) for each in labels]
            assert said == [plain(option.text) for option in item.options]
        for option in item.options:
            feedback = node.find(
                f"itemfeedback[@ident='text2qti_choice_{option.id}_fb']"
            )
            assert words("".join(feedback.itertext())) == plain(option.why)
        if item.why:
            feedback = node.find("itemfeedback[@ident='general_fb']")
            assert words("".join(feedback.itertext())) == plain(item.why)
        scored = node.xpath(".//respcondition[setvar]")
        assert len(scored) == 1
        right = scored[0].xpath("conditionvar//varequal[not(parent::not)]/text()")
        if item.number:
            assert float(right[0]) == float(item.number.value)
            assert float(scored[0].findtext(".//vargte")) == float(item.number.low)
            assert float(scored[0].findtext(".//varlte")) == float(item.number.high)
        elif item.options:
            assert right == [f"text2qti_choice_{each.id}" for each in item.rights]
        else:
            assert right == list(item.accept)


def test_a_mended_question_keeps_its_id_in_canvas(tmp_path, shelf):
    """text2qti's own ids are made from the words."""
    fields = banked.teach()
    fields["bank"][0]["ask"] = "Is it enough, as asked in other words?"
    mended = canvas.make(kit(banked.book(tmp_path, fields)))["canvas.zip"]
    before, after = (
        [item.get("ident") for item in canvas_items(data).values()]
        for data in (shelf["canvas.zip"], mended)
    )
    assert before == after
    assert "text2qti_question_density-a-b1" in after


def test_the_manifest_of_canvas_names_its_files(one_page, shelf):
    assert whole_quizzes(shelf["canvas.zip"]) == [
        "text2qti_assessment_academic-density"
    ]
    text = members(shelf["canvas.zip"])["imsmanifest.xml"].decode()
    assert text.count(one_page.title) == 1
    assert "text2qti<" not in text


def test_canvas_has_a_package_for_each_page(one_page, shelf):
    (page,) = one_page.pages
    assert set(canvas_items(shelf[f"canvas/{page.name}.zip"])) == {
        item.id for item in page.items
    }


# Moodle.


def test_moodle_choices_by_another_reader(one_page, shelf):
    from moodle_xml_parser import parser

    read = parser.parse_bytes(shelf["moodle.xml"])
    found = {question.name: question for question in read["multichoice"]}
    wanted = [item for item in one_page.items if item.options]
    assert list(found) == [item.id for item in wanted]
    for item in wanted:
        question = found[item.id]
        assert question.single == (item.kind == "one")
        assert words(question.text_pre_parse) == f"{plain(item.ask)} {item.how}".strip()
        for option, given in zip(item.options, question.options, strict=True):
            assert words(given.answer) == plain(option.text)
            assert words(given.feedback) == plain(option.why)
            assert (given.score_fraction > 0) == option.right


def test_moodle_numbers_words_and_tags(one_page, shelf):
    root = etree.fromstring(shelf["moodle.xml"])
    by_kind = new(one_page)
    number = root.find("question[idnumber='density-a-b2']")
    assert number.get("type") == "numerical"
    assert number.findtext("answer/text") == "2.6"
    assert number.findtext("answer/tolerance") == "0.1"
    assert "in percentage points" in number.findtext("questiontext/text")
    assert words(number.findtext("generalfeedback/text")) == plain(
        by_kind["number"].why
    )
    said = root.find("question[idnumber='density-a-b3']")
    assert said.get("type") == "shortanswer"
    assert [each.findtext("text") for each in said.iter("answer")] == [
        "placebo",
        "a placebo",
    ]
    several = root.find("question[idnumber='density-a-b4']")
    assert several.xpath("tags/tag/text/text()") == [
        *("academic", "density", "apply"),
        *("academic-density objective 1", "academic-density objective 4"),
    ]
    category = root.find("question[@type='category']")
    assert category.findtext("idnumber") == "academic-density"
    assert category.findtext("category/text").startswith("$course$/top/")


# Common Cartridge.


def test_the_cartridge_has_no_numeric_question_and_says_so(shelf):
    files = members(shelf["book.imscc"])
    quiz = bare(files["quizzes/academic-density.xml"])
    profiles = quiz.xpath(
        "//qtimetadatafield[fieldlabel='cc_profile']/fieldentry/text()"
    )
    assert set(profiles) == {
        "cc.exam.v0p1",
        "cc.multiple_choice.v0p1",
        "cc.multiple_response.v0p1",
        "cc.fib.v0p1",
    }
    assert not quiz.xpath("//vargte | //varlte | //*[@fibtype]")
    assert "density-a-b2" not in files["quizzes/academic-density.xml"].decode()
    assert "1 numeric questions are left out" in files["imsmanifest.xml"].decode()


def test_the_cartridge_has_the_right_answers_and_the_words(one_page, shelf):
    quiz = bare(members(shelf["book.imscc"])["quizzes/academic-density.xml"])
    found = {node.get("ident"): node for node in quiz.iter("item")}
    for item in one_page.items:
        if item.kind == "number":
            continue
        node = found[item.id]
        asked = words(node.findtext("presentation/material/mattext"))
        assert asked == f"{plain(item.ask)} {item.how}".strip()
        scored = node.xpath(".//respcondition[setvar=100]//varequal[not(parent::not)]")
        right = [option.id for option in item.rights] or list(item.accept)
        assert [each.text for each in scored] == right
        told = {
            each.get("ident"): words("".join(each.itertext()))
            for each in node.iter("itemfeedback")
        }
        whys = {f"{option.id}-why": plain(option.why) for option in item.options}
        assert told == (whys or {"general_fb": plain(item.why)})
        assert set(node.xpath(".//displayfeedback/@linkrefid")) == set(told)


def test_the_cartridge_links_to_the_pages(shelf):
    files = members(shelf["book.imscc"])
    root = bare(files["imsmanifest.xml"])
    assert sorted(root.xpath("//file/@href")) == sorted(
        set(files) - {"imsmanifest.xml"}
    )
    assert set(root.xpath("//item/@identifierref")) == set(
        root.xpath("//resource/@identifier")
    )
    link = bare(files["links/academic-density.xml"])
    assert link.find("url").get("href") == f"{ADDRESS}book/academic/density.html"


def test_a_cartridge_without_an_address_says_so(tmp_path):
    made = kit(banked.book(tmp_path))
    files = members(cartridge.make(made)["book.imscc"])
    assert not [name for name in files if name.startswith("links/")]
    assert "not linked" in files["imsmanifest.xml"].decode()


# QTI 2.1.


def test_qti_21_by_another_reader(one_page, shelf):
    """Rewritten as QTI 3 by a converter that knows the format; the right answers and the words are read from that."""
    import qti_convert

    read = qti_convert.read_package(shelf["qti21.zip"])
    files = qti_convert.upgrade_package_files(read).files
    for item in one_page.items:
        root = bare(files[f"items/{item.id}.xml"].encode())
        assert root.get("identifier") == item.id
        right = root.xpath("qti-response-declaration/qti-correct-response/*/text()")
        if item.options:
            assert right == [option.letter for option in item.rights]
            said = root.iter("qti-simple-choice")
            assert ["".join(each.itertext()) for each in said] == [
                plain(option.text) for option in item.options
            ]
            whys = [option.why for option in item.options]
        else:
            wanted = item.accept[0] if item.accept else str(item.number.value)
            assert right == [wanted]
            whys = [item.why]
        told = root.iter("qti-modal-feedback")
        assert [words("".join(each.itertext())) for each in told] == list(
            map(plain, whys)
        )
        body = words("".join(root.find("qti-item-body").itertext()))
        assert body.startswith(plain(item.ask))


def test_qti_21_scores_a_number_within_its_tolerance(shelf):
    root = bare(members(shelf["qti21.zip"])["items/density-a-b2.xml"])
    equal = root.find(".//responseIf/equal")
    assert (equal.get("toleranceMode"), equal.get("tolerance")) == (
        "absolute",
        "0.1 0.1",
    )


def test_the_tests_and_the_manifest_of_qti_21_name_the_items(one_page, shelf):
    files = members(shelf["qti21.zip"])
    test = bare(files["tests/academic-density.xml"])
    assert test.xpath("//assessmentItemRef/@href") == [
        f"../items/{item.id}.xml" for item in one_page.items
    ]
    manifest_ = bare(files["imsmanifest.xml"])
    assert sorted(manifest_.xpath("//file/@href")) == sorted(
        set(files) - {"imsmanifest.xml"}
    )


# Anki.


def notes(database: bytes) -> list[tuple[str, str, str]]:
    """(fields, tags, guid) of each note of a collection."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database)
    return connection.execute("select flds, tags, guid from notes").fetchall()


def test_anki_takes_the_deck_once(tmp_path, one_page, shelf):
    """The official importer: all new, then all known; a card that was mended is changed and no second one made."""
    from anki.collection import (
        Collection,
        ImportAnkiPackageOptions,
        ImportAnkiPackageRequest,
    )

    collection = Collection(str(tmp_path / "collection.anki2"))

    def take(data: bytes):
        path = tmp_path / "deck.apkg"
        path.write_bytes(data)
        options = ImportAnkiPackageOptions(with_scheduling=False, merge_notetypes=True)
        request = ImportAnkiPackageRequest(package_path=str(path), options=options)
        log = collection.import_anki_package(request).log
        return len(log.new), len(log.updated), len(log.duplicate)

    try:
        count = len(one_page.items)
        assert take(shelf["serms.apkg"]) == (count, 0, 0)
        assert take(shelf["serms.apkg"]) == (0, 0, count)
        (known,) = collection.find_cards("Id:density-a-b3")
        learned = collection.get_card(known)
        learned.type, learned.queue, learned.ivl, learned.reps = 2, 2, 30, 4
        collection.update_card(learned)
        fields = banked.teach()
        fields["bank"][2]["why"] = "It was mended."
        made = kit(banked.book(tmp_path / "mended", fields))
        # Anki takes a card for mended when its day is later
        made = replace(made, checked=made.checked + timedelta(days=1))
        assert take(cards.make(made)["serms.apkg"]) == (0, count, 0)
        assert collection.note_count() == count
        (note,) = collection.find_notes("Id:density-a-b3")
        assert "It was mended." in collection.get_note(note)["Answer"]
        (card,) = collection.get_note(note).cards()
        assert (card.id, card.ivl, card.reps) == (known, 30, 4)
        assert "placebo or a placebo" in card.answer()
        assert words(card.question()).endswith("Answer in one or two words.")
    finally:
        collection.close()


def test_cards_have_the_answer_and_every_explanation(one_page, shelf):
    found = {
        fields.split("\x1f")[0]: (fields.split("\x1f"), tags)
        for fields, tags, _ in notes(members(shelf["serms.apkg"])["collection.anki2"])
    }
    for item in one_page.items:
        (_, front, back, *_), tags = found[item.id]
        assert words(back).startswith(item.answer)
        for text in [item.why, *(option.why for option in item.options)]:
            assert text is None or plain(text) in words(back)
        for option in item.options:
            assert plain(option.text) in words(front)
            mark = f"Right. {plain(option.why)}"
            assert (mark in words(back.replace("</strong>", "</strong> "))) == (
                option.right
            )
        assert "Right." not in words(front)
        assert (item.how in words(front)) and (not item.options or "<ol>" in front)
        aims = [f"academic-density-objective-{n}" for n in item.objectives]
        assert set(tags.split()) == {"academic", "density", item.level, *aims}


# Paper.


def test_a_worksheet_has_no_answers_and_a_key_has_all(one_page, shelf):
    sheet, key = (
        words(shelf[f"paper/{banked.PLACE}{end}.html"].decode().replace("<br>", " "))
        for end in ("", "-key")
    )
    for item in one_page.items:
        assert plain(item.ask) in sheet
        assert plain(item.ask) in key
        assert item.answer in key
        for why in filter(None, [item.why, *(option.why for option in item.options)]):
            assert plain(why) in key
            assert plain(why) not in sheet
        for option in item.options:
            belief = pages.MISCONCEPTIONS.get(option.because, "")
            told = f"{plain(option.text)} {plain(option.why)} {belief}".strip()
            assert told in key
            assert not belief or belief not in sheet
        aims = f"objective{'s' * (len(item.objectives) > 1)} {' and '.join(map(str, item.objectives))}"
        assert f"({item.level}; {aims})" in key
        assert item.how in sheet
    lines = shelf[f"paper/{banked.PLACE}.html"].decode().count('class="line"')
    assert lines == sum(not item.options for item in one_page.items)
    assert "2.6 percentage points" not in sheet
    for word in ("To discuss", "To do (15 minutes)", "Look for: That the placebo arm"):
        assert word in key
        assert word not in sheet


def test_the_markdown_says_the_same_as_the_html(one_page, shelf):
    """Line by line: objectives with their numbers, what is done in class, each question; in the key its answer, and why."""
    (page,) = [each for each in one_page.pages if each.place.path == banked.PLACE]
    for end in ("", "-key"):
        text = shelf[f"paper/{banked.PLACE}{end}.md"].decode()
        lines = text.splitlines()
        told = [f"{n}. {each.plain}" for n, each in enumerate(page.objectives, 1)]
        told += [f"- {each.plain}" for each in page.beside.discuss]
        told += [page.beside.do.plain, f"Look for: {page.beside.look_for.plain}"]
        told += [item.why.plain for item in page.items if item.why]
        assert [line for line in told if (line in lines) != bool(end)] == []
        for count, item in enumerate(page.items, 1):
            assert f"**{count}.** {item.ask.plain} ({item.id})" in lines
            aims = f"objective{'s' * (len(item.objectives) > 1)} {' and '.join(map(str, item.objectives))}"
            answer = f"**{item.answer}** ({item.level}; {aims})"
            assert (answer in lines) == bool(end)
            for option in item.options:
                asked = f"- {option.letter}) {option.text.plain}"
                belief = pages.MISCONCEPTIONS.get(option.because, "")
                why = f" {option.why.plain}{f' *{belief}*' * bool(belief)}"
                assert asked + why * bool(end) in lines
            assert end or item.how in lines
            assert end or item.options or "Answer: ____" in text


# The manifest and the command.


def test_the_manifest_lists_every_file(one_page, shelf):
    told = json.loads(shelf["manifest.json"])
    listed = {each["file"]: each for each in told["files"]}
    assert set(listed) == set(shelf) - {"MANIFEST.md", "manifest.json"}
    for name, each in listed.items():
        assert each["bytes"] == len(shelf[name])
    assert listed["book.imscc"]["questions"] == len(one_page.items) - 1
    assert told["questions"] == len(one_page.items)
    assert told["evidence_checked"] == one_page.checked.isoformat()
    text = shelf["MANIFEST.md"].decode()
    assert all(f"`{name}`" in text for name in listed)


def test_the_command_writes_and_replaces_its_folder(
    tmp_path, monkeypatch, one_page, capsys
):
    from tools.shelf import __main__ as command

    monkeypatch.setattr(command, "kit", lambda _root, _address: one_page)
    out = tmp_path / "out"
    assert main([str(out)]) == 0
    (out / "paper" / "old.html").write_text("of an earlier bank")
    assert main([str(out)]) == 0
    assert not (out / "paper" / "old.html").exists()
    assert (out / "moodle.xml").read_bytes().startswith(b"<?xml")
    assert f"{len(one_page.items)} questions" in capsys.readouterr().out


def test_a_folder_of_somebody_else_is_not_emptied(tmp_path, monkeypatch, one_page):
    from tools.shelf import __main__ as command

    monkeypatch.setattr(command, "kit", lambda _root, _address: one_page)
    (tmp_path / "thesis.txt").write_text("mine")
    assert main([str(tmp_path)]) == 0
    assert (tmp_path / "thesis.txt").read_text() == "mine"
