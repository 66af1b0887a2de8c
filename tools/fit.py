"""Fit the remodeling-space model to the rows of data/ and say what it gets right and wrong: `make fit`.

Three numbers are free: G and a (both % a year) and the signal s_d of raloxifene in bone. The model is linear in G, a and G s_d, so
the fit is one weighted least-squares problem. The other parameters are chosen (table model_parameters).
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bonebook import facts, remodeling

START = -10.0      # years from the final menstrual period at which density is 100


@dataclass(frozen=True)
class Observation:
    """One number the model should meet: its row, what it is, value and weight (a standard error, or chosen by us)."""

    row: str
    name: str
    value: float
    sigma: float
    chosen: bool      # whether the weight is ours


def stored(target, column="value"):
    return float(facts.fact(target).row[column])


def observations():
    """What the fit uses, in percentage points of spine density."""
    p = remodeling.parameters()
    johnston = "johnston2000-ls-bmd-diff60"
    se = (stored(johnston, "ci_high") - stored(johnston, "ci_low")) / (2 * 1.959964)
    return [
        Observation("greendale2012-ls-trans", "cohort, 1 year before to 2 after", stored("greendale2012-ls-trans"), p["sigma_transition"], True),
        Observation("greendale2012-ls-10y", "cohort, 5 years before to 5 after", stored("greendale2012-ls-10y"), p["sigma_decade"], True),
        Observation(johnston, "raloxifene minus placebo, 3 years", stored(johnston), se, False),
        Observation("pepi1996-ls-placebo", "hormone therapy minus placebo, 3 years", _pepi(), p["sigma_pepi"], True),
    ]


def _pepi():
    """Mean of the four active arms of PEPI minus its placebo arm; one arm has a row of its own, the other three share one."""
    return (stored("pepi1996-ls-cee-mpa-cont") + 3 * stored("pepi1996-ls-other3")) / 4 - stored("pepi1996-ls-placebo")


def _design(p):
    """Rows of the linear problem in (G, a, G s_d), in the order of `observations`."""
    unit = remodeling.simulate([START, -5, -1, 2, 5], G=1, a=0)["bmd"].to_numpy() - 100
    age = remodeling.simulate([START, -5, -1, 2, 5], G=0, a=1)["bmd"].to_numpy() - 100
    lasting = p["tau_f"] * remodeling.response(3.0, p["tau_r"], p["tau_f"])
    return np.array([
        [unit[3] - unit[2], age[3] - age[2], 0],
        [unit[4] - unit[1], age[4] - age[1], 0],
        [0, 0, lasting],
        [lasting * p["s_ht"], 0, 0],
    ])


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
        slope = np.array([-signal / values[0] if n == 0 else 1 / values[0] if n == 2 else 0 for n in free])
        signal_error = math.sqrt(slope @ spread @ slope)
    else:
        signal_error = math.nan
    shown = pd.DataFrame({
        "observation": [each.name for each in seen],
        "observed": [each.value for each in seen],
        "weight": [each.sigma for each in seen],
        "fitted": np.nan_to_num(design) @ np.nan_to_num(values),
    })
    shown["residual"] = shown["fitted"] - shown["observed"]
    estimates = {"g": values[0], "a": values[1], "s_raloxifene": signal}
    return estimates, {"g": errors[0], "a": errors[1], "s_raloxifene": signal_error}, shown


def held_out():
    """Predictions for numbers the fit did not use, as a table: what, predicted, observed, row."""
    p = remodeling.parameters()
    cohort, errors, _ = fit([0, 1])
    lasting = p["tau_f"] * remodeling.response(3.0, p["tau_r"], p["tau_f"])
    rows = [
        ("hormone therapy minus placebo, 3 years, from the cohort alone", cohort["g"] * lasting, _pepi(), "pepi1996-ls-placebo"),
        ("raloxifene minus placebo, 2 years", float(remodeling.gain(2, p["s_raloxifene"], p["g"], p["tau_r"], p["tau_f"])),
         stored("delmas1997-ls-diff-rlx60"), "delmas1997-ls-diff-rlx60"),
    ]
    for name, signal, row in [("estrogen", p["s_ht"], "neele2002-ls-off-cee"), ("raloxifene", p["s_raloxifene"], "neele2002-ls-off-rlx60"),
                              ("placebo", 0.0, "neele2002-ls-off-placebo")]:
        rows.append((f"year after stopping, {name}", year_after(signal), stored(row), row))
    return pd.DataFrame(rows, columns=["prediction", "predicted", "observed", "row"])


def year_after(signal, start=5.0, years=5.0):
    """Change of spine density, % of its value at the stop, in the year after `years` of a signal begun `start` years after the final period."""
    stop = start + years
    course = remodeling.simulate([START, start, stop, stop + 1], [(start, stop, signal)] if signal else [])["bmd"].to_numpy()
    return 100 * (course[3] / course[2] - 1)


def main():
    estimates, errors, shown = fit()
    stored_values = remodeling.parameters()
    print("Fitted (standard error), stored:")
    for name, value in estimates.items():
        print(f"  {name:<14}{value:8.3f} ({errors[name]:.3f})   {stored_values[name]:g}")
    print(f"  remodeling space G tau_F: {estimates['g'] * stored_values['tau_f']:.2f} % of spine density\n")
    print(shown.round(2).to_string(index=False))
    chi2 = float(((shown["residual"] / shown["weight"]) ** 2).sum())
    print(f"\nchi-squared {chi2:.2f} on {len(shown) - 3} degree of freedom\n")
    print(held_out().round(2).to_string(index=False))


if __name__ == "__main__":
    main()
