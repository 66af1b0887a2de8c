"""What files are like, in one short word: so that nothing is made again while nothing changed. No library is needed."""

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: The file that a build leaves among the pages when it came to its end. Where it is missing, they may be of two states.
FINISHED = ".finished"


def digest(root: Path | str, patterns: Iterable[str], *words: str) -> str:
    """A word of 20 letters for the names and contents of all files under `root` that match, the Python, and further words."""
    found = {path for pattern in patterns for path in Path(root).glob(pattern)}
    return of_files(root, found, *words)


def of_files(root: Path | str, paths: Iterable[Path | str], *words: str) -> str:
    """The same for files that are named, by paths that may be relative to `root`; a file that is not there counts as such."""
    found = hashlib.sha256("\0".join([platform.python_version(), *words]).encode())
    for path in sorted({Path(root, path) for path in paths}):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            name = Path(os.path.relpath(path, root)).as_posix()
            found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()[:20]


@contextmanager
def remaking(stamp: Path, states: dict[str, str]) -> Iterator[list[str]]:
    """The names whose state is not the one that the file `stamp` holds, to be made again under `with`.

    The states are noted at its end. Somebody who stops half-way leaves no stamp, and all is made again the next time.
    """
    try:
        known = dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):  # none, or not to be read
        known = {}
    wanted = [name for name, state in states.items() if known.get(name) != state]
    if wanted:
        stamp.unlink(missing_ok=True)
    yield wanted
    if wanted or known.keys() != states.keys():
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps(states), encoding="utf-8")
