"""How long the book takes to build, and what it weighs: `make bench` (dist/bench.md), some minutes of a quiet machine.

    python -m tools.bench_build [--beside FOLDER] [STEP ...]

The book is cloned into a temporary folder (the files of the work tree that git knows) and built there: from nothing, with
nothing changed, after one word, after one value of data/, after one caption. What was changed is put back, and in the end
the site must be, byte for byte, the one of the first build. `cells` runs the cells alone, as many at a time as the build does.
`growth` builds a made-up book of small pages with 1, 4 and 16 times as many. --beside builds another Jupyter Book's pages and
this one's, both without running a cell.

Seconds by the clock depend on who else uses the machine; seconds of processor hardly do. Both are told.
"""

import argparse
import hashlib
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from bonebook import tables
from press import console, yamls
from tools import bare
from tools.build import LIGHT
from tools.env import ROOT

TARGET = ROOT / "dist" / "bench.md"
STEPS = ("book", "cells", "growth", "import", "size")
#: A page with figures, and the words of it that are changed and put back.
PAGE = "book/academic/bone.md"
#: Pages of the made-up book, once, and how often.
ONCE, TIMES = 3, (1, 4, 16)
_CELLS = """
import sys, os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import jupytext
from jupyter_cache.executors.utils import single_nb_execution
from press import pages
from press.sphinx.kernels import QUIET

def run(page):
    path = pages.ROOT / f"{page}.md"
    book = jupytext.read(path, fmt="md:myst")
    if not any(cell.cell_type == "code" for cell in book.cells):
        return
    done = single_nb_execution(book, str(path.parent), 120, False,
        extra_arguments=list(QUIET), shutdown_kernel="immediate")
    if done.err:
        sys.exit(f"{page}: {done.err}")

with ThreadPoolExecutor(max(2, min(8, os.cpu_count() or 1))) as pool:
    list(pool.map(run, pages.contents()))
"""


class Bench:
    """The rows that were measured so far."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []
        self.faults: list[str] = []

    def add(self, what: str, clock: float, processor: float, note: str = "") -> None:
        """A row, said at once and kept."""
        row = (what, f"{clock:.1f}", f"{processor:.1f}", note)
        print("  ".join(row), flush=True)
        self.rows.append(row)

    def say(self, what: str, words: str) -> None:
        """A row without times."""
        print(what, words, sep="  ", flush=True)
        self.rows.append((what, "", "", words))

    def fault(self, words: str) -> None:
        """Something that is not as it should be: the end is 1."""
        print(words, file=sys.stderr, flush=True)
        self.faults.append(words)


def spent() -> float:
    """Seconds of processor that finished children have used, and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(root: Path, *command: str, **variables: str) -> tuple[float, float]:
    """Run a command with the packages of `root`: seconds by the clock and of processor. Ends the bench if it fails."""
    settings = os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(root)} | variables
    clock, processor = time.perf_counter(), spent()
    done = subprocess.run(
        command, cwd=root, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{(done.stdout + done.stderr)[-4000:]}")
    return time.perf_counter() - clock, spent() - processor


def make_book(root: Path) -> tuple[float, float]:
    """Build the book in `root` in place, as `make book` does."""
    return run(root, sys.executable, "-m", "tools.build", ".", ".")


def build(root: Path, *options: str) -> tuple[float, float]:
    """Build any book in place, warnings or not."""
    command = Path(sys.executable).with_name("jupyter-book")
    path = os.pathsep.join([str(root), str(LIGHT)])
    return run(root, str(command), "build", ".", "-q", *options, PYTHONPATH=path)


def outputs(root: Path) -> set[tuple[Path, int]]:
    """What the cache of outputs holds, and since when."""
    found = root.glob("_build/.jupyter_cache/*/executed/*/base.ipynb")
    return {(path, path.stat().st_mtime_ns) for path in found}


def files(html: Path) -> dict[str, str]:
    """{name: digest} of the files of a site."""
    return {
        path.relative_to(html).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in html.rglob("*")
        if path.is_file()
    }


@contextmanager
def changed(path: Path, old: str, new: str) -> Iterator[None]:
    """A file with some words changed, once, and then as it was."""
    text = path.read_text(encoding="utf-8")
    if old not in text:
        sys.exit(f"{path} does not say {old!r} any more: tools/bench_build.py.")
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    try:
        yield
    finally:
        path.write_text(text, encoding="utf-8", newline="\n")


def picked(root: Path) -> tuple[str, str]:
    """A row that a cell of some page picks by its id, and that no sentence and no other row names: (table, id)."""
    text = {
        path: path.read_text(encoding="utf-8")
        for path in sorted((root / "book").rglob("*.md"))
    }
    others = {
        word
        for name in tables.tables()
        for row in tables.rows(name)
        for column, cell in row.items()
        if column != "id"
        for word in cell.split()
    }
    for name in ("outcomes", "bmd_change", "markers"):
        for row in tables.rows(name):
            named = [page for page in text.values() if f'"{row["id"]}"' in page]
            told = any(f"<{row['id']}" in page for page in text.values())
            if len(named) == 1 and not told and row["id"] not in others:
                return name, row["id"]
    sys.exit("No row of data/ is picked by one page alone: tools/bench_build.py.")


def day_before(root: Path, table: str, id: str) -> tuple[str, str]:
    """(old, new) text of the line of a row whose day of looking up is another: a value that no rule compares."""
    lines = (root / f"data/{table}.csv").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(f"{id},"))
    day = next(row for row in tables.rows(table) if row["id"] == id)["looked_up"]
    return line, line.replace(
        day, f"{day[:-2]}01" if day[-2:] != "01" else f"{day[:-2]}02"
    )


def book(bench: Bench, root: Path) -> None:
    """From nothing, and after each kind of change."""
    html = root / "_build" / "html"
    bench.add("from nothing", *make_book(root))
    first, had = files(html), outputs(root)
    bench.add("nothing changed", *make_book(root))
    bench.add("nothing changed, `jupyter-book build .`", *build(root))

    def step(what: str, path: Path, old: str, new: str, allowed: int) -> None:
        known = outputs(root)
        with changed(path, old, new):
            times = make_book(root)
            ran = len(outputs(root) - known)
            bench.add(what, *times, f"{ran} of {len(had)} pages ran again")
            if ran > allowed:
                bench.fault(f"{what}: {ran} pages ran again, and {allowed} had to")
        make_book(root)

    text = (root / PAGE).read_text(encoding="utf-8")
    word = next(
        line for line in text.splitlines() if line.startswith("Mice without RANK ")
    )
    step("one word", root / PAGE, word, word.replace("Mice", "The mice"), 0)
    caption = text.partition("    caption: |\n")[2].partition("\n")[0]
    step("one caption", root / PAGE, caption, f"{caption} ", 0)
    table, id = picked(root)
    old, new = day_before(root, table, id)
    step("one value of data/", root / f"data/{table}.csv", old, new, 1)

    last = files(html)
    other = sorted(name for name in first | last if first.get(name) != last.get(name))
    bench.say("files that are not as the first build wrote them", str(len(other)))
    if other:
        bench.fault(f"not as the first build wrote them: {', '.join(other[:12])}")


def cells(bench: Bench, root: Path) -> None:
    """The cells alone, and how much longer the whole takes."""
    alone = run(root, sys.executable, "-c", _CELLS)
    bench.add("the cells alone", *alone)
    whole = [row for row in bench.rows if row[0] == "from nothing"]
    if whole:
        ratio = float(whole[0][1]) / alone[0]
        bench.say("from nothing, in times of the cells alone", f"{ratio:.2f}")


GROWN = """---
jupytext:
  text_representation: {{extension: .md, format_name: myst}}
kernelspec: {{name: python3, display_name: Python 3}}
---
# Page {count}

{words}

The spine {{fact}}`lost 1.32 % <johnston2000-ls-bmd-plac>` {{cite:p}}`johnston2000`.

```{{code-cell}} ipython3
from bonebook import pick, show
# {count}
show.tidy(pick(["johnston2000-ls-bmd-plac"])[["label", "value"]], "A table")
```
"""
_EXTENSIONS = (
    "told alone fresh early kernels facts cards formulas figures reference look search"
)


def grown(folder: Path, root: Path, count: int) -> Path:
    """A book of `count` small pages, with the tables and packages of the book in `root`."""
    made = folder / f"grown-{count}"
    for name in ("bonebook", "data", "press", "explorables"):
        shutil.copytree(root / name, made / name)
    for name in ("references.bib", "evidence.yml", "threads.yml"):
        (made / "book").mkdir(exist_ok=True)
        shutil.copy(root / "book" / name, made / "book" / name)
    for file in root.iterdir():
        if file.is_file():
            shutil.copy(file, made / file.name)
    reference = shutil.copytree(root / "book/reference", made / "book/reference")
    listed = [f"book/reference/{name}" for name in ("studies", "bibliography")]
    for page in reference.glob("*.md"):
        if f"book/reference/{page.stem}" not in listed:
            page.unlink()
    (made / "book" / "index.md").write_text("# A book\n", encoding="utf-8")
    words = "\n".join(["A sentence of a page that is small and says little."] * 40)
    names = [f"book/page-{each}" for each in range(count)]
    for each, name in enumerate(names):
        text = GROWN.format(count=each, words=words)
        (made / f"{name}.md").write_text(text, encoding="utf-8")
    toc: dict[str, Any] = {"format": "jb-book", "root": "book/index"}
    toc["chapters"] = [{"file": name} for name in [*listed, *names]]
    config = yamls.read((root / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["extra_extensions"] = [
        *(f"press.sphinx.{name}" for name in _EXTENSIONS.split()),
        "sphinx_exercise",
    ]
    (made / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (made / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return made


def growth(bench: Bench, root: Path) -> None:
    """Whether twice the pages take twice the time: the exponent of the growth, without what every build takes."""
    taken = {}
    for count in (0, *(ONCE * times for times in TIMES)):
        made = grown(root.parent, root, count)
        clock, taken[count] = build(made)
        note = (
            f"{(taken[count] - taken[0]) / count:.2f} s of processor a page"
            if count
            else ""
        )
        bench.add(f"a book of {count} small pages", clock, taken[count], note)
        shutil.rmtree(made)
    least, most = ONCE * TIMES[0], ONCE * TIMES[-1]
    times = (taken[most] - taken[0]) / (taken[least] - taken[0])
    exponent = math.log(times) / math.log(most / least)
    bench.say("exponent of the growth", f"{exponent:.2f}")
    if exponent > 1.1:
        bench.fault(f"the time grows with the power {exponent:.2f} of the pages")


def imported(bench: Bench, root: Path) -> None:
    """What a reader waits for before the first cell."""

    def median(code: str) -> tuple[float, float]:
        took = [run(root, sys.executable, "-c", code) for _ in range(5)]
        clock, processor = zip(*took, strict=True)
        return statistics.median(clock), statistics.median(processor)

    python = median("")
    for name in ("bonebook", "bonebook.style"):
        clock, processor = median(f"import {name}")
        bench.add(f"import {name}", clock - python[0], processor - python[1])


def size(bench: Bench, root: Path) -> None:
    """Bytes of what is published."""
    html = root / "_build" / "html"
    if not html.exists():
        return
    sizes = [path.stat().st_size for path in html.rglob("*") if path.is_file()]
    bench.say("the site", f"{sum(sizes) / 1e6:.1f} MB in {len(sizes)} files")
    for wheel in html.glob("downloads/*.whl"):
        bench.say("the wheel", f"{wheel.stat().st_size / 1e3:.0f} kB")


def beside(bench: Bench, root: Path, other: Path) -> None:
    """Every page read and written again and no cell run: this book as it is, another one without the extensions that are not here."""
    if not (root / "_build" / "html").exists():
        build(root)
    counted(bench, "this book, all pages again, no cell run", root, "--all")
    made = root.parent / "other"
    shutil.copytree(other, made, ignore=shutil.ignore_patterns("_build", ".git"))
    config = yamls.read((made / "_config.yml").read_text(encoding="utf-8"))
    wanted = config.get("sphinx", {}).get("extra_extensions", [])
    here = [name for name in wanted if find_spec(name.partition(".")[0])]
    config["sphinx"] = {"extra_extensions": here}
    config["execute"] = {"execute_notebooks": "off"}
    config["html"] = {}
    (made / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    gone = sorted(set(wanted) - set(here))
    counted(
        bench,
        f"{other.name}, no cell run, without {', '.join(gone) or 'nothing'}",
        made,
    )


def counted(bench: Bench, what: str, root: Path, *options: str) -> None:
    """A build with its pages and what one takes."""
    clock, processor = build(root, *options)
    html = root / "_build" / "html"
    count = len([path for path in html.rglob("*.html") if "_static" not in path.parts])
    note = f"{count} pages, {processor / count:.2f} s of processor a page"
    bench.add(f"beside: {what}", clock, processor, note)


def told(bench: Bench) -> str:
    """The table as Markdown."""
    machine = platform.processor() or platform.machine()
    try:
        names = [
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        machine = names[0] if names else machine
    except OSError:
        pass  # no such file on this system
    load = os.getloadavg()[0]
    used = ("jupyter-book", "Sphinx", "myst-nb", "pandas", "matplotlib")
    versions = ", ".join(f"{name} {version(name)}" for name in used)
    lines = [
        "# How long the book takes",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors ({machine}), {platform.system()}, "
        f"Python {platform.python_version()}, {versions}. Load of the machine at the end: {load:.1f}.",
        "",
        "| what | s by the clock | s of processor | |",
        "|---|---:|---:|---|",
        *(f"| {' | '.join(row)} |" for row in bench.rows),
        *(
            ["", "Not as it should be:", "", *(f"- {each}" for each in bench.faults)]
            if bench.faults
            else []
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure what is asked for, write the table; 1 if something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="*", choices=[*STEPS, []], metavar="STEP")
    parser.add_argument("--beside", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    steps = asked.steps or STEPS
    doers: dict[str, Callable[[Bench, Path], None]] = {
        "book": book,
        "cells": cells,
        "growth": growth,
        "import": imported,
        "size": size,
    }
    bench = Bench()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder) / "book"
        bare.clone(root)
        for step in steps:
            doers[step](bench, root)
        if asked.beside:
            beside(bench, root, asked.beside.resolve())
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(told(bench), encoding="utf-8")
    print(f"\n{TARGET.relative_to(ROOT)}")
    return 1 if bench.faults else 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
