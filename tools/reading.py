"""How hard a page is to read, and how it sounds.

python -m tools.reading          # Fundamentals: grade, rhythm, fullest paragraphs, turns of phrase that come back
"""

import re
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from press import console, myst, pages
from press.proof import text

TURN = 6  # words that make a turn of phrase
#: No sentences: where a figure comes from, and the outcome and level of a line of {how-sure}.
_LABEL = re.compile(rf"(?:Data|Source): |.*: (?:{'|'.join(pages.LEVELS)})\.$")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*")


def grade(page: myst.Page) -> float:
    """The Flesch-Kincaid grade of the sentences of a page: years of school that they ask for."""
    import textstat

    return textstat.flesch_kincaid_grade(page.prose)


@dataclass(frozen=True)
class Rhythm:
    """median: words of a sentence; short: the share of sentences under six words."""

    median: float
    short: float


def rhythm(page: str) -> Rhythm:
    """The rhythm of the running text of `book/fundamentals/bone`."""
    lengths = [
        len(sentence.text.replace(text.MARK, "").split())
        for block in text.blocks(page)
        if block.kind == "prose"
        for sentence in block.sentences()
        if not _LABEL.match(sentence.text)
    ]
    short = sum(length < 6 for length in lengths) / len(lengths)
    return Rhythm(statistics.median(lengths), short)


def fullest(page: str) -> list[tuple[int, int]]:
    """(numbers, line) of the paragraphs of a page, the fullest first; the 1,000 that others are out of is not counted."""
    found = [
        (len(_NUMBER.findall(re.sub(r"\b1,000\b", "", block.text))), block.line)
        for block in text.blocks(page)
        if block.kind == "prose"
    ]
    return sorted(found, reverse=True)


def turns(names: Iterable[str]) -> dict[str, set[str]]:
    """{six words in a row: the pages on which they stand}, of running text and explanations; what holds a number is left out."""
    found = defaultdict(set)
    for page in names:
        for block in text.blocks(page):
            if block.kind in ("prose", "why") and block.file.startswith("book/"):
                plain = block.text.lower().replace(text.MARK, " ")
                words = [word.strip(".,") for word in re.findall(r"[\w’',.]+", plain)]
                for start in range(len(words) - TURN + 1):
                    run = " ".join(words[start : start + TURN])
                    if not re.search(r"\d", run):
                        found[run].add(page)
    return dict(found)


def main() -> None:
    """Print the table."""
    names = [p for p in pages.contents() if p.startswith("book/fundamentals/")]
    print(f"{'page':<28} grade median short  fullest paragraphs (numbers, line)")
    for name in names:
        sound = rhythm(name)
        level = grade(myst.read(pages.ROOT / f"{name}.md", f"{name}.md"))
        full = ", ".join(f"{count} (line {line})" for count, line in fullest(name)[:3])
        print(
            f"{name[5:]:<28} {level:5.1f} {sound.median:6.1f} {sound.short:5.0%}  {full}"
        )
    for run, where in sorted(turns(names).items()):
        if len(where) > 2:
            print(f"on {len(where)} pages: {run}")


if __name__ == "__main__":
    console.speak()
    main()
