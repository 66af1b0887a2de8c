"""What the check has read and found so far."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from bonebook import tables

NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
Row = dict[str, str]
#: Reports a fault of one row: say(column, found, expected).
Say = Callable[[str, str, str], None]


class Fault(NamedTuple):
    """One fault: file (as printed), line (0: the whole file), row id, column, what was found, what was expected."""

    file: str
    line: int
    id: str
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [
            f"{place} {self.id}".strip(),
            f"column {self.column}" if self.column else "",
            self.found,
            f"expected {self.expected}",
        ]
        return " · ".join(part for part in parts if part)


class Report:
    """The schema of a folder of tables, the rows that could be read, and the faults.

    rows: table -> its rows as (line of the file, row as written).
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.package = tables.schema(folder)
        self.rows: dict[str, list[tuple[int, Row]]] = {}
        self._found: list[Fault] = []
        self._reviewed: dict[str, dict[str, Any]] = self.package["book"].get(
            "reviewed", {}
        )
        self._used: set[tuple[str, str]] = set()

    def fields(self, name: str) -> dict[str, dict[str, Any]]:
        """The columns of a table, in their order: name -> what the schema says of it."""
        schema = tables.resource(name, self.folder)["schema"]
        return {field["name"]: field for field in schema["fields"]}

    def book(self, name: str) -> dict[str, Any]:
        """What the schema says of a table for the book alone."""
        return tables.resource(name, self.folder)["book"]

    def add(self, fault: Fault) -> None:
        """Report a fault of any file."""
        self._found.append(fault)

    def say(self, name: str, line: int, row: str = "") -> Say:
        """How a fault in one line of a table is reported; row: its id."""
        return partial(self._say, name, line, row)

    def _say(
        self, name: str, line: int, row: str, column: str, found: str, expected: str
    ) -> None:
        file = f"{self.folder.name}/{name}.csv"
        self.add(Fault(file, line, row, column, found, expected))

    def excused(self, rule: str, row: str) -> bool:
        """Whether a person has reviewed this exception to a rule."""
        if row not in self._reviewed.get(rule, {}):
            return False
        self._used.add((rule, row))
        return True

    def check_exceptions(self) -> None:
        """An exception that excuses nothing is a fault."""
        file = f"{self.folder.name}/datapackage.json"
        for rule, rows in self._reviewed.items():
            for row in rows:
                if (rule, row) not in self._used:
                    found = f"a reviewed exception to the rule {rule!r}"
                    self.add(Fault(file, 0, row, "", found, "a row that needs it"))

    def faults(self) -> list[Fault]:
        """The faults by file and line. A cell is reported once, by the first rule that it breaks."""
        first: dict[tuple, Fault] = {}
        for fault in self._found:
            first.setdefault(fault[:4] if fault.line else fault, fault)
        return sorted(first.values(), key=lambda fault: fault[:4])


def decimal(cell: str | None) -> Decimal | None:
    """The number in a cell; None if there is none."""
    return Decimal(cell) if cell and NUMBER.fullmatch(cell) else None


def rounds_to(exact: Decimal, written: str) -> bool:
    """Whether a written number is the exact one, rounded to as many decimals as it is written with."""
    places = len(written.partition(".")[2])
    half = Decimal("0.5").scaleb(-places) + Decimal("1e-9")
    return abs(exact - Decimal(written)) <= half
