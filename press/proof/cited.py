"""The study of a fact is cited in its section; no {given} stands beside a citation.

    study of a fact         one of the studies behind a number is cited in the same section (of a side file: on the page)
    study named             a trial that a sentence names is that of its facts
    outcome of a fact       what a sentence tells of (hip, clot, stroke) is the site or the outcome of its facts' rows
    given beside a study    no {given} in a paragraph that tells what studies found, unless a row has it in words
    citation and sentence   what is cited behind a sentence is behind its facts, or fits its words

What a row or an entry of the bibliography says in words is all that is known of a study; see `Library`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from bonebook import tables
from press import facts, pages
from press.check import bibliography

from .slip import Rule, Slip
from .text import MARK, Block, Placed, blocks

#: A trial's name: RUTH, IBIS-II, WHI-OS, P-1.
_TRIAL = re.compile(r"(?<![\w-])(?:[A-Z]{3,}\d*(?:-(?:[IVX]+|\d+|OS))?|P-1)(?![\w-])")
#: What is written like one in the table of studies and is none.
_TOPICS = frozenset(
    ("BMJ", "DXA", "FRAX", "JAMA", "NOF", "NSABP", "OPG", "RANKL", "SERM", "TNF")
)
_STUDIES = ("trial", "observational", "meta-analysis")
#: Columns that hold no words about a study.
_WORDLESS = frozenset(
    ("id", "study", "further_studies", "address", "looked_up", "seen", "doi", "pmid")
)
_COMMON = frozenset(
    (
        "the",
        "and",
        "for",
        "with",
        "that",
        "was",
        "were",
        "not",
        "are",
        "from",
        "than",
        "one",
        "two",
        "had",
    )
)
#: Numbers that belong to statistics and not to a study, and the words beside which they do.
_CONVENTION = re.compile(r"9[059] %|80 %|5 %|(?:2 × )?1\.96")
_STATISTICS = re.compile(
    r"\b(?:power|level|interval|chance|confidence|prediction|errors)\b"
)
#: How much better another key must fit a sentence before its own is doubted, in units of information.
MARGIN = 7.0
#: A word of a text and this many words about a study share one unit by chance, as measured on the book.
CHANCE = 400
#: How well, against the study of the number before it, the words must fit a citation that stands behind a number.
BESIDE = 0.7


def keys(block: Block) -> list[str]:
    """The keys that a block cites, in their order."""
    return [key for placed in block.named("cite") for key in _keys(placed)]


def _keys(placed: Placed) -> list[str]:
    return [key.strip() for key in placed.role.target.split(",")]


@lru_cache(maxsize=4096)
def fact(target: str) -> facts.Fact | None:
    """What a {fact} names; None where it names nothing, which is told elsewhere."""
    try:
        return facts.fact(target)
    except facts.FactError:
        return None


@lru_cache(maxsize=4096)
def studies(target: str) -> tuple[str, ...]:
    """The studies behind what a {fact} names."""
    found = fact(target)
    return tuple(found.studies()) if found else ()


def of_a_fact(of: Sequence[str]) -> Iterator[Slip]:
    """The study of a fact, or one of those behind a derived number, is cited in its section.

    A card of the glossary cites nothing: it stands in one sentence wherever its word is met, and its number opens.
    """
    for page in of:
        found = blocks(page)
        sections: defaultdict[str, set[str]] = defaultdict(set)
        for block in found:
            sections[block.section].update(keys(block))
        whole = set().union(*sections.values())
        for block in found:
            if block.kind == "term":
                continue
            side = block.file.endswith(".yml")
            cited = whole if side else sections[block.section]
            where = "page" if side else "section"
            for sentence in block.sentences():
                for placed in sentence.named("fact"):
                    behind = studies(placed.role.target)
                    if behind and not cited & set(behind):
                        why = (
                            f"{placed.role.target} comes from {' or '.join(behind)}, which this "
                            f"{where} does not cite: {{cite:p}}`{behind[0]}`."
                        )
                        yield _slip(sentence, "study of a fact", placed, why)


@lru_cache(maxsize=1)
def trials_of() -> dict[str, frozenset[str]]:
    """{study: the names of trials it belongs to}, by its own name or, where that has none, by its cohort."""
    rows = tables.rows("studies")
    said = {
        row["id"]: row["name"].replace("Women's Health Initiative", "WHI")
        for row in rows
    }
    known = {
        name
        for row in rows
        if row["kind"] in _STUDIES
        for name in _TRIAL.findall(said[row["id"]])
    } - _TOPICS
    own = {id: known & set(_TRIAL.findall(name)) for id, name in said.items()}
    cohorts: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        cohorts[row["cohort"]] |= own[row["id"]]
    return {
        row["id"]: frozenset(own[row["id"]] or cohorts[row["cohort"]]) for row in rows
    }


@lru_cache(maxsize=1)
def trials() -> frozenset[str]:
    """Every name of a trial that the table of studies knows."""
    return frozenset(name for names in trials_of().values() for name in names)


def named(text: str) -> set[str]:
    """The trials that a text names."""
    return set(_TRIAL.findall(text)) & trials()


def belongs(target: str) -> set[str]:
    """The names of the trials that a fact belongs to: by its studies, its population or its label."""
    told = fact(target)
    row = told.row if told else {}
    found = named(f"{row.get('population', '')} {row.get('label', '')}")
    return found.union(*(trials_of().get(study, ()) for study in studies(target)))


def study_named(of: Sequence[str]) -> Iterator[Slip]:
    """A sentence that names a trial: its facts belong to one that it names, or their study is cited in it."""
    for sentence in _sentences(of):
        there = named(sentence.text)
        if not there:
            continue
        cited = set(keys(sentence))
        for placed in sentence.named("fact"):
            behind = studies(placed.role.target)
            if not behind or cited & set(behind):
                continue
            trial = belongs(placed.role.target)
            if not trial & there:
                names = " or ".join(sorted(trial) or behind)
                why = (
                    f"the sentence names {' and '.join(sorted(there))}, and {placed.role.target} "
                    f"belongs to {names}; cite {behind[0]} beside it or take the row of the trial."
                )
                yield _slip(sentence, "study named", placed, why)


#: Sites and outcomes, and the words for them in rows and in sentences.
_OUTCOMES = {
    name: re.compile(words, re.IGNORECASE)
    for name, words in {
        "spine": r"spin(?:e|al)\b|vertebra|lumbar",
        "hip": r"\bhips?\b",
        "femoral neck": r"femoral neck|neck of the",
        "whole body": r"whole[ -]body|whole skeleton|total body",
        "clots": r"clot|venous|thrombo|embol|vein",
        "stroke": r"stroke",
        "breast": r"(?<!with )(?<!without )(?<!had )(?<!have )breast",
        "uterus": r"womb|uter(?:us|ine)|endometri|lining",
        "heart": r"coronary|heart|cardio",
        "death": r"\bdied|\bdead|death",
        "hot flashes": r"flash|flush",
        "cataract": r"cataract",
        "stones": r"kidney stone",
    }.items()
}
_SITES = {"spine", "hip", "femoral neck", "whole body"}


@lru_cache(maxsize=16384)
def outcomes(text: str) -> frozenset[str]:
    """The sites and outcomes that a text tells of."""
    return frozenset(name for name, words in _OUTCOMES.items() if words.search(text))


def outcome_named(of: Sequence[str]) -> Iterator[Slip]:
    """A sentence that names sites or outcomes: one of them is that of each of its facts."""
    for sentence in _sentences(of):
        there = outcomes(sentence.text)
        bare = not there & _SITES and re.search(
            r"(?i)fractur|break|broke", sentence.text
        )
        for placed in sentence.named("fact") if there else ():
            told = fact(placed.role.target)
            if not told or told.column in ("n", "n_total", "months", "p_value"):
                continue
            row = (
                told.row.get(column) or "" for column in ("site", "outcome", "label")
            )
            found = outcomes(" ".join(row).replace("non-vertebral", "other"))
            if found and not found & there and not (bare and found & _SITES):
                why = (
                    f"the sentence tells of {' and '.join(sorted(there))}, and "
                    f"{placed.role.target} is on {' and '.join(sorted(found))}."
                )
                yield _slip(sentence, "outcome of a fact", placed, why)


def given_beside(of: Sequence[str]) -> Iterator[Slip]:
    """No {given} in a paragraph with facts, citations or a trial's name, unless a row of those studies has it in words.

    A question that says "Suppose" may take a trial's ratio to women who were in no trial.
    """
    for page in of:
        found = blocks(page)
        supposed = {
            block.label
            for block in found
            if block.kind == "ask" and _SUPPOSED.search(block.text)
        }
        for block in found:
            told = {
                study
                for placed in block.named("fact")
                for study in studies(placed.role.target)
            } | set(keys(block))
            told -= _given()
            names = named(block.text)
            for sentence in block.sentences():
                for placed in sentence.named("given"):
                    words = placed.role.words
                    if _RESULT.search(words) and block.kind != "term":
                        why = "it is worded as a result, so it is written with its row: {fact}`… <id>`."
                        yield _slip(sentence, "given beside a study", placed, why)
                    elif block.label in supposed and block.file.endswith(".yml"):
                        continue
                    elif (told or names) and _doubted(words, sentence.text, told):
                        near = ", ".join(sorted(told or names)[:3])
                        why = (
                            f"the paragraph tells what was found ({near}); a number of theirs is written "
                            "with its row, {fact}`… <id>`, and no row of theirs has this one in words."
                        )
                        yield _slip(sentence, "given beside a study", placed, why)


#: What says that the case of a question is made up.
_SUPPOSED = re.compile(r"\b(?:Suppose|Imagine|Think of|In an invented)\b")
#: Words that make a number the result of a study.
_RESULT = re.compile(
    r"out of [\d,]+|per 1,?\d+|\b(?:women|people|men|points?|fewer|more|lower|higher|less|lost|gained|rose|fell)\b"
)


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    """The studies that found nothing but lay down amounts and limits."""
    kinds = ("guideline", "reference data")
    return frozenset(
        row["id"] for row in tables.rows("studies") if row["kind"] in kinds
    )


def _doubted(words: str, sentence: str, told: Iterable[str]) -> bool:
    """Whether no row of the studies has the number in its words, and it is neither a name nor a convention of statistics."""
    if re.search(r"\d-[a-z]", words):
        return False
    if not re.search(r"\d", words):
        return (
            False  # "half", "a tenth": the rule for numbers in words has asked about it
        )
    if _CONVENTION.fullmatch(words) and _STATISTICS.search(sentence):
        return False
    plain = words.replace(facts.MINUS, "-")
    number = re.compile(rf"(?<![\d.,-]){re.escape(plain)}(?![\d]|[.,]\d)")
    return not any(number.search(library().words.get(study, "")) for study in told)


class Library:
    """What the tables and the bibliography say of each study, and how well a sentence fits it."""

    def __init__(self) -> None:
        said: defaultdict[str, list[str]] = defaultdict(list)
        in_words: defaultdict[str, list[str]] = defaultdict(list)
        drugs = {row["id"]: row["name"] for row in tables.rows("drugs")}
        for name in tables.tables():
            fields = tables.resource(name)["schema"]["fields"]
            texts = {f["name"] for f in fields if f["type"] == "string"} - _WORDLESS
            for row in tables.rows(name):
                who = [row["id"]] if name == "studies" else [row.get("study") or ""]
                who += (row.get("further_studies") or "").split()
                words = " ; ".join(
                    f"{cell} {drugs.get(cell, '')}"
                    for column, cell in row.items()
                    if cell and column not in _WORDLESS
                )
                for study in filter(None, who):
                    said[study].append(words)
                    in_words[study] += [row[c] for c in texts if row.get(c)]
        entries = bibliography.known(pages.ROOT / "book/references.bib")
        for key, entry in entries.items():
            title = f"{entry.fields.get('title', '')} {entry.fields.get('note', '')}"
            said[key].append(re.sub(r"[{}]", "", title))
            in_words[key].append(said[key][-1])
        #: What is said in words alone, columns with numbers left out: {study: what they say}.
        self.words = {study: " ; ".join(cells) for study, cells in in_words.items()}
        self._stems = {
            study: _stems(" ; ".join(words)) for study, words in said.items()
        }
        seen = Counter(stem for stems in self._stems.values() for stem in stems)
        self._weight = {
            stem: math.log(len(said) / count) for stem, count in seen.items()
        }

    def shared(self, text: str, study: str) -> float:
        """How much of a text the words about a study hold, in units of information: a rare word counts for more."""
        stems = self._stems.get(study, frozenset())
        return math.fsum(self._weight[stem] for stem in _stems(text) & stems)

    def fit(self, text: str, study: str) -> float:
        """`shared`, less what a study of so many words shares with any text."""
        words, size = len(_stems(text)), len(self._stems.get(study, ()))
        return self.shared(text, study) - words * size / CHANCE


@lru_cache(maxsize=1)
def library() -> Library:
    """The Library of the tables as they stand."""
    return Library()


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    """The beginnings of the words of a text; eight letters tell most words and not their endings."""
    words = set(re.findall(r"[a-zα-ω0-9][a-zα-ω0-9'-]{2,}", text.lower()))
    return frozenset(word[:8] for word in words - _COMMON)


def citation(of: Sequence[str]) -> Iterator[Slip]:
    """A citation is that of a fact of its sentence, of the trial that it names, or fits its words as well as others would."""
    for page in of:
        found = blocks(page)
        others = sorted({key for block in found for key in keys(block)})
        for block in found:
            if block.kind == "caption" or "Source:" in block.text:
                continue
            before: list[str] = []
            for sentence in block.sentences():
                before = [*before[-2:], sentence.text]
                behind = {
                    study
                    for placed in sentence.named("fact")
                    for study in studies(placed.role.target)
                }
                cited = set(keys(sentence))
                for placed in sentence.named("cite"):
                    for key in _keys(placed):
                        if key in behind or _cohort(key) in map(_cohort, behind):
                            continue
                        rest = [other for other in others if other not in cited]
                        near = _better(sentence, before, placed, key, rest)
                        if near:
                            yield _slip(sentence, "citation and sentence", placed, near)


@lru_cache(maxsize=512)
def _trial(study: str) -> bool:
    """Whether a key is a report of one trial or one cohort, and no review, label or pooling."""
    kinds = {row["id"]: row["kind"] for row in tables.rows("studies")}
    return kinds.get(study) in ("trial", "observational")


@cache
def _called(study: str) -> frozenset[str]:
    """The names of a trial, and of those whose people it shares: CORE is MORE's."""
    people = _cohort(study)
    names = (own for key, own in trials_of().items() if _cohort(key) == people)
    return frozenset().union(*names)


def _cohort(study: str) -> str:
    """The people of a study, whose reports share a word; the key itself where it is no study."""
    return _cohorts().get(study) or study


@lru_cache(maxsize=1)
def _cohorts() -> dict[str, str]:
    return {row["id"]: row["cohort"] for row in tables.rows("studies")}


def _better(
    sentence: Block, before: list[str], placed: Placed, key: str, others: list[str]
) -> str:
    """Why another citation is expected; empty where this one may stand."""
    shelf = library()
    said = " ".join(before)
    chance = shelf.shared(sentence.text, key) - shelf.fit(sentence.text, key)
    own = (shelf.shared(sentence.text, key) + shelf.shared(said, key)) / 2
    best, other = max(
        ((shelf.fit(sentence.text, other), other) for other in others), default=(0, "")
    )
    start = max(
        (p.end for p in sentence.named("cite") if p.end <= placed.start), default=0
    )
    there = named(sentence.text[start : placed.start])
    if there and _trial(key) and not _called(key) & there:
        return f"it stands behind {' and '.join(sorted(there))}, and {key} is no report of it."
    told = {
        study: p.role.target
        for p in sentence.named("fact")
        if start <= p.start < placed.start
        for study in studies(p.role.target)
    }
    if told and own < BESIDE * max(
        shelf.shared(sentence.text, study) for study in told
    ):
        study, target = next(iter(told.items()))
        return f"it stands behind {target}, which is of {study}; cite the study of the number, or move this one to the words that it is for."
    if own - chance < best - MARGIN and not trials_of().get(key, frozenset()) & named(
        sentence.text
    ):
        return f"what the tables and the bibliography say of {key} shares little with this sentence; {other} fits its words better."
    return ""


def _sentences(of: Sequence[str]) -> Iterator[Block]:
    for page in of:
        for block in blocks(page):
            yield from block.sentences()


def _slip(sentence: Block, rule: str, placed: Placed, why: str) -> Slip:
    shown = sentence.text[placed.start : placed.end]
    words = shown if shown != MARK else placed.role.target
    return Slip(sentence.file, sentence.line, rule, words, why)


RULES: dict[str, Rule] = {
    "study of a fact": of_a_fact,
    "study named": study_named,
    "outcome of a fact": outcome_named,
    "given beside a study": given_beside,
    "citation and sentence": citation,
}
