"""`python -m tools.mutate`: a seeded run, told on the screen and in _build/mutate.md; --keep: in tests/mutations.md."""

import argparse
import subprocess
import sys
import time
from datetime import date

from press import console
from tools import mutate
from tools.mutate import kinds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools mutate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--kind", choices=list(kinds.KINDS), metavar="NAME")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="write tests/mutations.md")
    told = parser.parse_args()
    start = time.monotonic()
    changes = kinds.plan(told.seed, told.count, mutate.ROOT, told.kind)
    if not changes:
        sys.exit("There is nothing of this kind in the book.")

    def say(done: int, each: mutate.Told) -> None:
        print(
            f"{time.monotonic() - start:>4.0f} s {done:>4} {each.column:<13} {each.change}",
            flush=True,
        )

    found = mutate.run(changes, told.processes, say)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=mutate.ROOT,
        capture_output=True,
        text=True,
    ).stdout.strip()
    minutes = (time.monotonic() - start) / 60
    head = f"Seed {told.seed}, commit {commit}, {date.today()}, {minutes:.0f} minutes on {told.processes} processes.\n{mutate.summary(found)}"
    text = f"# What the book notices\n\n{head}\n\n{mutate.table(found, kinds.GROUPS)}"
    out = mutate.ROOT / ("tests/mutations.md" if told.keep else "_build/mutate.md")
    out.parent.mkdir(exist_ok=True)
    out.write_text(text, encoding="utf-8", newline="\n")
    print(f"\n{text}\nWritten to {out}.")


if __name__ == "__main__":
    console.speak()
    main()
