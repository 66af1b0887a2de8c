"""Archives that are the same bytes each time: one day, one mode, one system for every file, in the order in which they are given.

write(path, [("mimetype", b"…"), ("content.opf", b"…")], stored=("mimetype",))
packed({"a.txt": b"…"})          # -> bytes
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import IO

#: The day of every file: the earliest that an archive can hold.
DAY = (1980, 1, 1, 0, 0, 0)
#: What a file, and what a folder may do; as an archive of a disk has it.
PLAIN, FILE, FOLDER = 0o644, 0o100644, 0o40755
_UNIX = 3
_NAME = re.compile(r"(?!/)(?:(?!\.\.?(?:/|$))[^\\/\0]+(?:/|$))+")


def write(
    target: Path | IO[bytes],
    files: Iterable[tuple[str, bytes]],
    level: int | None = 9,
    mode: int = PLAIN,
    stored: Collection[str] = (),
) -> None:
    """Write files, (name, content), as one archive. Raises ValueError for a name that leaves it.

    level: how hard to pack, from 1 to 9, zlib's own choice for None; mode: of each file; stored: names of those that are not
    packed. A name that ends with a slash is an empty folder.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files:
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no plain path inside an archive.")
            entry = zipfile.ZipInfo(name, DAY)
            entry.create_system = _UNIX
            entry.external_attr = (FOLDER if name.endswith("/") else mode) << 16
            packs = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, packs, level)


def packed(
    files: Mapping[str, bytes], level: int | None = 9, mode: int = PLAIN
) -> bytes:
    """An archive of {name: content}, in the order of the mapping. Raises ValueError for a name that leaves it."""
    made = io.BytesIO()
    write(made, files.items(), level, mode)
    return made.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """{name: content} of an archive, in its order."""
    with zipfile.ZipFile(io.BytesIO(archive)) as held:
        return {name: held.read(name) for name in held.namelist()}
