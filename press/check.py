"""Checks the tables: `python -m press.check [DIR]` prints one line a fault and ends with 1 if there is any.

Types, constraints and foreign keys come from datapackage.json and are checked by frictionless (a build-only dependency);
what a schema cannot say is checked here. Where a published number breaks a rule for a good reason, the `reviewed` part of
datapackage.json names rule, row and reason; an entry there that excuses nothing is a fault too.
"""

import csv
import io
import json
import re
import sys
import unicodedata
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from bonebook import tables
from bonebook.derived import METHODS, compute

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_MISSING = {
    "na",
    "n/a",
    "nan",
    "null",
    "nil",
    "-",
    "--",
    "?",
    ".",
    "inf",
    "missing",
    "not reported",
}
_TYPES = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a date such as 2026-11-20",
}
_ORIGIN = {
    "id",
    "seen",
    "address",
    "looked_up",
    "note",
    "approx",
    "n",
    "events",
    "p_value",
    "sd",
    "se",
    "ci_level",
}


class Fault(NamedTuple):
    """One fault: file (as printed), line (0: the whole file), row id, column, what was found, what was expected."""

    file: str
    line: int
    id: str
    column: str
    found: str
    expected: str

    def __str__(self):
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [
            f"{place} {self.id}".strip(),
            f"column {self.column}" if self.column else "",
            self.found,
            f"expected {self.expected}",
        ]
        return " · ".join(part for part in parts if part)


def faults(folder=None, bibliography=None):
    """Every Fault of the tables in a folder (the book's own when left out), sorted by file and line.

    bibliography: the BibTeX file; book/references.bib beside the folder when left out, skipped if there is none.
    """
    return _Check(Path(folder or tables.DATA), bibliography).run()


def main(arguments=None):
    """Prints the faults of one folder; returns 1 if there are any, else 0."""
    arguments = sys.argv[1:] if arguments is None else arguments
    folder = Path(arguments[0]) if arguments else tables.DATA
    found = faults(folder)
    for fault in found:
        print(fault)
    if found:
        print(f"{len(found)} fault{'s' if len(found) > 1 else ''}.")
    else:
        counts = [len(tables.rows(name, folder)) for name in tables.tables(folder)]
        print(f"No fault in {sum(counts)} rows of {len(counts)} tables.")
    return 1 if found else 0


class _Check:
    def __init__(self, folder, bibliography):
        self.folder, self.found = folder, []
        self.package = tables.schema(folder)
        self.book = self.package["book"]
        self.bibliography = (
            Path(bibliography)
            if bibliography
            else folder.parent / "book" / "references.bib"
        )
        self.rows = {}  # table -> [(line, row)] for the tables that can be read
        self.used = set()  # reviewed exceptions that excused something

    def run(self):
        self.files()
        self.schema()
        for name, rows in self.rows.items():
            for line, row in rows:
                self.cells(name, line, row)
                self.interval(name, line, row)
                self.counts(name, line, row)
                self.origin(name, line, row)
        self.ids()
        self.grammar()
        self.repeats()
        self.arms()
        self.studies()
        self.derived()
        self.reviewed()
        faults, told = [], set()
        for (
            fault
        ) in self.found:  # a cell is reported once, by the first rule that it breaks
            if (place := fault[:4] if fault.line else fault) not in told:
                told.add(place)
                faults.append(fault)
        return sorted(faults, key=lambda fault: fault[:4])

    def add(self, name, line, row, column, found, expected):
        self.found.append(
            Fault(
                f"{self.folder.name}/{name}.csv",
                line,
                row.get("id") or "",
                column,
                found,
                expected,
            )
        )

    def excused(self, rule, row):
        """Whether a person has reviewed this exception to a rule."""
        if row in self.book.get("reviewed", {}).get(rule, {}):
            self.used.add((rule, row))
            return True
        return False

    def fields(self, name):
        return {
            field["name"]: field
            for field in tables.resource(name, self.folder)["schema"]["fields"]
        }

    # --- files ---------------------------------------------------------------------------------------------------

    def files(self):
        """Reads the files as bytes: present, UTF-8 without BOM, LF, the columns of the schema in their order."""
        names = tables.tables(self.folder)
        for path in sorted(self.folder.glob("*.csv")):
            if path.stem not in names:
                self.add(
                    path.stem,
                    0,
                    {},
                    "",
                    "a file that datapackage.json does not name",
                    f"one of {', '.join(names)}",
                )
        for name in names:
            path = self.folder / tables.resource(name, self.folder)["path"]
            if not path.exists():
                self.add(
                    name, 0, {}, "", "no file", "the table that datapackage.json names"
                )
                continue
            data = path.read_bytes()
            if not data.strip():
                self.add(name, 0, {}, "", "an empty file", "a header and rows")
                continue
            if data.startswith(b"\xef\xbb\xbf"):
                self.add(name, 1, {}, "", "a byte order mark", "UTF-8 without one")
            if b"\r" in data:
                line = data[: data.index(b"\r")].count(b"\n") + 1
                self.add(
                    name, line, {}, "", "a carriage return", "lines that end with LF"
                )
            if not data.endswith(b"\n"):
                self.add(
                    name,
                    data.count(b"\n") + 1,
                    {},
                    "",
                    "no line end after the last row",
                    "LF after every row",
                )
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                self.add(
                    name,
                    data[: error.start].count(b"\n") + 1,
                    {},
                    "",
                    f"the byte {data[error.start]:#x}",
                    "text in UTF-8",
                )
                continue
            self.table(name, text)

    def table(self, name, text):
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        wanted = list(self.fields(name))
        try:
            lines = [(reader.line_num, cells) for cells in reader]
        except csv.Error as error:
            self.add(name, reader.line_num, {}, "", str(error), "a CSV file")
            return
        header = lines[0][1]
        if header != wanted:
            for column in [c for c in header if c not in wanted]:
                self.add(
                    name, 1, {}, column, "an extra column", f"only {', '.join(wanted)}"
                )
            for column in [c for c in wanted if c not in header]:
                self.add(
                    name,
                    1,
                    {},
                    column,
                    "a missing column",
                    "every column of datapackage.json",
                )
            if sorted(header) == sorted(wanted):
                column = next(h for h, w in zip(header, wanted) if h != w)
                self.add(
                    name,
                    1,
                    {},
                    column,
                    "a column out of order",
                    f"the order {', '.join(wanted)}",
                )
            elif len(set(header)) < len(header):
                self.add(
                    name,
                    1,
                    {},
                    next(c for c in header if header.count(c) > 1),
                    "a column twice",
                    "each column once",
                )
            return
        self.rows[name] = []
        previous = 1
        for number, cells in lines[1:]:
            row = {"id": cells[0] if cells else ""}
            if number > previous + 1:
                self.add(
                    name,
                    previous + 1,
                    row,
                    "",
                    "a line break inside a cell",
                    "one row a line",
                )
            previous = number
            if len(cells) != len(wanted):
                self.add(
                    name,
                    number,
                    row,
                    "",
                    f"{len(cells)} cells",
                    f"{len(wanted)} cells, one a column",
                )
            else:
                self.rows[name].append((number, dict(zip(wanted, cells))))
        if not lines[1:]:
            self.add(name, 1, {}, "", "a header without rows", "at least one row")

    # --- the schema ----------------------------------------------------------------------------------------------

    def schema(self):
        """Types, constraints and foreign keys, by frictionless, for the tables whose columns are right."""
        from frictionless import Package

        package = json.loads(json.dumps(self.package))
        for resource in package[
            "resources"
        ]:  # frictionless takes NaN for a number and then cannot compare it with a limit
            rows = self.rows.get(resource["name"], [])
            for field in resource["schema"]["fields"]:
                if field["type"] == "number" and any(
                    row[field["name"]].lower().strip("+-") in ("nan", "inf")
                    for _, row in rows
                ):
                    (
                        field.get("constraints", {}).pop("minimum", None),
                        field.get("constraints", {}).pop("maximum", None),
                    )
        report = Package.from_descriptor(package, basepath=str(self.folder)).validate()
        for error in report.errors:
            self.found.append(
                Fault(
                    f"{self.folder.name}/datapackage.json",
                    0,
                    "",
                    "",
                    error.note,
                    "a valid data package",
                )
            )
        for task in report.tasks:
            if task.name not in self.rows:
                continue
            ids = {line: row for line, row in self.rows[task.name]}
            for error in task.errors:
                line = getattr(error, "row_number", 0) or 0
                row = ids.get(line, {})
                if error.type == "foreign-key":
                    if error.reference_name in self.rows:
                        expected = f"an id of {error.reference_name}"
                        self.add(
                            task.name,
                            line,
                            row,
                            error.field_names[0],
                            error.field_cells[0],
                            expected,
                        )
                elif error.type in ("type-error", "constraint-error", "unique-error"):
                    self.add(
                        task.name,
                        line,
                        row,
                        error.field_name,
                        error.cell or "nothing",
                        self.wanted(task.name, error),
                    )
                elif error.type == "primary-key":
                    self.add(
                        task.name,
                        line,
                        row,
                        "id",
                        row.get("id", ""),
                        "an id that no other row has",
                    )
                elif (
                    error.type not in ("extra-cell", "missing-cell", "blank-row")
                    or line in ids
                ):
                    self.add(
                        task.name,
                        line,
                        row,
                        "",
                        error.note,
                        "a table as datapackage.json describes it",
                    )

    def wanted(self, name, error):
        field = self.fields(name)[error.field_name]
        rules = field.get("constraints", {})
        if error.type == "unique-error":
            return "an id that no other row has"
        if error.type == "type-error":
            return _TYPES.get(field["type"], field["type"])
        if '"required"' in error.note:
            return "something in this column"
        for rule, words in (("minimum", "at least"), ("maximum", "at most")):
            if f'"{rule}"' in error.note:
                return f"{words} {rules[rule]}"
        if "enum" in error.note:
            return f"one of {', '.join(rules['enum'])}"
        return (
            f"text of the form {rules['pattern']}" if "pattern" in rules else error.note
        )

    # --- cells ---------------------------------------------------------------------------------------------------

    def cells(self, name, line, row):
        fields = self.fields(name)
        for column, cell in row.items():
            field, kind = fields[column], fields[column]["type"]
            if not cell:
                continue
            odd = next(
                (
                    c
                    for c in cell
                    if c != " "
                    and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Zs")
                ),
                None,
            )
            if odd:
                self.add(
                    name,
                    line,
                    row,
                    column,
                    f"{cell!r} with the character U+{ord(odd):04X}",
                    "plain spaces only",
                )
            elif cell != cell.strip() or "  " in cell:
                self.add(name, line, row, column, repr(cell), "no stray spaces")
            elif cell.lower() in _MISSING and not field.get(
                "constraints", {}
            ).keys() & {"enum", "pattern"}:
                self.add(
                    name,
                    line,
                    row,
                    column,
                    cell,
                    "an empty cell where nothing is known",
                )
            elif kind in ("number", "integer") and not _NUMBER.fullmatch(cell):
                self.add(name, line, row, column, cell, "a plain decimal number")
            elif (
                kind == "date"
                and re.fullmatch(r"\d{4}-\d\d-\d\d", cell)
                and cell > date.today().isoformat()
            ):
                self.add(name, line, row, column, cell, "a day that has passed")

    def interval(self, name, line, row):
        value, low, high = (
            _decimal(row.get(column)) for column in ("value", "ci_low", "ci_high")
        )
        if (low is None) != (high is None):
            column = "ci_low" if low is None else "ci_high"
            self.add(
                name,
                line,
                row,
                column,
                row[column] or "nothing",
                "both limits of an interval, or neither",
            )
        elif low is not None:
            if value is None:
                self.add(
                    name,
                    line,
                    row,
                    "value",
                    row["value"] or "nothing",
                    "the estimate of the interval",
                )
            if low > high:
                self.add(
                    name,
                    line,
                    row,
                    "ci_low",
                    row["ci_low"],
                    f"at most the upper limit {row['ci_high']}",
                )
            elif (
                value is not None
                and not low <= value <= high
                and not self.excused("interval", row["id"])
            ):
                column, words = (
                    ("ci_low", "at most") if low > value else ("ci_high", "at least")
                )
                self.add(
                    name,
                    line,
                    row,
                    column,
                    row[column],
                    f"{words} the estimate {row['value']}",
                )
        if "ci_level" in row and bool(row["ci_level"]) != (low is not None):
            expected = "a level wherever an interval stands, and only there"
            self.add(
                name, line, row, "ci_level", row["ci_level"] or "nothing", expected
            )
        if row.get("unit") == "ratio":
            for column in ("value", "ci_low", "ci_high"):
                number = _decimal(row.get(column))
                if number is not None and (
                    number < 0 or number == 0 and column == "value"
                ):
                    self.add(name, line, row, column, row[column], "a ratio above zero")

    def counts(self, name, line, row):
        value, events, n = (
            _decimal(row.get(column)) for column in ("value", "events", "n")
        )
        measure = row.get("measure")
        if events is not None and n is not None and events > n:
            self.add(
                name,
                line,
                row,
                "events",
                row["events"],
                f"at most the {row['n']} people",
            )
        if name == "outcomes" and row["unit"] not in self.book["units"].get(
            measure, [row["unit"]]
        ):
            self.add(
                name,
                line,
                row,
                "unit",
                row["unit"],
                f"{' or '.join(self.book['units'][measure])} for a {measure}",
            )
        if value is None:
            return
        share = measure in ("risk", "share") or row.get("statistic") == "share of women"
        if share and row["unit"] == "%" and not 0 <= value <= 100:
            self.add(
                name, line, row, "value", row["value"], "a percentage from 0 to 100"
            )
        if measure == "count":
            if value != int(value) or value < 0 or (n is not None and value > n):
                self.add(
                    name,
                    line,
                    row,
                    "value",
                    row["value"],
                    "a whole number of people, at most n",
                )
            elif events is not None and events != value:
                self.add(
                    name,
                    line,
                    row,
                    "events",
                    row["events"],
                    f"the count {row['value']}",
                )
        elif (
            measure in ("rate", "number needed to treat", "number needed to harm")
            and value < 0
        ):
            self.add(name, line, row, "value", row["value"], "0 or more")
        years, given = _decimal(row.get("person_years")), None
        if measure == "risk" and events is not None and n:
            given = events / n * (100 if row["unit"] == "%" else 1000)
        elif (
            measure == "rate"
            and events is not None
            and years
            and row["unit"].startswith("per 1,000")
        ):
            given = events / years * 1000
        if (
            given is not None
            and not _rounds_to(given, row["value"])
            and not self.excused(measure, row["id"])
        ):
            self.add(
                name,
                line,
                row,
                "value",
                row["value"],
                f"{float(given):.4g}, from {events} events among {n or years}",
            )

    def origin(self, name, line, row):
        needed = (
            row.get("seen", "primary") not in ("unverified", "")
            and row.get("kind") != "source document"
        )
        if needed and row.get("address") == "":
            self.add(
                name,
                line,
                row,
                "address",
                "nothing",
                "the address where it was read, unless it is unverified",
            )
        if "address" in row and row["address"] and not row["looked_up"]:
            self.add(
                name, line, row, "looked_up", "nothing", "the day on which it was read"
            )
        for study in row.get("further_studies", "").split():
            if all(study != known["id"] for _, known in self.rows.get("studies", [])):
                self.add(name, line, row, "further_studies", study, "ids of studies")

    # --- rows together -------------------------------------------------------------------------------------------

    def grammar(self):
        """An id begins as its table says, a placebo arm has the word `plac` in it, and rows stand in the order of their ids."""
        for name, rows in self.rows.items():
            begins = tables.resource(name, self.folder)["book"].get("ids", "")
            before = ""
            for line, row in rows:
                words = row["id"].split("-")
                start = begins.format(study=row.get("study", ""))
                if not row["id"].startswith(start):
                    self.add(name, line, row, "id", row["id"], f"a beginning {start!r}")
                arm = row.get("drug") == "placebo"
                if name != "drugs" and (
                    "placebo" in words or (arm and "plac" not in words)
                ):
                    self.add(
                        name, line, row, "id", row["id"], "`plac` for a placebo arm"
                    )
                if row["id"] < before:
                    expected = (
                        f"rows in the order of their ids (it stands after {before})"
                    )
                    self.add(name, line, row, "id", row["id"], expected)
                before = max(before, row["id"])

    def ids(self):
        first = {}
        for name, rows in self.rows.items():
            for line, row in rows:
                if row["id"] in first:
                    self.add(
                        name,
                        line,
                        row,
                        "id",
                        row["id"],
                        f"an id that no other row has (it stands in {first[row['id']]})",
                    )
                elif row["id"]:
                    first[row["id"]] = f"{name}.csv:{line}"

    def repeats(self):
        for name, rows in self.rows.items():
            first = {}
            for line, row in rows:
                key = tuple(
                    cell for column, cell in row.items() if column not in _ORIGIN
                )
                if key in first and not self.excused("repeated", row["id"]):
                    self.add(
                        name,
                        line,
                        row,
                        "id",
                        row["id"],
                        f"a row that says something new; it repeats {first[key]}",
                    )
                first.setdefault(key, row["id"])

    def arms(self):
        """The arms of a study were measured at the same months, at each site, for each statistic and population."""
        for name, rows in self.rows.items():
            group_by = tables.resource(name, self.folder)["book"].get("arms")
            groups = defaultdict(lambda: defaultdict(list))
            for line, row in rows if group_by else []:
                if row["comparator"] in ("", "baseline"):
                    arm = row["drug"], row["dose_mg"], row["regimen"]
                    groups[tuple(row[column] for column in group_by)][arm].append(
                        (line, row)
                    )
            for arms in groups.values():
                every = {row["months"] for arm in arms.values() for _, row in arm}
                for arm in arms.values():
                    lacking = every - {row["months"] for _, row in arm}
                    line, row = arm[0]
                    if lacking and not self.excused("arms", row["id"]):
                        expected = f"this arm also at month {', '.join(sorted(lacking))}, as the other arms at this site"
                        self.add(name, line, row, "months", row["months"], expected)

    def studies(self):
        """Every study has its entry in the bibliography, and every entry its study."""
        rows = self.rows.get("studies", [])
        for line, row in rows:
            years = re.findall(r"\b(?:19|20)\d\d\b", row["authors_year"])
            if years and row["year"] and row["year"] not in years:
                self.add(
                    "studies",
                    line,
                    row,
                    "year",
                    row["year"],
                    f"the year of {row['authors_year']!r}",
                )
        if not rows or not self.bibliography.exists():
            return
        text = self.bibliography.read_text(encoding="utf-8")
        entries = re.findall(
            r"^@(?!comment|string|preamble)\w+\{\s*([^,\s]+)\s*,",
            text,
            flags=re.M | re.I,
        )
        place = f"{self.bibliography.parent.name}/{self.bibliography.name}"
        for line, row in rows:
            if row["kind"] != "source document" and row["id"] not in entries:
                self.add(
                    "studies",
                    line,
                    row,
                    "id",
                    row["id"],
                    f"an entry with this key in {place}",
                )
        known = {row["id"] for _, row in rows}
        for entry in entries:
            if entry not in known or entries.count(entry) > 1:
                line = (
                    text[
                        : re.search(
                            rf"^@\w+\{{\s*{re.escape(entry)}\s*,", text, flags=re.M
                        ).start()
                    ].count("\n")
                    + 1
                )
                found = "an entry" + (" twice" if entry in known else "")
                self.found.append(
                    Fault(
                        place,
                        line,
                        entry,
                        "",
                        found,
                        "one row of studies.csv for each entry",
                    )
                )

    def derived(self):
        known = {row["id"]: row for rows in self.rows.values() for _, row in rows}
        for line, row in self.rows.get("derived", []):
            inputs = []
            for target in row["inputs"].split():
                name, _, column = target.partition(":")
                if name not in known:
                    self.add("derived", line, row, "inputs", target, "ids of rows")
                    continue
                source = known[name]
                inputs.append(
                    {
                        **source,
                        "value": source.get(column or "value", ""),
                        "unit": "" if column else source.get("unit", ""),
                    }
                )
            if len(inputs) < len(row["inputs"].split()) or row["method"] not in METHODS:
                continue
            try:
                value, low, high = compute(row, inputs)
            except (
                ValueError,
                KeyError,
                TypeError,
                IndexError,
                ArithmeticError,
            ) as error:
                self.add(
                    "derived",
                    line,
                    row,
                    "inputs",
                    row["inputs"],
                    f"inputs from which {row['method']} can be computed ({error})",
                )
                continue
            for column, number in (
                ("value", value),
                ("ci_low", low),
                ("ci_high", high),
            ):
                if row[column] and number is None:
                    self.add(
                        "derived",
                        line,
                        row,
                        column,
                        row[column],
                        "nothing: this method and these inputs give no interval",
                    )
                elif (
                    row[column]
                    and _decimal(row[column]) is not None
                    and not _rounds_to(Decimal(repr(number)), row[column])
                ):
                    self.add(
                        "derived",
                        line,
                        row,
                        column,
                        row[column],
                        f"{number:.5g}, computed from its inputs",
                    )

    def reviewed(self):
        for rule, rows in self.book.get("reviewed", {}).items():
            for row in rows:
                if (rule, row) not in self.used:
                    self.found.append(
                        Fault(
                            f"{self.folder.name}/datapackage.json",
                            0,
                            row,
                            "",
                            f"a reviewed exception to the rule {rule!r}",
                            "a row that needs it",
                        )
                    )


def _rounds_to(exact, written):
    """Whether a written number is the exact one, rounded to as many decimals as it is written with."""
    places = len(written.partition(".")[2])
    return abs(exact - Decimal(written)) <= Decimal("0.5").scaleb(-places) + Decimal(
        "1e-9"
    )


def _decimal(cell):
    return Decimal(cell) if cell and _NUMBER.fullmatch(cell) else None


if __name__ == "__main__":
    sys.exit(main())
