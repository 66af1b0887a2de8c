"""The lists of pages agree, and what must change with a thread is told in one list before anything is built."""

import re
import shutil

import pytest

from helpers import ROOT, nothing
from press import contents


def test_the_lists_of_pages_agree():
    nothing(contents.faults())


@pytest.fixture
def fork(tmp_path):
    """A copy of what the lists are read from, to change."""
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copytree(ROOT / "receipts", tmp_path / "receipts")
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    return tmp_path


def without(fork, thread):
    """Take the lines of a thread out of _toc.yml."""
    file = fork / "_toc.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(rf".*/{thread}\n", "", text), encoding="utf-8")


def test_a_thread_taken_out_of_the_contents_names_all_that_must_follow(fork):
    """newcomer.md, "A fork": three minutes of building, then nine warnings, and nothing that named the other lists."""
    without(fork, "newer")
    told = "\n".join(contents.faults(fork))
    for part in (
        "book/threads.yml, 11: no tier has a page newer",
        "book/academic/newer.md: _toc.yml does not name it",
        "book/academic/newer.yml: a side file without a page",
        "leads to book/academic/newer.md, which is not in _toc.yml",
        "book/academic/reflection.md:3: says 'eleven conclusions'",
        "book/excused.yml: excuses words of book/intermediate/newer.md",
        "receipts/book/academic/newer.md.csv: receipts of a page",
    ):
        assert part in told, part
    assert re.search(r"book/[\w/]+\.md:\d+: leads to book/\w+/newer\.md", told)


def test_when_all_is_done_nothing_is_told_but_the_count(fork):
    """The files gone, the entry out, links mended: the words that say how many threads there are come last."""
    without(fork, "newer")
    for file in [*fork.rglob("newer.*")]:
        file.unlink()
    threads = fork / "book" / "threads.yml"
    text = threads.read_text(encoding="utf-8")
    start = text.index("thread: newer")
    start = text.rindex("- ", 0, start)
    end = text.find("\n- ", start)
    threads.write_text(text[:start] + (text[end + 1 :] if end > 0 else ""), "utf-8")
    rest = [
        each
        for each in contents.faults(fork)
        if "leads to" not in each and "excused" not in each and "before:" not in each
    ]
    assert rest and all("there are ten threads" in each for each in rest), rest


def test_a_page_that_is_not_named_is_told(fork):
    """A forgotten _toc.yml was silent."""
    (fork / "book" / "academic" / "joints.md").write_text("# Joints\n", "utf-8")
    (told,) = contents.faults(fork)
    assert told.startswith("book/academic/joints.md: _toc.yml does not name it")
