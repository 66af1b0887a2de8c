"""A drug named in a sentence is that of its facts.

    drug of a fact      the drug of a fact's row is named in its sentence or, where that names none, in the one before
    drug beside a fact  in a sentence with several drugs, the one next to a number is that of its row
    drug named          a drug is one that the facts, citations and trials of its sentence or paragraph are about
    drug twice          no drug is set beside itself

What a study is about is known from its rows, its title and what the tables say of it in words.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bonebook import tables

from . import cited
from .slip import Rule, Slip
from .text import Block, Placed, blocks

#: Kinds of drugs (drugs.csv) whose names are told apart. "Estrogen" is a hormone of everybody's, so it names no arm.
_KINDS = {
    "SERM",
    "bisphosphonate",
    "RANKL antibody",
    "sclerostin antibody",
    "anabolic",
    "aromatase inhibitor",
    "GnRH agonist",
}
#: Words for several drugs, in the text and as the drug of a row.
_CLASSES = {
    "inhibitor": "aromatase-inhibitors",
    "bisphosphonate": "bisphosphonate",
}
#: What the pages call a drug beside its name.
_CALLED = {"drip": "zoledronic-acid"}
_TRIALS = ("trial", "observational")
_MANY = {"serm-class": "SERM", "bone-drugs": ""}
#: A sentence that turns to other people, so that the drug before it says nothing.
_TURN = re.compile(r"\b(?:trial|study|studies|review|overview|cohort|report)s?\b")
#: Columns that tell of the whole study, whatever the arm of the row.
_PEOPLE = ("n", "n_total", "months")
#: What parts a number from a drug, and what makes the drug after it a yardstick.
_PART = re.compile(r"[,;:(]")
_YARDSTICK = re.compile(r"\b(?:level with|like|unlike|than|as|against) $")
_SHORT = {"-tam-": "tamoxifen", "-ana": "anastrozole", "-zol": "zoledronic-acid"}


@lru_cache(maxsize=1)
def _drugs() -> dict[str, str]:
    """{name: id} of the single drugs."""
    names = {
        row["name"].split(" (")[0].lower(): row["id"]
        for row in tables.rows("drugs")
        if row["kind"] in _KINDS and row["id"] not in {*_CLASSES.values(), *_MANY}
    }
    return names | _CALLED


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names = sorted([*_drugs(), *_CLASSES], key=len, reverse=True)
    either = "|".join(map(re.escape, names))
    return re.compile(rf"(?:\bhydroxy|\b)({either})(?=s?\b)", re.IGNORECASE)


@lru_cache(maxsize=16384)
def marks(text: str) -> tuple[tuple[int, frozenset[str]], ...]:
    """Where a text names drugs, and which: one, or those of a class. Kept: each rule here reads the same sentences."""
    found = []
    for match in _pattern().finditer(text):
        name = match[1].lower()
        among = of_name(_CLASSES[name]) if name in _CLASSES else {_drugs()[name]}
        found.append((match.start(), frozenset(among)))
    return tuple(found)


def named(text: str) -> set[str]:
    """The drugs that a text names, a class as its drugs."""
    return {drug for _, among in marks(text) for drug in among}


@lru_cache(maxsize=256)
def of_name(id: str) -> frozenset[str]:
    """The single drugs behind the drug of a row: of a class, of a pair, or itself."""
    kinds = {row["id"]: row["kind"] for row in tables.rows("drugs")}
    singles = set(_drugs().values())
    if id in _MANY:
        kind = _MANY[id]
        return frozenset(drug for drug in singles if kind in ("", kinds[drug]))
    if id in _CLASSES.values():
        return frozenset(drug for drug in singles if kinds[drug] == kinds[id])
    parts = {drug for drug in singles if drug in id}
    if id not in singles:
        parts |= {drug for short, drug in _SHORT.items() if short in f"{id}-"}
    return frozenset(parts)


@lru_cache(maxsize=2048)
def of_fact(target: str) -> tuple[frozenset[str], frozenset[str]]:
    """The drugs that the row of a fact is about, and those with its comparator and its population.

    A row without a drug, or an arm without one, is about the drugs of its study.
    """
    fact = cited.fact(target)
    if not fact:
        return frozenset(), frozenset()
    row = fact.row
    if fact.table == "derived":
        behind = [of_fact(each.id) for each in fact.inputs()]
        told = named(row["label"])
        return (
            frozenset(told.union(*(main for main, _ in behind))),
            frozenset(told.union(*(wide for _, wide in behind))),
        )
    told_by = ("ligand", "exercise", "regimen")
    subject = " ".join(row.get(column) or "" for column in told_by)
    if fact.column in _PEOPLE:
        whole = frozenset().union(*map(of_study, fact.studies()))
        return whole, whole
    main = {*of_name(row.get("drug") or ""), *named(f"{subject} {_spaced(fact.id)}")}
    others = " ".join(row.get(column) or "" for column in ("population", "quantity"))
    wide = main | of_name(row.get("comparator") or "") | named(others)
    if not main:
        wide = wide.union(*(of_study(study) for study in fact.studies()))
        if row.get("drug") in ("placebo", "none", None, ""):
            main = wide
    return frozenset(main), frozenset(wide)


def _spaced(id: str) -> str:
    return id.replace("-", " ")


@lru_cache(maxsize=1)
def _of_rows() -> dict[str, set[str]]:
    """{study: the drugs of its rows}."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in tables.tables():
        for row in tables.rows(name):
            among = of_name(row.get("drug") or "") | of_name(
                row.get("comparator") or ""
            )
            further = (row.get("further_studies") or "").split()
            for study in [row.get("study"), *further] if among else ():
                found[study or ""] |= among
    return found


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {row["id"]: row["kind"] for row in tables.rows("studies")}


@lru_cache(maxsize=512)
def of_study(study: str) -> frozenset[str]:
    """The drugs that a study is about: those of its rows; of a review also those that its title and the tables name."""
    found = set(_of_rows().get(study, ()))
    # a review, a drawing of a receptor: what is said of it is all that tells its drugs
    if not found or _kinds().get(study) not in _TRIALS:
        found |= named(cited.library().words.get(study, ""))
    if not found:
        own = cited.trials_of().get(study, frozenset())
        for other, names in cited.trials_of().items():
            if names & own and other != study:
                found |= named(cited.library().words.get(other, ""))
    return frozenset(found)


def of_a_fact(of: Sequence[str]) -> Iterator[Slip]:
    """The drug of a fact's row is named in its sentence or, where that names none, in the one before."""
    for page in of:
        for block in blocks(page):
            last: set[str] = set()
            for sentence in block.sentences():
                here = named(sentence.text)
                turned = cited.named(sentence.text) or _TURN.search(sentence.text)
                last = here or (set() if turned else last)
                for placed in sentence.named("fact") if last else ():
                    main, _ = of_fact(placed.role.target)
                    if main and not main & last:
                        where = "the sentence" if here else "the one before"
                        why = (
                            f"{where} is about {_list(last)}, and "
                            f"{placed.role.target} is of {_list(main)}."
                        )
                        yield _slip(sentence, "drug of a fact", placed, why)


def beside_a_fact(of: Sequence[str]) -> Iterator[Slip]:
    """In a sentence with several drugs, one that stands next to a number of one arm is that of its row."""
    for sentence in _sentences(of):
        places, told = marks(sentence.text), sentence.named("fact")
        if len({drug for _, among in places for drug in among}) < 2:
            continue
        for count, placed in enumerate(told):
            main, wide = of_fact(placed.role.target)
            if not main or ":" in placed.role.target:
                continue
            start = told[count - 1].end if count else 0
            parts = _PART.finditer(sentence.text, start, placed.start)
            start = max((part.end() for part in parts), default=start)
            end = told[count + 1].start if count + 1 < len(told) else None
            end = len(sentence.text) if end is None else end
            part = _PART.search(sentence.text, placed.end, end)
            end = part.start() if part else end
            near = {
                drug
                for at, among in places
                if start <= at < end and not _YARDSTICK.search(sentence.text[:at])
                for drug in among
            }
            if near and not near & main:
                why = (
                    f"next to it stands {_list(near)}, and "
                    f"{placed.role.target} is of {_list(main)}."
                )
                yield _slip(sentence, "drug beside a fact", placed, why)


def are_named(of: Sequence[str]) -> Iterator[Slip]:
    """A drug is one that the facts, the citations or the trials of its sentence are about.

    Where the sentence has none of them, those of its paragraph: a SERM is not named where they are about other SERMs.
    """
    for page in of:
        found = blocks(page)
        captions = {each.label: each for each in found if each.kind == "caption"}
        for block in found:
            figure = captions.get(block.label) if block.kind == "alt" else None
            around = _about(figure or block)
            for sentence in block.sentences():
                places = [place for place in marks(sentence.text) if len(place[1]) == 1]
                told = bool(sentence.named("fact", "cite"))
                about = _about(sentence)
                # a sentence that sets a trial beside other drugs is about the trial's as well
                if not told and any(among & about for _, among in places):
                    continue
                for at, among in places:
                    if among & about:
                        continue
                    if about:
                        why = f"the numbers, citations and trials of the sentence are about {_list(about)}."
                    elif sentence.named("cite"):
                        cites = ", ".join(cited.keys(sentence))
                        why = f"nothing that the tables say of {cites} names it."
                    elif among <= _serms() and around & _serms() and not among & around:
                        why = f"the numbers, citations and trials of the paragraph are about {_list(around)}."
                    else:
                        continue
                    name = _pattern().match(sentence.text, at)
                    words = name[0] if name else ""
                    yield Slip(sentence.file, sentence.line, "drug named", words, why)


def _about(block: Block) -> set[str]:
    """The drugs that the facts, the citations and the trials of a block are about."""
    found = {d for p in block.named("fact") for d in of_fact(p.role.target)[1]}
    found = found.union(*map(of_study, cited.keys(block)))
    return found.union(*map(_of_trial, cited.named(block.text)))


@lru_cache(maxsize=128)
def _of_trial(name: str) -> frozenset[str]:
    """The drugs of the studies that belong to a trial."""
    reports = [id for id, names in cited.trials_of().items() if name in names]
    return frozenset().union(*map(of_study, reports))


@lru_cache(maxsize=1)
def _serms() -> frozenset[str]:
    return of_name("serm-class")


def twice(of: Sequence[str]) -> Iterator[Slip]:
    """No drug is set beside itself: "tamoxifen and tamoxifen", "raloxifene, but not raloxifene"."""
    for sentence in _sentences(of):
        for match in _twice().finditer(sentence.text):
            why = "a drug stands beside itself; one of the two is another."
            yield Slip(sentence.file, sentence.line, "drug twice", match[0], why)


@lru_cache(maxsize=1)
def _twice() -> re.Pattern[str]:
    name = "|".join(map(re.escape, _drugs()))
    join = r"(?:and|or|with|against|than|to|versus|but|not|instead|of|both|either|like|unlike|beside)"
    return re.compile(rf"\b({name})\b,?\s+(?:{join}\s+){{1,3}}\1\b", re.IGNORECASE)


def _sentences(of: Sequence[str]) -> Iterator[Block]:
    for page in of:
        for block in blocks(page):
            yield from block.sentences()


def _list(drugs: set[str] | frozenset[str]) -> str:
    return " or ".join(sorted(drugs)) or "no drug"


def _slip(sentence: Block, rule: str, placed: Placed, why: str) -> Slip:
    words = sentence.text[placed.start : placed.end]
    return Slip(sentence.file, sentence.line, rule, words, why)


RULES: dict[str, Rule] = {
    "drug of a fact": of_a_fact,
    "drug beside a fact": beside_a_fact,
    "drug named": are_named,
    "drug twice": twice,
}
