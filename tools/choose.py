"""`python -m tools.choose bone density fractures tissues`: a book of some of its threads, for a course that needs no more.

Takes the other threads out of _toc.yml, book/threads.yml, book/excused.yml and what is to be read before a page; removes
their pages, side files, receipts and files in teach/; makes words of the links that lead to them. What only somebody who reads
can do (the sentences that count the threads, and text that speaks of a page that is gone) it names: `python -m press.contents`.
For a fork: it changes files, so commit first. Git takes it back.
"""

import argparse
import re
import sys
from pathlib import Path

from press import console, contents, pages


def without(root: Path, keep: list[str]) -> dict[str, int]:
    """Take all threads but these out of the book at `root`; how many of each thing were changed. Raises PageError."""
    threads = [entry["thread"] for entry in pages.threads(root)]
    if unknown := [name for name in keep if name not in threads]:
        raise pages.PageError(
            f"{', '.join(unknown)}: no such thread; there are {', '.join(threads)}."
        )
    gone = [name for name in threads if name not in keep]
    any_gone = "|".join(gone)
    if not gone:
        return {}
    done = {"lines of _toc.yml": _drop(root / "_toc.yml", rf"/({any_gone})$")}
    files = [
        root / folder / f"{thread}{kind}"
        for thread in gone
        for tier in pages.TIERS
        for folder, kinds in (
            (f"book/{tier}", (".md", ".yml")),
            (f"teach/{tier}", (".yml",)),
            (f"receipts/book/{tier}", (".md.csv", ".yml.csv")),
            (f"receipts/teach/{tier}", (".yml.csv",)),
        )
        for kind in kinds
    ]
    there = [file for file in files if file.exists()]
    for file in there:
        file.unlink()
    done["files"] = len(there)
    done["threads"] = _entries(root / "book/threads.yml", keep)
    done["excuses"] = _excuses(root / "book/excused.yml", any_gone)
    done["links"] = sum(
        _links(file, any_gone)
        for file in sorted((root / "book").rglob("*"))
        if file.suffix in (".md", ".yml") and file.name != "threads.yml"
    )
    return done


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _drop(file: Path, pattern: str) -> int:
    """Drop the lines of a file in which a pattern is found; how many."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not re.search(pattern, line.rstrip("\n"))]
    _write(file, "".join(kept))
    return len(lines) - len(kept)


def _split(file: Path) -> list[str]:
    """What stands before the first entry of a list, then the entries."""
    return re.split(r"(?m)^(?=- )", file.read_text(encoding="utf-8"))


def _excuses(file: Path, gone: str) -> int:
    """Drop the excuses of pages that are gone; how many."""
    head, *entries = _split(file)
    page = rf"page: book/\w+/(?:{gone})\."
    kept = [e for e in entries if not re.search(page, e.partition("\n")[0])]
    _write(file, head + "".join(kept))
    return len(entries) - len(kept)


def _entries(file: Path, keep: list[str]) -> int:
    """Keep these threads and count them again; how many went."""
    head, *entries = _split(file)
    kept = [
        entry
        for entry in entries
        if (found := re.search(r"thread: *(\w+)", entry)) and found[1] in keep
    ]
    counted = [
        re.sub(r"\bn: *\d+", f"n: {count}", entry, count=1)
        for count, entry in enumerate(kept, 1)
    ]
    _write(file, head + "".join(counted))
    return len(entries) - len(kept)


def _links(file: Path, gone: str) -> int:
    """Make words of the links of a file that lead to threads that are gone, and drop them from `before:`; how many."""
    text = file.read_text(encoding="utf-8")
    target = rf"\]\((?:\.\./)?(?:\w+/)?(?:{gone})\.md(?:#[^)]*)?\)"
    changed, count = re.subn(rf"\[([^\]]*){target}", _words, text)

    def left(found: re.Match[str]) -> str:
        listed = [name.strip() for name in found[1].split(",")]
        kept = [n for n in listed if not re.search(rf"/(?:{gone})\b", n)]
        return f"before: [{', '.join(kept)}]"

    if file.suffix == ".yml":
        changed = re.sub(r"(?m)^before: \[(.*)\]", left, changed)
    if changed != text:
        _write(file, changed)
    return count


def _words(link: re.Match[str]) -> str:
    return link[1] or "another page"


def main(arguments: list[str] | None = None) -> int:
    """Change the book, say what was done and what is left; 1 if a thread is unknown, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.choose")
    parser.add_argument("threads", nargs="+", help="the threads to keep")
    told = parser.parse_args(arguments)
    try:
        done = without(pages.ROOT, told.threads)
    except pages.PageError as error:
        print(error)
        return 1
    print(", ".join(f"{count} {what}" for what, count in done.items()) or "All kept.")
    left = contents.faults()
    print(f"{len(left)} places are for you to mend (python -m press.contents):")
    print("\n".join(f"  {each}" for each in left))
    return 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
