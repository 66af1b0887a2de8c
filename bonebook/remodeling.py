"""Bone remodeling as two models: the remodeling space (three linear equations) and RANK-RANKL-OPG (Lemaire 2004).

Both describe averages of groups; neither is a calculator for a patient. Time is in
years from the final menstrual period for the first model and in days for the second.
Parameters come from the table `model_parameters`; `bonebook.fit` finds those with the
standing `fitted`, and says what the models meet and what they miss.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bonebook.tables import table

STEP = 0.01  # years; the longest step of the integration

Array = NDArray[np.float64]
#: A number or an array of numbers.
Numbers = float | Sequence[float] | Array
#: A treatment: start and stop in years from the final period, signal from 0 to 1.
Treatment = tuple[float, float, float]


def parameters(model: str = "remodeling space") -> dict[str, float]:
    """Values of one model of the table `model_parameters`, by name: parameters()["tau_f"].

    A name is the row's id without its prefix and with `_` for `-`; `G` keeps its capital.
    Units stand in the table. Models: "remodeling space" and "Lemaire 2004".
    Raises ValueError if the table knows no such model. Source: named in the table, by row.
    """
    rows = table("model_parameters").query("model == @model")
    if rows.empty:
        raise ValueError(f"The table model_parameters has no model {model!r}.")
    names = rows["id"].str.replace(r"^mp-[a-z]+-", "", regex=True)
    names = names.str.replace("-", "_").replace("g", "G")
    return dict(zip(names, rows["value"], strict=True))


def estrogen(time: Numbers, w: float) -> Array:
    """The body's own estrogen, from 1 well before to 0 well after the final period.

    1 / (1 + exp(time / w)). time: years from the final menstrual period (number or
    array); w: width of the fall in years. Raises ValueError unless w is above zero.
    Source: a form of our own.
    """
    _positive(w=w)
    return 1 / (1 + np.exp(np.clip(np.asarray(time, dtype=float) / w, -700, 700)))


def response(time: Numbers, tau_r: float, tau_f: float) -> Array:
    """Share of a lasting change of resorption that formation has followed, 0 to 1.

    1 - (tau_f exp(-t/tau_f) - tau_r exp(-t/tau_r)) / (tau_f - tau_r), and its limit
    1 - (1 + t/tau) exp(-t/tau) where the two are equal. time: years after the step
    (number or array); tau_r, tau_f: years that resorption and formation need to follow.
    Raises ValueError for a negative time or a time constant that is not above zero.
    Source: two linear equations of first order in a row, as in `simulate`.
    """
    time = np.asarray(time, dtype=float)
    _positive(tau_r=tau_r, tau_f=tau_f)
    if (time < 0).any():
        raise ValueError("The time since a step cannot be negative.")
    if math.isclose(tau_r, tau_f, rel_tol=1e-6):
        tau = (tau_r + tau_f) / 2
        return 1 - (1 + time / tau) * np.exp(-time / tau)
    slow, fast = tau_f * np.exp(-time / tau_f), tau_r * np.exp(-time / tau_r)
    return 1 - (slow - fast) / (tau_f - tau_r)


def gain(time: Numbers, signal: Numbers, G: float, tau_r: float, tau_f: float) -> Array:
    """Drug minus placebo in spine density, in percentage points of the premenopausal value.

    G tau_f signal response(time): what `simulate` gives for a step from signal 0 long
    after menopause, where the loss with age cancels. It ends at the plateau
    G tau_f signal, the share of the remodeling space that the drug fills.
    time: years after the start (number or array); signal: 0 (no effect) to 1 (as
    estrogen before menopause); G in % a year; tau_r, tau_f in years. Raises ValueError as `response` does.
    Source: the remodeling transient is that of Heaney, Yates & Santora (J Bone Miner Res
    1997;12:1143-1151); these equations are ours.
    """
    return G * tau_f * np.asarray(signal) * response(time, tau_r, tau_f)


def simulate(
    times: Sequence[float] | Array,
    treatments: Iterable[Treatment] = (),
    *,
    G: float | None = None,
    a: float | None = None,
    tau_r: float | None = None,
    tau_f: float | None = None,
    rho: float | None = None,
    w: float | None = None,
    a_late: float | None = None,
    late: float | None = None,
) -> pd.DataFrame:
    """Spine density of a group through menopause, with and without treatment.

    times: increasing years from the final menstrual period, the first well before it
    (-5 or earlier), when density is 100. The model was fitted to the ten years around
    the final period; beyond them it is an extrapolation.
    treatments: (start, stop, signal) in years; signal 0 to 1, periods do not overlap.
    The other arguments default to the table; an `a` that is given holds for all years
    unless a_late is given too.

    Solves R' = (1 + rho (1 - s) - R) / tau_r and F' = (R - F) / tau_f (resorption and
    formation, premenopause = 1) with s = 1 - (1 - signal)(1 - E) and E = estrogen(t), by
    Runge-Kutta of order four in steps of at most 0.01 years. Density follows without a
    further equation: B' = (G / rho)(F - R) - a (1 - E) is -(G tau_f / rho) F' less the
    loss with age, so B = 100 - (G tau_f / rho)(F - 1) - a w ln(1 + exp(t / w)). From
    `late` years on, a_late takes the place of a.

    Returns a DataFrame with a row for each time: time, estrogen, signal, resorption,
    formation, bmd (% of premenopause). Raises ValueError if the times do not increase or
    start too late, or if a treatment ends before it starts, overlaps another or has a
    signal outside 0 to 1. Source: as `gain`.
    """
    given = {"G": G, "a": a, "tau_r": tau_r, "tau_f": tau_f, "rho": rho, "w": w}
    given |= {"a_late": a if a_late is None else a_late, "late": late}
    p = parameters() | {
        name: value for name, value in given.items() if value is not None
    }
    tau_r, tau_f, rho, w = p["tau_r"], p["tau_f"], p["rho"], p["w"]
    _positive(tau_r=tau_r, tau_f=tau_f, rho=rho, w=w)
    times = np.asarray(times, dtype=float)
    treatments = _checked(times, treatments, w)

    def rates(target, resorption, formation):
        return (target - resorption) / tau_r, (resorption - formation) / tau_f

    signal = [float(_signal(time, time, treatments, w)) for time in times]
    resorption = formation = 1 + rho * (1 - signal[0])
    state = {times[0]: (resorption, formation)}
    for start, stop, steps in _stretches(times, treatments):
        h = (stop - start) / steps
        halves = start + h / 2 * np.arange(2 * steps + 1)
        there = _signal(halves, (start + stop) / 2, treatments, w)
        target = (1 + rho * (1 - there)).tolist()
        for n in range(steps):
            now, half, end = target[2 * n : 2 * n + 3]
            r1, f1 = rates(now, resorption, formation)
            r2, f2 = rates(half, resorption + h / 2 * r1, formation + h / 2 * f1)
            r3, f3 = rates(half, resorption + h / 2 * r2, formation + h / 2 * f2)
            r4, f4 = rates(end, resorption + h * r3, formation + h * f3)
            resorption += h / 6 * (r1 + 2 * r2 + 2 * r3 + r4)
            formation += h / 6 * (f1 + 2 * f2 + 2 * f3 + f4)
        state[stop] = (resorption, formation)
    turnover = np.array([state[time] for time in times])
    elapsed = _without_estrogen(times, w)
    early = np.minimum(elapsed, _without_estrogen(p["late"], w))
    refilled = p["G"] * tau_f / rho * (turnover[:, 1] - turnover[0, 1])
    aged = p["a"] * (early - elapsed[0]) + p["a_late"] * (elapsed - early)
    return pd.DataFrame(
        {
            "time": times,
            "estrogen": estrogen(times, w),
            "signal": signal,
            "resorption": turnover[:, 0],
            "formation": turnover[:, 1],
            "bmd": 100 - refilled - aged,
        }
    )


def _signal(time, where, treatments, w):
    """Estrogen-like signal at `time`, under the treatment of the stretch in which `where` lies."""
    drug = next(
        (signal for start, stop, signal in treatments if start <= where < stop), 0.0
    )
    return 1 - (1 - drug) * (1 - estrogen(time, w))


def _without_estrogen(time, w):
    """Years without estrogen up to `time`: the integral of 1 - E, w ln(1 + exp(t / w))."""
    return w * np.logaddexp(0, np.asarray(time) / w)


def _stretches(times, treatments):
    """(start, stop, steps) from one time, or edge of a treatment, to the next."""
    edges = {edge for start, stop, _ in treatments for edge in (start, stop)}
    inside = {edge for edge in edges if times[0] < edge < times[-1]}
    breaks = sorted({*times.tolist(), *inside})
    return [
        (start, stop, max(1, math.ceil((stop - start) / STEP - 1e-9)))
        for start, stop in pairwise(breaks)
    ]


def _checked(times, treatments, w):
    """The treatments in order. Raises ValueError, in a sentence, for what cannot be run."""
    treatments = sorted(treatments)
    if times.ndim != 1 or len(times) < 2 or not (np.diff(times) > 0).all():
        raise ValueError(
            "The times must be two or more, each later than the one before."
        )
    if times[0] > -8 * w:
        raise ValueError(
            "The first time must lie before the loss begins, "
            f"at {-8 * w:g} years or earlier, not at {times[0]:g}."
        )
    for start, stop, signal in treatments:
        if not start < stop:
            raise ValueError(
                f"A treatment must stop after it starts, not run from {start} to {stop}."
            )
        if not 0 <= signal <= 1:
            raise ValueError(f"A signal lies between 0 and 1, not at {signal}.")
    if any(later[0] < earlier[1] for earlier, later in pairwise(treatments)):
        raise ValueError("Two treatments overlap; give one after the other.")
    return treatments


def _positive(**values):
    for name, value in values.items():
        if not value > 0:
            raise ValueError(f"{name} must be above zero, not {value}.")


# RANK, RANKL and osteoprotegerin: Lemaire et al., J Theor Biol 2004;229:293-309.

#: The state of rest (R, B, C) in pM that the curated model file gives.
PUBLISHED_REST = (7.734e-4, 7.282e-4, 9.127e-4)


def lemaire(
    cells: Sequence[float] | Array,
    *,
    pth: float = 0.0,
    opg: float = 0.0,
    rankl: float = 0.0,
    opg_output: float = 1.0,
    p: Mapping[str, float] | None = None,
) -> Array:
    """Rates of change a day of responding osteoblasts R, active osteoblasts B, active osteoclasts C.

    R' = D_R pi_C - (f0 d_B / pi_C) R, B' = (f0 d_B / pi_C) R - k_B B and
    C' = D_C pi_L - D_A pi_C C, with the shares pi of occupied receptors as written on the
    page "How the models were built". cells: R, B and C in pM; the result is an array of
    the same three, in pM a day. pth, opg, rankl: parathyroid hormone, osteoprotegerin and
    RANKL given from outside, in pM a day; opg_output: factor on the osteoprotegerin that
    each responding osteoblast makes; p: the parameters, where they have been read already.
    Source of equations and parameters: the curated file BIOMD0000000278 of Lemaire et
    al., in BioModels.
    """
    p = p or parameters("Lemaire 2004")
    responding, active, clasts = np.asarray(cells, dtype=float)
    tgf = (clasts + p["f0"] * p["cs"]) / (clasts + p["cs"])
    hormone, own, half = pth / p["kp"], p["sp"] / p["kp"], p["k6"] / p["k5"]
    receptor = (hormone + own) / (hormone + half)
    made = p["kop"] * opg_output / receptor * responding + opg
    blocked = p["k1"] / (p["k2"] * p["ko"]) * made
    carried = p["klp"] * receptor * active * (1 + rankl / p["rl"])
    bound = p["k3"] / p["k4"] * carried / (1 + p["k3"] * p["k"] / p["k4"] + blocked)
    matured = p["f0"] * p["db"] / tgf * responding
    return np.array(
        [
            p["dr"] * tgf - matured,
            matured - p["kb"] * active,
            p["dc"] * bound - p["da"] * tgf * clasts,
        ]
    )


def lemaire_steady(
    *,
    pth: float = 0.0,
    opg: float = 0.0,
    rankl: float = 0.0,
    opg_output: float = 1.0,
    p: Mapping[str, float] | None = None,
) -> Array:
    """State of rest (R, B, C) in pM of `lemaire` under lasting inputs, by Newton's method.

    pth, opg, rankl, opg_output and p as in `lemaire`. It starts at the published state, on logarithms, which keep
    the numbers positive. Raises ValueError if it does not settle.
    Source: as `lemaire`.
    """
    p = p or parameters("Lemaire 2004")
    inputs = {"pth": pth, "opg": opg, "rankl": rankl, "opg_output": opg_output}

    def relative(logs):
        return lemaire(np.exp(logs), **inputs, p=p) / np.exp(logs)

    cells, nudge = np.log(PUBLISHED_REST), 1e-7
    for _ in range(200):
        rates = relative(cells)
        near = [(relative(cells + nudge * unit) - rates) / nudge for unit in np.eye(3)]
        move = np.linalg.solve(np.column_stack(near), -rates)
        cells = cells + move / max(1, 2 * np.abs(move).max())
        if np.abs(move).max() < 1e-12:
            return np.exp(cells)
    raise ValueError(f"The model does not settle under {inputs}.")


def lemaire_eigenvalues() -> NDArray[np.complex128]:
    """Eigenvalues (1/day) of `lemaire` near its state of rest, without inputs.

    Where all real parts are negative the cells return to rest, and the slowest of them
    needs -1 / (real part) days to come nearer by a factor e. By central differences. Source: as `lemaire`.
    """
    p, cells = parameters("Lemaire 2004"), lemaire_steady()
    steps = 1e-6 * np.diag(cells)
    slopes = [
        (lemaire(cells + step, p=p) - lemaire(cells - step, p=p)) / (2 * step.sum())
        for step in steps
    ]
    return np.linalg.eigvals(np.column_stack(slopes))


def lemaire_density(
    times: Sequence[float] | Array,
    treatments: Iterable[Treatment] = (),
    *,
    floor: float | None = None,
    a: float | None = None,
    w: float | None = None,
) -> pd.Series:
    """Spine density (% of premenopause) when estrogen acts in `lemaire` on osteoprotegerin alone.

    times, treatments: as in `simulate`; returns a Series with the times as its index.
    The osteoprotegerin that each responding osteoblast makes is multiplied by
    floor^(1 - s), with the signal s of `simulate`. The cells are taken at their state of
    rest, to which they return within weeks. Density D follows
    D' = k ((B/B0)^0.0793 - (C/C0)^0.14 D), less the loss with age of `simulate`, a % a
    year (0 leaves it out). floor and a default to the fitted values of the table, w to
    that of `simulate`. Raises ValueError as `simulate` does.
    Source of the readout: Peterson & Riggs, Bone 2010;46:49-63, as the open program
    OpenBoneMin has it.
    """
    known = parameters("Lemaire 2004")
    floor = known["m"] if floor is None else floor
    a = known["a"] if a is None else a
    w = parameters()["w"] if w is None else w
    times = np.asarray(times, dtype=float)
    treatments = _checked(times, treatments, w)
    levels, built, removed = _readout(float(floor), tuple(known.items()))
    speed = known["k_bmd"] * 24 * 365.25
    density = 1.0
    state = {times[0]: density}
    for start, stop, steps in _stretches(times, treatments):
        h = (stop - start) / steps
        middles = start + h * (np.arange(steps) + 0.5)
        signal = _signal(middles, (start + stop) / 2, treatments, w)
        up, down = np.interp(signal, levels, built), np.interp(signal, levels, removed)
        for formed, lost in zip(up.tolist(), down.tolist(), strict=True):
            rest = formed / lost
            density = rest + (density - rest) * math.exp(-speed * lost * h)
        state[stop] = density
    elapsed = _without_estrogen(times, w)
    mineral = np.array([100 * state[time] for time in times])
    return pd.Series(mineral - a * (elapsed - elapsed[0]), index=times, name="bmd")


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
