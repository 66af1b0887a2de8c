"""Fit both models of remodeling to the rows of data/ and say what they get right and wrong: `make fit`.

Of the remodeling-space model three numbers are free: G and a (both % a year) and the signal s_d of raloxifene in bone. It is linear in
G, a and G s_d, so the fit is one weighted least-squares problem. The other parameters are chosen (table model_parameters). The model
of Lemaire is fitted to the same rows with three free numbers too (m, s_d, a), and again without a loss with age.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bonebook import receptor, remodeling
from press import facts

START = -10.0  # years from the final menstrual period at which density is 100


@dataclass(frozen=True)
class Observation:
    """One number the model should meet: its row, what it is, value and weight (a standard error, or chosen by us)."""

    row: str
    name: str
    value: float
    sigma: float
    chosen: bool  # whether the weight is ours


def stored(target, column="value"):
    return float(facts.fact(target).row[column])


def observations():
    """What the fit uses, in percentage points of spine density.

    Left out: Delmas 1997, because Johnston 2000 pools it with its sister trial; and the years before the transition in the cohort, for
    which its abstract prints no number.
    """
    p = remodeling.parameters()
    johnston = "derived-johnston2000-ls-bmd-diff60"
    se = (stored(johnston, "ci_high") - stored(johnston, "ci_low")) / (2 * 1.959964)
    return [
        Observation(
            "greendale2012-ls-trans",
            "cohort, 1 year before to 2 after",
            stored("greendale2012-ls-trans"),
            p["sigma_transition"],
            True,
        ),
        Observation(
            "greendale2012-ls-10y",
            "cohort, 5 years before to 5 after",
            stored("greendale2012-ls-10y"),
            p["sigma_decade"],
            True,
        ),
        Observation(
            johnston, "raloxifene minus placebo, 3 years", stored(johnston), se, False
        ),
        Observation(
            "pepi1996-ls-plac",
            "hormone therapy minus placebo, 3 years",
            _pepi(),
            p["sigma_pepi"],
            True,
        ),
    ]


def _pepi():
    """Mean of the four active arms of PEPI minus its placebo arm; one arm has a row of its own, the other three share one."""
    return (
        stored("pepi1996-ls-cee-mpa-cont") + 3 * stored("pepi1996-ls-other3")
    ) / 4 - stored("pepi1996-ls-plac")


def _design(p):
    """Rows of the linear problem in (G, a, G s_d), in the order of `observations`."""
    unit = remodeling.simulate([START, -5, -1, 2, 5], G=1, a=0)["bmd"].to_numpy() - 100
    age = remodeling.simulate([START, -5, -1, 2, 5], G=0, a=1)["bmd"].to_numpy() - 100
    lasting = p["tau_f"] * remodeling.response(3.0, p["tau_r"], p["tau_f"])
    return np.array(
        [
            [unit[3] - unit[2], age[3] - age[2], 0],
            [unit[4] - unit[1], age[4] - age[1], 0],
            [0, 0, lasting],
            [lasting * p["s_ht"], 0, 0],
        ]
    )


def fit(used=None):
    """(estimates, standard errors, table of observed and fitted). `used`: which observations weigh, by index; all when left out."""
    p, seen = remodeling.parameters(), observations()
    design = _design(p)
    used = list(range(len(seen))) if used is None else list(used)
    free = [column for column in range(3) if np.abs(design[used, column]).max() > 0]
    weight = np.array([1 / seen[n].sigma for n in used])
    left = design[np.ix_(used, free)] * weight[:, None]
    right = np.array([seen[n].value for n in used]) * weight
    found, *_ = np.linalg.lstsq(left, right, rcond=None)
    spread = np.linalg.inv(left.T @ left)
    values, errors = np.full(3, math.nan), np.full(3, math.nan)
    values[free], errors[free] = found, np.sqrt(np.diag(spread))
    signal = values[2] / values[0]
    if 2 in free:
        slope = np.array(
            [
                -signal / values[0] if n == 0 else 1 / values[0] if n == 2 else 0
                for n in free
            ]
        )
        signal_error = math.sqrt(slope @ spread @ slope)
    else:
        signal_error = math.nan
    shown = pd.DataFrame(
        {
            "observation": [each.name for each in seen],
            "observed": [each.value for each in seen],
            "weight": [each.sigma for each in seen],
            "fitted": np.nan_to_num(design) @ np.nan_to_num(values),
        }
    )
    shown["residual"] = shown["fitted"] - shown["observed"]
    estimates = {"g": values[0], "a": values[1], "s_raloxifene": signal}
    return (
        estimates,
        {"g": errors[0], "a": errors[1], "s_raloxifene": signal_error},
        shown,
    )


def _lemaire(values):
    """The four observations, in the order of `observations`, by the model of Lemaire with values m, s_d and, if given, a."""
    floor, signal, a = (*values, 0.0)[:3]
    times = [START, -5, -1, 2, 5, 20, 23]
    course, drug, full = (
        remodeling.lemaire_density(
            times, [(20, 99, s)] if s else [], floor=floor, a=a
        ).to_numpy()
        for s in (0, signal, 1.0)
    )
    return np.array(
        [
            course[3] - course[2],
            course[4] - course[1],
            drug[6] - course[6],
            full[6] - course[6],
        ]
    )


def fit_lemaire(age=True):
    """(estimates, standard errors, table of observed and fitted) for the model of Lemaire, by Gauss-Newton steps.

    age: whether it has the loss with age that the remodeling-space model has (three free numbers) or none (two).
    """
    seen = observations()
    value, sigma = (
        np.array([each.value for each in seen]),
        np.array([each.sigma for each in seen]),
    )
    names = ["m", "s_raloxifene", "a"] if age else ["m_bare", "s_bare"]
    found = np.array([0.2, 0.4, 0.9])[: len(names)]
    for _ in range(50):
        steps = 1e-4 * np.eye(len(found))
        slopes = (
            np.column_stack(
                [_lemaire(found + step) - _lemaire(found - step) for step in steps]
            )
            / 2e-4
            / sigma[:, None]
        )
        move, *_ = np.linalg.lstsq(
            slopes, (value - _lemaire(found)) / sigma, rcond=None
        )
        found = found + move
        if np.abs(move).max() < 1e-6:
            break
    else:
        raise ValueError("The fit of the model of Lemaire does not settle.")
    errors = np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)))
    shown = pd.DataFrame(
        {
            "observation": [each.name for each in seen],
            "observed": value,
            "weight": sigma,
            "fitted": _lemaire(found),
        }
    )
    shown["residual"] = shown["fitted"] - shown["observed"]
    return dict(zip(names, found)), dict(zip(names, errors)), shown


def chi2(shown):
    """Sum of squared residuals over their weights."""
    return float(((shown["residual"] / shown["weight"]) ** 2).sum())


def held_out():
    """Predictions for numbers the fit did not use: what, predicted, its standard error from the fit, observed, row.

    The errors of the year after stopping are not worked out; those of the trial are larger than anything the fit could add.
    """
    p = remodeling.parameters()
    cohort, errors, _ = fit([0, 1])
    lasting = p["tau_f"] * remodeling.response(3.0, p["tau_r"], p["tau_f"])
    rows = [
        (
            "hormone therapy minus placebo, 3 years, from the cohort alone",
            cohort["g"] * lasting,
            errors["g"] * lasting,
            _pepi(),
            "pepi1996-ls-plac",
        )
    ]
    for name, signal, row in [
        ("estrogen", p["s_ht"], "neele2002-ls-off-cee"),
        ("raloxifene", p["s_raloxifene"], "neele2002-ls-off-rlx60"),
        ("placebo", 0.0, "neele2002-ls-off-plac"),
    ]:
        rows.append(
            (
                f"year after stopping, {name}",
                year_after(signal),
                math.nan,
                stored(row),
                row,
            )
        )
    return pd.DataFrame(
        rows, columns=["prediction", "predicted", "error", "observed", "row"]
    )


def misses():
    """What the model gets wrong: what, predicted, observed, row (the turnover row is the smallest fall of a marker)."""
    p, two = remodeling.parameters(), "raloxifene minus placebo, 2 years"
    gain = float(remodeling.gain(2, p["s_raloxifene"], p["g"], p["tau_r"], p["tau_f"]))
    tamoxifen = 3 * (stored("powles1996-ls-pre-tam") - stored("powles1996-ls-pre-plac"))
    course = remodeling.simulate([START, -5.5, 24.5])[
        "bmd"
    ].to_numpy()  # 45 and 75 years, with the final period at 50 and a half
    rows = [
        (
            f"{two} (Miller)",
            gain,
            stored("miller2008-ls-diff-rlx60"),
            "miller2008-ls-diff-rlx60",
        ),
        (
            f"{two} (Meunier)",
            gain,
            stored("meunier1999-ls-diff-rlx60"),
            "meunier1999-ls-diff-rlx60",
        ),
        (
            "turnover on raloxifene, %",
            -100 * p["rho"] * p["s_raloxifene"] / (1 + p["rho"]),
            stored("johnell2002-markers-rlx60-high"),
            "johnell2002-markers-rlx60-high",
        ),
        (
            "tamoxifen before menopause minus placebo, 3 years",
            float(
                remodeling.gain(
                    3, left_by_tamoxifen() - 1, p["g"], p["tau_r"], p["tau_f"]
                )
            ),
            tamoxifen,
            "powles1996-ls-pre-tam",
        ),
        (
            "spine density in the seventies, % of the forties",
            100 * course[2] / course[1],
            100 * p["survey_70s"] / p["survey_40s"],
            "mp-rs-survey-70s",
        ),
    ]
    return pd.DataFrame(rows, columns=["prediction", "predicted", "observed", "row"])


def left_by_tamoxifen():
    """Estrogen-like signal in bone before menopause on tamoxifen, by the receptor model: 1 without it, 0 late after menopause."""
    p = receptor.parameters()
    tau_a, tau_b = (
        receptor.tissue_efficacy(p[f"kappa-{ligand}"], p["c-bone"], p["tau-max"])
        for ligand in ("estradiol", "tamoxifen")
    )
    before, on, after = (
        receptor.response(p[level], dose, tau_a, tau_b, p["n"])
        for level, dose in [
            ("alpha-pre", 0),
            ("alpha-pre", p["beta"]),
            ("alpha-post", 0),
        ]
    )
    return float((on - after) / (before - after))


def year_after(signal, start=5.0, years=5.0):
    """Change of spine density, % of its value at the stop, in the year after `years` of a signal begun `start` years after the final period."""
    stop = start + years
    course = remodeling.simulate(
        [START, start, stop, stop + 1], [(start, stop, signal)] if signal else []
    )["bmd"].to_numpy()
    return 100 * (course[3] / course[2] - 1)


def main():
    stored_values = remodeling.parameters()
    estimates, errors, shown = fit()
    _say("Remodeling space", estimates, errors, shown, stored_values)
    print(
        f"  remodeling space G tau_F: {estimates['g'] * stored_values['tau_f']:.2f} % of spine density\n"
    )
    print("Held out\n" + held_out().round(2).to_string(index=False) + "\n")
    print("Misses\n" + misses().round(2).to_string(index=False) + "\n")
    for age in (True, False):
        _say(
            f"Lemaire 2004, {'same' if age else 'no'} loss with age",
            *fit_lemaire(age),
            remodeling.parameters("Lemaire 2004"),
        )


def _say(title, estimates, errors, shown, stored_values):
    print(f"{title}: fitted (standard error), stored")
    for name, value in estimates.items():
        print(
            f"  {name:<14}{value:8.4f} ({errors[name]:.4f})   {stored_values[name]:g}"
        )
    print(shown.round(2).to_string(index=False))
    free = len(estimates)
    print(
        f"  chi-squared {chi2(shown):.2f}; {len(shown)} observations, {free} free numbers\n"
    )


if __name__ == "__main__":
    main()
