"""What to do next, in a sentence under an error of a cell: only in a notebook, only where a sentence helps.

A notebook begun in its middle, a misspelled column and a query that leaves no row end in errors of Python and pandas that
name neither. Here such an error is shown with the lines of the cell alone, and with what is near.
"""

import sys
from typing import Any

from bonebook.tables import nearest

ABOVE = (
    "A cell above makes this name, and has not run since the notebook was opened. Run the cells from the top: "
    "in JupyterLab the menu Run, Run All Above Selected Cell; in Colab Runtime, Run before."
)
NO_ROW = (
    "No row is left to read. A query whose value is misspelled finds nothing and says nothing: "
    "the column's .unique() lists what it may be, such as table('outcomes')['study'].unique()."
)


def hint(error: BaseException) -> str:
    """What to do about an error of a cell; empty where its own words are enough."""
    import pandas as pd

    frame: Any = None
    trace = error.__traceback__
    while trace:
        held = trace.tb_frame.f_locals.get("self")
        frame = held if isinstance(held, pd.DataFrame) else frame
        trace = trace.tb_next
    if frame is not None and type(error).__name__ == "UndefinedVariableError":
        return _column(str(error).split("'")[1], frame)
    if isinstance(error, KeyError) and frame is not None and error.args:
        asked = error.args[0]
        if isinstance(asked, str) and asked not in frame.columns:
            name = asked.split("'")[1] if "not in index" in asked else asked
            return _column(name, frame)
    if isinstance(error, IndexError) and "out-of-bounds" in str(error):
        return NO_ROW
    if isinstance(error, NameError):
        return ABOVE
    return ""


def _column(name: str, frame) -> str:
    columns = [str(column) for column in frame.columns]
    return f"There is no column {name!r} here.{nearest(name, columns)} The columns are: {', '.join(columns)}."


def _shown(shell, kind, error, trace, tb_offset=None):
    """Show an error; where there is a hint, with the lines of the cell alone and the hint as its last words."""
    if told := hint(error):
        last = step = trace
        while step:  # what pandas did with the line helps nobody
            if "ipykernel_" in (where := step.tb_frame.f_code.co_filename) or (
                where.startswith("<ipython-input")
            ):
                last = step
            step = step.tb_next
        if last is not None:
            last.tb_next = None
        error.__cause__, error.__suppress_context__ = None, True
        # A KeyError would show a sentence in quotation marks.
        kind = NameError if isinstance(error, NameError) else LookupError
        error = kind(f"{error}. {told}" if told is ABOVE else told)
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def install() -> None:
    """Have the errors of this notebook's cells shown so; does nothing outside a notebook."""
    known = sys.modules.get("IPython")  # loaded already, if this is a notebook
    shell = known.get_ipython() if known else None
    if shell is not None and hasattr(shell, "kernel"):
        shell.set_custom_exc((NameError, KeyError, IndexError), _shown)
