"""What spreadsheets do to a table: capitals, semicolons, decimal commas, Latin-1, empty columns, letters in pieces."""

import csv
import io
import shutil

import pytest

from bonebook import tables
from press import check, facts, plainly

ROW = "fda2018evista-label-more-bmd-range-high"  # its number is approximate


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(tables.DATA, tmp_path / "data")
    (tmp_path / "book").mkdir()
    shutil.copy(tables.DATA.parent / "book" / "references.bib", tmp_path / "book")
    return tmp_path / "data"


def saved(folder, name, separator=",", encoding="utf-8", more=(), comma=False):
    """A table as a spreadsheet saves it."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            [
                c.replace(".", ",") if comma and check.report.NUMBER.fullmatch(c) else c
                for c in row
            ]
            for row in csv.reader(file)
        ]
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=separator, lineterminator="\n")
    lines.writerows([*row, *more] for row in rows)
    path.write_bytes(text.getvalue().encode(encoding, errors="replace"))


def capitals(folder):
    for path in folder.glob("*.csv"):
        text = path.read_text("utf-8").replace(",true,", ",TRUE,")
        path.write_text(text.replace(",false,", ",False,"), "utf-8")


@pytest.mark.weekly
@pytest.mark.slow
def test_true_in_capitals_is_true(folder):
    """F4: TRUE and true are one value, for cells, for the words of a row, for the check."""
    capitals(folder)
    assert ",TRUE," in (folder / "bmd_change.csv").read_text("utf-8")
    for name in tables.tables():
        assert tables.rows(name, folder) == tables.rows(name)
        assert tables.table(name, folder).equals(tables.table(name))
    assert [str(fault) for fault in check.faults(folder)] == []


def test_cards_and_figures_say_the_same(folder, monkeypatch):
    """F4: the card of an approximate number keeps its "about"."""
    capitals(folder)
    plain = facts.fact(ROW).card(), list(plainly.lines(facts.fact(ROW)))
    monkeypatch.setattr(tables, "DATA", folder)
    assert facts.fact(ROW).card()["approx"] is True
    assert (facts.fact(ROW).card(), list(plainly.lines(facts.fact(ROW)))) == plain
    frame = tables.table("bmd_change")
    written = {row["id"]: row["approx"] == "true" for row in tables.rows("bmd_change")}
    assert dict(zip(frame["id"], frame["approx"], strict=True)) == written


@pytest.mark.weekly
@pytest.mark.slow
@pytest.mark.parametrize("word", ["yes", "1", "0", "wahr", "tRuE"])
def test_another_word_for_true_is_told(folder, word):
    """F4, the kind: what the two readers of a table might take for different values is no value."""
    path = folder / "loading_trials.csv"
    path.write_text(path.read_text("utf-8").replace(",false,", f",{word},", 1), "utf-8")
    told = check.faults(folder, only=["loading_trials"])
    assert [(f.file, f.column, f.found) for f in told] == [
        ("data/loading_trials.csv", "approx", word)
    ]
    with pytest.raises(ValueError, match=f"'approx' has '{word}'"):
        tables.table("loading_trials", folder)


#: What a spreadsheet did -> (table, how it was saved, words of the one fault).
SAVED = {
    "Latin-1": ("studies", {"encoding": "cp1252"}, ("Windows-1252", "UTF-8")),
    "semicolons": ("outcomes", {"separator": ";"}, ("semicolons", "commas")),
    "semicolons and decimal commas": (
        "outcomes",
        {"separator": ";", "comma": True},
        ("semicolons", "a point in a decimal number"),
    ),
    "tabs": ("edges", {"separator": "\t"}, ("tabs", "commas")),
    "two empty columns": ("outcomes", {"more": ("", "")}, ("2 empty columns",)),
    "UTF-16": ("affinities", {"encoding": "utf-16"}, ("UTF-16", "CSV UTF-8")),
}


@pytest.mark.parametrize("name", SAVED)
def test_the_file_is_told_and_nothing_else(folder, name):
    """F30: bytes, separator and header of each file come first; one fault, of the file that has it."""
    table, how, words = SAVED[name]
    saved(folder, table, **how)
    (fault,) = check.faults(folder)
    assert fault.file == f"data/{table}.csv"
    assert all(word in str(fault) for word in words), str(fault)
    with pytest.raises(ValueError, match=f"data/{table}.csv"):
        tables.table(table, folder)


def test_each_cause_in_each_file_is_told(folder):
    """F30: a German spreadsheet does two things to one file; both are told, and another file beside it."""
    saved(folder, "studies", separator=";", encoding="cp1252")
    saved(folder, "outcomes", more=("",))
    told = [(f.file, f.found.split()[0]) for f in check.faults(folder)]
    assert sorted(told) == [
        ("data/outcomes.csv", "1"),
        ("data/studies.csv", "semicolons"),
        ("data/studies.csv", "the"),
    ]


def test_empty_cells_at_the_end_of_lines_are_one_fault(folder):
    """F30: where a spreadsheet adds columns below the header."""
    path = folder / "foods.csv"
    head, *rest = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *(f"{line},," for line in rest)]) + "\n", "utf-8")
    (fault,) = check.faults(folder)
    assert fault.file == "data/foods.csv" and "empty cells at the end" in str(fault)


@pytest.mark.slow
def test_letters_in_pieces_are_told_with_what_they_were(folder):
    """F30, F31: UTF-8 that was opened as Windows-1252 and saved again."""
    path = folder / "statements.csv"
    text = path.read_text("utf-8")
    assert "≥" in text or "α" in text or "β" in text
    at = next(i for i, c in enumerate(text) if c in "≥αβ–’é")
    broken = text[at].encode("utf-8").decode("cp1252")
    path.write_text(text[:at] + broken + text[at + 1 :], "utf-8")
    told = [str(f) for f in check.faults(folder, only=["statements"])]
    assert any("read as Windows-1252 and saved again" in line for line in told), told


def test_no_cell_of_the_book_is_in_pieces():
    assert not [
        (name, row["id"], cell)
        for name in tables.tables()
        for row in tables.rows(name)
        for cell in row.values()
        if check.rows._garbled(cell) != cell
    ]
