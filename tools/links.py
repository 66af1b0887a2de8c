"""Look whether the links of the book that lead elsewhere still lead somewhere: `python -m tools.links` (needs the network; the weekly workflow runs it).

Sphinx's own linkcheck opens each address once (`jupyter-book build . --builder linkcheck`); this reads what it found. An address that is
gone is told with the pages that have it, and the end is 1. One whose host turns programs away (403, 429) or did not answer in time is
counted and not told: a person's browser may well open it. DOIs are asked of Crossref (tools/retractions.py), not of the publishers.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from press import console
from press.pages import ROOT

#: What a host says that has nothing against the address itself.
TURNED_AWAY = re.compile(
    r"\b(40[13]|405|406|418|429|5\d\d) |timed? ?out|Max retries|Connection (reset|aborted)|RemoteDisconnected|SSLError",
    re.I,
)


def read(lines: str) -> tuple[dict[str, list[str]], dict[str, str], int]:
    """What linkcheck wrote (output.json, a line a link): {address that is gone: places}, {address that nobody could open: why}, how many in all."""
    gone, away, all_ = defaultdict(list), {}, set()
    for line in filter(str.strip, lines.splitlines()):
        link = json.loads(line)
        address = link["uri"]
        if not address.startswith(("http://", "https://")):
            continue
        all_.add(address)
        if link["status"] == "broken" and not TURNED_AWAY.search(link["info"]):
            place = f"{link['filename']}:{link['lineno']}"
            if place not in gone[address]:
                gone[address].append(place)
        elif link["status"] in ("broken", "timeout"):
            away[address] = link["info"]
    return dict(gone), away, len(all_)


def report(lines: str) -> str:
    """The addresses that are gone, as Markdown; empty if none is."""
    gone, away, many = read(lines)
    if not gone:
        return ""
    listed = "\n".join(
        f"- <{address}> ({', '.join(places[:3])}{' …' if len(places) > 3 else ''})"
        for address, places in sorted(gone.items())
    )
    return (
        f"{many} addresses were opened. These are gone:\n\n{listed}\n\n"
        f"{len(away)} more could not be opened by a program (turned away, or no answer in time); they are not listed.\n"
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                *(Path(sys.executable).parent / "jupyter-book", "build", ROOT),
                *("--path-output", folder, "--builder", "linkcheck", "-q"),
            ],
            cwd=ROOT,
            check=False,
            stdout=sys.stderr,
        )
        found = next(Path(folder).rglob("output.json"), None)
        if found is None:
            sys.exit("linkcheck wrote nothing; its own words stand above.")
        text = report(found.read_text(encoding="utf-8"))
    print(text or "No address of the book is gone.")
    return bool(text)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
