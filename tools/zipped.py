"""The built site as one zip that opens from disk, without a network: `python -m tools.zipped [SITE]` writes dist/serms-and-bone-health.zip.

SITE is a built site (_build/html). What is left out, and why, stands in press/takeaway.py. The same site makes the same bytes.
"""

import sys
from pathlib import Path

from press import console, takeaway
from tools import taken
from tools.env import ROOT


def main(site: Path) -> int:
    """Write the zip of a built site; returns the exit status."""
    if not (site / "index.html").exists():
        sys.exit(f"There is no built site in {site}: `make book` builds it.")
    target = taken.DIST / f"{taken.name()}.zip"
    takeaway.site_zip(site, target, ROOT)
    print(taken.told(target))
    return 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main(Path(*sys.argv[1:2] or [ROOT / "_build" / "html"])))
