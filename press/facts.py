"""A number in the prose and the row of data/ it must agree with.

    check("+1.28 %", "johnston2000-ls-bmd-rlx60")     # -> Fact, or FactError with a sentence that says what is wrong

A target is `id`, `id:column` or `id:ci`. Written text is [about] [direction words] number [unit phrase] [direction word];
an interval is `0.84 to 1.07`. Numbers are compared at the precision at which they are written, half rounded up.
"""

import difflib
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from bonebook import tables

MINUS = "\u2212"
_FEWER = (
    "lost lose loses losing a_loss_of loss_of fell_by fell falls_by falls fall fallen_by fallen a_fall_of fall_of a_drop_of "
    "dropped_by down_by down lowered_by lower_by lower fewer less minus"
).split()
_MORE = (
    "gained gain gains gaining a_gain_of gain_of rose_by rose rises_by rises rise risen_by risen a_rise_of rise_of raised_by "
    "up_by up higher_by higher more extra plus"
).split()
# Longest first, so that "fell by" is read before "fell".
_DIRECTIONS = sorted(
    [(w.replace("_", " "), -1) for w in _FEWER]
    + [(w.replace("_", " "), 1) for w in _MORE],
    key=lambda d: -len(d[0]),
)
_AFTER = {"lower": -1, "fewer": -1, "less": -1, "higher": 1, "more": 1, "extra": 1}
_ABOUT = ("about", "around", "roughly", "approximately")
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d,.]*\d)"
)
_WHO = "(?: (?:women|people|men|participants|patients))?"
_YEARLY = "(?:a year|per year|each year|every year)"
_OUT_OF = r"(?:in|in every|out of|out of every|of every)"
# How each stored unit may be written: (pattern of the phrase, factor from the stored to the written number).
_PERCENT = [
    ("%", 1),
    (rf"{_OUT_OF} 100{_WHO}", 1),
    (rf"(?:{_OUT_OF}|per) 1,000{_WHO}", 10),
    (rf"(?:{_OUT_OF}|per) 10,000{_WHO}", 100),
]
_COUNTS = {
    "women": "(?:women|woman|people)?",
    "people": "(?:people|person|women|men|participants|patients)?",
    "men": "(?:men|people)?",
    "events": "(?:events?|cases?|women|people)?",
    "person-years": "(?:person-years|woman-years)?",
}
_SPANS = {unit: f"{unit}?" for unit in ("months", "years", "weeks", "days", "hours")}
_SHORT = {
    "ug": "(?:ug|µg|μg|micrograms?)",
    "mg": "(?:mg|milligrams?)",
    "g": "(?:g|grams?)",
    "IU": "(?:IU|international units)",
}
_PHRASES = {
    "%": _PERCENT,
    "percentage points": [("(?:percentage )?points?", 1), *_PERCENT[1:]],
    "ratio": [("(?:times)?", 1)],
    "1": [("", 1)],
    "fold": [("-?fold|times", 1)],
    "per 1,000 woman-years": [
        (rf"per 1,000 woman-years|(?:{_OUT_OF}|per) 1,000 women {_YEARLY}", 1)
    ],
    "per 1,000 person-years": [
        (rf"per 1,000 person-years|(?:{_OUT_OF}|per) 1,000(?: people)? {_YEARLY}", 1)
    ],
    "per 1,000 women": [(rf"(?:{_OUT_OF}|per) 1,000(?: women)?", 1)],
    "per 1,000 people": [(rf"(?:{_OUT_OF}|per) 1,000(?: people)?", 1)],
    "%/year": [(f"%/year|% {_YEARLY}", 1)],
    "%/month": [("%/month|% (?:a|per|each|every) month", 1)],
    "T-score": [("(?:T-score)?", 1)],
    "SMD": [("(?:SMD|standard deviations?)?", 1)],
    "year": [("", 1)],
    "angstrom": [("angstroms?|Å", 1)],
    "mm": [("mm|millimeters?", 1)],
    "g/cm2": [("g/cm2|g/cm²|g per cm²", 1)],
    **{unit: [(pattern, 1)] for unit, pattern in _SHORT.items()},
    **{f"{unit}/day": [(f"{pattern}/day", 1)] for unit, pattern in _SHORT.items()},
}
_CHANGES = ("bmd_change", "markers", "loading_trials", "menopause_loss")
_LEVELS = ("risk", "count", "rate", "share", "number needed to treat")


class FactError(ValueError):
    """The written text and the table do not agree, or the target cannot be read; the message is a sentence for people."""


class UnknownFact(FactError):
    """No row of data/ has this id."""


@dataclass(frozen=True)
class Fact:
    """One number of the tables: `row` holds the whole row as written, `column` the column the number stands in."""

    id: str
    table: str
    row: dict
    column: str

    @property
    def text(self):
        """The stored number as written in the table; empty where nothing stands."""
        return self.row.get(self.column) or ""

    @property
    def value(self):
        """The stored number as Decimal; for `ci` the pair (low, high). None where nothing stands, and for a p value."""
        if self.column == "ci":
            limits = [self.row.get("ci_low"), self.row.get("ci_high")]
            return tuple(Decimal(limit) for limit in limits) if all(limits) else None
        return Decimal(self.text) if self.text and self.column != "p_value" else None

    @property
    def unit(self):
        """Unit of the number, empty where it has none."""
        if self.column == "ci":
            return self.row.get("unit", "")
        unit = _field(self.table, self.column).get("unit", "")
        return self.row.get("unit", "") if unit == "{unit}" else unit

    @property
    def unverified(self):
        """Whether nobody could verify the number."""
        return self.row.get("seen") == "unverified" or any(
            fact.unverified for fact in self.inputs()
        )

    def inputs(self):
        """The facts that a derived number is computed from; none for other tables."""
        return (
            [fact(target) for target in self.row["inputs"].split()]
            if self.table == "derived"
            else []
        )

    def studies(self):
        """Ids of the studies behind the number, each once."""
        if self.table == "studies":
            return [self.id]
        if self.table == "derived":
            return list(
                dict.fromkeys(
                    study for source in self.inputs() for study in source.studies()
                )
            )
        return (
            list(
                dict.fromkeys(
                    [
                        self.row["study"],
                        *(self.row.get("further_studies") or "").split(),
                    ]
                )
            )
            if self.row.get("study")
            else []
        )

    def card(self):
        """What a reader sees of the number: a dictionary of plain text, plus `sources` (a list of such dictionaries).

        Keys: id, table, column, label, value, uncertainty, population, n, approx, unverified, note, seen, study, name,
        authors_year, link, sources. The study keys repeat the first source; empty text where nothing stands.
        """
        sources = [_source(study) for study in self.studies()]
        first = (
            sources[0]
            if sources
            else dict.fromkeys(("study", "name", "authors_year", "link"), "")
        )
        return {
            "id": self.id,
            "table": self.table,
            "column": self.column,
            "label": self.label(),
            "value": self.pretty(),
            "uncertainty": self.uncertainty(),
            "population": self.row.get("population", ""),
            "n": self.row.get("n", ""),
            "approx": self.row.get("approx") == "true",
            "unverified": self.unverified,
            "note": self.row.get("note", ""),
            "seen": self.row.get("seen", ""),
            **first,
            "sources": sources,
        }

    def label(self):
        """What the number is, in words composed from the row."""
        row = self.row
        words = _fill(tables.resource(self.table)["book"]["label"], row)
        arm = _arm(row)
        against = {"": "", "baseline": "against baseline"}.get(
            row.get("comparator", ""), f"against {_drug(row.get('comparator', ''))}"
        )
        if self.table == "loading_trials":
            arm, against = row["exercise"], f"against {row['comparator']}"
        if arm and row.get("measure") in ("risk", "count", "rate", "share"):
            against = ""
        parts = [
            words,
            arm,
            against,
            f"{row['months']} months" if row.get("months") else "",
        ]
        if self.column not in (
            "value",
            tables.resource(self.table)["book"].get("value"),
        ):
            parts.append(
                "confidence interval"
                if self.column == "ci"
                else _COLUMNS.get(self.column, self.column.replace("_", " "))
            )
        text = ", ".join(part for part in parts if part)
        return text[:1].upper() + text[1:]

    def pretty(self):
        """The stored number with its unit, as a page would print it."""
        if self.column == "p_value":
            return self.text
        if self.value is None:
            return ""
        if self.column == "ci":
            return _interval(self.row, self.unit)
        signed = (
            _is_change(self)
            and self.column == "value"
            and self.unit != "ratio"
            and self.row.get("measure") != "relative risk reduction"
        )
        return _with_unit(
            _minus(("+" if signed and self.value > 0 else "") + self._grouped()),
            self.unit,
        )

    def uncertainty(self):
        """Interval, standard error, standard deviation and p value as far as they are published, in words."""
        row, parts = self.row, []
        if self.column not in (
            "value",
            tables.resource(self.table)["book"].get("value"),
        ):
            return ""
        if row.get("ci_low") and row.get("ci_high"):
            parts.append(
                f"{row.get('ci_level') or '95'} % CI {_interval(row, self.unit)}"
            )
        for column, name in (("se", "SE"), ("sd", "SD")):
            if row.get(column):
                parts.append(f"{name} {_with_unit(row[column], self.unit)}")
        if row.get("p_value"):
            p = row["p_value"]
            parts.append(
                f"p {p}" if p[0] in "<>=≤≥" else f"p = {p}" if p[0].isdigit() else p
            )
        return "; ".join(parts)

    def _grouped(self):
        whole, _, rest = self.text.partition(".")
        return (
            f"{int(whole):,}" if self.unit != "year" and len(whole) > 3 else whole
        ) + (f".{rest}" if rest else "")


_COLUMNS = {
    "se": "standard error",
    "sd": "standard deviation",
    "ci_low": "lower limit",
    "ci_high": "upper limit",
    "n": "people in this arm or comparison",
    "n_total": "people in the study",
    "events": "people with the event",
    "person_years": "person-years",
    "months": "months",
    "dose_mg": "dose",
    "p_value": "p value",
}


def fact(target):
    """The Fact that a target (`id`, `id:column` or `id:ci`) names.

    Raises UnknownFact if no row has the id (the message suggests near ones) and FactError if the row has no such number.
    """
    name, _, column = target.strip().partition(":")
    if name not in _index():
        near = difflib.get_close_matches(name, _index(), n=3, cutoff=0.6)
        raise UnknownFact(
            f"No row of data/ has the id {name!r}."
            + (f" Near it: {', '.join(near)}." if near else "")
        )
    table, row = _index()[name]
    about = tables.resource(table)
    column = column or about["book"].get("value", "")
    if not column:
        raise FactError(
            f"{name!r} is a row of {table}, which holds words and no numbers, so it cannot be a fact."
        )
    known = {
        field["name"]
        for field in about["schema"]["fields"]
        if field["type"] in ("number", "integer")
    } | {"p_value"} & set(row)
    known |= {"ci"} & ({"ci"} if "ci_low" in row else set())
    if column not in known:
        raise FactError(
            f"{name} ({table}) has no number in a column {column!r}; its columns with numbers are {', '.join(sorted(known))}."
        )
    return Fact(name, table, row, column)


def ids():
    """Every id that a fact may name, in the order of the tables."""
    return [
        name
        for name, (table, _) in _index().items()
        if tables.resource(table)["book"].get("value")
    ]


def check(written, target):
    """Compares written text with the tables and returns the Fact; raises FactError, in a sentence, if they disagree."""
    found = fact(target)
    if (found.text if found.column != "ci" else found.value) in ("", None):
        raise FactError(
            f"{target}: the prose says {written!r}, but the table holds no {found.column} for this row."
        )
    text = _plain(written)
    if found.column == "p_value":
        agrees = re.sub(r"^p\s*=?\s*", "", text, flags=re.I).replace(
            " ", ""
        ) == found.text.replace(" ", "")
        problem = "" if agrees else "they differ"
    else:
        problem = (_compare_interval if found.column == "ci" else _compare)(text, found)
    if problem:
        raise FactError(
            f"{target}: the prose says {written!r}, but data/{found.table}.csv holds {found.pretty()}: {problem}."
        )
    return found


def _compare(text, found):
    """Why the text disagrees with the fact; empty if it agrees."""
    number = _parse(text)
    if isinstance(number, str):
        return number
    return _agree(number, found, found.value)


def _compare_interval(text, found):
    sides = re.split(r"\s+(?:to|and)\s+", text)
    if len(sides) != 2:
        return "an interval is written with 'to' between its limits"
    about, direction, front = _split_front(sides[0])
    low, high = _parse(front), _parse(sides[1])
    for side in (low, high):
        if isinstance(side, str):
            return side
    if (
        not low.direction and not low.sign
    ):  # what stands once, before or after, is meant for both
        low = replace(low, direction=direction or high.direction)
        high = replace(high, direction=high.direction or direction)
    low = replace(low, phrase=low.phrase or high.phrase, about=about)
    first = [_agree(low, found, found.value[0]), _agree(high, found, found.value[1])]
    turned = [_agree(low, found, found.value[1]), _agree(high, found, found.value[0])]
    if (
        low.direction and high.direction and not any(turned)
    ):  # "5 % to 20 % lower" runs from the upper limit to the lower
        return ""
    return first[0] or first[1]


@dataclass(frozen=True)
class _Written:
    sign: str
    digits: str  # as written, without sign and commas
    phrase: str  # the unit phrase
    direction: int  # -1 or 1 where words give the direction, else 0
    about: bool


def _plain(text):
    """Text with plain spaces and hyphens for minus signs."""
    return re.sub(
        r"\s+",
        " ",
        text.replace(MINUS, "-")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("\u2009", " "),
    ).strip()


def _split_front(text):
    """Whether the text says about, the direction that its words give (-1, 0 or 1), and the rest of it."""
    about, direction = False, 0
    for _ in range(2):  # "about" stands before or after the direction words
        for word in _ABOUT:
            if text.lower().startswith(word + " "):
                about, text = True, text[len(word) + 1 :]
        for word, sign in _DIRECTIONS:
            if not direction and text.lower().startswith(word + " "):
                direction, text = sign, text[len(word) + 1 :]
    return about, direction, text


def _parse(text):
    """The parts of a written number, or a sentence that says why it cannot be read."""
    about, direction, rest = _split_front(text)
    found = _NUMBER.match(rest)
    if not found:
        return "it must be a number, after at most 'about' and a direction word such as 'lost' or 'rose by'"
    phrase = rest[found.end() :].strip()
    for word, sign in _AFTER.items():
        for pattern in (rf"^(.*?)\b{word}$", rf"^{word}\b(.*)$"):
            after = re.match(pattern, phrase)
            if after and not direction:
                direction, phrase = sign, after[1].strip()
    between = re.match(
        r"^(women|people|men|events|cases) (fewer|more|less)\b(.*)$", phrase
    )
    if between and not direction:
        direction, phrase = _AFTER[between[2]], between[3].strip()
    if direction and found["sign"]:
        return "a direction word and a sign together are ambiguous; write one of them"
    return _Written(
        found["sign"], found["digits"].replace(",", ""), phrase, direction, about
    )


def _agree(number, found, stored):
    """Why a written number disagrees with a stored one of this fact; empty if it agrees."""
    unit, sign = found.unit, number.direction or (-1 if number.sign == "-" else 1)
    if unit == "ratio" and number.direction:
        if number.phrase != "%":
            return "a ratio with a direction word is written in %, such as '38 % lower'"
        stored, sign = number.direction * 100 * (stored - 1), 1
    else:
        if (
            number.direction
            and found.row.get("measure") in _LEVELS
            and found.table == "outcomes"
        ):
            return f"a {found.row['measure']} is a level and not a change, so it takes no direction word"
        factor = (
            1
            if found.column == "ci" and not number.phrase
            else _factor(number.phrase, found)
        )
        if factor is None:
            wrong = (
                f"the unit phrase {number.phrase!r} does not fit"
                if number.phrase
                else "the unit is missing"
            )
            return f"{wrong} (stored: {unit})"
        stored = stored * factor
        if number.direction and found.row.get("measure") == "relative risk reduction":
            sign = -sign  # "38 % fewer" is a reduction of +38 %
    places = len(number.digits.partition(".")[2])
    written = sign * Decimal(number.digits)
    rounded = _round(stored, places)
    if written != rounded and not (
        number.about and not places and written == _two_figures(stored, number.digits)
    ):
        if written == -rounded and rounded:
            return "the sign or direction is the other one"
        return f"at the written precision it is {_minus(format(rounded, 'f'))}{' ' + number.phrase if number.phrase else ''}"
    if not written and stored:
        return (
            "rounding it to nothing would say that there is none; write one more digit"
        )
    if (
        unit == "ratio"
        and not number.direction
        and written == 1 != stored
        and not places
    ):
        return "rounding the ratio to 1 would say that there is no difference; write its decimals"
    return ""


def _round(number, places):
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _two_figures(stored, digits):
    """After "about", a number of four digits or more may stand for one rounded to no fewer than two figures."""
    zeros = len(digits) - len(digits.rstrip("0"))
    zeros = min(zeros, len(digits) - 2)
    return (
        _round(stored / 10**zeros, 0) * 10**zeros
        if len(digits) > 3 and zeros > 0
        else None
    )


def _factor(phrase, found):
    """What the stored number is multiplied by to be written with this phrase; None if the phrase does not fit its unit."""
    unit, change = (
        found.unit,
        found.table in _CHANGES and found.row.get("statistic") != "share of women",
    )
    for pattern, factor in _PHRASES.get(unit, [(re.escape(unit), 1)]):
        if re.fullmatch(pattern, phrase):
            return None if change and "00" in pattern else factor
    for pattern in (_COUNTS.get(unit), _SPANS.get(unit)):
        if pattern is not None and re.fullmatch(pattern, phrase):
            return 1
    return (
        1
        if unit.endswith("/day")
        and re.fullmatch(rf"{_SHORT.get(unit[:-4], unit[:-4])} (?:a|per) day", phrase)
        else None
    )


def _field(table, column):
    return next(
        (
            field
            for field in tables.resource(table)["schema"]["fields"]
            if field["name"] == column
        ),
        {},
    )


def _is_change(found):
    row = found.row
    words = " ".join(row.get(key) or "" for key in ("statistic", "measure", "method"))
    return (
        found.table == "menopause_loss"
        or "change" in words
        or "difference" in words
        or "range" in words
        or "reduction" in words
    )


def _arm(row):
    if "dose_mg" not in row or not row.get("drug"):
        return ""
    name = _drug(row["drug"])
    if row.get("regimen"):
        return f"{name} ({row['regimen']})"
    return (
        f"{name} {row['dose_mg']} mg/day"
        if row.get("dose_mg") and row["drug"] != "placebo"
        else name
    )


def _drug(name):
    known = _index().get(name)
    return known[1]["name"] if known and known[0] == "drugs" else name


def _fill(template, row):
    """The template with the row's words in it; `{drug.name}` is the drug's name; parts left empty are dropped."""

    def word(match):
        return (
            _drug(row["drug"]) if match[1] == "drug.name" else row.get(match[1]) or ""
        )

    parts = [
        re.sub(r"\{([a-z_.]+)\}", word, part).strip() for part in template.split(", ")
    ]
    return ", ".join(part.rstrip(":") for part in parts if part.strip(": "))


def _source(study):
    row = _index()[study][1]
    link = (
        f"https://doi.org/{row['doi']}"
        if row.get("doi")
        else f"https://pubmed.ncbi.nlm.nih.gov/{row['pmid']}/"
        if row.get("pmid")
        else row.get("address", "")
    )
    return {
        "study": study,
        "name": row["name"],
        "authors_year": row["authors_year"],
        "link": link,
    }


def _interval(row, unit):
    low, high = _minus(row["ci_low"]), _minus(row["ci_high"])
    return (
        f"{low} % to {high} %" if unit == "%" else _with_unit(f"{low} to {high}", unit)
    )


def _with_unit(number, unit):
    if unit == "%/year":
        return f"{number} % a year"
    return (
        number if unit in ("ratio", "1", "", "year", "T-score") else f"{number} {unit}"
    )


def _minus(text):
    return text.replace("-", MINUS)


def _index():
    """id -> (table, row) over all tables, read again when a table changes."""
    names = tables.tables()
    key = (
        tuple(
            (name, (tables.DATA / f"{name}.csv").stat().st_mtime_ns) for name in names
        ),
        tables.DATA,
    )
    if _index.key != key:
        _index.rows = {
            row["id"]: (name, row) for name in names for row in tables.rows(name)
        }
        _index.key = key
    return _index.rows


_index.key, _index.rows = None, {}
