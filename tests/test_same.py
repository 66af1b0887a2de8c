"""Two builds of one state are the same files, byte for byte, wherever, whenever and after whatever they were built."""

import atexit
import copy
import hashlib
import importlib
import shutil
import sys
from unittest.mock import MagicMock

import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from helpers import ROOT, build, told

#: How a command goes, or a build, and no part of a change to a page.
pytestmark = pytest.mark.slow

PAGES = {
    "index.md": "# A book\n\n```{toctree}\nother\n```\n",
    "other.md": "# Another page\n\n```python\none = 1\n```\n",
}
SETTINGS = {
    "extensions": ["press.sphinx.early", "myst_nb", "sphinx_exercise"],
    "html_theme": "sphinx_book_theme",
    "html_theme_options": {
        "pygments_light_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
    },
    "nb_execution_mode": "off",
    "templates_path": [],  # or the theme adds to one list for all builds of a process
}
#: How two people may build: elsewhere on the clock, in another language, with their sets in another order.
PLACES = {
    "one": {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    "zwei Ä": {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
}


def site(root, **events):
    """Build a book of two pages in this process; its folder."""
    root.mkdir(exist_ok=True)
    (root / "static").mkdir(exist_ok=True)
    for name, text in PAGES.items():
        if not (root / name).exists():
            (root / name).write_text(text, encoding="utf-8")
    html = root / "_build" / "html"
    paths = {"html_static_path": [str(root / "static")]}  # as look.py names its own
    with patch_docutils(str(root)), docutils_namespace():
        app = Sphinx(
            *(str(root), None, str(html), str(root / "_build" / ".doctrees"), "html"),
            copy.deepcopy(SETTINGS) | paths,  # the theme writes into it
            status=None,
            warning=None,
        )
        app.builder.search = False  # as in the book, whose search is its own
        for event, do in events.items():
            app.connect(event.replace("_", "-"), do)
        app.build()
    return html


def files(html):
    """{name: digest} of all files of a site."""
    return {
        path.relative_to(html).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in html.rglob("*")
        if path.is_file()
    }


def other(one, two):
    """Names of files that are not the same in both."""
    return sorted(name for name in one | two if one.get(name) != two.get(name))


@pytest.mark.weekly
def test_two_folders_and_a_second_build_have_the_same_files(tmp_path):
    first = files(site(tmp_path / "one"))
    assert other(first, files(site(tmp_path / "two"))) == []
    page = tmp_path / "one" / "other.md"
    page.write_text(PAGES["other.md"] + "More.\n", encoding="utf-8")
    changed = files(site(tmp_path / "one"))
    assert "other.html" in other(first, changed)
    page.write_text(PAGES["other.md"], encoding="utf-8")
    assert other(first, files(site(tmp_path / "one"))) == []


def test_a_build_that_is_stopped_has_its_style_sheets(tmp_path):
    """When the first page is written, the colors of code are there for the dark, too, and the sheets that others bring."""
    static = tmp_path / "one" / "_build" / "html" / "_static"
    seen = {}

    def writing(*_):
        seen["code"] = (static / "pygments.css").read_text(encoding="utf-8")
        seen["files"] = {path.name for path in static.glob("*.css")}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        site(tmp_path / "one", html_page_context=writing)
    assert 'html[data-theme="dark"] .highlight' in seen["code"]
    assert "exercise.css" in seen["files"]
    assert any(name.startswith("mystnb.") for name in seen["files"])


def test_a_build_is_finished_when_everybody_has_written(monkeypatch):
    """Stopped between two of the last steps, it is not: pictures, search or the map may be of another state."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # told.py sets its own
    monkeypatch.setattr(atexit, "register", lambda _: None)
    last = {}
    for name in config["sphinx"]["extra_extensions"]:
        if name.startswith("press."):
            app = MagicMock()
            importlib.import_module(name).setup(app)
            for call in app.connect.call_args_list:
                if call.args[0] == "build-finished":
                    last[name] = call.kwargs.get("priority", 500)
    assert len(last) > 8
    del last["press.sphinx.alone"]  # gives its lock back, and writes nothing
    assert max(last, key=last.get) == "press.sphinx.fresh"
    assert sorted(last.values())[-2] < last["press.sphinx.fresh"]


@pytest.mark.weekly
def test_the_book_is_the_same_in_other_places(few, tmp_path):
    """The small book with all that is around it: notebooks, package, workbook, archive, search, pictures; then once more, warm."""
    made = {}
    for name, variables in PLACES.items():
        root = shutil.copytree(few, tmp_path / name)
        done = build(root, root, "-W", "--keep-going", **variables)
        assert done.returncode == 0, told(done)
        made[name] = files(root / "_build" / "html")
    first, second = made.values()
    assert other(first, second) == []
    assert any(name.endswith(".whl") for name in first)
    assert any(name.endswith(".zip") for name in first)

    root, variables = tmp_path / "one", PLACES["one"]
    page = root / "book/fundamentals/help.md"
    text = page.read_text(encoding="utf-8")
    for words in (text + "\nMore.\n", text):
        page.write_text(words, encoding="utf-8")
        done = build(root, root, "-W", "--keep-going", **variables)
        assert done.returncode == 0, told(done)
    assert other(first, files(root / "_build" / "html")) == []
