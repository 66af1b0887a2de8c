"""A build that fails says why in its last line; a second one beside it, a full disk and a folder that can only be read are told in one."""

import atexit
import errno
import logging
import re
import resource
import shutil
import sqlite3
import sys

import pytest
from filelock import FileLock
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from helpers import LIGHT, ROOT, build
from press.sphinx.told import MARK, SYSTEM, Told
from tools import env

#: How a command goes, or a build, and no part of a change to a page.
pytestmark = pytest.mark.slow

HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---
# A page

Words.

```{code-cell} ipython3
one = 1
```

"""
EXTENSIONS = ["press.sphinx.told", "press.sphinx.alone", "press.sphinx.kernels"]
CONFIG = f"""
title: A small book
execute: {{execute_notebooks: cache, timeout: 2}}
sphinx: {{extra_extensions: {EXTENSIONS}, config: {{nb_execution_raise_on_error: true}}}}
"""


def cell(code):
    return f"{HEAD}```{{code-cell}} ipython3\n{code}\n```\n"


def book(root, text):
    """A book of one page."""
    (root / "page.md").write_text(text, encoding="utf-8")
    (root / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: page\n", encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def tidy(monkeypatch):
    """What a build of this process hears and says ends with its test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(atexit, "register", lambda _: None)
    yield
    logger = logging.getLogger("sphinx")
    for handler in [each for each in logger.handlers if isinstance(each, Told)]:
        logger.removeHandler(handler)


def last_line(root, capsys, **settings):
    """The last line of a build in this process, which must fail."""
    from sphinx.application import Sphinx

    confoverrides = {
        "extensions": ["myst_nb", *EXTENSIONS],
        "root_doc": "page",
        "html_theme": "basic",
        "nb_execution_mode": "cache",
        "nb_execution_raise_on_error": True,
        **settings,
    }
    handlers = logging.getLogger("sphinx").handlers
    told = None
    try:
        with patch_docutils(str(root)), docutils_namespace():
            app = Sphinx(
                *(str(root), None, str(root / "_build" / "html")),
                *(str(root / "_build" / ".doctrees"), "html", confoverrides),
                status=None,
                warning=None,
                warningiserror=True,
                keep_going=True,
            )
            told = next(each for each in handlers if isinstance(each, Told))
            app.build()
    except (SphinxError, OSError) as error:
        told = told or next(each for each in handlers if isinstance(each, Told))
        if not told.failed:  # the build never began
            told.end(error)
    assert told is not None and told.failed, "the build did not fail"
    capsys.readouterr()
    told.say()
    return capsys.readouterr().err.strip().splitlines()[-1]


@pytest.mark.weekly
def test_a_cell_that_hangs_is_the_last_line(tmp_path):
    """Of `jupyter-book build`, which ends with "Look above for the cause"."""
    root = book(tmp_path, cell("import time; time.sleep(60)"))
    path = {"PYTHONPATH": LIGHT.format(ROOT)}
    done = build(root, root, "-W", "--keep-going", **path)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1] == (
        f"{MARK}page.md:14: cell 2: it did not end in time "
        "(execute, timeout in _config.yml)."
    )
    assert "time.sleep(60)" in done.stderr  # with its code above


def test_a_failing_cell_is_named():
    """By its page, its line, its count among the cells, and what it said; the build that it stops is in test_fresh."""
    from jupyter_cache.executors.utils import ExecutionResult
    from nbclient.exceptions import CellExecutionError
    from nbformat import v4

    from press.sphinx import kernels

    cells = [
        v4.new_markdown_cell("Words"),
        v4.new_code_cell("one = 1", execution_count=1),
        v4.new_code_cell("1 / 0", execution_count=2),
        v4.new_code_cell("two = 2"),
    ]
    notebook = v4.new_notebook(cells=cells, metadata={"source_map": [6, 9, 14, 20]})
    error = CellExecutionError("Traceback …", "ZeroDivisionError", "division by zero")
    done = ExecutionResult(notebook, None, 1.0, error, "Traceback …")
    assert kernels.fault("book/academic/bone.md", done) == (
        "book/academic/bone.md:14: cell 2: ZeroDivisionError: division by zero"
    )


def test_an_image_that_is_missing_is_the_last_line(tmp_path, capsys):
    root = book(tmp_path, "# A page\n\n![A drawing](drawing.png)\n\n[](nowhere.md)\n")
    said = last_line(root, capsys)
    assert said.startswith(f"{MARK}page.md:3: WARNING: image file not readable")
    assert "drawing.png" in said


def test_an_error_before_the_build_is_the_last_line(capsys):
    """It was raised while the book was set up, and Jupyter Book has raised its own from it."""
    told = Told()
    try:
        try:
            raise SphinxError("another build is writing.")
        except SphinxError as cause:
            raise RuntimeError("Look above for the cause.") from cause
    except RuntimeError as error:
        told.uncaught(RuntimeError, error, error.__traceback__)
    told.say()
    said = capsys.readouterr().err
    assert said.endswith(f"\n\n{MARK}another build is writing.\n")
    assert "Look above" in said


def test_a_second_build_ends_in_one_sentence(tmp_path, capsys):
    """And leaves alone what the first one writes."""
    root = book(tmp_path, "# A page\n\nWords.\n")
    (root / "_build").mkdir()
    with FileLock(root / "_build" / ".lock"):
        said = last_line(root, capsys)
    assert said.startswith(f"{MARK}another build is writing into ")
    assert not list((root / "_build" / "html").glob("*"))


def test_a_disk_that_is_full_is_the_last_line(tmp_path, capsys):
    """Files above a size are refused, as a full disk refuses them all. With room again the page is there, and whole."""
    root = book(tmp_path, "# A page\n\n" + "Words. " * 60_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        said = last_line(root, capsys)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert said == f"{MARK}{SYSTEM[errno.EFBIG]}"
    with pytest.raises(AssertionError, match="did not fail"):
        last_line(root, capsys)
    page = (root / "_build" / "html" / "page.html").read_text(encoding="utf-8")
    assert page.count("Words. ") == 59_999 and "</html>" in page


@pytest.mark.parametrize("number", SYSTEM)
def test_what_the_system_says_is_said_in_words(number, capsys):
    """The disk is full: its file and what to do, though something else was complained of before and the error lies deep."""
    told = Told("/book")
    told.first = "something else"
    try:
        try:
            raise OSError(number, "in the system's words", "/book/_build/x")
        except OSError as cause:
            raise RuntimeError("Look above for the cause.") from cause
    except RuntimeError as error:
        told.end(error)
    told.say()
    said = capsys.readouterr().err
    assert said == f"\n{MARK}_build/x: {SYSTEM[number]}\n"


def test_a_full_disk_may_be_told_by_the_cache(capsys):
    told = Told()
    told.first = "something else"
    cause = sqlite3.OperationalError("database or disk is full")
    told.end(ExtensionError("Handler <function start> threw", cause))
    told.say()
    words = (
        "the cache of outputs: database or disk is full. Make room, and build again."
    )
    assert capsys.readouterr().err == f"\n{MARK}{words}\n"


def test_a_summary_is_no_fault(capsys):
    """The tables' first fault is said, and not how many there are."""
    told = Told()
    record = logging.makeLogRecord({"msg": "data/foods.csv:3 · \x1b[31mvalue\x1b[0m"})
    told.emit(record)
    told.end(SphinxError("The tables of data/ have 2 faults, listed above."))
    told.say()
    assert capsys.readouterr().err == f"\n{MARK}data/foods.csv:3 · value\n"


def test_what_ended_the_build_is_the_fault(capsys):
    """And not a warning before it, nor the extension in which it happened."""
    told = Told("/book")
    told.emit(logging.makeLogRecord({"msg": "a warning that nobody counts"}))
    missing = FileNotFoundError(errno.ENOENT, "No such file", "/book/LICENSE")
    told.end(ExtensionError("Handler <function write> threw", missing))
    told.say()
    words = "FileNotFoundError: [Errno 2] No such file: '/book/LICENSE'"
    assert capsys.readouterr().err == f"\n{MARK}{words}\n".replace("/book/", "")


def test_a_build_that_ended_well_says_nothing(capsys):
    told = Told()
    told.emit(logging.makeLogRecord({"msg": "a warning that nobody counts"}))
    told.end(None)
    told.say()
    assert capsys.readouterr().err == ""


def test_a_folder_that_can_only_be_read_is_told_in_one_line(tmp_path):
    """Here something else stands in its place: whoever may do everything may write into a folder that others can only read."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as end:
        env.writable(tmp_path / "file" / "folder")
    said = str(end.value)
    assert re.match(r"Nothing can be written into .*folder: .*\. ", said)
    assert "\n" not in said
    env.writable(tmp_path / "new")
    assert (tmp_path / "new").is_dir() and shutil.rmtree(tmp_path / "new") is None
