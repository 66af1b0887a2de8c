"""What the book notices when somebody gets something wrong: `python -m tools mutate [--seed N] [--count N] [--kind NAME]`.

    kinds.py   the kinds of change, each a small function          words.py   slips of the pen
    asks.py    who is asked, and what a reader sees                zones.py   where things stand in a file
    of_teach.py the same of what is taught
    worker.py  one process of a run, in a copy of the repository

A run makes single changes with a seed, in copies of the repository, asks of each whether anybody notices, and tells it by
kind: by meaning (somebody knows what the row, the figure or the explanation says), by seal only (a receipt is broken, and a
person has to read again), escaped (a reader sees it and nobody notices), no change (nothing that a page shows differs).
"""

import csv
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MEANING, SEAL, ESCAPED, NONE = COLUMNS = ("by meaning", "by seal only", "escaped", "no change")  # fmt: skip
#: Those that know that something changed, and not what it says.
SEALS = ("sliders as seen", "receipts of rows", "receipts of passages")


@dataclass(frozen=True)
class Told:
    """A change and what came of it: who noticed, with the first words of each; whether a reader sees it."""

    change: object
    noticed: dict[str, str]
    shown: bool

    @property
    def column(self) -> str:
        """Where it counts."""
        if set(self.noticed) - set(SEALS):
            return MEANING
        if self.noticed:
            return SEAL
        return ESCAPED if self.shown else NONE


@contextmanager
def copy(root: Path = ROOT) -> Iterator[Path]:
    """A folder with the files of the repository as they stand, those that git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        for name in filter(None, listed.split("\0")):
            if (root / name).is_file():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, path)
        yield Path(folder)


def run(
    changes: Sequence, processes: int = 2, say=None, only: Sequence[str] = ()
) -> list[Told]:
    """Ask the book of each change. Stops with a sentence where there is no os.fork (Windows).

    say: called with the number done and what was told. only: for each change, the asker who alone is asked.
    """
    if not hasattr(os, "fork"):
        sys.exit("make mutate needs os.fork, which Linux and macOS have and Windows has not.")  # fmt: skip
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    for place in range(len(changes)):
        waiting.put(place)
    told: dict[int, Told] = {}
    faults: list[BaseException] = []

    def work(worker: Worker) -> None:
        try:
            while True:
                place = waiting.get_nowait()
                told[place] = worker.asked(changes[place], only[place : place + 1])
                if say:
                    say(len(told), told[place])
        except queue.Empty:
            pass
        except BaseException as fault:
            faults.append(fault)

    with ExitStack() as stack:
        folders = [stack.enter_context(copy()) for _ in range(processes)]
        workers = stack.enter_context(_workers(folders))
        threads = [threading.Thread(target=work, args=[each]) for each in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]
    return [told[place] for place in range(len(changes))]


class Worker:
    """A process that asks in a folder of its own, and the way to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        cases, questions = os.pipe()
        answers, told = os.pipe()
        self.ends = cases, told  # the process takes them over
        self.questions = os.fdopen(questions, "w", encoding="utf-8")
        self.answers = os.fdopen(answers, encoding="utf-8")

    def asked(self, change, only: Sequence[str]) -> Told:
        """What comes of a change."""
        before = (self.folder / change.file).read_text(encoding="utf-8")
        case = {"file": change.file, "before": before, "after": change.text}
        self.questions.write(json.dumps({**case, "only": list(only)}) + "\n")
        self.questions.flush()
        answer = self.answers.readline()
        if not answer:
            raise RuntimeError(f"the process that asks ended at {change}")
        return Told(change, **json.loads(answer))


@contextmanager
def _workers(folders: Sequence[Path]) -> Iterator[list[Worker]]:
    """A worker for each folder, forked from one process, which reads the libraries for all."""
    workers = [Worker(folder) for folder in folders]
    ends = [end for worker in workers for end in worker.ends]
    words = [word for w in workers for word in (w.folder, *w.ends)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.mutate.worker", *map(str, words)],
        cwd=folders[0],
        pass_fds=ends,
        env={
            **os.environ,
            "PYTHONPATH": str(folders[0] / "tools" / "offline"),
            "MPLBACKEND": "agg",
            "OMP_NUM_THREADS": "1",
            # a module that is compiled a second ago would hide a change of the same length
            "PYTHONDONTWRITEBYTECODE": "1",
        },  # fmt: skip
    )
    for end in ends:
        os.close(end)
    try:
        yield workers
    finally:
        for worker in workers:
            worker.questions.close()
            worker.answers.close()
        process.wait()


def first() -> dict[str, Counter]:
    """What came of each kind in the first run, on 29 November 2026, before most of the rules were there: 582 changes."""
    with (Path(__file__).parent / "first.csv").open(encoding="utf-8") as file:
        return {
            row.pop("kind"): Counter({key: int(n) for key, n in row.items()})
            for row in csv.DictReader(file)
        }


def table(told: Sequence[Told], groups: dict[str, dict]) -> str:
    """What came of the changes, by kind, as Markdown; then who noticed, and what escaped.

    The last column has how many were noticed in the first run, of those that it made; it made none of what is taught.
    """
    parts, before = [], first()
    for group, kinds in groups.items():
        rows, total, then = [], Counter(), Counter()
        for kind in kinds:
            count = Counter(each.column for each in told if each.change.kind == kind)
            if count:
                total += count
                then += before.get(kind, Counter())
                rows.append(_row(kind, count, before.get(kind, Counter())))
        if rows:
            head = f"## {group}\n\n| kind | {' | '.join(COLUMNS)} | first run |\n|---|{'---|' * 5}"  # fmt: skip
            parts.append("\n".join([head, *rows, _row("**all**", total, then)]))
    askers = Counter(who for each in told for who in each.noticed)
    lines = [f"| {who} | {count} |" for who, count in askers.most_common()]
    parts.append(
        "\n".join(["## Who noticed first\n\n| who | changes |\n|---|---|", *lines])
    )
    escaped = [f"- {each.change}" for each in told if each.column == ESCAPED]
    parts.append("\n".join(["## What escaped\n", *(escaped or ["Nothing."])]))
    return "\n\n".join(parts) + "\n"


def _row(name: str, count: Counter, then: Counter) -> str:
    cells = " | ".join(str(count[column]) for column in COLUMNS)
    first_run = f"{then['noticed']} of {then.total()}" if then else "not made"
    return f"| {name} | {cells} | {first_run} |"


def summary(told: Sequence[Told]) -> str:
    """The four counts in a sentence."""
    count = Counter(each.column for each in told)
    return (
        f"Of {len(told)} changes {count[MEANING]} were noticed by meaning and {count[SEAL]} by a seal only; "
        f"{count[ESCAPED]} escaped; {count[NONE]} change nothing that a page shows."
    )
