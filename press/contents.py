"""Whether the lists of pages agree: `python -m press.contents` tells in one list what must change when a page or a thread comes in or goes.

_toc.yml, book/threads.yml, the pages, their side files, the links and labels of other pages, book/excused.yml, receipts/, and the words
that say how many threads there are. Nothing is built for it.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath

from press import console, pages, yamls
from press.pages import PageError

LINK = re.compile(r"\]\(([^)\s#]+\.md)(?:#[^)]*)?\)")
#: Where a page gives a name to a place, and where another one leads there.
NAMED = re.compile(r"^\(([\w-]+)\)=$|^\s*:?(?:name|label): ([\w-]+)$", re.M)
LEADS = re.compile(r"\]\(#([\w-]+)\)|\{(?:ref|numref)\}`(?:[^`<]*<)?([\w-]+)>?`")
COUNTS = [
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
]
#: What is counted in words, one for each thread.
COUNTED = re.compile(
    rf"\b({'|'.join(COUNTS)}) (threads|pages|subjects|sentences|findings|conclusions)\b",
    re.I,
)


def faults(root: Path = pages.ROOT) -> list[str]:
    """A sentence for each place that does not agree with _toc.yml: file, line, what to do."""
    root = Path(root)
    listed = pages.contents(root)
    try:
        threads = pages.threads(root)
    except PageError as fault:
        return [str(fault)]
    names = {entry["thread"] for entry in threads}
    return [
        *_files(root, listed),
        *_threads(listed, threads),
        *_sides(root, listed),
        *_links(root, listed),
        *_labels(root, listed),
        *_named(root, listed),
        *_counts(
            root, listed, len({page.rpartition("/")[2] for page in listed} & names)
        ),
    ]


def _files(root: Path, listed: list[str]) -> Iterator[str]:
    there = {
        file.relative_to(root).with_suffix("").as_posix()
        for file in (root / "book").rglob("*.md")
    }
    for page in listed:
        if page not in there:
            yield f"_toc.yml: {page} has no file {page}.md; write it or take the line out."
    for page in sorted(there - set(listed)):
        yield f"{page}.md: _toc.yml does not name it, so it is not in the book; name it there or remove the file."


def _threads(listed: list[str], threads: list[dict]) -> Iterator[str]:
    known = {entry["thread"] for entry in threads}
    beside = {"index", "reflection", *pages.BESIDE}
    for entry in threads:
        if not any(f"book/{tier}/{entry['thread']}" in listed for tier in pages.TIERS):
            yield (
                f"book/threads.yml, {entry['n']}: no tier has a page {entry['thread']}; "
                "take the entry out and count the ones after it again."
            )
    for page in listed:
        tier, _, name = page.removeprefix("book/").partition("/")
        if tier in pages.TIERS and name not in known | beside:
            yield f"book/threads.yml: {page} is of no thread; it needs an entry."


def _sides(root: Path, listed: list[str]) -> Iterator[str]:
    for tier in pages.TIERS:
        for file in sorted((root / "book" / tier).glob("*.yml")):
            page = f"book/{tier}/{file.stem}"
            if page not in listed:
                yield f"{page}.yml: a side file without a page; remove it, its questions and its objectives."
                continue
            said = yamls.read(file.read_text(encoding="utf-8")) or {}
            for before in said.get("before") or []:
                if f"book/{before}" not in listed:
                    yield f"{page}.yml, before: {before} is not in _toc.yml; name another page or none."


def _lines(root: Path, listed: list[str], kinds=(".md", ".yml")):
    """(file, number, text) of each line of the pages that are listed and of their side files."""
    for page in listed:
        for kind in kinds:
            file = root / f"{page}{kind}"
            if file.exists():
                text = file.read_text(encoding="utf-8")
                for number, line in enumerate(text.splitlines(), 1):
                    yield f"{page}{kind}", number, line


def _links(root: Path, listed: list[str]) -> Iterator[str]:
    for file, number, line in _lines(root, listed):
        for target in LINK.findall(line):
            page = normpath(f"{Path(file).parent.as_posix()}/{target}")
            if page.removesuffix(".md") not in listed:
                yield f"{file}:{number}: leads to {page}, which is not in _toc.yml."


def _labels(root: Path, listed: list[str]) -> Iterator[str]:
    """Uses of a place that only a page beside _toc.yml names."""
    mine: set[str] = set()
    gone: dict[str, str] = {}
    for file in sorted((root / "book").rglob("*.md")):
        page = file.relative_to(root).with_suffix("").as_posix()
        names = {
            one or other
            for one, other in NAMED.findall(file.read_text(encoding="utf-8"))
        }
        if page in listed:
            mine |= names
        else:
            gone |= dict.fromkeys(names, page)
    for file, number, line in _lines(root, listed):
        for one, other in LEADS.findall(line):
            name = one or other
            if name in gone and name not in mine:
                yield f"{file}:{number}: leads to {name}, which stands in {gone[name]}.md, and that is not in _toc.yml."


def _named(root: Path, listed: list[str]) -> Iterator[str]:
    """Excuses and receipts of pages that are no more."""
    file = root / "book" / "excused.yml"
    if file.exists():
        for entry in yamls.read(file.read_text(encoding="utf-8")) or []:
            page = entry["page"]
            stem = page.removesuffix(".md").removesuffix(".yml")
            if stem.startswith("book/") and stem not in listed:
                yield f"book/excused.yml: excuses words of {page}, which is not in _toc.yml; take the entry out."
    for receipt in sorted((root / "receipts").rglob("*.csv")):
        name = receipt.relative_to(root / "receipts").with_suffix("").as_posix()
        folder, _, page = name.partition("/")
        stem = page.removesuffix(".md").removesuffix(".yml")
        tiers = folder in ("book", "teach") and stem.partition("/")[0] in pages.TIERS
        if tiers and f"book/{stem}" not in listed:
            yield f"receipts/{name}.csv: receipts of a page that is not in _toc.yml; remove the file."


def _counts(root: Path, listed: list[str], many: int) -> Iterator[str]:
    """Words that say how many threads there are: pages of the front, the tiers and their closing pages."""
    word = COUNTS[many - 2] if 2 <= many < len(COUNTS) + 2 else str(many)
    closing = [page for page in listed if re.search(r"/(index|reflection)$", page)]
    for file, number, line in _lines(root, closing, (".md",)):
        for found in COUNTED.finditer(line):
            said = COUNTS.index(found[1].lower()) + 2
            if said != many and said > 5:  # fewer are counted for other reasons
                yield f"{file}:{number}: says {found[0]!r}, and there are {word} threads."


def main() -> int:
    found = faults()
    if found:
        print(f"{len(found)} places do not agree with _toc.yml:")
        print("\n".join(f"  {each}" for each in found))
    return bool(found)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
