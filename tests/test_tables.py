"""The tables as cells see them: types, names, attributes; in the repository and inside a wheel."""

import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import bonebook
from bonebook import table, tables
from helpers import few_tables
from press import cells, myst

KINDS = {
    "number": pd.api.types.is_float_dtype,
    "integer": pd.api.types.is_integer_dtype,
    "boolean": pd.api.types.is_bool_dtype,
    "date": pd.api.types.is_datetime64_any_dtype,
    "string": pd.api.types.is_string_dtype,
}


@pytest.mark.parametrize("name", tables.tables())
def test_every_table_has_the_types_of_its_schema(name):
    frame, fields = table(name), tables.resource(name)["schema"]["fields"]
    assert list(frame.columns) == [field["name"] for field in fields]
    wrong = [
        field["name"]
        for field in fields
        if not KINDS[field["type"]](frame[field["name"]])
    ]
    assert not wrong
    assert (
        isinstance(frame.index, pd.RangeIndex) and frame["id"].is_unique and len(frame)
    )


@pytest.mark.parametrize("name", tables.tables())
def test_every_table_and_column_is_described(name):
    frame = table(name)
    assert (
        frame.attrs["name"] == name
        and frame.attrs["title"]
        and frame.attrs["description"].endswith(".")
    )
    assert list(frame.attrs["descriptions"]) == list(frame.columns)
    assert all(len(text) > 8 for text in frame.attrs["descriptions"].values())
    assert all(frame.attrs["units"].values())


def test_numbers_in_the_schema_have_units():
    bare = [
        (resource["name"], field["name"])
        for resource in tables.schema()["resources"]
        for field in resource["schema"]["fields"]
        if field["type"] in ("number", "integer") and "unit" not in field
    ]
    assert not bare


def test_every_row_says_where_and_when_it_was_read():
    """Each measured row names its study, who saw it, the address and the day; a parameter of ours gives its reason."""
    frames = [
        table(name)
        for name in tables.tables()
        if "seen" in tables.rows(name)[0] and name not in ("drugs", "studies")
    ]
    assert len(frames) >= 15 and sum(map(len, frames)) > 1_700
    for frame in frames:
        if (
            "standing" in frame
        ):  # parameters that we fitted or chose have a reason instead of a study
            assert frame.loc[frame["standing"] != "seen", "note"].notna().all()
            frame = frame[frame["standing"] == "seen"]
        assert frame["study"].notna().all() and frame["seen"].notna().all()
        if {"value", "looked_up"} <= set(frame.columns):
            assert frame["looked_up"].notna().all(), frame.attrs["name"]
        assert frame.loc[frame["seen"] != "unverified", "address"].notna().all()


def test_nothing_written_is_missing_and_numbers_are_exact():
    bmd = table("bmd_change").set_index("id")
    row = bmd.loc["johnston2000-ls-bmd-rlx60"]
    written = tables.row("johnston2000-ls-bmd-rlx60")
    for column in ("value", "se", "months", "dose_mg"):
        assert str(row[column]).removesuffix(".0") == written[column], column
    assert pd.isna(row["ci_low"]) and pd.isna(row["n"]) and bool(row["approx"]) is False


def test_every_number_is_the_one_written():
    for name in tables.tables():
        frame = table(name)
        for column in frame.select_dtypes("float"):
            written = [
                float(row[column]) if row[column] else None for row in tables.rows(name)
            ]
            assert written == [
                None if pd.isna(number) else number for number in frame[column]
            ], (name, column)


def test_an_unknown_table_is_answered_with_the_names():
    with pytest.raises(KeyError, match="There is no table 'bmd'.*bmd_change"):
        table("bmd")


def test_a_frame_is_the_readers_own():
    frame = table("drugs")
    del frame["name"]
    assert "name" in table("drugs")


def test_an_edited_table_is_read_again(tmp_path):
    shutil.copytree(tables.DATA, tmp_path / "data")
    folder = tmp_path / "data"
    before = table("drugs", folder)
    path = folder / "drugs.csv"
    path.write_text(
        "\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]) + "\n",
        encoding="utf-8",
    )
    assert len(table("drugs", folder)) == len(before) - 1


def test_a_folder_without_a_schema_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="datapackage.json"):
        tables.schema(tmp_path)


def test_the_package_offers_what_the_cells_import():
    """Every name that a cell takes from bonebook, or from a module of it, is there."""
    asked = {
        (node.module, each.name)
        for page in cells.pages()
        for cell in cells.cells(page)
        for node in ast.walk(ast.parse(cell.code))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("bonebook")
        for each in node.names
    }
    assert ("bonebook", "table") in asked
    lost = []
    for module, name in asked:
        if not hasattr(importlib.import_module(module), name):
            try:
                importlib.import_module(f"{module}.{name}")
            except ModuleNotFoundError:
                lost.append(f"from {module} import {name}")
    assert lost == []
    assert bonebook.table("drugs").equals(table("drugs"))


def test_reading_needs_neither_frictionless_nor_sphinx():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, bonebook; bonebook.table('drugs'); print([m for m in ('frictionless', 'sphinx', 'yaml') if m in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert loaded.strip() == "[]"


def test_the_tables_are_found_inside_a_wheel(tmp_path):
    """A wheel carries data/ as bonebook/data; the same package laid out that way reads the same tables."""
    shutil.copytree(
        tables.DATA.parent / "bonebook",
        tmp_path / "bonebook",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copytree(tables.DATA, tmp_path / "bonebook" / "data")
    code = "import bonebook.tables as t; print(t.DATA); print(len(t.table('studies')))"
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert out == [str(tmp_path / "bonebook" / "data"), str(len(table("studies")))]


def test_the_schema_is_plain_json_with_a_licence():
    package = json.loads((tables.DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert [licence["name"] for licence in package["licenses"]] == ["CC-BY-4.0"]
    assert all(
        resource["licenses"][0]["name"] == "CC-BY-4.0"
        and resource["encoding"] == "utf-8"
        for resource in package["resources"]
    )


def test_claims_and_pages_agree_on_who_answers_what():
    """A claim names the pages that answer it, and those pages name the claim where they say what they come from; every claim is answered."""
    root = Path(__file__).resolve().parent.parent / "book"
    answered = {}
    for path in root.glob("*/*.md"):
        for end in myst.read(path).named("where-from"):
            for line in end.body.splitlines():
                if line.startswith("claims: "):
                    for claim in line.removeprefix("claims: ").split():
                        page = f"{path.parent.name}/{path.stem}"
                        answered.setdefault(claim, set()).add(page)
    assert answered == {
        row["id"]: set(row["pages"].split()) for row in tables.rows("claims")
    }


def test_while_held_a_table_is_not_looked_at_again(tmp_path):
    """Nor afterwards is anything kept that has changed meanwhile."""
    few_tables(tmp_path, {"thresholds": ""})
    folder = tmp_path / "data"
    path = folder / "thresholds.csv"
    id = next(iter(tables.index(folder)))
    with tables.held(folder), tables.held(folder):
        before = tables.index(folder)[id]
        path.write_text(path.read_text("utf-8").replace("T-score", "other"), "utf-8")
        os.utime(path, (1, 1))
        assert tables.index(folder)[id] is before
    assert tables.index(folder)[id] is not before
