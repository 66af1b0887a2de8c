"""Ask Crossref about every DOI of the book: `python -m tools.retractions` (needs the network; the weekly workflow runs it).

Crossref's record of a paper names what has updated it (`updated-by`): retractions, expressions of concern, corrections, among them those of
the Retraction Watch database. What is new is printed as a list, worst first, and the end is 1. What somebody has read and dealt
with stands in book/notices.yml and is not told again. A DOI that Crossref does not know is a slip, or is registered elsewhere.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pybtex.database import parse_file

from bonebook import tables
from press import console, yamls
from press.pages import ROOT

API = "https://api.crossref.org/works/"
AGENT = "bonebook (weekly check of its own sources)"
#: Worst first; any other kind of update comes after these.
KINDS = (
    *("retraction", "partial_retraction", "removal", "withdrawal"),
    *("expression_of_concern", "corrigendum", "erratum", "correction"),
)
#: Between two questions, in seconds, and before one is asked again.
PAUSE, AGAIN = 0.2, 20


@dataclass(frozen=True)
class Notice:
    """One update of one paper: `kind` is Crossref's word, `notice` the DOI of what announces it, `source` who told Crossref."""

    doi: str
    kind: str
    notice: str
    day: str
    source: str
    studies: tuple[str, ...]

    def __str__(self) -> str:
        kind = self.kind.replace("_", " ")
        where = ", ".join(self.studies)
        return (
            f"- **{kind}** of <https://doi.org/{self.doi}> ({where}), {self.day or 'no day'}: "
            f"<https://doi.org/{self.notice}> (told by {self.source or 'Crossref'})"
        )


def dois(root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """{DOI in small letters: the studies and entries that have it}, of data/studies.csv and book/references.bib."""
    found: dict[str, dict[str, None]] = {}
    for row in tables.rows("studies"):
        if row["doi"]:
            found.setdefault(row["doi"].lower(), {})[row["id"]] = None
    entries = parse_file(str(root / "book" / "references.bib"), bib_format="bibtex")
    for key, entry in entries.entries.items():
        if doi := entry.fields.get("doi"):
            found.setdefault(doi.lower(), {})[key] = None
    return {doi: tuple(found[doi]) for doi in sorted(found)}


def ask(doi: str) -> dict | None:
    """What Crossref holds of a DOI; None if it does not know it. Waits and asks again when Crossref is busy."""
    request = urllib.request.Request(
        API + quote(doi, safe=""), headers={"User-Agent": AGENT}
    )
    for turn in range(4):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                time.sleep(PAUSE)
                return json.load(answer)["message"]
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            if error.code not in (429, 500, 502, 503, 504) or turn == 3:
                raise
        except urllib.error.URLError:
            if turn == 3:
                raise
        time.sleep(AGAIN * (turn + 1))
    raise AssertionError("not reached")


def notices(doi: str, work: dict, studies: tuple[str, ...]) -> Iterator[Notice]:
    """What has updated a paper, each notice once, whoever told of it."""
    seen = set()
    for update in work.get("updated-by", []):
        kind = str(update.get("type", "update")).lower()
        notice = str(update.get("DOI", "")).lower()
        if notice == doi or (kind, notice) in seen:
            continue  # a paper that is its own correction is the corrected one
        seen.add((kind, notice))
        parts = (update.get("updated") or {}).get("date-parts") or [[]]
        day = "-".join(f"{part:02}" for part in parts[0] if part)
        yield Notice(doi, kind, notice, day, update.get("source", ""), studies)
    title = " ".join(work.get("title") or [])
    if title.upper().startswith(("RETRACTED", "WITHDRAWN")) and not seen:
        yield Notice(doi, "retraction", doi, "", "the title itself", studies)


def known(root: Path = ROOT) -> set[tuple[str, str]]:
    """(DOI, DOI of the notice) of what book/notices.yml says was read and dealt with."""
    file = root / "book" / "notices.yml"
    found = yamls.read(file.read_text(encoding="utf-8")) if file.exists() else []
    return {(each["doi"].lower(), each["notice"].lower()) for each in found or []}


def worst_first(notice: Notice) -> tuple[int, str]:
    """The order of a list of notices."""
    at = KINDS.index(notice.kind) if notice.kind in KINDS else len(KINDS)
    return at, notice.doi


def report(
    papers: dict[str, tuple[str, ...]],
    dealt: set[tuple[str, str]],
    asks: Callable[[str], dict | None] = ask,
) -> str:
    """What is new, as Markdown; empty if nothing is."""
    found, unknown, silent = [], [], []
    for doi, studies in papers.items():
        try:
            work = asks(doi)
        except (urllib.error.URLError, TimeoutError, ValueError) as error:
            silent.append(f"- <https://doi.org/{doi}> ({', '.join(studies)}): {error}")
            continue
        if work is None:
            unknown.append(f"- <https://doi.org/{doi}> ({', '.join(studies)})")
        else:
            found += [
                each
                for each in notices(doi, work, studies)
                if (doi, each.notice) not in dealt
            ]
    parts = [
        ("Updates of papers that the book rests on", sorted(found, key=worst_first)),
        ("DOIs that Crossref does not know", unknown),
        ("DOIs that Crossref did not answer for", silent),
    ]
    text = "\n\n".join(
        f"## {head}\n\n" + "\n".join(map(str, items)) for head, items in parts if items
    )
    if not text:
        return ""
    return (
        f"{len(papers)} DOIs were looked up. Read each notice, correct the rows and pages that rest on the paper, and write the "
        f"pair into `book/notices.yml` with what it came to.\n\n{text}\n"
    )


def main() -> int:
    text = report(dois(), known())
    print(text or "No paper of the book has a new retraction or correction.")
    return bool(text)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
