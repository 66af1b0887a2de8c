"""The tables of data/ as typed pandas data frames; types, units and words come from data/datapackage.json.

table("outcomes")                            # a whole table
pick({"row-id": "label", "other-id": ...})   # some rows, in this order, each with the words it is shown by
value("row-id")                              # one number
tables()                                     # the names of the tables, which bonebook.tables() gives as well
"""

import ast
import csv
import difflib
import json
import math
import os
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pandas as pd

__all__ = [
    "DATA",
    "Rows",
    "asked",
    "by_id",
    "columns",
    "expect",
    "index",
    "intervals",
    "listening",
    "look",
    "named",
    "nearest",
    "out_of_1000",
    "pick",
    "read",
    "resource",
    "row",
    "rows",
    "schema",
    "some",
    "table",
    "tables",
    "truth",
    "value",
    "where",
]

_HERE = Path(__file__).resolve().parent
_READ: dict[str, None] = {}  # names of the tables read so far, in order
_ASKED: dict[str, str] = {}  # ids of the rows asked for so far, and what shows them
_NOTED: set[str] = set()  # what was noted for the build so far
_LISTENERS: list[Callable[[str], Any]] = []  # who is told of it in this process
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
#: How true and false may be written: in data/, by spreadsheets, by pandas. As trueValues and falseValues of the schema.
TRUE, FALSE = ("true", "TRUE", "True"), ("false", "FALSE", "False")


def _note(what):
    """Tell the build, if there is one, what the cells look at: a table, a row (`table:id`) or everything (`*`).

    The build runs a page again when what was noted changes, and not else (press/sphinx/seen.py names the file, and
    press/sphinx/rows.py listens to what the making of a page looks at).
    """
    for told in _LISTENERS:
        told(what)
    file = os.environ.get("BONEBOOK_SEEN")
    if file and what not in _NOTED:
        _NOTED.add(what)
        with Path(file).open("a", encoding="utf-8") as notes:
            notes.write(f"{what}\n")


def _rest(name, columns, rows=()):
    """Tell it of some columns of a table, and of some of its rows, each with its id."""
    for column in columns:
        _note(f"{name}/{column}")
    for row in rows:
        _note(f"{name}:{row['id']}")


@contextmanager
def listening(told: Callable[[str], Any]) -> Iterator[None]:
    """While it lasts, `told` is called with all that is looked at: `table`, `table:id`, `table/column` or `*` for everything."""
    _LISTENERS.append(told)
    try:
        yield
    finally:
        _LISTENERS.remove(told)


def look(seen):
    """Look once more at all that `listening` was told of: for what is kept from one page to the next."""
    for what in seen:
        _note(what)


class _Noticing(Mapping):
    """The index of all rows while a build looks on: it notes what is taken from it."""

    def __init__(self, known):
        self._known = known

    def __getitem__(self, id):
        table, row = self._known[id]
        _note(f"{table}:{id}")
        return table, row

    def __contains__(self, id):
        # Whether a row is there changes only with the ids, and with them everything.
        return id in self._known

    def __iter__(self):
        _note("*")
        return iter(self._known)

    def __len__(self):
        _note("*")
        return len(self._known)


class _OfOne(Mapping):
    """The rows of one table by their ids."""

    def __init__(self, name, folder):
        self._name, self._all = name, index(folder)
        self._known = getattr(self._all, "_known", self._all)  # to ask for ids alone

    def __getitem__(self, id):
        if id not in self:
            raise KeyError(id)
        return self._all[id][1]

    def __contains__(self, id):
        return id in self._known and self._known[id][0] == self._name

    def __iter__(self):
        return (id for id, (name, _) in self._known.items() if name == self._name)

    def __len__(self):
        return sum(1 for _ in self)


class Rows(pd.DataFrame):
    """A data frame of rows of data/: pandas' own, which answers a misspelled column or word with a sentence.

    `query` also refuses a word that the column has nowhere in its table: `study == 'jonston2000'` would silently find
    nothing.
    """

    @property
    def _constructor(self):
        return Rows

    def __getitem__(self, key):
        """Columns or rows. Raises KeyError, in a sentence with the nearest names, for a column that is not there."""
        with self._told(key):
            return super().__getitem__(key)

    def sort_values(self, by, **how):
        """As pandas does. Raises KeyError, in a sentence with the nearest names, for a column that is not there."""
        with self._told(by):
            return super().sort_values(by, **how)

    def set_index(self, keys, **how):
        """As pandas does. Raises KeyError, in a sentence with the nearest names, for a column that is not there."""
        with self._told(keys):
            return super().set_index(keys, **how)

    def query(self, expr, **how):
        """Rows for which the words hold: query("study == 'johnston2000' and months == 36").

        Raises KeyError, in a sentence with the nearest names, for a column that is not there, ValueError for a word
        that the column has nowhere in its table, and NameError for a variable that no cell has set.
        """
        how["level"] = how.get("level", 0) + 1
        try:
            found = super().query(expr, **how)
        except NameError as error:  # pandas' UndefinedVariableError
            name = re.findall(r"'(\w+)'", str(error))[:1]
            if not name:
                raise
            if f"@{name[0]}" in expr:
                fault: Exception = NameError(
                    f"No cell that was run has set {name[0]!r}. Run the cells above this one first."
                )
            else:
                fault = KeyError(self._no_column(name[0]))
            raise fault from None
        for column, word in _compared(expr):
            if column in self.columns and word not in (known := self._words(column)):
                raise ValueError(
                    f"No row of {self._name()} has {word!r} as its {column}.{nearest(word, known)}"
                )
        return found

    def _words(self, column):
        """The words of a column, in these rows and in their whole table."""
        known = set(self[column].dropna())
        name = self.attrs.get("name")
        if name in tables():
            _note(f"{name}/{column}")
            known |= set(_frame(name)[column].dropna())
        return known

    def _name(self):
        name = self.attrs.get("name")
        return f"the table {name!r}" if name else "these rows"

    def _no_column(self, name):
        return f"There is no column {name!r} in {self._name()}.{nearest(name, self.columns)} It has: {', '.join(map(str, self.columns))}."

    @contextmanager
    def _told(self, asked) -> Iterator[None]:
        try:
            yield
        except KeyError:
            each = asked if isinstance(asked, list) else [asked]
            lost = [
                name
                for name in each
                if isinstance(name, str) and name not in self.columns
            ]
            if not lost:
                raise
            raise KeyError(self._no_column(lost[0])) from None


class _Unseen(Rows):
    """A table while a build looks on, of which nobody has looked at anything yet.

    A query notes the columns that it asks and the rows that it finds. Whatever else is asked of it, pandas goes to the
    blocks of the frame for it (`_mgr`), and the whole table is noted.
    """

    @property
    def _mgr(self):
        _note(self.__dict__["_of"])
        return self.__dict__["_blocks"]

    @_mgr.setter
    def _mgr(self, blocks):
        self.__dict__["_blocks"] = blocks

    def query(self, expr, **how):
        """As Rows has it."""
        name, whole = self.__dict__["_of"], self.__dict__["_plain"]
        how["level"] = how.get("level", 0) + 1
        found = whole.query(expr, **how)
        asked = set(re.findall(r"\w+", expr)) & set(whole.columns)
        _rest(name, asked, ({"id": id} for id in found["id"]))
        return found


def _unseen(name, frame):
    """A table of which it is noted what is looked at."""
    made = _Unseen.__new__(_Unseen)
    made.__dict__.update(_of=name, _plain=frame)
    pd.DataFrame.__init__(made, frame)
    made.__dict__["_attrs"] = frame.attrs
    return made


def _compared(expr):
    """(column, word) of each plain comparison of a column with a word, or with a list of them, in the words of a query."""
    try:
        tree = ast.parse(" ".join(expr.replace("@", "").split()), mode="eval")
    except SyntaxError:  # what only pandas reads, such as names in backticks
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name):
            for operator, other in zip(node.ops, node.comparators, strict=True):
                if not isinstance(operator, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)):
                    continue
                listed = isinstance(other, (ast.List, ast.Tuple))
                for each in getattr(other, "elts", []) if listed else [other]:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield node.left.id, each.value


def schema(folder=None):
    """The data package (datapackage.json) as a dictionary, with every table and column described.

    folder: where the tables lie; the book's own when left out. Raises FileNotFoundError if there is no schema.
    """
    return _schema(*_schema_as_it_is(folder))


def tables(folder=None):
    """Names of the tables, in the order of the schema."""
    return [resource["name"] for resource in schema(folder)["resources"]]


def resource(name, folder=None):
    """What the schema says about one table. Raises KeyError, in a sentence that lists the tables, if there is none."""
    for found in schema(folder)["resources"]:
        if found["name"] == name:
            return found
    near = nearest(name, tables(folder))
    raise KeyError(
        f"There is no table {name!r}.{near} The tables are: {', '.join(tables(folder))}."
    )


def rows(name, folder=None):
    """One table as written: a tuple of dictionaries of text, empty text where nothing stands.

    A boolean is "true" or "false", however a spreadsheet wrote it. Raises ValueError, in a sentence, for a file that is
    no such table.
    """
    _note(name)
    return _raw(name, folder)


def by_id(name, folder=None):
    """{id: row as written} of one table. A page rests only on the rows that are taken from it, and not on the whole table."""
    return _OfOne(name, folder)


def columns(name, *wanted, folder=None):
    """Some columns of one table as written, row by row, with the id; a column that it does not have is left out.

    A page rests only on these columns.
    """
    kept = ["id", *(column for column in wanted if column in _heads(name, folder))]
    _rest(name, kept[1:])
    return [{column: row[column] for column in kept} for row in _raw(name, folder)]


def _heads(name, folder=None):
    """The names of the columns of a table."""
    return [field["name"] for field in resource(name, folder)["schema"]["fields"]]


def _raw(name, folder=None):
    """What `rows` gives, for those who say themselves what they look at."""
    path = _path(name, folder)
    return _rows(path, path.stat().st_mtime_ns, name, _schema_as_it_is(folder))


def where(name, folder=None, **words):
    """The rows of one table, as written, that have these words in these columns: where("drugs", kind="SERM").

    A page rests only on these columns and on the rows that are found. Raises KeyError for a column that is not there.
    """
    found = [
        row
        for row in _raw(name, folder)
        if all(row[key] == words[key] for key in words)
    ]
    _rest(name, words, found)
    return found


def some(rows, do):
    """Nothing, if there are rows. Raises ValueError, in a sentence with what to `do` with them, if there are none."""
    if len(rows) == 0:
        raise ValueError(
            f"There is no row to {do}: the table is empty. Something before it, such as a query, let no row through."
        )


def expect(given, has, by, such):
    """Nothing, if `given` has what the function `by` reads. Raises TypeError, in a sentence that ends with `such`, if not."""
    if not hasattr(given, has):
        raise TypeError(
            f"{by} takes a result of bonebook.effects with its interval, {such}; it was given {given!r}."
        )


def truth(cell):
    """A boolean of data/ as "true" or "false", whichever way it is written (TRUE, True); any other text as it is."""
    return "true" if cell in TRUE else "false" if cell in FALSE else cell


def table(name, folder=None):
    """One table as a data frame.

    Columns have the types of the schema: number is float64, integer is Int64, boolean is boolean, date is datetime64,
    all else is str; nothing written is missing. The index counts from 0 and `id` is a column. `.attrs` holds
    `name`, `title`, `description`, `units` (of the columns that have one) and `descriptions` (of all columns).
    Every call gives a fresh copy. Raises KeyError if the table is unknown and ValueError if a cell has the wrong type.
    """
    frame = _frame(name, folder)
    return _unseen(name, frame) if _looked_on() else frame


def _looked_on():
    """Whether anybody wants to know what is looked at."""
    return bool(_LISTENERS or os.environ.get("BONEBOOK_SEEN"))


def _frame(name, folder=None):
    """What `table` gives, for `pick`, which takes single rows of it."""
    path, about = _path(name, folder), resource(name, folder)
    _READ[name] = None
    changed, described = path.stat().st_mtime_ns, _schema_as_it_is(folder)
    frame = _table(path, changed, name, described).copy()
    fields = about["schema"]["fields"]
    frame.attrs = {
        "name": name,
        "title": about["title"],
        "description": about["description"],
        "units": {field["name"]: field["unit"] for field in fields if "unit" in field},
        "titles": {
            field["name"]: field["title"] for field in fields if "title" in field
        },
        "descriptions": {field["name"]: field["description"] for field in fields},
    }
    return frame


def read():
    """Names of the tables read so far by `table`, `pick` and `value`, each once: what a figure rests on."""
    return list(_READ)


def asked():
    """{id: words} of the rows asked for by name so far; the words that show a row, empty where none do."""
    return dict(_ASKED)


def row(id, folder=None):
    """One row of any table as written: a dictionary of text, empty text where nothing stands, and `table`, its name.

    Raises KeyError, in a sentence with the nearest ids, if no table has the id.
    """
    known = index(folder)
    if id not in known:
        raise KeyError(f"No row of data/ has the id {id!r}.{nearest(id, known)}")
    name, found = known[id]
    _READ[name] = None
    return {"table": name, **found}


def value(id, column="value"):
    """One number of any table, as a float in the row's unit: value("delmas1997-th-diff-rlx60").

    `column`: the number to read, such as "se", "n" or "ci_low". Raises KeyError, in a sentence, if there is no such
    row or column, and ValueError if nothing or no number stands there.
    """
    found = row(id)
    _ASKED.setdefault(id, "")
    if column not in found:
        near = nearest(column, found)
        raise KeyError(f"The row {id!r} has no column {column!r}.{near}")
    try:
        return float(found[column])
    except ValueError:
        what = repr(found[column]) if found[column] else "nothing"
        raise ValueError(
            f"The row {id!r} has {what} in the column {column!r}, and no number."
        ) from None


def pick(ids, label="{study.name}"):
    """Rows of any tables, in the order given, as a data frame with one column more: `label`, what each row is shown by.

    `ids`: a list of row ids, or a dictionary {id: words}. Words and `label` may hold names of columns, which the row
    fills in: "{site}, {months} months", "{drug.name}", "{study.name}", "{study.authors_year}", "{trial}", the name of
    the study without what stands in brackets, and "{people}", how many of 1,000 people a share or risk is. Types and units are those
    of `table`. Where a row has a standard error and no interval, `ci_low` and `ci_high` are its value plus and minus
    1.96 standard errors, and `interval` says so ("published", "from its standard error", "none").
    Raises KeyError, in a sentence with the nearest ids, if no table has an id; ValueError if an id is given twice or
    none is given.
    """
    if isinstance(ids, str):
        ids = [ids]
    words = dict(ids) if isinstance(ids, dict) else dict.fromkeys(ids, label)
    if not words:
        raise ValueError("pick needs the id of at least one row.")
    if len(words) < len(ids):
        raise ValueError("An id is given twice.")
    homes = dict.fromkeys(row(id)["table"] for id in words)
    parts = [frame[frame["id"].isin(words)] for frame in map(_frame, homes)]
    rows = parts[0] if len(parts) == 1 else _together(parts)
    rows = rows.set_index("id", drop=False).rename_axis(None).loc[list(words)]
    return named(intervals(rows.reset_index(drop=True)), list(words.values()))


def named(rows, label):
    """The same rows with a column `label`, in words that each row fills in (see `pick`).

    `label`: one text for all rows, or a list with one for each.
    """
    texts = [label] * len(rows) if isinstance(label, str) else label
    words = [_fill(text, id) for text, id in zip(texts, rows["id"], strict=True)]
    _ASKED.update(zip(rows["id"], words, strict=True))
    return rows.assign(label=words)


def intervals(rows):
    """The same rows, `ci_low` and `ci_high` filled from the standard error where none is published (see `pick`)."""
    if not {"value", "se", "ci_low", "ci_high"} <= set(rows.columns):
        return rows
    published = rows["ci_low"].notna() & rows["ci_high"].notna()
    computed = ~published & rows["value"].notna() & rows["se"].notna()
    half = _NORMAL_975 * rows["se"]
    return rows.assign(
        ci_low=rows["ci_low"].where(~computed, rows["value"] - half),
        ci_high=rows["ci_high"].where(~computed, rows["value"] + half),
        interval=[
            "published" if a else "from its standard error" if b else "none"
            for a, b in zip(published, computed, strict=True)
        ],
    )


#: How many of 1,000 people one of each unit is.
_OF_1000 = {
    "%": 10,
    "percentage points": 10,
    "per 1,000 women": 1,
    "per 1,000 people": 1,
}


def out_of_1000(number, unit, id="this row"):
    """A risk or share as people out of 1,000, rounded to whole people. Raises ValueError for a unit that is no share of people."""
    if unit not in _OF_1000:
        raise ValueError(f"{id} is in {unit!r}, which is no share of 1,000 people.")
    return round(float(number) * _OF_1000[unit] + 1e-9)


def index(folder=None):
    """{id: (table, row as written)} over all tables, read again when a table changes."""
    folder = Path(folder) if folder else DATA
    if folder in _HELD:
        known = _HELD[folder][0]
    else:
        known = _index(folder, tuple(_stamps(folder)))
    return _Noticing(known) if _looked_on() else known


#: {folder: (index, path and time of its schema)} while `held`.
_HELD: dict = {}


@contextmanager
def held(folder=None):
    """While it lasts, `row` and `index` do not look whether a table or the schema has changed, a third of a millisecond each time."""
    folder = Path(folder or DATA)
    if folder in _HELD:
        yield
        return
    known = _index(folder, tuple(_stamps(folder)))
    _HELD[folder] = known, _schema_as_it_is(folder)
    try:
        yield
    finally:
        del _HELD[folder]


def _stamps(folder):
    """(table, time of its file) of every table. Asked for each row that is looked up: one look at each file, no more."""
    base = os.fspath(folder)
    for about in schema(folder)["resources"]:
        path = os.path.join(base, about["path"])  # noqa: PTH118 - a Path costs more than the look
        try:
            yield about["name"], os.stat(path).st_mtime_ns  # noqa: PTH116
        except FileNotFoundError:
            _path(about["name"], folder)  # says which table has no file
            raise


#: The 97.5th percentile of the normal distribution: half the width of a 95 % interval, in standard errors.
_NORMAL_975 = NormalDist().inv_cdf(0.975)


def _together(parts):
    """Rows of several tables under each other; a unit stays known where the tables agree on it."""
    rows = pd.concat(parts)
    rows.attrs = {
        about: {
            column: word
            for part in parts
            for column, word in part.attrs[about].items()
            if all(other.attrs[about].get(column, word) == word for other in parts)
        }
        for about in ("units", "titles", "descriptions")
    }
    return rows


def _fill(text, id):
    """The text with the words of the row in it: {column}, {drug.name}, {study.name}, {study.authors_year}."""
    found = row(id)

    def word(match):
        column, _, further = match[1].partition(".")
        if column == "people":
            return f"{out_of_1000(found['value'], found['unit'], id):.0f}"
        if column == "trial":
            return index()[found["study"]][1]["name"].split(" (")[0]
        if column not in found:
            near = nearest(column, found)
            raise KeyError(
                f"The row {id!r} has no column {column!r} for {text!r}.{near}"
            )
        known = index().get(found[column])
        return known[1][further] if further and known else found[column]

    return re.sub(r"\{([a-z_]+(?:\.[a-z_]+)?)\}", word, text)


def nearest(word, known):
    """` Near it: a, b.`, to end a message about a word that is not among those known; empty if nothing is near."""
    near = difflib.get_close_matches(
        str(word), list(dict.fromkeys(map(str, known))), n=3, cutoff=0.6
    )
    return f" Near it: {', '.join(near)}." if near else ""


def _path(name, folder):
    path = Path(folder or DATA) / resource(name, folder)["path"]
    if not path.exists():
        raise FileNotFoundError(
            f"The schema names the table {name!r}, but there is no file {path}."
        )
    return path


def _schema_as_it_is(folder):
    """(path, time) of the schema: asked for each row that is looked up, so one look at the file and no more."""
    if (folder or DATA) in _HELD:
        return _HELD[folder or DATA][1]
    path = os.path.join(os.fspath(folder or DATA), "datapackage.json")  # noqa: PTH118
    try:
        return path, os.stat(path).st_mtime_ns  # noqa: PTH116
    except FileNotFoundError:
        raise FileNotFoundError(
            f"There is no datapackage.json in {folder or DATA}, so the tables cannot be read."
        ) from None


# The caches look at the times of the table and of the schema, so that what is edited is read again.
@lru_cache(maxsize=8)
def _schema(path, _changed):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def _fields(name, schema):
    """The columns of a table; schema: its path and its time."""
    resources = _schema(*schema)["resources"]
    return next(about for about in resources if about["name"] == name)["schema"][
        "fields"
    ]


@lru_cache(maxsize=128)
def _rows(path, _changed, name, schema):
    fields = _fields(name, schema)
    wanted = [field["name"] for field in fields]
    booleans = [field["name"] for field in fields if field["type"] == "boolean"]
    place = f"{path.parent.name}/{path.name}"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
    except UnicodeDecodeError:
        raise ValueError(
            f"{place} is not in UTF-8. A spreadsheet has saved it; there it is the format 'CSV UTF-8'."
        ) from None
    except ValueError:
        raise ValueError(f"{place} is empty.") from None
    if header != wanted:
        raise ValueError(
            f"The first line of {place} is not the one that datapackage.json describes ({','.join(wanted)}). "
            "Commas part its cells, and no column comes after the last."
        )
    for number, cells in enumerate(lines, 2):
        if len(cells) != len(wanted):
            raise ValueError(
                f"{place}: row {number} has {len(cells)} cells, and the table has {len(wanted)} columns."
            )
    found = [dict(zip(wanted, cells, strict=True)) for cells in lines]
    for row in found:
        for name in booleans:
            row[name] = truth(row[name])
    return tuple(found)


@lru_cache(maxsize=128)
def _table(path, changed, name, schema):
    """The rows with the types of the schema; there is one reader of the file, so that nobody reads another value."""
    found = _rows(path, changed, name, schema)
    columns = {}
    for field in _fields(name, schema):
        cells = [row[field["name"]] or None for row in found]
        try:
            columns[field["name"]] = _typed(cells, field["type"])
        except ValueError as error:
            where = next(row["id"] for row in found if row[field["name"]] == str(error))
            raise ValueError(
                f"{path.parent.name}/{path.name}, row {where!r}: the column {field['name']!r} has {str(error)!r}, "
                f"and its type is {field['type']}."
            ) from None
    return Rows(columns)


#: How a cell that holds something is read, by the type of its column.
_READERS: dict[str, Callable[[str], Any]] = {
    "number": float,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
}


def _typed(cells, kind):
    """A column of cells (None: nothing) in its type. Raises ValueError(cell) for a cell that is not of that type."""
    if kind not in _READERS:
        # nan, as pandas itself reads nothing: None would be a word in older pandas
        return pd.Series([math.nan if c is None else c for c in cells], dtype="str")
    values = []
    for cell in cells:
        try:
            values.append(None if cell is None else _READERS[kind](cell))
        except (ValueError, KeyError):
            raise ValueError(cell) from None
    if kind == "date":
        return pd.to_datetime(pd.Series(cells, dtype="object"), format="%Y-%m-%d")
    return pd.Series(values, dtype=_DTYPES[kind])


@lru_cache(maxsize=8)
def _index(folder, _stamps):
    found = {}
    for about in schema(folder)["resources"]:
        name = about["name"]
        path, described = _path(name, folder), _schema_as_it_is(folder)
        for row in _rows(path, path.stat().st_mtime_ns, name, described):
            found[row["id"]] = name, row
    return found


class _Called(types.ModuleType):
    """This module, which can be called: `bonebook.tables()` gives the names of the tables, as a reader would guess."""

    def __call__(self, folder=None):
        return tables(folder)


sys.modules[__name__].__class__ = _Called
