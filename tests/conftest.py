"""What pytest hands to several tests: the built book, its address, a real browser, pages opened in it.

A test is slow, and no part of `make check`, if it asks for one of these or is marked so.
"""

import os
import shutil
import sys
from pathlib import Path

# jsonschema would read a grammar of addresses for it, five seconds in each process; no test has such addresses checked.
sys.modules["rfc3987_syntax"] = None

import pytest
from filelock import FileLock
from hypothesis import settings

from bonebook import tables
from helpers import (
    DESKTOP,
    NARROW,
    PAGES,
    PHONE,
    ROOT,
    TOUCH,
    build,
    few_tables,
    opened,
    settled,
    small_book,
    told,
)
from press import myst
from tools import bare
from tools.build import NAMES
from tools.serving import served

# The same examples every time, however busy the machine is.
settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")

SLOW = {"built", "few", "chromium", "small", "project", "reader", "notebooks", "lab"}
SLOW.add("fits")  # the models fitted again: fifteen seconds


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW & set(item.fixturenames):
            item.add_marker("slow")
    # The longest test that needs no site runs while the site is built.
    items.sort(
        key=lambda item: not item.name.startswith("test_what_the_book_notices_of_forty")
    )


def pytest_addoption(parser):
    parser.addoption(
        "--built",
        metavar="DIR",
        help="while developing: test this built site instead of building the book from nothing",
    )


@pytest.fixture(scope="session", autouse=True)
def address():
    """Where the book will be published, if that is known: only its own build is told, the small books of tests have no address."""
    return {name: os.environ.pop(name) for name in NAMES if name in os.environ}


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """`once(name, make)`: a folder that one of the processes of a test run makes, `make(folder)`, and all read."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def folder(name, make):
        found, done = base / name, base / f"{name}.done"
        with FileLock(base / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(found, ignore_errors=True)
                found.mkdir()
                make(found)
                done.touch()
        return found

    return folder


@pytest.fixture(scope="session")
def built(request, testrun_uid, address):
    """The folder of the built site: one build for all tests, by the ecosystem's own commands in a clone (tools/bare.py).

    Several processes run the tests; the first that asks builds, the others wait and read.
    """
    if request.config.getoption("--built"):
        return Path(request.config.getoption("--built")).resolve()
    done = ROOT / "_test" / testrun_uid
    with FileLock(ROOT / ".test.lock"):
        if not done.exists():
            done.parent.mkdir(exist_ok=True)
            for old in done.parent.glob("*"):
                if old.is_file():
                    old.unlink()
            done.write_text(str(bare.build(**address)))
    assert done.read_text() == "0", (
        f"the book does not build (python -m tools.bare does the same):\n{bare.LOG.read_text(encoding='utf-8')[-4000:]}"
    )
    return bare.CLONE / "_build" / "html"


@pytest.fixture(scope="session")
def site(built):
    """The address of the built site, served on this machine."""
    with served(built) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    """A real Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    from tools.browser import get

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=get(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Open a page of the book, for one test alone."""
    pages = []

    def open_(path, **how):
        pages.append(opened(chromium, site, path, **how))
        return pages[-1]

    yield open_
    for page in pages:
        page.context.close()


@pytest.fixture(scope="module", params=PAGES)
def still(chromium, site, request):
    """A page of the book, opened once for all tests that only look at it; returns its path and the Playwright page.

    `page.first` is what it asked for as it opened on a phone, before anybody scrolled; `page.narrow` how it fits there, and
    on a smaller one. Then it is as wide as a desk's.
    """
    page = opened(chromium, site, request.param, **TOUCH)
    settled(page)
    page.first, page.narrow = list(page.asked), {}
    for width in (PHONE["width"], 320):
        page.set_viewport_size({**PHONE, "width": width})
        page.narrow[width] = page.evaluate(NARROW)
    page.set_viewport_size(DESKTOP)
    yield request.param, page
    page.context.close()


# Small books


@pytest.fixture(scope="session")
def small(once, few):
    """The small book with few rows, built: its source and its site."""

    def make(folder):
        shutil.copytree(few, folder / "root")
        done = build(folder / "root", folder, "-W", "--keep-going")
        assert done.returncode == 0, told(done)

    folder = once("small", make)
    return folder / "root", folder / "_build" / "html"


@pytest.fixture(scope="session")
def few(once):
    """The source of the small book, with one row of each table and those that its pages name."""
    return once("few", _few)


def _few(root):
    small_book(root, quiet=True)
    shutil.rmtree(root / "data")
    first = {name: tables.rows(name)[0]["id"] for name in tables.tables()}
    del first["derived"]  # worked out from rows that are not here
    looked_for = myst.read(root / "book/reference/how-we-looked.md").roles
    cited = (role.target for role in looked_for if role.name == "cite:p")
    torture = {
        "bmd_change": "johnston2000",
        "studies": (
            *("delmas1997", "evista-guide2008", "nhs-", "nih-stroke", "ettinger1999"),
            *("tamoxifen-uk-spc2020", *cited),
        ),
        "claims": "",
    }
    quiet = {
        "outcomes": (first["outcomes"], "ruth2006-vte-hr", "ettinger1999-vfx"),
        "model_parameters": "",
        "affinities": "",
    }
    glossary = {  # the rows of the numbers on its cards
        "scan_precision": "iscd-precision-lsc",
        "thresholds": "threshold-who",
        "pharmacology": "fda2018evista-usual-dose",
        "nutrients": "nutrient-mg-share",
    }
    few_tables(root, first | torture | quiet | glossary)


@pytest.fixture(scope="session")
def torture(small):
    return (small[1] / "book/intermediate/density.html").read_text(encoding="utf-8")
