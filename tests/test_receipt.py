"""Receipts: a row that changed since somebody looked it up is told, with the columns; a new receipt settles it."""

import shutil

import pytest

from bonebook import tables
from helpers import ROOT, nothing
from press import receipt

ID = "ruth2006-vte-hr"


@pytest.fixture
def root(tmp_path):
    """A copy of the tables, the bibliography and the receipts, which the test may change."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / receipt.FOLDER, tmp_path / receipt.FOLDER)
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "book")
    return tmp_path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def change_row(root, **cells):
    """Change cells of the row ID as somebody would in an editor."""
    path = root / "data" / "outcomes.csv"
    row = receipt.rows(root)["outcomes"][ID]
    line = next(x for x in path.read_text("utf-8").splitlines() if x.startswith(ID))
    new = line
    for column, cell in cells.items():
        new = new.replace(f",{row[column]},", f",{cell},", 1)
    assert new != line
    change(path, line, new)


def told(root):
    return [str(fault) for fault in receipt.faults(root)]


def test_every_row_of_the_book_has_its_receipt():
    nothing(list(map(str, receipt.faults(ROOT))))


@pytest.mark.slow
def test_a_changed_row_is_told_with_its_columns_and_a_new_receipt_settles_it(root):
    assert told(root) == []
    change_row(root, value="1.84")
    (fault,) = told(root)
    assert "data/outcomes.csv:" in fault and ID in fault
    assert ": value" in fault and f"python -m press.receipt {ID}" in fault
    receipt.add([ID], "the paper, table 2", "2026-12-01", root)
    assert told(root) == []
    assert receipt.history(ID, root)[-1] == (
        "2026-12-01 · outcomes · the paper, table 2 · new: value"
    )


@pytest.mark.slow
def test_a_row_without_receipt_and_a_receipt_without_row_are_told(root):
    path = root / "data" / "outcomes.csv"
    line = next(x for x in path.read_text("utf-8").splitlines() if x.startswith(ID))
    change(path, line + "\n", "")
    (fault,) = told(root)
    assert "a receipt and no row" in fault
    receipt.add([ID], "counted twice", "2026-12-01", root, gone=True)
    assert told(root) == []
    change(path, "\n", f"\n{line}\n")
    assert "changed since 2026-12-01" in told(root)[0]


def test_a_changed_entry_of_the_bibliography_is_told(root):
    change(root / "book" / "references.bib", "year = {2000}", "year = {2009}")
    (fault,) = told(root)
    assert fault.startswith("book/references.bib") and ": year" in fault


def test_an_unknown_row_is_refused(root):
    with pytest.raises(KeyError, match="No table and no bibliography has nobody"):
        receipt.add(["nobody"], "somewhere", "2026-12-01", root)


def test_receipts_are_of_the_tables_of_the_book():
    names = {path.stem for path in (ROOT / receipt.FOLDER).glob("*.csv")}
    assert names == {*tables.tables(), receipt.REFERENCES}
