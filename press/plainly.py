"""What a reader of Fundamentals is told of one number: who was counted, what was compared, for how long, how exactly.

    lines(fact("ruth2006-vte-hr"))   # -> ("what", "Clot in a vein"), ("value", "144 for every 100 in the other group"), ...

The same row as press.facts.Fact.card, in everyday words: no p value, no standard error, no confidence interval by name.
What a measure was called in the paper stays with the card of the other two tiers.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from bonebook import tables
from press import facts
from press.facts import LEVELS, Fact

RATIOS = ("hazard ratio", "relative risk", "odds ratio", "rate ratio")
DERIVED = "Worked out for this book from the numbers of the study."
UNVERIFIED = "Nobody has been able to check this number."
#: Words of the tables and what stands for them here; the longer first.
WORDS = {
    r"new vertebral fracture on radiograph": "new break in the spine, seen on X-ray film",
    r"vertebral fracture \(radiographic\)": "break in the spine, seen on X-ray film",
    r"(?:clinical vertebral fracture|vertebral fracture \(clinical\))": "break in the spine that was noticed",
    r"vertebral fracture \(clinical or radiographic\)": "break in the spine, noticed or seen on film",
    r"vertebral fracture \(not specified\)": "break in the spine",
    r"non-vertebral fracture": "broken bone outside the spine",
    r"vertebral (?:fracture|deformit(?:y|ies))": "break in the spine",
    r"any fracture(?: \(clinical\))?": "any broken bone",
    r"osteoporotic fracture": "broken bone from thin bones",
    r"hip fracture": "broken hip",
    r"wrist fracture": "broken wrist",
    r"fracture risk": "risk of broken bones",
    r"low-trauma fracture": "broken bone after a small fall or knock",
    r"fragility fracture": "break from a small fall",
    r"\bfractures\b": "broken bones",
    r"\bfracture\b": "broken bone",
    r"venous thromboembolism": "clot in a vein",
    r"deep vein thrombosis": "clot in a deep vein",
    r"pulmonary embolism": "clot in the lung",
    r"fatal stroke": "death from a stroke",
    r"(?:thrombo-?embolic|ischemic) stroke": "stroke from a blocked vessel",
    r"hemorrhagic stroke": "stroke from a bleeding vessel",
    r"cardiovascular events": "heart attacks, strokes and the like",
    r"coronary events": "heart attacks and the like",
    r"coronary heart disease": "heart disease",
    r"endometrial cancer": "cancer of the lining of the womb",
    r"uterine cancer": "cancer of the womb",
    r"proliferative endometrium": "growth of the lining of the womb",
    r"endometrial hyperplasia": "too much growth of the lining of the womb",
    r"endometrial thickness": "thickness of the lining of the womb",
    r"endometrial polyps": "small growths on the lining of the womb",
    r"\bendometrium\b": "lining of the womb",
    r"\buterus\b": "womb",
    r"hysterectomy": "an operation that takes out the womb",
    r"ER-positive": "estrogen-sensitive",
    r"ER-negative": "not estrogen-sensitive",
    r"peripheral edema": "swollen legs or ankles",
    r"vaginal atrophy": "thin, dry tissue of the vagina",
    r"osteonecrosis of the jaw": "jaw bone that dies and does not heal",
    r"withdrawal \(adverse event\)": "left the study because of something unwanted",
    r"withdrawal \((.+?)\)": r"left the study (\1)",
    r"mean cumulative change": "average change in all",
    r"(?:mean )?(?:BMD )?change per year in BMD": "average change in bone density, each year",
    r"mean change": "average change",
    r"median change": "change of the woman in the middle",
    r"difference between arms": "difference between the groups",
    r"\bBMD\b": "bone density",
    r"lumbar spine": "lower spine",
    r"femoral neck": "hip (neck of the thigh bone)",
    r"total hip": "hip",
    r"total body": "whole body",
    r"least significant change": "smallest change that counts as real",
    r"premenopausal breast cancer": "women with breast cancer before menopause",
    r"\bpostmenopausal women\b": "women after menopause",
    r"\bpostmenopausal\b": "after menopause",
    r"\bpremenopausal\b": "before menopause",
    r"(?:the )?final period": "last period",
    r"\bambulatory\b": "able to walk",
    r"at baseline": "at the start",
    r"\bbaseline\b": "the start",
    r"age-adjusted": "evened out for age",
    r"everybody as randomized": "everybody, counted in the group that chance put them in",
    r"minus (?:placebo|none)": "compared with none",
    r"\bplacebo\b": "no drug",
    r"/day": " a day",
    r"%/month": "% a month",
    r"cortical and trabecular": "outer shell and spongy inside",
    r"person-years": "people a year",
    r"woman-years": "women a year",
}


def lines(found: Fact) -> Iterator[tuple[str, str]]:
    """(class, text) of each line of the card of a number."""
    yield "what", _sentence(plain(_what(found)))
    if text := _value(found):
        yield "value", text
    if compared := _compared(found):
        yield "who", compared
    if who := _who(found):
        yield "who", f"Counted: {who}."
    if found.main and (months := found.row.get("months")):
        yield "who", f"For how long: {_span(float(months))}."
    if exact := _exact(found):
        yield "who", exact
    if found.table == "derived":
        yield "seen", DERIVED
    if found.unverified:
        yield "seen", UNVERIFIED


def plain(text: str) -> str:
    """A text of the tables in everyday words."""
    for pattern, words in WORDS.items():
        text = re.sub(pattern, words, text, flags=re.I)
    return text


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _what(found: Fact) -> str:
    """What was counted or measured, without the name of its measure."""
    if not found.main:
        return {
            "n": "people who were counted here",
            "n_total": "people in the study",
            "dose_mg": "dose",
            "ci": "the span of what would fit what was seen",
        }.get(found.column, facts.COLUMNS.get(found.column, found.column))
    if found.table == "studies":
        return "people in the study"
    if found.table == "outcomes":
        return found.row["outcome"]
    return re.sub(_STATISTIC, "", facts.label_of(found))


#: What a label says of how a number was worked out, behind what it is about.
_STATISTIC = rf"(?:, any)?: (?:range (?:high|low)|mean change|difference between arms|{'|'.join(RATIOS)})$"


def _value(found: Fact) -> str:
    if found.value is None:
        return plain(found.pretty())
    about = "about " if found.row.get("approx") == "true" and found.main else ""
    return about + _written(found, found.value)


def _written(found: Fact, number: Decimal) -> str:
    """A number of the row as people count: of 1,000 women, for every 100 of the other group."""
    measure, unit = found.row.get("measure", ""), found.unit
    if not found.main:
        return plain(found.pretty())
    if measure == "relative risk reduction":
        return f"{number} % fewer"
    if unit == "ratio":
        return f"{_whole(100 * number)} for every 100 in the other group"
    if unit == "%" and (measure in LEVELS or found.table == "prevalence"):
        return f"{_whole(10 * number)} out of 1,000"
    if _share_of_people(found):
        each = number * (10 if unit == "percentage points" else 1)
        people = "women" if "women" in unit or unit == "percentage points" else "people"
        if not _difference(found):
            return f"{_whole(each)} out of 1,000 {people}"
        way = "more" if each > 0 else "fewer"
        return f"{_whole(abs(each))} {way} out of 1,000 {people}"
    if unit == "events":
        return f"{number}"
    if number == found.value:
        return plain(found.pretty())
    sign = "+" if _difference(found) and number > 0 else ""
    return plain(facts.with_unit(facts.minus(f"{sign}{number}"), unit))


def _share_of_people(found: Fact) -> bool:
    """Whether the number is one of how many people, or a difference of two such."""
    if found.unit in ("per 1,000 women", "per 1,000 people"):
        return True
    return found.unit == "percentage points" and (
        found.row.get("measure") == "risk difference"
        or any(each.table == "outcomes" for each in found.inputs())
    )


def _difference(found: Fact) -> bool:
    """Whether the number is by how much one group differs from another, or from itself at the start."""
    return found.is_change or " minus " in found.row.get("label", "")


def _whole(number: Decimal) -> str:
    """Whole people; less than one with a decimal."""
    places = Decimal(1) if abs(number) >= 1 or not number else Decimal("0.1")
    return facts.minus(f"{number.quantize(places, ROUND_HALF_UP):,}")


def _compared(found: Fact) -> str:
    """The group that the number is of, and what it stands beside in the study."""
    row = found.row
    if not found.main:
        return ""
    if found.table == "loading_trials":
        return plain(f"Compared: {row['exercise']} with {row['comparator']}.")
    arm = facts.arm_of(row)
    if not arm or (row["drug"] == "none" and not row.get("regimen")):
        return ""
    comparator = row.get("comparator", "")
    if comparator == "baseline":
        return plain(f"In the group with {arm}, compared with the start.")
    if comparator and row.get("measure") not in LEVELS:
        return plain(f"Compared: {arm} with {facts.drug_name(comparator)}.")
    if others := _others(found):
        return plain(f"In the group with {arm}, compared with {' and '.join(others)}.")
    return plain(f"In the group with {arm}.")


def _others(found: Fact) -> list[str]:
    """The other arms of the study in which the same was counted, if they are one or two."""
    same = ("study", "outcome", "site", "population", "months", "measure")
    words = {key: found.row[key] for key in same if key in found.row}
    rows = tables.where(found.table, **words)
    drugs = [row["drug"] for row in rows if row["drug"] != found.row["drug"]]
    names = list(dict.fromkeys(map(facts.drug_name, drugs)))
    return names if len(names) < 3 else []


def _who(found: Fact, arm: bool = True) -> str:
    """Who was counted, and how many: in this arm or comparison, or, where that is not known or asked, in the study."""
    row = found.row
    if found.table == "derived":
        return next(filter(None, (_who(each, False) for each in found.inputs())), "")
    if found.table == "prevalence":
        return ""  # its label says it
    who = plain(row.get("population", ""))
    number = row.get("n", "") if found.main and arm else ""
    if number and re.match(r"women|people|adults", who):
        return f"{int(number):,} {who}"
    if number:
        return "; ".join(filter(None, [who, f"{int(number):,} people"]))
    if not who or found.table == "studies" or not row.get("study"):
        return who
    total = tables.row(row["study"]).get("n_total", "")
    if not total or re.search(rf"\b{int(total):,}\b", who):
        return who
    return f"{who}; {int(total):,} people in the whole study"


def _span(months: float) -> str:
    """`3 years`, `2 years and 7 months`, `5.5 months`."""
    years, rest = divmod(months, 12)
    of_years = f"{years:g} year{'s' * (years > 1)}" if years else ""
    of_months = f"{rest:g} month{'s' * (rest != 1)}" if rest else ""
    return " and ".join(filter(None, [of_years, of_months]))


def _exact(found: Fact) -> str:
    """What the interval means, in words; nothing where none is known."""
    if not found.main or not found.limits:
        return ""
    low, high = found.limits
    if high < 0:  # the smaller loss first
        low, high = high, low
    first, last = (_written(found, end).split() for end in (low, high))
    same = 0  # words at the end, said once
    while same < min(len(first), len(last)) - 1 and first[-1 - same] == last[-1 - same]:
        same += 1
    span = f"{' '.join(first[: len(first) - same])} to {' '.join(last)}"
    told = f"How exact: anything from {span} fits what was seen."
    if _no_effect(found):
        told += " So does no difference at all."
    return told


def _no_effect(found: Fact) -> bool:
    """Whether the interval holds the value of no difference."""
    low, high = found.limits or (Decimal(0), Decimal(0))
    if found.unit == "ratio":
        return low <= 1 <= high
    return _difference(found) and low <= 0 <= high
