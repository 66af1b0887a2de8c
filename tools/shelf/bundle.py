"""What all makers of the shelf share: files laid down, folders as archives that are the same bytes twice, the words under everything."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from press import console, edition, pages, zips
from tools.shelf.lecture import Lecture

VENDOR = Path(__file__).parent / "vendor"
LICENSE = "{} ({})".format(*edition.LICENSE)
NO_ADVICE = "These are results of studies, not medical advice."


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive of {name: bytes}, in the order of the names. Raises ValueError for a name that leaves its folder."""
    return zips.packed(dict(sorted(files.items())))


def same(made: bytes) -> bytes:
    """An archive that somebody else wrote, with the same members in the same order, of the day of all archives."""
    return zips.packed(zips.unpacked(made))


def lay(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write {name: bytes} below a folder; the paths, in the order of the names."""
    paths = []
    for name in sorted(files):
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name])
        paths.append(path)
    return paths


def address() -> str:
    """Where the book is published, with a slash at its end (BOOK_ADDRESS); nothing while it has no address."""
    found = os.environ.get("BOOK_ADDRESS", "").rstrip("/")
    return f"{found}/" if found else ""


def book() -> edition.Edition:
    """The edition of the book. Raises PageError without CITATION.cff."""
    found = edition.edition(pages.ROOT)
    if found is None:
        raise pages.PageError(
            "CITATION.cff is missing: what is handed out says what it is taken from."
        )
    return found


def cited(lecture: Lecture) -> edition.Cited:
    """The page of a lecture as somebody cites it."""
    place = lecture.place
    at = f"{address()}book/{place.path}.html" if address() else ""
    day = pages.checked(place)
    return edition.Cited(
        book(), f"book/{place.path}", lecture.title, place.name, at, day
    )


def main(write: Callable[[Path, Path], list[Path]]) -> None:
    """What `python -m tools.shelf.MODULE OUT [BUILT]` does; BUILT: the built site, _build/html when left out."""
    console.speak()
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(
            f"{Path(sys.argv[0]).stem} takes OUT and, if it is not _build/html, BUILT."
        )
    out, built = Path(sys.argv[1]), Path((sys.argv[2:] or ["_build/html"])[0])
    try:
        paths = write(out, built.resolve())
    except pages.PageError as fault:
        sys.exit(str(fault))
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"{len(paths)} files, {size:.1f} MB, in {out}")
