"""What the commands have in common that make the book to take away (tools/pdf.py, epub.py, zipped.py): its name, its builds.

All of them write into dist/. Each may stand alone; what one build has read and run, the next one finds.
"""

import os
import subprocess
import sys
from pathlib import Path

from press import yamls
from press.takeaway import basename
from tools.env import ROOT

DIST = ROOT / "dist"


def name(root: Path = ROOT) -> str:
    """The name of the files, without an ending: `serms-and-bone-health`."""
    said = yamls.read((root / "_config.yml").read_text(encoding="utf-8"))
    return basename(said["title"])


def built(builder: str, root: Path = ROOT, output: Path | None = None) -> Path:
    """The folder of what a builder of Sphinx makes of the book, built now; a warning is an error. Ends with what it said if it fails."""
    output = output or root
    command = [
        *(Path(sys.executable).parent / "jupyter-book", "build", root),
        *("--path-output", output, "-W", "-n", "--keep-going", "-q"),
        *("--builder", "custom", "--custom-builder", builder),
    ]
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, "PYTHONUTF8": "1"},
        cwd=root,
        check=False,
    )
    if done.returncode:
        sys.exit(f"The book does not build as {builder}: see above.")
    return output / "_build" / builder


def told(file: Path) -> str:
    """`dist/book.pdf  12.3 MB`"""
    size = file.stat().st_size / 1e6
    shown = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    return f"{shown}  {size:.1f} MB"
