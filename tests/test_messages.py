"""What a reader of the notebooks is told when a word is wrong: a sentence that names it, what is near it, what to do."""

import ast
import re
import traceback

import pytest

import bonebook
from bonebook import effects, show, style, table, tables
from press import cells

BMD = "bmd_change"

#: What was typed -> (what is raised, words of its sentence).
TYPED = {
    "a study in a query": (
        lambda: table(BMD).query("study == 'jonston2000'"),
        ValueError,
        ("'jonston2000'", "bmd_change", "Near it: johnston2000"),
    ),
    "a study in a list": (
        lambda: table("outcomes").query("study in ['ruth2006', 'mosca209']"),
        ValueError,
        ("'mosca209'", "mosca2009"),
    ),
    "a word that should be left out": (
        lambda: table(BMD).query("site != 'lumber spine'"),
        ValueError,
        ("'lumber spine'", "lumbar spine"),
    ),
    "a column in a query": (
        lambda: table(BMD).query("stdy == 'johnston2000'"),
        KeyError,
        ("'stdy'", "Near it: study", "It has: id"),
    ),
    "a column": (lambda: table(BMD)["vale"], KeyError, ("'vale'", "Near it: value")),
    "columns": (lambda: table(BMD)[["id", "vale"]], KeyError, ("'vale'", "value")),
    "a column to sort by": (
        lambda: table(BMD).sort_values("dose"),
        KeyError,
        ("'dose'", "dose_mg"),
    ),
    "a column for the index": (
        lambda: table(BMD).set_index("stdy"),
        KeyError,
        ("'stdy'", "study"),
    ),
    "a variable of a cell that was not run": (
        lambda: table(BMD).query("study in @trials"),
        NameError,
        ("'trials'", "Run the cells above"),
    ),
    "a table": (lambda: table("outcome"), KeyError, ("'outcome'", "outcomes")),
    "an id": (
        lambda: bonebook.pick(["johnston2000-ls-bmd-rlx6"]),
        KeyError,
        ("johnston2000-ls-bmd-rlx60",),
    ),
    "no id": (lambda: bonebook.pick([]), ValueError, ("at least one row",)),
    "a column of value": (
        lambda: bonebook.value("johnston2000-ls-bmd-rlx60", "see"),
        KeyError,
        ("'see'", "Near it: se"),
    ),
    "a drug": (
        lambda: style.drug_color("raloxifen"),
        KeyError,
        ("'raloxifen'", "Near it: raloxifene"),
    ),
    "a module": (lambda: bonebook.stile, AttributeError, ("'stile'", "style")),
    "no rows to show": (
        lambda: show.tidy(table(BMD).iloc[:0], "Nothing"),
        ValueError,
        ("no row to show", "query"),
    ),
    "no caption": (
        lambda: show.tidy(table("drugs"), " "),
        ValueError,
        ("needs a caption",),
    ),
    "no rows to draw": (
        lambda: style.people(table("outcomes").iloc[:0]),
        ValueError,
        ("no row to draw",),
    ),
    "no rows for a forest": (
        lambda: style.forest(None, table("outcomes").iloc[:0]),
        ValueError,
        ("no row to draw",),
    ),
    "a number for a reduction": (
        lambda: effects.number_needed(2.6),
        TypeError,
        ("number_needed takes", "absolute_risk_reduction", "2.6"),
    ),
    "a number for a number needed": (
        lambda: show.needed(38),
        TypeError,
        ("show.needed takes", "number_needed_to_treat"),
    ),
    "a number for an estimate": (
        lambda: show.estimate(0.65),
        TypeError,
        ("show.estimate takes", "0.65"),
    ),
}


@pytest.mark.parametrize("typed", TYPED)
def test_a_wrong_word_is_answered_with_a_sentence(typed):
    """Newcomer 13: what is wrong, what is near, what to do."""
    act, kind, words = TYPED[typed]
    with pytest.raises(kind) as raised:
        act()
    said = str(raised.value)
    assert all(word in said for word in words), said
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize("act", [TYPED["a column in a query"][0], TYPED["a column"][0]])
def test_a_misspelled_column_takes_no_screen(act):
    """Newcomer 13: not 167 lines. IPython shows some ten lines a frame, and pandas' own frames are not among them."""
    with pytest.raises(KeyError) as raised:
        act()
    frames = traceback.extract_tb(raised.value.__traceback__)
    assert len(frames) <= 5
    assert not [frame for frame in frames if "pandas" in frame.filename]


def test_words_that_a_table_has_are_no_fault():
    """A query that finds nothing in rows already chosen is a finding, not a mistake."""
    rows = table(BMD).query("study == 'johnston2000'")
    assert len(rows.query("drug == 'tamoxifen'")) == 0
    assert len(rows.query("site == 'total hip' and months > 6600")) == 0
    sites = list(rows["site"])  # noqa: F841 - the query reads it
    assert len(rows.query("site in @sites and value.notna()")) == len(rows)
    added = rows.assign(study="mine")
    assert len(added.query("study == 'mine'")) == len(rows)


def test_a_table_is_an_ordinary_data_frame():
    """What pandas does with rows goes on: copies, groups, joins, one column; a card of the table stays."""
    import pandas as pd

    rows = table(BMD)
    assert isinstance(rows, pd.DataFrame) and rows.query("n > 100").attrs == rows.attrs
    assert isinstance(rows["value"], pd.Series)
    assert len(pd.concat([rows, rows])) == 2 * len(rows)
    assert rows.groupby("site")["value"].mean().index.name == "site"
    assert len(rows.merge(table("drugs"), left_on="drug", right_on="id")) == len(rows)


def test_the_tables_can_be_asked_for():
    """Newcomer 13: `bonebook.tables()` gives the names, and is the module all the same."""
    assert bonebook.tables() == tables.tables() == bonebook.table_names()
    assert bonebook.tables.DATA == tables.DATA
    assert all(callable(getattr(bonebook, name)) for name in bonebook.__all__)
    assert {"style", "effects", "table"} <= set(dir(bonebook))


def test_help_has_an_example_that_runs():
    """Newcomer 13: help(bonebook) begins with an example, and each of its lines does what it says."""
    example = "\n".join(
        line.strip()
        for line in bonebook.__doc__.splitlines()
        if line.startswith("    ")
    )
    names = {}
    exec(f"import bonebook\n{example}", names)
    assert len(names["rows"]) == 2
    assert names["value"]("johnston2000-ls-bmd-rlx60") == 1.28
    assert set(re.findall(r"`(\w+)` ?[(,]", bonebook.__doc__)) <= set(dir(bonebook))


def test_the_words_of_the_pages_queries_are_in_their_tables():
    """Each word that a cell compares with a column stands in some table, so that no page finds less than it thinks."""
    known = {
        cell
        for name in tables.tables()
        for row in tables.rows(name)
        for cell in row.values()
    }
    asked = {
        word
        for page in cells.pages()
        for cell in cells.cells(page)
        for node in ast.walk(ast.parse(cell.code))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "query"
        and isinstance(node.args[0], ast.Constant)
        for _, word in tables._compared(node.args[0].value)
    }
    assert len(asked) > 30
    assert not {w for w in asked if not w.startswith("derived")} - known
