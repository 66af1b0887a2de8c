"""Words looked up in parts: which words stand where, cut into scripts of which a browser loads those that it is asked for.

    reading = Reading(search.words(root))    # how words are read, as static/search/words.js reads them in the browser
    found = places([[reading.fold(word) for word in split("A first text.")], …])
    parts = cut(sorted lines of an index)

The search of the book (press/sphinx/search.py) and the table to ask (press/sphinx/ask.py) are both made of it. A part is a script and no
data that is fetched: so it works in a book opened from disk. Nothing here needs Sphinx.
"""

import hashlib
import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

#: A number with its commas and points, or a run of letters, their marks and digits. "_" is no letter; `split` takes it out.
_WORDS = re.compile(
    "[0-9]+(?:[.,][0-9]+)*|[\\w\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_ES = re.compile(r"(?:s|x|ch|sh)es$")
_S = re.compile(r"[^siu]s$")
#: Characters of a part: some five kilobytes on their way to a reader.
SIZE = 12_000


def split(text: str) -> list[str]:
    """The words of a text as they are written."""
    return _WORDS.findall(text.replace("_", " "))


class Reading:
    """How words are compared: one spelling, small letters, no plural. says: what press.sphinx.search.words returns."""

    def __init__(self, says: Mapping[str, Any]):
        #: A word as it is compared, each worked out once.
        self.fold = cache(self._fold)
        self.rules = [
            (re.compile(pattern), re.sub(r"\$(\d)", r"\\g<\1>", by))
            for pattern, by in says["spellings"]
        ]
        # Most words are spelled in one way only, which one look tells.
        self.other = re.compile(
            "|".join(f"(?:{rule.pattern})" for rule, _ in self.rules)
        )
        self.means = {
            self.phrase(said): [self.phrase(each) for each in meant]
            for said, meant in says["says"].items()
        }

    def _fold(self, word: str) -> str:
        if word[0] in "0123456789":
            if _THOUSANDS.fullmatch(word):
                return word.replace(",", "")
            return word.replace(",", ".", 1)
        text = word.lower()
        if not word.isascii():
            text = unicodedata.normalize("NFKD", word)
            text = "".join(c for c in text if unicodedata.category(c)[0] != "M")
            text = text.lower()
        if self.rules and self.other.search(text):
            for pattern, by in self.rules:
                text = pattern.sub(by, text)
        if len(text) > 4 and _ES.search(text):
            return text[:-2]
        if len(text) > 3 and _S.search(text):
            return text[:-1]
        return text

    def phrase(self, text: str) -> str:
        """A text as its words are compared, with a blank between them."""
        return " ".join(map(self.fold, split(text)))


def places(texts: Iterable[Sequence[str]]) -> dict[str, str]:
    """Where each word of the texts stands: {word: "3 0 14,1 2"}, the third text with the word at its places 0 and 14, the next at 2.

    texts: of each its words as they are compared. The numbers of texts and of places are each told as the distance to the one before.
    """
    found: dict[
        str, list[Any]
    ] = {}  # the last text, the last place in it, what is told
    for number, words in enumerate(texts):
        for place, word in enumerate(words):
            known = found.get(word)
            if known is None:
                found[word] = [number, place, f"{number} {place}"]
                continue
            if known[0] == number:
                known.append(f" {place - known[1]}")
            else:
                known.append(f",{number - known[0]} {place}")
                known[0] = number
            known[1] = place
    return {word: "".join(known[2:]) for word, known in found.items() if word}


def numbers(increasing: Iterable[int]) -> str:
    """Numbers as `places` tells those of texts, without a place: "3,1,2" for 3, 4, 6."""
    gaps, last = [], 0
    for number in increasing:
        gaps.append(str(number - last))
        last = number
    return ",".join(gaps)


def cut(lines: Iterable[Sequence[str]], size: int = SIZE) -> list[list[Sequence[str]]]:
    """The lines in parts, none longer than `size` characters but those of one line."""
    parts: list[list[Sequence[str]]] = []
    left = 0
    for line in lines:
        long = sum(map(len, line)) + 3 * len(line)  # with quotation marks and commas
        if long > left or not parts:
            parts.append([])
            left = size
        parts[-1].append(line)
        left -= long
    return parts


def firsts(parts: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """The word that each part of an index begins with."""
    return [part[0][0] for part in parts]


def dumped(what: Any) -> str:
    """As a script has it: JSON in which nothing ends a line."""
    text = json.dumps(what, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", " ").replace("\u2029", " ")


def written(folder: Path, parts: Mapping[str, Any]) -> str:
    """Write each part as folder/<name>.js, and nothing else into the folder; returns their common mark.

    A part stands in the browser under its name and the mark: one of another build is then missed and not read.
    """
    texts = {name: dumped(part) for name, part in parts.items()}
    mark = hashlib.sha256("\n".join(texts.values()).encode()).hexdigest()[:8]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in texts.items():
        script = f'(window.bbParts ??= {{}})["{name}?v={mark}"] = {text};\n'
        (folder / f"{name}.js").write_text(script, encoding="utf-8")
    return mark
