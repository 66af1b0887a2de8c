"""For the lecture hall and the clinic: figures to take, slides in two formats, handouts; each true to its page, alone in its folder, the same twice."""

import io
import re
import shutil
import unicodedata
import zipfile

import lxml.html
import pytest
from PIL import Image

from bonebook import tables
from helpers import ROOT
from press import myst, pages
from press.formulas import mathml
from tools.shelf import bundle, decks, figures, handout, lecture, live

PAGE = "fundamentals/density"
THREADS = [entry["thread"] for entry in pages.threads()]
GRADE = 6.5
#: Of a slide: what reaches beyond its edge or into the line at its foot.
BEYOND = """() => {
    const slide = Reveal.getCurrentSlide(), from = slide.getBoundingClientRect()
    const scale = Reveal.getScale(), foot = slide.querySelector(".foot")
    const low = foot ? (foot.getBoundingClientRect().top - from.top) / scale : 705
    return [...slide.querySelectorAll("*")].filter(each => {
        if (each.closest(".notes, .foot")) return false
        const box = each.getBoundingClientRect()
        return (box.bottom - from.top) / scale > low + 1 || (box.right - from.left) / scale > 1281
    }).map(each => `${each.tagName}: ${each.textContent.trim().slice(0, 60)}`)
}"""
SMALLEST = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = {}
    while (walk.nextNode()) {
        const from = walk.currentNode.parentElement
        if (walk.currentNode.textContent.trim() && from.checkVisibility())
            found[parseFloat(getComputedStyle(from).fontSize) * 0.75] = walk.currentNode.textContent.trim()
    }
    return found
}"""


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def opened_alone(chromium, file):
    """A file in a fresh tab, with all that it asked for and all that it complained of."""
    tab = chromium.new_page(viewport={"width": 1280, "height": 720})
    tab.asked, tab.said = [], []
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.on("console", lambda m: tab.said.append(m.text) if m.type == "error" else None)
    tab.goto(file.as_uri())
    return tab


def overflowing(tab):
    """{number of a slide: what does not fit on it}"""
    tab.wait_for_function("window.Reveal && Reveal.isReady()")
    found = {}
    for number in range(tab.evaluate("Reveal.getTotalSlides()")):
        tab.evaluate("number => Reveal.slide(number)", number)
        if beyond := tab.evaluate(BEYOND):
            found[number] = beyond
    return found


# What needs no built book


def test_an_archive_is_the_same_twice_and_stays_in_its_folder():
    held = {"b/two.txt": b"2", "a.txt": b"1"}
    made = bundle.zipped(held)
    assert made == bundle.zipped(dict(reversed(held.items())))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["a.txt", "b/two.txt"]
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    for wrong in ("../out.txt", "/etc/out.txt", "a\\out.txt"):
        with pytest.raises(ValueError, match="no plain path"):
            bundle.zipped({wrong: b""})


def test_dates_of_an_office_file_are_gone():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("x.xml", "<x/>")  # of today
    (entry,) = zipfile.ZipFile(io.BytesIO(bundle.same(made.getvalue()))).infolist()
    assert entry.date_time[0] == 1980


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\tau_A=50", "τ_A = 50"),
        (r"\alpha^*=1/9", "α* = 1/9"),
        (r"2.60 \pm 0.62", "2.60 ± 0.62"),
        (r"100/2.3\approx 43", "100/2.3 ≈ 43"),
        (r"p_0(1-p_0)^2", "p₀(1 − p₀)²"),
        (r"G\tau_F s_d", "Gτ_F s_d"),
        (r"\tau_{\max}=3", "τ_max = 3"),
        (r"2^{-t/t_{1/2}}", "2^(−t/t_(1/2))"),
        (r"F-R=-\tau_F\dot F", "F − R = −τ_F Ḟ"),
        (r"\bar x = \frac{\sum w_i x_i}{\sum w_i}", "x̄ = (∑w_i x_i)/(∑w_i)"),
    ],
)
def test_a_formula_of_a_page_is_said_as_text(tex, text):
    """In MathML what stands above and below the line is an element, so that its bare text would say another number."""
    page = lxml.html.fromstring(f"<p>Here {mathml(tex)}, and on.</p>")
    said = lecture.words(page)
    assert unicodedata.normalize("NFC", said) == unicodedata.normalize(
        "NFC", f"Here {text}, and on."
    )


def test_a_figure_is_drawn_once_for_all_its_sizes(monkeypatch, tmp_path):
    """The smaller picture is made of the larger one, and what was drawn is not drawn again."""
    path = tmp_path / "a.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="72" height="36">'
        '<rect width="36" height="36" fill="#0b655c"/></svg>',
        encoding="utf-8",
    )
    figures.draw([path], (300, 150))
    monkeypatch.setattr(figures, "_drawn", None)
    for dpi in (300, 150):
        image = Image.open(io.BytesIO(figures.pngs([path], dpi)[path]))
        assert image.size == (dpi, dpi // 2)
        assert round(image.info["dpi"][0]) == dpi
        left, right = image.getpixel((dpi // 4, 9)), image.getpixel((dpi - 9, 9))
        assert left == (11, 101, 92) and right != left


def test_words_below_the_line_are_small_and_the_rest_is_escaped():
    assert figures.small("τ_A < 5") == "τ<sub>A</sub> &lt; 5"
    assert figures.small("bmd_change") == "bmd_change"


@pytest.mark.parametrize("thread", THREADS)
def test_a_handout_tells_what_its_page_tells(thread):
    """Each row that teach/handouts.yml names stands in a paragraph of the page, with the number as the page has it."""
    entry = handout.chosen()[thread]
    page = myst.read(ROOT / f"book/fundamentals/{thread}.md")
    assert entry["figure"] in {found.label for found in page.directives}
    printed = " ".join(handout.told(thread, entry["numbers"]))
    for row in entry["numbers"]:
        assert tables.row(row)
        told = {role.words for role in page.roles if role.target == row}
        assert any(f"<strong>{words}</strong>" in printed for words in told), row
    assert not re.search(r"[{}`]|\]\(|cite:", printed)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"figure": "fig"}, "density: it must hold figure and numbers"),
        ({"figure": "fig", "numbers": []}, "density, numbers: a list"),
    ],
)
def test_a_fault_of_the_choice_is_told(tmp_path, entry, said):
    file = tmp_path / "handouts.yml"
    file.write_text(f"density: {entry}", encoding="utf-8")
    with pytest.raises(pages.PageError, match=said):
        handout.chosen(file)


def test_a_row_that_the_page_does_not_tell_is_told():
    with pytest.raises(pages.PageError, match="tells no 'ruth2006-vte-hr'"):
        handout.told("density", ["ruth2006-vte-hr"])


def test_a_number_that_is_not_that_of_its_row_is_told():
    """So a changed row of data/ stops the handout until its page says the new number."""
    lecture.stand("page.md", "It {fact}`lost 1.32 % <johnston2000-ls-bmd-plac>`.")
    with pytest.raises(pages.PageError, match=r"page\.md:1: .*1\.47 %"):
        lecture.stand("page.md", "It {fact}`lost 1.47 % <johnston2000-ls-bmd-plac>`.")


def test_a_pdf_has_the_day_of_the_evidence_check():
    pdf = b"/CreationDate (D:20261130081500+00'00')\n/ModDate (D:20261130081500+00'00')"
    fixed = handout.undated(pdf, "20261129")
    assert fixed.count(b"(D:20261129000000+00'00')") == 2 and len(fixed) == len(pdf)
    with pytest.raises(ValueError, match="another way"):
        handout.undated(b"/CreationDate (D:2026)", "20261129")


def test_reveal_is_complete_and_asks_for_nothing_elsewhere():
    there = {path.name for path in decks.REVEAL.iterdir()}
    assert there == {*decks.SCRIPTS, "README.txt"}
    for name in ("reveal.css", "reset.css"):
        style = (decks.REVEAL / name).read_text(encoding="utf-8")
        assert not re.search(r"@import|url\((?!['\"]?data:)", style)


# One page of a built book


def test_slides_are_true_to_their_page_and_the_same_twice(built, tmp_path):
    """Both formats; what changes on the page changes in both, and a page that is older than its source is refused."""
    from pptx import Presentation
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    from tools.shelf import pptx as powerpoint

    page = lecture.read(built, PAGE)
    drawn = {
        each.image: figures.png(each.image.read_text(), 72) for each in page.figures
    }
    deck = decks.Deck(page)
    made, shown = decks.files(deck, built), powerpoint.make(deck, drawn)
    assert made == decks.files(deck, built)
    assert shown == powerpoint.make(deck, drawn)
    html = made["index.html"].decode()
    told = words_of(html)
    for text in (page.title, page.breath, *page.objectives, *page.opening):
        assert text in told.replace("&#39;", "'")
    assert not re.search(r"(?:src|href)=\"(?!https://|reveal/|figures/)", html)
    slides = list(Presentation(io.BytesIO(shown)).slides)
    assert len(slides) == html.count("<section")
    pictures = [
        each
        for slide in slides
        for each in slide.shapes
        if each.shape_type == MSO_SHAPE_TYPE.PICTURE
    ]
    alts = [each._element.nvPicPr.cNvPr.get("descr") for each in pictures]
    assert alts == [each.alt for each in page.figures] and all(alts)
    noted = "\n".join(
        slide.notes_slide.notes_text_frame.text
        for slide in slides
        if slide.has_notes_slide
    )
    for figure in page.figures:
        assert figure.alt in noted and all(words in noted for words in figure.talk)
    changed = tmp_path / "html"
    for name in ("book/fundamentals", "_static/fonts"):
        (changed / name).mkdir(parents=True)
    shutil.copytree(built / "_images", changed / "_images")
    for font in decks.FONTS:
        shutil.copy(built / "_static/fonts" / font, changed / "_static/fonts" / font)
    source = lecture.page_of(built, PAGE).read_text(encoding="utf-8")
    other = source.replace(page.objectives[0], "Say what was seen")
    lecture.page_of(changed, PAGE).write_text(other, encoding="utf-8")
    deck = decks.Deck(lecture.read(changed, PAGE))
    drawn = {
        each.image: drawn[built / "_images" / each.image.name]
        for each in deck.lecture.figures
    }
    again = decks.files(deck, changed)["index.html"].decode()
    assert "Say what was seen" in again and "Say what was seen" not in html
    assert powerpoint.make(deck, drawn) != shown
    told = myst.read(ROOT / f"book/{PAGE}.md").roles
    fact = next(role.words for role in told if role.name == "fact")
    assert fact in source
    stale = source.replace(fact, "as an older page told it")
    lecture.page_of(changed, PAGE).write_text(stale, encoding="utf-8")
    with pytest.raises(pages.PageError, match="build the book again"):
        lecture.read(changed, PAGE)


def test_a_deck_turns_from_its_folder_alone(built, chromium, tmp_path):
    """Slides, and the window of a figure with sliders: drawn, moved, and nothing asked for elsewhere."""
    deck = decks.Deck(lecture.read(built, "intermediate/density"))
    (figure,) = [each for each in deck.lecture.figures if each.live]
    folder = tmp_path / deck.lecture.name
    bundle.lay(folder, decks.files(deck, built))
    tab = opened_alone(chromium, folder / "index.html")
    assert overflowing(tab) == {} and tab.said == []
    window = opened_alone(chromium, folder / live.page(figure))
    window.wait_for_function(
        "document.querySelector('[data-explorable]').dataset.drawn > 0"
    )
    said = window.locator(".bb-live .bb-say")
    before = said.inner_text()
    window.locator("input[type=range]").first.press("ArrowRight")
    window.wait_for_function(
        "before => document.querySelector('.bb-live .bb-say').textContent != before",
        arg=before,
    )
    assert window.said == []
    asked = [*tab.asked, *window.asked]
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(folder.as_uri())] == []
    for each in (tab, window):
        each.close()


def test_a_handout_has_two_pages_that_can_be_read(built, chromium, tmp_path):
    made = handout.read(built, "density")
    first = handout.lay([made], tmp_path / "first", built, chromium)
    assert first == handout.lay([made], tmp_path / "second", built, chromium)
    for name in handout.PAPERS:
        assert handout.count(first[f"density-{name}.pdf"]) == handout.MOST
    assert hard(made) <= GRADE
    told = words_of(first["density.html"].decode()).replace("’", "'")
    for line in pages.signs().signs + pages.signs().tablet:
        plain = re.sub(r"\s*\{cite:p\}`[^`]*`|\*\*|\{given\}|`", "", line)
        assert plain.replace("’", "'") in told
    tab = opened_alone(chromium, tmp_path / "first" / "density.html")
    assert sizes(tab) >= 9
    assert all(url.startswith((tmp_path.as_uri(), "data:")) for url in tab.asked)
    tab.close()


def hard(made):
    """The grade at which a handout reads."""
    import textstat

    return textstat.flesch_kincaid_grade("\n".join(made.sentences()))


def sizes(tab):
    """The smallest type of a handout, in points, however it is set."""
    found = {}
    for size in handout.SIZES:
        tab.evaluate("size => { document.body.dataset.size = size }", size)
        found |= tab.evaluate(SMALLEST)
    return round(min(map(float, found)), 2)


# Every page, once a week


@pytest.mark.weekly
def test_every_deck_fits_its_slides(built, chromium, tmp_path):
    faults = {}
    for place in lecture.written(built):
        deck = decks.Deck(lecture.read(built, place.path))
        folder = tmp_path / deck.lecture.name
        bundle.lay(folder, decks.files(deck, built))
        tab = opened_alone(chromium, folder / "index.html")
        found = overflowing(tab)
        outside = [url for url in tab.asked if not url.startswith(folder.as_uri())]
        if found or outside or tab.said:
            faults[place.path] = (found, outside, tab.said)
        tab.close()
        shutil.rmtree(folder)
    assert faults == {}


@pytest.mark.weekly
def test_every_handout_has_two_pages_and_is_easy_to_read(built, chromium, tmp_path):
    handouts = [handout.read(built, thread) for thread in THREADS]
    made = handout.lay(handouts, tmp_path, built, chromium)  # stops where one has three
    assert sum(name.endswith(".pdf") for name in made) == 2 * len(THREADS)
    assert {h.thread: hard(h) for h in handouts if hard(h) > GRADE} == {}


@pytest.mark.weekly
def test_the_lecture_hall_is_whole(built, tmp_path):
    """Every deck and every PowerPoint file is there, its slides have titles; the gallery has every number."""
    from pptx import Presentation

    from tools.shelf import hall

    paths = hall.write(tmp_path, built)
    count = len(list(lecture.written(built)))
    shown = [path for path in paths if path.suffix == ".pptx"]
    decks_ = [path for path in paths if path.name == "index.html"]
    assert (len(shown), len(decks_)) == (count, count + 1)  # and the gallery's
    for path in shown:
        slides = list(Presentation(path).slides)
        assert all(slide.shapes.title.text for slide in slides), path.name
    gallery = [path for path in paths if path.parent == tmp_path / "figures"]
    drawn = sorted(path for path in gallery if path.suffix == ".png")
    numbers = [int(path.name.split("-")[1]) for path in drawn]
    caption = r'<span class="caption-number">Fig\. (\d+)'
    found = "".join(
        (built / f"book/{place.path}.html").read_text("utf-8")
        for place in lecture.written(built)
    )
    assert numbers == sorted(map(int, re.findall(caption, found)))
    assert len(set(numbers)) == len(numbers) > 80
    for path in drawn:
        with Image.open(path) as image:
            assert round(image.info["dpi"][0]) == figures.DPI and image.mode == "RGB"
    with zipfile.ZipFile(tmp_path / "figures.zip") as archive:
        assert len(archive.namelist()) == len(gallery)
