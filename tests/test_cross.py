"""What one cell of the tables says of another: a slip in a row is found by what stands beside it."""

import copy

import pytest

from bonebook import tables
from press.check import cross


@pytest.fixture(scope="module")
def rows():
    return {
        name: list(enumerate(map(dict, tables.rows(name)), 2))
        for name in tables.tables()
    }


def changed(rows, id, **cells):
    """The tables with some cells of one row changed."""
    other = {name: list(found) for name, found in rows.items()}
    for name, found in other.items():
        for place, (line, row) in enumerate(found):
            if row["id"] == id:
                other[name][place] = (line, copy.copy(row) | cells)
                return other
    raise KeyError(id)


@pytest.mark.parametrize(
    ("rule", "id", "cells", "column"),
    [
        ("id and arm", "ettinger1999-vfx-rlx60", {"drug": "tamoxifen"}, "drug"),
        ("id and arm", "ettinger1999-vfx-plac", {"drug": "raloxifene"}, "drug"),
        ("id and arm", "ettinger1999-vfx-rlx60", {"dose_mg": "120"}, "dose_mg"),
        ("id and arm", "ettinger1999-vfx-rlx60", {"dose_mg": "600"}, "dose_mg"),
        (
            "address and study",
            "powles1996-ls-pre-tam",
            {"address": "https://pubmed.ncbi.nlm.nih.gov/8558226/"},
            "address",
        ),
        ("middle of the interval", "ruth2006-vte-hr", {"value": "1.84"}, "value"),
        ("middle of the interval", "ruth2006-vte-hr", {"ci_high": "2.95"}, "value"),
        (
            "p value and interval",
            "ruth2006-vte-hr",
            {"p_value": "0.4", "ci_level": "95"},
            "p_value",
        ),
        ("people of the study", "ettinger1999-vfx-rlx60", {"n": "15698"}, "n"),
    ],
)
def test_a_slip_is_found_by_what_stands_beside_it(rows, rule, id, cells, column):
    def told(tables_):
        return {
            (row["id"], place) for _, _, row, place, _, _ in cross.RULES[rule](tables_)
        }

    assert (id, column) not in told(rows)
    assert (id, column) in told(changed(rows, id, **cells))
