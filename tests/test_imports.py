"""Imports run one way: tests, tools -> press, explorables -> bonebook; and reading a table stays light."""

import ast
import json
import re
import subprocess
import sys

import pytest

from helpers import ROOT, nothing

# What the files of a room may not import; nobody imports from the tests.
NEVER = {
    "bonebook": {"press", "explorables", "tools", "tests", "helpers", "conftest"},
    "explorables": {"press", "tools", "tests", "helpers", "conftest"},
    "press": {"tools", "tests", "helpers", "conftest"},
    "tools": {"tests", "helpers", "conftest"},
    "tests": {"tests", "conftest"},
}
TESTS = {path.stem for path in (ROOT / "tests").glob("test_*.py")}


def imported(text):
    """The modules that a file imports, wherever it does: (line, module with its dots)."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module
        elif isinstance(node, ast.ImportFrom) and node.level > 1:
            yield node.lineno, "." * node.level + (node.module or "")


def wrong(room, text, name):
    """The imports of a file that run the wrong way. Most files are not read as Python: no line of theirs imports one of these names."""
    names = "|".join(NEVER[room] | TESTS)
    if not re.search(rf"\b(import|from)\b(.|\\\n)*?(\.\.|\b({names})\b)", text):
        return
    for line, module in imported(text):
        first = module.partition(".")[0]
        if first in NEVER[room] | TESTS or module.startswith(".."):
            yield (
                f"{name}:{line}: {room} imports {module}; imports run from "
                "tests and tools to press and explorables, and from these to bonebook"
            )


@pytest.mark.parametrize("room", NEVER)
def test_imports_run_one_way(room):
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    nothing(
        [
            fault
            for path in files
            for fault in wrong(
                room,
                path.read_text(encoding="utf-8"),
                path.relative_to(ROOT).as_posix(),
            )
        ]
    )


@pytest.mark.parametrize(
    ("room", "text", "line"),
    [
        ("bonebook", "import json\nfrom press import facts\n", 2),
        ("bonebook", "def late():\n    import press.facts\n", 2),
        ("bonebook", "from .. import press\n", 1),
        ("press", "from tests.helpers import ROOT\n", 1),
        ("press", "import tools.env\n", 1),
        ("tools", "from test_prose import grade\n", 1),
        ("explorables", "from press import pages\n", 1),
        ("tests", "from test_site import visit\n", 1),
        ("press", "import ast, \\\n    json, tools\n", 1),
    ],
)
def test_a_wrong_direction_is_told_with_file_and_line(room, text, line):
    (fault,) = wrong(room, text, f"{room}/some.py")
    assert fault.startswith(f"{room}/some.py:{line}: {room} imports ")


@pytest.mark.slow
def test_pages_import_bonebook_and_explorables_bring_no_press():
    """No module of press is loaded with the package of the cells, nor with the figures with sliders."""
    code = (
        "import sys, bonebook, bonebook.style, bonebook.show, bonebook.synthesis, explorables.kit;"
        "print([name for name in sys.modules if name.split('.')[0] in ('press', 'sphinx', 'yaml')])"
    )
    assert fresh(code) == "[]"


def fresh(code):
    """What a new process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_a_build_in_which_no_cell_runs_loads_no_matplotlib():
    """Half a second of each build; the colors that pages share with figures stand in bonebook.palette."""
    code = (
        "import importlib, sys, yaml\n"
        "settings = yaml.safe_load(open('_config.yml', encoding='utf-8'))\n"
        "names = settings['sphinx']['extra_extensions']\n"
        "print(len([importlib.import_module(name) for name in names]))\n"
        "print([name for name in ('matplotlib', 'altair') if name in sys.modules])"
    )
    count, loaded = fresh(code).splitlines()
    assert int(count) > 20 and loaded == "[]"


@pytest.mark.slow
def test_reading_tables_loads_no_matplotlib_and_is_quick():
    """Beyond pandas, `import bonebook.tables` takes less than half a second of the processor, the best of three."""
    code = (
        "import json, sys, time, pandas\n"
        "start = time.process_time()\n"
        "import bonebook.tables\n"
        "spent = time.process_time() - start\n"
        "print(json.dumps([spent, 'matplotlib' in sys.modules]))"
    )
    for _ in range(3):
        spent, matplotlib = json.loads(fresh(code))
        assert not matplotlib
        if spent < 0.5:
            return
    pytest.fail(f"{spent} seconds")
