"""The check of the tables finds what is wrong: data/ is copied and broken, one way at a time, and each break must be reported.

Each case names the table, the cell it breaks and where the fault must be reported (row id and column).
"""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from bonebook import tables
from press import check

BOOK = tables.DATA.parent / "book" / "references.bib"


@pytest.fixture
def folder(tmp_path):
    """A copy of data/ and of the bibliography that a test may break."""
    return copied(tmp_path)


def copied(root):
    shutil.copytree(tables.DATA, root / "data")
    (root / "book").mkdir()
    shutil.copy(BOOK, root / "book")
    return root / "data"


def test_the_tables_of_the_book_have_no_fault():
    assert [str(fault) for fault in check.faults()] == []


class Table:
    """One table of a copy, as lists of text, to be broken and written again."""

    def __init__(self, folder, name):
        self.path = folder / f"{name}.csv"
        with self.path.open(encoding="utf-8", newline="") as file:
            self.header, *self.rows = csv.reader(file)

    def row(self, name):
        return next(row for row in self.rows if row[0] == name)

    def set(self, name, **cells):
        for column, cell in cells.items():
            self.row(name)[self.header.index(column)] = cell

    def write(self, newline="\n", encoding="utf-8"):
        with self.path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, lineterminator=newline).writerows(
                [self.header, *self.rows]
            )


BMD, HR, RISK, RATE = (
    "johnston2000-ls-bmd-rlx60",
    "ruth2006-chd-hr",
    "barrettconnor2002-bc2002-cv-risk-rlx60",
    "ruth2006-chd-rate-rlx60",
)


def cells(table, row, where=None, **changes):
    """A break: cells of one row changed; the fault must be reported at that row, in the column `where` (the first one changed)."""
    return table, changes, row, where or next(iter(changes))


# name of the break -> (table, cells to change, row, column in which it must be reported)
CELLS = {
    "text in a number": cells("bmd_change", BMD, value="1.28 %"),
    "a comma for a point": cells("bmd_change", BMD, value="1,28"),
    "a minus that is not a hyphen": cells("bmd_change", BMD, value="\u22121.28"),
    "an exponent": cells("bmd_change", BMD, value="1.28e0"),
    "a plus sign": cells("bmd_change", BMD, value="+1.28"),
    "NaN in a number": cells("bmd_change", BMD, se="NaN"),
    "an infinite number": cells("bmd_change", BMD, se="INF"),
    "NA for nothing": cells("bmd_change", BMD, regimen="NA"),
    "null for nothing": cells("outcomes", HR, note="null"),
    "a question mark for nothing": cells("studies", "johnston2000", design="?"),
    "half a person": cells("studies", "johnston2000", n_total="1145.5"),
    "no people": cells("studies", "johnston2000", n_total="0"),
    "a yes that is not true": cells("bmd_change", BMD, approx="yes"),
    "nothing where something must stand": cells("bmd_change", BMD, site=""),
    "a row without a value": cells("bmd_change", BMD, value=""),
    "a row without a name": cells("markers", "walsh1998-ldl-rlx60", id=""),
    "a name with capitals": cells(
        "bmd_change", "delmas1997-ls-diff-rlx60", id="Delmas1997-LS"
    ),
    "a unit that no list has": cells("bmd_change", BMD, unit="percent"),
    "a risk that is a ratio": cells("outcomes", RISK, unit="ratio"),
    "a hazard ratio in %": cells("outcomes", HR, unit="%"),
    "a measure that no list has": cells("outcomes", HR, measure="risk ratio"),
    "a statistic that no list has": cells(
        "bmd_change", BMD, statistic="average change"
    ),
    "a site that no list has": cells("bmd_change", BMD, site="lumber spine"),
    "an outcome that no list has": cells("outcomes", HR, outcome="heart trouble"),
    "a marker that no list has": cells("markers", "walsh1998-ldl-rlx60", marker="LDL"),
    "a study that is missing": cells("bmd_change", BMD, study="johnson2000"),
    "a study that is missing among further studies": cells(
        "tissue_actions",
        "tissue-raloxifene-breast",
        further_studies="ruth2006 nobody1999",
    ),
    "an unknown drug": cells("outcomes", HR, drug="raloxifen"),
    "an unknown comparator": cells("outcomes", HR, comparator="sugar"),
    "a source that is neither seen nor unseen": cells("outcomes", HR, seen="recalled"),
    "a negative standard error": cells("bmd_change", BMD, se="-0.23"),
    "a negative dose": cells("bmd_change", BMD, dose_mg="-60"),
    "an interval above its estimate": cells("outcomes", HR, ci_low="0.96"),
    "an interval below its estimate": cells("outcomes", HR, ci_high="0.94"),
    "an interval upside down": cells("outcomes", HR, ci_low="1.07", ci_high="0.84"),
    "an interval without its estimate": cells("outcomes", HR, value=""),
    "half an interval": cells("outcomes", HR, ci_high=""),
    "an interval without its level": cells("outcomes", HR, ci_level=""),
    "a level without an interval": cells("bmd_change", BMD, ci_level="95"),
    "a level that is a proportion": cells("outcomes", HR, ci_level="0.95"),
    "a ratio of nothing": cells("outcomes", HR, where="value", value="0", ci_low="0"),
    "a negative ratio": cells("outcomes", HR, ci_low="-0.84"),
    "more events than people": cells("outcomes", RISK, where="events", events="3000"),
    "a risk above 100 %": cells("outcomes", "johnston2000-hotflash-rlx60", value="125"),
    "a risk below nothing": cells(
        "outcomes", "johnston2000-hotflash-rlx60", value="-25"
    ),
    "a risk that its events do not give": cells("outcomes", RISK, value="9.9"),
    "a negative rate": cells("outcomes", RATE, value="-20"),
    "a date of another country": cells("bmd_change", BMD, looked_up="20/11/2026"),
    "a date in the future": cells("bmd_change", BMD, looked_up="2126-11-20"),
    "a day that no month has": cells("bmd_change", BMD, looked_up="2026-02-30"),
    "an address without https": cells(
        "bmd_change", BMD, address="www.ncbi.nlm.nih.gov/pubmed/11112238"
    ),
    "an address with a space": cells(
        "bmd_change", BMD, address="https://pubmed.ncbi.nlm.nih.gov/ 11112238"
    ),
    "a number without its address": cells("bmd_change", BMD, address=""),
    "an address without its day": cells("bmd_change", BMD, looked_up=""),
    "a space at the end": cells("bmd_change", BMD, population="healthy women "),
    "two spaces": cells("bmd_change", BMD, population="healthy  women"),
    "a space that does not break": cells(
        "bmd_change", BMD, population="healthy\u00a0women"
    ),
    "a space without width": cells("bmd_change", BMD, population="healthy\u200bwomen"),
    "a tab": cells("bmd_change", BMD, note="one\ttwo"),
    "a DOI with its address": cells(
        "studies", "johnston2000", doi="https://doi.org/10.1001/archinte.160.22.3444"
    ),
    "a PubMed number with words": cells(
        "studies", "johnston2000", pmid="PMID 11112238"
    ),
    "a year that is not the authors'": cells("studies", "johnston2000", year="2001"),
    "a year to come": cells("studies", "johnston2000", year="2126"),
    "a kind of study that no list has": cells("studies", "johnston2000", kind="RCT"),
    "a tissue that no list has": cells(
        "tissue_actions", "tissue-raloxifene-breast", tissue="brain"
    ),
    "an influence without a sign": cells("edges", "edge-pth-sost", sign="down"),
    "a page that is no page": cells(
        "claims", "rlx-i2", pages="intermediate/density.md"
    ),
    "a verdict that no list has": cells("claims", "rlx-i2", verdict="mostly true"),
    "a derived number that its inputs do not give": cells(
        "derived", "derived-ruth2006-5y-vte-diff", value="6.84"
    ),
    "a derived interval that its inputs do not give": cells(
        "derived", "derived-ruth2006-5y-vte-diff", ci_high="13.57"
    ),
    "a derived number from a row that is missing": cells(
        "derived", "derived-ruth2006-5y-vte-diff", inputs="nobody ruth2006-vte-hr"
    ),
    "a derived number from rows of the wrong sort": cells(
        "derived",
        "derived-ruth2006-5y-vte-diff",
        inputs="ruth2006-vte-hr mosca2009-vte-rate-plac",
    ),
    "a method that no list has": cells(
        "derived", "derived-ruth2006-5y-vte-diff", method="guess"
    ),
}


#: Breaks of the name of a row itself; each needs a copy of its own.
NAMES = [name for name, (_, changes, _, _) in CELLS.items() if "id" in changes]


def broken_together(folder):
    """The tables with a copy of its row for each break, broken that one way, and a whole copy of each such row.

    Returns the faults by copy. That a copy says again what its row says is a fault of every one, in the column `id`.
    """
    copies, broken = {}, {}
    for name in set(CELLS) - set(NAMES):
        table, changes, row, _ = CELLS[name]
        here = broken.setdefault(table, Table(folder, table))
        for copy_, cells_ in ((f"whole copy of {row}", {}), (name, changes)):
            slug = re.sub(r"\W+", "-", copy_.lower()).strip("-")
            copies[copy_] = f"{row}-{slug}"
            if all(copies[copy_] != known[0] for known in here.rows):
                here.rows.append([copies[copy_], *here.row(row)[1:]])
                here.set(copies[copy_], **cells_)
    for table in broken.values():
        table.rows.sort()
        table.write()
    told = check.faults(folder, only=list(broken))
    lines = {row[0]: n for t in broken.values() for n, row in enumerate(t.rows, 2)}
    return {
        name: [fault for fault in told if fault.id == copy_]
        for name, copy_ in copies.items()
    }, {name: (copy_, lines[copy_]) for name, copy_ in copies.items()}


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    return broken_together(copied(tmp_path_factory.mktemp("together")))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(CELLS) - set(NAMES)))
def test_a_broken_cell_is_reported(together, name):
    """Beside all others; a whole copy of the same row has no such fault."""
    told, copies = together
    table, _, row, column = CELLS[name]
    copy_, line = copies[name]
    whole = {(fault.column, fault.found) for fault in told[f"whole copy of {row}"]}
    found = [fault for fault in told[name] if (fault.column, fault.found) not in whole]
    place = (f"data/{table}.csv", line, copy_, column)
    assert place in [fault[:4] for fault in found], "\n".join(map(str, found))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_broken_name_is_reported(folder, name):
    table, changes, row, column = CELLS[name]
    broken = Table(folder, table)
    broken.set(row, **changes)
    line = next(n for n, r in enumerate(broken.rows, 2) if r[0] == changes["id"])
    broken.write()
    told = check.faults(folder, only=[table])
    expected = (f"data/{table}.csv", line, changes["id"], column)
    assert expected in [fault[:4] for fault in told], "\n".join(map(str, told))


def first_bytes(folder, name, change):
    path = folder / f"{name}.csv"
    path.write_bytes(change(path.read_bytes()))


def rows_changed(folder, name, change, **how):
    table = Table(folder, name)
    change(table)
    table.write(**how)


def twice(table):
    table.rows.insert(1, list(table.rows[0]))


def said_again(table):
    table.rows.append([f"{BMD}-again", *table.row(BMD)[1:]])
    table.rows.sort()


def another_name(table):
    table.rows[0][0] = BMD


def extra(table):
    table.header.append("weight")
    for row in table.rows:
        row.append("")


def lacking(table):
    at = table.header.index("se")
    for row in [table.header, *table.rows]:
        del row[at]


def exchanged(table):
    for row in [table.header, *table.rows]:
        row[-1], row[-2] = row[-2], row[-1]


def exception(folder):
    path = folder / "datapackage.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["book"]["reviewed"]["risk"] = {"nobody": "no reason"}
    path.write_text(json.dumps(schema), encoding="utf-8")


def another_month(table):
    table.set("johnston2000-ls-bmd-plac", months="24")


def entry_added(folder):
    path = folder.parent / "book" / "references.bib"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "\n@article{nobody1999,\n  title = {Nothing},\n}\n",
        encoding="utf-8",
    )


def entry_removed(folder):
    path = folder.parent / "book" / "references.bib"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{johnston2000,", "{johnston2001,"),
        encoding="utf-8",
    )


# name of the break -> (what is done, file, row id, column, words of the line)
FILES = {
    "a byte order mark": (
        lambda f: first_bytes(f, "foods", lambda b: b"\xef\xbb\xbf" + b),
        "data/foods.csv",
        "",
        "",
        "byte order mark",
    ),
    "lines of Windows": (
        lambda f: rows_changed(f, "foods", lambda _: None, newline="\r\n"),
        "data/foods.csv",
        "",
        "",
        "carriage return",
    ),
    "an empty file": (
        lambda f: first_bytes(f, "foods", lambda _: b""),
        "data/foods.csv",
        "",
        "",
        "an empty file",
    ),
    "a header without rows": (
        lambda f: first_bytes(f, "foods", lambda b: b.split(b"\n")[0] + b"\n"),
        "data/foods.csv",
        "",
        "",
        "without rows",
    ),
    "another encoding": (
        lambda f: rows_changed(
            f,
            "affinities",
            lambda t: t.rows[0].__setitem__(-1, "caf\u00e9 \u03b1"),
            encoding="utf-16",
        ),
        "data/affinities.csv",
        "",
        "",
        "UTF-8",
    ),
    "a byte that is no UTF-8": (
        lambda f: first_bytes(f, "foods", lambda b: b + b"\xe9\n"),
        "data/foods.csv",
        "",
        "",
        "0xe9",
    ),
    "no line end at the end": (
        lambda f: first_bytes(f, "foods", lambda b: b.rstrip(b"\n")),
        "data/foods.csv",
        "",
        "",
        "no line end",
    ),
    "a file that is missing": (
        lambda f: (f / "foods.csv").unlink(),
        "data/foods.csv",
        "",
        "",
        "no file",
    ),
    "a file too many": (
        lambda f: shutil.copy(f / "foods.csv", f / "drinks.csv"),
        "data/drinks.csv",
        "",
        "",
        "does not name",
    ),
    "an extra column": (
        lambda f: rows_changed(f, "bmd_change", extra),
        "data/bmd_change.csv",
        "",
        "weight",
        "extra column",
    ),
    "a missing column": (
        lambda f: rows_changed(f, "bmd_change", lacking),
        "data/bmd_change.csv",
        "",
        "se",
        "missing column",
    ),
    "columns in another order": (
        lambda f: rows_changed(f, "bmd_change", exchanged),
        "data/bmd_change.csv",
        "",
        "note",
        "out of order",
    ),
    "a cell too many": (
        lambda f: rows_changed(f, "bmd_change", lambda t: t.row(BMD).append("more")),
        "data/bmd_change.csv",
        BMD,
        "",
        "25 cells",
    ),
    "a cell too few": (
        lambda f: rows_changed(f, "bmd_change", lambda t: t.row(BMD).pop()),
        "data/bmd_change.csv",
        BMD,
        "",
        "23 cells",
    ),
    "a line break in a cell": (
        lambda f: rows_changed(f, "bmd_change", lambda t: t.set(BMD, note="one\ntwo")),
        "data/bmd_change.csv",
        BMD,
        "",
        "line break",
    ),
    "a quote that does not end": (
        lambda f: first_bytes(f, "foods", lambda b: b + b'"\n'),
        "data/foods.csv",
        "",
        "",
        "CSV",
    ),
    "a row twice": (
        lambda f: rows_changed(f, "foods", twice),
        "data/foods.csv",
        None,
        "id",
        "no other row",
    ),
    "one name in two tables": (
        lambda f: rows_changed(f, "foods", another_name),
        "data/foods.csv",
        BMD,
        "id",
        "it stands in bmd_change.csv",
    ),
    "one result under two names": (
        lambda f: rows_changed(f, "bmd_change", said_again),
        "data/bmd_change.csv",
        f"{BMD}-again",
        "id",
        f"repeats {BMD}",
    ),
    "an arm at another month": (
        lambda f: rows_changed(f, "bmd_change", another_month),
        "data/bmd_change.csv",
        BMD,
        "months",
        "also at month 24",
    ),
    "a study without a reference": (
        entry_removed,
        "data/studies.csv",
        "johnston2000",
        "id",
        "an entry with this key",
    ),
    "a reference without a study": (
        entry_added,
        "book/references.bib",
        "nobody1999",
        "",
        "one row of studies.csv",
    ),
    "an exception that excuses nothing": (
        exception,
        "data/datapackage.json",
        "nobody",
        "",
        "a row that needs it",
    ),
}


@pytest.mark.weekly
@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_reported(folder, name):
    act, file, row, column, words = FILES[name]
    act(folder)
    table = Path(file).stem
    told = check.faults(folder, only=[table] if table in tables.tables() else None)
    found = [
        fault
        for fault in told
        if fault.file == file
        and fault.column == column
        and words in str(fault)
        and row in (None, fault.id)
    ]
    assert found, "\n".join(map(str, told))


@pytest.mark.weekly
@pytest.mark.slow
def test_a_table_by_itself_is_checked_as_with_the_others(folder):
    """`only` leaves other tables out and hides no fault of its own."""
    broken = Table(folder, "bmd_change")
    broken.set(BMD, drug="raloxifen", note="two  spaces", ci_level="95")
    broken.write()
    alone = check.faults(folder, only=["bmd_change"])
    assert {fault.column for fault in alone} == {"drug", "note", "ci_level"}
    assert alone == check.faults(folder)
    assert check.faults(folder, only=["foods"]) == []


@pytest.mark.weekly
@pytest.mark.slow
def test_the_command_prints_a_line_a_fault_and_ends_with_1(folder, capsys):
    assert check.main([str(folder)]) == 0
    assert "No fault in" in capsys.readouterr().out
    row, broken = "cuzick2013-cuz-pooled-vte", Table(folder, "outcomes")
    broken.set(row, ci_low="1.9")
    broken.write()
    assert check.main([str(folder)]) == 1
    *lines, count = capsys.readouterr().out.splitlines()
    number = broken.rows.index(broken.row(row)) + 2
    place = f"data/outcomes.csv:{number} {row} · column"
    assert f"{place} ci_low · 1.9 · expected at most the estimate 1.73" in lines
    told = [line for line in lines if line.startswith(place)]
    assert told[1].startswith(f"{place} value · 1.73 · expected about")
    # and the claim that tells the limit
    assert any(line.startswith("data/claims.csv") for line in lines)
    assert count == f"{len(lines)} faults." == "3 faults."
