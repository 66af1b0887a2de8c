"""The files as bytes and as CSV: present, UTF-8 without a byte order mark, LF, the columns of the schema in their order.

These are looked at first. A table that cannot be read (another encoding, another separator, another header, lines of
another length) is told of its own file, and nothing else is asked: what follows from it would bury the cause.
"""

import csv
import io

from bonebook import tables

from .report import Report

#: What to choose where a spreadsheet saves.
SAVED = "in a spreadsheet the format is called CSV UTF-8"


def check(report: Report) -> bool:
    """Reads every table; those that can be read are then in `report.rows`. Whether all can."""
    names = tables.tables(report.folder)
    for path in sorted(report.folder.glob("*.csv")):
        if path.stem not in names:
            found = "a file that datapackage.json does not name"
            report.say(path.stem, 0)("", found, f"one of {', '.join(names)}")
    for name in names:
        text = _text(report, name)
        if text:
            _rows(report, name, text)
    return len(report.rows) == len(names)


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
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.say(name, 1)("", "text in UTF-16", f"text in UTF-8 ({SAVED})")
        return ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _foreign(report, name, data, error.start)
        return ""
    if data.startswith(b"\xef\xbb\xbf"):
        report.say(name, 1)("", "a byte order mark", "UTF-8 without one")
    if b"\r" in data:
        line = data[: data.index(b"\r")].count(b"\n") + 1
        report.say(name, line)("", "a carriage return", "lines that end with LF")
    if not data.endswith((b"\n", b"\r")):
        line = data.count(b"\n") + 1
        report.say(name, line)(
            "", "no line end after the last row", "LF after every row"
        )
    return text


def _foreign(report: Report, name: str, data: bytes, at: int) -> None:
    """A file in another encoding than UTF-8: its first such byte, and the word as Windows-1252 reads it."""
    line = data[:at].count(b"\n") + 1
    start = max(data.rfind(mark, 0, at) for mark in (b"\n", b",", b";", b" ", b'"')) + 1
    word = data[start : at + 12].decode("cp1252", errors="replace").split(",")[0]
    word = " ".join(word.split()[:1])
    found = f"the byte {data[at]:#x}, as Windows-1252 {word!r}"
    report.say(name, line)("", found, f"text in UTF-8 ({SAVED})")
    first = data.split(b"\n", 1)[0].decode("cp1252", errors="replace")
    _separated(report, name, first.rstrip("\r"), list(report.fields(name)))


def _rows(report: Report, name: str, text: str) -> None:
    wanted = list(report.fields(name))
    if _separated(report, name, text.split("\n", 1)[0].rstrip("\r"), wanted):
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        report.say(name, reader.line_num)("", str(error), "a CSV file")
        return
    (_, header), *lines = lines
    if header != wanted:
        _columns(report, name, header, wanted)
        return
    if not lines:
        report.say(name, 1)("", "a header without rows", "at least one row")
        return
    previous = 1
    for number, cells in lines:
        if number > previous + 1:
            report.say(name, previous + 1, "".join(cells[:1]))(
                "", "a line break inside a cell", "one row a line"
            )
        previous = number
    if not _even(report, name, lines, len(wanted)):
        return
    booleans = [c for c, f in report.fields(name).items() if f["type"] == "boolean"]
    report.rows[name] = []
    for number, cells in lines:
        row = dict(zip(wanted, cells, strict=True))
        row |= {column: tables.truth(row[column]) for column in booleans}
        report.rows[name].append((number, row))


def _even(report: Report, name: str, lines: list, width: int) -> bool:
    """Whether each line has as many cells as there are columns."""
    uneven = [(number, cells) for number, cells in lines if len(cells) != width]
    expected = f"{width} cells, one a column"
    more = [cells[width:] for _, cells in uneven]
    if len(more) > 1 and all(more) and not any(map(any, more)):
        # the columns of a spreadsheet
        found = f"empty cells at the end of {len(more)} lines"
        report.say(name, 0)("", found, expected)
        return False
    for number, cells in uneven:
        row = "".join(cells[:1])
        report.say(name, number, row)("", f"{len(cells)} cells", expected)
    return not uneven


def _separated(report: Report, name: str, first: str, wanted: list[str]) -> bool:
    """Whether the first line is that of another separator, or has empty columns at its end; each is one fault of the file."""
    for mark, words in {";": "semicolons", "\t": "tabs", "|": "bars"}.items():
        if [cell.strip('"') for cell in first.split(mark)][: len(wanted)] == wanted:
            report.say(name, 0)(
                "",
                f"{words} between the cells",
                "commas, and a point in a decimal number",
            )
            return True
    header = next(csv.reader([first]), [])
    empty = len(header) - len(wanted)
    if empty > 0 and header == wanted + [""] * empty:
        found = f"{empty} empty column{'s' * (empty > 1)} at the end of each line"
        report.say(name, 0)("", found, f"{len(wanted)} columns, the last {wanted[-1]}")
        return True
    return False


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
