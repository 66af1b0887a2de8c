"""Types, constraints and foreign keys of datapackage.json, checked by frictionless (a build-only dependency)."""

import copy
import sys
from collections.abc import Sequence
from typing import Any

from .report import Fault, Report

TYPES = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a date such as 2026-11-20",
}


def check(report: Report, only: Sequence[str] | None = None) -> None:
    """Checks the tables whose columns are right; only: names of tables, all when left out."""
    # A grammar of internet addresses, which takes seconds to read; no column has an address checked by it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from frictionless import Package

    package = Package.from_descriptor(_comparable(report), basepath=str(report.folder))
    if only:
        reports = [package.get_resource(name).validate() for name in only]
    else:
        reports = [package.validate()]
    file = f"{report.folder.name}/datapackage.json"
    for found in reports:
        for error in found.errors:
            report.add(Fault(file, 0, "", "", error.note, "a valid data package"))
        for task in found.tasks:
            if task.name in report.rows:
                rows = dict(report.rows[task.name])
                for error in task.errors:
                    _tell(report, task.name, error, rows)


def _comparable(report: Report) -> dict[str, Any]:
    """The schema without limits on columns that hold NaN: frictionless takes it for a number and then cannot compare it."""
    package = copy.deepcopy(report.package)
    for resource in package["resources"]:
        rows = report.rows.get(resource["name"], [])
        for field in resource["schema"]["fields"]:
            cells = {row[field["name"]].lower().strip("+-") for _, row in rows}
            if field["type"] == "number" and cells & {"nan", "inf"}:
                for limit in ("minimum", "maximum"):
                    field.get("constraints", {}).pop(limit, None)
    return package


def _tell(report: Report, name: str, error: Any, rows: dict) -> None:
    """One error of frictionless as a fault in the words of the house."""
    line = getattr(error, "row_number", 0) or 0
    row = rows.get(line, {}).get("id", "")
    say = report.say(name, line, row)
    if error.type == "foreign-key":
        if error.reference_name in report.rows:
            expected = f"an id of {error.reference_name}"
            say(error.field_names[0], error.field_cells[0], expected)
    elif error.type in ("type-error", "constraint-error", "unique-error"):
        field = report.fields(name)[error.field_name]
        say(error.field_name, error.cell or "nothing", _wanted(field, error))
    elif error.type == "primary-key":
        say("id", row, "an id that no other row has")
    elif line in rows or error.type not in ("extra-cell", "missing-cell", "blank-row"):
        say("", error.note, "a table as datapackage.json describes it")


def _wanted(field: dict[str, Any], error: Any) -> str:
    """What the schema wants in this column."""
    rules = field.get("constraints", {})
    if error.type == "unique-error":
        return "an id that no other row has"
    if error.type == "type-error":
        return TYPES.get(field["type"], field["type"])
    if '"required"' in error.note:
        return "something in this column"
    for rule, words in (("minimum", "at least"), ("maximum", "at most")):
        if f'"{rule}"' in error.note:
            return f"{words} {rules[rule]}"
    if "enum" in error.note:
        return f"one of {', '.join(rules['enum'])}"
    if "pattern" in rules:
        return f"text of the form {rules['pattern']}"
    return error.note
