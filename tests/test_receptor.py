"""Known answers of the two-ligand receptor model, and the theorem of the switch point as a property."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bonebook import receptor, table
from bonebook.receptor import (
    ceiling,
    estrogen_signal,
    half_effective,
    inhibition_constant,
    occupancy,
    response,
    switch_point,
    tissue_efficacy,
)

FAR = 1e12


def test_no_ligand_gives_no_response():
    assert response(0, 0, 50, 5) == 0


def test_saturating_estradiol_reaches_its_ceiling():
    assert response(FAR, 0, 50, 0) == pytest.approx(50 / 51) == ceiling(50)


@pytest.mark.parametrize("alpha", [0, 0.1, 1, 100])
def test_saturating_serm_reaches_its_own_ceiling_whatever_the_estradiol(alpha):
    assert response(alpha, FAR, 50, 5) == pytest.approx(5 / 6, abs=1e-8)


@pytest.mark.parametrize(("beta", "ratio"), [(1, 2), (9, 10), (99, 100)])
def test_pure_antagonist_shifts_the_curve_by_the_schild_dose_ratio(beta, ratio):
    """Arunlakshana & Schild 1959: dose ratio 1 + beta."""
    alpha = np.logspace(-2, 2, 9)
    assert response(alpha * ratio, beta, 20, 0, 1.3) == pytest.approx(
        response(alpha, 0, 20, 0, 1.3)
    )


def test_at_the_switch_point_no_dose_changes_anything():
    alpha = switch_point(50, 5)
    assert alpha == pytest.approx(1 / 9)
    doses = np.array([0, 0.1, 1, 100])
    assert response(alpha, doses, 50, 5) == pytest.approx(np.full(4, 5 / 6))
    assert response(alpha, doses, 50, 5, 2.3) == pytest.approx(
        np.full(4, 0.975913), abs=5e-7
    )


def test_equal_efficacy_never_lowers_the_response():
    assert response(1, np.array([0, 1, 10]), 10, 10) == pytest.approx(
        [0.8333, 0.8696, 0.9016], abs=5e-5
    )
    assert response(1, FAR, 10, 10) == pytest.approx(10 / 11)
    assert switch_point(10, 10) == np.inf and switch_point(10, 20) == np.inf


def test_great_efficacy_needs_few_receptors():
    tau = 1e6
    assert ceiling(tau) == pytest.approx(1, abs=2e-6)
    assert half_effective(tau) == pytest.approx(1 / tau, rel=1e-5)


@pytest.mark.parametrize("times", [0.1, 0.5, 2, 10, 100])
def test_amplification_cancels(times):
    """The trap: receptor reserve alone cannot make one ligand agonist here and antagonist there."""
    assert switch_point(50 * times, 5 * times) == pytest.approx(switch_point(50, 5))
    assert response(1, 10, 50 * times, 5 * times) < response(
        1, 0, 50 * times, 5 * times
    )
    assert response(0.01, 10, 50 * times, 5 * times) > response(
        0.01, 0, 50 * times, 5 * times
    )


def test_half_effective_concentration():
    assert half_effective(5, 1.5) == pytest.approx(0.21835, abs=5e-6)
    assert half_effective(5) == pytest.approx(1 / 6)
    assert response(half_effective(5, 1.5), 0, 5, 0, 1.5) == pytest.approx(
        ceiling(5, 1.5) / 2
    )


def test_occupancy_of_two_ligands():
    assert occupancy(1) == (0.5, 0)
    assert occupancy(1, 2) == (0.25, 0.5)


def test_inhibition_constant():
    """With the label at its dissociation constant the competitor binds twice as tightly as its IC50 says."""
    assert inhibition_constant(10, 0.1, 0.1) == pytest.approx(5)
    alpha, k_i = 0.7, 3.0  # the definition: half of the label is displaced at IC50
    ic50 = k_i * (1 + alpha)
    assert occupancy(alpha, ic50 / k_i)[0] == pytest.approx(occupancy(alpha)[0] / 2)
    assert inhibition_constant(ic50, alpha, 1) == pytest.approx(k_i)


def test_efficacy_in_a_tissue():
    assert tissue_efficacy(1, 1, 3) == pytest.approx(1.5)
    assert tissue_efficacy(0, 5, 3) == 0
    assert tissue_efficacy(1e9, 1, 3) == pytest.approx(3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: response(-1, 0, 1, 1),
        lambda: response(1, 0, 1, 1, 0),
        lambda: response(1, float("nan"), 1, 1),
        lambda: switch_point(1, -1),
        lambda: tissue_efficacy(1, -1, 3),
        lambda: inhibition_constant(1, 1, 0),
        lambda: half_effective(1, 0),
        lambda: occupancy([1, -1]),
        lambda: estrogen_signal(4, 10, 3, 1, low=4, full=0.25),
    ],
)
def test_impossible_numbers_are_refused_in_a_sentence(call):
    with pytest.raises(ValueError, match=r"^[A-Z].{15,}\.$"):
        call()


# --- the theorem

concentration = st.floats(0.001, 1000)
efficacy = st.floats(0.01, 100)
slope = st.floats(0.3, 4)


@given(
    concentration,
    st.lists(st.floats(0.01, 1000), min_size=1, max_size=5),
    efficacy,
    efficacy,
    st.lists(slope, min_size=1, max_size=3),
)
def test_the_sign_depends_on_estradiol_and_efficacies_only(
    alpha, doses, tau_a, tau_b, slopes
):
    """Agonist below alpha*, antagonist above it, at every dose, with every slope and (through beta) every affinity."""
    switch = switch_point(tau_a, tau_b)
    assume(not 0.99 * switch < alpha < 1.01 * switch)
    for n in slopes:
        change = response(alpha, np.array(doses), tau_a, tau_b, n) - response(
            alpha, 0, tau_a, tau_b, n
        )
        assert (change >= -1e-15).all() if alpha < switch else (change <= 1e-15).all()
    n, beta = slopes[0], doses[0]
    far = ceiling(tau_b, n) - response(alpha, 0, tau_a, tau_b, n)
    here = response(alpha, beta, tau_a, tau_b, n) - response(alpha, 0, tau_a, tau_b, n)
    assert here == pytest.approx(
        0, abs=abs(far) + 1e-12
    )  # on the way to the SERM's own ceiling and never beyond it


@given(concentration, concentration, efficacy, efficacy, st.floats(0.01, 100))
def test_amplification_never_changes_the_sign(alpha, beta, tau_a, tau_b, times):
    """The SERM raises or lowers the response as before, however much the tissue amplifies both signals."""
    assume(tau_a > 1.001 * tau_b)
    switch = switch_point(tau_a, tau_b)
    assert switch_point(times * tau_a, times * tau_b) == pytest.approx(switch, rel=1e-6)
    assume(not 0.99 * switch < alpha < 1.01 * switch)
    plain, amplified = (
        response(alpha, beta, tau_a * gain, tau_b * gain)
        - response(alpha, 0, tau_a * gain, tau_b * gain)
        for gain in (1, times)
    )
    assert np.sign(plain) == np.sign(amplified) == (1 if alpha < switch else -1)


@given(concentration, concentration, concentration, efficacy, efficacy, slope)
def test_more_serm_goes_further_the_same_way(alpha, beta, more, tau_a, tau_b, n):
    first, second = np.diff(
        response(alpha, np.array([0, beta, beta + more]), tau_a, tau_b, n)
    )
    assert min(first, second) >= -1e-12 or max(first, second) <= 1e-12


@given(concentration, concentration, efficacy, efficacy, slope)
def test_responses_and_occupancies_are_shares(alpha, beta, tau_a, tau_b, n):
    held = occupancy(alpha, beta)
    assert 0 < sum(held) < 1
    assert 0 <= response(alpha, beta, tau_a, tau_b, n) <= 1
    assert response(alpha, beta, tau_a, tau_b, n) == pytest.approx(
        response(beta, alpha, tau_b, tau_a, n)
    )


@given(
    st.floats(0.01, 10), st.floats(0.01, 10), st.floats(0.001, 10), st.floats(0.1, 10)
)
def test_the_switch_point_of_a_tissue_in_closed_form(kappa_b, more, balance, tau_max):
    kappa_a = kappa_b + more
    switch = switch_point(
        tissue_efficacy(kappa_a, balance, tau_max),
        tissue_efficacy(kappa_b, balance, tau_max),
    )
    assert switch == pytest.approx(kappa_b * (1 + kappa_a * balance) / more, rel=1e-6)


# --- the illustrative values of the book


def test_every_value_is_said_to_be_chosen():
    rows = table("model_parameters").query("model == 'two-ligand receptor'")
    assert (rows["standing"] == "chosen").all() and rows["study"].isna().all()
    assert len(receptor.parameters()) == len(rows) >= 13


def tissue(drug, name):
    p = receptor.parameters()
    return tuple(
        tissue_efficacy(p["kappa_" + ligand], p["c_" + name], p["tau_max"])
        for ligand in ("estradiol", drug)
    )


@pytest.mark.parametrize(
    ("name", "tamoxifen", "raloxifene"),
    [("bone", 0.92, 0.59), ("womb", 0.37, 0.24), ("breast", 0.054, 0.035)],
)
def test_switch_points_of_the_illustration(name, tamoxifen, raloxifene):
    assert switch_point(*tissue("tamoxifen", name)) == pytest.approx(
        tamoxifen, abs=0.005 if tamoxifen > 0.1 else 0.0005
    )
    assert switch_point(*tissue("raloxifene", name)) == pytest.approx(
        raloxifene, abs=0.005 if raloxifene > 0.1 else 0.0005
    )


@pytest.mark.parametrize(
    ("drug", "name", "estradiol", "sign"),
    [
        ("tamoxifen", "bone", "alpha_post", 1),
        ("raloxifene", "bone", "alpha_post", 1),
        ("tamoxifen", "bone", "alpha_pre", -1),
        ("raloxifene", "bone", "alpha_pre", -1),
        ("tamoxifen", "womb", "alpha_post", 1),
        ("tamoxifen", "breast", "alpha_breast", -1),
        ("raloxifene", "breast", "alpha_breast", -1),
        ("fulvestrant", "bone", "alpha_post", -1),
        ("fulvestrant", "womb", "alpha_post", -1),
        ("fulvestrant", "breast", "alpha_breast", -1),
    ],
)
def test_signs_of_the_illustration(drug, name, estradiol, sign):
    p = receptor.parameters()
    change = response(p[estradiol], p["beta"], *tissue(drug, name), p["n"]) - response(
        p[estradiol], 0, *tissue(drug, name), p["n"]
    )
    assert np.sign(change) == sign and abs(change) > 0.02


def test_raloxifene_is_about_neutral_in_the_womb_lining():
    p = receptor.parameters()
    change = response(
        p["alpha_post"], p["beta"], *tissue("raloxifene", "womb")
    ) - response(p["alpha_post"], 0, *tissue("raloxifene", "womb"))
    assert abs(change) < 0.01


def test_raloxifene_gives_back_the_share_of_the_bone_signal_that_the_remodeling_model_uses():
    p = receptor.parameters()
    taus, levels = (
        tissue("raloxifene", "bone"),
        {"low": p["alpha_post"], "full": p["alpha_pre"]},
    )
    share = estrogen_signal(p["alpha_post"], p["beta"], *taus, p["n"], **levels)
    assert share == pytest.approx(0.42, abs=0.005)
    assert estrogen_signal(0.25, 0, 3, 1, low=0.25, full=4) == 0
    assert estrogen_signal(4, 0, 3, 1, low=0.25, full=4) == 1
    assert estrogen_signal(1, 10, 3, 0, low=1, full=4) < 0
