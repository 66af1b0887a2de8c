"""The table to ask: every row as it is written, in the browser too; filters, address, drawing, files."""

import csv
import gzip
import json
import re
from decimal import Decimal
from functools import cache
from itertools import accumulate

import pytest

from bonebook import style, tables
from helpers import PHONE, ROOT, axe, light_and_dark, nothing
from press import ask, facts, indexed, sources
from press.sphinx import ask as page_parts
from press.sphinx import search

PAGE = "book/reference/ask"
DRAWN = "#drug=raloxifene&kind=hazard+ratio"


GIVEN = cache(ask.held)


@cache
def held():
    """What the browser is given, by the names of the tables."""
    return GIVEN() | {"tables": {each["name"]: each for each in GIVEN()["tables"]}}


@cache
def told(name):
    """{id: what is told} of a table."""
    table = held()["tables"][name]
    return {
        cells[0]: dict(zip(held()["told"], shown, strict=True))
        for cells, shown in zip(table["rows"], table["told"], strict=True)
    }


# What is given


@pytest.mark.slow
def test_no_row_is_lost_and_none_changed():
    """Each table that the page does not leave to another page, cell by cell as its file has it."""
    assert [*held()["tables"]] == [
        name for name in tables.tables() if name not in ("studies", "drugs", "claims")
    ]
    for name, table in held()["tables"].items():
        path = tables.DATA / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            assert [table["columns"], *table["rows"]] == list(csv.reader(file)), name
        assert len(table["told"]) == len(table["rows"])
    wanted = {"outcomes", "bmd_change", "markers", "loading_trials"}
    assert wanted | {"tissue_actions", "approvals"} <= set(held()["tables"])


def numbers(text):
    """The numbers of a text as readers see it."""
    plain = text.replace(facts.MINUS, "-").replace(",", "")
    return [
        Decimal(each) for each in re.findall(r"(?<![\d.])[+-]?\d+(?:\.\d+)?", plain)
    ]


def test_values_and_intervals_are_those_of_the_tables():
    """What is shown begins with the stored number, and an interval has the stored limits; nothing is shown where nothing stands."""
    wrong = []
    for name in held()["tables"]:
        column = tables.resource(name)["book"].get("value", "")
        if name in ask.WORDS:
            continue
        for row in tables.rows(name):
            shown = told(name)[row["id"]]
            first = numbers(shown["value"])[:1]
            if first != ([Decimal(row[column])] if row[column] else []):
                wrong.append(f"{row['id']}: {shown['value']} for {row[column]}")
            low, high = row.get("ci_low"), row.get("ci_high")
            if low and high:
                limits = [
                    Decimal(row.get("ci_level") or 95),
                    Decimal(low),
                    Decimal(high),
                ]
                if numbers(shown["error"])[:3] != limits:
                    wrong.append(f"{row['id']}: {shown['error']} for {low} to {high}")
            about = row.get("approx") == "true" and bool(row[column])
            if shown["value"].startswith("about ") != about:
                wrong.append(f"{row['id']}: {shown['value']}, approx {row['approx']}")
    nothing(wrong)


def test_rows_of_words_say_them():
    """Rows without a number: every word that is shown comes from the row, and no place is left empty."""
    wrong = []
    for name in ask.WORDS:
        for row in tables.rows(name):
            shown = told(name)[row["id"]]
            text = " ".join(shown[key] for key in ("what", "value", "error", "detail"))
            if (
                "{" in text
                or not shown["what"]
                or re.search(r"[:,]\s*(?:$|[,.;])", text)
            ):
                wrong.append(f"{row['id']}: {text}")
    nothing(wrong)
    arzoxifene = told("approvals")["approval-us-arzoxifene"]
    assert arzoxifene["value"] == "never approved, 2009"
    assert told("approvals")["approval-bza-us"]["value"] == "never approved"


def test_a_row_is_found_by_all_that_it_is_about():
    """Drug, subject, kind, study and reading of each row; a comparison by both its drugs; a number worked out by its inputs."""
    for name in held()["tables"]:
        for row in tables.rows(name):
            shown = told(name)[row["id"]]
            assert row.get("drug", "") in ["", *shown["drugs"]]
            for column in ("outcome", "site", "marker", "tissue"):
                assert row.get(column, "") in ["", "any", *shown["about"]]
            assert row.get("measure", "") in ("", shown["kind"])
            assert row.get("study", "") in ["", *shown["studies"]]
            assert shown["seen"] == (row.get("seen") or shown["seen"])
            assert set(shown["drugs"]) <= set(held()["drugs"])
            assert set(shown["studies"]) <= set(held()["studies"])
            assert shown["seen"] in held()["seen"]
    star = next(
        row
        for row in tables.rows("outcomes")
        if row["drug"] == "raloxifene" and row["comparator"] == "tamoxifen"
    )
    assert told("outcomes")[star["id"]]["drugs"] == ["raloxifene", "tamoxifen"]
    worked = told("derived")["derived-bza-endoca-diff-7y"]
    assert worked["drugs"] == ["bazedoxifene", "placebo"]
    assert worked["about"] == ["endometrial cancer"]
    assert worked["studies"] == ["palacios2013"]
    assert list(ask.SEEN)[:3] == list(sources.SEEN)


def test_what_rests_on_a_secondary_number_says_so():
    """A number worked out from one that was not read in its source is marked as that one is."""
    weak = 0
    for row in tables.rows("derived"):
        below = {each.row.get("seen") for each in facts.fact(row["id"]).inputs()}
        seen = told("derived")[row["id"]]["seen"]
        for word in ("secondary", "unverified"):
            if below & {word}:
                weak += 1
                assert seen in ("secondary", "unverified"), row["id"]
        if below == {"primary"}:
            assert seen == "own", row["id"]
    assert weak


def test_drugs_look_as_in_the_figures():
    """Name, the color of the light and the dark page, and the shape: a path within its line of text."""
    for drug in ("raloxifene", "tamoxifen", "placebo"):
        light, dark, marker, _ = style.DRUGS[drug]
        assert held()["drugs"][drug][1:] == [light, dark, ask.outline(marker)]
    for name, _, _, path in held()["drugs"].values():
        assert path.startswith("M"), name
        ends = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path)]
        assert len(ends) >= 6 and max(map(abs, ends)) < 8, name
    assert ask.outline("^") == "M0 -4.5L-4.5 4.5L4.5 4.5Z"


def read(file):
    """What a script gives the browser, as data; it has no end of a script in it, and no line that only a script sees."""
    text = file.read_text(encoding="utf-8")
    assert "</" not in text and not re.search("[\u2028\u2029]", text)
    return json.loads(text.partition(" = ")[2].rstrip().rstrip(";"))


def packed(file):
    return len(gzip.compress(file.read_bytes()))


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The folder _static/ with all that the page loads, and the address of the first."""
    static = tmp_path_factory.mktemp("static")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ask, "held", GIVEN)
        return static, page_parts.write(ROOT, static)


def numbers_of(text):
    """The numbers that a field of the index tells by their distances."""
    return list(accumulate(map(int, filter(None, text.split(",")))))


def test_the_page_opens_with_little_and_the_parts_hold_all(scripts):
    """What rows are found by, what is shown of each, and the tables as they are written: nothing is lost between them."""
    static, address = scripts
    assert re.fullmatch(r"ask/rows\.js\?v=[0-9a-f]{8}", address)
    first = static / "ask" / "rows.js"
    given = read(first)
    assert packed(first) < 35_000
    assert given["search"]["says"]["Evista"] == ["raloxifene"]
    parts = {file.stem: read(file) for file in (static / "ask/parts").glob("*.js")}
    big = {file.name: packed(file) for file in (static / "ask/parts").glob("*.js")}
    assert max(size for name, size in big.items() if "cells" not in name) < 8_000, big
    rows = [row for n in range(len(given["parts"])) for row in parts[f"rows-{n}"]]
    assert [len(parts[f"rows-{n}"]) for n in range(len(given["parts"]))] == given[
        "parts"
    ]
    count = {each["name"]: each["rows"] for each in given["tables"]}
    assert len(rows) == sum(count.values()) > 2_500
    tables_of = [name for name, many in count.items() for _ in range(many)]
    facets, named = given["facets"], {"about": "about", "kind": "kinds"}
    for number, (name, row) in enumerate(zip(tables_of, rows, strict=True)):
        shown = dict(zip(given["shown"], row, strict=False))
        cells = held()["tables"][name]["rows"][facets["at"][number]]
        written = dict(zip(held()["tables"][name]["columns"], cells, strict=True))
        assert shown["id"] == written["id"]
        expected = told(name)[written["id"]]
        for key in ("what", "value", "error", "who", "detail"):
            assert shown[key] == expected[key]
        for key in ("note", "address"):
            assert shown[key] == written.get(key, "")
        ratio = bool(expected["kind"]) and written.get("unit") == "ratio"
        assert facets["ratio"][number] == ratio == ("drawn_value" in shown)
        for key in ask.DRAWN if ratio else ():
            assert shown[f"drawn_{key}"] == written[key]
        for key in ("drugs", "about", "kind", "studies", "seen"):
            values, at = list(given[named.get(key, key)]), facets[key][number]
            wanted = (
                expected[key] if isinstance(expected[key], list) else [expected[key]]
            )
            assert [values[n] for n in (at if isinstance(at, list) else [at])] == wanted
    for name, table in held()["tables"].items():
        assert parts[f"cells-{name}"] == [table["columns"], *table["rows"]]


def test_words_find_the_rows_that_say_them(scripts):
    """The index beside the rows: words of a remark, an id, a study, the people alone; a run of words that the book says for another."""
    static, _ = scripts
    given = read(static / "ask/rows.js")
    parts = [
        read(static / f"ask/parts/words-{n}.js") for n in range(len(given["words"]))
    ]
    assert [part[0][0] for part in parts] == given["words"]
    lines = {word: fields for part in parts for word, *fields in part}
    assert list(lines) == sorted(lines)
    reading = indexed.Reading(search.words(ROOT))
    said, people = [], []  # of each row, in the order of the parts
    names = [each["name"] for each in given["tables"] for _ in range(each["rows"])]
    for name, at in zip(names, given["facets"]["at"], strict=True):
        table = held()["tables"][name]
        row = dict(zip(table["columns"], table["rows"][at], strict=True))
        each = told(name)[row["id"]]
        drugs = [held()["drugs"][drug][0] for drug in each["drugs"]]
        studies = [" ".join(held()["studies"][study]) for study in each["studies"]]
        found_by = [each[key] for key in ("what", "value", "error", "who", "detail")]
        found_by += [*each["about"], *drugs, *studies]
        found_by += [row.get("note", ""), row["id"], table["title"]]
        said.append(f" {reading.phrase(' '.join(found_by))} ")
        people.append(f" {reading.phrase(each['who'])} ")
    for field, texts in enumerate((said, people)):
        for word in ("breast", "1.44", "ettinger1999", "randomized", "hot", "Delmas"):
            word = reading.fold(word)
            wanted = [n for n, text in enumerate(texts) if f" {word} " in text]
            found = lines.get(word, ["", ""])[field]
            assert numbers_of(found) == wanted, (word, field)
        for run in ("hot flash", "clot in a vein", "bone density"):
            wanted = [n for n, text in enumerate(texts) if f" {run}" in text]
            assert numbers_of(lines.get(run, ["", ""])[field]) == wanted, run
    assert numbers_of(lines["hot flash"][0]) and numbers_of(lines["breast"][1])


def test_the_form():
    """A form that a strict policy allows, each field with its label."""
    form = page_parts.form("x.js")
    assert not re.search(r"\son\w+=|\sstyle=|<script", form)
    fields = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', form)
    assert fields == re.findall(r'<label for="([^"]+)"', form)
    assert {
        "ask-q",
        "ask-drug",
        "ask-about",
        "ask-study",
        "ask-who",
        "ask-seen",
    } <= set(fields)


def test_without_scripts_the_ratios_are_a_table():
    """Each ratio of two arms with its interval, a link to its study and how it was read."""
    html = page_parts.plain(lambda study: f"studies.html#study-{study}")
    lines = html.split("<tr>")[2:]
    rows = [(name, row) for name, row in ask.ratios()]
    assert len(lines) == len(rows) > 300
    for text, (name, row) in zip(lines, rows, strict=True):
        shown = told(name)[row["id"]]
        assert f"<td>{shown['value']}" in text
        assert f"#study-{row['study']}" in text
        if row["ci_low"]:
            assert f"{row['ci_low']} to {row['ci_high']}" in text


# In a browser


def asked(page):
    """How many rows are told to be found, once they are there."""
    page.wait_for_selector(".bb-ask-result:not([aria-busy])")
    said = page.locator(".bb-ask-said").inner_text()
    return int(said.split()[0].replace(",", ""))


def ready(page):
    page.wait_for_selector("form.bb-ask:not([inert])")
    return page


def expected(**wanted):
    """How many rows of all tables have these words in their lists, by Python."""
    return sum(
        all(word in shown[key] for key, word in wanted.items())
        for name in held()["tables"]
        for shown in told(name).values()
    )


def test_asking(visit, tmp_path):
    """Filters by hand, by keyboard and by the address; Back; ratios of one kind are drawn, others are not; files."""
    page = ready(visit(PAGE))
    every = sum(len(table["rows"]) for table in held()["tables"].values())
    assert asked(page) == every
    assert page.locator(".bb-ask-strip").count() == 0
    # by keyboard: a list, and words
    drug = page.get_by_label("Drug")
    drug.focus()
    page.keyboard.press("ArrowDown")
    first = drug.input_value()
    assert first and asked(page) == expected(drugs=first)
    drug.select_option("raloxifene")
    raloxifene = expected(drugs="raloxifene")
    assert asked(page) == raloxifene and page.url.endswith("#drug=raloxifene")
    page.get_by_role("button", name=re.compile("^hazard ratio")).click()
    drawn = expected(drugs="raloxifene", kind="hazard ratio")
    shown = min(drawn, 30)
    assert asked(page) == drawn and page.url.endswith(DRAWN)
    strips = page.locator(".bb-ask-strip")
    assert strips.count() == shown
    assert strips.locator(".bb-one").count() == shown
    # the mark of a row stands where its value is, on a logarithmic axis
    places = page.evaluate(
        """() => [...document.querySelectorAll(".bb-ask-found tbody tr")].map((row) => [
            Math.log(Number.parseFloat(row.querySelector(".bb-ask-value > p").textContent.replace("about ", ""))),
            Number.parseFloat(row.querySelector(".bb-drug > svg").getAttribute("x")),
            Number.parseFloat(row.querySelector(".bb-one").getAttribute("x1")),
        ])"""
    )
    slopes = [(x - one) / log for log, x, one in places if abs(log) > 0.1]
    assert max(slopes) - min(slopes) < 0.2 and min(slopes) > 5
    # Back, and forward by the address
    page.go_back()
    page.wait_for_function("() => !document.querySelector('.bb-ask-strip')")
    assert asked(page) == raloxifene
    assert page.get_by_label("Kind of number").input_value() == ""
    page.get_by_label("Words", exact=True).fill("Nolvadex stroke")
    page.wait_for_function("() => location.hash.includes('q=')")
    assert 0 < asked(page) < raloxifene
    page.get_by_role("button", name="Clear all").click()
    assert asked(page) == every and "#" not in page.url
    # a file: the columns and the lines of the table
    page.goto(f"{page.url}#table=markers&drug=tamoxifen")
    page.wait_for_function("() => document.querySelector('#ask-drug').value")
    page.get_by_text("Take them away").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^markers: ")).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    lines = (ROOT / "data/markers.csv").read_text(encoding="utf-8").splitlines()
    ids = {id for id, shown in told("markers").items() if "tamoxifen" in shown["drugs"]}
    wanted = [lines[0], *(line for line in lines[1:] if line.split(",")[0] in ids)]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_text(encoding="utf-8-sig").splitlines() == wanted
    assert f"-{len(ids)}-of-{len(lines) - 1}" in file.name
    # what nobody understands is told; a link under a figure asks for its table
    page.goto(page.url.split("#")[0] + "#drug=raloxyfene")
    page.wait_for_function(
        "() => document.querySelector('.bb-ask-said').textContent.includes('raloxyfene')"
    )
    assert asked(page) == every
    page.goto(page.url.split("#")[0] + "#ask-edges")
    page.wait_for_function("() => document.querySelector('#ask-table').value")
    assert asked(page) == len(tables.rows("edges"))
    assert page.url.endswith("#table=edges")
    page.goto(page.url.split("#")[0] + "#how-it-works")
    assert asked(page) == len(tables.rows("edges"))
    assert page.said == []


def test_what_is_drawn_is_accessible_and_fits(visit):
    """axe finds nothing where rows are drawn, light and dark; at 390 and 320 points nothing leaves the page."""
    page = ready(visit(PAGE))
    page.goto(page.url + "#about=invasive+breast+cancer&kind=relative+risk")
    page.wait_for_selector(".bb-ask-strip")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme, rules in light_and_dark(page):
        assert axe(page, rules, ".bb-ask, .bb-ask-result") == [], scheme
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_links_under_figures_lead_to_the_rows(built):
    """The data line of a figure has the file of its table and its rows; the page names each table once."""
    html = (built / f"{PAGE}.html").read_text(encoding="utf-8")
    assert len(html.encode()) < 250_000
    for name in ask.asked():
        assert html.count(f'id="ask-{name}"') == 1
    page = (built / "book/intermediate/density.html").read_text(encoding="utf-8")
    assert 'href="../reference/ask.html#ask-bmd_change"' in page
