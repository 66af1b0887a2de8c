"""Cross-examination: what one cell of the tables says of another, where a schema cannot look.

    cross_numbers.py   a number and its interval, its p value, the people counted
    cross_arms.py      a comparison and its two arms
    cross_names.py     the words of an id and its row
    cross_studies.py   the rows of one study and each other
    cross_sources.py   addresses, DOIs, the bibliography and the table of studies
    cross_words.py     directions, signs, verdicts, and numbers in sentences
    cross_cells.py     what these share

Each rule is a generator of (table, line, row, column, found, expected). A row that breaks a rule for a good reason is
named under `reviewed` in data/datapackage.json, with the rule's name and the reason. A folder whose datapackage.json says
`part` holds a few rows of the book's tables; there is nobody to ask, and it is not examined.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import (
    cross_arms,
    cross_names,
    cross_numbers,
    cross_sources,
    cross_studies,
    cross_words,
)
from .bibliography import NotBibTeX, entries
from .cross_cells import Found, Rows
from .report import Fault, Report

RULES: dict[str, Callable[[Rows], Iterator[Found]]] = {
    **cross_numbers.RULES,
    **cross_arms.RULES,
    **cross_names.RULES,
    **cross_studies.RULES,
    **cross_sources.RULES,
    **cross_words.RULES,
}


def check(
    report: Report, bibliography: Path, only: Sequence[str] | None = None
) -> None:
    """Asks every rule of the rows that could be read; only: names of tables. The bibliography counts as one more table."""
    if report.package["book"].get("part"):
        return
    rows = dict(report.rows)
    if bibliography.exists():
        try:
            rows[cross_sources.REFERENCES] = entries(bibliography)
        except NotBibTeX:  # across.py says where
            rows[cross_sources.REFERENCES] = []
    for rule, ask in RULES.items():
        for name, line, row, column, found, expected in ask(rows):
            if only and name not in only:
                continue
            if report.excused(rule, row["id"]):
                continue
            if name == cross_sources.REFERENCES:
                place = f"{bibliography.parent.name}/{bibliography.name}"
                report.add(Fault(place, line, row["id"], column, found, expected))
            else:
                report.say(name, line, row["id"])(column, found, expected)
