"""Reads the pages as a proofreader with the tables at hand: `python -m press.proof [PAGE ...] [--rule NAME]`.

    text.py        what a reader meets in words, block by block, with the roles where they stand
    slip.py        what a rule finds
    directions.py  direction words near a fact agree with its sign
    numerals.py    numbers in words, and half, twice, a third, are tied to a row or said to be given
    spans.py       doses, years, ages, spans of time and denominators are those of the tables
    drugs.py       a drug named in a sentence is that of its facts
    cited.py       the study of a fact is cited in its section; no {given} stands beside a citation
    drawn.py       captions and alt texts against the rows and tables that the cell asks for
    asked.py       questions: the right answer, the words of the options and what the explanations say
    answers.py     number questions of teach/: their rows, their unit, and what the written numbers make
    taught.py      each objective is tested, and one question in three asks for a calculation or for reading a figure
    terms.py       cards of the glossary
    drawings.py    labels, numbers and arrows of figures/*.svg against the tables and their descriptions
    turned.py      figures with sliders: ids, colors and presets against the rows

Each rule is a function of the pages that gives Slips. A writer who is right and is stopped says so in book/excused.yml:
page, rule, the words that were stopped, and why. An excuse that excuses nothing is a slip too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bonebook import tables
from press import pages, yamls

from . import (
    answers,
    asked,
    cited,
    directions,
    drawings,
    drawn,
    drugs,
    numerals,
    spans,
    taught,
    terms,
    turned,
)
from .slip import Rule, Slip

__all__ = ["EXCUSES", "RULES", "Slip", "excuses", "of_teach", "slips"]

EXCUSES = "book/excused.yml"
#: The rules that also read what is taught: stations, cases and assignments; and those that read assignments, which cite.
OF_TEACH = (
    *("direction words", "numbers in words", "doses", "years", "spans"),
    *("denominators", "drug of a fact", "drug beside a fact", "drug named"),
    *("drug twice",),
)
OF_ASSIGNMENTS = ("study of a fact", "study named", "outcome of a fact")


#: The name of a rule, and the function that gives its Slips on the pages it is handed (`book/academic/bone`).
RULES: dict[str, Rule] = {
    **directions.RULES,
    **numerals.RULES,
    **spans.RULES,
    **drugs.RULES,
    **cited.RULES,
    **drawn.RULES,
    **asked.RULES,
    **answers.RULES,
    **taught.RULES,
    **terms.RULES,
    **drawings.RULES,
    **turned.RULES,
}


@dataclass(frozen=True)
class Excuse:
    """One entry of book/excused.yml: it excuses a slip of this rule in this file whose words hold these."""

    page: str
    rule: str
    words: str
    because: str

    def covers(self, slip: Slip) -> bool:
        """Whether the slip is the one that it excuses."""
        return (
            slip.rule == self.rule
            and slip.file == self.page
            and self.words in slip.words
        )


def excuses(root: Path = pages.ROOT) -> list[Excuse]:
    """The entries of book/excused.yml. Raises pages.PageError, in sentences, if one cannot be read."""
    path = root / EXCUSES
    if not path.exists():
        return []
    found, faults = [], []
    entries: Any = yamls.read(path.read_text(encoding="utf-8")) or []
    for place, entry in enumerate(entries, 1):
        fields = entry if isinstance(entry, dict) else {}
        said = {name: str(fields.get(name, "")).strip() for name in _FIELDS}
        if set(fields) != set(_FIELDS) or not all(said.values()):
            faults.append(f"{EXCUSES}, entry {place}: it needs {', '.join(_FIELDS)}.")
        elif said["rule"] not in RULES:
            rules = ", ".join(RULES)
            faults.append(
                f"{EXCUSES}, entry {place}: no rule {said['rule']!r}; the rules are {rules}."
            )
        else:
            found.append(Excuse(**said))
    if faults:
        raise pages.PageError("\n".join(faults))
    return found


_FIELDS = ("page", "rule", "words", "because")


def _reads(rule: str, page: str) -> bool:
    """Whether a rule reads a page: all do, but of teach/ only some."""
    assignment = page.startswith("teach/assignments/") and rule in OF_ASSIGNMENTS
    return not page.startswith("teach/") or rule in OF_TEACH or assignment


def of_teach(root: Path = pages.ROOT) -> list[str]:
    """What the rules read in teach/ beside the files of pages: `teach/stations`, `teach/assignments/academic-forest`."""
    listed = [root / "teach" / f"{name}.yml" for name in ("stations", "cases")]
    listed += sorted((root / "teach" / "assignments").glob("*-*.md"))
    listed.append(root / "teach" / "assignments" / "appraisal.md")
    return [
        path.relative_to(root).with_suffix("").as_posix()
        for path in listed
        if path.exists()
    ]


@tables.held()
def slips(
    of: Iterable[str] | None = None, rules: Sequence[str] | None = None
) -> list[Slip]:
    """What the rules find, without what is excused.

    of: pages (`book/academic/bone`, `teach/stations`), all of the book when left out; rules: names, all when left out.
    """
    asked = [*pages.contents(), *of_teach()] if of is None else list(of)
    kept, excused = [], excuses()
    used: set[Excuse] = set()
    for name, rule in RULES.items():
        if rules and name not in rules:
            continue
        for slip in rule([page for page in asked if _reads(name, page)]):
            over = [excuse for excuse in excused if excuse.covers(slip)]
            used.update(over)
            if not over:
                kept.append(slip)
    if of is None:
        for excuse in excused:
            if excuse not in used and (not rules or excuse.rule in rules):
                why = (
                    f"nothing of {excuse.page} needs this excuse any more; take it out."
                )
                kept.append(Slip(EXCUSES, 1, excuse.rule, excuse.words, why))
    return kept
