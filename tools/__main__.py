"""`python -m tools book | check | test | format | serve | shelf | ...` (the Makefile calls the same).

book   build the book into _build/html (makes .venv the first time); any warning is an error
check  what can be known of a change in under a minute, without a build and without a browser
test   check, then build it again from nothing and prove that it holds, real browser included
format write Python, cells, style sheets and scripts as their formatters do (or the cells of the pages that are named)
serve  open the built book on this machine [at a port: 8000, or the next free one]
shelf  make what those who teach take (dist/shelf): question bank, worksheets, slides, figures, handouts, assignments
pdf, epub, zip  make the whole book as one file (dist/)
test-weekly  prove what takes too long for every change: the whole book as PDF and EPUB, every deck, every assignment, builds under other clocks and languages
release  put data/ into one archive with all that a deposit needs (dist/), ready for a DOI
lock   renew requirements.lock and binder/constraints.txt from the requirements files
stats  count pages, words, figures, cells, questions, terms, studies and figures from studies
fit    fit the remodeling model to the tables and print what it gets right and wrong
bench  time the build (dist/bench.md), then weigh and time the figures with sliders of the built book [--beside FOLDER] [STEP ...]
lite   lay JupyterLite with all notebooks beside the built book, and try it in a real browser [--pyodide ARCHIVE]
test-oldest  run every page with the oldest pandas, Matplotlib and NumPy that the package allows
mutate get things wrong on purpose, one at a time, and tell which of them the book notices [--seed N] [--count N] [--kind NAME]
"""

import contextlib
import functools
import http.server
import shutil
import sys
import webbrowser
from concurrent.futures import ThreadPoolExecutor

from press import console
from press.state import FINISHED
from tools import bare, env

HTML = env.ROOT / "_build" / "html"


def book() -> None:
    python = env.project()
    env.run(python, "-m", "tools.build", env.ROOT, env.ROOT)
    env.say(
        f"\nThe front page: {HTML / 'index.html'}\n`make serve` opens it in a browser."
    )


def check() -> None:
    env.run(env.project(), "-m", "tools.check")


def test() -> None:
    """The fast part first; then what it left out, so that no test runs twice."""
    python = env.project()
    bare.environments()
    check()
    env.run(python, "-m", "tools.browser")
    # Three at once on two cores: a browser, a kernel and a build wait a good deal.
    spread = ("-n", "3", "--dist", "worksteal", "--durations", "12")
    env.run(python, "-m", "pytest", "-m", "slow and not weekly", *spread)


def format_(*pages: str) -> None:
    python = env.project()
    if not pages:
        env.run(python, "-m", "ruff", "format", env.ROOT)
        env.run(python, "-m", "tools.styles")
    env.run(python, "-m", "press.cells", *pages)


def serve(port: str = "8000") -> None:
    from tools.serving import server

    if not port.isdecimal():
        sys.exit(f"A port is a number such as 8000, not {port!r}.")
    if not (HTML / "index.html").exists():
        book()
    if not (HTML / FINISHED).exists():
        env.say("The last build did not come to its end: some pages may be old.")
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(HTML)
    )
    with server(int(port), handler) as made:
        address = f"http://127.0.0.1:{made.server_port}/"
        if made.server_port != int(port):
            env.say(f"Port {port} is taken.")
        env.say(f"The book is open at {address} (Ctrl+C closes it)")
        webbrowser.open(address)
        with contextlib.suppress(KeyboardInterrupt):
            made.serve_forever()


def shelf() -> None:
    """From the built book, which is built first where there is none, or one whose build was stopped."""
    python = env.project()
    if not (HTML / FINISHED).exists():
        book()
    env.run(python, "-m", "tools.browser")
    out = env.ROOT / "dist" / "shelf"
    if (out / "manifest.json").exists():  # the shelf that was there before
        shutil.rmtree(out)

    def one_by_one(*makers: str) -> None:
        for maker in makers:
            env.run(python, "-m", maker, out)

    # two at a time: who draws, and who prints and waits a good deal
    with ThreadPoolExecutor(2) as pool:
        others = ("handout", "assignments")
        chains = [
            pool.submit(one_by_one, "tools.shelf.hall"),
            pool.submit(
                one_by_one, "tools.shelf", *(f"tools.shelf.{each}" for each in others)
            ),
        ]
        for chain in chains:
            chain.result()


def test_weekly() -> None:
    python = env.project()
    bare.environments()
    env.run(python, "-m", "tools.browser")
    env.run(python, "-m", "pytest", "-m", "weekly", "-n", "2", "--dist", "worksteal")


def pdf() -> None:
    python = env.project()
    env.run(python, "-m", "tools.browser")
    env.run(python, "-m", "tools.pdf")


def epub() -> None:
    env.run(env.project(), "-m", "tools.epub")


def zip_() -> None:
    python = env.project()
    if not (HTML / FINISHED).exists():
        book()
    env.run(python, "-m", "tools.zipped")


def release() -> None:
    env.run(env.project(), "-m", "tools.release")


def lock() -> None:
    from tools.lock import main

    main()


def stats() -> None:
    env.run(env.project(), "-m", "tools.stats")


def bench(*options: str) -> None:
    """The build in a clone of its own; then the figures with sliders of the built book, if there is one."""
    python = env.project()
    env.run(python, "-m", "tools.bench_build", *options)
    if (HTML / FINISHED).exists():
        env.run(python, "-m", "tools.bench")


def mutate(*options: str) -> None:
    env.run(env.project(), "-m", "tools.mutate", *options)


def lite(*options: str) -> None:
    from tools.lite import main

    main(*options)


def test_oldest() -> None:
    from tools.oldest import main

    main()


def fit() -> None:
    env.run(env.project(), "-m", "tools.fit")


COMMANDS = {
    "book": book,
    "check": check,
    "test": test,
    "format": format_,
    "serve": serve,
    "shelf": shelf,
    "test-weekly": test_weekly,
    "pdf": pdf,
    "epub": epub,
    "zip": zip_,
    "release": release,
    "lock": lock,
    "stats": stats,
    "bench": bench,
    "mutate": mutate,
    "fit": fit,
    "lite": lite,
    "test-oldest": test_oldest,
}

if __name__ == "__main__":
    console.speak()
    name, *rest = sys.argv[1:] or [""]
    if name not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[name](*rest)
