"""What a method of the table `derived` does with its inputs."""

import pytest

from bonebook import derived, value
from bonebook.tables import row


def source(number, unit="%"):
    return {"value": str(number), "unit": unit}


def test_a_mean_counts_an_input_as_often_as_it_is_named():
    """One arm at 5.0 % and three at 3.8 % on average: (5.0 + 3 x 3.8) / 4."""
    asked = {"id": "derived-x", "method": "mean"}
    arms = [source("5.0"), *[source("3.8")] * 3]
    assert derived.compute(asked, arms) == (pytest.approx(4.1), None, None)
    assert derived.compute(asked, [source(7)]) == (7, None, None)
    with pytest.raises(ValueError, match="would mix % and percentage points"):
        derived.compute(asked, [source(5), source(3, "percentage points")])


def test_the_mean_of_the_pepi_arms_is_that_of_its_rows():
    one, three = value("pepi1996-ls-cee-mpa-cont"), value("pepi1996-ls-other3")
    mean = (one + 3 * three) / 4
    assert value("derived-pepi1996-ls-active") == pytest.approx(mean)
    gain = mean - value("pepi1996-ls-plac")
    assert value("derived-pepi1996-ls-diff") == pytest.approx(gain)
    # The abstract prints no error, so neither number has an interval.
    for id in ("derived-pepi1996-ls-active", "derived-pepi1996-ls-diff"):
        assert row(id)["ci_low"] == row(id)["ci_high"] == ""
