"""The fitted course: what the model says the outcome did without its noise, day by day."""

import numpy as np
from jaxtyping import Float

from modicum.analysis.design import Design
from modicum.analysis.estimate import Course, Summary
from modicum.analysis.evenings import LEVELS, course, evenings
from modicum.analysis.mixtures import quantiles
from modicum.analysis.posterior import Posterior
from modicum.records.diary import Diary


def fitted_course(posterior: Posterior, diary: Diary) -> Course:
    """The course over the days of the diary, given H1, with 50 and 95 % bands.

    Within each tau the nodes are replaced by one Gaussian of their moments, so that a band is a mixture over onset.

    Args:
        posterior: of the same diary.
        diary: the entries.

    Returns:
        At most 400 evenly spaced evenings; covariates are at their mean.
    """
    at = evenings(posterior, diary)
    tau, weight, mean, covariance = _by_tau(posterior)
    rows = _rows(at, tau)
    middle = np.einsum("jtp,jp->jt", rows, mean)
    sd = np.sqrt(np.maximum(np.einsum("jtp,jpq,jtq->jt", rows, covariance, rows), 0.0))
    band = np.array([quantiles(np.array(LEVELS), weight, middle[:, t], sd[:, t]) for t in range(rows.shape[1])])
    rows[:, :, at.dose_at] = 0.0
    return course(at, weight @ middle, band, weight @ np.einsum("jtp,jp->jt", rows, mean))


def level_without_drug(posterior: Posterior) -> Summary:
    """The mean level over the observed entries with neither drug nor expectation, outcome units, given H1."""
    loadings = np.zeros(len(posterior.design.names))
    fixed = posterior.design.fixed
    loadings[: fixed.shape[1]] = fixed.mean(0) if len(fixed) else np.eye(fixed.shape[1])[0]
    if posterior.design.expectation_at is not None:
        loadings[posterior.design.expectation_at] = 0.0
    return posterior.summary(loadings)


def _by_tau(posterior: Posterior) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    mixture = posterior.given_effect
    tau, group = np.unique(mixture.tau, return_inverse=True)
    weight = np.bincount(group, weights=mixture.weight)
    mean = np.zeros((len(tau), mixture.mean.shape[1]))
    np.add.at(mean, group, mixture.weight[:, None] * mixture.mean)
    mean /= weight[:, None]
    apart = mixture.mean - mean[group]
    covariance = np.zeros((len(tau), *mixture.covariance.shape[1:]))
    spread = mixture.covariance + apart[:, :, None] * apart[:, None, :]
    np.add.at(covariance, group, mixture.weight[:, None, None] * spread)
    return tau, weight, mean, covariance / weight[:, None, None]


def _rows(at: Design, tau: np.ndarray) -> Float[np.ndarray, "node day coefficient"]:
    return np.concatenate([np.broadcast_to(at.fixed, (len(tau), *at.fixed.shape)), at.timed(tau)], axis=2)
