"""Cells run again when what they looked at changes, and not when something else does: another row, a caption."""

import copy
import csv

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat import v4

from bonebook import show, tables
from press.sphinx.seen import Notes, Tables

FIRST, SECOND = "ettinger1999-vfx-rlx60", "ettinger1999-vfx-plac"
CELL = 'rows = pick({"a": "A"})\nrows'


@pytest.fixture
def noted(tmp_path, monkeypatch):
    """What the package notes, read by calling it."""
    file = tmp_path / "seen.txt"
    file.touch()
    monkeypatch.setenv("BONEBOOK_SEEN", str(file))
    monkeypatch.setattr(tables, "_NOTED", set())
    return lambda: set(file.read_text("utf-8").splitlines())


def test_rows_that_are_picked_are_noted_and_no_others(noted):
    home, row = tables.index()[FIRST]
    tables.pick([FIRST, SECOND])
    tables.value(FIRST)
    assert noted() == {
        *(f"{home}:{id}" for id in (FIRST, SECOND)),
        f"studies:{row['study']}",
    }


FOODS = {
    "a column": lambda foods: foods["value"],
    "a column by its name": lambda foods: foods.value,
    "a row": lambda foods: foods.iloc[0],
    "rows in another order": lambda foods: foods.sort_values("value"),
    "another index": lambda foods: foods.set_index("id"),
    "how many": len,
    "a part": lambda foods: foods.head(),
    "groups": lambda foods: foods.groupby("nutrient").size(),
    "a frame of it": pd.DataFrame,
    "two under each other": lambda foods: pd.concat([foods, foods]),
    "two beside each other": lambda foods: foods.merge(foods, on="id"),
    "row by row": lambda foods: next(foods.itertuples()),
    "as it is shown": lambda foods: foods._repr_html_(),
    "a copy": copy.copy,
    "NumPy's": np.asarray,
}


@pytest.mark.parametrize("look", FOODS.values(), ids=FOODS)
def test_whoever_looks_at_a_table_rests_on_all_of_it(noted, look):
    look(tables.table("foods"))
    assert noted() == {"foods"}


def test_a_table_that_nobody_looks_at_is_not_noted(noted):
    tables.table("foods")
    assert noted() == set()


@pytest.mark.parametrize(
    ("look", "what"),
    [
        (lambda: tables.rows("foods"), "foods"),
        (lambda: list(tables.index()), "*"),
        (lambda: dict(tables.index()), "*"),
        (lambda: len(tables.index()), "*"),
    ],
)
def test_whole_tables_are_noted(noted, look, what):
    look()
    assert what in noted()


def test_a_query_rests_on_its_columns_and_on_the_rows_that_it_finds(noted):
    name = "ettinger1999"  # noqa: F841 - the query asks for it
    found = tables.table("outcomes").query("study == @name and measure == 'risk'")
    assert 0 < len(found) < 20 and type(found) is tables.Rows
    assert noted() == {
        *("outcomes/study", "outcomes/measure"),
        *(f"outcomes:{id}" for id in found["id"]),
    }
    assert found.attrs == tables.table("outcomes").attrs


def test_rows_of_one_table_are_noted_one_by_one(noted):
    drugs = tables.by_id("drugs")
    assert "raloxifene" in drugs and FIRST not in drugs
    assert list(drugs) == [row["id"] for row in tables._raw("drugs")]
    assert noted() == set()
    assert drugs["raloxifene"]["name"].startswith("raloxifene")
    assert noted() == {"drugs:raloxifene"}
    with pytest.raises(KeyError):
        drugs[FIRST]


def test_rows_with_given_words_and_columns_are_noted_as_such(noted):
    found = tables.where("drugs", kind="control")
    assert found and all(row["kind"] == "control" for row in found)
    assert noted() == {"drugs/kind", *(f"drugs:{row['id']}" for row in found)}
    assert tables.columns("foods", "value", "no-such")[0].keys() == {"id", "value"}
    assert "foods/value" in noted() and "foods" not in noted()


def test_who_listens_hears_what_is_looked_at_and_can_have_it_looked_at_again():
    seen, again = [], []
    with tables.listening(seen.append):
        tables.value(FIRST)
    tables.value(SECOND)
    with tables.listening(again.append):
        tables.look(seen)
    assert seen == again == [f"{tables.index()[FIRST][0]}:{FIRST}"]


def test_what_a_table_of_a_page_shows_is_noted(noted):
    """The words of its studies come from rows of another table."""
    rows = tables.pick([FIRST])
    show.tidy(rows[["study", "value"]], "A table")
    assert f"studies:{tables.index()[FIRST][1]['study']}" in noted()
    assert "*" not in noted() and "studies" not in noted()


def test_nothing_is_noted_where_no_build_looks_on(monkeypatch):
    monkeypatch.delenv("BONEBOOK_SEEN", raising=False)
    monkeypatch.setattr(tables, "_NOTED", set())
    tables.pick([FIRST])
    assert type(tables.index()) is dict and not tables._NOTED


@pytest.fixture
def data(tmp_path):
    """Two tables of two rows."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("one", "two"):
        write(folder, name, [["id", "value"], [f"{name}-a", "1"], [f"{name}-b", "2"]])
    return folder


def write(folder, name, rows):
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_a_changed_value_changes_its_row_its_table_and_everything(data):
    what = (
        *("one:one-a", "one:one-b", "one", "one/value", "one/id"),
        *("two", "two:two-a", "two/value", "*"),
    )
    before = {each: Tables(data).state(each) for each in what}
    frame = Tables(data).frame
    write(data, "one", [["id", "value"], ["one-a", "1.5"], ["one-b", "2"]])
    after = {each: Tables(data).state(each) for each in what}
    assert {each for each in what if before[each] != after[each]} == {
        *("one:one-a", "one", "one/value", "*")
    }
    assert Tables(data).frame == frame


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "value"], ["one-a", "1"]],
        [["id", "value"], ["one-a", "1"], ["one-b", "2"], ["one-c", "3"]],
        [["id", "value"], ["one-a", "1"], ["one-x", "2"]],
        [["id", "worth"], ["one-a", "1"], ["one-b", "2"]],
    ],
    ids=["gone", "new", "renamed", "a column"],
)
def test_rows_and_columns_that_come_or_go_change_every_page(data, rows):
    before = Tables(data).frame
    write(data, "one", rows)
    assert Tables(data).frame != before


def page(caption="A caption", code=CELL, tags=()):
    figure = {"mystnb": {"figure": {"caption": caption}}, "tags": list(tags)}
    return v4.new_notebook(cells=[v4.new_code_cell(code, metadata=figure)])


def keep(tmp_path, data, notebook, noted):
    """Run it, as far as the cache knows; the cache and the notes."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    cache = get_cache(tmp_path / "cache")
    notes = Notes(str(tmp_path / "cache"), data)
    done = copy.deepcopy(notebook)
    done.cells[0].outputs = [v4.new_output("stream", text="what was put out")]
    done.cells[0].execution_count = 1
    cache.cache_notebook_bundle(
        CacheBundleIn(done, "page.md"), check_validity=False, overwrite=True
    )
    file = notes.file("page")
    file.write_text("".join(f"{each}\n" for each in noted), encoding="utf-8")
    notes.keep(cache.create_hashed_notebook(done)[1], done, file)
    return cache


def there(tmp_path, data, cache, notebook):
    """Whether the outputs of a page hold, as a build of now finds it."""
    from press.sphinx import kernels

    Notes(str(tmp_path / "cache"), data).prune(cache)
    return kernels.stored(cache, notebook)


def test_outputs_hold_until_a_row_changes_that_was_looked_at(tmp_path, data):
    cache = keep(tmp_path, data, page(), ["one:one-a"])
    write(data, "one", [["id", "value"], ["one-a", "1"], ["one-b", "20"]])
    assert there(tmp_path, data, cache, page())
    write(data, "one", [["id", "value"], ["one-a", "10"], ["one-b", "20"]])
    assert not there(tmp_path, data, cache, page())


@pytest.mark.parametrize(
    "code", ['pd.read_csv("../data/one.csv")', "DATA", 'open("x")', 'Path("x")']
)
def test_a_cell_that_reads_a_file_itself_rests_on_all_of_them(tmp_path, data, code):
    cache = keep(tmp_path, data, page(code=code), [])
    assert there(tmp_path, data, cache, page(code=code))
    write(data, "two", [["id", "value"], ["two-a", "10"], ["two-b", "2"]])
    assert not there(tmp_path, data, cache, page(code=code))


def test_outputs_that_nobody_noted_anything_of_are_thrown_away(tmp_path, data):
    cache = keep(tmp_path, data, page(), [])
    for file in (tmp_path / "cache" / "seen").glob("*.json"):
        file.unlink()
    assert not there(tmp_path, data, cache, page())


def test_a_caption_runs_no_cell_and_is_the_new_one(tmp_path, data):
    """Tags and code do: they say what is run."""
    from press.sphinx import kernels

    kernels.by_code_alone()
    cache = keep(tmp_path, data, page(), [])
    new = page(caption="Another caption")
    assert there(tmp_path, data, cache, new)
    merged = cache.merge_match_into_notebook(new)[1]
    assert merged.cells[0].metadata.mystnb.figure.caption == "Another caption"
    assert merged.cells[0].outputs[0].text == "what was put out"
    assert not there(tmp_path, data, cache, page(tags=["raises-exception"]))
    assert not there(tmp_path, data, cache, page(code="1"))
    nbformat.validate(merged)
