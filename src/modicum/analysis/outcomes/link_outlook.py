"""What more data would tell of an outcome that is not Gaussian: the preposterior in a local approximation.

The information of planned answers is that of the working response at their expected values, so that the variance of a
dose's effect on the link scale after them is known; the effect on the outcome's scale is taken to shrink alike.
"""

import numpy as np

from modicum.analysis.outcomes.link_posterior import LinkPosterior
from modicum.analysis.outcomes.model import columns_of
from modicum.analysis.outcomes.residual import ResidualProcess
from modicum.analysis.preposterior import Outlook, foresee, planned_design
from modicum.records.diary import Diary

_POINTS = 64


def link_outlook(
    posterior: LinkPosterior,
    diary: Diary,
    dose: int,
    *,
    pairs: int,
    half_days: int,
    p_better: float,
    p_mcid: float,
) -> Outlook:
    """Foresee the answer after blinded pairs; arguments as in :func:`modicum.analysis.preposterior.outlook`."""
    shrinks = _shrinks(posterior, diary, dose, pairs, half_days)
    effect = posterior.effect(dose)
    now = np.array([effect.sd**2])
    chances = foresee(
        posterior,
        np.ones(1),
        benefit=np.array([posterior.question.sign * effect.mean]),
        now=now,
        later=now * shrinks,
        p_better=p_better,
        p_mcid=p_mcid,
    )
    return Outlook(posterior.question.ladder_mg[dose], pairs, half_days, *chances)


def _shrinks(posterior: LinkPosterior, diary: Diary, dose: int, pairs: int, half_days: int) -> float:
    """The variance of the dose's effect on the link scale after the planned answers, as a share of that now."""
    weight, coefficients = posterior.points.weight, posterior.points.coefficients
    apart = coefficients - weight @ coefficients
    covariance = (apart * weight[:, None]).T @ apart
    planned = planned_design(posterior, diary, dose, pairs, half_days)
    points = posterior.points.at(np.searchsorted(np.cumsum(weight), (np.arange(_POINTS) + 0.5) / _POINTS))
    columns = columns_of(planned, points.psi.tau)
    eta = np.einsum("pti,pi->pt", columns, points.coefficients)
    family = posterior.model.family
    information = family.information(eta, family.natural(points.shape))
    gaps = np.diff(planned.time_days, prepend=planned.time_days[:1])
    gram, _ = ResidualProcess(points.psi.sd, points.psi.ell, gaps).given(information).whiten(columns)
    later = np.linalg.inv(np.linalg.inv(covariance) + gram.mean(0))
    at = posterior.design.dose_at.start + dose
    return float(np.clip(later[at, at] / covariance[at, at], 1e-9, 1.0))
