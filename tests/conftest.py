"""What several tests share: the book built from nothing, served on this machine, and a real browser to read it with."""

import functools
import http.server
import os
import threading
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from tools import bare
from tools.build import NAMES

ROOT = Path(__file__).resolve().parent.parent
TIERS = ("fundamentals", "intermediate", "academic")


def pages(node=None):
    """The pages of the book in reading order, as the paths of _toc.yml without their ending."""
    if node is None:
        node = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [node[key] for key in ("root", "file") if key in node]
    for key in ("parts", "chapters", "sections"):
        for child in node.get(key, []):
            found += pages(child)
    return found


PAGES = pages()
THREADS = [
    page
    for page in PAGES
    if page.split("/")[1] in TIERS and page.split("/")[2] not in ("index", "reflection")
]


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


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site(built):
    """The address of the built site, served on this machine."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(built))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


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
