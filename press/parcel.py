"""The tables to take away: one workbook, metadata for CSV on the Web, one archive for a deposit.

    bonebook-tables.xlsx   a sheet a table; before them what each holds and what each column means
    csv-metadata.json      the tables as W3C's CSV on the Web describes them, as datapackage.json does for Frictionless
    bonebook-data.zip      the tables, both descriptions, the workbook, references, README, CITATION.cff, LICENSE

All are made from data/ and from CITATION.cff, the same bytes each time; none is kept in the repository. The site serves them
beside the tables (press/sphinx/facts.py), `make release` writes the archive into dist/.
"""

import io
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from bonebook import tables
from press import sources, yamls, zips
from press.pages import ROOT

WORKBOOK = "bonebook-tables.xlsx"
METADATA = "csv-metadata.json"
ARCHIVE = "bonebook-data.zip"
#: What they are made from.
FROM = (
    *("data/*", "bonebook/tables.py", "press/parcel.py", "press/sources.py"),
    *("CITATION.cff", "CHANGELOG.md", "LICENSE-TEXT", "book/references.bib"),
)
LICENSE = "Creative Commons Attribution 4.0 International (CC BY 4.0)"
#: What begins so is a formula to a spreadsheet, once somebody has typed in its cell.
FORMULA = ("+", "-", "=", "@")
_WIDEST = 60  # characters of a column


@dataclass(frozen=True)
class Edition:
    """Which edition of the book the tables are of: version and day of the last release, and whether they have changed since."""

    version: str
    day: date
    changed: bool
    authors: str
    title: str

    @property
    def name(self) -> str:
        """The version as a file or a citation names it: `0.2.0`, or `0.2.0+changes`."""
        return f"{self.version}+changes" if self.changed else self.version

    def __str__(self) -> str:
        since = ", with changes since" if self.changed else ""
        return f"{self.version} of {self.day.isoformat()}{since}"


def edition(root: Path = ROOT) -> Edition:
    """The edition as CITATION.cff and CHANGELOG.md have it: what stands there under "Unreleased" is a change since."""
    cited = yamls.read((root / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    open_ = re.search(r"^## Unreleased\n(.*?)(?=^## |\Z)", changes, re.M | re.S)
    names = [
        person.get("name") or f"{person['given-names']} {person['family-names']}"
        for person in cited["authors"]
    ]
    return Edition(
        str(cited["version"]),
        cited["date-released"],
        bool(open_ and open_[1].strip()),
        ", ".join(names),
        tables.schema()["title"],
    )


def cite(of: Edition) -> str:
    """How the tables are cited, in one line."""
    return f"{of.authors} ({of.day.year}). {of.title} (version {of.name}) [data set]. {LICENSE}."


# --- the workbook ------------------------------------------------------------------------------------------------------


def workbook(of: Edition) -> bytes:
    """Every table as a sheet of one .xlsx: numbers as numbers, shown as written; dates as dates; words as words, also + and =."""
    import xlsxwriter

    made = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(made, options)
    book.set_properties(
        {
            "title": of.title,
            "author": of.authors,
            "comments": f"Version {of}. {LICENSE}.",
            "created": datetime(of.day.year, of.day.month, of.day.day),
        }
    )
    formats = _Formats(book)
    _about(book.add_worksheet("about"), of, formats)
    _columns(book.add_worksheet("columns"), formats)
    for name in tables.tables():
        fields = tables.resource(name)["schema"]["fields"]
        lines = [list(row.values()) for row in tables.rows(name)]
        _sheet(book.add_worksheet(name), fields, lines, formats)
    book.close()
    return made.getvalue()


class _Formats:
    """How cells look, each way made once."""

    def __init__(self, book):
        self._book, self._made = book, {}

    def __call__(self, **how):
        key = tuple(sorted(how.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(how)
        return self._made[key]

    @property
    def head(self):
        return self(bold=True, bottom=1)


def _sheet(sheet, fields, lines, formats) -> None:
    """A header that stays in sight and can be filtered, then the rows."""
    names = [field["name"] for field in fields]
    for place, field in enumerate(fields):
        cells = [line[place] for line in lines]
        longest = max(map(len, [names[place], *cells]))
        sheet.set_column(place, place, min(longest, _WIDEST) + 2)
        sheet.write_string(0, place, names[place], formats.head)
        for line, cell in enumerate(cells, 1):
            _cell(sheet, line, place, cell, field["type"], formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(lines), len(names) - 1)


def _cell(sheet, line, place, cell, kind, formats) -> None:
    """One cell as the type of its column has it; nothing where nothing is known."""
    if not cell:
        return
    if kind in ("number", "integer"):
        decimals = len(cell.partition(".")[2])  # 0.70 is shown as 0.70
        look = formats(num_format="0" + ("." + "0" * decimals if decimals else ""))
        sheet.write_number(line, place, float(cell), look)
    elif kind == "boolean":
        sheet.write_boolean(line, place, cell == "true")
    elif kind == "date":
        day = datetime.combine(date.fromisoformat(cell), datetime.min.time())
        sheet.write_datetime(line, place, day, formats(num_format="yyyy-mm-dd"))
    elif cell.startswith(FORMULA):
        sheet.write_string(line, place, cell, formats(quote_prefix=True))
    else:
        sheet.write_string(line, place, cell)


def _about(sheet, of, formats) -> None:
    """The first sheet: what this is, from where, of which day, under which license, and what each table holds."""
    package = tables.schema()
    told = {
        "what": package["title"],
        "": package["description"],
        "version": str(of),
        "license": f"{LICENSE}, {package['licenses'][0]['path']}",
        "cite": cite(of),
        "sources": "Each row names its study; the sheet studies says where each can be read, and looked_up on which day it was.",
        "empty cells": "Nothing was published, or we did not see it. An empty cell never means zero.",
        "units": "The sheet columns names the unit of each column; where it says {unit}, the column unit of the row does.",
        **{f"seen: {way}": meant.number for way, meant in sources.SEEN.items()},
        "not advice": "These are results of studies, not medical advice.",
    }
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 30)
    sheet.set_column(3, 3, 90)
    for line, (word, text) in enumerate(told.items()):
        sheet.write_string(line, 0, word, formats(bold=True))
        sheet.write_string(line, 1, text)
    start = len(told) + 1
    for place, word in enumerate(("table", "title", "rows", "what it holds")):
        sheet.write_string(start, place, word, formats.head)
    for line, name in enumerate(tables.tables(), start + 1):
        about = tables.resource(name)
        sheet.write_url(line, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(line, 1, about["title"])
        sheet.write_number(line, 2, len(tables.rows(name)))
        sheet.write_string(line, 3, about["description"])


def _columns(sheet, formats) -> None:
    """The second sheet: every column of every table, its type, its unit, what it holds, what it may hold."""
    names = ("table", "column", "type", "unit", "what it holds", "rules")
    lines = []
    for name in tables.tables():
        schema = tables.resource(name)["schema"]
        keys = {
            key["fields"][0]: key["reference"]["resource"]
            for key in schema.get("foreignKeys", [])
        }
        for field in schema["fields"]:
            column = field["name"]
            ruled = rules(field.get("constraints", {}), keys.get(column))
            unit = field.get("unit", "")
            lines.append(
                [name, column, field["type"], unit, field["description"], ruled]
            )
    _sheet(sheet, [{"name": n, "type": "string"} for n in names], lines, formats)


def rules(constraints: dict[str, Any], key: str | None) -> str:
    """The rules of a column in words; key: the table whose names it holds."""
    parts = [
        "never empty" if constraints.get("required") else "",
        "each value once" if constraints.get("unique") else "",
        f"a name in {key}" if key else "",
        "one of: " + " | ".join(constraints["enum"]) if "enum" in constraints else "",
        f"at least {constraints['minimum']}" if "minimum" in constraints else "",
        f"at most {constraints['maximum']}" if "maximum" in constraints else "",
    ]
    return "; ".join(filter(None, parts))


# --- CSV on the Web ----------------------------------------------------------------------------------------------------


def metadata(of: Edition) -> dict[str, Any]:
    """The tables as https://www.w3.org/TR/tabular-metadata/ describes them; the addresses of the tables are relative to its own."""
    package = tables.schema()
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": package["title"],
        "dc:description": package["description"],
        "dc:creator": of.authors,
        "dc:license": {"@id": package["licenses"][0]["path"]},
        **({} if of.changed else {"dc:issued": of.day.isoformat()}),
        "schema:version": of.name,
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ","},
        "tables": [_described(tables.resource(name)) for name in tables.tables()],
    }


def _described(about: dict[str, Any]) -> dict[str, Any]:
    schema = about["schema"]
    described = {
        "url": about["path"],
        "dc:title": about["title"],
        "dc:description": about["description"],
        "tableSchema": {
            "columns": [_column(field) for field in schema["fields"]],
            "primaryKey": schema["primaryKey"][0],
        },
    }
    keys = [
        {
            "columnReference": key["fields"][0],
            "reference": {
                "resource": f"{key['reference']['resource']}.csv",
                "columnReference": key["reference"]["fields"][0],
            },
        }
        for key in schema.get("foreignKeys", [])
    ]
    if keys:
        described["tableSchema"]["foreignKeys"] = keys
    return described


def _column(field: dict[str, Any]) -> dict[str, Any]:
    limits = field.get("constraints", {})
    kind: dict[str, Any] = {"base": field["type"]}
    if field["type"] == "boolean":
        kind["format"] = "true|false"
    elif field["type"] == "date":
        kind["format"] = "yyyy-MM-dd"
    elif "enum" in limits:
        words = (re.sub(r"([.^$*+?()\[\]{}|\\/])", r"\\\1", w) for w in limits["enum"])
        kind["format"] = f"^({'|'.join(words)})$"
    elif "pattern" in limits:
        kind["format"] = limits["pattern"]
    kind |= {name: limits[name] for name in ("minimum", "maximum") if name in limits}
    made = {
        "name": field["name"],
        "titles": field["name"],
        "dc:description": field["description"],
        "datatype": kind if len(kind) > 1 else kind["base"],
        "null": "",
        "required": bool(limits.get("required")),
    }
    if "unit" in field:
        made["schema:unitText"] = field["unit"]
    return made


# --- the archive -------------------------------------------------------------------------------------------------------


def archive(of: Edition, root: Path = ROOT, made_workbook: bytes = b"") -> bytes:
    """One .zip, in a folder that is named after the edition: all that a deposit needs.

    made_workbook: the workbook, where it is made already.
    """
    held = {
        **{
            f"data/{path.name}": path.read_bytes()
            for path in sorted(tables.DATA.glob("*.csv"))
        },
        "data/datapackage.json": (tables.DATA / "datapackage.json").read_bytes(),
        f"data/{METADATA}": _json(metadata(of)),
        WORKBOOK: made_workbook or workbook(of),
        "references.bib": (root / "book" / "references.bib").read_bytes(),
        "LICENSE": (root / "LICENSE-TEXT").read_bytes(),
        "CITATION.cff": citation(of, root).encode(),
        "README.md": readme(of).encode(),
    }
    folder = f"bonebook-data-{of.name}"
    return zips.packed({f"{folder}/{name}": held[name] for name in sorted(held)})


def citation(of: Edition, root: Path = ROOT) -> str:
    """CITATION.cff of the tables alone: a data set, under the license of the tables."""
    cited = yamls.read((root / "CITATION.cff").read_text(encoding="utf-8"))
    package = tables.schema()
    mine = {
        "cff-version": cited["cff-version"],
        "message": cited["message"],
        "title": of.title,
        "type": "dataset",
        "authors": cited["authors"],
        "version": of.name,
        **({} if of.changed else {"date-released": of.day}),
        "license": package["licenses"][0]["name"],
        "keywords": cited["keywords"],
        "abstract": package["description"],
    }
    return yaml.safe_dump(mine, sort_keys=False, allow_unicode=True, width=120)


README = """# {title}

{description}

Version {of}. {license}: LICENSE. To cite: CITATION.cff, or

> {cite}

Cite the studies behind the numbers that you use, too: each row names its study, `studies.csv` says where it can be read,
`references.bib` has its entry. These are results of studies, not medical advice.

## What is here

| file | what |
|---|---|
| `{workbook}` | all tables in one workbook for Excel, LibreOffice or Numbers, with two sheets that explain them |
| `data/*.csv` | the tables: UTF-8, commas, a point in a decimal number, an empty cell where nothing is known |
| `data/datapackage.json` | every table and column, with types, units, limits and keys (Frictionless Data Package) |
| `data/{metadata}` | the same for CSV on the Web (W3C) |
| `references.bib` | the sources, BibTeX |

A spreadsheet that opens a CSV file by a double click may take it for another encoding or another separator. Open the
workbook, or import the file as UTF-8 with commas.

    import frictionless                                   # Python
    frictionless.Package("data/datapackage.json").get_resource("outcomes").to_pandas()

    read.csv("data/outcomes.csv", na.strings = "")        # R

| table | rows | what it holds |
|---|---|---|
{rows}
"""


def readme(of: Edition) -> str:
    """README.md of the archive."""
    package = tables.schema()
    rows = [
        f"| `{name}` | {len(tables.rows(name)):,} | {tables.resource(name)['description']} |"
        for name in tables.tables()
    ]
    return README.format(
        title=package["title"],
        description=package["description"],
        of=of,
        license=LICENSE,
        cite=cite(of),
        workbook=WORKBOOK,
        metadata=METADATA,
        rows="\n".join(rows),
    )


def _json(what: dict[str, Any]) -> bytes:
    return (json.dumps(what, ensure_ascii=False, indent=1) + "\n").encode()


def write(folder: Path, root: Path = ROOT) -> None:
    """The workbook, the metadata and the archive beside the tables of the site."""
    of = edition(root)
    sheets = workbook(of)
    (folder / WORKBOOK).write_bytes(sheets)
    (folder / METADATA).write_bytes(_json(metadata(of)))
    (folder / ARCHIVE).write_bytes(archive(of, root, sheets))
