"""Renew requirements.lock, and from it binder/constraints.txt: `make lock`, after any change of a pin.

requirements.lock names every package with its hashes, for every system and Python that the book promises; make book
and make test install from it. binder/constraints.txt is the same list without hashes, as pip takes it beside a file of
requirements: so a reader, Binder and `pip install -r requirements.txt` get the versions that the book is built with.
"""

import re

from press import console
from tools import env

FILES = ("requirements.txt", "requirements-shelf.txt", "requirements-test.txt")
LOCK = env.ROOT / "requirements.lock"
CONSTRAINTS = env.ROOT / "binder" / "constraints.txt"
HEAD = "# The versions of requirements.lock, without hashes. Written by `make lock`.\n"


def constraints(lock: str) -> str:
    """The lines of a constraints file for the text of a lock: name, version and marker of each package."""
    pins = re.findall(r"^([A-Za-z0-9][^\s\\]*==[^\\\n]*?)\s*\\?$", lock, re.M)
    return HEAD + "".join(f"{pin}\n" for pin in pins)


def main() -> None:
    python = env.python_of(env.ROOT / ".venv")
    if not python.exists():
        python = env.project()
    before = CONSTRAINTS.read_bytes() if CONSTRAINTS.exists() else b""
    CONSTRAINTS.write_text(HEAD, encoding="utf-8")  # no old version holds a new one
    try:
        env.run(
            python,
            *("-m", "uv", "pip", "compile", "--quiet", "--upgrade"),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-emit-package", "bonebook", "--no-emit-index-url"),
            *("--custom-compile-command", "make lock"),
            *FILES,
            *("-o", LOCK),
        )
    except SystemExit:
        CONSTRAINTS.write_bytes(before)
        raise
    written = constraints(LOCK.read_text(encoding="utf-8"))
    CONSTRAINTS.write_text(written, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    console.speak()
    main()
