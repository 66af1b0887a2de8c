"""The question bank: its form, its words, answers that are worked out from rows, and that the checks of the pages reach it."""

import shutil

import pytest

import banked
from bonebook import tables
from press import bank, bankform, formula, numbers, pages, proof
from press.myst import PageError
from press.proof import cited, text

PLACE = pages.place(banked.PLACE)


def faults(tmp_path, change) -> list[str]:
    """What is said of the small book after `change` has had its file in teach/."""
    fields = banked.teach()
    change(fields)
    with pytest.raises(PageError) as told:
        bank.items(PLACE, banked.book(tmp_path, fields))
    return str(told.value).splitlines()


# The bank as it is.


def test_every_item_of_the_bank_reads():
    """Each file of teach/ has its form, every number answer is made by its rows, every objective of such a page has an item."""
    items = bank.every()
    assert len({item.id for item in items}) == len(items) > 150
    for item in items:
        assert item.kind in bankform.KINDS
        assert item.ask.html
        assert item.answer, item.id
        assert item.objectives, item.id
        texts = [item.ask, item.why, *(o.text for o in item.options)]
        texts += [option.why for option in item.options]
        for said in filter(None, texts):
            assert not any(mark in said.html + said.plain for mark in "`{}\\\ufffc")
    for place in pages.written():
        bank.shelf(place)


def test_every_page_has_new_items():
    assert bank.missing() == []


def test_every_file_of_teach_belongs_to_a_page():
    known = {f"{each.path}.yml" for each in pages.written()}
    folder = pages.ROOT / "teach"
    found = {
        path.relative_to(folder).as_posix()
        for tier in pages.TIERS
        for path in (folder / tier).rglob("*")
    }
    assert found <= known


def test_the_report_counts_by_page(capsys):
    code = bank.main()
    said = capsys.readouterr().out
    assert code == bool(bank.missing())
    for place in pages.written():
        assert f"\n{place.path} " in said


# Items.


def test_an_item_of_each_kind(tmp_path):
    root = banked.book(tmp_path)
    own = len(pages.side(PLACE, root)["questions"])
    items = bank.items(PLACE, root)
    assert [item.own for item in items] == [True] * own + [False] * 4
    one, number, words, several = items[own:]
    assert one.ask.html == (
        'Is a "p &lt; 0.05" enough, with <i>τ</i><sub><i>F</i></sub> &amp; 5 * 3 unknown?'
    )
    assert one.ask.plain == 'Is a "p < 0.05" enough, with τ_F & 5 * 3 unknown?'
    assert one.options[0].text.html == "No, since the <em>size</em> matters."
    assert [option.id for option in one.options] == [
        f"density-a-b1-{letter}" for letter in "abc"
    ]
    assert (one.answer, one.how, one.level) == ("a", "", "judge")
    assert number.answer == "2.6 percentage points (2.5 to 2.7 counts as right)"
    assert number.how == (
        "Answer in percentage points, to one decimal; within 0.1 of it is right."
    )
    assert "lost 1.32 % and on raloxifene it gained 1.28 %." in number.ask.plain
    assert words.answer == "placebo or a placebo"
    assert several.how == (
        "The figure is on the page Academic 3.3. Choose every answer that is right."
    )
    assert (several.answer, several.level, several.objectives) == (
        "a, b, c",
        "apply",
        (1, 4),
    )
    beside = bank.shelf(PLACE, root)
    assert (len(beside.discuss), beside.minutes) == (3, 15)
    assert beside.look_for.plain == "That the placebo arm lost bone."


def test_a_page_without_a_file_has_its_own_questions(tmp_path):
    root = banked.book(tmp_path)
    shutil.rmtree(root / "teach")
    assert all(item.own for item in bank.items(PLACE, root))
    assert bank.missing(root) == [banked.PLACE]
    assert bank.shelf(PLACE, root) is None


@pytest.mark.parametrize(
    "source, reason",
    [
        ("- a list", "one paragraph"),
        ("one\n\ntwo", "one paragraph"),
        ("[a link](x.md)", "link open cannot leave the book"),
        ("![a picture](x.png)", "image cannot leave the book"),
        ("{ref}`x`", "{ref} cannot leave the book"),
        (r"$\oint x$", r"\oint"),
        ("100/2.3\approx 43", "control character"),
    ],
)
def test_what_cannot_be_exported_is_refused(source, reason):
    with pytest.raises(PageError, match=r"the text") as told:
        bank.text(source)
    assert reason in str(told.value)


@pytest.mark.parametrize(
    "tex, html, plain",
    [
        (r"q^h - q", "<i>q</i><sup><i>h</i></sup> − <i>q</i>", "q^h − q"),
        (r"1/(1-2^{-1})=2", "1/(1 − 2<sup>−1</sup>) = 2", "1/(1 − 2⁻¹) = 2"),
        (r"\frac{a}{b+1}", "<i>a</i>/(<i>b</i> + 1)", "a/(b + 1)"),
        (r"100/2.3 \approx 43", "100/2.3 ≈ 43", "100/2.3 ≈ 43"),
        (r"x_{10} \times 3", "<i>x</i><sub>10</sub> × 3", "x₁₀ × 3"),
    ],
)
def test_formulas_in_plain_characters(tex, html, plain):
    assert formula.formula(tex) == formula.Formula(html, plain)


@pytest.mark.parametrize("tex", ["{a", "a}", "a^", r"\foo"])
def test_a_formula_that_cannot_be_read(tex):
    with pytest.raises(formula.FormulaError):
        formula.formula(tex)


# The form.

WRONG = [  # (what is changed, the item or field that is named, a part of the reason)
    (lambda f: f.pop("discuss"), "discuss", "three prompts"),
    (lambda f: f["discuss"].pop(), "discuss", "three prompts"),
    (lambda f: f["activity"].update(minutes=0), "activity, minutes", "whole number"),
    (lambda f: f["activity"].pop("look_for"), "activity, look_for", "missing"),
    (lambda f: f.update(cards=[]), "the file, cards", "no such field"),
    (lambda f: f["bank"].pop(), "bank", "four items"),
    (lambda f: f["bank"][0].update(id="density-a-1"), "density-a-1, id", "must be"),
    (lambda f: f["bank"][0].update(id="density-a-b2"), "density-a-b2, id", "two"),
    (lambda f: f["bank"][0].update(kind="essay"), "density-a-b1, kind", "one of"),
    (lambda f: f["bank"][0].update(tests=9), "density-a-b1, tests", "from 1 to"),
    (lambda f: f["bank"][0].pop("tests"), "density-a-b1, tests", "missing"),
    (lambda f: f["bank"][0].update(asks="guess"), "density-a-b1, asks", "one of"),
    (lambda f: f["bank"][0].update(answer=1), "density-a-b1, answer", "no such field"),
    (lambda f: f["bank"][2].pop("why"), "density-a-b3, why", "missing"),
    (
        lambda f: f["bank"][0]["options"][1].update(right=True),
        "density-a-b1, options",
        "exactly one",
    ),
    (
        lambda f: f["bank"][0]["options"][1].pop("because"),
        "density-a-b1, option 2, because",
        "no misconception",
    ),
    (
        lambda f: f["bank"][0]["options"][0].update(because="unsafe"),
        "density-a-b1, option 1, because",
        "marked as right",
    ),
    (
        lambda f: [
            (o.pop("because", 0), o.update(right=True)) for o in f["bank"][3]["options"]
        ],
        "density-a-b4, options",
        "a wrong one",
    ),
    (
        lambda f: f["bank"][0]["options"][1].update(
            text="Yes, when the trial is large."
        ),
        "density-a-b1, option 2, text",
        "says the same",
    ),
    (
        lambda f: f["bank"][1]["answer"].update({"is": "guess"}),
        "density-a-b2, answer, is",
        "one of",
    ),
    (
        lambda f: f["bank"][1]["answer"].update(tolerance=-1),
        "density-a-b2, answer, tolerance",
        "above zero",
    ),
    (
        lambda f: f["bank"][1]["answer"].update(value=2.6),
        "density-a-b2, answer, value",
        "no such field",
    ),
    (
        lambda f: f["bank"][1]["answer"].update(of=[banked.GAIN]),
        "density-a-b2, answer",
        "takes 2 rows",
    ),
    (
        lambda f: f["bank"][1]["answer"].update(of=[banked.GAIN, "no-such-row"]),
        "density-a-b2, answer",
        "no-such-row",
    ),
    (
        lambda f: f["bank"][1]["answer"].update(
            of=[banked.GAIN, f"{banked.LOSS}:dose_mg"]
        ),
        "density-a-b2, answer",
        "different units",
    ),
    (
        lambda f: f["bank"][1]["answer"].update({"is": "number needed"}),
        "density-a-b2, answer",
        "counts no people",
    ),
    (
        lambda f: f["bank"][1]["answer"].update(tolerance=0.001),
        "density-a-b2, answer",
        "finer",
    ),
    (
        lambda f: f["bank"][1]["answer"].update(tolerance=3),
        "density-a-b2, answer",
        "holds zero",
    ),
    (
        lambda f: f["bank"][2]["answer"].update(accept=["Placebo", "placebo"]),
        "density-a-b3, answer, accept",
        "the same",
    ),
    (
        lambda f: [item.update(asks="recall") for item in f["bank"]],
        "bank",
        "half of the items",
    ),
]


@pytest.mark.parametrize("change, at, reason", WRONG, ids=range(len(WRONG)))
def test_a_fault_names_file_item_field_and_reason(tmp_path, change, at, reason):
    found = faults(tmp_path, change)
    start = f"teach/academic/density.yml, {at}: "
    assert any(each.startswith(start) and reason in each for each in found), found


def test_an_item_may_go_and_leave_its_number(tmp_path):
    """The others keep their ids, by which platforms know them."""
    fields = banked.teach()
    fields["bank"].append(fields["bank"].pop(0) | {"id": "density-a-b7"})
    items = bank.items(PLACE, banked.book(tmp_path, fields))
    ids = [f"density-a-b{number}" for number in (2, 3, 4, 7)]
    assert [item.id for item in items if not item.own] == ids


def test_an_objective_without_an_item_is_named(tmp_path):
    root = banked.book(tmp_path)
    side = pages.side(PLACE, root)
    found = [item for item in bank.items(PLACE, root) if 3 not in item.objectives]
    assert bank.untested(found, side) == [(3, side["objectives"][2])]


# Answers.

COUNTS = [banked.TREATED, banked.CONTROL]
A, N, C, M = 26, 2557, 11, 2576
ANSWERS = [
    ("value", [banked.GAIN], 2, "1.28"),
    ("difference", [banked.GAIN, banked.LOSS], 2, "2.60"),
    ("sum", [banked.GAIN, "johnston2000-ls-bmd-rlx30"], 2, "1.99"),
    ("ratio", [f"{banked.GAIN}:dose_mg", "johnston2000-ls-bmd-rlx30:dose_mg"], 0, "2"),
    ("per 1,000", COUNTS[:1], 1, f"{1000 * A / N:.1f}"),
    ("difference per 1,000", COUNTS, 1, f"{1000 * (A / N - C / M):.1f}"),
    ("number needed", COUNTS, 0, f"{1 / (A / N - C / M):.0f}"),
    ("relative risk", COUNTS, 2, f"{(A / N) / (C / M):.2f}"),
    ("relative reduction", COUNTS[::-1], 0, f"{100 * (1 - (C / M) / (A / N)):.0f}"),
    ("odds ratio", COUNTS, 2, f"{A * (M - C) / (C * (N - A)):.2f}"),
]


def test_the_rows_have_these_counts():
    counts = [(row["events"], row["n"]) for row in map(tables.row, COUNTS)]
    assert counts == [(str(A), str(N)), (str(C), str(M))]


@pytest.mark.parametrize("way, of, places, value", ANSWERS, ids=[a[0] for a in ANSWERS])
def test_an_answer_is_worked_out_from_its_rows(way, of, places, value):
    answer = {"of": of, "is": way, "places": places, "tolerance": 0.5, "unit": "x"}
    assert str(bankform.number(answer).value) == value


def test_every_way_is_tried():
    assert {way for way, *_ in ANSWERS} == set(bankform.WAYS)


def test_half_is_rounded_up_as_by_hand():
    answer = {
        "of": ["johnston2000-ls-bmd-rlx30", banked.GAIN],
        "is": "ratio",
        "places": 1,
        "tolerance": 0.1,
        "unit": "",
    }
    assert str(bankform.number(answer).value) == "0.6"  # 0.71 / 1.28 = 0.554…


def test_a_changed_row_changes_the_answer_and_stops_the_words(tmp_path, monkeypatch):
    root = banked.book(tmp_path)
    banked.changed(tmp_path, monkeypatch, banked.GAIN, "1.28", "1.48")
    number = next(item for item in bank.items(PLACE, root) if item.number)
    assert number.answer == "2.8 percentage points (2.7 to 2.9 counts as right)"
    found = [each for each in numbers.faults(banked.PAGE, root) if "teach/" in each]
    assert len(found) == 1
    assert "teach/academic/density.yml:" in found[0]
    assert "gained 1.28 %" in found[0]


# The checks of the pages.


def slips(tmp_path, monkeypatch, change, rule):
    """What a rule says of the small book, of its file in teach/ alone."""
    fields = banked.teach()
    change(fields)
    root = banked.book(tmp_path, fields)
    monkeypatch.setattr(pages, "ROOT", root)
    monkeypatch.setattr(cited, "blocks", lambda page: text.blocks(page, root))
    found = proof.RULES[rule]([banked.PAGE])
    return [each for each in found if each.file.startswith("teach/")]


def test_numbers_of_teach_are_read(tmp_path):
    fields = banked.teach()
    fields["discuss"][0] = "Of 37 women, how many?"
    fields["bank"][0]["options"][1]["why"] = "It holds in 38 of them."
    fields["bank"][3]["ask"] = "Which of 39?"
    root = banked.book(tmp_path, fields)
    found = [each for each in numbers.faults(banked.PAGE, root) if "teach/" in each]
    assert (
        sum(f"the number {number} has" in f for f in found for number in (37, 38, 39))
        == 3
    )


OF_ANSWERS = ("rows of an answer", "answer as written", "unit of an answer")


def test_the_sample_passes_its_rules(tmp_path, monkeypatch):
    rules = ("right answer", "direction of an answer", "drugs of a side file")
    for rule in (*rules, *OF_ANSWERS):
        assert slips(tmp_path, monkeypatch, lambda _: None, rule) == []


@pytest.mark.parametrize(
    ("answer", "rule", "reason"),
    [
        (
            {"of": [banked.GAIN, "johnston2000-ls-bmd-rlx30"]},
            "rows of an answer",
            "johnston2000-ls-bmd-rlx30 is a row of the answer, and no fact",
        ),
        (
            {"of": [banked.GAIN, "johnston2000-ls-bmd-rlx30"]},
            "rows of an answer",
            f"it asks about lost 1.32 % ({banked.LOSS}), and the answer is made of",
        ),
        ({"is": "ratio"}, "unit of an answer", "a ratio is not told in 'percentage"),
        ({"is": "sum"}, "unit of an answer", "nothing in the question asks for a sum"),
        ({"unit": "times"}, "unit of an answer", "a difference is not told in 'times'"),
        ({"is": "ratio", "unit": "times"}, "unit of an answer", "is less than one"),
    ],
)
def test_an_answer_and_its_words_part(tmp_path, monkeypatch, answer, rule, reason):
    def change(fields):
        fields["bank"][1]["answer"] |= answer

    found = slips(tmp_path, monkeypatch, change, rule)
    assert any(reason in each.reason for each in found), found


def test_the_numbers_as_written_have_to_make_the_answer(tmp_path, monkeypatch):
    """A row has 7.38 and the words say about 7: with 1.32 that makes 5.7, and the answer is 6.1."""

    def round_(fields):
        item, other = fields["bank"][1], "greendale2012-ls-trans"
        item["ask"] = (
            f"Once the spine {{fact}}`lost 1.32 % <{banked.LOSS}>`, and once it "
            f"{{fact}}`lost about 7 % <{other}>`. How far apart are they?"
        )
        item["answer"]["of"] = [other, banked.LOSS]

    found = slips(tmp_path, monkeypatch, round_, "answer as written")
    assert len(found) == 1 and "it comes to 5.68" in found[0].reason
    assert slips(tmp_path, monkeypatch, round_, "rows of an answer") == []


def test_a_right_answer_against_its_facts(tmp_path, monkeypatch):
    def turn(fields):
        right = fields["bank"][3]["options"][1]
        right["text"] = "A loss on raloxifene, and bone was lost."
        right["why"] = f"It {{fact}}`gained 1.28 % <{banked.GAIN}>` on raloxifene."

    found = slips(tmp_path, monkeypatch, turn, "direction of an answer")
    assert [each.words for each in found] == [
        "A loss on raloxifene, and bone was lost."
    ]
    assert "density-a-b4" in found[0].reason
    assert found[0].line > 1


def test_a_drug_that_the_page_does_not_name(tmp_path, monkeypatch):
    def name(fields):
        fields["bank"][2]["why"] = "It is not teriparatide and not ospemifene."

    found = slips(tmp_path, monkeypatch, name, "drugs of a side file")
    assert "ospemifene" in {each.words for each in found}


def test_a_number_that_the_page_does_not_tell(tmp_path, monkeypatch):
    def tell(fields):
        fields["bank"][1]["why"] = "It took sixty-seven nights."

    found = slips(tmp_path, monkeypatch, tell, "numbers of a side file")
    assert len(found) == 1
    assert "sixty-seven" in found[0].words


def test_a_supposed_case_may_have_numbers_beside_a_trial(tmp_path, monkeypatch):
    """And only one that says so."""

    def suppose(fields):
        item = fields["bank"][1]
        item["ask"] = f"Suppose {{given}}`77` patients. {item['ask']}"
        fields["bank"][2]["why"] = f"Of {{given}}`78`; {fields['bank'][1]['ask']}"

    found = slips(tmp_path, monkeypatch, suppose, "given beside a study")
    numbers_ = [each.words for each in found if each.words.isdecimal()]
    assert numbers_ == ["78", "77"]


def test_a_denominator_needs_no_source(tmp_path, monkeypatch):
    def count(fields):
        fields["bank"][0]["ask"] = "How many per 10,000 is that, and 10,000 of what?"

    found = slips(tmp_path, monkeypatch, count, "numbers of a side file")
    assert ["and 10,000 of what" in each.words for each in found] == [True]


def test_a_fault_of_form_is_told_with_its_line(tmp_path, monkeypatch):
    def break_(fields):
        fields["bank"][3]["options"][3].pop("because")

    found = slips(tmp_path, monkeypatch, break_, "right answer")
    assert len(found) == 1
    lines = (pages.ROOT / found[0].file).read_text(encoding="utf-8").split("\n")
    assert lines[found[0].line - 1] == "- id: density-a-b4"
