"""What must hold within one row and cannot be said in a schema."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .report import NUMBER, Report, Row, Say, decimal, rounds_to

MISSING = {
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
NOT_NEGATIVE = ("rate", "number needed to treat", "number needed to harm")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")  # control characters, spaces that are not plain


def check(report: Report, only: Sequence[str] | None = None) -> None:
    """Checks the rows that could be read; only: names of tables, all when left out."""
    studies = {row["id"] for _, row in report.rows.get("studies", [])}
    units = report.package["book"]["units"]
    for name, rows in report.rows.items():
        if only and name not in only:
            continue
        fields = report.fields(name)
        for line, row in rows:
            say = report.say(name, line, row["id"])
            for column, cell in row.items():
                if cell:
                    _cell(cell, fields[column], say)
            _interval(row, say, report)
            _ratio(row, say)
            if name == "outcomes":
                _unit(row, say, units)
            _count(row, say)
            _computed(row, say, report)
            _origin(row, say, studies)


def _cell(cell: str, field: dict[str, Any], say: Say) -> None:
    column, kind = field["name"], field["type"]
    bound = field.get("constraints", {}).keys() & {"enum", "pattern"}
    odd = [] if cell.isprintable() else list(_unseen(cell))
    if (meant := _garbled(cell)) != cell:
        say(column, cell, f"{meant}, which was read as Windows-1252 and saved again")
    elif odd:
        found = f"{cell!r} with the character U+{ord(odd[0]):04X}"
        say(column, found, "plain spaces only")
    elif cell != cell.strip() or "  " in cell:
        say(column, repr(cell), "no stray spaces")
    elif cell.lower() in MISSING and not bound:
        say(column, cell, "an empty cell where nothing is known")
    elif kind in ("number", "integer") and not NUMBER.fullmatch(cell):
        say(column, cell, "a plain decimal number")
    elif kind == "boolean" and cell not in ("true", "false"):  # 1 is true to some
        say(column, cell, "true or false")
    elif kind == "date" and DAY.fullmatch(cell) and cell > date.today().isoformat():
        say(column, cell, "a day that has passed")


def _unseen(cell: str) -> Iterator[str]:
    """What nobody sees of a cell; there is none in one that Python calls printable."""
    return (c for c in cell if c != " " and unicodedata.category(c) in UNSEEN)


def _garbled(cell: str) -> str:
    """What a cell was before a spreadsheet opened UTF-8 as Windows-1252 (ERα, saved as ERÎ±); the cell itself if it was not."""
    if cell.isascii():
        return cell
    try:
        return cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return cell


def _interval(row: Row, say: Say, report: Report) -> None:
    """An interval has both limits, an estimate that lies between them, and a level."""
    value, low, high = (decimal(row.get(key)) for key in ("value", "ci_low", "ci_high"))
    if low is not None and high is not None:
        if value is None:
            found = row["value"] or "nothing"
            say("value", found, "the estimate of the interval")
        if low > high:
            say("ci_low", row["ci_low"], f"at most the upper limit {row['ci_high']}")
        elif value is not None and not low <= value <= high:
            _outside(row, say, report, "ci_low" if value < low else "ci_high")
    elif low is not None or high is not None:
        column = "ci_low" if low is None else "ci_high"
        expected = "both limits of an interval, or neither"
        say(column, row[column] or "nothing", expected)
    if "ci_level" in row and bool(row["ci_level"]) != (low is not None):
        expected = "a level wherever an interval stands, and only there"
        say("ci_level", row["ci_level"] or "nothing", expected)


def _outside(row: Row, say: Say, report: Report, column: str) -> None:
    """The estimate lies beyond the limit that stands in `column`."""
    words = {"ci_low": "at most", "ci_high": "at least"}[column]
    if not report.excused("interval", row["id"]):
        say(column, row[column], f"{words} the estimate {row['value']}")


def _ratio(row: Row, say: Say) -> None:
    if row.get("unit") != "ratio":
        return
    for column in ("value", "ci_low", "ci_high"):
        number = decimal(row.get(column))
        if number is None:
            continue
        if number < 0 or (number == 0 and column == "value"):
            say(column, row[column], "a ratio above zero")


def _unit(row: Row, say: Say, units: dict[str, list[str]]) -> None:
    """A measure has its units; units: measure -> the units it may have."""
    measure = row["measure"]
    if row["unit"] not in units.get(measure, [row["unit"]]):
        say("unit", row["unit"], f"{' or '.join(units[measure])} for a {measure}")


def _count(row: Row, say: Say) -> None:
    """Counts do not exceed their denominators; shares lie between 0 and 100."""
    value, events, n = (decimal(row.get(key)) for key in ("value", "events", "n"))
    measure = row.get("measure")
    if events is not None and n is not None and events > n:
        say("events", row["events"], f"at most the {row['n']} people")
    if value is None:
        return
    share = measure in ("risk", "share") or row.get("statistic") == "share of women"
    if share and row["unit"] == "%" and not 0 <= value <= 100:
        say("value", row["value"], "a percentage from 0 to 100")
    if measure == "count":
        if value != int(value) or value < 0 or (n is not None and value > n):
            say("value", row["value"], "a whole number of people, at most n")
        elif events is not None and events != value:
            say("events", row["events"], f"the count {row['value']}")
    elif measure in NOT_NEGATIVE and value < 0:
        say("value", row["value"], "0 or more")


def _computed(row: Row, say: Say, report: Report) -> None:
    """A risk or a rate is what its events and its people or years give."""
    events, n = decimal(row.get("events")), decimal(row.get("n"))
    years, measure = decimal(row.get("person_years")), row.get("measure")
    if events is None or decimal(row.get("value")) is None:
        return
    if measure == "risk" and n:
        given = events / n * (100 if row["unit"] == "%" else 1000)
    elif measure == "rate" and years and row["unit"].startswith("per 1,000"):
        given = events / years * Decimal(1000)
    else:
        return
    if not rounds_to(given, row["value"]) and not report.excused(measure, row["id"]):
        expected = f"{float(given):.4g}, from {events} events among {n or years}"
        say("value", row["value"], expected)


def _origin(row: Row, say: Say, studies: set[str]) -> None:
    """A row says where it was read and when; its further studies exist."""
    seen = row.get("seen", "primary") not in ("unverified", "")
    if seen and row.get("kind") != "source document" and row.get("address") == "":
        expected = "the address where it was read, unless it is unverified"
        say("address", "nothing", expected)
    if row.get("address") and not row["looked_up"]:
        say("looked_up", "nothing", "the day on which it was read")
    for study in row.get("further_studies", "").split():
        if study not in studies:
            say("further_studies", study, "ids of studies")
