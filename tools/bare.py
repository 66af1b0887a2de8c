"""Build the book with the ecosystem's own two commands, in a clone: `python -m tools.bare`.

    pip install -r requirements.txt
    jupyter-book build .

The clone (_test/.clone) holds the files of the work tree that git knows or would take in, and nothing else. Its environment
lies in it, is called venv and holds what the first command installs (by uv, ten times as fast; that pip takes the same
packages in the same versions, tests/test_install.py asks pip itself). Warnings are errors, and the cells run with the network cut off.
The tests read the book that comes of this. All that is kept from one time to the next is the environment, while no
requirement changes.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from press import console
from tools import env
from tools.build import OFFLINE

#: Hidden, so that no build of the book itself walks through it.
CLONE = env.ROOT / "_test" / ".clone"
LOG = env.ROOT / "_test" / "book.log"
NEEDED = ("requirements.txt", "binder/requirements.txt", "binder/constraints.txt")


def clone(folder: Path = CLONE) -> None:
    """Copy what a clone of the work tree would hold; of what lies there already only the environment stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name != "venv":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (env.ROOT / name).is_file():  # not so if it was deleted a moment ago
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(env.ROOT / name, folder / name)


def environment() -> Path:
    """A fresh clone with its environment; returns the interpreter."""
    clone()
    return env.make(
        CLONE / "venv", ["-r", "requirements.txt"], list(NEEDED), root=CLONE
    )


def environments() -> None:
    """Both environments of the tests, the reader's and this one."""
    env.reader()
    environment()


def build(**variables: str) -> int:
    """Both commands in a fresh clone; returns the exit status. What they say stands in _test/book.log.

    variables: further variables of the environment, such as the address of the book (press/sphinx/launch.py).
    """
    python = environment()
    with LOG.open("w", encoding="utf-8") as log:
        return subprocess.run(
            [python.parent / "jupyter-book", "build", ".", "-W", "-n", "--keep-going"],
            cwd=CLONE,
            env=os.environ
            | {"PYTHONUTF8": "1", "PYTHONPATH": str(OFFLINE)}
            | variables,
            stdout=log,
            stderr=subprocess.STDOUT,
        ).returncode


if __name__ == "__main__":
    console.speak()
    status = build()
    print(LOG.read_text(encoding="utf-8"))
    sys.exit(status)
