"""The tables of data/ as typed pandas data frames; types, units and descriptions come from data/datapackage.json."""

import csv
import json
from functools import lru_cache
from pathlib import Path

import pandas as pd

_HERE = Path(__file__).resolve().parent
#: Folder of the tables: inside the wheel, or beside the package in the repository.
DATA = next(
    (
        d
        for d in (_HERE / "data", _HERE.parent / "data")
        if (d / "datapackage.json").exists()
    ),
    _HERE.parent / "data",
)
_DTYPES = {
    "string": "str",
    "number": "float64",
    "integer": "Int64",
    "boolean": "boolean",
}


def schema(folder=None):
    """The data package (datapackage.json) as a dictionary, with every table and column described.

    folder: where the tables lie; the book's own when left out. Raises FileNotFoundError if there is no schema.
    """
    path = Path(folder or DATA) / "datapackage.json"
    if not path.exists():
        raise FileNotFoundError(
            f"There is no datapackage.json in {path.parent}, so the tables cannot be read."
        )
    return _schema(path, path.stat().st_mtime_ns)


def tables(folder=None):
    """Names of the tables, in the order of the schema."""
    return [resource["name"] for resource in schema(folder)["resources"]]


def resource(name, folder=None):
    """What the schema says about one table. Raises KeyError, in a sentence that lists the tables, if there is none."""
    for found in schema(folder)["resources"]:
        if found["name"] == name:
            return found
    raise KeyError(
        f"There is no table {name!r}. The tables are: {', '.join(tables(folder))}."
    )


def rows(name, folder=None):
    """One table as written: a tuple of dictionaries of text, empty text where nothing stands."""
    path = _path(name, folder)
    return _rows(path, path.stat().st_mtime_ns)


def table(name, folder=None):
    """One table as a data frame.

    Columns have the types of the schema: number is float64, integer is Int64, boolean is boolean, date is datetime64,
    all else is str; nothing written is missing. The index counts from 0 and `id` is a column. `.attrs` holds
    `name`, `title`, `description`, `units` (of the columns that have one) and `descriptions` (of all columns).
    Every call gives a fresh copy. Raises KeyError if the table is unknown and ValueError if a cell has the wrong type.
    """
    path, about = _path(name, folder), resource(name, folder)
    frame = _table(
        path, path.stat().st_mtime_ns, json.dumps(about["schema"]["fields"])
    ).copy()
    fields = about["schema"]["fields"]
    frame.attrs = {
        "name": name,
        "title": about["title"],
        "description": about["description"],
        "units": {field["name"]: field["unit"] for field in fields if "unit" in field},
        "descriptions": {field["name"]: field["description"] for field in fields},
    }
    return frame


def _path(name, folder):
    path = Path(folder or DATA) / resource(name, folder)["path"]
    if not path.exists():
        raise FileNotFoundError(
            f"The schema names the table {name!r}, but there is no file {path}."
        )
    return path


# The three caches look at the time of the file, so that an edited table is read again.
@lru_cache(maxsize=8)
def _schema(path, _changed):
    return json.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=128)
def _rows(path, _changed):
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache(maxsize=128)
def _table(path, _changed, fields):
    fields = json.loads(fields)
    dates = [field["name"] for field in fields if field["type"] == "date"]
    types = {field["name"]: _DTYPES.get(field["type"], "str") for field in fields}
    frame = pd.read_csv(
        path,
        dtype=types,
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
        true_values=["true"],
        false_values=["false"],
    )
    for name in dates:
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame
