"""What the book's own directives draw, and what they say when a file is not as it should be."""

import copy
import json
import re
import shutil
from datetime import date

import pytest
import yaml

from bonebook import tables
from helpers import ROOT, SIDE, THREADS, build, told
from press import looked, pages


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_head(torture):
    """Number, three depths with the page's own marked and the unwritten one no link, minutes, what to read first, objectives."""
    nav = re.search(r'<nav[^>]*class="bb-depth".*?</nav>', torture, re.S)[0]
    assert "Intermediate 2.3 ·" in words(torture)
    assert re.search(r'<a aria-current="page"[^>]*>Intermediate 2.3</a>', nav)
    assert 'href="../fundamentals/density.html"' in nav
    assert (
        "Academic 3.3 (not yet written)" in words(nav) and "academic/density" not in nav
    )
    text = words(torture)
    assert "3 minutes to read" in text
    assert (
        re.search(r"Evidence checked to 20 November 2026", text)
        and 'href="../reference/how-we-looked.html"' in torture
    )  # its own day
    assert re.search(
        r'Worth reading first: <a [^>]*href="../fundamentals/density.html"', torture
    )
    assert "(Fundamentals 1.1, not yet written)" in text
    assert "You will be able to" in text


def test_boxes(torture):
    box = re.search(r'<div class="[^"]*bb-sure-very-low.*?</div>', torture, re.S)[0]
    assert "How sure are we?" in box and "Very low certainty" in box
    assert re.search(r'<span aria-hidden="true" class="bb-marks">●○○○</span>', box)
    assert "bb-breath" in torture and "bb-take" in torture


def test_box_of_several_outcomes(small):
    """A line for each outcome with its own dots, why below it, the rest of the box after them, and no level for the whole."""
    html = (small[1] / "book/intermediate/tissues.html").read_text(encoding="utf-8")
    box = re.search(r'<div class="[^"]*bb-sure-mixed.*?</div>', html, re.S)[0]
    assert re.findall(r'class="bb-marks">(.*?)</span>', box) == ["●●●●", "●○○○"]
    text = words(box)
    assert "How sure are we? breaks on film: High certainty ●●●●" in text
    assert "Three trials agree" in text and "Very low certainty" in text
    assert text.rstrip().endswith("A trial could change this.")
    closing = (small[1] / "book/intermediate/reflection.html").read_text(
        encoding="utf-8"
    )
    assert "breaks on film: High certainty ●●●●" in words(closing)


GRADED = "- **a**: high. Why\n  it is.\n- **b**: very low. Why."


def test_grades():
    sure = pages.how_sure("", f"{GRADED}\n\nWhat would change it.")
    assert sure.grades == (
        pages.Grade("a", "high", "Why it is."),
        pages.Grade("b", "very low", "Why."),
    )
    assert sure.rest == "What would change it." and sure.skipped == 3
    assert pages.how_sure("low", "Why.").grades == (pages.Grade("", "low", ""),)


@pytest.mark.parametrize(
    "argument, body, told",
    [
        ("", "Why.", "takes one of high, moderate, low, very low, not ''"),
        ("low", "", "is empty"),
        ("low", GRADED, "contradict each other"),
        ("", "- **a**: high. Why.", "two to four outcomes, a line each; here are 1"),
        ("", "\n".join(["- **a**: high. Why."] * 5), "here are 5"),
        ("", f"{GRADED}\nAnd more.", "a blank line parts the grades"),
        ("", f"{GRADED}\n- **c**: certain. Why.", "not 'certain'"),
        ("", f"{GRADED}\n- **c**: low.", "is not `- \\*\\*outcome"),
        ("", f"{GRADED}\n- c: low. Why.", "is not `- \\*\\*outcome"),
    ],
)
def test_grades_that_cannot_be_read(argument, body, told):
    with pytest.raises(pages.PageError, match=told):
        pages.how_sure(argument, body)


def test_questions_are_forms(torture):
    """A fieldset a question, a legend, a radio button and a label an option, one explanation each; right or not in words."""
    groups = re.findall(r"<fieldset.*?</fieldset>", torture, re.S)
    assert len(groups) == len(SIDE["questions"])
    for group, question in zip(groups, SIDE["questions"], strict=True):
        inputs = re.findall(r'<input id="([^"]+)" name="([^"]+)" type="radio"', group)
        assert [name for _, name in inputs] == [question["id"]] * len(
            question["options"]
        )
        assert re.findall(r'<label for="([^"]+)"', group) == [id_ for id_, _ in inputs]
        verdicts = re.findall(
            r'<strong[^>]*>(Right)\. </strong>|<span aria-label="(Not this one)\."',
            group,
        )
        assert ["".join(found) for found in verdicts] == [
            "Right" if option.get("right") else "Not this one"
            for option in question["options"]
        ]
        labels = re.findall(r"<label.*?</label>", group, re.S)
        assert not any("bb-opens" in label for label in labels), "a card inside a label"


@pytest.fixture(scope="session")
def door(small):
    return (small[1] / "book/fundamentals/start.html").read_text(encoding="utf-8")


def test_the_signs_stand_word_for_word(door):
    """The box has every line of book/signs.yml and no citation; its sources are the line below it, with links."""
    box = re.search(r'<div class="[^"]*bb-signs.*?</div>', door, re.S)[0]
    assert "Get help at once" in words(box) and "href" not in box
    for line in (*pages.signs().signs, *pages.signs().tablet):
        plain = re.sub(r"\*\*|\{given\}|`", "", line).replace("'", "’")
        assert plain in words(box).replace("'", "’")
    below = re.search(r'<p class="bb-signs-from">.*?</p>', door, re.S)[0]
    assert below.count("href") >= 4 and door.index(below) > door.index(box)


def test_the_card_has_the_signs_without_their_sources(door):
    card = re.search(r'<div class="[^"]*bb-pocket.*?</div>', door, re.S)[0]
    assert "My tablet" in card and "It could be a stroke:" in words(card)
    assert "href" not in card and "The next tablet" not in words(card)


def test_somebody_invented_is_said_to_be(door):
    box = re.search(r"<div[^>]*bb-person.*?</div>", door, re.S)[0]
    assert 'aria-label="Helen, 63 (invented)"' in box
    assert "Helen, 63 (invented) She reads." in words(box)


def test_something_to_do_ends_with_who_can_help(door):
    box = re.search(r'<div class="[^"]*bb-today.*?</div>', door, re.S)[0]
    assert "Put the card into your purse." in box and 'href="help.html"' in box


def test_the_head_of_a_door(door):
    head = re.search(r'<div class="[^"]*bb-door-head.*?</div>', door, re.S)[0]
    assert "Start here" in head and "5 minutes to read" in head
    assert "Evidence checked to" in head


@pytest.mark.parametrize(
    "change, told_",
    [
        ({"tablet": None}, "must hold title, signs, tablet and sources"),
        ({"sources": None}, "must hold title, signs, tablet and sources"),
        ({"sources": ""}, "sources: words are missing"),
        (
            {"tablet": ["Stop it {cite:p}`nhs-dvt`."]},
            "a citation belongs under sources",
        ),
        ({"signs": []}, "signs: a list of sentences"),
        ({"title": ""}, "title: words are missing"),
    ],
)
def test_signs_that_cannot_be_read(tmp_path, change, told_):
    found = yaml.safe_load((ROOT / "book/signs.yml").read_text(encoding="utf-8"))
    found = {k: v for k, v in (found | change).items() if v is not None}
    (tmp_path / "book").mkdir()
    (tmp_path / "book/signs.yml").write_text(yaml.safe_dump(found), encoding="utf-8")
    with pytest.raises(pages.PageError, match=told_):
        pages.signs(tmp_path)


def test_ids_are_single(small):
    for file in small[1].rglob("book/**/*.html"):
        ids = re.findall(
            r'\sid="([^"]+)"',
            re.sub(r"<svg.*?</svg>", "", file.read_text(encoding="utf-8"), flags=re.S),
        )
        double = {
            id_
            for id_ in ids
            if ids.count(id_) > 1
            and not id_.startswith(("pst-", "searchbox", "search", "__"))
        }
        assert not double, f"{file.name}: {double}"


def test_sources(torture):
    """Studies of facts and of citations, each once, linked to its place and its DOI; the claims."""
    part = torture[torture.index('class="bb-from"') :]
    part = part[: part.index("</ul>", part.index("bb-from-claims"))]
    assert part.count("#study-johnston2000") == part.count("#study-delmas1997") == 1
    assert 'href="../reference/studies.html#study-johnston2000"' in part
    assert "https://doi.org/10.1001/archinte.160.22.3444" in part
    assert 'href="../reference/claims.html#claim-rlx-i2"' in part


def test_solutions_fold(torture):
    """Solutions are details elements, with their cells and outputs inside."""
    folded = re.findall(
        r'<details[^>]*class="[^"]*bb-solution.*?</details>', torture, re.S
    )
    assert len(folded) == 2
    assert (
        "Solution to Exercise 1" in words(folded[0])
        and "cell" in folded[0]
        and "Just words" in folded[1]
    )


#: Threads of the book; the small one has written three of their pages.
COUNT = len(pages.threads())


def test_maps(small):
    front = (small[1] / "book/index.html").read_text(encoding="utf-8")
    table = re.search(r'<table[^>]*class="bb-map".*?</table>', front, re.S)[0]
    assert (
        table.count('scope="row"') == COUNT
        and table.count('scope="col"') == 4
        and table.count("<td") == 3 * COUNT
    )
    assert re.search(
        r'href="intermediate/density.html".*?A page that uses everything', table, re.S
    )
    assert (
        words(table).count("not yet written") == 3 * COUNT - 3
        and words(table).count("3 minutes") == 3
    )
    tier = (small[1] / "book/intermediate/index.html").read_text(encoding="utf-8")
    found = re.search(r'<ul class="bb-tier.*?</ul>', tier, re.S)[0]
    assert (
        words(found).count("not yet written") == COUNT - 2
        and 'href="density.html"' in found
        and 'href="tissues.html"' in found
    )


def test_recap(small):
    """The closing page of a tier says what each page says in one breath and how sure it is; a page without these boxes stops the build."""
    closing = (small[1] / "book/intermediate/reflection.html").read_text(
        encoding="utf-8"
    )
    found = re.search(r'<ul class="bb-recap.*?</ul>', closing, re.S)[0]
    assert found.count("<li>") == COUNT
    assert words(found).count("not yet written") == COUNT - 2
    (grade,), breath = pages.closing(
        pages.place("intermediate/density", small[0]), small[0]
    )
    assert (
        pages.level(grade.level)[0] in words(found)
        and breath.split(".")[0] in words(found)
        and 'href="density.html"' in found
    )


@pytest.mark.parametrize("box", ["how-sure", "in-one-breath"])
def test_recap_needs_the_boxes(tmp_path, box):
    page = tmp_path / "book/intermediate/density.md"
    page.parent.mkdir(parents=True)
    shutil.copy(ROOT / "book/threads.yml", tmp_path / "book")
    page.write_text(
        "# A page\n\n"
        + "".join(
            f":::{{{name}}}{' low' * (name == 'how-sure')}\nWords.\n:::\n"
            for name in ("how-sure", "in-one-breath")
            if name != box
        ),
        encoding="utf-8",
    )
    with pytest.raises(
        pages.PageError,
        match=f"book/intermediate/density.md: the {{{box}}} box is missing",
    ):
        pages.closing(pages.place("intermediate/density", tmp_path), tmp_path)


def test_reference_pages(built):
    """Every study, claim, table and entry of the bibliography has its place; a link of an entry leads on."""
    studies, claims, dictionary, bibliography = (
        (built / f"book/reference/{name}.html").read_text(encoding="utf-8")
        for name in ("studies", "claims", "data-dictionary", "bibliography")
    )
    for row in tables.rows("studies"):
        assert f'id="study-{row["id"]}"' in studies
    for row in tables.rows("claims"):
        assert f'id="claim-{row["id"]}"' in claims
    for name in tables.tables():
        assert (
            f'id="table-{name}"' in dictionary
            and f'href="../../data/{name}.csv"' in dictionary
        )
        assert (built / f"data/{name}.csv").exists()
    entries = re.findall(r'<li id="cite-[^>]*>.*?</li>', bibliography, re.S)
    published = [
        row for row in tables.rows("studies") if row["kind"] != "source document"
    ]
    assert len(entries) == len(published)
    assert [words(entry)[:80] for entry in entries if "href=" not in entry] == []


def test_how_we_looked(small):
    """The day of the whole book, and the page that names another."""
    page = (small[1] / "book/reference/how-we-looked.html").read_text(encoding="utf-8")
    day = pages.in_words(pages.checked(root=small[0]))
    assert f"Last check of the evidence: {day} , on all pages but these:" in words(page)
    assert re.search(r'href="../intermediate/density.html".{,200}20 November', page)


def test_how_we_looked_counts_each_row(built):
    """Each row of each table once, by what it was read in."""
    page = (built / "book/reference/how-we-looked.html").read_text(encoding="utf-8")
    table = re.search(r'<table[^>]*class="[^"]*bb-counts.*?</table>', page, re.S)[0]
    lines = [
        [words(cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.S)]
        for line in re.findall(r"<tr.*?</tr>", table, re.S)
    ]
    assert lines[0] == ["Table", "rows", *looked.WAYS]
    counts = {
        name: [int(c.replace(",", "")) for c in cells] for name, *cells in lines[1:]
    }
    assert set(counts) == {*tables.tables(), "all"}
    for name, (rows, *ways) in counts.items():
        assert rows == sum(ways), name
        if name != "all":
            assert rows == len(tables.rows(name)), name
    assert counts["all"] == [
        sum(column)
        for column in zip(
            *(c for name, c in counts.items() if name != "all"), strict=True
        )
    ]


@pytest.mark.parametrize(
    "row, study, way",
    [
        ({"seen": "secondary"}, {"kind": "label"}, "secondary"),
        ({"seen": "unverified", "note": "abstract"}, {}, "unverified"),
        ({}, {}, "our own"),
        ({"seen": "primary"}, {"kind": "guideline"}, "official text"),
        (
            {"seen": "primary", "address": "https://pubmed.ncbi.nlm.nih.gov/1/"},
            {"kind": "trial"},
            "abstract",
        ),
        (
            {
                "seen": "primary",
                "address": "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/",
            },
            {"kind": "trial", "note": "Abstract read."},
            "abstract",
        ),
        (
            {
                "seen": "primary",
                "address": "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/",
            },
            {"kind": "trial"},
            "open archive",
        ),
        (
            {"seen": "primary", "address": ""},
            {"kind": "trial", "address": "https://www.bmj.com/1"},
            "another page",
        ),
    ],
)
def test_what_a_row_was_read_in(row, study, way):
    assert looked.way(row, study) == way


def test_rows_are_counted_as_they_were_seen():
    """Each row once; what `seen` says decides between read, told by others and seen by nobody."""
    for name, found in looked.counted().items():
        seen = [row.get("seen", "") for row in tables.rows(name)]
        assert sum(found[way] for way in looked.PRIMARY) == seen.count("primary"), name
        for word in ("secondary", "unverified"):
            assert found[word] == seen.count(word), name
        assert found["our own"] == seen.count(""), name


@pytest.mark.weekly
def test_print_edition(few, tmp_path):
    """LaTeX: options as a list, the answers after them, boxes and sources as text."""
    done = build(few, tmp_path, "--builder", "latex")
    assert done.returncode == 0, told(done)
    text = next(tmp_path.rglob("*.tex")).read_text(encoding="utf-8")
    text = text[text.index("Which arm lost") :]
    assert (
        text.index("Raloxifene \\sphinxstyleemphasis{60 mg}")
        < text.index("Answers")
        < text.index("Right.")
        < text.index("Studies and sources on this page")
    )
    list_ = next(tmp_path.rglob("*.tex")).read_text(encoding="utf-8")
    assert "A broken hip" in list_ and "May I swim?" in list_
    assert "Tick as many" not in list_ and "Print my list" not in list_
    assert "fieldset" not in text and "How sure are we? Very low certainty" in next(
        tmp_path.rglob("*.tex")
    ).read_text(encoding="utf-8")


FAULTY_LIST = """# A page

:::{talk-topic} a
- May I?

A fact from [](density.md).
:::

:::{talk-topic} b
:title: B
Words.
:::

:::{talk-topic} c
:title: C
- May I?
- You may.

A fact from [](density.md).
:::

:::{talk-topic} d
:title: D
- May I?

A fact from nowhere.
:::

:::{talk-topic} e
:title: E
- May I?
:::

:::{talk-topic} f
:title: F
- May I?

1. A fact from [](density.md).
:::

:::{talk-topic} f
:title: F again
- May I?

A fact from [](density.md).
:::
"""


@pytest.mark.weekly
def test_faults_of_a_page_are_told(few, tmp_path):
    """A wrong level, an unknown claim, a side file and a list with faults stop the build with file, line and reason."""
    root = tmp_path / "book"
    shutil.copytree(few, root)
    page = root / "book/intermediate/tissues.md"
    page.write_text(
        "# T\n\n:::{page-head}\n:::\n\n:::{how-sure} certain\nx\n:::\n\n:::{where-from}\nclaims: nowhere\n:::\n",
        encoding="utf-8",
    )
    side = yaml.safe_load(
        (root / "book/intermediate/tissues.yml").read_text(encoding="utf-8")
    )
    side["minutes"] = "six"
    (root / "book/intermediate/tissues.yml").write_text(
        yaml.safe_dump(side), encoding="utf-8"
    )
    (root / "book/fundamentals/talk.md").write_text(FAULTY_LIST, encoding="utf-8")
    done = build(root, tmp_path / "out", "-W", "--keep-going")
    text = told(done)
    assert done.returncode
    assert re.search(
        r"tissues\.md:3: .*book/intermediate/tissues\.yml, minutes: a whole number",
        text,
    )
    assert re.search(
        r"tissues\.md:6: .*takes one of high, moderate, low, very low, not 'certain'",
        text,
    )
    assert "data/claims.csv does not have: nowhere" in text
    for line, fault in (
        (3, "{talk-topic} a needs :title:"),
        (9, "{talk-topic} begins with a list of questions"),
        (14, "'You may.' is no question"),
        (22, "'A fact from nowhere.' names no page"),
        (29, "facts are missing"),
        (34, "facts, a paragraph each"),
        (41, "{talk-topic} f stands twice"),
    ):
        assert re.search(rf"talk\.md:{line}: .*{re.escape(fault)}", text), text


# The side file, without a build


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book/intermediate").mkdir(parents=True)
    for name in ("threads.yml", "evidence.yml"):
        shutil.copy(ROOT / "book" / name, tmp_path / "book" / name)
    return tmp_path


def check(book, side):
    (book / "book/intermediate/density.yml").write_text(
        side if isinstance(side, str) else yaml.safe_dump(side), encoding="utf-8"
    )
    return pages.side(pages.place("intermediate/density", book), book)


def test_side_file_holds(book):
    assert check(book, SIDE)["minutes"] == SIDE["minutes"]


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda s: s.pop("minutes"), "minutes: a whole number of minutes"),
        (lambda s: s.update(minutes=True), "minutes: a whole number of minutes"),
        (lambda s: s.update(minute=3), "minute: no such field"),
        (lambda s: s.update(checked="soon"), "checked: 'soon' is no day"),
        (
            lambda s: s.update(checked=date(2226, 1, 1)),
            "checked: 2226-01-01 is still to come",
        ),
        (
            lambda s: s.update(before=["fundamentals/bones"]),
            "before: 'fundamentals/bones' is no page",
        ),
        (
            lambda s: s.update(before=["intermediate/density"]),
            "before: the page names itself",
        ),
        (lambda s: s.update(objectives=["one"]), "objectives: two to four"),
        (lambda s: s.update(objectives=["one", 2]), "objectives: two to four"),
        (lambda s: s.update(questions=s["questions"][:2]), "questions: three to six"),
        (lambda s: s.update(exercise=[3]), "exercise: it names objectives by their"),
        (lambda s: s.update(exercise=[]), "exercise: it names objectives by their"),
        (
            lambda s: s["questions"][0].update(tests=[1, 1]),
            "question 1, tests: it names objectives by their numbers, from 1 to 2",
        ),
        (
            lambda s: s["questions"][0].update(asks="think"),
            "question 1, asks: there is no 'think'",
        ),
        (
            lambda s: s["questions"][1].update(id="density-i-1"),
            "questions: the id 'density-i-1' stands twice",
        ),
        (
            lambda s: s["questions"][0].update(id="density-f-1"),
            "question 1, id: 'density-f-1' must be density-i-",
        ),
        (
            lambda s: s["questions"][0].pop("ask"),
            "question 1, ask: the question is missing",
        ),
        (
            lambda s: s["questions"][0].update(
                options=s["questions"][0]["options"][:2]
            ),
            "question 1, options: three or four",
        ),
        (
            lambda s: s["questions"][0]["options"][0].pop("right"),
            "question 1, options: exactly one has `right: true`; here none has",
        ),
        (
            lambda s: s["questions"][0]["options"][1].update(right=True),
            "question 1, options: exactly one has `right: true`; here 2 has",
        ),
        (
            lambda s: s["questions"][0]["options"][1].update(right="no"),
            "question 1, option 2, right: it is true or left out",
        ),
        (
            lambda s: s["questions"][0]["options"][1].pop("why"),
            "question 1, option 2, why: say why",
        ),
        (
            lambda s: s["questions"][0]["options"][1].update(text=60),
            "question 1, option 2, text: it must be words",
        ),
        (
            lambda s: s["questions"][0]["options"][1].update(way="x"),
            "question 1, option 2, way: no such field",
        ),
        (
            lambda s: s["questions"][0]["options"][1].pop("because"),
            "question 1, option 2, because: a wrong option names its misconception",
        ),
        (
            lambda s: s["questions"][0]["options"][0].update(because="unsafe"),
            "question 1, option 1, because: it says why an option is wrong (unsafe)",
        ),
        (
            lambda s: s["questions"][0]["options"][1].update(because="silly"),
            "question 1, option 2, because: there is no misconception 'silly'",
        ),
    ],
)
def test_side_file_faults(book, change, told):
    side = copy.deepcopy(SIDE)
    change(side)
    with pytest.raises(pages.PageError) as fault:
        check(book, side)
    assert f"book/intermediate/density.yml, {told}" in str(fault.value)


def test_side_file_that_is_no_yaml(book):
    with pytest.raises(
        pages.PageError,
        match=r"density\.yml, line \d+: this is not YAML.*quotation marks",
    ):
        check(book, "minutes: 3\nobjectives:\n  - Say: what: it is\n")


def test_side_file_that_is_missing(book):
    with pytest.raises(pages.PageError, match="density.yml: the file does not exist"):
        pages.side(pages.place("intermediate/density", book), book)


@pytest.mark.parametrize("page", THREADS)
def test_every_page_of_the_book_has_a_sound_side_file(page):
    pages.side(pages.place(page))
    pages.checked(pages.place(page))


def test_the_day_of_the_evidence(book):
    """A page has the day of the book unless its side file names one."""
    here = pages.place("intermediate/density", book)
    check(book, SIDE | {"checked": date(2026, 11, 20)})
    assert pages.checked(here, book) == date(2026, 11, 20)
    check(book, {name: field for name, field in SIDE.items() if name != "checked"})
    assert pages.checked(here, book) == pages.checked(root=book)
    for text, fault in (
        ("checked: 2026\n", "2026 is no day"),
        ("checked: 2226-01-01\n", "still to come"),
        ("2026-11-29\n", "it must hold one line"),
        ("checked: 2026-11-29\nby: me\n", "it must hold one line"),
    ):
        (book / "book/evidence.yml").write_text(text, encoding="utf-8")
        with pytest.raises(pages.PageError, match=fault):
            pages.checked(root=book)


def test_threads(book):
    threads = pages.threads(book)
    assert [entry["n"] for entry in threads] == list(range(1, len(threads) + 1))
    (book / "book/threads.yml").write_text(
        "- {n: 1, thread: bone, name: Bone, fundamentals: counted, one by one, intermediate: x, academic: y}\n"
    )
    with pytest.raises(pages.PageError, match="entry 1, one by one: no such field"):
        pages.threads(book)


def test_places():
    assert pages.place("book/academic/density").number == "3.3"
    assert (
        pages.place("book/reference/studies") is None
        and pages.place("fundamentals/nothing") is None
    )


# Launch


def launch():
    from press.sphinx import launch

    return launch


def test_launch_addresses():
    address = launch().launch_address
    assert address("book/intermediate/density", "https://github.com/owner/name") == (
        "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/notebooks/intermediate/density.ipynb"
    )
    assert "/gh/owner/name/a%2Fbranch?" in address(
        "book/academic/bone", "https://github.com/owner/name.git", "a/branch"
    )
    assert "/v2/git/https%3A%2F%2Fgit.example.org%2Fowner%2Fname/main?" in address(
        "book/academic/bone", "https://git.example.org/owner/name"
    )
    for wrong in (
        "github.com/owner/name",
        "https://github.com/owner",
        "http://github.com/owner/name",
    ):
        with pytest.raises(Exception, match="BOOK_REPOSITORY must be an address"):
            address("book/academic/bone", wrong)


def test_without_an_address_the_notebook_is_a_download(torture):
    """That no button leads elsewhere is looked at on every page of the book (test_site.py)."""
    assert 'href="../../_sources/book/intermediate/density.ipynb"' in torture


@pytest.mark.weekly
def test_address_gives_buttons(few, tmp_path):
    done = build(
        few,
        tmp_path,
        "-W",
        "--keep-going",
        BOOK_REPOSITORY="https://github.com/owner/name",
        BOOK_BRANCH="trunk",
        BOOK_ADDRESS="https://owner.example/name/",
        BOOK_NOTEBOOKS=str(tmp_path / "notebooks"),
    )
    assert done.returncode == 0, told(done)
    html = (tmp_path / "_build/html/book/intermediate/density.html").read_text(
        encoding="utf-8"
    )
    assert (
        "https://mybinder.org/v2/gh/owner/name/trunk?urlpath=lab/tree/notebooks/intermediate/density.ipynb"
        in html
    )
    assert 'href="https://github.com/owner/name"' in html and "/issues/new" in html
    assert "owner/name/blob/notebooks/intermediate/density.ipynb" in html  # Colab
    assert "hub/hub.js" in html and "lite/" not in html
    studies = (tmp_path / "_build/html/book/reference/studies.html").read_text("utf-8")
    assert "mybinder" not in studies and "hub.js" not in studies
    notebook = (
        tmp_path / "_build/html/_sources/book/intermediate/density.ipynb"
    ).read_text(encoding="utf-8")
    assert "https://owner.example/name/book/intermediate/density.html" in notebook
    wheel = re.search(
        r"pip install https://owner.example/name/(downloads/[\w.-]+\.whl)", notebook
    )[1]
    assert (tmp_path / "_build/html" / wheel).exists()
    # What a shared link, a search engine and a report need.
    page = "https://owner.example/name/book/intermediate/density.html"
    assert f'<link rel="canonical" href="{page}" />' in html
    assert f'<meta property="og:url" content="{page}" />' in html
    picture = re.search(r'og:image" content="https://owner.example/name/([^"]+)"', html)
    assert (tmp_path / "_build/html" / picture[1]).exists()
    assert "https://github.com/owner/name/issues/new?title=Mistake%20on" in html
    where = (tmp_path / "_build/html/sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>{page}</loc><lastmod>2026-" in where
    robots = (tmp_path / "_build/html/robots.txt").read_text(encoding="utf-8")
    assert "Sitemap: https://owner.example/name/sitemap.xml" in robots
    lost = (tmp_path / "_build/html/404.html").read_text(encoding="utf-8")
    assert 'href="/name/book/index.html"' in lost
    assert 'action="/name/search.html"' in lost
    feed = (tmp_path / "_build/html/changes.xml").read_text(encoding="utf-8")
    assert 'href="https://owner.example/name/changes.xml"' in feed


@pytest.mark.weekly
def test_download_has_outputs(small, tmp_path):
    """The notebook on the site carries what the build has run, on a first build and on the next."""
    folder = shutil.copytree(small[0].parent, tmp_path / "small")
    root, html = folder / "root", folder / "_build/html"
    page = root / "book/intermediate/density.md"

    def outputs():
        file = html / "_sources/book/intermediate/density.ipynb"
        return [
            bool(cell["outputs"])
            for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code"
        ]

    assert outputs() == [False, True, True, True]  # the first looks for the package
    with page.open("a", encoding="utf-8") as more:
        more.write("\n")
    done = build(root, folder)
    assert done.returncode == 0, told(done)
    assert outputs() == [False, True, True, True]  # the first looks for the package
