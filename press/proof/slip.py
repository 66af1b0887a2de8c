"""What a rule finds: a Slip."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """One fault of a page.

    rule: its name in RULES. words: what is written, as it stands. reason: a sentence on what the row, the figure or the
    other place says, and the nearest right thing.
    """

    file: str
    line: int
    rule: str
    words: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words!r}: {self.reason} ({self.rule})"


#: Handed pages (`book/academic/bone`), a rule gives their Slips.
Rule = Callable[[Sequence[str]], Iterator[Slip]]
