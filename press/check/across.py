"""What must hold between rows, and between the tables and the bibliography."""

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from bonebook.derived import METHODS, compute

from .bibliography import NotBibTeX, entries
from .report import Fault, Report, Row, decimal, rounds_to

#: Columns in which a row may differ from another one and still say the same.
ORIGIN = {
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


def check(report: Report, bibliography: Path) -> None:
    """Checks the rows that could be read; bibliography: a BibTeX file, skipped if it does not exist."""
    _ids(report)
    _grammar(report)
    _repeats(report)
    _arms(report)
    _years(report)
    if bibliography.exists() and report.rows.get("studies"):
        _bibliography(report, bibliography)
    _derived(report)


def _ids(report: Report) -> None:
    """An id stands once in all tables."""
    first: dict[str, str] = {}
    for name, rows in report.rows.items():
        for line, row in rows:
            id = row["id"]
            if id in first:
                expected = f"an id that no other row has (it stands in {first[id]})"
                report.say(name, line, id)("id", id, expected)
            elif id:
                first[id] = f"{name}.csv:{line}"


def _grammar(report: Report) -> None:
    """An id begins as its table says, a placebo arm has the word `plac` in it, and rows stand in the order of their ids."""
    for name, rows in report.rows.items():
        begins = report.book(name).get("ids", "")
        before = ""
        for line, row in rows:
            say = report.say(name, line, row["id"])
            words = row["id"].split("-")
            start = begins.format(study=row.get("study", ""))
            if not row["id"].startswith(start):
                say("id", row["id"], f"a beginning {start!r}")
            arm = row.get("drug") == "placebo"
            if name != "drugs" and (
                "placebo" in words or (arm and "plac" not in words)
            ):
                say("id", row["id"], "`plac` for a placebo arm")
            if row["id"] < before:
                expected = f"rows in the order of their ids (it stands after {before})"
                say("id", row["id"], expected)
            before = max(before, row["id"])


def _repeats(report: Report) -> None:
    """No two rows of a table say the same."""
    for name, rows in report.rows.items():
        first: dict[tuple, str] = {}
        for line, row in rows:
            key = tuple(cell for column, cell in row.items() if column not in ORIGIN)
            if key in first and not report.excused("repeated", row["id"]):
                expected = f"a row that says something new; it repeats {first[key]}"
                report.say(name, line, row["id"])("id", row["id"], expected)
            first.setdefault(key, row["id"])


def _arms(report: Report) -> None:
    """The arms of a study were measured at the same months, at each site, for each statistic and population."""
    for name, rows in report.rows.items():
        group_by = report.book(name).get("arms")
        if not group_by:
            continue
        groups: dict[tuple, dict[tuple, list[tuple[int, Row]]]]
        groups = defaultdict(lambda: defaultdict(list))
        for line, row in rows:
            if row["comparator"] in ("", "baseline"):
                group = tuple(row[column] for column in group_by)
                arm = row["drug"], row["dose_mg"], row["regimen"]
                groups[group][arm].append((line, row))
        for arms in groups.values():
            every = {row["months"] for found in arms.values() for _, row in found}
            for found in arms.values():
                lacking = every - {row["months"] for _, row in found}
                line, row = found[0]
                if lacking and not report.excused("arms", row["id"]):
                    months = ", ".join(sorted(lacking))
                    expected = f"this arm also at month {months}, as the other arms at this site"
                    say = report.say(name, line, row["id"])
                    say("months", row["months"], expected)


def _years(report: Report) -> None:
    """The year of a study is the one in its authors' line."""
    for line, row in report.rows.get("studies", []):
        years = re.findall(r"\b(?:19|20)\d\d\b", row["authors_year"])
        if years and row["year"] and row["year"] not in years:
            say = report.say("studies", line, row["id"])
            say("year", row["year"], f"the year of {row['authors_year']!r}")


def _bibliography(report: Report, path: Path) -> None:
    """Every study has its entry in the bibliography, and every entry its study."""
    place = f"{path.parent.name}/{path.name}"
    lines_of: dict[str, list[int]] = defaultdict(list)
    try:
        for line, entry in entries(path):
            lines_of[entry["id"]].append(line)
    except NotBibTeX as fault:
        report.add(Fault(place, fault.line, "", "", str(fault), "a BibTeX file"))
        return
    studies = report.rows["studies"]
    for line, row in studies:
        if row["kind"] != "source document" and row["id"] not in lines_of:
            say = report.say("studies", line, row["id"])
            say("id", row["id"], f"an entry with this key in {place}")
    known = {row["id"] for _, row in studies}
    expected = "one row of studies.csv for each entry"
    for key, lines in lines_of.items():
        if key not in known:
            report.add(Fault(place, lines[0], key, "", "an entry", expected))
        elif len(lines) > 1:
            report.add(Fault(place, lines[0], key, "", "an entry twice", expected))


def _derived(report: Report) -> None:
    """Every derived number is computed again from its inputs."""
    known = {row["id"]: row for rows in report.rows.values() for _, row in rows}
    for line, row in report.rows.get("derived", []):
        say = report.say("derived", line, row["id"])
        targets = row["inputs"].split()
        lost = [target for target in targets if target.partition(":")[0] not in known]
        for target in lost:
            say("inputs", target, "ids of rows")
        if lost or row["method"] not in METHODS:
            continue
        try:
            numbers = compute(row, [_input(target, known) for target in targets])
        except (ValueError, KeyError, TypeError, IndexError, ArithmeticError) as error:
            expected = f"inputs from which {row['method']} can be computed ({error})"
            say("inputs", row["inputs"], expected)
            continue
        for column, number in zip(("value", "ci_low", "ci_high"), numbers, strict=True):
            if row[column] and number is None:
                expected = "nothing: this method and these inputs give no interval"
                say(column, row[column], expected)
            elif decimal(row[column]) is None:
                continue
            elif not rounds_to(Decimal(repr(number)), row[column]):
                places = len(row[column].partition(".")[2])
                exact = f"{number:.{places}f}, computed from its inputs"
                say(column, row[column], exact)


def _input(target: str, known: dict[str, Row]) -> Row:
    """The row of a target (`id` or `id:column`) with the number that it names as its value."""
    name, _, column = target.partition(":")
    row = known[name]
    unit = "" if column else row.get("unit", "")
    return {**row, "value": row.get(column or "value", ""), "unit": unit}
