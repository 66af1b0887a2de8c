"""Assignments that grade themselves: their structure, what students get, and the marks of right, wrong and broken submissions."""

import ast
import copy
import csv
import re
import zipfile

import nbformat
import numpy as np
import pytest
import yaml

from bonebook import own, pick, tables
from helpers import ROOT, TIERS, nothing
from press import numbers
from press.myst import PageError
from tools.shelf import assignments
from tools.shelf.assignments import HIDDEN, SOLUTION, about

NAMES = sorted(path.stem for path in assignments.FOLDER.glob("*-*.md"))
FEW = "intermediate-difference"  # what `make test` grades
WORDS = "The written part, in words of a student's own."


@pytest.fixture(scope="module")
def every():
    """The nine, read once: {name: Assignment}."""
    return {each.name: each for each in assignments.every()}


def graded(notebook):
    """Points of the parts: {grade_id: points}."""
    cells = [about(cell) for cell in notebook.cells]
    return {told["grade_id"]: told["points"] for told in cells if told.get("grade")}


def test_there_are_three_a_tier_and_each_has_its_parts(every):
    tiers = [each.page.partition("/")[0] for each in every.values()]
    assert {tier: tiers.count(tier) for tier in TIERS} == dict.fromkeys(TIERS, 3)
    assert all(each.name.startswith(each.page.split("/")[0]) for each in every.values())
    for each in every.values():
        assert list(graded(each.source)) == ["part-1", "part-2", "part-3", "part-4"]
        assert graded(each.source)["part-4"] == 4
        ids = [cell.id for cell in each.source.cells]
        assert len(set(ids)) == len(ids), each.name


@pytest.mark.parametrize("name", NAMES)
def test_numbers_of_the_prose_are_those_of_the_rows(name):
    nothing(numbers.faults(f"teach/assignments/{name}"))


#: Numbers that a cell may hold: counters and formulas; how much an answer may be off; women in a made-up arm, years on treatment.
IN_CODE = {0, 1, 2, 3, 4, 5, 10, 20, 100, 1000, 1.96}
IN_CODE |= {0.0005, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.1001, 0.2001}
IN_CODE |= {2000, 10000, 0.5, 1.5}


@pytest.mark.parametrize("name", NAMES)
def test_cells_take_their_numbers_from_rows_that_exist(name, every):
    typed, ids = set(), set()
    for cell in every[name].source.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Constant) and type(node.value) in (int, float):
                    typed.add(node.value)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    ids.add(node.value)
    assert not typed - IN_CODE
    known = set(tables.index())
    assert ids & known or any(id.startswith(tuple(ids - {""})) for id in known)


def student(source):
    """What nbgrader makes of a source for students, without its gradebook."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

    made, told = copy.deepcopy(source), {"unique_key": "x"}
    maker = ClearSolutions(code_stub={"python": ""}, text_stub="Write.")
    made, told = maker.preprocess(made, told)
    return ClearHiddenTests().preprocess(made, told)[0]


@pytest.mark.slow
def test_students_get_no_answer_and_no_hidden_test(every):
    for each in every.values():
        made = student(each.source)
        text = "\n".join(cell.source for cell in made.cells)
        assert "### " not in text.replace("\n### Solution", ""), each.name
        assert graded(made) == graded(each.source)
        for before, after in zip(each.source.cells, made.cells, strict=True):
            told = about(before)
            if told.get("solution"):
                answer = before.source.partition(SOLUTION[0])[2].strip().split("\n")[0]
                assert answer not in after.source, (each.name, told["grade_id"])
            elif told.get("grade"):
                test = before.source.partition(HIDDEN[0])[2].partition(HIDDEN[1])[0]
                assert test.strip() not in after.source
                assert after.source.strip(), (
                    "what can be seen of a test says what is wanted"
                )
            else:
                assert after.source == before.source


def test_a_rubric_has_levels_an_exemplar_and_a_failing_answer(every):
    for each in every.values():
        ask = next(
            c.source for c in each.source.cells if about(c).get("grade_id") == "ask-4"
        )
        assert ask.count(" points: ") >= 4 and "- 0 points: " in ask
        good, _, bad = each.rubric.partition("## An answer with none")
        assert len(good.split("## An answer with all points")[1].split()) > 40
        assert 3 < len(bad.split()) < 40
        assert bad.strip() not in "\n".join(c.source for c in each.source.cells)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("grade_id: part-2", "grade_id: part-1", "cell part-1: two cells"),
        ("points: 2, grade_id", "grade_id", ""),
        ("schema_version: 3", "schema_version: 2", "schema_version must be 3"),
        ("### BEGIN HIDDEN TESTS", "", "has one hidden part"),
        ("### END SOLUTION", "", "has one solution"),
        ("    - points: 2\n", "    - points: 5\n", "rubric, levels"),
        ("objectives: [1, 2]", "objectives: [1, 9]", "assignment, objectives"),
        ("page: intermediate/", "page: intermediate/no", "assignment: page"),
    ],
)
def test_a_fault_of_a_source_is_told(old, new, said, tmp_path):
    text = (assignments.FOLDER / f"{FEW}.md").read_text(encoding="utf-8")
    if not said:
        text, old, said = re.sub(r", points: 2", "", text), "", "points above zero"
    else:
        assert old in text
    for room in ("book", "data"):
        (tmp_path / room).symlink_to(ROOT / room)
    path = tmp_path / "teach" / "assignments" / "x-y.md"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    with pytest.raises(PageError, match=re.escape(said)) as error:
        assignments.read(path, tmp_path)
    assert str(error.value).startswith("teach/assignments/x-y.md: ")


# A trial of one's own


def test_the_same_name_draws_the_same_trial_and_another_draws_another():
    ids = ["ettinger1999-vfx-plac", "ettinger1999-vfx-rlx60"]
    ada = own.counts("Ada Example", ids, 1000)["events"].tolist()
    assert own.counts("  ada  EXAMPLE ", ids, 1000)["events"].tolist() == ada
    assert own.counts("Ada Example", ids[::-1], 1000)["events"].tolist() == ada[::-1]
    assert own.counts("Ben Example", ids, 1000)["events"].tolist() != ada
    with pytest.raises(ValueError, match="There is no name"):
        own.counts("", ids, 1000)


def test_draws_have_the_risk_mean_error_and_ratio_of_their_rows():
    who = [f"student {number}" for number in range(150)]
    risk, mean = "ettinger1999-vfx-plac", "johnston2000-ls-bmd-rlx60"
    drawn = [own.generator(name, risk).binomial(1000, 0.101) for name in who]
    assert own.counts(who[7], [risk], 1000)["events"][0] == drawn[7]
    assert abs(np.mean(drawn) - 101) < 4 * 9.5 / 150**0.5
    row = pick([mean]).iloc[0]
    spread = [own.generator(name, mean).normal(row["value"], row["se"]) for name in who]
    assert own.means(who[7], [mean])["value"][0] == round(spread[7], 2)
    assert 0.85 < np.std(spread) / row["se"] < 1.15
    one = own.ratios(who[7], ["ruth2006-vte-hr"]).iloc[0]
    real = pick(["ruth2006-vte-hr"]).iloc[0]
    width = np.log(one["ci_high"] / one["ci_low"])
    assert abs(width - np.log(real["ci_high"] / real["ci_low"])) < 0.02


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: own.counts("a", ["ruth2006-vte-hr"], 10), "no share of people"),
        (lambda: own.counts("a", ["ettinger1999-vfx-plac"]), "how many"),
        (lambda: own.means("a", ["ettinger1999-vfx-plac"]), "No standard error"),
        (lambda: own.women("a", "ettinger1999-vfx-plac", 3), "standard deviation"),
    ],
)
def test_a_row_that_cannot_be_drawn_is_told(ask, said):
    with pytest.raises(ValueError, match=said):
        ask()


# Appraisal


def test_the_sets_of_claims_grow_harder_and_their_answers_stand_in_the_ledger():
    sets = yaml.safe_load((ROOT / "teach" / "appraisal.yml").read_text("utf-8"))["sets"]
    claims = {row["id"]: row for row in tables.rows("claims")}
    assert [len(each["claims"]) for each in sets] == [8, 8, 8]
    listed = [claim for each in sets for claim in each["claims"]]
    assert len(set(listed)) == 24 and set(listed) <= set(claims)
    depth = [
        np.mean([TIERS.index(claims[c]["tier"].lower()) for c in each["claims"]])
        for each in sets
    ]
    assert depth == sorted(depth) and len(set(depth)) == 3
    for each in sets:
        assert len({claims[claim]["verdict"] for claim in each["claims"]}) >= 4
    texts = [assignments.appraisal(count).cells for count in (1, 2, 3)]
    for cells, each in zip(texts, sets, strict=True):
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        assert all(f'"{claim}"' in code for claim in each["claims"])


def test_agreement_beyond_chance_is_worked_out_in_the_cells(tmp_path, monkeypatch):
    """Two students: one agrees with the ledger throughout, one gives the same verdict to all."""
    monkeypatch.chdir(tmp_path)
    cells = [c.source for c in assignments.appraisal(1).cells if c.cell_type == "code"]
    verdicts = {row["id"]: row["verdict"] for row in tables.rows("claims")}

    def run(name, judge):
        room = {}
        for cell in cells:
            exec(cell.replace('name = ""', f"name = {name!r}"), room)
            if "judged" in room:
                room["judged"].update({c: judge(c) for c in room["claims"]})
        return room

    ada = run("Ada", verdicts.get)
    assert ada["agreed"] == 1 and ada["kappa"] == 1
    ben = run("Ben", lambda _: "supported")
    assert ben["agreed"] == 2 / 8 and ben["kappa"] == 0
    # the class: both files are in the folder, ten of sixteen judgments agree
    assert ben["share"] == 10 / 16
    mine, right = ["supported"] * 8, [verdicts[c] for c in ben["claims"]]
    pairs = list(zip(mine + right, right * 2, strict=True))
    chance = sum(
        np.mean([a == v for a, _ in pairs]) * np.mean([b == v for _, b in pairs])
        for v in set(right)
    )
    assert ben["class_kappa"] == pytest.approx((10 / 16 - chance) / (1 - chance))


# Marks


def sent(each, who, kind, released):
    """A submission of `who`: right, wrong, empty, crashing, endless, exiting, overwritten, copied or missing."""
    made = copy.deepcopy(released)
    source = {about(cell).get("grade_id"): cell for cell in each.source.cells}
    for cell in made.cells:
        told = about(cell)
        if told.get("grade_id") == "name":
            cell.source = f'name = "{who}"'
        elif told.get("solution") and kind != "empty":
            text = source[told["grade_id"]].source
            cell.source = "\n".join(
                line for line in text.split("\n") if line not in SOLUTION
            )
            if cell.cell_type == "markdown":
                cell.source = WORDS
    place = {about(cell).get("grade_id"): cell for cell in made.cells}
    answer, last = place["answer-3"], place["part-3"]
    if kind in ("wrong", "overwritten"):
        names = re.findall(r"^(\w+) = (None|\{)", source["answer-3"].source, re.M)
        for name, held in names:
            new = f"dict.fromkeys({name}, -1)" if held == "{" else "-12345"
            answer.source += f"\n{name} = {new}"
    if kind == "overwritten":
        last.source = "pass"
    extra = {
        "crashing": "this is no (Python",
        "endless": "while True:\n    pass",
        "exiting": "import os\n\nos._exit(1)",
    }
    if kind in extra:
        answer.source = extra[kind]
    if kind == "copied":
        made.cells.insert(2, copy.deepcopy(place["part-1"]))
        made.cells.insert(made.cells.index(answer), copy.deepcopy(answer))
        made.cells.append(copy.deepcopy(place["part-4"]))
        made.cells[-1].source = released.cells[-1].source
    if kind == "missing":
        made.cells.remove(last)
    return made


#: Of the three parts that a test marks, which have their points; and what is said of it.
MARKS = {
    "right": (1, 1, 1, ""),
    "wrong": (1, 1, 0, ""),
    "empty": (0, 0, 0, ""),
    "crashing": (1, 1, 0, ""),
    "copied": (1, 1, 1, "cell part-1 stood there 2 times"),
    "overwritten": (1, 1, 0, ""),
    "missing": (1, 1, 1, "cell part-3 was missing"),
    "endless": (1, 1, 0, ""),
    "exiting": (0, 0, 0, "stopped while it ran"),
}


@pytest.mark.parametrize("kind", ["right", "wrong", "empty"])
@pytest.mark.parametrize("name", NAMES)
def test_the_tests_of_a_source_know_right_from_wrong(name, kind, every):
    """The cells run here, without nbgrader and without a figure: a broken hidden test is found at once."""
    each = every[name]
    room, got = {}, []
    tests = {about(cell).get("grade_id"): cell.source for cell in each.source.cells}
    for cell in sent(each, f"{kind} student", kind, student(each.source)).cells:
        told = about(cell)
        if cell.cell_type != "code":
            continue
        code = tests[told["grade_id"]] if told["grade"] else cell.source
        code = code.replace("style.people(mine);", "")
        try:
            exec(code, room)
            failed = False
        except AssertionError:
            failed = True
        if told["grade"]:
            got.append(int(not failed))
    assert tuple(got) == MARKS[kind][:3]


def marks(course, some, kinds, timeout):
    """Send one submission of each kind, grade them all, compare; the table of marks."""
    made = {each.name: each for each in some}
    for each in some:
        for kind in kinds:
            target = course / "submitted" / kind / each.name / f"{each.name}.ipynb"
            target.parent.mkdir(parents=True)
            path = course / "release" / each.name / target.name
            nbformat.write(
                sent(each, f"{kind} student", kind, nbformat.read(path, 4)), target
            )
    rows = assignments.grade(course, timeout)
    read = list(csv.DictReader((course / "marks.csv").open(encoding="utf-8")))
    assert [row["student"] for row in read] == [row["student"] for row in rows]
    found, faults = {}, []
    for row in rows:
        found.setdefault((row["assignment"], row["student"]), []).append(row)
    for (name, kind), four in found.items():
        *right, said = MARKS[kind]
        points = graded(made[name].source)
        wanted = [flag * points[f"part-{n}"] for n, flag in enumerate(right, 1)]
        got = [row["points"] for row in four]
        print(name, kind, *got, four[0]["total"], four[0]["note"], sep="\t")
        reading = 0 if kind == "empty" else None
        if got[:3] != wanted or (got[3] != reading and kind != "exiting"):
            faults.append(f"{name}, {kind}: {got} and not {wanted}, {reading}")
        if said not in four[0]["note"] or bool(said) != bool(four[0]["note"]):
            faults.append(f"{name}, {kind}: said {four[0]['note']!r}")
    assert len(found) == len(some) * len(kinds)
    nothing(faults)


@pytest.mark.weekly
@pytest.mark.slow
def test_five_submissions_of_one_assignment_get_their_marks(tmp_path):
    """Copied cells stop nobody; a wrong, an empty and a crashing answer cost their own part."""
    course = tmp_path / "course"
    marks(course, assignments.build(course, only=[FEW]), list(MARKS)[:5], 20)


@pytest.mark.weekly
@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_submission_of_each_assignment_gets_its_marks(name, tmp_path):
    course = tmp_path / "course"
    marks(course, assignments.build(course, only=[name]), list(MARKS), 20)


@pytest.mark.weekly
def test_the_archive_is_the_same_each_time_and_leaves_nothing_out(tmp_path):
    """Twice the same bytes; no path of this machine, no address of another in what is fetched."""
    one, two = (assignments.shelve(tmp_path / room)[-1] for room in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert len(archive.namelist()) == 3 * len(NAMES) + 4
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8")
            assert str(tmp_path) not in text and str(ROOT) not in text
