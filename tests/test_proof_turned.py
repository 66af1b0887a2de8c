"""Figures with sliders: what press.proof finds of their rows, their look and their alt texts, and what passes."""

import ast
import importlib

import pytest

from bonebook import style
from explorables import FOLDER, explorable, known, seen
from explorables.kit import held
from press import pages
from press.proof import turned

PAGES = pages.contents()
PAGE = {
    name: next(page for found, page, *_ in turned.standing(PAGES) if found == name)
    for name in known()
}


def model(name):
    return importlib.import_module(f"explorables.{name.replace('-', '_')}.model")


def reasons(name):
    return [f"{slip}" for slip in turned.as_seen([PAGE[name]])]


# Rows


def test_a_row_says_what_it_is_taken_for():
    says = {"drug": "raloxifene", "outcome": "venous*", "comparator": "placebo"}
    assert held("ruth2006-vte-hr", "ci_low", **says) == 1.06
    with pytest.raises(
        ValueError,
        match="whose outcome is 'venous\\*', and its outcome is 'fatal stroke'",
    ):
        held("ruth2006-fatalstroke-hr", **says)


@pytest.mark.parametrize(
    ("name", "table", "keys", "id", "said"),
    [
        (
            "one-thousand-women",
            "TRIALS",
            ("ruth", "clot"),
            "ruth2006-invbc-hr",
            "outcome",
        ),
        (
            "one-thousand-women",
            "TRIALS",
            ("more", "clot"),
            "ruth2006-vte-hr",
            "population",
        ),
        (
            "one-thousand-women",
            "TRIALS",
            ("ruth", "fracture"),
            "delmas2002-vfx-rr-rlx60",
            "population",
        ),
        (
            "your-plate",
            "NEEDS",
            ("71", "vitamin D"),
            "nutrient-dri-d-rda-w51",
            "women 51 to 70",
        ),
        ("your-plate", "LIMITS", ("51", "calcium"), "nutrient-dri-ca-rda-w51", "kind"),
    ],
)
def test_another_row_is_refused(monkeypatch, name, table, keys, id, said):
    where = getattr(model(name), table)[keys[0]]
    monkeypatch.setitem(where, keys[1], id)
    (told,) = reasons(name)
    assert id in told and said in told
    assert "model.py:" in told
    assert list(turned.alt_texts([PAGE[name]])) == []


def test_another_food_is_refused(monkeypatch):
    foods = model("your-plate").FOODS
    label, says, _ = foods["kale"]
    monkeypatch.setitem(foods, "kale", (label, says, ["food-ca-kale-ods"]))
    (told,) = reasons("your-plate")
    assert "food-ca-kale-ods" in told and "kale, cooked" in told


@pytest.mark.parametrize("name", known())
def test_no_row_is_read_without_saying_what_it_is(name):
    """A row that is named in full is read with `held`; `value` is for the months of one that was held."""
    path = FOLDER / name.replace("-", "_") / "model.py"
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    bare = [
        c for c in calls if c.func.id == "value" and isinstance(c.args[0], ast.Constant)
    ]
    assert [ast.unparse(call) for call in bare] == []
    unsaid = [
        call
        for call in calls
        if call.func.id == "held"
        and isinstance(call.args[0], ast.Constant)
        and not call.keywords
    ]
    assert [ast.unparse(call) for call in unsaid] == []


# As seen


@pytest.mark.parametrize("name", known())
def test_it_is_as_it_was_seen(name):
    assert reasons(name) == []
    assert len(seen.seen(name)["at"]) > 3


def test_other_colors_are_told(monkeypatch):
    monkeypatch.setitem(model("sure-scan").COLORS, "loss", style.BENEFIT)
    (told,) = reasons("sure-scan")
    assert "a loss shows = benefit" in told and "a loss shows = harm" in told


def test_another_number_is_told_at_each_setting(monkeypatch):
    monkeypatch.setattr(model("turn-the-key"), "HARDLY", 20)
    told = reasons("turn-the-key")
    assert len(told) > 3
    assert any("Tamoxifen, says" in each for each in told)


def test_another_label_help_and_preset_are_told(monkeypatch):
    figure = explorable("sure-scan")
    control = figure.controls[0]
    monkeypatch.setitem(control.__dict__, "help", "Something else.")
    monkeypatch.setitem(figure.numbers[0].__dict__, "label", "Greatest change")
    monkeypatch.setitem(figure.presets, "No change at all", {"change": 1.0})
    told = "\n".join(reasons("sure-scan"))
    assert "Something else." in told
    assert "Greatest change" in told
    assert "No change at all, set, change: seen was '0.00'" in told


def test_changes_name_their_place():
    was, now = {"a": {"b": ["x", "y"]}, "c": "z"}, {"a": {"b": ["x", "w"]}, "d": "z"}
    assert list(seen.changes(was, now)) == [
        ("a, b, 2", "y", "w"),
        ("c", "z", None),
        ("d", None, "z"),
    ]
    assert list(seen.changes([1], [1, 2])) == [("", [1], [1, 2])]
    assert list(seen.changes(now, now)) == []


# Alt texts


@pytest.fixture
def told(monkeypatch):
    """What is found of an alt text with other words, on every page of its figure or on the second only."""
    stands = list(turned.standing(PAGES))

    def find(name, old, new, everywhere=True):
        first, *others = (each for each in stands if each[0] == name)
        assert old in first[2]
        changed = [
            (name, page, alt.replace(old, new), line) for _, page, alt, line in others
        ]
        kept = first[2].replace(old, new) if everywhere else first[2]
        changed.insert(0, (name, first[1], kept, first[3]))
        monkeypatch.setattr(turned, "standing", lambda _: changed)
        return [slip.reason for slip in turned.alt_texts(PAGES)]

    return find


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("turn-the-key", "37 to 51", "37 to 71", "no two numbers"),
        ("turn-the-key", "goes down", "goes up", "'up' is said before it"),
        ("turn-the-key", "56 to 22", "22 to 56", "'down' is said before it"),
        ("sure-scan", "3.3 percent", "3.8 percent", "nearest are"),
        (
            "thirty-years",
            "89 percent by 56",
            "82 percent by 56",
            "does not show this number",
        ),
        ("one-thousand-women", "13 to 19", "13 to 29", "does not show this number"),
        ("one-thousand-women", "squares shrink", "squares grow", "'grow' is said"),
        ("your-plate", "81 percent", "18 percent", "does not show this number"),
    ],
)
def test_an_alt_text_tells_what_opens(told, name, old, new, reason):
    assert any(reason in each for each in told(name, old, new))


def test_an_alt_text_is_one_on_every_page(told):
    (reason,) = told("thirty-years", "Filled circles", "Open circles", everywhere=False)
    assert "stopping. Filled circles of" in reason


def test_alt_texts_pass():
    assert list(turned.alt_texts(PAGES)) == []
