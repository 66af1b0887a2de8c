"""help() on each public name of bonebook says what it does, in which units, what it refuses and where a formula comes from."""

import importlib
import inspect
import pkgutil

import pytest

import bonebook

MODULES = [module.name for module in pkgutil.iter_modules(bonebook.__path__)]
#: Modules whose functions are formulas of the field: each says where it comes from.
FORMULAS = ("effects", "synthesis", "receptor", "remodeling")


def public():
    """(module, name, object) of every public function and class that is defined in bonebook."""
    for module in MODULES:
        home = importlib.import_module(f"bonebook.{module}")
        for name, found in inspect.getmembers(home):
            own = getattr(found, "__module__", "") == home.__name__
            if own and not name.startswith("_") and callable(found):
                yield module, name, found


NAMES = [pytest.param(found, id=f"{module}.{name}") for module, name, found in public()]


@pytest.mark.parametrize("found", NAMES)
def test_help_says_what_it_does(found):
    text = inspect.getdoc(found) or ""
    assert len(text.split()) >= 6, "help() says next to nothing"


@pytest.mark.parametrize("found", NAMES)
def test_help_names_what_is_refused(found):
    function = inspect.unwrap(found)
    if inspect.isfunction(function) and "raise " in inspect.getsource(function):
        assert "Raises" in (inspect.getdoc(found) or ""), (
            "it raises and does not say so"
        )


@pytest.mark.parametrize("found", NAMES)
def test_help_names_every_argument(found):
    function = inspect.unwrap(found)
    module = found.__module__.removeprefix("bonebook.")
    if inspect.isfunction(function) and module in FORMULAS:
        text = " ".join((inspect.getdoc(found) or "").split())
        home = inspect.getdoc(importlib.import_module(f"bonebook.{module}")) or ""
        missing = [
            name
            for name in inspect.signature(function).parameters
            if name not in text and name.replace("_", " ") not in f"{text} {home}"
        ]
        assert not missing, f"help() does not speak of {', '.join(missing)}"


def test_every_formula_has_a_source():
    silent = [
        f"{module}.{name}"
        for module, name, found in public()
        if module in FORMULAS
        and inspect.isfunction(found)
        and "ource" not in (inspect.getdoc(found) or "")
        and "ource"
        not in (inspect.getdoc(importlib.import_module(found.__module__)) or "")
    ]
    assert silent == []
