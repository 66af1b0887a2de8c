"""What the cells of the book on SERMs and bone health import: tables, effect measures, models, figure style.

    from bonebook import pick, show, style, table, value

    bonebook.tables()                                     # the names of the tables
    bmd = table("bmd_change")                             # one of them, as a pandas data frame
    bmd.attrs["descriptions"]                             # what each column means
    bmd.query("study == 'johnston2000' and site == 'lumbar spine'")
    rows = pick(["johnston2000-ls-bmd-plac", "johnston2000-ls-bmd-rlx60"])    # rows by their ids
    value("johnston2000-ls-bmd-rlx60")                    # one number: 1.28
    show.tidy(rows, "Spine density after two years", columns=["label", "value", "se"])

Modules: `tables` (the tables), `show` (tables to read), `style` (figures; its colors in `palette`), `effects` (risks, ratios, numbers needed to
treat), `synthesis` (pooling), `derived`, `receptor`, `remodeling`, `fit` (models), `drawn` (what a figure has drawn),
`own` (a trial drawn by a name, for assignments).
`help(bonebook.effects)` says more of each. Only the tables are loaded at once; the others, Matplotlib with them, when
a cell asks.
"""

import importlib
import logging

from . import hints, tables
from .tables import named, pick, schema, table, value
from .tables import tables as table_names  # what older cells called bonebook.tables()

__all__ = ["named", "pick", "schema", "table", "table_names", "tables", "value"]
#: Matplotlib's first words on a machine: that it reads the fonts, that it found no folder to keep them in. A reader can do
#: nothing about either, and they would stand in the first cell. Its other words are let through.
_CHATTER = (
    "building the font cache",
    "is not a writable directory",
    "temporary cache",
    "mkdir -p failed",
)


def _no_chatter(record: logging.LogRecord) -> bool:
    return not any(words in record.getMessage() for words in _CHATTER)


for _name in ("matplotlib", "matplotlib.font_manager"):
    logging.getLogger(_name).addFilter(_no_chatter)

#: Modules that are loaded when somebody asks for them.
_LATER = (
    *("derived", "drawn", "effects", "fit", "receptor"),
    *("own", "palette", "remodeling", "show", "style", "synthesis"),
)


def __getattr__(name):
    """A module that nobody has imported yet: `bonebook.style`."""
    if name in _LATER:
        return importlib.import_module(f"bonebook.{name}")
    near = tables.nearest(name, [*__all__, *_LATER])
    raise AttributeError(f"bonebook has no {name!r}.{near}")


def __dir__():
    return sorted({*globals(), *_LATER})


hints.install()
