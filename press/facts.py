"""One number of the tables, and what a reader is told of it.

    fact("johnston2000-ls-bmd-rlx60")       # -> Fact; fact("...:se"), fact("...:ci") for other columns
    fact("johnston2000-ls-bmd-rlx60").card()   # -> label, value, uncertainty, sources, as plain text

Whether a number in the prose agrees with its row is the matter of press.written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bonebook import tables

from . import sources

MINUS = "\u2212"
#: What the columns beside the value are called.
COLUMNS = {
    "ci": "confidence interval",
    "se": "standard error",
    "sd": "standard deviation",
    "ci_low": "lower limit",
    "ci_high": "upper limit",
    "n": "people in this arm or comparison",
    "n_total": "people in the study",
    "events": "people with the event",
    "person_years": "person-years",
    "months": "months",
    "dose_mg": "dose",
    "p_value": "p value",
}
LEVELS = ("risk", "count", "rate", "share")  # measures of one arm, against nothing
UNSAID = ("ratio", "1", "", "year", "T-score")  # units that are not printed


class FactError(ValueError):
    """The written text and the table do not agree, or the target cannot be read; the message is a sentence for people."""


class UnknownFact(FactError):
    """No row of data/ has this id."""


@dataclass(frozen=True)
class Fact:
    """One number of the tables: `row` holds the whole row as written, `column` the column the number stands in."""

    id: str
    table: str
    row: Mapping[str, str]
    column: str

    @property
    def text(self) -> str:
        """The stored number as written in the table; empty where nothing stands."""
        return self.row.get(self.column) or ""

    @property
    def value(self) -> Decimal | None:
        """The stored number. None where nothing stands, for an interval, and for a p value."""
        return Decimal(self.text) if self.text and self.column != "p_value" else None

    @property
    def limits(self) -> tuple[Decimal, Decimal] | None:
        """The interval (low, high) of the row. None where there is none."""
        low, high = self.row.get("ci_low"), self.row.get("ci_high")
        return (Decimal(low), Decimal(high)) if low and high else None

    @property
    def unit(self) -> str:
        """Unit of the number, empty where it has none."""
        if self.column == "ci":
            return self.row.get("unit", "")
        fields = tables.resource(self.table)["schema"]["fields"]
        units = (f.get("unit", "") for f in fields if f["name"] == self.column)
        unit = next(units, "")
        return self.row.get("unit", "") if unit == "{unit}" else unit

    @property
    def main(self) -> bool:
        """Whether the number is the one that its row is about, and not the row's error, limit or count."""
        about = tables.resource(self.table)["book"]
        return self.column in ("value", about.get("value"))

    @property
    def unverified(self) -> bool:
        """Whether nobody could verify the number."""
        return self.row.get("seen") == "unverified" or any(
            source.unverified for source in self.inputs()
        )

    @property
    def is_change(self) -> bool:
        """Whether the row tells a change or a difference, and not a level."""
        words = [self.row.get(key) or "" for key in ("statistic", "measure", "method")]
        return self.table == "menopause_loss" or any(
            kind in " ".join(words)
            for kind in ("change", "difference", "range", "reduction")
        )

    def inputs(self) -> list["Fact"]:
        """The facts that a derived number is computed from; none for other tables."""
        if self.table != "derived":
            return []
        return [fact(target) for target in self.row["inputs"].split()]

    def studies(self) -> list[str]:
        """Ids of the studies behind the number, each once."""
        if self.table == "studies":
            return [self.id]
        if self.table == "derived":
            found = [study for source in self.inputs() for study in source.studies()]
        elif self.row.get("study"):
            further = self.row.get("further_studies") or ""
            found = [self.row["study"], *further.split()]
        else:
            found = []
        return list(dict.fromkeys(found))

    def card(self) -> dict[str, Any]:
        """What a reader sees of the number: a dictionary of plain text, plus `sources` (a list of such dictionaries).

        Keys: id, table, column, label, value, uncertainty, population, n, approx, unverified, note, seen, study, name,
        authors_year, link, way, sources. The study keys repeat the first source; empty text where nothing stands.
        """
        found = [_source(study) for study in self.studies()]
        none = dict.fromkeys(("study", "name", "authors_year", "link", "way"), "")
        return {
            "id": self.id,
            "table": self.table,
            "column": self.column,
            "label": self.label(),
            "value": self.pretty(),
            "uncertainty": self.uncertainty(),
            "population": self.row.get("population", ""),
            "n": self.row.get("n", ""),
            "approx": self.row.get("approx") == "true",
            "unverified": self.unverified,
            "note": self.row.get("note", ""),
            "seen": self.row.get("seen", ""),
            **(found[0] if found else none),
            "sources": found,
        }

    def label(self) -> str:
        """What the number is, in words composed from the row."""
        row = self.row
        parts = [label_of(self)]
        if self.table == "loading_trials":
            parts += [row["exercise"], f"against {row['comparator']}"]
        else:
            arm = arm_of(row)
            parts.append(arm)
            comparator = row.get("comparator")
            if comparator and not (arm and row.get("measure") in LEVELS):
                named = (
                    comparator if comparator == "baseline" else drug_name(comparator)
                )
                parts.append(f"against {named}")
        if row.get("months"):
            parts.append(f"{row['months']} months")
        if not self.main:
            parts.append(COLUMNS.get(self.column, self.column.replace("_", " ")))
        text = ", ".join(part for part in parts if part)
        return text[:1].upper() + text[1:]

    def pretty(self) -> str:
        """The stored number with its unit, as a page would print it."""
        if self.column == "p_value":
            return self.text
        if self.column == "ci":
            return _interval(self.row, self.unit) if self.limits else ""
        if self.value is None:
            return ""
        whole, point, rest = self.text.partition(".")
        if self.unit != "year" and len(whole) > 3:
            whole = f"{int(whole):,}"
        signed = (
            self.is_change
            and self.column == "value"
            and self.unit != "ratio"
            and self.row.get("measure") != "relative risk reduction"
        )
        plus = "+" if signed and self.value > 0 else ""
        return with_unit(minus(plus + whole + point + rest), self.unit)

    def uncertainty(self) -> str:
        """Interval, standard error, standard deviation and p value as far as they are published, in words."""
        row, parts = self.row, []
        if not self.main:
            return ""
        if self.limits:
            level = row.get("ci_level") or "95"
            parts.append(f"{level} % CI {_interval(row, self.unit)}")
        for column, name in (("se", "SE"), ("sd", "SD")):
            if row.get(column):
                parts.append(f"{name} {with_unit(row[column], self.unit)}")
        if p := row.get("p_value"):
            if p[0] in "<>=≤≥":
                p = f"p {p}"
            elif p[0].isdigit():
                p = f"p = {p}"
            parts.append(p)
        return "; ".join(parts)


def fact(target: str) -> Fact:
    """The Fact that a target (`id`, `id:column` or `id:ci`) names.

    Raises UnknownFact if no row has the id (the message suggests near ones) and FactError if the row has no such number.
    """
    name, _, column = target.strip().partition(":")
    try:
        row = tables.row(name)
    except KeyError as error:
        raise UnknownFact(error.args[0]) from None
    table = row.pop("table")
    about = tables.resource(table)
    column = column or about["book"].get("value", "")
    if not column:
        raise FactError(
            f"{name!r} is a row of {table}, which holds words and no numbers, so it cannot be a fact."
        )
    known = {
        field["name"]
        for field in about["schema"]["fields"]
        if field["type"] in ("number", "integer")
    }
    if "p_value" in row:
        known.add("p_value")
    if "ci_low" in row:
        known.add("ci")
    if column not in known:
        raise FactError(
            f"{name} ({table}) has no number in a column {column!r}; its columns with numbers are {', '.join(sorted(known))}."
        )
    return Fact(name, table, row, column)


def ids() -> list[str]:
    """Every id that a fact may name, in the order of the tables."""
    return [
        row["id"]
        for name in tables.tables()
        if tables.resource(name)["book"].get("value")
        for row in tables.rows(name)
    ]


def minus(text: str) -> str:
    """The text with the sign of typesetting for each hyphen."""
    return text.replace("-", MINUS)


def with_unit(number: str, unit: str) -> str:
    """A printed number with its unit."""
    if unit == "%/year":
        return f"{number} % a year"
    return number if unit in UNSAID else f"{number} {unit}"


def _interval(row: Mapping[str, str], unit: str) -> str:
    low, high = minus(row["ci_low"]), minus(row["ci_high"])
    if unit == "%":
        return f"{low} % to {high} %"
    return with_unit(f"{low} to {high}", unit)


def label_of(found: Fact) -> str:
    """What the number is, as the words of its table say it: outcome and measure, place and statistic."""
    return _fill(tables.resource(found.table)["book"]["label"], found.row)


def arm_of(row: Mapping[str, str]) -> str:
    """The drug of a row with its dose or regimen; empty in a table without arms."""
    if "dose_mg" not in row or not row.get("drug"):
        return ""
    name = drug_name(row["drug"])
    if row.get("regimen"):
        return f"{name} ({row['regimen']})"
    if row["dose_mg"] and row["drug"] != "placebo":
        return f"{name} {row['dose_mg']} mg/day"
    return name


def drug_name(name: str) -> str:
    """The name of a drug (id of the table `drugs`)."""
    known = tables.by_id("drugs")
    return known[name]["name"] if name in known else name


def _fill(template: str, row: Mapping[str, str]) -> str:
    """The template with the row's words in it; `{drug.name}` is the drug's name; parts left empty are dropped."""
    words = {**row, "drug.name": drug_name(row.get("drug", ""))}
    parts = [
        re.sub(r"\{([a-z_.]+)\}", lambda found: words.get(found[1]) or "", part).strip()
        for part in template.split(", ")
    ]
    return ", ".join(part.rstrip(":") for part in parts if part.strip(": "))


def _source(study: str) -> dict[str, str]:
    row = tables.row(study)
    link, way = next(iter(sources.ways(row)), ("", ""))
    return {
        "study": study,
        "name": row["name"],
        "authors_year": row["authors_year"],
        "link": link,
        "way": way,
    }
