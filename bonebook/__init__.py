"""What the cells of the book on SERMs and bone health import: tables, effect measures, models, figure style.

    from bonebook import pick, show, style, table, table_names, value

    table_names()                                  # the tables there are
    outcomes = table("outcomes")                   # one of them, as a data frame
    outcomes.query("drug == 'raloxifene'")["study"].unique()
    value("ruth2006-vte-hr")                       # one number, by the id of its row
    rows = pick(["ruth2006-vte-hr", "ettinger1999-vfx-rlx60"])     # some rows, with words to show them by
    show.tidy(rows, "Two rows", columns=["label", "value"])        # a table to read
    style.forest(ax, rows)                         # a figure in the book's style

Further modules: effects (risks, ratios, numbers needed), derived, synthesis (pooling), receptor, remodeling, fit (models).
Only the tables are loaded here; `from bonebook import style` loads Matplotlib when a cell asks for it.
"""

import logging

from . import hints
from .tables import named, pick, schema, table, value
from .tables import tables as table_names  # `bonebook.tables` stays the module

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

__all__ = ["named", "pick", "schema", "table", "table_names", "value"]

hints.install()
