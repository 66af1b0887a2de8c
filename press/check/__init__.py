"""Checks the tables: `python -m press.check [DIR]` prints one line a fault and ends with 1 if there is any.

    files.py    the bytes of each file, its separator and its header; where one cannot be read, nothing more is asked
    schema.py   types, constraints and foreign keys of datapackage.json, by frictionless
    rows.py     what must hold within one row
    across.py   what must hold between rows, and between the tables and the bibliography
    cross.py    what one cell says of another; its rules stand in cross_*.py

A slip leaves traces, and the rules of cross.py look for them. A ratio lies in the middle of its interval, is the one that the
events of its two arms give, and its interval is as wide as those events make it; a p value, a difference, a relative reduction
and a number needed follow from what stands beside them; pooled counts are sums, rates of one report stand for the same years.
The words of an id name the drug, the dose, the outcome and the sort of number. Rows of a study that differ in the arm alone
agree in all the rest; an arm has one drug, one dose and one number of people. Addresses, DOIs, PubMed numbers, years and
authors agree between a row, its study and its entry in the bibliography, and the DOI and the other volumes of the journal bear
an entry out. Directions and signs fit the words that explain them, and the numbers in a sentence are those of rows. What no
other cell knows (a digit of a title, of a page, of a food) only a receipt keeps: see press/receipt.py.

Where a published number breaks a rule for a good reason, the `reviewed` part of datapackage.json names rule, row and
reason; an entry there that excuses nothing is a fault too.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bonebook import tables

from . import across, cross, files, rows, schema
from .report import Fault, Report

__all__ = ["Fault", "faults", "main"]


def faults(
    folder: str | Path | None = None,
    bibliography: str | Path | None = None,
    only: Sequence[str] | None = None,
    sound: Sequence[str] = (),
) -> list[Fault]:
    """Every Fault of the tables in a folder (the book's own when left out), sorted by file and line.

    Where a file is no table that can be read, the faults are those of such files alone.

    bibliography: the BibTeX file; book/references.bib beside the folder when left out, skipped if there is none.
    only: names of tables; the schema and the rules within a row are then checked in these alone.
    sound: names of tables that the schema is known to hold for, as nothing that it speaks of has changed: it is not asked of these.
    """
    folder = Path(folder or tables.DATA)
    report = Report(folder)
    if not files.check(report):
        return report.faults()
    asked = only or tables.tables(folder)
    schema.check(
        report, [name for name in asked if name not in sound] if sound else only
    )
    rows.check(report, only)
    bibliography = Path(bibliography or folder.parent / "book" / "references.bib")
    across.check(report, bibliography)
    cross.check(report, bibliography, only)
    if not only:  # otherwise some exceptions had nothing to excuse
        report.check_exceptions()
    return report.faults()


def main(arguments: Sequence[str] | None = None) -> int:
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
