"""`python -m tools.shelf [OUT] [--address URL]`: write every export into OUT (dist/shelf), in place of what was there.

The address where the book is published comes from BOOK_ADDRESS, or from --address.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from press import console
from press.myst import PageError
from press.pages import ROOT

from .kit import Kit, kit

DEFAULT = ROOT / "dist" / "shelf"


def every(made: Kit) -> dict[str, bytes]:
    """Each file of the shelf: {path below OUT: bytes}, the manifest last."""
    from . import canvas, cards, cartridge, manifest, moodle, paper, qti21

    files: dict[str, bytes] = {}
    for maker in (canvas, moodle, cartridge, qti21, cards, paper):
        files |= maker.make(made)
    return files | manifest.make(made, files)


def main(arguments: list[str] | None = None) -> int:
    """Write the files and print what the manifest says of the larger ones; 1 if the bank has faults."""
    parser = argparse.ArgumentParser(prog="python -m tools.shelf")
    parser.add_argument("out", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--address", default=os.environ.get("BOOK_ADDRESS", ""))
    told = parser.parse_args(arguments)
    try:
        made = kit(ROOT, told.address)
        files = every(made)
    except PageError as error:
        print(error)
        return 1
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed: pip install -r requirements-shelf.txt brings it."
        )
        return 1
    if (told.out / "manifest.json").exists():  # the shelf that was there before
        shutil.rmtree(told.out)
    for name, data in files.items():
        path = told.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name, data in files.items():
        if "/" not in name:
            print(f"{name:<14}{len(data):>10,} bytes")
    print(f"{len(made.items)} questions, {len(files)} files in {told.out}")
    return 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
