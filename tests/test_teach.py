"""The pages for instructors: what stands in teach/, the minutes that are added up, the pages drawn from it, a book of fewer threads."""

import re
import shutil
from datetime import date

import pytest
import yaml

from helpers import ROOT, THREADS, nothing
from press import contents, myst, pages, rendered, teach
from press.pages import PageError
from tools import choose, reading

TEACH = ["index", "cards", "syllabi", "stations", "competencies", "adopt"]
SOLD = ("optimal", "unlock", "holistic", "empower", "cutting-edge", "robust", "leverag")
FILES = ["syllabi", "stations", "cases", "competencies", "arrives"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What press.teach reads, once for all tests that change a part of it."""
    root = tmp_path_factory.mktemp("teach")
    for name in ("teach", "book"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "_toc.yml", root)
    return root


@pytest.fixture
def copy(folder):
    """`copy(name, change)` changes one file of teach/ and gives the folder; afterwards it is as it was."""
    before = {}

    def changed(name, change):
        file = folder / "teach" / f"{name}.yml"
        before[file] = file.read_text(encoding="utf-8")
        found = yaml.safe_load(before[file])
        change(found)
        file.write_text(yaml.safe_dump(found, sort_keys=False), encoding="utf-8")
        return folder

    yield changed
    for file, text in before.items():
        file.write_text(text, encoding="utf-8")


def test_nothing_is_wrong_and_nothing_is_left_out():
    nothing(teach.faults())
    assert teach.left_out() == []


def test_every_page_has_a_card_with_prompts_and_an_activity():
    cards = [teach.card(place) for place in pages.written()]
    assert [f"book/{each.place.path}" for each in cards] == THREADS
    for each in cards:
        assert len(each.told["discuss"]) == 3 and each.told["bank"], each.place.path
        assert all(each.items(n) for n in range(1, len(each.side["objectives"]) + 1)), (
            f"{each.place.path}: an objective that no question tests"
        )
        assert each.misconceptions[0].count >= each.misconceptions[-1].count
        wrong = [
            option
            for question in each.questions
            for option in question.get("options", [])
            if not option.get("right")
        ]
        assert sum(found.count for found in each.misconceptions) == len(wrong)


def test_minutes_are_added_up_from_the_files(copy):
    """Nobody types them: another activity, another page, and the session is longer."""
    (session,) = teach.syllabi()[0]["sessions"]
    step = next(step for step in session["class"] if step["part"] == "activity")
    before = teach.minutes(step)
    page = step["page"]

    def longer(found):
        found["activity"]["minutes"] += 7

    root = copy(page, longer)
    assert teach.minutes(step, root) == before + 7
    with pytest.raises(PageError, match=r"fifty, session 1, class: its steps take \d+"):
        teach.syllabi(root)
    side = root / f"book/{page}.yml"
    text = side.read_text(encoding="utf-8")
    side.write_text(re.sub(r"minutes: (\d+)", "minutes: 99", text, count=1), "utf-8")
    read = teach.reading([page], root)
    side.write_text(text, "utf-8")
    assert read == 99


def test_no_minutes_are_typed_in_the_syllabi():
    text = (ROOT / "teach/syllabi.yml").read_text(encoding="utf-8")
    assert not re.search(r"minutes:", text)
    assert not re.search(
        r"(?<!of )\b\d+ minutes", re.sub(r"(?m)^#.*$|title:.*", "", text)
    )


def test_a_misspelled_page_is_left_out_and_named(copy):
    """It looks like a thread that the book does not have; the first test of this file fails for it."""
    root = copy(
        "syllabi", lambda e: e[0]["sessions"][0].update(before=["intermediate/bones"])
    )
    (told,) = teach.left_out(root)
    assert (
        told == "teach/syllabi.yml, fifty: 1 sessions, which need intermediate/bones."
    )


# (file, what somebody may do to its first entry, what is told)
SLIPS = {
    "a page that is none": (
        "syllabi",
        lambda e: e["sessions"][0].update(before=["fundamentals/start"]),
        "fifty, session 1, before: 'fundamentals/start' is no page of a thread",
    ),
    "a page that nobody has read": (
        "syllabi",
        lambda e: e["sessions"][0]["class"][1].update(page="academic/receptors"),
        "fifty, session 1, explain: academic/receptors stands in no `before:`",
    ),
    "a section that tells nothing": (
        "stations",
        lambda e: e["marks"][0].update(rests="fundamentals/taking#Check yourself"),
        "marks 1, rests: fundamentals/taking#Check yourself: this section tells nothing",
    ),
    "points of which one gives less": (
        "cases",
        lambda e: e["rubric"][0].update(points=1),
        "grandchild, rubric: each of its points gives as much as the others",
    ),
    "a part that is none": (
        "syllabi",
        lambda e: e["sessions"][0]["class"][0].update(part="lecture"),
        "its part is one of open, explain",
    ),
    "a station that is none": (
        "syllabi",
        lambda e: e["sessions"][0]["class"].append(
            {"part": "station", "station": "old-prescription"}
        ),
        "there is no 'old-prescription'",
    ),
    "a section that was renamed": (
        "stations",
        lambda e: e["marks"][0].update(rests="fundamentals/taking#Who may not take it"),
        "fundamentals/taking has no section 'Who may not take it'; it has How and when",
    ),
    "a point without a page": (
        "stations",
        lambda e: e["marks"][0].pop("rests"),
        "marks 1, rests: it is missing",
    ),
    "points that are words": (
        "stations",
        lambda e: e["marks"][0].update(points="three"),
        "marks 1, points: a whole number",
    ),
    "a misspelled field": (
        "stations",
        lambda e: e["woman"].update(hiden="x"),
        "woman, hiden: no such field",
    ),
    "a case in two places": (
        "cases",
        lambda e: e.update(text="Another woman."),
        "grandchild, text: the case itself, or `page:`",
    ),
    "an objective that is none": (
        "competencies",
        lambda e: e["items"][0]["meets"].update({"intermediate/bone": [9]}),
        "item 1, meets, intermediate/bone: numbers of its objectives, from 1 to 4",
    ),
    "a day that is words": (
        "competencies",
        lambda e: e.update(seen="today"),
        "seen: 'today' is no day",
    ),
    "another set of fields": (
        "arrives",
        lambda e: e.update(remark="x"),
        "its fields are",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_file_entry_field_and_reason(copy, slip):
    name, change, wanted = SLIPS[slip]
    root = copy(name, lambda found: change(found[0]))
    read = {"competencies": "frameworks"}.get(name, name)
    with pytest.raises(PageError) as told:
        getattr(teach, read)(root)
    assert f"teach/{name}.yml" in str(told.value) and wanted in str(told.value)


def numbers_told(name, change):
    """The faults of the numbers of the first entry of a file, once it was changed."""
    entry = yaml.safe_load((ROOT / f"teach/{name}.yml").read_text("utf-8"))[0]
    change(entry)
    return "\n".join(teach.number_faults(name, entry))


def test_a_number_of_a_station_is_that_of_its_row_and_stands_on_its_pages():
    def mark(text):
        return lambda entry: entry["marks"][5].update(point=text)

    row = "derived-more-vfx-3y-novfx-diff"
    right = f"Says {{fact}}`24 fewer out of 1,000 <{row}>`."
    assert numbers_told("stations", mark(right)) == ""
    wrong = numbers_told("stations", mark(right.replace("24", "42")))
    assert row in wrong and "42" in wrong
    assert "has no source" in numbers_told("stations", mark("Says 24 fewer."))
    other = "Says {fact}`lost 17.3 % <gnant2007-ana-36>`."
    told = numbers_told("stations", mark(other))
    assert "stands on none of the pages that the entry names" in told

    def moved(entry):
        mark(right)(entry)
        entry["marks"][5]["rests"] = "fundamentals/start#What harm it can do"

    assert "does not stand in fundamentals/start#What harm it can do" in numbers_told(
        "stations", moved
    )


def test_stations_and_cases_have_what_an_examiner_needs():
    stations, cases = teach.stations(), teach.cases()
    assert len(stations) == 3 and len([c for c in cases if "text" in c]) == 3
    for each in stations:
        assert len(each["fails"]) >= 4 and len(each["teach_back"]) >= 3
        assert teach.points(each) >= 20
        signs = [m for m in each["marks"] if "Signs that need help" in str(m["rests"])]
        assert signs, f"{each['id']}: the signs of the box are in no point"


def test_no_framework_is_mapped_without_an_address_and_a_day():
    found = teach.frameworks()
    assert {each["profession"] for each in found} == set(teach.PROFESSIONS)
    for each in found:
        assert each["where"].startswith("https://")
        assert each["seen"] <= date.today()
        assert each["items"] and all(item["meets"] for item in each["items"])
    page = myst.read(ROOT / "book/teach/competencies.md", "competencies.md").text
    assert "This map is ours" in page


def entries():
    """Every text of teach/ that these pages show, with where it stands."""
    for name in FILES:
        for entry in teach._read(name, ROOT):
            yield f"teach/{name}.yml", " ".join(map(str, teach.words(entry)))


def test_words():
    """No em-dash, no word of marketing, no first page that promises a review."""
    texts = [*entries()] + [
        (f"book/teach/{name}.md", (ROOT / f"book/teach/{name}.md").read_text("utf-8"))
        for name in TEACH
    ]
    for where, text in texts:
        assert "\u2014" not in text, where
        found = [word for word in SOLD if re.search(rf"\b{word}", text.lower())]
        assert found == [], f"{where}: {found}"
    index = dict(texts)["book/teach/index.md"]
    assert "Nobody with a clinical license has reviewed it" in index
    assert "CLINICAL-REVIEW.md" in index and (ROOT / "CLINICAL-REVIEW.md").exists()


@pytest.mark.parametrize("name", TEACH)
def test_reading_level(name):
    page = myst.read(ROOT / f"book/teach/{name}.md", name)
    assert reading.grade(page) <= 12


def test_the_search_passes_over_what_is_for_instructors():
    """A misconception or a played worry, cut out as an excerpt, would be told as true."""
    html = '<main><section id="a"><h2>A</h2><p>Kept.</p><div class="bb-teach"><p>Gone.</p></div></section></main>'
    told = " ".join(section.text for section in rendered.read(html).sections)
    assert "Kept." in told and "Gone." not in told


@pytest.fixture(scope="module")
def chosen(tmp_path_factory):
    """A book of four threads, made by tools.choose."""
    root = tmp_path_factory.mktemp("chosen")
    for name in ("book", "receipts", "teach"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "_toc.yml", root)
    choose.without(root, ["bone", "density", "fractures", "tissues"])
    return root


def test_a_book_of_fewer_threads_leaves_only_its_count_to_mend(chosen):
    rest = contents.faults(chosen)
    assert rest and all("there are four threads" in each for each in rest), rest


def test_a_book_of_fewer_threads_leaves_out_what_rests_on_the_others(chosen):
    told = "\n".join(teach.left_out(chosen))
    assert "teach/stations.yml, new-prescription: it rests on" in told
    assert [each["id"] for each in teach.syllabi(chosen)][0] == "fifty"
    for framework in teach.frameworks(chosen):
        for item in framework["items"]:
            assert all(teach.known(page, chosen) for page in item["meets"])


def test_an_unknown_thread_is_told(chosen):
    with pytest.raises(PageError, match="knees: no such thread; there are bone"):
        choose.without(chosen, ["knees"])


def test_instructors_pages_in_the_book(visit):
    """Slow: the cards are there, each with its link; the page is light."""
    page = visit("book/teach/cards")
    cards = page.locator("section[id^='card-']")
    assert cards.count() == len(THREADS)
    assert cards.first.locator("a.reference.internal").count() >= 1
    assert len(page.content()) < 400_000
    shown = page.locator("main").inner_text()
    assert "{fact}" not in shown and "`" not in shown


def test_pages_are_those_of_the_contents():
    assert [f"book/teach/{name}" for name in TEACH] == [
        page for page in pages.contents() if page.startswith("book/teach/")
    ]
