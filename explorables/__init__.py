"""The figures with sliders: the kit they share, and a folder for each.

In a folder stand twins. model.py reads data/ and the models of `bonebook`, holds every
label, unit, sentence and constant, and computes what is shown at given settings;
model.js computes the same in the browser, from what model.py hands over (`given`).
tests/test_explorables.py holds the two together.
Beside them stands seen.yml, what somebody saw who looked at it (explorables.seen).
"""

import importlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def known():
    """Names of the explorables, from the folders."""
    return sorted(
        path.parent.name.replace("_", "-") for path in FOLDER.glob("*/model.py")
    )


def explorable(name):
    """The explorable of that name; KeyError, in a sentence, if there is none."""
    if name not in known():
        raise KeyError(
            f"There is no explorable {name!r} in explorables; there are "
            f"{', '.join(known())}."
        )
    model = f"explorables.{name.replace('-', '_')}.model"
    return importlib.import_module(model).EXPLORABLE
