"""What the rows of one study say of each other: its arms, its questions, its times, its units."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from .cross_cells import ASKED, OF_ONE_ARM, At, Found, Rows, every, kind
from .cross_names import ARMS, SORTS, drug_of, of_arm, words

#: Columns that differ between the arms of one question.
OWN = {
    "id",
    "drug",
    "exercise",
    "dose_mg",
    "regimen",
    "comparator",
    "n",
    "events",
    "person_years",
    "value",
    "se",
    "sd",
    "ci_low",
    "ci_high",
    "ci_level",
    "p_value",
    "note",
    "looked_up",
}


def sisters(rows: Rows) -> Iterator[Found]:
    """Rows of a study whose ids differ in the arm alone agree in everything else."""
    for name in ASKED:
        groups: dict[tuple, list[At]] = defaultdict(list)
        for at in every(rows, name):
            found = words(at.row)
            tail = [word for word in found if not of_arm(word, at.row)]
            end = found[-1] if found[-1] in ("high", "low") else ""
            groups[at.row["study"], *tail, len(found), end].append(at)
        for group in groups.values():
            for column in group[0].row:
                if column not in OWN:
                    yield from _odd(group, column)


def questions(rows: Rows) -> Iterator[Found]:
    """Rows of a study whose ids differ in the arm or the sort of number are of one outcome, of the same people, at one time."""
    for name, asked in ASKED.items():
        groups: dict[tuple, list[At]] = defaultdict(list)
        times: Counter[tuple[str, str]] = Counter()
        for at in every(rows, name):
            row = at.row
            tail = [w for w in words(row) if w not in SORTS and not of_arm(w, row)]
            groups[row["study"], *tail].append(at)
            times[row["study"], row["months"]] += 1
        for group in groups.values():
            if not any(word in SORTS for at in group for word in words(at.row)):
                continue
            yield from _odd(group, asked)
            yield from _odd(group, "population")
            for fault in _odd(group, "months"):
                # a report that tells of two times tells so in several rows
                if times[fault[2]["study"], fault[2]["months"]] < 4:
                    yield fault


def _odd(group: list[At], column: str) -> Iterator[Found]:
    """The rows whose cell is not the one that most of the others have; the later row where it is one against one."""
    counted = Counter(at.row[column] for at in group)
    if len(counted) < 2:
        return
    usual = counted.most_common(1)[0][0]
    other = next(at.row["id"] for at in group if at.row[column] == usual)
    for at in group:
        if at.row[column] != usual:
            yield at.says(column, f"{usual or 'nothing'}, as in {other}")


def comparators(rows: Rows) -> Iterator[Found]:
    """A comparison names what it compares with, an arm's own row does not; a study compares with one thing unless the id says more."""
    usual: dict[tuple, Counter[str]] = defaultdict(Counter)
    drugs: dict[tuple, set[str]] = defaultdict(set)
    for at in every(rows, *ASKED):
        row = at.row
        if kind(row) not in OF_ONE_ARM and row["comparator"]:
            usual[at.table, row["study"]][row["comparator"]] += 1
        drugs[at.table, row["study"], row["months"]].add(row.get("drug", ""))
    for at in every(rows, *ASKED):
        row = at.row
        said, what = row["comparator"], kind(row)
        compared = re.search("ratio|relative|difference|needed", what)
        level = what in ("risk", "count", "rate", "share")
        others = {"", "none", *drugs[at.table, row["study"], row["months"]]}
        if compared and said in ("", "baseline"):
            yield at.says("comparator", "what it is compared with")
        elif level and said not in others:
            expected = f"nothing: a {what} is of one arm, and no row is of {said}"
            yield at.says("comparator", expected)
        elif said and said == row.get("drug") and said != "none":
            yield at.says("comparator", "another arm than its own")
        if row.get("drug") == "placebo" and row["dose_mg"] not in ("", "0"):
            yield at.says("dose_mg", "0 or nothing for a placebo")
        counted = usual[at.table, row["study"]]
        named = any(ARMS.get(drug_of(word)[0], "~") in said for word in words(row))
        if counted[said] == 1 and not named and said:
            most, times = counted.most_common(1)[0]
            if times > 2:
                yield at.says("comparator", f"{most}, as in the study's other rows")


def usual_arms(rows: Rows) -> Iterator[Found]:
    """Rows of a study whose ids name no arm have one drug and one dose, and compare with one thing."""
    plain: dict[tuple[str, str], list[At]] = defaultdict(list)
    for at in every(rows, "outcomes", "bmd_change", "markers"):
        if not any(of_arm(word, at.row) for word in words(at.row)):
            plain[at.table, at.row["study"]].append(at)
    for group in plain.values():
        yield from _odd(group, "drug")
        yield from _odd(group, "dose_mg")
        compared = [at for at in group if kind(at.row) not in OF_ONE_ARM]
        yield from _odd(compared, "comparator")


def one_arm(rows: Rows) -> Iterator[Found]:
    """The rows of a study that call an arm by one name, in the same people, are of one drug, dose and regimen."""
    named: dict[tuple, list[At]] = defaultdict(list)
    for at in every(rows, "outcomes", "bmd_change", "markers"):
        row = at.row
        name = [w for w in words(row) if of_arm(w, row) and w not in ("high", "low")]
        if name:
            named[row["study"], row["population"], row["comparator"], *name].append(at)
    for group in named.values():
        for column in ("drug", "dose_mg", "regimen"):
            yield from _odd(group, column)


def measured(rows: Rows) -> Iterator[Found]:
    """A study gives like numbers in one unit and as one statistic, against one comparator."""
    units: dict[tuple, list[At]] = defaultdict(list)
    statistics: dict[tuple, list[At]] = defaultdict(list)
    changes: dict[tuple, list[At]] = defaultdict(list)
    for at in every(rows, *ASKED):
        row, of = at.row, (at.table, at.row["study"])
        if not re.search(r"-(tscore|pct|abs|bmc)\b", row["id"]):
            units[*of, row[ASKED[at.table]], kind(row)].append(at)
        if at.table != "outcomes" and not kind(row).startswith("range"):
            statistics[*of, row["comparator"], row["unit"]].append(at)
        if "change" in kind(row):
            changes[of].append(at)
            if row["comparator"] not in ("baseline", "placebo", "none"):
                yield at.says("comparator", f"baseline: a {kind(row)} is of one arm")
        bone = re.search("^BMD|^bone", row.get("outcome", ""))
        if at.table == "loading_trials" and (row["site"] == "any") == bool(bone):
            yield at.says("outcome", f"one that is measured at: {row['site']}")
    for groups, column in (
        (units, "unit"),
        (statistics, "statistic"),
        (changes, "comparator"),
    ):
        for group in groups.values():
            yield from _odd(group, column)


def times(rows: Rows) -> Iterator[Found]:
    """A row is of the time that the study's other rows on the same people are of, unless its id says more or others share its time."""
    groups: dict[tuple, list[At]] = defaultdict(list)
    for at in every(rows, *ASKED):
        groups[at.table, at.row["study"], at.row["population"]].append(at)
    for group in groups.values():
        counted = Counter(at.row["months"] for at in group)
        for fault in _odd(group, "months"):
            timed = re.search(r"-(\d+\w{0,2}|y\d+|off|on|all)\b", fault[2]["id"])
            if counted[fault[2]["months"]] == 1 and not timed:
                yield fault


#: Words that tell nobody apart.
COMMON = re.compile(
    "women|men|people|adults|with|and|of|the|in|a|for|who|after|before|at|on|from|to|or|any|all|by|up|not|both|one"
)


def described(rows: Rows) -> Iterator[Found]:
    """The people of a row share a word with what the study, or another row of it, says of its people."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    studies = {at.row["id"]: at.row for at in every(rows, "studies")}
    for at in every(rows, *ASKED):
        said[at.row["study"]][at.row["population"]] += 1
    for at in every(rows, *ASKED):
        population, study = at.row["population"], studies.get(at.row["study"])
        if not study or not population:
            continue
        texts = [study[column] for column in ("name", "population", "design", "note")]
        counted = said[at.row["study"]]
        others = [other for other in counted if other != population]
        mine = _telling(population)
        if counted[population] > 1 or not mine:
            continue
        if not mine & _telling(" ".join(texts + others)):
            yield at.says("population", f"people of {study['name']}")


def _telling(text: str) -> set[str]:
    """The words of a text that tell people apart, without the s of a plural."""
    found = re.findall(r"[\w-]+", text.lower())
    return {word.rstrip("s") for word in found if not COMMON.fullmatch(word)}


def read(rows: Rows) -> Iterator[Found]:
    """What was read at one address for one study was read in the same way."""
    for name in rows:
        places: dict[tuple[str, str], list[At]] = defaultdict(list)
        for at in every(rows, name):
            row = at.row
            if row.get("address") and row.get("study") and row.get("seen"):
                places[row["study"], row["address"]].append(at)
        for group in places.values():
            yield from _odd(group, "seen")


RULES = {
    "arms of one question": sisters,
    "rows of one question": questions,
    "comparator": comparators,
    "arm of the study": usual_arms,
    "arm of one name": one_arm,
    "unit and statistic": measured,
    "time of the study": times,
    "people in words": described,
    "read in one place": read,
}
