"""Numbers in words: how they are read, and what they may be said of."""

from fractions import Fraction

import pytest

from press import spelled


@pytest.mark.parametrize(
    ("text", "kind", "value", "step"),
    [
        ("seventy more", "count", 70, 10),
        ("forty-nine women", "count", 49, 1),
        ("two hundred and fifty", "count", 250, 10),
        ("five thousand women", "count", 5000, 1000),
        ("two and a half thousand", "count", 2500, 500),
        ("two and a half points", "count", Fraction(5, 2), 1),
        ("half of them", "part", Fraction(1, 2), Fraction(1, 2)),
        ("three quarters", "part", Fraction(3, 4), Fraction(3, 4)),
        ("nine in ten", "part", Fraction(9, 10), Fraction(9, 10)),
        ("six parts in a hundred", "part", Fraction(3, 50), Fraction(3, 50)),
        ("twice the dose", "times", 2, 1),
        ("ten times as large", "times", 10, 1),
        ("fivefold", "times", 5, 1),
    ],
)
def test_how_words_are_read(text, kind, value, step):
    said = spelled.begins(text)
    assert said and (said.kind, said.value, said.step) == (kind, value, step)


@pytest.mark.parametrize(
    "text", ["none", "Third-generation", "the tenths", "oneself", ""]
)
def test_what_is_no_number(text):
    assert spelled.begins(text) is None


@pytest.mark.parametrize(
    ("words", "side", "fits", "fails"),
    [
        ("seventy", 0, ["66", "70", "74"], ["64", "76"]),
        ("forty-nine", 0, ["49"], ["48", "50"]),
        ("five thousand", 0, ["5044"], ["5600", "4400"]),
        ("a third", 0, ["0.31", "0.35"], ["0.25", "0.4"]),
        ("half", 0, ["0.47", "0.54"], ["0.42", "0.58"]),
        ("half", 1, ["0.51", "0.6"], ["0.49", "0.7"]),
        ("half", -1, ["0.45"], ["0.51", "0.3"]),
        ("twice", 0, ["1.8", "2.2"], ["1.7", "2.3"]),
        ("ten times", 0, ["9.6"], ["11"]),
    ],
)
def test_what_words_may_be_said_of(words, side, fits, fails):
    said = spelled.begins(words)
    for number in fits:
        assert spelled.is_about(Fraction(number), said, side), number
    for number in fails:
        assert not spelled.is_about(Fraction(number), said, side), number
