"""The search: what it understands, what it finds in the built book, how it is used."""

import json
import re
from collections import Counter

import pytest
import yaml

from helpers import PAGES, PHONE, ROOT, THREADS, TOUCH, nothing
from press import indexed, rendered
from press.pages import PageError
from press.sphinx import search

CARD = '<button class="bb-opens bb-fact" popovertarget="c">1.3 %</button><span class="bb-card" id="c" popover="auto">A card</span>'
BODY = f"""<article class="bd-article"><section id="top"><h1>The title<a class="headerlink" href="#top">#</a></h1>
<div class="bb-head"><p>Fundamentals 1.3</p><nav>depths</nav></div>
<p>The spine lost {CARD} of its bone [Delmas and others, 1997]. It was measured.</p>
<details class="hide above-input"><summary>Show the code</summary><div class="cell_input"><pre>import this</pre></div></details>
<section id="below"><h2>Below</h2><p>More <span class="math">\\(x\\)</span> words.</p>
<div class="bb-box bb-breath admonition"><p class="admonition-title">In one breath</p><p>It fell {CARD} a year.</p></div></section>
<div class="bb-questions"><p>A wrong option.</p></div></section>
<dl class="glossary"><dt id="term-a">A word<a class="headerlink">#</a></dt><dd><p>What it means.</p></dd>
<dt id="term-b">Another</dt><dd><p>And this.</p></dd></dl></article><footer>foot</footer>"""


def test_a_page_is_read_as_its_reader_sees_it():
    """F18: no menu, card, code, formula, question and foot in the text that is searched; each section under its own heading."""
    page = rendered.read(BODY)
    found = [(each.id, each.heading, each.text) for each in page.sections]
    first = (
        "The spine lost 1.3 % of its bone [Delmas and others, 1997]. It was measured."
    )
    assert found == [
        ("top", "The title", first),
        ("below", "Below", "More words. In one breath It fell 1.3 % a year."),
        ("term-a", "A word", "What it means."),
        ("term-b", "Another", "And this."),
    ]


def test_words_that_cannot_be_read_are_named(tmp_path):
    """book/search.yml: what is wrong is said with its place, and a folder without the file has none."""
    assert search.words(tmp_path)["says"] == {}
    (tmp_path / "book").mkdir()
    file = tmp_path / "book" / "search.yml"
    wrong = {
        "says": {"Evista": "raloxifene", "DEXA": []},
        "spellings": [["(", "x"], ["a"]],
        "small": [True],
    }
    file.write_text(yaml.safe_dump(wrong), encoding="utf-8")
    with pytest.raises(PageError) as told:
        search.words(tmp_path)
    for part in ("Evista", "DEXA", "['(', 'x']", "['a']", "True"):
        assert part in str(told.value)
    file.write_text("says: {}\n", encoding="utf-8")
    with pytest.raises(PageError, match="says, spellings and small"):
        search.words(tmp_path)


def given(built, name):
    """What a script gives the browser, as data."""
    text = (built / "_static" / "search" / f"{name}.js").read_text(encoding="utf-8")
    return json.loads(text.partition(" = ")[2].rstrip().rstrip(";"))


def held(built):
    """What the browser is given, and all sections: [place of its page, anchor, heading, text]."""
    book = given(built, "book")
    parts = [given(built, f"parts/text-{n}") for n in range(len(book["shown"]))]
    assert [len(part) for part in parts] == book["shown"]
    pages = [
        at for at, page in enumerate(book["pages"]) for _ in range(page["sections"])
    ]
    found = [section for part in parts for section in part]
    book["sections"] = [[at, *each] for at, each in zip(pages, found, strict=True)]
    return book


def test_every_section_of_every_page_is_there(built):
    """Each page of the book, and each anchor that a hit leads to; excerpts hold nothing of menus and code (F18)."""
    book = held(built)
    assert {page["path"] for page in book["pages"]} == {
        f"{page}.html" for page in PAGES
    }
    anchors = {}
    wrong = []
    for at, anchor, heading, text in book["sections"]:
        path = book["pages"][at]["path"]
        if path not in anchors:
            html = (built / path).read_text(encoding="utf-8")
            anchors[path] = set(re.findall(r'\bid="([^"]+)"', html))
        if anchor and anchor not in anchors[path]:
            wrong.append(f"{path}: no place {anchor}")
        if re.search(
            r"\.ipynb|Show the code|import matplotlib|Full entry in the glossary", text
        ):
            wrong.append(f"{path}#{anchor}, {heading}: {text[:120]}")
    nothing(wrong)
    assert len(book["sections"]) > 1_000


def test_what_is_typed_means_what_the_book_says(built):
    """Each word that book/search.yml gives for another stands somewhere in the book: else it would find nothing."""
    book = held(built)
    text = " ".join(f"{heading} {text}" for _, _, heading, text in book["sections"])
    text = " ".join(re.findall(r"\w+", text.lower()))
    nothing(
        [
            f"book/search.yml, {said}: the book never says {each!r}"
            for said, meant in book["says"].items()
            for each in meant
            if " ".join(re.findall(r"\w+", each.lower())) not in text
        ]
    )


def test_nothing_of_the_search_is_loaded_before_it_is_opened(built):
    """A page has the small script that opens the search, and neither the index of before nor the library."""
    for page in THREADS:
        html = (built / f"{page}.html").read_text(encoding="utf-8")
        loaded = re.findall(r'<script[^>]* src="[^"]*?([\w.-]+\.js)', html)
        assert "site.js" in loaded
        assert not {"words.js", "book.js", "find.js", "searchindex.js"} & set(loaded)
        assert not {"searchtools.js", "sphinx_highlight.js"} & set(loaded)
    assert not (built / "searchindex.js").exists()
    own = built / "_static" / "search.js"
    assert own.stat().st_size < 4_000


def asked(page, query):
    """Types a query and returns (what is told, [(heading, where, excerpt, address)])."""
    page.locator("input[name=q]:visible").fill(query)
    page.wait_for_function(
        "(query) => document.querySelector('.bb-found').dataset.shown === query",
        arg=query,
    )
    hits = page.evaluate(
        """() => [...document.querySelectorAll(".bb-hits > li")].map((hit) => [
            hit.querySelector("a").textContent,
            hit.querySelector(".bb-hit-where").textContent,
            hit.querySelector("p:last-child").textContent,
            hit.querySelector("a").getAttribute("href"),
        ])"""
    )
    return page.locator(".bb-found [role=status]").inner_text(), hits


#: What somebody types; what must stand in the first hits, in heading, excerpt or place.
WANTED = {
    "680": "680",  # F17
    "1.32": "1.32",
    "2000": "2000",
    "1,000": "1,000",
    "2.3": "Intermediate 2.3",
    "osteopenia": "osteopenia",
    "Evista": "raloxifene",
    "Nolvadex": "tamoxifen",
    "Duavee": "bazedoxifene",
    "Prolia": "denosumab",
    "DEXA": "DXA",
    "tumour": "tumor",  # F34
    "oestrogen": "estrogen",
    "hot flushes": "hot flash",
    "randomised": "randomized",
    "side effects": "side effect",
    "how long": "how long",
    "how long should I take it": "how long",
    "clot": "clot",
    "leg cramps": "cramp",
    "eralpha": "ERα",
    "raloxifen": "raloxifene",
}
#: Slips of spelling, and what was meant.
SLIPS = {"raloxifine": "raloxifene", "osteopororsis": "osteoporosis"}


def test_it_finds_what_people_look_for(visit):
    """F17, F34: numbers, years, brands, British spellings, everyday words, a small slip; each hit names tier and page and leads to a section."""
    page = visit("search")
    page.locator(".bb-found[data-ready]").wait_for(state="attached", timeout=60_000)
    missed = []
    for query, wanted in WANTED.items():
        _, hits = asked(page, query)
        first = " ".join(" ".join(hit[:3]) for hit in hits[:4]).lower()
        if wanted.lower() not in first:
            missed.append(f"{query}: {[hit[:2] for hit in hits[:4]]}")
    for query, meant in SLIPS.items():
        told, hits = asked(page, query)
        if not hits or meant not in told or "Spelled alike" not in told:
            missed.append(f"{query}: {told}")
    told, hits = asked(page, "xyzzyq")
    assert not hits and "Nothing in the book has “xyzzyq”" in told
    nothing(missed)
    _, hits = asked(page, "side effects")
    assert any("#" in address for *_, address in hits)
    assert all(re.match(r"Fund|Inter|Acad|Look up|The book", hit[1]) for hit in hits)
    assert page.said == [] and page.failed == []


def test_by_keyboard_without_storage(chromium, site):
    """F9: in a frame without storage Ctrl+K opens the search, arrows walk through the hits, Enter leads to the section, Esc closes."""
    page = chromium.new_page()
    page.set_default_timeout(60_000)
    page.route(
        "**/frame",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<iframe sandbox="allow-scripts" width="1200" height="800" src="{site}/{THREADS[0]}.html"></iframe>',
        ),
    )
    page.goto(f"{site}/frame")
    frame = page.frame_locator("iframe")
    frame.locator("article").click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+k")
    page.keyboard.type("hot flush")
    hits = frame.locator("#pst-search-dialog .bb-hits a")
    hits.first.wait_for()
    frame.locator(".bb-found[data-shown='hot flush']").wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    assert hits.first.evaluate("link => link === document.activeElement")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    field = frame.locator("#pst-search-dialog input")
    assert field.evaluate("input => input === document.activeElement")
    page.keyboard.press("Escape")
    assert not frame.locator("#pst-search-dialog").is_visible()
    page.keyboard.press("Control+k")
    page.keyboard.press("ArrowDown")
    where = hits.first.get_attribute("href").split("/")[-1]
    page.keyboard.press("Enter")
    page.frames[1].wait_for_url(f"**/{where}")
    page.close()


def test_from_disk_and_on_a_phone(chromium, built):
    """A book that is opened from its folder is searched, too; the dialog fits a phone."""
    page = chromium.new_page(viewport=PHONE)
    page.set_default_timeout(60_000)
    page.goto((built / f"{THREADS[0]}.html").as_uri())
    page.locator(".search-button__button:visible").first.click()
    page.keyboard.type("1.32")
    page.locator(".bb-found[data-shown='1.32'] .bb-hits a").first.wait_for()
    box = page.locator("#pst-search-dialog").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


def test_typed_words_are_read_as_the_build_reads_pages():
    """Numbers, spellings, one and many, marks: as static/search/words.js, whose reading the test below compares on the whole book."""
    reading = indexed.Reading(search.words(ROOT))
    for typed, read in {
        "1,000 1,32 0.56 10,000.5": "1000 1.32 0.56 10000.5",
        "Tumours, oestrogen; randomised": "tumor estrogen randomized",
        "Fibres of the metre": "fiber of the meter",
        "classes boxes analyses loss virus thesis": "class box analys loss virus thesis",
        "ERα NF-κB B₁₂ déjà e\u0301t": "eralpha nf kappab b12 deja et",
        "one_two 3mm mm3": "one two 3 mm mm3",
    }.items():
        assert reading.phrase(typed) == read
    assert reading.means["hot flash"] == ["hot flash"]


def test_an_index_is_cut_and_tells_where_words_stand():
    texts = ["A bone, a cell.", "", "Bones: bone."]
    reading = indexed.Reading({"says": {}, "spellings": []})
    found = indexed.places(
        [[reading.fold(word) for word in indexed.split(text)] for text in texts]
    )
    assert found == {"a": "0 0 2", "bone": "0 1,2 0 1", "cell": "0 3"}
    assert indexed.numbers([3, 4, 6]) == "3,1,2" and indexed.numbers([]) == ""
    lines = [["a", "1"], ["b", "2" * 50], ["c", "3"], ["d", "4"]]
    parts = indexed.cut(lines, 30)
    assert parts == [lines[:1], lines[1:2], lines[2:]]
    assert indexed.firsts(parts) == ["a", "b", "c"]


def test_nothing_of_an_older_build_is_left_or_read(tmp_path):
    """Parts have a mark that changes with any of them; files of before are gone; what ends a line in a script is none in it."""
    one = indexed.written(tmp_path / "parts", {"words-0": [["a", "0\u2028"]], "x": []})
    assert (tmp_path / "parts" / "words-0.js").read_text("utf-8") == (
        f'(window.bbParts ??= {{}})["words-0?v={one}"] = [["a","0 "]];\n'
    )
    other = indexed.written(tmp_path / "parts", {"words-0": [["a", "1"]]})
    assert other != one
    assert [file.name for file in (tmp_path / "parts").iterdir()] == ["words-0.js"]


#: Reads the whole book and asks MiniSearch what the site's search was asked: [[query, how, places, how, places]], as JSON.
COMPARED = """async (queries) => {
    const { loader } = window.bbWords;
    const folder = `${document.documentElement.dataset.content_root}_static/search/parts/`;
    const load = loader(folder, window.bbBook.mark);
    const sections = [];
    for (const part of window.bbBook.shown.keys()) sections.push(...await load(`text-${part}`));
    const whole = window.bbWhole(window.bbBook, sections);
    const told = ([hits, how]) => [how, hits.map(({ id, terms }) => [id, [...terms].sort()])];
    const found = [];
    for (const query of queries) {
        found.push([query, ...told(await window.bbFind.search(query)), ...told(whole(query))]);
    }
    return JSON.stringify(found);
}"""


def test_parts_find_what_the_whole_finds(visit):
    """MiniSearch over all sections at once, in the browser: the same places in the same order, found by the same words."""
    page = visit("search")
    page.locator(".bb-found[data-ready]").wait_for(state="attached")
    protocol = page.context.new_cdp_session(page)  # past the policy of the page
    folder = ROOT / "tests" / "minisearch"
    for name in ("minisearch.js", "whole.js"):
        source = (folder / name).read_text(encoding="utf-8")
        protocol.send("Runtime.evaluate", {"expression": source})
    queries = (folder / "queries.txt").read_text(encoding="utf-8").splitlines()
    found = json.loads(page.evaluate(COMPARED, queries))
    nothing(
        [
            f"{query}: {how!r} {hits[:5]}, and MiniSearch {other!r} {others[:5]}"
            for query, how, hits, other, others in found
            if (how, hits) != (other, others)
        ]
    )
    ways = Counter(how for _, how, hits, *_ in found if hits)
    assert ways[""] > 180 and ways["alike"] > 10 and ways["some"] > 1
    assert page.said == [] and page.failed == []


def test_more_is_shown_as_one_reads_on(visit):
    """The first places at once, the others as one comes near; no more than thirty, of no page more than three."""
    page = visit("search", asks="?q=bone", **TOUCH)
    hits = page.locator(".bb-hits > li")
    page.locator(".bb-found[data-shown='bone']").wait_for(state="attached")
    assert page.locator(".bb-found [role=status]").inner_text() == "The best 30 places"
    counts = [hits.count()]
    assert 4 <= counts[0] < 20
    while counts[-1] < 30:
        hits.last.scroll_into_view_if_needed()
        page.wait_for_function(
            "(many) => document.querySelectorAll('.bb-hits > li').length > many",
            arg=counts[-1],
        )
        counts.append(hits.count())
    assert counts[-1] == 30
    paths = [
        each.get_attribute("href").partition("#")[0] for each in hits.locator("a").all()
    ]
    assert max(Counter(paths).values()) <= 3


def test_a_part_that_does_not_come_is_told(visit, site):
    """A list of parts that the browser kept from an older build is loaded again; where nothing helps, it is said."""
    page = visit("search")
    page.locator(".bb-found[data-ready]").wait_for(state="attached")
    page.route("**/search/parts/words-*", lambda route: route.abort())
    page.locator("input[name=q]:visible").fill("bone")
    page.get_by_text("could not be loaded").wait_for()
    page.unroute("**/search/parts/words-*")
    _, hits = asked(page, "bones")
    assert hits
    stale = visit("search")
    stale.route(
        re.compile(r"/search/book\.js$"),
        lambda route: route.fulfill(
            content_type="text/javascript",
            body=re.sub('"mark":"\\w+"', '"mark":"older"', route.fetch().text()),
        ),
    )
    stale.goto(f"{site}/search.html?q=bone")
    stale.locator(".bb-hits a").first.wait_for()
    assert any("book.js?again=" in address for address in stale.asked)


def test_the_library_is_the_one_that_is_named():
    """What is vendored says what it is, and from where; it is no part of the site."""
    folder = ROOT / "tests/minisearch"
    assert "minisearch 7.2.0" in (folder / "README.txt").read_text(encoding="utf-8")
    assert "MIT" in (folder / "LICENSE").read_text(encoding="utf-8") or (
        "Permission is hereby granted"
        in (folder / "LICENSE").read_text(encoding="utf-8")
    )
    assert "sourceMappingURL" not in (folder / "minisearch.js").read_text("utf-8")
