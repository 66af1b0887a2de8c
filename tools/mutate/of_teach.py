"""Who is asked of what is taught: the bank, the lists, the handouts, the assignments, the exports; and what those who teach see of it."""

import contextlib
import hashlib
import importlib
import io
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from press import bank, numbers, pages, teach

ROOT = pages.ROOT


def module_of_tests(module: str) -> Any:
    """A module of tests/, for the askers that ask its tests."""
    folder = str(ROOT / "tests")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(module)


def bank_of(page: str) -> list[str]:
    """The questions of a page, and what is discussed and done: faults of their form, answers that their rows do not make."""
    place = pages.place(page)
    if place:
        bank.items(place)
        bank.shelf(place)
    return []


def lists_of(_: str) -> list[str]:
    """Cards, syllabi, stations, cases, competencies: pages and sections that are none, minutes, numbers; the appraisal's claims."""
    found = [*teach.faults(), *teach.left_out()]
    tests = module_of_tests("test_graded")
    tests.test_the_sets_of_claims_grow_harder_and_their_answers_stand_in_the_ledger()
    return found


def handouts_of(_: str) -> list[str]:
    """Figures and rows of the handouts that their pages do not have."""
    from tools.shelf import handout

    tests = module_of_tests("test_decks")
    for thread in handout.chosen():
        tests.test_a_handout_tells_what_its_page_tells(thread)
    return []


def assignments(case: Any) -> list[str]:
    """The assignment of a case, where it is one."""
    path = Path(case.file)
    known = path.parent.name == "assignments" and "-" in path.stem
    return [path.stem] if known else []


def assignment_of(name: str) -> Iterable[Any]:
    """Numbers of its prose, numbers and rows of its cells, and whether its tests know right from wrong."""
    from tools.shelf import assignments as shelf

    yield from numbers.faults(f"teach/assignments/{name}")
    tests = module_of_tests("test_graded")
    every = {name: shelf.read(shelf.FOLDER / f"{name}.md")}
    tests.test_cells_take_their_numbers_from_rows_that_exist(name, every)
    for kind in ("right", "wrong", "empty"):
        with contextlib.redirect_stdout(io.StringIO()):
            tests.test_the_tests_of_a_source_know_right_from_wrong(name, kind, every)


def exports(case: Any) -> list[str]:
    """The maker of exports that a case changes."""
    return [case.file] if case.file.startswith("tools/shelf/") else []


def exports_of(_: str) -> list[str]:
    """The tests of the exports that are not slow."""
    import pytest

    said = io.StringIO()
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", "-m", "not slow", "--no-header", "--tb=line"]  # fmt: skip
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = pytest.main([*options, str(ROOT / "tests/test_shelf.py")])
    last = [line for line in said.getvalue().splitlines() if "FAILED" in line or "rror" in line]  # fmt: skip
    return [f"exports: {(last or [f'pytest ends with {status}'])[-1]}"] if status else []  # fmt: skip


def exports_shown(_: str) -> Any:
    """The files that come of the small book of the tests: {name: digest}."""
    from tools.shelf import __main__ as shelf
    from tools.shelf.kit import kit

    with tempfile.TemporaryDirectory() as folder:
        made = shelf.every(
            kit(module_of_tests("banked").book(Path(folder)), "https://x.org/")
        )
    return {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}
