"""Direction words near a fact agree with its sign.

Guessing over whole sentences is right too seldom. Three shapes are sharp:

    touching   "higher by 0.62 SD", "36 % lower on the drug": the word touches a fact that tells a difference or a ratio
    told       "more deaths with anastrozole, a hazard ratio of 1.63": the last direction word of the clause before such a fact
    paired     "Fewer broke a bone: 12 instead of 18", "rose to 11 from 5": two numbers of the two arms of one study

and one needs no number: "fewer clots", "raises the risk of a clot", where the rows of all trials of SERMs against placebo
agree which way the outcome goes. What fits none of them may be written {compare}`More women had clots <row-a row-b>`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bonebook import tables
from press import facts, written

from .numerals import fact, wrong_options
from .slip import Rule, Slip
from .text import Block, Placed, blocks

#: What ends the reach of a direction word.
_CLAUSE = re.compile(
    r"[;(]|, (?:and|or)\b|\b(?:while|but|yet|whereas|although|though)\b"
)
_NOT = re.compile(r"\b(?:not|no|never|none|nor|neither|without|cannot)\b", re.I)
#: Direction words that speak of an amount or of another comparison when they do not touch the number.
_LOOSE = re.compile(
    r"(?:less|smaller|larger|greater|extra|up|down|cuts?|loss|gains?|falls?|fall|thinner|loses?|losing|lost)$",
    re.I,
)
#: "a higher risk of ...", "the lower dose": the word describes a thing.
_THING = re.compile(
    r" (?:dose|doses|risk of breast|end|half|limit|rate of bone|site|arm|people|certainty|spine|calcium|dairy|protein|vitamin)\b"
)
_TOUCH = re.compile(r"(?: (?:by|of|to|about|around|only|some|a))* ?$")
_BETWEEN = re.compile(r"\b(?P<how>instead of|against|rather than|from|and)\b")


def directions(names: Sequence[str]) -> Iterator[Slip]:
    """Direction words that the fact beside them contradicts."""
    for page in names:
        found, wrong = blocks(page), wrong_options(page)
        for block in found:
            if (block.label, block.text) in wrong:
                continue
            asked = [each for each in found if each.label == block.label]
            about = asked if block.file.endswith(".yml") and block.label else [block]
            for sentence in block.sentences():
                yield from _known(sentence, " ".join(each.text for each in about))
                if block.named("fact"):
                    yield from _touching(sentence)
                    yield from _told(sentence)
                    yield from _paired(sentence)


def _touching(sentence: Block) -> Iterator[Slip]:
    for placed, told in _signed(sentence):
        before, after = sentence.text[: placed.start], sentence.text[placed.end :]
        words = [
            word
            for word in written.DIRECTION.finditer(before)
            if _TOUCH.fullmatch(before[word.end() :]) and not _in_role(sentence, word)
        ]
        behind = written.DIRECTION.match(after.lstrip())
        if behind and len(after) - len(after.lstrip()) <= 1:
            word = behind
        elif words:
            word = words[-1]
        else:
            continue
        if _way(word) != written.tells(told):
            yield _slip(sentence, word[0], placed, told)


def _told(sentence: Block) -> Iterator[Slip]:
    for placed, told in _signed(sentence):
        before = sentence.text[: placed.start]
        words = [
            word
            for word in written.DIRECTION.finditer(before)
            if not _in_role(sentence, word)
            and not _LOOSE.search(word[0])
            and not _THING.match(before[word.end() :])
        ]
        if not words or _TOUCH.fullmatch(before[words[-1].end() :]):
            continue
        word = words[-1]
        clause = before[word.end() :]
        if _CLAUSE.search(re.sub(r"\((?=[^()]*$)", "", clause)) or _others(
            sentence, word.end(), placed.start
        ):
            continue
        if re.search(r"\bthan\b", clause) and told.unit != "ratio":
            continue
        if _NOT.search(before[: word.start()].rsplit(",")[-1]):
            continue
        if written.DIRECTION.match(sentence.text[placed.end :].lstrip()):
            continue
        if _way(word) != written.tells(told):
            yield _slip(sentence, word[0], placed, told)


def _paired(sentence: Block) -> Iterator[Slip]:
    levels = [(placed, fact(placed.role.target)) for placed in sentence.named("fact")]
    for (one, first), (other, second) in zip(levels, levels[1:], strict=False):
        if not _one_study(first, second):
            continue
        between = _BETWEEN.search(sentence.text[one.end : other.start])
        before = sentence.text[: one.start]
        words = [
            word
            for word in written.DIRECTION.finditer(before)
            if not _in_role(sentence, word) and not _THING.match(before[word.end() :])
        ]
        if not between or not words:
            continue
        word, how = words[-1], between["how"]
        clause = before[word.end() :]
        turned = re.search(r"\bto (?:about )?$", clause)
        if how == "and" and not re.search(r"\bthan\b.*:", clause):
            continue
        if how == "from" and not turned:
            continue
        if how != "and" and _CLAUSE.search(clause):
            continue
        if _NOT.search(before[: word.start()].rsplit(",")[-1]):
            continue
        if _LOOSE.search(word[0]) and how != "from":
            continue
        if _others(sentence, word.end(), one.start):
            continue
        apart = (first.value or 0) - (second.value or 0)
        if apart and _way(word) != (1 if apart > 0 else -1):
            yield Slip(
                sentence.file,
                sentence.line,
                "direction words",
                word[0],
                f"{one.role.words} ({first.id}) stands against {other.role.words} ({second.id}), which is the other "
                f"direction; if the sentence is right, write it as {{compare}}`{word[0]} … <{first.id} {second.id}>`.",
            )


# What needs no number beside it.

#: How an outcome is called, and the rows that tell which way it goes on a SERM.
_OUTCOMES = {
    r"(?:blood )?clots?\b|(?:deep )?vein thrombos[ei]s|(?:venous )?thromboembolism": (
        "venous thromboembolism",
        "deep vein thrombosis",
        "pulmonary embolism",
    ),
    r"(?:spine|vertebral) (?:fractures?|breaks?)|(?:bones?|breaks?|fractures?) (?:in|of) the spine": (
        "vertebral fracture (clinical)",
        "vertebral fracture (radiographic)",
    ),
    r"(?:invasive )?breast cancers?": ("invasive breast cancer", "breast cancer, all"),
    r"cancers? of (?:the womb(?: lining)?|its lining)|(?:endometrial|womb|uterine) cancers?": (
        "endometrial cancer",
    ),
    r"(?:fatal strokes?|deaths? from (?:a )?strokes?|died of a stroke)": (
        "fatal stroke",
    ),
}
_WORD = r"(?: (?!and\b|or\b|but\b|than\b|not\b|which\b|while\b|trials?\b|stud|without\b)[\w-]+)"
#: Words of comparisons that are not that of a SERM with placebo, and of what only might be.
_ELSE = re.compile(
    r"\b(?:estrogens?|hormone|goserelin|anastrozole|letrozole|inhibitors?|alendronate|bisphosphonates?|zoledronic|denosumab"
    r"|calcium|vitamin|exercise|falls|would|could|if|pair|earlier|broken|young\w*|older|baseline|than those|cohort|heart attacks"
    r"|whether|age|who|choose|active)\b",
    re.I,
)
_SERMS = (
    "raloxifene",
    "tamoxifen",
    "lasofoxifene",
    "bazedoxifene",
    "arzoxifene",
    "ospemifene",
)


def _known(sentence: Block, about: str) -> Iterator[Slip]:
    """about: its paragraph, or all of its question, where a drug may be named that the sentence does not name."""
    text = sentence.text
    if _ELSE.search(text):
        return
    drugs = [drug for drug in _SERMS if drug in text.lower()]
    others = [drug for drug in _SERMS if drug in about.lower()]
    drugs = others if not drugs or sentence.file.endswith(".yml") else drugs
    if {"raloxifene", "tamoxifen"} <= set(drugs):
        return  # STAR compared the two with each other
    for outcome, rows in _OUTCOMES.items():
        ways = {_goes(rows, drug) for drug in drugs or [""]}
        way = ways.pop() if len(ways) == 1 else 0
        for found in _said_of(outcome, text):
            said = -1 if found["less"] else 1
            risk = re.match(r" risk of breast|-risk", text[found.end("word") :])
            if _NOT.search(text[: found.start()]) or _in_role(sentence, found):
                continue
            if way and said != way and not risk:
                drug = " and ".join(drugs) or "the SERMs"
                yield Slip(
                    sentence.file,
                    sentence.line,
                    "direction words",
                    found[0],
                    f"in every trial of {drug} against placebo in data/outcomes.csv {rows[0]} went the other way; if it is "
                    f"another comparison, write it as {{compare}}`{found[0]} <row-a row-b>`.",
                )


def _said_of(outcome: str, text: str) -> Iterator[re.Match[str]]:
    if not re.search(f"(?i:{outcome})", text):
        return
    word = f"(?P<word>{written.DIRECTION.pattern})"
    yield from re.finditer(rf"{word}{_WORD}{{0,5}}? (?i:{outcome})\b", text)
    yield from re.finditer(
        rf"\b(?i:{outcome})(?: in (?:a|the) (?:veins?|legs?|lungs?))?(?:, [^,.;]{{0,30}},)?(?: (?:that|also|then|became|become|becomes|were|was|are|is|come|came|went|a|somewhat|little|much|far|clearly)){{0,3}} {word}(?<!gained)",
        text,
    )


@lru_cache(maxsize=64)
def _goes(outcomes: tuple[str, ...], drug: str) -> int:
    """Which way the outcome goes on the drug, or on every SERM: -1 or 1; 0 where rows disagree or there are none."""
    ways = {
        written.tells(fact(row["id"]))
        for row in tables.rows("outcomes")
        if row["outcome"] in outcomes
        and row["comparator"] == "placebo"
        and row["drug"] in ([drug] if drug else [*_SERMS, "serm-class"])
    } - {0}
    return ways.pop() if len(ways) == 1 else 0


def _signed(sentence: Block) -> Iterator[tuple[Placed, facts.Fact]]:
    """The facts that tell a difference or a ratio and have no direction word of their own."""
    for placed in sentence.named("fact"):
        told = fact(placed.role.target)
        words = placed.role.words
        own = written.DIRECTION.search(words) or words.startswith(("+", "-", "−"))
        if written.tells(told) and not own:
            yield placed, told


def _one_study(first: facts.Fact, second: facts.Fact) -> bool:
    same = first.unit == second.unit and first.column == second.column
    alike = set(first.studies()) & set(second.studies())
    level = not written.tells(first) and not written.tells(second)
    return same and level and bool(alike) and first.column != "n_total"


def _others(sentence: Block, start: int, end: int) -> bool:
    """Whether another fact stands between: the words then belong to that one."""
    return any(
        start <= placed.start < end for placed in sentence.named("fact", "compare")
    )


def _in_role(sentence: Block, word: re.Match[str]) -> bool:
    return any(
        placed.start <= word.start() < placed.end
        for placed in sentence.named("fact", "compare", "given")
    )


def _way(word: re.Match[str]) -> int:
    return -1 if word["less"] else 1


def _slip(sentence: Block, word: str, placed: Placed, told: facts.Fact) -> Slip:
    return Slip(
        sentence.file,
        sentence.line,
        "direction words",
        word,
        f"{told.id} holds {told.pretty()}, which is the other direction; put the word into the role "
        f"({{fact}}`{placed.role.words} {'lower' if written.tells(told) < 0 else 'higher'} <{placed.role.target}>`) or, "
        "if it speaks of something else, part the two.",
    )


RULES: dict[str, Rule] = {"direction words": directions}
