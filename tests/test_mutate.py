"""The run that gets things wrong on purpose: each kind of change, who is asked, how it is told; and what the book notices of forty."""

import os
import random
import re

import pytest

from helpers import ROOT
from tools import mutate
from tools.mutate import kinds, worker, zones

# The run of slips is for those who watch over the checks, and no part of a change to a page.
pytestmark = pytest.mark.slow

#: Of the forty changes of the sample, so many at least are noticed by somebody. Which forty they are hangs on every page and table;
#: of the 400 of tests/mutations.md 398 were, so that fewer than 38 of forty would come by chance once in a thousand times.
FLOOR = 38
#: Of those, so many at least by their meaning, and not by a seal only: of the 400 it was 235, and chance alone goes as low as this.
FLOOR_BY_MEANING = 17

ROWS = """id,study,drug,dose_mg,comparator,n,site,months,measure,events,value,unit,se,ci_low,ci_high,ci_level,p_value,approx,seen,address,verdict,note
ettinger1999-vfx-plac,ettinger1999,placebo,,baseline,2292,spine,36,risk,231,10.1,%,1.25,8.1,12.2,95,0.03,false,primary,https://x.org/7,wrong,not fewer than 44 women
ettinger1999-vfx-rlx60,ettinger1999,raloxifene,60,placebo,2259,spine,36,risk,148,6.6,%,2.75,5.1,7.9,95,<0.01,true,secondary,https://x.org/8,supported,fewer on raloxifene: 35
fisher1998-x-tam,fisher1998,tamoxifen,20,none,100,hip,69,ratio,3,-3.2,ratio,0.55,-4.4,-2.2,95,0.01,false,primary,https://x.org/9,wrong,no more than seven
"""
DERIVED = "id,label,method,inputs,years,per,value,unit\nd-a,Fewer breaks,difference,x,3,1000,1.2,%\nd-b,More clots,ratio,y,5,100,2.2,ratio\n"
ENTRY = """@article{fink2005,
  author = {Ensrud, K. and Milavetz, D. L.},
  title = {What proportion of incident radiographic vertebral deformities is clinically diagnosed},
  year = {2005},
  volume = {20},
  pages = {1216--1222},
  doi = {10.1359/jbmr.050314},
}
"""
PAGE = """---
title: x
---
# Fewer broken bones

Some words on 60 mg of raloxifene, and on placebo {term}`placebo`; it does not heal, says [the page](tissues.md#here).
It was lower in 1999, over four years, out of 1,000 women.
Fewer broke: {fact}`101 out of 1,000 women <ettinger1999-vfx-plac>` and {fact}`44 % lower <ruth2006-invbc-hr>` {cite:p}`ettinger1999,fink2005`, after {fact}`36 months <ettinger1999-vfx-plac:months>`.
That is {given}`35` more.
Clots rose as well, seventy in all.

$$ y = 3 x $$

| a | b |
|---|---|
| x | 12 |

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: |
      Fewer breaks on raloxifene: {given}`66` and three more.
      Data: {data}`outcomes`. Source: {cite:t}`ettinger1999`.
    name: fig-a
  image:
    alt: On raloxifene 66 of the women and seven more had fewer breaks.
---
rows = pick({"ettinger1999-vfx-plac": "no drug at all", "ettinger1999-vfx-rlx60": "with the drug"})
arms = ["no drug at all", "with the drug"]
some = table("outcomes").query("study == 'ettinger1999'")
colors = [style.BENEFIT, style.drug_color("raloxifene")]
value = 1000 - rows * 3
ax.set_xlabel("women with a break");
```

:::{explorable} sure-scan
:alt: A curve on tamoxifen that falls to 12.
Two words.
:::

:::{how-sure} moderate
Why.
:::

:::{where-from}
claims: rlx-i12 rlx-i13
:::
"""
SIDE = """minutes: 11
objectives:
  - Say what the drug does to the spine
questions:
  - id: a-i-1
    ask: Why not 12 on raloxifene?
    options:
      - text: Fewer than seven.
        right: true
        why: "So it was."
      - text: More than that.
        why: "No."
"""
GLOSSARY = "# Glossary\n\n:::{glossary}\nDose\n  Lower than 12.\n\nArm\n  One of a trial.\n:::\n"
DRAWING = '<svg><desc>Estrogen lowers both.</desc><text x="1">Two lowered 12</text><text>other label</text></svg>'
THREADS = "- {n: 1, thread: bone, name: Bone, fundamentals: how bone is lost}\n- {n: 2, thread: receptors, name: Keys, fundamentals: a key}\n"
MODEL = """import x

def answer(settings):
    return 1000 * settings + value("ruth2006-vte-hr")


def chart():
    return alt.Chart(color=style.BENEFIT)


def _sentences(name):
    return {"a": f"{name}: up, for seven women."}


EXPLORABLE = Explorable(
    title="With the drug",
    numbers=[
        Number("a", "Women with the drug", "of 1,000"),
    ],
    presets={
        "One": {"dose": 60, "kappa": RALOXIFENE},
    },
)
"""
SCRIPT = 'const f = (x) => 1000 * x; // 5 is no number\nconst g = "7";\n'
TAUGHT = """discuss:
  - "Is 12 on raloxifene no fewer than seven?"
activity:
  minutes: 15
  do: "Do not read three."
  look_for: "That it fell."
bank:
  - id: tissues-f-b1
    kind: one
    tests: 2
    asks: judge
    ask: "Why not 12 on raloxifene, fewer than seven? {fact}`101 out of 1,000 women <ettinger1999-vfx-plac>`, {fact}`44 % lower <ruth2006-invbc-hr>` after {fact}`36 months <ettinger1999-vfx-plac:months>`"
    options:
      - text: "Fewer."
        right: true
        why: "So."
      - text: "More."
        because: wrong size
        why: "No."
  - id: tissues-f-b2
    kind: number
    tests: [1, 3]
    asks: calculate
    ask: "How many?"
    answer:
      of: [ettinger1999-vfx-rlx60, ettinger1999-vfx-plac]
      is: difference
      places: 1
      tolerance: 0.1
      unit: percentage points
    why: "So."
"""
STATIONS = """- id: a
  brief: "Three ask of raloxifene, not fewer."
  marks:
    - {point: "One", points: 3, rests: "fundamentals/taking#If you forget a tablet"}
    - {point: "Other", points: 2, rests: "fundamentals/taking#With other medicines"}
"""
ASSIGNMENT = """---
kernelspec: {name: python3}
---
# Own

+++ {"nbgrader": {"grade_id": "a-2"}}

It is not 12 on raloxifene, and fewer.

```{code-cell} ipython3
rows = ["ettinger1999-vfx-plac"]
found = 1000 * rows
```
"""
MAKER = """def _question(item):
    if not item.options and item.number.value == 100:
        return add(item, "tolerance", item.number.tolerance, show=True) or 100
"""
FILES = {
    "teach/fundamentals/tissues.yml": TAUGHT,
    "teach/stations.yml": STATIONS,
    "teach/appraisal.yml": "sets:\n  - name: A\n    claims: [rlx-f1, rlx-i12]\n",
    "teach/arrives.yml": '- format: "Moodle 4"\n  lost: "Of three none."\n',
    "teach/competencies.yml": "- id: a\n  items:\n    - code: a\n      meets:\n        fundamentals/bone: [1, 2]\n",
    "teach/handouts.yml": "bone:\n  figure: f\n  numbers: [ettinger1999-vfx-plac, ruth2006-vte-hr]\n",
    "teach/syllabi.yml": "- id: a\n  class:\n    - {part: open, page: fundamentals/bone}\n",
    "teach/assignments/a-b.md": ASSIGNMENT,
    "tools/shelf/moodle.py": MAKER,
    "data/outcomes.csv": ROWS,
    "data/derived.csv": DERIVED,
    "book/references.bib": ENTRY,
    "book/fundamentals/tissues.md": PAGE,
    "book/fundamentals/tissues.yml": SIDE,
    "book/index.md": "# Front\n\nThe eleven threads.\n",
    "book/reference/glossary.md": GLOSSARY,
    "book/reference/models.md": "# Models\n\nA factor of 12.\n",
    "book/threads.yml": THREADS,
    "figures/a.svg": DRAWING,
    "explorables/a/model.py": MODEL,
    "explorables/a/model.js": SCRIPT,
}
#: What some kinds make of these files: (words before, words after), one of them for each seed.
MADE = {
    "arms exchanged (drug, dose)": {("placebo,,baseline", "raloxifene,60,baseline")},
    "drug raloxifene <-> tamoxifen": {(",raloxifene,60", ",tamoxifen,60"), (",tamoxifen,20", ",raloxifene,20")},
    "limits exchanged": {("8.1,12.2", "12.2,8.1"), ("5.1,7.9", "7.9,5.1"), ("-4.4,-2.2", "-2.2,-4.4")},
    "events above n": {("2292,spine,36,risk,231", "231,spine,36,risk,2292"), ("2259,spine,36,risk,148", "148,spine,36,risk,2259"), ("100,hip,69,ratio,3", "3,hip,69,ratio,100")},
    "seen or approx": {("primary", "secondary"), ("secondary", "primary"), ("true", "false"), ("false", "true")},
    "alt: direction word": {("had fewer", "had more"), ("seven more", "seven less"), ("falls", "rises")},
    "alt: drug": {("On raloxifene 66", "On tamoxifen 66"), ("on tamoxifen", "on raloxifene")},
    "alt: number word": {("seven more", "eight more")},
    "alt: of two figures exchanged": {("image:\n    alt: On raloxifene", "image:\n    alt: A curve")},
    "caption: drug": {("breaks on raloxifene", "breaks on tamoxifen")},
    "caption: number word": {("three more", "four more"), ("Two words", "Three words")},
    "cell: color of another drug or side": {("style.BENEFIT", "style.HARM"), ('drug_color("raloxifene")', "drug_color(")},
    "cell: number": {("1000 -", " -"), ("* 3", "* ")},
    "cell: plus and minus": {("1000 - rows", "1000 + rows")},
    "cell: two labels or arms exchanged": {('["no drug', '["with the')},
    "drawing: description": {("lowers", "raises"), ("Estrogen", "Progesterone")},
    "drawing: two labels exchanged": {(">Two lowered 12</text><text>other", ">other label</text><text>Two")},
    "fact: direction word beside it": {("Fewer broke", "More broke")},
    "fact: direction word inside": {("44 % lower", "44 % higher")},
    "fact: role taken off": {("{fact}`101 out of 1,000 women <ettinger1999-vfx-plac>`", "101 out of 1,000 women"), ("{fact}`44 % lower <ruth2006-invbc-hr>`", "44 % lower"), ("{fact}`36 months <ettinger1999-vfx-plac:months>`", "36 months")},
    "fact: {given} for a trial's number, digit changed": {("{fact}`", "{given}`")},
    "how sure: another level": {("moderate", "low"), ("moderate", "high"), ("moderate", "very low")},
    "link: broken": {("tissues.md", "tissus.md")},
    "prose: denominator": {("out of 1,000 women.", "out of 100 women.")},
    "prose: direction word, no number near": {("Fewer broken", "More broken"), ("Clots rose", "Clots fell")},
    "prose: drug raloxifene <-> tamoxifen": {("of raloxifene,", "of tamoxifen,")},
    "prose: negation dropped": {("does not heal", "does heal")},
    "prose: number word": {("four years", "five years"), ("seventy", "eighty")},
    "prose: span in years or months": {("four years", "five years")},
    "quiz: direction word": {("Fewer than", "More than"), ("More than", "Less than")},
    "quiz: drug": {("on raloxifene?", "on tamoxifen?")},
    "quiz: negation dropped": {("Why not 12", "Why 12")},
    "quiz: right moved": {("        right: true\n        why: \"So", "        why: \"So")},
    "bank: objective exchanged": {("tests: 2", "tests: 1"), ("tests: 2", "tests: 3"), ("tests: 2", "tests: 4"), ("[1, 3]", "[2, 3]"), ("[1, 3]", "[1, 4]"), ("tests: [1", "tests: [3"), ("tests: [1", "tests: [4"), ("[1, 3]", "[1, 2]"), ("[1, 3]", "[1, 1]")},
    "bank: right moved": {("        right: true\n        why: \"So", "        why: \"So")},
    "bank: unit of an answer": {("unit: percentage points\n", "unit: ")},
    "bank: row of an answer": {("of: [ettinger1999-vfx-rlx60", "of: [ettinger1999-"), ("ettinger1999-vfx-plac]", "]")},
    "bank: negation dropped": {("Why not 12", "Why 12")},
    "bank: drug": {("Why not 12 on raloxifene", "Why not 12 on tamoxifen")},
    "prompt: number": {("12 on", " on"), ("seven?", "eight?"), ("three.", "four.")},
    "station or case: points": {("points: 3", "points: "), ("points: 2", "points: "), ('"One", points: 3', '"Other", points: 3')},
    "station or case: section": {("#If you forget a tablet", "#"), ("#With other medicines", "#")},
    "syllabus: another page": {("fundamentals/bone}", "fundamentals/")},
    "assignment: a digit": {("not 12 on", " on raloxifene")},
    "export: a condition": {("if not item", "if item"), (" == ", " != "), ("True", "False")},
    "export: another field": {("number.value", "number.tolerance"), ("number.tolerance", "number.value")},
    "python: color of another side": {("style.BENEFIT", "style.HARM")},
    "python: preset": {("RALOXIFENE", "TAMOXIFEN"), ('"dose": 60', '"dose": ')},
    "javascript: sentence under the chart": {("up, for", "down, for"), ("seven", "eight"), ("women", "men")},
    "javascript: number": {("1000 *", " *")},
}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A folder with a file of each sort."""
    root = tmp_path_factory.mktemp("book")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return root


def made(kind, root, seeds=12):
    return [kinds.KINDS[kind].make(random.Random(seed), root) for seed in range(seeds)]


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_change_is_one_small_slip_and_the_same_for_the_same_seed(book, kind):
    changes = made(kind, book, 4)
    assert changes == made(kind, book, 4)
    for change in changes:
        before = FILES[change.file]
        assert change.text != before and change.old != change.new
        rows, other = before.split("\n"), change.text.split("\n")
        assert abs(len(rows) - len(other)) <= 1
        if len(rows) == len(other):
            differ = [n for n, (a, b) in enumerate(zip(rows, other, strict=True), 1) if a != b]  # fmt: skip
            assert 1 <= len(differ) <= 3 and change.line == differ[0]


@pytest.mark.parametrize("kind", MADE)
def test_what_a_kind_makes(book, kind):
    """Each change is one of those expected, and, over twelve seeds, each of those is made if there are few."""
    used = set()
    for change in made(kind, book):
        fits = {
            (old, new)
            for old, new in MADE[kind]
            if old in change.old + change.text + FILES[change.file]
            and FILES[change.file].count(old) > change.text.count(old)
            and new in change.text
        }
        assert fits, f"{change.old} → {change.new}"
        used |= fits
    assert used == MADE[kind] or len(MADE[kind]) > 3


@pytest.mark.parametrize("kind", [kind for kind in kinds.KINDS if "digit" in kind])
def test_a_digit_for_a_digit(book, kind):
    """One digit becomes another; nothing else of the words does."""
    for change in made(kind, book):
        if kind.startswith("fact: {given}"):
            continue
        pairs = zip(FILES[change.file], change.text, strict=True)
        ((old, new),) = [(a, b) for a, b in pairs if a != b]
        assert old.isdigit() and new.isdigit()


def test_ids_are_those_of_rows(book):
    """Another row of the study disagrees with the words; one that agrees is another row altogether."""
    from press import facts, written

    for kind, agrees in (("that agrees", True), ("of the study", False)):
        for change in made(f"fact: id of another row {kind}", book, 3):
            line = change.text.split("\n")[change.line - 1]
            roles = re.findall(r"\{fact\}`([^<]*) <([^>]+)>`", line)
            said = {target: words for words, target in roles}
            new = [id for id in said if id not in PAGE]
            for id in new:
                try:
                    written.check(said[id], id)
                    right = True
                except facts.FactError:
                    right = False
                assert right == agrees


def test_what_is_markup_is_no_prose():
    shown = zones.hide(PAGE, zones.zones(PAGE)["prose"])
    words = " ".join(shown.replace(zones.HIDDEN, " ").split())
    assert "101 out of 1,000 women and 44 % lower" in words
    for hidden in ("ettinger1999", "tissues.md", "y = 3", "set_xlabel", "rlx-i12", "{", "| x"):  # fmt: skip
        assert hidden not in words
    assert len(shown) == len(PAGE)
    bare = zones.hide(PAGE, zones.zones(PAGE)["prose"], ())
    assert "101" not in bare and "60 mg" in bare


def test_cells_of_a_table_stand_where_they_are_written():
    text = 'id,note,n\na-1,"one, two ""x""",3\nb-2,,4\n'
    first, second = zones.rows(text)
    assert first["note"].value == 'one, two "x"' and first["n"].value == "3"
    assert text[second["n"].start : second["n"].end] == "4"
    assert first["note"].put("a, b")[2] == '"a, b"' and first["n"].put("5")[2] == "5"


def test_a_plan_is_that_of_its_seed_and_takes_the_kinds_in_turn(book):
    plan = kinds.plan(3, len(kinds.KINDS), book)
    assert plan == kinds.plan(3, len(kinds.KINDS), book)
    assert {change.kind for change in plan} == set(kinds.KINDS)
    assert [c.text for c in plan[:40]] != [c.text for c in kinds.plan(4, 40, book)]
    alone = kinds.plan(3, 5, book, "prose: drug raloxifene <-> tamoxifen")
    assert len(alone) == 1, "the same change is not made twice"


@pytest.mark.parametrize(
    ("noticed", "shown", "column"),
    [
        ({"check of the tables": "x", "receipts of rows": "x"}, True, mutate.MEANING),
        ({"receipts of rows": "x"}, True, mutate.SEAL),
        ({"receipts of passages": "x"}, True, mutate.SEAL),
        ({}, True, mutate.ESCAPED),
        ({}, False, mutate.NONE),
    ],
)
def test_where_a_change_counts(noticed, shown, column):
    change = kinds.changed("a.md", "prose: dose", "60 mg", [(0, 2, "69")])
    told = mutate.Told(change, noticed, shown)
    assert told.column == column
    text = mutate.table([told], kinds.GROUPS)
    cells = ["1" if each == column else "0" for each in mutate.COLUMNS]
    assert f"| prose: dose | {' | '.join(cells)} | 0 of 5 |" in text
    assert ("a.md:1 (prose: dose): 60 mg → 69 mg" in text) == (column == mutate.ESCAPED)


def test_the_first_run_had_these_kinds():
    first, later = mutate.first(), ("What is taught", "Exports of the bank")
    assert list(first) == [
        kind
        for group, made in kinds.GROUPS.items()
        if group not in later
        for kind in made
    ]
    assert sum(count.total() for count in first.values()) == 582


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_what_a_child_does_leaves_no_trace_and_one_that_ends_early_is_told(capfd):
    kept = []
    assert worker.in_child(lambda: kept.append(1) or {"a": ["b"]}) == {"a": ["b"]}
    assert kept == []
    assert "error" in worker.in_child(lambda: 1 / 0)
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_copy_has_the_files_and_not_what_was_built():
    with mutate.copy() as folder:
        assert (folder / "data/outcomes.csv").read_bytes() == (
            ROOT / "data/outcomes.csv"
        ).read_bytes()
        assert not (folder / "_build").exists() and not (folder / ".venv").exists()


#: A change, and who notices it: one for each asker, and what nobody can see.
KNOWN = [
    ("data/outcomes.csv", "ruth2006-vte-hr,ruth2006,raloxifene", "ruth2006-vte-hr,ruth2006,tamoxifen", "receipts of rows"),
    ("data/outcomes.csv", "ettinger1999-vfx-rlx60,ettinger1999,raloxifene", "ettinger1999-vfx-rlx60,ettinger1999,tamoxifen", "check of the tables"),
    ("book/fundamentals/fractures.md", "202 out of 1,000 women <", "262 out of 1,000 women <", "numbers of the prose"),
    ("book/intermediate/fractures.md", "felt**: high.", "felt**: tall.", "notebooks"),
    ("teach/academic/density.yml", "asks: judge", "asks: guess", "bank"),
    ("teach/stations.yml", "#If you forget a tablet", "#If you lose a tablet", "lists of teach/"),
    ("teach/handouts.yml", "numbers: [greendale2012-ls-trans", "numbers: [ruth2006-vte-hr", "handouts"),
    ("teach/assignments/intermediate-scan.md", "difference = None", "difference = 1 +", "assignments"),
    ("tools/shelf/moodle.py", "str(item.number.tolerance)", "str(item.number.value)", "tests of the exports"),
    ("book/fundamentals/fractures.md", "maricic2002,", "maricic200,", "tests of the pages"),
    ("book/fundamentals/index.md", "](reflection.md)", "](reflecton.md)", "links and entries"),
    ("book/intermediate/fractures.md", "claims: ", "claims: rlx-a3 ", "tests of the tables"),
    ("book/fundamentals/fractures.md", "Over three years 202 women", "Over three years 208 women", "drawn figures"),
    ("book/threads.yml", "name: Locks and keys, ", "", "list of threads"),
    ("data/foods.csv", "1 ounce,28.35,76,mg", "1 ounce,28.35,76,g", "opening of the sliders"),
    ("explorables/sure_scan/model.js", "1000 * gain", "100 * gain", "browser's answer"),
    ("book/fundamentals/fractures.md", "{cite:p}`maricic2002,ruth2006`", "{cite:p}`fink2005`", "rules of the pages"),
    ("explorables/sure_scan/model.py", 'title="How sure', 'title="How safe', "sliders as seen"),
    ("explorables/sure_scan/model.py", "gain = seen", "loss = seen", "tests of the sliders"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.weekly
def test_each_asker_notices_and_what_changes_nothing_is_told_apart():
    from tools.mutate import asks

    seals = {who.name for who in asks.ASKERS if who.how == asks.SEAL}
    assert seals == set(mutate.SEALS)
    names = {who for *_, who in KNOWN} | {"receipts of passages"}
    assert names == {who.name for who in asks.ASKERS}
    cases = []
    for file, old, new, who in KNOWN:
        text = (ROOT / file).read_text(encoding="utf-8")
        if old in text:
            at = text.index(old)
            change = kinds.changed(file, who, text, [(at, at + len(old), new)])
            cases.append(change)
    assert len(cases) >= len(KNOWN) - 2, "most of these words stand in the book"
    models = (ROOT / "book/reference/models.md").read_text(encoding="utf-8")
    at = models.index("\n2. ") + 1
    cases.append(kinds.changed("book/reference/models.md", "", models, [(at, at + 1, "8")]))  # fmt: skip
    told = mutate.run(cases[:-1], only=[change.kind for change in cases[:-1]])
    (nothing,) = mutate.run(cases[-1:], 1)
    for each in told:
        assert list(each.noticed) == [each.change.kind], str(each.change)
    assert nothing.column in (mutate.NONE, mutate.SEAL), nothing.noticed


@pytest.mark.slow
def test_what_the_book_notices_of_forty():
    changes = kinds.plan(40, 40, ROOT)
    told = mutate.run(changes)
    by_meaning = sum(each.column == mutate.MEANING for each in told)
    by_seal = sum(each.column == mutate.SEAL for each in told)
    report = f"{mutate.summary(told)}\n\n{mutate.table(told, kinds.GROUPS)}"
    assert by_meaning >= FLOOR_BY_MEANING, report
    assert by_meaning + by_seal >= FLOOR, report
