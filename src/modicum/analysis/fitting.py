"""Fitting: a diary and a question to a posterior, with its own numerical error."""

from dataclasses import dataclass, replace

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Axes, Axis, Counts, near_axes, prior_axes
from modicum.analysis.design import Design, design
from modicum.analysis.integration import Mixture, integrate, integrate_near, integrate_within
from modicum.analysis.posterior import Posterior
from modicum.analysis.question import Priors, Question
from modicum.analysis.schedule import Schedule
from modicum.records.diary import Diary

COARSE = 0.75  # the second grid has this share of the nodes on every axis
MEAN_BOUND_SD, SD_BOUND = 0.02, 0.02  # docs/model.md, Numerical error: the accuracy promised to users
P_BOUND = 0.02
_FINER = 1.5
_REFINEMENTS = 2


@dataclass(frozen=True)
class NumericalError:
    """Largest difference between two grids: of a coefficient's mean in posterior sds, of an sd as a share, of P(H0)."""

    mean_in_sd: float
    sd_relative: float
    p_no_effect: float

    @property
    def within_bounds(self) -> bool:
        """Whether both are within what is promised."""
        return self.mean_in_sd <= MEAN_BOUND_SD and self.sd_relative <= SD_BOUND and self.p_no_effect <= P_BOUND


def fit(
    question: Question,
    diary: Diary,
    schedule: Schedule,
    assumptions: Assumptions,
    counts: Counts | None = None,
    *,
    near: Posterior | None = None,
) -> Posterior:
    """The posterior of one diary under one set of assumptions.

    Args:
        question: outcome, ladder and priors.
        diary: the entries.
        schedule: their dose course (:func:`modicum.analysis.schedule.schedule_of`).
        assumptions: which terms are on.
        counts: nodes on each axis.
        near: a like analysis of the same scores, whose windows are tried first.

    Returns:
        The posterior, given H1 and with the weight of H0.

    Source: docs/model.md, How it is computed.
    """
    counts = counts or Counts()
    columns = design(question, diary, schedule, assumptions)
    axes = prior_axes(question, assumptions)
    given_effect = _integrated(columns, axes, near and near.given_effect.axes, question.priors, counts)
    without, timeless = columns.without_doses(), axes_without_doses(columns, axes)
    no_effect = _integrated(without, timeless, near and near.no_effect.axes, question.priors, counts)
    return Posterior(question, assumptions, schedule, columns, given_effect, no_effect)


def axes_without_doses(columns: Design, axes: Axes) -> Axes:
    """Axes under H0: without tau where no column depends on it, for its prior then integrates to 1."""
    return axes if columns.told is not None else replace(axes, tau=Axis("point", 0.0, 0.0))


def _integrated(columns: Design, axes: Axes, near: Axes | None, priors: Priors, counts: Counts) -> Mixture:
    """Over the windows of a like analysis where they hold this posterior too, else from the whole prior."""
    found = None if near is None else integrate_near(columns, near_axes(near, axes), priors, counts)
    return integrate(columns, axes, priors, counts) if found is None else found


def fit_checked(
    question: Question, diary: Diary, schedule: Schedule, assumptions: Assumptions
) -> tuple[Posterior, NumericalError]:
    """The posterior, refined until a coarser grid agrees with it, and the difference between the two.

    Returns:
        The posterior on the finer grid and the error found; beyond two refinements the error is returned as it is.
    """
    counts = Counts()
    for _ in range(_REFINEMENTS):
        found = fit(question, diary, schedule, assumptions, counts)
        error = numerical_error(found, counts)
        if error.within_bounds:
            return found, error
        counts = counts.scaled(_FINER)
    found = fit(question, diary, schedule, assumptions, counts)
    return found, numerical_error(found, counts)


def numerical_error(posterior: Posterior, counts: Counts) -> NumericalError:
    """Compare a posterior with the same integrals on a coarser grid over the same windows."""
    priors, fewer, columns = posterior.question.priors, counts.scaled(COARSE), posterior.design
    coarse = replace(
        posterior,
        given_effect=integrate_within(columns, posterior.given_effect.axes, priors, fewer),
        no_effect=integrate_within(columns.without_doses(), posterior.no_effect.axes, priors, fewer),
    )
    mean, sd = _moments(posterior.given_effect)
    other_mean, other_sd = _moments(coarse.given_effect)
    return NumericalError(
        mean_in_sd=float(np.max(np.abs(other_mean - mean) / sd)),
        sd_relative=float(np.max(np.abs(other_sd / sd - 1))),
        p_no_effect=abs(coarse.p_no_effect() - posterior.p_no_effect()),
    )


def _moments(mixture: Mixture) -> tuple[np.ndarray, np.ndarray]:
    mean = mixture.weight @ mixture.mean
    within = np.diagonal(mixture.covariance, axis1=1, axis2=2)
    return mean, np.sqrt(mixture.weight @ (within + (mixture.mean - mean) ** 2))
