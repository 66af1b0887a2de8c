"""Bone remodeling as two models: the remodeling space (three linear equations) and RANK-RANKL-OPG (Lemaire 2004).

Both describe averages of groups; neither is a calculator for a patient. Time is in years from the final menstrual
period for the first model and in days for the second. Parameters come from the table `model_parameters`; those with
the standing `fitted` are found by `tools/fit.py` (`make fit`) and tests/test_remodeling.py fits them again.
"""

import math
from functools import lru_cache

import numpy as np
import pandas as pd

from bonebook.tables import table

STEP = 0.01  # years; the longest step of the integration


def parameters(model="remodeling space"):
    """Values of one model of the table `model_parameters` by name (the id without its prefix, `_` for `-`): parameters()["tau_f"].

    Raises ValueError if the table knows no such model.
    """
    rows = table("model_parameters").query("model == @model")
    if rows.empty:
        raise ValueError(f"The table model_parameters has no model {model!r}.")
    names = (
        rows["id"].str.replace(r"^mp-(rs|lem)-", "", regex=True).str.replace("-", "_")
    )
    return dict(zip(names, rows["value"], strict=True))


def estrogen(time, w):
    """The body's own estrogen, 1 well before and 0 well after the final menstrual period: 1 / (1 + exp(time / w)).

    time: years from the final period (number or array); w: width of the fall in years. Raises ValueError unless w is above zero.
    """
    _positive(w=w)
    return 1 / (1 + np.exp(np.clip(np.asarray(time, dtype=float) / w, -700, 700)))


def response(time, tau_r, tau_f):
    """How much of a lasting change of resorption formation has followed, 0 to 1, `time` years after a step.

    1 - (tau_f exp(-t/tau_f) - tau_r exp(-t/tau_r)) / (tau_f - tau_r), and its limit 1 - (1 + t/tau) exp(-t/tau) for equal times.
    Raises ValueError for a negative time or a time constant that is not above zero.
    """
    time = np.asarray(time, dtype=float)
    _positive(tau_r=tau_r, tau_f=tau_f)
    if (time < 0).any():
        raise ValueError("The time since a step cannot be negative.")
    if math.isclose(tau_r, tau_f, rel_tol=1e-6):
        tau = (tau_r + tau_f) / 2
        return 1 - (1 + time / tau) * np.exp(-time / tau)
    return 1 - (tau_f * np.exp(-time / tau_f) - tau_r * np.exp(-time / tau_r)) / (
        tau_f - tau_r
    )


def gain(time, signal, G, tau_r, tau_f):
    """Drug minus placebo in spine density, % of the premenopausal value, `time` years after the start, long after menopause.

    time: number or array, and the result has its shape; signal: 0 (no effect) to 1 (as estrogen before menopause); G in % a year.
    G tau_f signal response(time) is the closed form of `simulate` for a step from signal 0; the loss with age cancels. It ends at
    the plateau G tau_f signal: the share of the remodeling space that the drug fills. Raises ValueError as `response` does.
    Source: the remodeling transient is that of Heaney, Yates & Santora (J Bone Miner Res 1997;12:1143-1151); these equations are ours.
    """
    return G * tau_f * signal * response(time, tau_r, tau_f)


def simulate(
    times,
    treatments=(),
    *,
    G=None,
    a=None,
    tau_r=None,
    tau_f=None,
    rho=None,
    w=None,
    a_late=None,
    late=None,
):
    """Spine density of a group through menopause, with and without treatment.

    times: increasing years from the final menstrual period, the first well before it (-5 or earlier), when density is 100.
    The model was fitted to the ten years around the final period; beyond them it is an extrapolation.
    treatments: (start, stop, signal) in years; signal 0 to 1, periods do not overlap. The other arguments default to the
    table; an `a` that is given holds for all years unless a_late is given too.

    Solves R' = (1 + rho (1 - s) - R) / tau_r, F' = (R - F) / tau_f (resorption and formation, premenopause = 1), with
    s = 1 - (1 - signal)(1 - E) and E = estrogen(t), by Runge-Kutta of order four in steps of at most 0.01 years. Density follows
    without a further equation: B' = (G / rho)(F - R) - a (1 - E) is -(G tau_f / rho) F' less the loss with age, so
    B = 100 - (G tau_f / rho)(F - 1) - a w ln(1 + exp(t / w)). From `late` years on, a_late takes the place of a.

    Returns a DataFrame with a row for each time: time, estrogen, signal, resorption, formation, bmd (% of premenopause).
    Raises ValueError if the times do not increase or start too late, or if a treatment ends before it starts, overlaps another
    or has a signal outside 0 to 1.
    """
    known = parameters()
    a_late = a if a_late is None and a is not None else a_late
    G, a, tau_r, tau_f, rho, w, a_late, late = (
        known[name] if given is None else given
        for name, given in [
            ("g", G),
            ("a", a),
            ("tau_r", tau_r),
            ("tau_f", tau_f),
            ("rho", rho),
            ("w", w),
            ("a_late", a_late),
            ("late", late),
        ]
    )
    _positive(tau_r=tau_r, tau_f=tau_f, rho=rho, w=w)
    times = np.asarray(times, dtype=float)
    treatments = sorted(treatments)
    _check(times, treatments, w)
    breaks = sorted(
        {
            *times.tolist(),
            *(
                edge
                for start, stop, _ in treatments
                for edge in (start, stop)
                if times[0] < edge < times[-1]
            ),
        }
    )
    resorption = formation = 1 + rho * (1 - _signal(times[0], times[0], treatments, w))
    rows = {times[0]: (resorption, formation)}
    for start, stop in zip(breaks, breaks[1:]):
        steps = max(1, math.ceil((stop - start) / STEP - 1e-9))
        h = (stop - start) / steps
        halves = _signal(
            start + h / 2 * np.arange(2 * steps + 1), (start + stop) / 2, treatments, w
        )
        target = (1 + rho * (1 - halves)).tolist()
        for n in range(steps):
            now, half, end = target[2 * n], target[2 * n + 1], target[2 * n + 2]
            r1, f1 = (now - resorption) / tau_r, (resorption - formation) / tau_f
            r2, f2 = (
                (half - resorption - h / 2 * r1) / tau_r,
                (resorption + h / 2 * r1 - formation - h / 2 * f1) / tau_f,
            )
            r3, f3 = (
                (half - resorption - h / 2 * r2) / tau_r,
                (resorption + h / 2 * r2 - formation - h / 2 * f2) / tau_f,
            )
            r4, f4 = (
                (end - resorption - h * r3) / tau_r,
                (resorption + h * r3 - formation - h * f3) / tau_f,
            )
            resorption += h / 6 * (r1 + 2 * r2 + 2 * r3 + r4)
            formation += h / 6 * (f1 + 2 * f2 + 2 * f3 + f4)
        rows[stop] = (resorption, formation)
    out = pd.DataFrame(
        [rows[time] for time in times.tolist()], columns=["resorption", "formation"]
    )
    out.insert(0, "time", times)
    out.insert(1, "estrogen", estrogen(times, w))
    out.insert(
        2,
        "signal",
        [float(_signal(time, time, treatments, w)) for time in times.tolist()],
    )
    elapsed = w * np.logaddexp(
        0, times / w
    )  # years without estrogen: the integral of 1 - E
    early = np.minimum(elapsed, w * np.logaddexp(0, late / w))
    out["bmd"] = (
        100
        - G * tau_f / rho * (out["formation"] - out["formation"].iloc[0])
        - a * (early - elapsed[0])
        - a_late * (elapsed - early)
    )
    return out


def _signal(time, where, treatments, w):
    """Estrogen-like signal at `time`, under the treatment of the stretch in which `where` lies."""
    drug = next(
        (signal for start, stop, signal in treatments if start <= where < stop), 0.0
    )
    return 1 - (1 - drug) * (1 - estrogen(time, w))


def _check(times, treatments, w):
    if times.ndim != 1 or len(times) < 2 or not (np.diff(times) > 0).all():
        raise ValueError(
            "The times must be two or more, each later than the one before."
        )
    if times[0] > -8 * w:
        raise ValueError(
            f"The first time must lie before the loss begins, at {-8 * w:g} years or earlier, not at {times[0]:g}."
        )
    for start, stop, signal in treatments:
        if not start < stop:
            raise ValueError(
                f"A treatment must stop after it starts, not run from {start} to {stop}."
            )
        if not 0 <= signal <= 1:
            raise ValueError(f"A signal lies between 0 and 1, not at {signal}.")
    if any(later[0] < earlier[1] for earlier, later in zip(treatments, treatments[1:])):
        raise ValueError("Two treatments overlap; give one after the other.")


def _positive(**values):
    for name, value in values.items():
        if not value > 0:
            raise ValueError(f"{name} must be above zero, not {value}.")


# RANK, RANKL and osteoprotegerin: Lemaire et al., J Theor Biol 2004;229:293-309.


def lemaire(cells, *, pth=0.0, opg=0.0, rankl=0.0, opg_output=1.0, p=None):
    """Rates of change of (R, B, C) a day: responding osteoblasts, active osteoblasts, active osteoclasts, in pM.

    cells: the three concentrations in pM; the result is an array of the same three. pth, opg, rankl: added parathyroid hormone,
    osteoprotegerin and RANKL in pM a day (I_P, I_O, I_L); opg_output: factor on the osteoprotegerin that each responding osteoblast
    makes; p: the parameters, where they have been read already. Source of equations and parameters: the curated file
    BIOMD0000000278 of Lemaire et al., in BioModels.
    """
    p = p or parameters("Lemaire 2004")
    responding, active, clasts = cells
    tgf = (clasts + p["f0"] * p["cs"]) / (clasts + p["cs"])
    hormone, own, half = pth / p["kp"], p["sp"] / p["kp"], p["k6"] / p["k5"]
    receptor = (hormone + own) / (hormone + half)
    blocked = (
        p["k1"]
        / (p["k2"] * p["ko"])
        * (p["kop"] * opg_output / receptor * responding + opg)
    )
    bound = (
        (p["k3"] / p["k4"])
        * p["klp"]
        * receptor
        * active
        * (1 + rankl / p["rl"])
        / (1 + p["k3"] * p["k"] / p["k4"] + blocked)
    )
    matured = p["f0"] * p["db"] / tgf * responding
    return np.array(
        [
            p["dr"] * tgf - matured,
            matured - p["kb"] * active,
            p["dc"] * bound - p["da"] * tgf * clasts,
        ]
    )


def lemaire_steady(**inputs):
    """Steady state (R, B, C) in pM of `lemaire` under lasting inputs, by Newton's method from the published baseline.

    Raises ValueError if it does not settle.
    """
    inputs = {"p": parameters("Lemaire 2004")} | inputs
    cells = np.log(
        [7.734e-4, 7.282e-4, 9.127e-4]
    )  # of the curated file; logarithms keep the numbers positive
    for _ in range(200):
        rates = lemaire(np.exp(cells), **inputs) / np.exp(cells)
        nudge = 1e-7
        moved = [cells + nudge * unit for unit in np.eye(3)]
        slopes = np.column_stack(
            [
                (lemaire(np.exp(near), **inputs) / np.exp(near) - rates) / nudge
                for near in moved
            ]
        )
        move = np.linalg.solve(slopes, -rates)
        cells = cells + move / max(1, 2 * np.abs(move).max())
        if np.abs(move).max() < 1e-12:
            return np.exp(cells)
    raise ValueError(
        f"The model does not settle under { {name: value for name, value in inputs.items() if name != 'p'} }."
    )


def lemaire_eigenvalues(**inputs):
    """Eigenvalues (a day) of the model near its steady state: negative real parts mean that it returns there."""
    inputs = {"p": parameters("Lemaire 2004")} | inputs
    cells = lemaire_steady(**inputs)
    slopes = np.column_stack(
        [
            (
                lemaire(cells + unit * cells * 1e-6, **inputs)
                - lemaire(cells - unit * cells * 1e-6, **inputs)
            )
            / (2e-6 * cells[n])
            for n, unit in enumerate(np.eye(3))
        ]
    )
    return np.linalg.eigvals(slopes)


def lemaire_density(times, treatments=(), *, floor=None, a=None, w=None):
    """Spine density (% of premenopause) when estrogen acts in the model of Lemaire through the output of osteoprotegerin alone.

    times, treatments: as in `simulate`; returns a Series with the times as its index. The osteoprotegerin that each responding
    osteoblast makes is multiplied by floor^(1 - s) with the signal s of `simulate`. The cells are taken at their steady state, which
    they reach within weeks. Density D follows D' = k ((B/B0)^0.0793 - (C/C0)^0.14 D), the readout of Peterson & Riggs (Bone
    2010;46:49-63) as the open program OpenBoneMin has it, less the same loss with age as in `simulate`, a % a year (0 leaves it out).
    floor and a default to the fitted values of the table. Raises ValueError as `simulate` does.
    """
    known = parameters("Lemaire 2004")
    floor = known["m"] if floor is None else floor
    a = known["a"] if a is None else a
    w = parameters()["w"] if w is None else w
    times = np.asarray(times, dtype=float)
    treatments = sorted(treatments)
    _check(times, treatments, w)
    levels, built, removed = _readout(float(floor), tuple(known.items()))
    speed = known["k_bmd"] * 24 * 365.25
    breaks = sorted(
        {
            *times.tolist(),
            *(
                edge
                for start, stop, _ in treatments
                for edge in (start, stop)
                if times[0] < edge < times[-1]
            ),
        }
    )
    density, rows = 1.0, {times[0]: 1.0}
    for start, stop in zip(breaks, breaks[1:]):
        steps = max(1, math.ceil((stop - start) / STEP - 1e-9))
        h = (stop - start) / steps
        signal = _signal(
            start + h * (np.arange(steps) + 0.5), (start + stop) / 2, treatments, w
        )
        up, down = np.interp(signal, levels, built), np.interp(signal, levels, removed)
        for formed, lost in zip(up.tolist(), down.tolist()):
            rest = formed / lost
            density = rest + (density - rest) * math.exp(-speed * lost * h)
        rows[stop] = density
    elapsed = w * np.logaddexp(0, times / w)  # years without estrogen, as in `simulate`
    return pd.Series(
        [100 * rows[time] for time in times.tolist()] - a * (elapsed - elapsed[0]),
        index=times,
        name="bmd",
    )


@lru_cache(maxsize=64)
def _readout(floor, known):
    """Signal from 0 to 1, and the two terms of the readout of density at each: formation (B/B0)^0.0793 and removal (C/C0)^0.14."""
    known, levels = dict(known), np.linspace(0, 1, 41)
    states = np.array(
        [lemaire_steady(opg_output=floor ** (1 - level), p=known) for level in levels]
    )
    return (
        levels,
        (states[:, 1] / states[-1, 1]) ** known["gamma_b"],
        (states[:, 2] / states[-1, 2]) ** known["gamma_c"],
    )
