"""Two ligands that compete for one receptor: estradiol (A) and a SERM (B), from occupancy to response.

Concentrations go in scaled, as pure numbers: alpha = [estradiol] / K_A and
beta = [SERM] / K_B, where K is the dissociation constant, so that 1 holds half of the
receptors. Efficacies (tau) are the transducer ratios of the operational model. Every
function takes numbers or arrays that broadcast against each other and returns numpy
values; responses are proportions of the tissue's maximum. Every function raises
ValueError, in a sentence, for what cannot be a concentration, an efficacy or a slope.
The values in the table `model_parameters` are chosen to illustrate: nobody has measured
them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bonebook.tables import table

MODEL = "two-ligand receptor"

Array = NDArray[np.float64]
#: A number, or numbers that broadcast against those of the other arguments.
Numbers = float | Sequence[float] | Array


def parameters() -> dict[str, float]:
    """The illustrative values of the table `model_parameters`, by name: parameters()["kappa_raloxifene"].

    A name is the row's id without its prefix and with `_` for `-`. All are pure numbers.
    Source: chosen by us; the table has a reason for each.
    """
    rows = table("model_parameters").query("model == @MODEL")
    names = rows["id"].str.removeprefix("mp-rec-").str.replace("-", "_")
    return dict(zip(names, rows["value"], strict=True))


def occupancy(alpha: Numbers, beta: Numbers = 0) -> tuple[Array, Array]:
    """Shares of the receptors that hold A and that hold B, each 0 to 1.

    alpha / (1 + alpha + beta) and beta / (1 + alpha + beta), for scaled concentrations.
    Raises ValueError for a negative one. Source: Gaddum, J Physiol 1937;89:7P-9P, as told
    by Finlay et al., Br J Pharmacol 2020;177:1472-1484.
    """
    alpha, beta = _checked("A concentration", alpha, beta)
    return alpha / (1 + alpha + beta), beta / (1 + alpha + beta)


def inhibition_constant(ic50: Numbers, label: Numbers, kd: Numbers) -> Array:
    """Dissociation constant K_i of a competitor, from what displaces half of a labeled ligand.

    ic50 / (1 + label / kd). ic50, label (free concentration of the labeled ligand) and kd
    (its dissociation constant) in one unit, which is that of the result. Raises
    ValueError for a negative concentration or a kd of zero.
    Source: Cheng & Prusoff, Biochem Pharmacol 1973;22:3099-3108.
    """
    ic50, label, kd = _checked("A concentration", ic50, label, kd)
    if (kd == 0).any():
        raise ValueError("A dissociation constant must be above zero.")
    return ic50 / (1 + label / kd)


def response(
    alpha: Numbers,
    beta: Numbers,
    tau_a: Numbers,
    tau_b: Numbers,
    n: Numbers = 1,
) -> Array:
    """Response to both ligands together, as a proportion of the tissue's maximum, 0 to 1.

    x^n / (1 + x^n) with x = (tau_a alpha + tau_b beta) / (1 + alpha + beta), for scaled
    concentrations alpha and beta, efficacies tau and a slope n; beta = 0 gives the model
    for one ligand. Raises ValueError for a negative number or a slope of zero.
    Source: the operational model of Black & Leff, Proc R Soc Lond B 1983;220:141-162,
    written for two ligands that compete for one site.
    """
    alpha, beta, tau_a, tau_b, n = _checked(
        "A concentration, an efficacy or a slope", alpha, beta, tau_a, tau_b, n
    )
    _sloped(n)
    stimulus = ((tau_a * alpha + tau_b * beta) / (1 + alpha + beta)) ** n
    return stimulus / (1 + stimulus)


def ceiling(tau: Numbers, n: Numbers = 1) -> Array:
    """Response, 0 to 1 of the tissue's maximum, when one ligand of this efficacy holds every receptor.

    tau^n / (1 + tau^n), for an efficacy tau and a slope n. Raises ValueError for a
    negative number. Source: Black & Leff 1983.
    """
    tau, n = _checked("An efficacy or a slope", tau, n)
    return tau**n / (1 + tau**n)


def half_effective(tau: Numbers, n: Numbers = 1) -> Array:
    """Scaled concentration (EC50 / K) at which one ligand alone gives half of its own ceiling.

    1 / ((2 + tau^n)^(1/n) - 1), for an efficacy tau and a slope n; times K it is the EC50
    in the unit of K. Raises ValueError for a negative number or a slope of zero.
    Source: Black & Leff 1983.
    """
    tau, n = _checked("An efficacy or a slope", tau, n)
    _sloped(n)
    return 1 / ((2 + tau**n) ** (1 / n) - 1)


def switch_point(tau_a: Numbers, tau_b: Numbers) -> Array:
    """Scaled estradiol alpha* at which the SERM turns from agonist (below it) to antagonist (above it).

    tau_b / (tau_a - tau_b). Adding any dose of B moves the response toward B's own
    ceiling, so the sign of the change depends on alpha and the two efficacies and on
    nothing else: not on beta, on K_A and K_B, or on n. Zero for a pure antagonist
    (tau_b = 0); infinite when tau_b >= tau_a, for then B is never an antagonist; not a
    number when neither has efficacy. Raises ValueError for a negative efficacy.
    Source: derived on the page "Partial agonism as an equation, and what it cannot do".
    """
    tau_a, tau_b = np.broadcast_arrays(*_checked("An efficacy", tau_a, tau_b))
    above = tau_a > tau_b
    alpha = np.where(above, tau_b / np.where(above, tau_a - tau_b, 1), np.inf)
    return np.where((tau_a == 0) & (tau_b == 0), np.nan, alpha)[()]


def tissue_efficacy(kappa: Numbers, balance: Numbers, tau_max: Numbers) -> Array:
    """Efficacy tau of a ligand in a tissue, from the receptor's preference for co-activators and their supply.

    tau_max kappa balance / (1 + kappa balance). kappa: preference for co-activators over
    co-repressors of the receptor with this ligand; balance: co-activators to
    co-repressors in the tissue; tau_max: the efficacy at full supply. All pure numbers.
    Raises ValueError for a negative one. Source: a form of our own, the smallest in which
    the ratio of two efficacies changes from tissue to tissue; never measured.
    """
    kappa, balance, tau_max = _checked(
        "A preference, a balance or an efficacy", kappa, balance, tau_max
    )
    return tau_max * kappa * balance / (1 + kappa * balance)


def estrogen_signal(
    alpha: Numbers,
    beta: Numbers,
    tau_a: Numbers,
    tau_b: Numbers,
    n: Numbers = 1,
    *,
    low: Numbers,
    full: Numbers,
) -> Array:
    """The response to both ligands on a scale from estradiol alone at `low` (0) to estradiol alone at `full` (1).

    (response(alpha, beta) - response(low, 0)) / (response(full, 0) - response(low, 0)),
    with alpha, beta, the efficacies tau_a and tau_b and the slope n as in `response`.
    low and full: scaled estradiol after and before menopause. In bone it is the signal s
    of the remodeling model: with alpha = low, the share of the lost signal that a SERM
    gives back; with alpha = full, what a SERM leaves of the whole signal. Negative where
    the SERM lowers the response below that at `low`. Raises ValueError unless the
    response at `full` is above that at `low`. Source: a scale of our own.
    """
    before, after = (response(level, 0, tau_a, tau_b, n) for level in (full, low))
    if not (before > after).all():
        raise ValueError(
            "Nothing was lost: the full estradiol must be above the low one, and have some efficacy."
        )
    return (response(alpha, beta, tau_a, tau_b, n) - after) / (before - after)


def _checked(what: str, *values: Numbers) -> list[Array]:
    arrays = [np.asarray(value, dtype=float) for value in values]
    if not all((np.isfinite(array) & (array >= 0)).all() for array in arrays):
        raise ValueError(f"{what} is a number of 0 or more.")
    return arrays


def _sloped(n: Array) -> None:
    if (n == 0).any():
        raise ValueError("The slope of the transducer must be above zero.")
