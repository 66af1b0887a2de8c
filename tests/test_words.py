"""Words that cells show: trials by their short names, estimates and numbers needed with their intervals."""

import pytest

from bonebook import effects, pick, show, style, table


def test_a_trial_is_called_by_its_name_without_brackets():
    rows = pick(["delmas2002-nvfx-rr", "siris2005-nvfx-hr"], "{drug.name}, {trial}")
    assert rows["label"].tolist() == ["raloxifene, MORE", "raloxifene, CORE"]


def test_an_estimate_as_the_book_writes_it():
    assert show.estimate(effects.Estimate(-1.234, -2.5, 0.5), 1) == "−1.2 (−2.5 to 0.5)"
    assert show.estimate(effects.Estimate(0.654)) == "0.65"


@pytest.mark.parametrize(
    ("less", "text"),
    [
        ((0.035, 0.019, 0.051), "29 for one fewer (20 to 53)"),
        ((-0.0059, -0.01095, -0.00124), "170 for one more (92 to 807)"),
        ((-0.00364, -0.00919, 0), "275 for one more (109 to ∞)"),
        ((0.004, 0, 0.008), "250 for one fewer (125 to ∞)"),
        (
            (0.00486, -0.00676, 0.01565),
            "206 for one fewer (64 for one fewer, through ∞, to 148 for one more)",
        ),
        (
            (-0.0002, -0.01, 0.0005),
            "5,000 for one more (2,000 for one fewer, through ∞, to 100 for one more)",
        ),
        ((0, -0.01, 0.01), "∞ (100 for one fewer, through ∞, to 100 for one more)"),
        ((0.1,), "10 for one fewer"),
    ],
)
def test_a_number_needed_goes_through_infinity_where_the_difference_may_be_nothing(
    less, text
):
    assert show.needed(effects.number_needed(effects.Estimate(*less))) == text


def test_each_direction_of_the_table_has_its_own_mark():
    found = set(table("tissue_actions")["direction"])
    assert found <= set(style.DIRECTIONS)
    assert len(set(style.DIRECTIONS.values())) == len(style.DIRECTIONS)


def test_a_unit_that_is_the_header_is_not_said_twice():
    rows = pick(["ettinger1999-vfx-plac"])
    shown = show.tidy(rows, "One row", columns=["drug", "months", "value"])
    assert shown.header == ["drug", "months", "risk (%)"]


def test_numbers_stand_on_the_right_and_words_that_begin_with_one_may_break():
    numbers = show.values({"a": "0.65 (0.54 to 0.79)"}, "Numbers").right
    words = show.values({"a": "206 for one fewer (64 for one fewer, through ∞)"}, "W")
    assert numbers == [False, True] and words.right == [False, False]
