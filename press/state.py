"""What files are like, in one short word: so that nothing is made again while nothing changed. No library is needed."""

import hashlib
import platform
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path


def digest(root: Path | str, patterns: Iterable[str], *words: str) -> str:
    """A word of 20 letters for the names and contents of all files under `root` that match, the Python, and further words."""
    root = Path(root)
    found = hashlib.sha256("\0".join([platform.python_version(), *words]).encode())
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            name = path.relative_to(root).as_posix()
            found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()[:20]


@contextmanager
def once(stamp: Path, state: str):
    """Tells, to what stands under `with`, whether it has to be done; notes in the file `stamp` that it was.

    It has to be done unless it was done to its end for the same state. Somebody who stops it half-way leaves no stamp.
    """
    if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
        yield False
        return
    stamp.unlink(missing_ok=True)
    yield True
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state, encoding="utf-8")
