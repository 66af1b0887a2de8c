"""The last line of a build that failed is its fault: which file, which line, what is wrong.

Jupyter Book ends with "Look above for the cause", after a traceback of fifty lines. Here the first thing that was complained
of is kept while the book is built, and is said once more when everybody else has spoken.
"""

import atexit
import errno
import logging
import os
import re
import sqlite3
import sys

from sphinx.errors import SphinxError
from sphinx.util.logging import WarningStreamHandler

#: How that line begins.
MARK = "The book was not built: "
#: What the system says, in words that say what to do.
SYSTEM = {
    errno.ENOSPC: "the disk is full. Make room, and build again.",
    errno.EDQUOT: "your share of the disk is used up. Make room, and build again.",
    errno.EFBIG: "a file would be larger than the system allows (ulimit -f).",
    errno.EMFILE: "more files are open at once than the system allows (ulimit -n).",
    errno.EROFS: "nothing can be written there. `python -m tools.build SOURCE OUTPUT` builds elsewhere.",
    errno.EACCES: "you may not write there. `python -m tools.build SOURCE OUTPUT` builds elsewhere.",
}
#: Says only that something else was said.
SUMMARY = re.compile("listed above|look above", re.IGNORECASE)
_COLORS = re.compile("\x1b\\[[0-9;]*m")


class Told(WarningStreamHandler):
    """What a build has complained of first, and whether it failed.

    A handler of this kind hears of a warning when Sphinx lets go of it, its place named.
    """

    def __init__(self, folder: str = "") -> None:
        super().__init__()
        self.setLevel(logging.WARNING)
        self.folder = folder  # of the sources: places are named from there
        self.first = ""
        self.failed = False

    def emit(self, record: logging.LogRecord) -> None:
        """Sphinx warns of something; its own handler came first and put the place in front."""
        self.first = self.first or self.line(record.getMessage())

    def end(self, error: BaseException | None, counted: bool = False) -> None:
        """The build has ended: by an error, with warnings that count as errors, or well."""
        self.failed = error is not None or counted
        if error is None:
            return
        if cause := of_system(error):  # a full disk gives many complaints
            self.first = self.line(cause)
        elif not (self.first and SUMMARY.search(str(error))):
            self.first = self.line(of_error(error))

    def uncaught(self, kind, error, traceback) -> None:
        """An error ends the process, perhaps before there was a build that could end."""
        sys.__excepthook__(kind, error, traceback)
        if not self.failed:
            self.end(root_of(error))

    def say(self) -> None:
        """The last word, when the interpreter ends."""
        if self.failed and self.first:
            # Of a cell that hung, a task is left, which would be spoken of later still.
            logging.getLogger("asyncio").setLevel(logging.CRITICAL)
            sys.stdout.flush()
            print(f"\n{MARK}{self.first}", file=sys.stderr, flush=True)

    def line(self, text: str) -> str:
        """Text as one line, places named from the folder of the sources."""
        words = " ".join(_COLORS.sub("", text).split())
        return words.replace(f"{self.folder}{os.sep}", "") if self.folder else words


def root_of(error: BaseException) -> BaseException:
    """The error that others were raised from."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def of_system(error: BaseException | None) -> str:
    """The system's complaint that an error came of, in words; nothing if there is none that SYSTEM knows."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in SYSTEM:
            where = f"{error.filename}: " if error.filename else ""
            return f"{where}{SYSTEM[error.errno]}"
        if isinstance(error, sqlite3.OperationalError) and "disk" in str(error):
            return f"the cache of outputs: {error}. Make room, and build again."
        error = error.__cause__ or getattr(error, "orig_exc", None)
    return ""


def of_error(error: BaseException) -> str:
    """An error in its own words if they were written for people, with its kind in front if they were not."""
    if isinstance(error, KeyboardInterrupt):
        return "it was stopped from the keyboard."
    if inner := getattr(error, "orig_exc", None):  # of an extension
        return of_error(inner)
    written = isinstance(error, SphinxError)
    return str(error) if written else f"{type(error).__name__}: {error}"


def setup(app):
    told = Told(str(app.srcdir))
    logging.getLogger("sphinx").addHandler(told)
    sys.excepthook = told.uncaught
    atexit.register(told.say)

    def end(app, error):
        told.end(error, bool(app._warncount and app.keep_going))

    app.connect("build-finished", end, priority=1000)  # when all else has failed
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
