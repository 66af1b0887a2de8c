"""What the models of remodeling were fitted to, what they foretell, and what they miss.

observations()          # the four numbers that every fit sees
fitted()                # the same beside a model
held_out()              # numbers that the fit did not see, beside what it foretells
after_stopping()        # those of the trials in which the drug was stopped
misses()                # numbers that the remodeling-space model gets wrong

estimates()             # the fit itself: value and standard error of each free number

Each table has a row for each number, with the words it is shown by (`what`), what was
`published`, what the `model` gives, its `standing` ("fitted", "held out" or "missed"),
the `unit` of both and the `id` of the row it was published in. Three models can be asked
for: "remodeling space", "Lemaire 2004" (with the same loss with age) and
"Lemaire 2004, no loss with age". All are averages of groups.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bonebook import receptor, remodeling
from bonebook.tables import pick

#: Years from the final menstrual period at which density is 100.
START = -10.0
RALOXIFENE = "derived-johnston2000-ls-bmd-diff60"
HORMONES = "derived-pepi1996-ls-diff"
COHORT = ["greendale2012-ls-trans", "greendale2012-ls-10y"]
#: What the fits see, by row. Delmas 1997 is left out because Johnston 2000 pools it with
#: its sister trial; so are the years before the transition in the cohort, for which its
#: abstract prints no number.
OBSERVED = {
    COHORT[0]: "cohort, 1 year before to 2 after",
    COHORT[1]: "cohort, 5 years before to 5 after",
    RALOXIFENE: "raloxifene minus placebo, 3 years",
    HORMONES: "hormone therapy minus placebo, 3 years",
}
#: Every trial of the tables in which estrogen or raloxifene was stopped after menopause
#: and the spine was measured: the row, the words it is shown by, the signal on the drug,
#: years from the final period at the start, years taken, and from when to when after the
#: stop it measured. The years at the start are ours; PEPI's later span is about four years.
#: Trials of other drugs, and of estrogen with calcitriol, are left out: the model has no
#: signal for them. So is tamoxifen, whose signal after menopause was not fitted.
STOPPED = {
    "neele2002-ls-off-cee": ("Neele: estrogen, year 1", "s_ht", 5, 5, 0, 1),
    "neele2002-ls-off-rlx60": ("Neele: raloxifene, year 1", "s_raloxifene", 5, 5, 0, 1),
    "neele2002-ls-off-plac": ("Neele: placebo, year 1", "s_placebo", 5, 5, 0, 1),
    "greenspan2002-ls-off-cee": ("Greenspan: estrogen, year 1", "s_ht", 10, 2, 0, 1),
    "gallagher2002-ls-ht-off-1": ("Gallagher: hormones, year 1", "s_ht", 20, 3, 0, 1),
    "gallagher2002-ls-ht-off-2": ("Gallagher: hormones, year 2", "s_ht", 20, 3, 1, 2),
    "greendale2002-ls-off-1y": ("PEPI: 1 year, then 2 years off", "s_ht", 5, 1, 0, 2),
    "greendale2002-ls-off-3y": ("PEPI: 3 years, then 4 years off", "s_ht", 5, 3, 0, 4),
    "wasnich2004-ls-off-ht": ("Wasnich: hormones, 2 years off", "s_ht", 3, 4, 0, 2),
}
#: The free numbers of each model, each with the value at which the search begins.
FREE = {
    "remodeling space": {"G": 15.0, "a": 1.0, "s_raloxifene": 0.4},
    "Lemaire 2004": {"m": 0.2, "s_raloxifene": 0.4, "a": 0.9},
    "Lemaire 2004, no loss with age": {"m_bare": 0.2, "s_bare": 0.4},
}


def observations() -> pd.DataFrame:
    """The four numbers that every fit sees, with the error that weighs each of them.

    Columns: id, what, published and unit (percentage points of spine density; the cohort
    in % of its own start), sigma (in the same points) and sigma_from: "its interval" or
    "chosen", where the source prints no error and the weight is ours.
    """
    p = remodeling.parameters()
    rows = pick(OBSERVED)
    published = (rows["ci_high"] - rows["ci_low"]) / (2 * 1.959964)
    chosen = [p["sigma_transition"], p["sigma_decade"], np.nan, p["sigma_pepi"]]
    return pd.DataFrame(
        {
            "id": rows["id"],
            "what": rows["label"],
            "published": rows["value"],
            "unit": rows["unit"],
            "sigma": published.fillna(pd.Series(chosen)),
            "sigma_from": np.where(published.notna(), "its interval", "chosen"),
        }
    )


def fitted(
    model: str = "remodeling space",
    values: Mapping[str, float] | pd.Series | None = None,
) -> pd.DataFrame:
    """The four observations beside what a model gives for them.

    values: the free numbers by name (see FREE); those of the table model_parameters when
    left out. Columns: those of `observations`, model, residual (model minus published)
    and standing. Raises KeyError if there is no such model.
    """
    if values is None:
        values = remodeling.parameters(model.partition(",")[0])
    shown = observations()
    shown["model"] = _predicted(model, [values[name] for name in FREE[model]])
    shown["residual"] = shown["model"] - shown["published"]
    return shown.assign(standing="fitted")


def chi2(shown: pd.DataFrame) -> float:
    """Sum over the rows of `fitted` of (residual / sigma)^2, a pure number."""
    return float(((shown["residual"] / shown["sigma"]) ** 2).sum())


def estimates(
    model: str = "remodeling space", used: list[str] | None = None
) -> pd.DataFrame:
    """Fit the free numbers of a model again, by weighted least squares in Gauss-Newton steps.

    used: ids of the observations that weigh; all four when left out. A signal of
    raloxifene without its trial among them is left as it is. Returns a row for each free
    number, named as in `remodeling.parameters`, with `value` and `se`, the standard error
    that follows from the weights, in the number's unit. Raises KeyError if there is no
    such model, ValueError if the search does not settle.
    """
    seen, names, used = observations(), list(FREE[model]), used or list(OBSERVED)
    use, trial = seen["id"].isin(used).to_numpy(), RALOXIFENE in used
    free = [n for n, name in enumerate(names) if trial or not name.startswith("s_")]
    published, sigma = seen["published"].to_numpy(), seen["sigma"].to_numpy()
    found = np.array(list(FREE[model].values()))
    for _ in range(50):
        steps = 1e-4 * np.eye(len(found))[free]
        slopes = [
            _predicted(model, found + step) - _predicted(model, found - step)
            for step in steps
        ]
        slope = np.column_stack(slopes)[use] / 2e-4 / sigma[use, None]
        left = ((published - _predicted(model, found)) / sigma)[use]
        move, *_ = np.linalg.lstsq(slope, left, rcond=None)
        found[free] += move
        if np.abs(move).max() < 1e-6:
            break
    else:
        raise ValueError(f"The fit of the model {model!r} does not settle.")
    error = np.sqrt(np.diag(np.linalg.inv(slope.T @ slope)))
    index = [names[n] for n in free]
    return pd.DataFrame({"value": found[free], "se": error}, index=index)


def held_out() -> pd.DataFrame:
    """Numbers that the fit did not see, beside what the remodeling-space model foretells.

    First the gain on hormone therapy over placebo after three years, foretold from the
    cohort alone, without any trial; `se` is the standard error of that prediction, in
    percentage points. Then the rows of `after_stopping`.
    """
    p = remodeling.parameters()
    G = estimates(used=COHORT).loc["G"]
    lasting = remodeling.gain(3, p["s_ht"], 1, p["tau_r"], p["tau_f"])
    words = {HORMONES: f"{OBSERVED[HORMONES]}, from the cohort alone"}
    hormones = _beside(words, [G["value"] * lasting], "held out")
    hormones["se"] = G["se"] * lasting
    return pd.concat([hormones, after_stopping()], ignore_index=True)


def after_stopping() -> pd.DataFrame:
    """Change of spine density after estrogen, raloxifene or placebo ends, trial by trial.

    All trials of the tables that stopped one of these and measured the spine (see
    STOPPED). `published` and `model` are in %, a year where the trial prints a yearly
    mean; `ci_low` and `ci_high` are the interval of the trial and `sd` its standard
    deviation between women, where it prints one. The error of the prediction is not
    worked out.
    """
    signals = remodeling.parameters() | {"s_placebo": 0.0}
    change = []
    for _, drug, start, years, since, until in STOPPED.values():
        stop = start + years
        times = sorted({START, start, stop + since, stop + until})
        course = remodeling.simulate(times, [(start, stop, signals[drug])])
        before, after = course["bmd"].to_numpy()[-2:]
        change.append(100 * (after / before - 1))
    words = {id: line[0] for id, line in STOPPED.items()}
    shown = _beside(words, change, "held out")
    yearly = shown["unit"] == "%/year"
    spans = pd.Series([line[5] - line[4] for line in STOPPED.values()])
    shown.loc[yearly, "model"] /= spans[yearly]
    rows = pick(list(STOPPED))
    return shown.assign(**{name: rows[name] for name in ("ci_low", "ci_high", "sd")})


def misses() -> pd.DataFrame:
    """Numbers that the remodeling-space model gets wrong.

    Two trials of raloxifene that differ; turnover on it (beside the smallest fall of the
    four markers); three years of tamoxifen before menopause (women who took the tablets
    and stayed premenopausal); density in old age (model: 75 years beside 45, with the
    final period at 50 and a half; published: another survey's women of 71 to 80 beside
    those of 41 to 50).
    """
    p = remodeling.parameters()
    shape = p["G"], p["tau_r"], p["tau_f"]
    two = float(remodeling.gain(2, p["s_raloxifene"], *shape))
    three = float(remodeling.gain(3, tamoxifen_signal() - 1, *shape))
    turnover = -100 * p["rho"] * p["s_raloxifene"] / (1 + p["rho"])
    bmd = remodeling.simulate([START, -5.5, 24.5])["bmd"].to_numpy()
    shown = _beside(
        {
            "miller2008-ls-diff-rlx60": "raloxifene minus placebo, 2 years: Miller",
            "meunier1999-ls-diff-rlx60": "raloxifene minus placebo, 2 years: Meunier",
            "johnell2002-markers-rlx60-high": "turnover on raloxifene, least fall of four markers",
            "derived-powles1996-ls-pre-diff": "tamoxifen minus placebo before menopause, 3 years",
            "mp-rs-survey-70s": "density in the seventies as a share of the forties",
        },
        [two, two, turnover, three, 100 * bmd[2] / bmd[1]],
        "missed",
    ).set_index("id", drop=False)
    shown.loc["derived-powles1996-ls-pre-diff", "published"] *= 3  # a year, three years
    shown.loc["derived-powles1996-ls-pre-diff", "unit"] = "percentage points"
    shown.loc["mp-rs-survey-70s", "published"] *= 100 / p["survey_40s"]
    shown.loc["mp-rs-survey-70s", "unit"] = "%"
    return shown.reset_index(drop=True)


def tamoxifen_signal() -> float:
    """Estrogen-like signal in bone on tamoxifen before menopause, by the receptor model.

    1 without it, 0 late after menopause (`receptor.estrogen_signal`); a pure number, from
    values that are chosen.
    """
    p = receptor.parameters()
    tau_a, tau_b = (
        receptor.tissue_efficacy(p[f"kappa_{ligand}"], p["c_bone"], p["tau_max"])
        for ligand in ("estradiol", "tamoxifen")
    )
    before, after = p["alpha_pre"], p["alpha_post"]
    signal = receptor.estrogen_signal(
        before, p["beta"], tau_a, tau_b, p["n"], low=after, full=before
    )
    return float(signal)


def _predicted(model, values):
    """The four observations, in their order, by a model with these free numbers."""
    if model == "remodeling space":
        return _remodeling_space(*values)
    return _lemaire(*values)


def _remodeling_space(G, a, s_raloxifene):
    p = remodeling.parameters()
    bmd = remodeling.simulate([START, -5, -1, 2, 5], G=G, a=a)["bmd"].to_numpy()
    signals = np.array([s_raloxifene, p["s_ht"]])
    drug = remodeling.gain(3, signals, G, p["tau_r"], p["tau_f"])
    return np.array([bmd[3] - bmd[2], bmd[4] - bmd[1], *drug])


def _lemaire(m, s_raloxifene, a=0.0):
    times = [START, -5, -1, 2, 5, 20, 23]
    none, part, full = (
        remodeling.lemaire_density(times, [(20, 99, signal)], floor=m, a=a).to_numpy()
        for signal in (0.0, s_raloxifene, 1.0)
    )
    drug = [part[6] - none[6], full[6] - none[6]]
    return np.array([none[3] - none[2], none[4] - none[1], *drug])


def _beside(ids, model, standing):
    """Rows {id: words} with what was published, what the model gives, and their standing."""
    rows = pick(ids)
    return pd.DataFrame(
        {
            "id": rows["id"],
            "what": rows["label"],
            "published": rows["value"],
            "model": np.asarray(model, dtype=float),
            "unit": rows["unit"],
            "standing": standing,
        }
    )
