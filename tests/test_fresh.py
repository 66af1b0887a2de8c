"""Outputs are never stale: a changed table, package or lock runs the pages again; nothing changed, nothing runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

CONFIG = """
title: A small book
only_build_toc_files: true
execute: {execute_notebooks: cache}
sphinx:
  extra_extensions: [press.sphinx.fresh]
"""
PAGE = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---
# A page

```{code-cell} ipython3
import bonebook
from bonebook import table
f"{table('thresholds')['note'].iloc[0]} / {getattr(bonebook, 'MARK', 'as it was')}"
```
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A book of one page, with the real tables, package and lock, that the tests may change."""
    root = tmp_path_factory.mktemp("project")
    for name in ("data", "bonebook", "press"):
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("requirements.txt", "requirements.lock"):
        shutil.copy(ROOT / name, root)
    (root / "book").mkdir()
    shutil.copy(ROOT / "book" / "references.bib", root / "book")
    (root / "_config.yml").write_text(CONFIG)
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    (root / "book" / "page.md").write_text(PAGE)
    return root


def build(root):
    """Build it as a reader would; returns how often a page ran, and the text of the page."""
    finished = subprocess.run(
        [Path(sys.executable).parent / "jupyter-book", "build", ".", "-W"],
        cwd=root,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(root),
        },  # the cells import this copy of the package
    )
    assert finished.returncode == 0, finished.stdout[-2000:] + finished.stderr[-3000:]
    told = finished.stdout + finished.stderr
    return told.count("Executing notebook"), (
        root / "_build" / "html" / "book" / "page.html"
    ).read_text(encoding="utf-8")


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_outputs_follow_what_they_are_made_of(project):
    runs, page = build(project)
    assert runs == 1 and "as it was" in page

    assert build(project)[0] == 0, "nothing changed, and the page ran again"

    import csv

    table = project / "data" / "thresholds.csv"
    rows = list(csv.reader(table.open(encoding="utf-8", newline="")))
    rows[1][rows[0].index("note")] = "a note that somebody changed"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    runs, page = build(project)
    assert runs == 1 and "a note that somebody changed" in page, (
        "a changed table left a stale output"
    )

    with (project / "bonebook" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write("\nMARK = 'a package that somebody changed'\n")
    runs, page = build(project)
    assert runs == 1 and "a package that somebody changed" in page, (
        "a changed package left a stale output"
    )

    change(project / "requirements.lock", "pandas==", "# changed\npandas==")
    assert build(project)[0] == 1, "a changed lock did not run the page again"

    assert build(project)[0] == 0


def test_bad_data_stops_the_build(project):
    """The line of the fault is what the builder sees: file, row, column, value, what was expected."""
    table = project / "data" / "outcomes.csv"
    good = table.read_text(encoding="utf-8")
    try:
        change(
            table,
            "hazard ratio,,,0.95,ratio,,,0.84,1.07",
            "hazard ratio,,,1.95,ratio,,,0.84,1.07",
        )
        finished = subprocess.run(
            [Path(sys.executable).parent / "jupyter-book", "build", "."],
            cwd=project,
            capture_output=True,
            text=True,
        )
        told = finished.stdout + finished.stderr
        assert finished.returncode != 0
        assert (
            "data/outcomes.csv:" in told
            and "ruth2006-chd-hr" in told
            and "1.95" in told
        )
    finally:
        table.write_text(good, encoding="utf-8", newline="\n")
