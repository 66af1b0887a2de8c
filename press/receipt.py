"""Receipts: who looked a row up, where and on which day, sealed with a digest of each of its cells.

    python -m press.receipt ID [ID ...] --source WHERE      # after looking the row up again
    python -m press.receipt book/academic/bone.md --source WHO  # after reading a page again (press.passages)
    python -m press.receipt --gone ID --source WHY          # a row was taken out on purpose
    python -m press.receipt --history ID                    # the receipts of a row as a list

receipts/<table>.csv holds them, one line a receipt, oldest first for each row: id, read_on, read_where, then the digest of each
cell under the name of its column. receipts/references.csv holds those of the bibliography, a column a field. A row that
changed without a new receipt, a new row without one and a row that is gone are faults, and they name the columns.
A receipt says that somebody read the source again: writing one without having done so makes it worthless.
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bonebook import tables
from press import console, passages
from press.check import Fault, bibliography

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "receipts"
REFERENCES = "references"
_HEAD = ("id", "read_on", "read_where")
GONE = "gone"  # stands under every column of the receipt of a row that was taken out


@dataclass(frozen=True)
class Receipt:
    """One receipt: the row's id, the day (ISO), where it was read, and {column: digest} of what it then held."""

    id: str
    day: str
    source: str
    seal: dict[str, str]

    @property
    def gone(self) -> bool:
        """Whether it says that the row was taken out."""
        return set(self.seal.values()) == {GONE}

    def changed(self, row: Mapping[str, str]) -> list[str]:
        """The columns in which a row is not what the receipt sealed."""
        now = seal(row)
        return [
            name
            for name in {**self.seal, **now}
            if self.seal.get(name) != now.get(name)
        ]


def seal(row: Mapping[str, str]) -> dict[str, str]:
    """{column: digest} of the cells that hold something: five hexadecimal digits, so that one change in a million hides."""
    return {
        column: hashlib.sha256(f"{column}\0{cell}".encode()).hexdigest()[:5]
        for column, cell in row.items()
        if cell and column != "id"
    }


def rows(root: Path = ROOT) -> dict[str, dict[str, dict[str, str]]]:
    """{table: {id: row}} of every table, and under `references` the fields of every entry of the bibliography."""
    folder = root / "data"
    found = {
        name: {row["id"]: dict(row) for row in tables.rows(name, folder)}
        for name in tables.tables(folder)
    }
    entries = bibliography.known(root / "book" / "references.bib")
    found[REFERENCES] = {key: _fields(entry) for key, entry in entries.items()}
    return found


def _fields(entry) -> dict[str, str]:
    people = {
        role: " and ".join(map(str, persons)) for role, persons in entry.persons.items()
    }
    return {"type": entry.type, **people, **dict(entry.fields)}


def receipts(name: str, root: Path = ROOT) -> list[Receipt]:
    """The receipts of one table in the order of the file; none if it has no file."""
    path = root / FOLDER / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Receipt(
                line["id"],
                line["read_on"],
                line["read_where"],
                {c: d for c, d in line.items() if d and c not in _HEAD},
            )
            for line in csv.DictReader(file)
        ]


def write(name: str, kept: list[Receipt], root: Path = ROOT) -> None:
    """Write the receipts of one table, by id and, for one row, oldest first."""
    columns = list(dict.fromkeys(column for receipt in kept for column in receipt.seal))
    path = root / FOLDER / f"{name}.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow([*_HEAD, *columns])
        for receipt in sorted(kept, key=lambda receipt: receipt.id):
            cells = [receipt.seal.get(column, "") for column in columns]
            lines.writerow([receipt.id, receipt.day, receipt.source, *cells])


def faults(root: Path = ROOT) -> Iterator[Fault]:
    """Rows that are not what their last receipt sealed, rows without one, and receipts whose row is gone."""
    again = "a new receipt: look the row up, then python -m press.receipt"
    for name, found in rows(root).items():
        file = "book/references.bib" if name == REFERENCES else f"data/{name}.csv"
        last = {receipt.id: receipt for receipt in receipts(name, root)}
        for line, (id, row) in enumerate(found.items(), 2):
            place = 0 if name == REFERENCES else line
            if id not in last:
                yield Fault(file, place, id, "", "no receipt", f"{again} {id}")
            elif changed := last[id].changed(row):
                what = f"changed since {last[id].day}: {', '.join(changed)}"
                yield Fault(file, place, id, "", what, f"{again} {id}")
        for id, receipt in last.items():
            if id not in found and not receipt.gone:
                told = f"python -m press.receipt --gone {id}, with the reason"
                yield Fault(file, 0, id, "", "a receipt and no row", told)


def add(
    ids: list[str], source: str, day: str, root: Path = ROOT, gone: bool = False
) -> None:
    """Write a receipt for each row, with today's cells. Raises KeyError, in a sentence, for an id that no table has."""
    found = rows(root)
    if not gone and (
        strange := [id for id in ids if not any(id in t for t in found.values())]
    ):
        raise KeyError(f"No table and no bibliography has {', '.join(strange)}.")
    for name, known in found.items():
        kept = receipts(name, root)
        have = {receipt.id for receipt in kept}
        if gone:
            mine = [id for id in ids if id in have and id not in known]
            new = [Receipt(id, day, source, {"gone": GONE}) for id in mine]
        else:
            new = [
                Receipt(id, day, source, seal(known[id])) for id in ids if id in known
            ]
        if new:
            write(name, kept + new, root)


def history(id: str, root: Path = ROOT) -> list[str]:
    """The receipts of a row in words, oldest first: day, source, what was new."""
    told = []
    for name in (*tables.tables(root / "data"), REFERENCES):
        before: dict[str, str] = {}
        for receipt in (r for r in receipts(name, root) if r.id == id):
            new = [
                c
                for c in {**before, **receipt.seal}
                if before.get(c) != receipt.seal.get(c)
            ]
            what = (
                "taken out" if receipt.gone else f"new: {', '.join(new) or 'nothing'}"
            )
            told.append(f"{receipt.day} · {name} · {receipt.source} · {what}")
            before = receipt.seal
    return told


def main(arguments: list[str] | None = None) -> int:
    """Writes receipts or prints the history of a row; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m press.receipt", description=__doc__
    )
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--source", help="where the row was read: an address, or words")
    parser.add_argument("--day", default=date.today().isoformat())
    parser.add_argument("--gone", action="store_true", help="the rows were taken out")
    parser.add_argument("--history", metavar="ID")
    told = parser.parse_args(arguments)
    if told.history:
        print("\n".join(history(told.history)) or f"No receipt of {told.history}.")
        return 0
    if not told.ids or not told.source:
        parser.error("name the rows or files and, with --source, where they were read")
    named = [name for name in told.ids if "/" in name]
    if strange := set(named) - set(passages.files()):
        sys.exit(f"No file of the book that readers meet is {', '.join(strange)}.")
    for name in named:
        print(f"{name}: {passages.add(name, told.source, told.day)} new")
    try:
        rows_ = [id for id in told.ids if id not in named]
        add(rows_, told.source, told.day, gone=told.gone)
    except KeyError as error:
        sys.exit(error.args[0])
    return 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
