"""Outputs are never stale: whatever changed is made again, whatever did not is left, and a build that was stopped counts for nothing."""

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest

import forked
from helpers import LIGHT, ROOT, few_tables
from tools.build import state

EXTENSIONS = ["press.sphinx.fresh", "press.sphinx.kernels", "stop"]
CONF = f"""
extensions = ["myst_nb", *{EXTENSIONS}]
root_doc, include_patterns = "book/page", ["book/**"]
html_theme, html_copy_source = "basic", False
nb_execution_mode, nb_execution_show_tb = "cache", True
nb_execution_raise_on_error = True
"""
CONFIG = f"""
title: A small book
only_build_toc_files: true
execute: {{execute_notebooks: cache}}
sphinx: {{extra_extensions: {EXTENSIONS}}}
"""
TOC = """
format: jb-book
root: book/page
chapters: [{file: book/second}]
"""
PAGE = """---
orphan: true
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---
# A page

Words of the page.

```{code-cell} ipython3
import bonebook
from bonebook import table
f"{table('thresholds')['note'].iloc[0]} / {getattr(bonebook, 'MARK', 'as it was')}"
```
"""
# An extension that kills the build, as a power cut would, when the page named in STOP is about to be written.
STOP = """
import os, signal

def writing(app, pagename, *_):
    if pagename == os.environ.get("STOP"):
        os.kill(os.getpid(), signal.SIGKILL)

def setup(app):
    app.connect("html-page-context", writing)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A book of two pages, with a few rows of the tables, the real package and lock, that the tests may change."""
    root = tmp_path_factory.mktemp("project")
    few_tables(root, {"thresholds": "", "outcomes": "ruth2006-chd"})
    for name in ("bonebook", "press", "explorables", "binder"):
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("requirements.txt", "requirements.lock"):
        shutil.copy(ROOT / name, root)
    (root / "conf.py").write_text(CONF)
    (root / "_config.yml").write_text(CONFIG)
    (root / "_toc.yml").write_text(TOC)
    (root / "stop.py").write_text(STOP)
    (root / "book" / "page.md").write_text(PAGE)
    second = PAGE.replace("A page", "A second page").replace(
        "import bonebook\n", "import bonebook  # again\n"
    )
    (root / "book" / "second.md").write_text(second)
    return root


def run(root, *command, **variables):
    """Run a command in the book's folder with this copy of the packages; the finished process, all it said in `stdout`."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": LIGHT.format(root), **variables},
    )


def sphinx(root, *options, **variables):
    """Build it as jupyter-book does, with a plain theme; the finished process."""
    places = ("-d", "_build/.doctrees", ".", "_build/html")
    command = [sys.executable, "-m", "sphinx", *options, *places]
    light = {"PYTHONPATH": LIGHT.format(root)}
    finished = forked.run(command, root, {**os.environ, **light, **variables})
    finished.stdout += finished.stderr
    return finished


def build(root):
    """Build it; returns how many pages ran, and the text of both pages."""
    finished = sphinx(root, "-W")
    assert finished.returncode == 0, finished.stdout[-4000:]
    return finished.stdout.count("Executing notebook"), both(root)


def both(root):
    folder = root / "_build" / "html" / "book"
    return [
        (folder / f"{name}.html").read_text(encoding="utf-8")
        for name in ("page", "second")
    ]


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def change_note(project, words):
    """Change what the cells of both pages show, in the table."""
    table = project / "data" / "thresholds.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index("note")] = words
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.mark.weekly
def test_outputs_follow_what_they_are_made_of(project):
    runs, pages = build(project)
    assert runs == 2 and all("as it was" in page for page in pages)

    assert build(project)[0] == 0, "nothing changed, and a page ran again"

    change_note(project, "a note that somebody changed")
    runs, pages = build(project)
    assert runs == 2, "a changed table did not run the pages again"
    assert all("a note that somebody changed" in page for page in pages)

    with (project / "bonebook" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write("\nMARK = 'a package that somebody changed'\n")
    runs, pages = build(project)
    assert runs == 2, "a changed package did not run the pages again"
    assert all("a package that somebody changed" in page for page in pages)

    change(project / "requirements.lock", "pandas==", "# changed\npandas==")
    assert build(project)[0] == 2, "a changed lock did not run the pages again"

    assert build(project)[0] == 0


@pytest.mark.weekly
def test_pages_follow_what_is_around_them(project):
    """The press and the figures with sliders: pages are read again; sheets and templates: they are written again; no cell runs."""
    page = project / "_build" / "html" / "book" / "page.html"
    trees = project / "_build" / ".doctrees" / "book" / "page.doctree"
    build(project)
    for name, read_again in {
        "press/sphinx/parts.py": True,
        "explorables/kit.py": True,
        "press/sphinx/templates/layout.html": False,
    }.items():
        written, read = page.stat().st_mtime_ns, trees.stat().st_mtime_ns
        with (project / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        os.utime(project / name, (1, 1))  # nobody may look at the time of a file alone
        assert build(project)[0] == 0, f"{name} changed, and a page ran again"
        assert page.stat().st_mtime_ns > written, f"{name} left an old page"
        assert (trees.stat().st_mtime_ns > read) is read_again, name


@pytest.mark.weekly
def test_an_older_page_is_a_changed_page(project):
    """A page that is put back as it was, with the time it had, is read again."""
    source = project / "book" / "page.md"
    before, when = source.read_text(encoding="utf-8"), source.stat()
    change(source, "Words of the page.", "Other words.")
    assert "Other words." in build(project)[1][0]
    source.write_text(before, encoding="utf-8")
    os.utime(source, ns=(when.st_atime_ns, when.st_mtime_ns))
    assert "Words of the page." in build(project)[1][0]


@pytest.mark.weekly
def test_a_stopped_build_leaves_no_old_page(project):
    """After a change of the tables the build is killed when one page is written and the other is not."""
    build(project)
    change_note(project, "a note of another day")
    stopped = sphinx(project, STOP="book/second")
    assert stopped.returncode, stopped.stdout[-2000:]
    new = ["a note of another day" in page for page in both(project)]
    assert new == [True, False], "the build was not stopped between the two pages"
    runs, pages = build(project)
    assert runs == 0 and all("a note of another day" in page for page in pages)


@pytest.mark.weekly
def test_make_book_does_nothing_twice(project, monkeypatch):
    """tools.build ends at once when nothing changed since a whole build, and never else."""

    def make(**variables):
        command = [sys.executable, "-m", "tools.build", project, project]
        finished = run(ROOT, *command, PYTHONPATH=LIGHT.format(project), **variables)
        return finished.returncode, "Nothing has changed" in finished.stdout

    html = project / "_build" / "html"
    assert make() == (0, False)
    assert make() == (0, True)

    (html / "book" / "second.html").unlink()
    assert make() == (0, False) and (html / "book" / "second.html").exists()
    assert make() == (0, True)

    change(project / "book" / "second.md", "Words", "New words")
    status, nothing = make(STOP="book/second")
    assert status and not nothing
    assert make() == (0, False), "a build that was stopped counts as one"
    assert "New words" in both(project)[1]
    assert make() == (0, True)

    before = state(project, html)
    monkeypatch.setenv("BOOK_ADDRESS", "https://example.org/")
    assert state(project, html) != before, "the address of the book is in its pages"


def test_a_failing_cell_stops_the_build(project):
    """Its page, its code and its traceback are told, though it ran side by side with others."""
    source = project / "book" / "second.md"
    before = source.read_text(encoding="utf-8")
    try:
        change(source, "from bonebook import table", "1 / (3 - 3)")
        finished = sphinx(project)
        assert finished.returncode
        for words in ("book/second.md", "1 / (3 - 3)", "ZeroDivisionError"):
            assert words in finished.stdout
    finally:
        source.write_text(before, encoding="utf-8")


@pytest.mark.weekly
def test_outputs_are_those_of_myst_nb(project):
    """Run ahead, side by side and by a light kernel, a page has the outputs in the cache that MyST-NB would put there."""

    def cached():
        found = {}
        for path in project.glob("_build/.jupyter_cache/*/executed/*/base.ipynb"):
            found[path.parent.name] = json.loads(path.read_text(encoding="utf-8"))
        for book in found.values():
            for cell in book["cells"]:
                del cell["id"]  # drawn by lot at each reading
        return found

    shutil.rmtree(project / "_build")
    assert build(project)[0] == 2
    ahead = cached()
    shutil.rmtree(project / "_build")
    change(project / "conf.py", "'press.sphinx.kernels', ", "")
    try:
        assert build(project)[0] == 2
    finally:
        (project / "conf.py").write_text(CONF)
    assert ahead and cached() == ahead


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
        finished = sphinx(project)
        assert finished.returncode != 0
        assert "data/outcomes.csv:" in finished.stdout
        assert "ruth2006-chd-hr" in finished.stdout and "1.95" in finished.stdout
    finally:
        table.write_text(good, encoding="utf-8", newline="\n")
