"""What one cell of the tables says of another: a slip in a row is found by what stands beside it."""

from pathlib import Path

import pytest

from bonebook import tables
from helpers import few_tables
from press.check import cross, cross_sources
from press.check.bibliography import NotBibTeX, entries
from press.check.report import Report

BIBLIOGRAPHY = Path(__file__).parent.parent / "book" / "references.bib"


@pytest.fixture(scope="module")
def rows():
    found = {
        name: list(enumerate(map(dict, tables.rows(name)), 2))
        for name in tables.tables()
    }
    return found | {"references": entries(BIBLIOGRAPHY)}


def changed(rows, name, id, cells):
    """The tables with some cells of one row changed."""
    assert any(row["id"] == id for _, row in rows[name]), id
    other = [
        (line, row | cells if row["id"] == id else row) for line, row in rows[name]
    ]
    return rows | {name: other}


def told(rule, rows):
    return {(row["id"], column) for _, _, row, column, _, _ in cross.RULES[rule](rows)}


OUTCOMES = [
    ("id and arm", "ettinger1999-vfx-rlx60", {"drug": "tamoxifen"}, "drug"),
    ("id and arm", "ettinger1999-vfx-plac", {"drug": "raloxifene"}, "drug"),
    ("id and arm", "ettinger1999-vfx-rlx60", {"dose_mg": "120"}, "dose_mg"),
    ("id and arm", "ettinger1999-vfx-rlx60", {"dose_mg": "600"}, "dose_mg"),
    ("id and arm", "goldstein2011-bleed-05", {"dose_mg": "0.25"}, "dose_mg"),
    ("id and outcome", "ruth2006-vte-hr", {"outcome": "stroke"}, "outcome"),
    ("id and outcome", "ruth2006-vte-hr", {"measure": "odds ratio"}, "measure"),
    ("middle of the interval", "ruth2006-vte-hr", {"value": "1.84"}, "value"),
    ("middle of the interval", "ruth2006-vte-hr", {"ci_high": "2.95"}, "value"),
    ("interval and events", "ruth2006-vte-hr", {"ci_high": "2.95"}, "ci_high"),
    ("p value and interval", "iuliano2021-any", {"p_value": "0.2"}, "p_value"),
    ("p value and interval", "cummings2011-vfx", {"p_value": ">0.1"}, "p_value"),
    ("people of the study", "ettinger1999-vfx-rlx60", {"n": "15698"}, "n"),
    ("people of the study", "vogel2010-uterca-rr", {"n": "9156"}, "n"),
    ("people of the arm", "vogel2010-te-rate-tam", {"n": "9786"}, "n"),
    ("ratio and arms", "vogel2010-uterca-rr", {"value": "0.65"}, "value"),
    ("years of follow-up", "fisher1998-pe-rate-tam", {"value": "0.96"}, "value"),
    ("years of follow-up", "vogel2010-te-rate-tam", {"events": "292"}, "value"),
    ("sum of the trials", "cuzick2013-cuz-gen-fx-plac", {"value": "999"}, None),
    ("possible size", "ruth2006-vte-hr", {"value": "14.4"}, "value"),
    ("possible size", "ruth2006-vte-hr", {"ci_level": "90"}, "ci_level"),
    ("possible size", "iuliano2021-any", {"p_value": "<3.01"}, "p_value"),
    ("difference and arms", "ruth2006-invbc-ard", {"value": "1.2"}, "value"),
    ("reduction and arms", "cosman2016-rrr", {"value": "37"}, "value"),
    ("reduction and arms", "fisher1998-ibc-rrr", {"value": "94"}, "value"),
    ("arms of one question", "silverman2008-vfx-bza20", {"months": "60"}, "months"),
    (
        "arms of one question",
        "silverman2008-vfx-bza20",
        {"outcome": "hip fracture"},
        "outcome",
    ),
    ("arms of one question", "silverman2008-vfx-bza20", {"approx": "true"}, "approx"),
    ("rows of one question", "ruth2006-vte-hr", {"population": "men"}, "population"),
    ("comparator", "ruth2006-vte-hr", {"comparator": ""}, "comparator"),
    ("comparator", "ruth2006-vte-hr", {"comparator": "tamoxifen"}, "comparator"),
    ("comparator", "ruth2006-vte-hr", {"comparator": "raloxifene"}, "comparator"),
    ("arm of the study", "fisher1998-pe", {"dose_mg": "60"}, "dose_mg"),
    ("arm of one name", "fisher1998-pe-rate-tam", {"dose_mg": "60"}, "dose_mg"),
    ("arm of one name", "cuzick2013-cuz-p1-endo-serm", {"drug": "raloxifene"}, "drug"),
    ("unit and statistic", "lasovva2024-ph-1-05", {"comparator": "none"}, "comparator"),
    ("time of the study", "grady2004-endoca-rr", {"months": "70"}, "months"),
    ("people in words", "cosman2016-rrr", {"population": "mice"}, "population"),
    ("read in one place", "silverman2008-vfx-bza20", {"seen": "unverified"}, "seen"),
]
OTHERS = [
    ("standard error", "bmd_change", "miller2008-ls-diff-bza40", {"se": "4.28"}, "se"),
    (
        "difference and arms",
        "bmd_change",
        "cheung2008-th-diff",
        {"value": "0.99"},
        "value",
    ),
    (
        "ends of a range",
        "bmd_change",
        "tai2015-diet-bmd-low",
        {"value": "2.7"},
        "value",
    ),
    ("id and outcome", "markers", "gorai2012-pth-rd", {"marker": "PINP"}, "marker"),
    ("id and outcome", "bmd_change", "engwong2006-ls-12m", {"months": "24"}, "months"),
    (
        "drug of the study",
        "outcomes",
        "maricic2002-clinvfx-12mo",
        {"drug": "tamoxifen"},
        "drug",
    ),
    (
        "address and study",
        "bmd_change",
        "powles1996-ls-pre-tam",
        {"address": "https://pubmed.ncbi.nlm.nih.gov/8558226/"},
        "address",
    ),
    (
        "address and study",
        "studies",
        "jackson2006cad",
        {
            "doi": "10.1056/NEJMoa055212",
            "address": "https://doi.org/10.1056/NEJMoa055218",
        },
        "address",
    ),
    ("study of the place", "edges", "edge-pth-rankl-rat", {"study": "li2000"}, "study"),
    (
        "address of one letter",
        "outcomes",
        "cuzick2013-cuz-p1-endo-serm",
        {"address": "https://pmc.ncbi.nlm.nih.gov/articles/PMC3671292/table/tbl3"},
        "address",
    ),
    (
        "drug of the title",
        "references",
        "love1992",
        {"title": "Effects of raloxifene on bone mineral density"},
        "title",
    ),
    (
        "unit and statistic",
        "loading_trials",
        "kemmler2016-fn-y8",
        {"statistic": "mean change"},
        "statistic",
    ),
    (
        "unit and statistic",
        "loading_trials",
        "mesinovic2021-fn-diet",
        {"outcome": "any fracture"},
        "outcome",
    ),
    (
        "ends of a range",
        "markers",
        "draper1996-oc-low",
        {"comparator": "none"},
        "comparator",
    ),
    (
        "ends of a range",
        "markers",
        "pepi1995-hdl-cee",
        {"statistic": "range low"},
        "statistic",
    ),
    ("what the DOI tells", "references", "tai2015", {"pages": "h4138"}, "pages"),
    ("sign and words", "edges", "edge-wnt-opg", {"sign": "0"}, "sign"),
    ("bibliography and studies", "references", "love1992", {"year": "1995"}, "year"),
    (
        "bibliography and studies",
        "references",
        "black1996",
        {"author": "Blick, D."},
        "author",
    ),
    ("bibliography and studies", "references", "black1996", {"doi": "10.1/x"}, "doi"),
    ("bibliography and studies", "studies", "black1996", {"pmid": "8950878"}, None),
    ("shape of an entry", "references", "black1996", {"pages": "541--535"}, "pages"),
    ("shape of an entry", "references", "black1996", {"title": ""}, "title"),
    ("what the DOI tells", "references", "ettinger1999", {"volume": "182"}, "volume"),
    ("order of the numbers", "references", "silverman2008", {"volume": "32"}, "volume"),
    ("order of the numbers", "studies", "silverman2008", {"pmid": "38665787"}, "pmid"),
    (
        "direction and words",
        "tissue_actions",
        "tissue-raloxifene-vte",
        {"direction": "neutral"},
        "direction",
    ),
    (
        "direction and words",
        "tissue_actions",
        "tissue-raloxifene-vte",
        {"outcome_word": "no clear change"},
        "direction",
    ),
    ("sign and words", "edges", "edge-d-pth", {"sign": "+"}, "sign"),
    (
        "sign and words",
        "edges",
        "edge-d-pth",
        {"summary": "Alfacalcidol raised PTH."},
        "sign",
    ),
    ("sign and words", "edges", "edge-antisclerostin-fracture", {"sign": "-"}, "sign"),
    (
        "drug and words",
        "statements",
        "st-barrionuevo2019-vfx",
        {"drug": "tamoxifen"},
        "drug",
    ),
    ("drug and words", "edges", "edge-rlx-pth", {"source": "tamoxifen"}, "source"),
    ("verdicts of one claim", "claims", "rlx-b2", {"verdict": "wrong"}, "verdict"),
    (
        "numbers in words",
        "claims",
        "ls-f11",
        {"correction": "The effect is small: +0.92 % at the spine."},
        "correction",
    ),
    ("sums in a note", "foods", "food-ca-almonds", {"value": "96"}, "value"),
    (
        "sums in a note",
        "scan_precision",
        "elmaghraoui2005-ls-lsc",
        {"value": "6.5"},
        "value",
    ),
]


@pytest.mark.parametrize(
    ("rule", "name", "id", "cells", "column"),
    [(rule, "outcomes", *rest) for rule, *rest in OUTCOMES] + OTHERS,
)
def test_a_slip_is_found_by_what_stands_beside_it(rows, rule, name, id, cells, column):
    new = told(rule, changed(rows, name, id, cells)) - told(rule, rows)
    assert (id, column) in new if column else new


def test_every_rule_is_tried():
    tried = {rule for rule, *_ in OUTCOMES} | {rule for rule, *_ in OTHERS}
    assert tried == set(cross.RULES)


@pytest.mark.weekly
@pytest.mark.slow
@pytest.mark.parametrize("junk", ["", "x", "-5", "0", "nan", "1e9", "PMID 7", "<.0"])
def test_a_broken_cell_breaks_no_rule(rows, junk):
    """Cells that the schema refuses come here too: half of them broken, in another half of the rows for each column."""
    broken = {
        name: [
            (
                line,
                {
                    column: junk if column != "id" and (line + place) % 2 else cell
                    for place, (column, cell) in enumerate(row.items())
                },
            )
            for line, row in found
        ]
        for name, found in rows.items()
    }
    for rule in cross.RULES:
        told(rule, broken)


def test_a_part_of_the_tables_is_not_examined(tmp_path):
    few_tables(tmp_path, {"thresholds": "", "outcomes": "ruth2006-vte-hr"})
    report = Report(tmp_path / "data")
    report.rows = {"outcomes": [(2, {"id": "ruth2006-vte-hr"})]}
    cross.check(report, BIBLIOGRAPHY)
    assert report.faults() == []


def test_few_rows_are_excused():
    reviewed = tables.schema()["book"]["reviewed"]
    for rule in cross.RULES:
        assert len(reviewed.get(rule, {})) < 10, rule


def test_an_entry_has_the_line_it_begins_in(tmp_path):
    path = tmp_path / "some.bib"
    path.write_text(
        "@misc{one,\n  title = {{A} title},\n}\n\n"
        "@article{two,\n  author = {{A Body} and Other, B.},\n  year = {2001},\n}\n"
    )
    (first, one), (second, two) = entries(path)
    assert (first, second) == (1, 5)
    assert one == {"id": "one", "type": "misc", "title": "{A} title"}
    assert cross_sources.people(two["author"]) == ["A Body", "Other"]


def test_a_file_that_is_no_bibliography_says_from_where_on(tmp_path):
    path = tmp_path / "some.bib"
    path.write_text("@article{one,\n  title = {open\n")
    with pytest.raises(NotBibTeX) as fault:
        entries(path)
    assert fault.value.line
