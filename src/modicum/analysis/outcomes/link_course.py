"""The fitted course of an outcome that is not Gaussian: the mean answer day by day, on its own scale."""

import numpy as np

from modicum.analysis.estimate import Course
from modicum.analysis.evenings import LEVELS, course, evenings
from modicum.analysis.outcomes.link_posterior import LinkPosterior
from modicum.analysis.outcomes.model import columns_of
from modicum.analysis.outcomes.response import response
from modicum.analysis.outcomes.weighted import quantiles
from modicum.records.diary import Diary

_POINTS = 1024


def link_course(posterior: LinkPosterior, diary: Diary) -> Course:
    """The mean answer over the days of the diary, residual integrated, given H1, with 50 and 95 % bands.

    Args:
        posterior: of the same diary.
        diary: the entries.

    Returns:
        At most 400 evenly spaced evenings; covariates are at their mean.
    """
    at = evenings(posterior, diary)
    spread = (np.arange(_POINTS) + 0.5) / _POINTS
    points = posterior.points.at(np.searchsorted(np.cumsum(posterior.points.weight), spread))
    columns = columns_of(at, points.psi.tau)
    natural = posterior.model.family.natural(points.shape)
    whole = np.einsum("pti,pi->pt", columns, points.coefficients)
    doses = np.einsum("ptk,pk->pt", columns[:, :, at.dose_at], points.coefficients[:, at.dose_at])
    sd = np.minimum(points.psi.sd, np.quantile(points.psi.sd, 0.99))
    answer = response(posterior.model.family, natural, sd, whole)
    even = np.full(_POINTS, 1.0 / _POINTS)
    band = np.array([quantiles(LEVELS, answer[:, t], even) for t in range(len(columns[0]))])
    return course(at, answer.mean(0), band, response(posterior.model.family, natural, sd, whole - doses).mean(0))
