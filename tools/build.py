"""Build the book: `python -m tools.build SOURCE OUTPUT [--offline]`. Warnings are errors.

The book lands in OUTPUT/_build/html. With --offline the cells run with the network cut off (see tools/offline/).
When nothing changed since the last build came to its end without a warning, it says so and ends.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from press import console
from press.state import FINISHED, digest
from tools import env

OFFLINE = Path(__file__).resolve().parent / "offline"
LIGHT = OFFLINE.with_name("light")
#: All that a build reads, beside the installed packages.
READ = (
    *("_config.yml", "_toc.yml", "book/**/*", "data/**/*", "figures/**/*"),
    *("bonebook/**/*", "explorables/**/*", "press/**/*", "tools/**/*", "teach/**/*"),
    *("pyproject.toml", "requirements*", "binder/*", "README.md", "LICENSE"),
    *("LICENSE-TEXT", "CITATION.cff", "CHANGELOG.md"),
)
#: What changes a page from outside the folder (press/sphinx/launch.py, anywhere.py, takeaway.py).
NAMES = (
    "BOOK_REPOSITORY",
    "BOOK_BRANCH",
    "BOOK_ADDRESS",
    "BOOK_NOTEBOOKS",
    "BOOK_LITE",
    "BOOK_TAKEN",
)


def state(source: Path, html: Path, *words: str) -> str:
    """One word each for what the build reads and for the pages as they lie there, with the times they were written at."""
    packages = sorted(
        path.name
        for folder in sys.path
        for path in Path(folder).glob("*.dist-info")
        if folder
    )
    settings = [f"{name}={os.environ.get(name, '')}" for name in NAMES]
    read = digest(source, READ, str(source), *packages, *settings, *words)
    written = hashlib.sha256()
    for path in sorted(html.rglob("*")):
        if path.is_file() and path.name != FINISHED:
            facts = path.stat()
            line = f"{path.relative_to(html)}\0{facts.st_size}\0{facts.st_mtime_ns}\n"
            written.update(line.encode())
    return f"{read} {written.hexdigest()[:20]}"


def build(
    source: Path, output: Path, offline: bool = False, **variables: str
) -> subprocess.CompletedProcess:
    """Run `jupyter-book build` with warnings as errors; returns the finished process, output not captured."""
    settings = {**os.environ, "PYTHONUTF8": "1", **variables}
    path = [str(OFFLINE if offline else LIGHT), settings.get("PYTHONPATH")]
    settings["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    command = [
        *(Path(sys.executable).parent / "jupyter-book", "build", source),
        *("--path-output", output, "-W", "-n", "--keep-going", "-q"),
    ]
    return subprocess.run([str(part) for part in command], env=settings, cwd=source)


def main(source: Path, output: Path, offline: bool) -> int:
    """Build, unless the pages are there and whole; returns the exit status."""
    html = output / "_build" / "html"
    # Beside the pages, and not among them: they are the same wherever and whenever they were built.
    last = output / "_build" / ".last"
    before = state(source, html)
    known = last.read_text(encoding="utf-8") if last.exists() else ""
    if known == before and (html / FINISHED).exists():
        print("Nothing has changed since the book was built.")
        return 0
    env.writable(output)
    status = build(source, output, offline).returncode
    if status == 0:
        # What was read before the build stands in the file: a change made meanwhile is seen the next time.
        read, written = before.split()[0], state(source, html).split()[1]
        last.write_text(f"{read} {written}", encoding="utf-8")
    return status


if __name__ == "__main__":
    console.speak()
    places = [Path(word).resolve() for word in sys.argv[1:] if word[:2] != "--"]
    sys.exit(main(places[0], places[1], "--offline" in sys.argv))
