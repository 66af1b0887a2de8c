"""Results of one's own: drawn from the rows of data/ by a name, the same each time for the same name.

    counts("Ada Example", ["ettinger1999-vfx-plac", "ettinger1999-vfx-rlx60"], 2000)

An assignment begins with a name. Each row that it names is then drawn anew, as another
trial with the same true risks would have found it; a test draws it again. The seed of a
row is the SHA-256 digest of the name and the row's id, so that no draw depends on
another. What is drawn is made up and stands for no trial; only the risks, means, errors
and intervals behind it are real. Every function raises ValueError, in a sentence, if
there is no name, and KeyError, as `pick` does, if no table has an id.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bonebook.synthesis import from_interval
from bonebook.tables import pick

_Item = TypeVar("_Item")
#: What a value of this unit is divided by to be a proportion.
_SHARES = {"%": 100, "per 1,000 women": 1000, "per 1,000 people": 1000}


def generator(name: str, what: str) -> np.random.Generator:
    """The random numbers that belong to a name and to what is drawn.

    name: capitals and blanks at its ends do not count; what: such as a row's id. Seeded
    with the SHA-256 digest of both. Raises ValueError if there is no name.
    """
    plain = " ".join(unicodedata.normalize("NFC", str(name)).split()).casefold()
    if not plain:
        raise ValueError('There is no name. Write yours in the first cell: name = "…"')
    digest = hashlib.sha256(f"{plain}\n{what}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def counts(
    name: str, ids: Sequence[str] | dict[str, str], n: int | None = None
) -> pd.DataFrame:
    """Arms of a trial of one's own: the rows with `events` drawn, and `value` in %.

    ids: rows that hold a share of people, or a count of women among the row's n, as
    `pick` takes them (a dictionary gives labels). n: women in each arm; left out, those
    of the row. Events are binomial with the row's risk. Raises ValueError if a row is no
    share of people, or has no n and none is given.
    """
    rows = pick(ids)
    risks = [_risk(row) for row in rows.to_dict("records")]
    sizes = [n] * len(rows) if n is not None else _sizes(rows)
    rows["n"] = sizes
    rows["events"] = [
        int(generator(name, id).binomial(size, risk))
        for id, size, risk in zip(rows["id"], sizes, risks, strict=True)
    ]
    rows["value"] = 100 * rows["events"] / rows["n"]
    return rows.assign(unit="%", measure="risk", ci_low=np.nan, ci_high=np.nan)


def means(name: str, ids: Sequence[str] | dict[str, str]) -> pd.DataFrame:
    """Arms of a trial of one's own with means: `value` is drawn, `se` is the row's.

    ids: rows with a standard error, in any unit. The mean is normal around the row's
    value. Raises ValueError if a row has no standard error.
    """
    rows = pick(ids)
    if rows["se"].isna().any():
        raise ValueError(
            f"No standard error: {', '.join(rows['id'][rows['se'].isna()])}."
        )
    drawn = [
        generator(name, row.id).normal(row.value, row.se) for row in rows.itertuples()
    ]
    rows["value"] = np.round(drawn, 2)
    return rows.assign(ci_low=np.nan, ci_high=np.nan)


def ratios(name: str, ids: Sequence[str] | dict[str, str]) -> pd.DataFrame:
    """Ratios of one's own with 95 % intervals: value, ci_low and ci_high are drawn.

    ids: rows with a ratio and its 95 % interval. The logarithm is normal around the
    row's, with the error that its interval gives; the interval moves along. Two
    decimals, as a paper prints them. Raises ValueError if a row has no interval.
    """
    rows = pick(ids)
    columns = ["value", "ci_low", "ci_high"]
    for place, row in rows.iterrows():
        log, se = from_interval(*(row[column] for column in columns))
        drawn = generator(name, row["id"]).normal(log, se)
        limits = np.exp([drawn, drawn - 1.96 * se, drawn + 1.96 * se])
        rows.loc[place, columns] = np.round(limits, 2)
    return rows


def women(name: str, id: str, n: int) -> NDArray[np.float64]:
    """The changes of n women of one's own, one decimal, in the unit of the row.

    id: a row with a mean and a standard deviation between women; they are normal.
    Raises ValueError if the row has no standard deviation.
    """
    row = pick([id]).iloc[0]
    if pd.isna(row["sd"]):
        raise ValueError(f"{id} has no standard deviation.")
    return np.round(generator(name, id).normal(row["value"], row["sd"], n), 1)


def choice(name: str, what: str, among: Sequence[_Item]) -> _Item:
    """One of several things, by the name. what: tells two choices of one notebook apart."""
    return among[int(generator(name, what).integers(len(among)))]


def _risk(row: dict) -> float:
    """The row's risk as a proportion."""
    if row["unit"] in _SHARES:
        return float(row["value"]) / _SHARES[row["unit"]]
    if row["unit"] == "women" and row.get("measure") == "count" and row["n"] > 0:
        return float(row["value"]) / float(row["n"])
    raise ValueError(f"{row['id']} is in {row['unit']!r}, which is no share of people.")


def _sizes(rows: pd.DataFrame) -> list[int]:
    if "n" not in rows or rows["n"].isna().any():
        raise ValueError("A row has no number of women; say how many: counts(…, n).")
    return [int(size) for size in rows["n"]]
