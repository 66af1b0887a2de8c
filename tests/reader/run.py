"""Run notebooks from top to bottom in one process, each with names of its own: `python run.py NOTEBOOK ...` in the reader's environment.

Prints a line of JSON for each: its name, how many code cells ran, how many put something out, and what went wrong
(an error of a cell, or anything on stderr such as a warning). A kernel for each would start 33 times.
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib_inline.backend_inline import configure_inline_support

INLINE = "module://matplotlib_inline.backend_inline"


def run(shell: InteractiveShell, notebook: Path) -> dict:
    """What came of the cells of one notebook."""
    shell.reset()
    plt.close("all")
    plt.rcdefaults()
    plt.switch_backend(INLINE)
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    shown, faults = 0, []
    for source in code:
        with capture_output() as put_out:
            result = shell.run_cell(source, store_history=False, silent=False)
        shown += bool(put_out.outputs or put_out.stdout)
        error = result.error_before_exec or result.error_in_exec
        if error:
            faults.append(f"{type(error).__name__}: {error} in {source[:80]!r}")
        if put_out.stderr:
            faults.append(put_out.stderr)
        if error:
            break
    return {"name": notebook.stem, "cells": len(code), "shown": shown, "faults": faults}


if __name__ == "__main__":
    shell = InteractiveShell.instance()
    configure_inline_support(shell, INLINE)
    for name in sys.argv[1:]:
        print(json.dumps(run(shell, Path(name))), file=sys.__stdout__, flush=True)
