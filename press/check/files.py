"""The files as bytes and as CSV: present, UTF-8 without a byte order mark, LF, the columns of the schema in their order."""

import csv
import io

from bonebook import tables

from .report import Report


def check(report: Report) -> None:
    """Reads every table; those whose columns are right are then in `report.rows`."""
    names = tables.tables(report.folder)
    for path in sorted(report.folder.glob("*.csv")):
        if path.stem not in names:
            found = "a file that datapackage.json does not name"
            report.say(path.stem, 0)("", found, f"one of {', '.join(names)}")
    for name in names:
        text = _text(report, name)
        if text:
            _rows(report, name, text)


def _text(report: Report, name: str) -> str:
    """The file as text; empty if it cannot be read."""
    path = report.folder / tables.resource(name, report.folder)["path"]
    if not path.exists():
        report.say(name, 0)("", "no file", "the table that datapackage.json names")
        return ""
    data = path.read_bytes()
    if not data.strip():
        report.say(name, 0)("", "an empty file", "a header and rows")
        return ""
    if data.startswith(b"\xef\xbb\xbf"):
        report.say(name, 1)("", "a byte order mark", "UTF-8 without one")
    if b"\r" in data:
        line = data[: data.index(b"\r")].count(b"\n") + 1
        report.say(name, line)("", "a carriage return", "lines that end with LF")
    if not data.endswith(b"\n"):
        line = data.count(b"\n") + 1
        report.say(name, line)(
            "", "no line end after the last row", "LF after every row"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report.say(name, line)("", f"the byte {data[error.start]:#x}", "text in UTF-8")
        return ""


def _rows(report: Report, name: str, text: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        report.say(name, reader.line_num)("", str(error), "a CSV file")
        return
    (_, header), *lines = lines
    wanted = list(report.fields(name))
    if header != wanted:
        _columns(report, name, header, wanted)
        return
    report.rows[name] = []
    previous = 1
    for number, cells in lines:
        row = cells[0] if cells else ""
        if number > previous + 1:
            report.say(name, previous + 1, row)(
                "", "a line break inside a cell", "one row a line"
            )
        previous = number
        if len(cells) == len(wanted):
            together = dict(zip(wanted, cells, strict=True))
            report.rows[name].append((number, together))
        else:
            expected = f"{len(wanted)} cells, one a column"
            report.say(name, number, row)("", f"{len(cells)} cells", expected)
    if not lines:
        report.say(name, 1)("", "a header without rows", "at least one row")


def _columns(report: Report, name: str, header: list[str], wanted: list[str]) -> None:
    """What is wrong with a header that is not the wanted one."""
    say = report.say(name, 1)
    for column in header:
        if column not in wanted:
            say(column, "an extra column", f"only {', '.join(wanted)}")
    for column in wanted:
        if column not in header:
            say(column, "a missing column", "every column of datapackage.json")
    twice = [column for column in header if header.count(column) > 1]
    if sorted(header) == sorted(wanted):
        pairs = zip(header, wanted, strict=True)
        column = next(found for found, right in pairs if found != right)
        say(column, "a column out of order", f"the order {', '.join(wanted)}")
    elif twice:
        say(twice[0], "a column twice", "each column once")
