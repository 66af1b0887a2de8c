"""What `make bench` changes it puts back, what it counts is what ran again, and what it says is a table."""

import os

import pytest

from bonebook import tables
from helpers import ROOT
from tools import bench_build


def test_a_changed_file_is_put_back_whatever_happens(tmp_path):
    file = tmp_path / "page.md"
    file.write_text("one two one\n", encoding="utf-8")
    with (
        pytest.raises(RuntimeError),
        bench_build.changed(file, "one", "three"),
    ):
        assert file.read_text(encoding="utf-8") == "three two one\n"
        raise RuntimeError
    assert file.read_text(encoding="utf-8") == "one two one\n"
    with (
        pytest.raises(SystemExit, match="does not say"),
        bench_build.changed(file, "four", ""),
    ):
        pass


def test_outputs_that_were_made_again_are_counted(tmp_path):
    """In their place or in another one."""
    executed = tmp_path / "_build/.jupyter_cache/state/executed"
    for name in ("one", "two"):
        (executed / name).mkdir(parents=True)
        (executed / name / "base.ipynb").write_text("{}")
    before = bench_build.outputs(tmp_path)
    os.utime(executed / "one" / "base.ipynb", (1, 1))
    assert len(bench_build.outputs(tmp_path) - before) == 1


def test_the_row_that_is_changed_is_of_one_page_and_the_check_allows_it():
    """Its day of looking up is another one, and nothing else."""
    name, id = bench_build.picked(ROOT)
    old, new = bench_build.day_before(ROOT, name, id)
    row = tables.index()[id][1]
    assert old.startswith(f"{id},") and row["looked_up"] in old
    assert [a != b for a, b in zip(old.split(","), new.split(","), strict=True)].count(
        True
    ) == 1
    pages = [
        path
        for path in (ROOT / "book").rglob("*.md")
        if f'"{id}"' in path.read_text(encoding="utf-8")
    ]
    assert len(pages) == 1


def test_the_table_says_where_it_was_measured_and_what_is_not_as_it_should_be():
    bench = bench_build.Bench()
    bench.add("from nothing", 12.34, 5.6, "a note")
    bench.fault("a caption ran a page")
    text = bench_build.told(bench)
    assert "| from nothing | 12.3 | 5.6 | a note |" in text
    assert "- a caption ran a page" in text
    assert f"{os.cpu_count()} processors" in text and "Sphinx 7" in text
