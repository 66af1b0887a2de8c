"""Two ligands that compete for one receptor: estradiol (A) and a SERM (B), from occupancy to response.

Concentrations go in scaled, as pure numbers: alpha = [estradiol] / K_A and beta = [SERM] / K_B, where K is the
dissociation constant, so that 1 holds half of the receptors. Efficacies (tau) are the transducer ratios of the operational
model. Every function takes numbers or arrays that broadcast against each other and returns numpy values; responses are
proportions of the tissue's maximum. Every function raises ValueError, in a sentence, for what cannot be a concentration,
an efficacy or a slope. The values in the table `model_parameters` are chosen to illustrate: nobody has measured them.
"""

import numpy as np

from bonebook.tables import table

MODEL = "two-ligand receptor"


def parameters():
    """The illustrative values of the table `model_parameters` as a dictionary: name (the id without `mp-rec-`) to number.

    For instance parameters()["kappa-raloxifene"]. All are pure numbers.
    """
    rows = table("model_parameters").query("model == @MODEL")
    return dict(zip(rows["id"].str.removeprefix("mp-rec-"), rows["value"], strict=True))


def occupancy(alpha, beta=0):
    """Shares of the receptors that hold A and that hold B: alpha / (1 + alpha + beta), beta / (1 + alpha + beta).

    Source: Gaddum, J Physiol 1937;89:7P-9P, as told by Finlay et al., Br J Pharmacol 2020;177:1472-1484.
    """
    alpha, beta = _checked("A concentration", alpha, beta)
    return alpha / (1 + alpha + beta), beta / (1 + alpha + beta)


def inhibition_constant(ic50, label, kd):
    """Dissociation constant K_i of a competitor from the concentration that displaces half of a labeled ligand.

    ic50 / (1 + label / kd); ic50, label (free concentration of the labeled ligand) and kd (its dissociation constant)
    in one unit, which is that of the result. Source: Cheng & Prusoff, Biochem Pharmacol 1973;22:3099-3108.
    """
    ic50, label, kd = _checked("A concentration", ic50, label, kd)
    if (kd == 0).any():
        raise ValueError("A dissociation constant must be above zero.")
    return ic50 / (1 + label / kd)


def response(alpha, beta, tau_a, tau_b, n=1):
    """Response to both ligands together, as a proportion of the tissue's maximum (0 to 1).

    x^n / (1 + x^n) with x = (tau_a alpha + tau_b beta) / (1 + alpha + beta): the operational model of Black & Leff, Proc R Soc
    Lond B 1983;220:141-162, written for two ligands that compete for one site; beta = 0 gives the model for one.
    """
    alpha, beta, tau_a, tau_b, n = _checked(
        "A concentration, an efficacy or a slope", alpha, beta, tau_a, tau_b, n
    )
    if (n == 0).any():
        raise ValueError("The slope of the transducer must be above zero.")
    stimulus = ((tau_a * alpha + tau_b * beta) / (1 + alpha + beta)) ** n
    return stimulus / (1 + stimulus)


def ceiling(tau, n=1):
    """Response, as a proportion of the tissue's maximum, when one ligand with this efficacy holds every receptor.

    tau^n / (1 + tau^n). Source: Black & Leff 1983.
    """
    tau, n = _checked("An efficacy or a slope", tau, n)
    return tau**n / (1 + tau**n)


def half_effective(tau, n=1):
    """Scaled concentration (EC50 / K_A) at which one ligand alone gives half of its own ceiling.

    1 / ((2 + tau^n)^(1/n) - 1). Source: Black & Leff 1983.
    """
    tau, n = _checked("An efficacy or a slope", tau, n)
    if (n == 0).any():
        raise ValueError("The slope of the transducer must be above zero.")
    return 1 / ((2 + tau**n) ** (1 / n) - 1)


def switch_point(tau_a, tau_b):
    """Scaled estradiol alpha* at which the SERM turns from agonist (below it) to antagonist (above it).

    tau_b / (tau_a - tau_b). Adding any dose of B moves the response toward B's own ceiling, so the sign of the change depends
    on alpha and the two efficacies and on nothing else: not on beta, on K_A and K_B, or on n. Zero for a pure antagonist
    (tau_b = 0); infinite when tau_b >= tau_a, for then B is never an antagonist; not a number when neither has efficacy.
    Source: derived on the page "Partial agonism as an equation, and what it cannot do".
    """
    tau_a, tau_b = np.broadcast_arrays(*_checked("An efficacy", tau_a, tau_b))
    above = tau_a > tau_b
    alpha = np.where(above, tau_b / np.where(above, tau_a - tau_b, 1), np.inf)
    return np.where((tau_a == 0) & (tau_b == 0), np.nan, alpha)[()]


def tissue_efficacy(kappa, balance, tau_max):
    """Efficacy tau of a ligand in a tissue, from the receptor's preference for co-activators and their supply.

    tau_max kappa balance / (1 + kappa balance). kappa: preference for co-activators over co-repressors of the receptor with this
    ligand; balance: co-activators to co-repressors in the tissue. A form of our own, the smallest in which the ratio of two
    efficacies changes from tissue to tissue; its values have not been measured.
    """
    kappa, balance, tau_max = _checked(
        "A preference, a balance or an efficacy", kappa, balance, tau_max
    )
    return tau_max * kappa * balance / (1 + kappa * balance)


def restored(alpha, full, beta, tau_a, tau_b, n=1):
    """Share of a lost estrogen signal that the SERM gives back: 0 with no effect, 1 where the response is as before the loss.

    alpha: scaled estradiol after the loss (menopause), full: before it, above alpha. Negative where the SERM lowers
    the response. The remodeling model takes this number, in bone, as its signal s.
    """
    before, after = (
        response(full, 0, tau_a, tau_b, n),
        response(alpha, 0, tau_a, tau_b, n),
    )
    if not (before > after).all():
        raise ValueError(
            "Nothing was lost: estradiol before must be above estradiol after, and have some efficacy."
        )
    return (response(alpha, beta, tau_a, tau_b, n) - after) / (before - after)


def _checked(what, *values):
    arrays = [np.asarray(value, dtype=float) for value in values]
    if not all((np.isfinite(array) & (array >= 0)).all() for array in arrays):
        raise ValueError(f"{what} is a number of 0 or more.")
    return arrays
