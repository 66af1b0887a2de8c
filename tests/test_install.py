"""What is installed, and by which command: pins, the lock, what each package declares, one version, a build in a bare environment."""

import ast
import functools
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from sphinx.util.matching import get_matching_files

from helpers import ROOT
from tools import bare, env, lock

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
CONFIG = ROOT / "_config.yml"


def plain(name):
    """The name of a package as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(*files):
    """{package: version} of the lines of requirements files."""
    return {
        plain(name): version
        for file in files
        for name, version in re.findall(
            r"^([\w.-]+)==(\S+)", (ROOT / file).read_text("utf-8"), re.M
        )
    }


READER, BOOK, TESTS, SHELF = (
    "binder/requirements.txt",
    "requirements.txt",
    "requirements-test.txt",
    "requirements-shelf.txt",
)


# --- pins --------------------------------------------------------------------


@pytest.mark.parametrize("file", [READER, BOOK, TESTS, SHELF, "requirements-lite.txt"])
def test_each_line_has_a_pin_and_a_reason(file):
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            assert re.match(r"(-[cre] \S+|[\w.-]+==\S+)\s+# \S", line), line


def test_the_lock_has_the_pins():
    locked = re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.M)
    for name, version in pins(READER, BOOK, TESTS, SHELF).items():
        assert (name, version) in locked, f"{name}=={version}: run make lock"


def test_the_constraints_are_the_lock():
    """What holds the reader's and Binder's versions is written from the lock, and was not forgotten."""
    assert lock.CONSTRAINTS.read_text("utf-8") == lock.constraints(LOCK)
    held = lock.CONSTRAINTS.read_text("utf-8").splitlines()
    for pin in re.findall(r"^[\w.-]+==[^\\\n]+", LOCK, re.M):
        assert pin.strip() in held


def test_the_build_has_what_a_reader_has():
    assert f"-r {READER}" in (ROOT / BOOK).read_text("utf-8")


# --- what a package imports, it declares -------------------------------------


def imported(room):
    """{top-level module: files} that the Python files of a folder import, but not those an `except ImportError` goes without."""
    found = {}
    for path in sorted((ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        without = {
            id(node)
            for block in ast.walk(tree)
            if isinstance(block, ast.Try)
            and any("ImportError" in ast.dump(way) for way in block.handlers)
            for part in block.body
            for node in ast.walk(part)
        }
        for node in ast.walk(tree):
            if id(node) in without:
                continue
            names = []
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for name in names:
                found.setdefault(name.split(".")[0], set()).add(path.name)
    return found


OWN = {path.stem for path in ROOT.iterdir() if path.is_dir()}
OWN |= {path.stem for path in (ROOT / "tests").glob("*.py")}


_homes = functools.cache(importlib.metadata.packages_distributions)


@pytest.mark.slow
@pytest.mark.parametrize(
    "room, declared",
    [
        ("bonebook", {plain(d.split(">=")[0]) for d in PROJECT["dependencies"]}),
        ("press", set(pins(READER, BOOK))),
        ("explorables", set(pins(READER, BOOK))),
        ("tools", set(pins(READER, BOOK, TESTS, SHELF))),
        ("tests", set(pins(READER, BOOK, TESTS, SHELF))),
    ],
)
def test_what_is_imported_is_declared(room, declared):
    homes = _homes()
    for module, files in imported(room).items():
        if module in sys.stdlib_module_names or module in OWN:
            continue
        packages = set(map(plain, homes.get(module, [])))
        assert packages & declared, f"{module} in {room}/{files} comes from {packages}"


ALONE = """
import importlib, importlib.metadata, pkgutil, re, sys

def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()

declared, waiting = set(), {"pandas", "matplotlib", "numpy"}
while waiting:
    name = waiting.pop()
    declared.add(name)
    for line in importlib.metadata.requires(name) or []:
        if "extra ==" not in line:
            waiting |= {plain(re.match(r"[\\w.-]+", line)[0])} - declared
homes = importlib.metadata.packages_distributions()

class Absent:
    def find_spec(self, name, path=None, target=None):
        found = homes.get(name, [])
        if found and "bonebook" not in found and not declared & set(map(plain, found)):
            raise ModuleNotFoundError(f"No module named {name!r}")

declared &= {plain(each) for names in homes.values() for each in names}
sys.meta_path.insert(0, Absent())
import bonebook
for module in pkgutil.iter_modules(bonebook.__path__):
    importlib.import_module(f"bonebook.{module.name}")
from bonebook import style, table
style.use()
print(bonebook.__file__, len(table("studies")))
"""


@pytest.mark.slow
def test_the_wheel_needs_what_it_declares_alone(tmp_path):
    """Unpacked into an empty folder, every module of it is imported with pandas, matplotlib, NumPy and what these need."""
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path), versions=["standard"]
    )
    shutil.unpack_archive(wheel, tmp_path / "only", "zip")
    finished = subprocess.run(
        [sys.executable, "-c", ALONE],
        cwd=tmp_path / "only",
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    file, rows = finished.stdout.split()
    assert file.startswith(str(tmp_path)) and int(rows) > 300
    assert sorted(path.name for path in (tmp_path / "only").iterdir()) == [
        "bonebook",
        f"bonebook-{PROJECT['version']}.dist-info",
    ]


def test_an_editable_installation_leaves_nothing_lying_about():
    files = map(str, importlib.metadata.files("bonebook"))
    assert [name for name in files if "dist-info" not in name] == ["_bonebook.pth"]


def test_one_version():
    """pyproject.toml has it; the citation and the last entry of the change log agree, and so does its date."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", changes, re.M)
    if headings[0] == "Unreleased":
        del headings[0]
    assert headings[0] == f"{PROJECT['version']} ({citation['date-released']})"
    assert str(citation["version"]) == PROJECT["version"]
    assert importlib.metadata.version("bonebook") == PROJECT["version"]


# --- the ecosystem's own commands --------------------------------------------


def test_each_setting_has_its_reason():
    for line in CONFIG.read_text("utf-8").splitlines():
        opens = re.fullmatch(r"\s*[\w.]+:", line)
        assert not line.strip() or opens or "# " in line, line


def test_only_the_book_is_read(tmp_path):
    """An environment of any name, notes, other people's packages: nothing that lies beside the book's folder is a page."""
    for name in (
        "book/index.md",
        "book/academic/bone.md",
        "notes/idea.md",
        "README.md",
        "node_modules/thing/README.md",
        ".tox/lib/notes.md",
        "py312/lib/python3.12/site-packages/typer/.agents/skills/SKILL.md",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# A title\n")
    config = yaml.safe_load(CONFIG.read_text("utf-8"))
    include = config["sphinx"]["config"]["include_patterns"]
    exclude = config["exclude_patterns"]
    assert sorted(get_matching_files(tmp_path, include, exclude)) == [
        "book/academic/bone.md",
        "book/index.md",
    ]


def test_the_two_commands_build_without_a_warning(built):
    """`pip install -r requirements.txt` and `jupyter-book build .`, in an environment named venv inside a clone (tools/bare.py)."""
    if built != bare.CLONE / "_build" / "html":
        pytest.skip("--built names another site")
    told = bare.LOG.read_text("utf-8")
    assert "build succeeded" in told
    assert re.findall(".*(?:WARNING|ERROR).*", told) == []
    assert (bare.CLONE / "venv" / "pyvenv.cfg").exists()
    assert (built / "index.html").exists()


@pytest.mark.weekly
def test_pip_takes_what_the_clone_holds(built, tmp_path):
    """`pip install -r requirements.txt`, asked what it would install: the same packages in the same versions."""
    if built != bare.CLONE / "_build" / "html":
        pytest.skip("--built names another site")
    python = env.python_of(bare.CLONE / "venv")
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet"]
    asked = ["--ignore-installed", "--report", report, "-r", "requirements.txt"]
    subprocess.run([*command, *asked], cwd=bare.CLONE, check=True)
    would = json.loads(report.read_text("utf-8"))["install"]
    wanted = {each["metadata"]["name"]: each["metadata"]["version"] for each in would}
    there = {each["name"]: each["version"] for each in json.loads(listed.stdout)}
    wanted, there = ({plain(n): v for n, v in each.items()} for each in (wanted, there))
    assert len(wanted) > 100
    tools = {"pip", "setuptools"}  # of every new environment
    assert {n: v for n, v in there.items() if n not in tools} == {
        n: v for n, v in wanted.items() if n not in tools
    }
