"""What the commands print can be printed: on any console, in a pipe, in a file.

A console of Windows-1252 (Git Bash, a redirected output on Windows) has no "≥" and no "α"; a fault that names them would
die as a UnicodeEncodeError in place of the fault. Python's standard library alone is used, and no package is imported.
"""

import sys


def speak() -> None:
    """From here on a character that the console does not have is printed as its number, `\\u2265`. Each main calls it first."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(
            stream, "reconfigure"
        ):  # not where a test or an editor has put its own
            stream.reconfigure(errors="backslashreplace")
