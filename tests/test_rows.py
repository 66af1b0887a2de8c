"""A page is made again when a row of data/ that it looked at is another, and what is not made again is as a build from nothing makes it."""

import csv
import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from press import state
from press.sphinx.rows import Looked
from press.sphinx.seen import Tables
from tools import bare

FIRST, SECOND = "one:one-a", "one:one-b"


@pytest.fixture
def book(tmp_path):
    """A build that has read no page yet, over one table of two rows; `book.change()` changes the first."""
    data = tmp_path / "data"
    data.mkdir()

    def write(value):
        text = f"id,value\none-a,{value}\none-b,2\n"
        (data / "one.csv").write_text(text, encoding="utf-8")
        app.bonebook_tables = Tables(data)

    app = SimpleNamespace(
        srcdir=tmp_path,
        doctreedir=tmp_path / "trees",
        env=SimpleNamespace(temp_data={}, all_docs=["page", "other"]),
        config=SimpleNamespace(nb_execution_cache_path=str(tmp_path / "cache")),
    )
    write(1)
    return SimpleNamespace(app=app, change=lambda: write(10))


def read(looked, page, *seen, source="# A page"):
    """A page is read and looks at these."""
    looked.app.env.temp_data["docname"] = page
    looked.begin(looked.app, page, [source])
    for what in seen:
        looked.note(what)
    looked.app.env.temp_data.clear()


def outdated(book):
    """What a build of now would read again."""
    looked = Looked(book.app)
    return looked.changed(book.app, book.app.env, set(), set(), set())


@pytest.mark.parametrize("what", [FIRST, "one", "one/value", "*"])
def test_a_page_holds_until_something_changes_that_it_looked_at(book, what):
    looked = Looked(book.app)
    read(looked, "page", what)
    read(looked, "other", SECOND, "one/id")
    looked.save()
    assert outdated(book) == []
    book.change()
    assert outdated(book) == ["page"]


def test_what_a_page_looks_at_while_it_is_written_counts_as_well(book):
    looked = Looked(book.app)
    read(looked, "page")
    read(looked, "other")
    looked.write(book.app, None, "page")
    looked.note(FIRST)
    looked.draw(book.app, "search", "", {}, None)
    looked.note(SECOND)
    looked.save()
    book.change()
    assert outdated(book) == ["page"]


def test_a_page_of_which_nothing_is_known_is_read(book):
    looked = Looked(book.app)
    read(looked, "page")
    looked.save()
    assert outdated(book) == ["other"]
    looked.file.write_text("{", encoding="utf-8")
    assert outdated(book) == ["page", "other"]


def test_a_page_that_is_read_again_forgets_what_it_looked_at_before(book):
    looked = Looked(book.app)
    read(looked, "page", FIRST)
    read(looked, "page", SECOND)
    assert looked.known == {"page": {SECOND: book.app.bonebook_tables.state(SECOND)}}


def test_cells_count_with_what_they_looked_at_and_unknown_ones_with_everything(book):
    looked = Looked(book.app)
    read(looked, "page", source="```{code-cell} ipython3\n1\n```")
    assert set(looked.known["page"]) == {"*"}
    book.app.bonebook_cells = {"page": "key"}
    folder = book.app.srcdir / "cache" / "seen"
    folder.mkdir(parents=True)
    (folder / "key.json").write_text(json.dumps({FIRST: "its state"}), encoding="utf-8")
    read(looked, "page", source="```{code-cell} ipython3\n1\n```")
    assert set(looked.known["page"]) == {FIRST}


# The whole book


def noted_twice(data, step):
    """A word more in the remark of each `step`th row of each table; returns how many there are."""
    count = 0
    for path in sorted(data.glob("*.csv")):
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        if "note" not in rows[0]:
            continue
        at = rows[0].index("note")
        for row in rows[1::step]:
            row[at] = f"{row[at]} Looked at twice.".strip()
            count += 1
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    return count


def made(root):
    """Build the book in `root`; {file: its digest}, and what each page looked at."""
    command = [sys.executable, "-m", "tools.build", ".", "."]
    # its own modules and tables, and not those of the environment's book
    settings = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        command, cwd=root, env=settings, capture_output=True, text=True
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    html = root / "_build" / "html"
    files = {
        path.relative_to(html).as_posix(): state.of_files(html, [path])
        for path in html.rglob("*")
        if path.is_file()
    }
    seen = (root / "_build" / ".doctrees" / "rows.json").read_text(encoding="utf-8")
    return files, json.loads(seen)


@pytest.mark.slow
@pytest.mark.weekly
def test_after_a_change_of_many_rows_the_site_is_as_from_nothing(tmp_path):
    root = tmp_path / "book"
    bare.clone(root)
    first, before = made(root)
    assert len(before) > 50
    assert noted_twice(root / "data", 40) > 50
    after, then = made(root)
    assert sum(first[name] != after.get(name) for name in first) > 20
    untouched = [page for page in before if before[page] == then[page]]
    assert len(untouched) > 5  # they were left as they were
    shutil.rmtree(root / "_build")
    again, now = made(root)
    other = [name for name in again | after if again.get(name) != after.get(name)]
    assert other == []
    assert all(now[page].items() <= then[page].items() for page in now)
