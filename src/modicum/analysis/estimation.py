"""Estimation: one door to the engine of each kind of outcome."""

from typing import TYPE_CHECKING, Literal

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.estimate import Course, Summary
from modicum.analysis.fitted_course import fitted_course
from modicum.analysis.fitted_course import level_without_drug as gaussian_level
from modicum.analysis.fitting import MEAN_BOUND_SD, P_BOUND, NumericalError
from modicum.analysis.fitting import fit as fit_mixture
from modicum.analysis.fitting import fit_checked as fit_mixture_checked
from modicum.analysis.inference import Inference
from modicum.analysis.posterior import Posterior
from modicum.analysis.preposterior import Outlook, outlook
from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule
from modicum.records.diary import Diary

if TYPE_CHECKING:
    from modicum.analysis.outcomes.link_posterior import LinkPosterior

Fineness = Literal["full", "table"]
TABLE_COUNTS = Counts().scaled(0.75)  # shown to two figures; the primary analysis has the finer grid


def fit(
    question: Question,
    diary: Diary,
    schedule: Schedule,
    assumptions: Assumptions,
    fineness: Fineness = "full",
    *,
    near: Inference | None = None,
) -> Inference:
    """The posterior of one diary under one set of assumptions.

    Args:
        question: outcome, ladder and priors; its kind chooses the engine.
        diary: the entries.
        schedule: their dose course.
        assumptions: which terms are on.
        fineness: "table" for what is shown to two figures beside a primary analysis.
        near: a like analysis of the same scores, where the search begins.
    """
    if question.kind == "gaussian":
        counts = Counts() if fineness == "full" else TABLE_COUNTS
        return fit_mixture(
            question, diary, schedule, assumptions, counts, near=near if isinstance(near, Posterior) else None
        )
    from modicum.analysis.outcomes.fitting import POINTS, TABLE_POINTS, fit_points
    from modicum.analysis.outcomes.link_posterior import LinkPosterior

    points = POINTS if fineness == "full" else TABLE_POINTS
    like = near if isinstance(near, LinkPosterior) else None
    return fit_points(question, diary, schedule, assumptions, points, near=like)


def fit_checked(
    question: Question, diary: Diary, schedule: Schedule, assumptions: Assumptions
) -> tuple[Inference, NumericalError]:
    """The posterior, refined until its numerical error is within bounds or no more can be done, and that error.

    For a Gaussian outcome the error is the difference between two grids; for others the standard error over
    independent sets of points.
    """
    if question.kind == "gaussian":
        return fit_mixture_checked(question, diary, schedule, assumptions)
    from modicum.analysis.outcomes.fitting import fit_points, refined

    found = refined(fit_points(question, diary, schedule, assumptions), MEAN_BOUND_SD, P_BOUND)
    return found, NumericalError(*found.standard_error())


def course(found: Inference, diary: Diary) -> Course:
    """The fitted course: the mean of the outcome without its noise, day by day, outcome units."""
    if isinstance(found, Posterior):
        return fitted_course(found, diary)
    from modicum.analysis.outcomes.link_course import link_course

    return link_course(_on_link_scale(found), diary)


def level_without_drug(found: Inference) -> Summary:
    """The mean outcome over the observed entries with neither drug nor expectation, given H1."""
    if isinstance(found, Posterior):
        return gaussian_level(found)
    return _on_link_scale(found).level_without_drug()


def foreseen(
    found: Inference, diary: Diary, dose: int, *, pairs: int, half_days: int, p_better: float, p_mcid: float
) -> Outlook:
    """What further blinded pairs would tell: see :func:`modicum.analysis.preposterior.outlook`."""
    if isinstance(found, Posterior):
        return outlook(found, diary, dose, pairs=pairs, half_days=half_days, p_better=p_better, p_mcid=p_mcid)
    from modicum.analysis.outcomes.link_outlook import link_outlook

    return link_outlook(
        _on_link_scale(found), diary, dose, pairs=pairs, half_days=half_days, p_better=p_better, p_mcid=p_mcid
    )


def _on_link_scale(found: Inference) -> "LinkPosterior":
    from modicum.analysis.outcomes.link_posterior import LinkPosterior

    if not isinstance(found, LinkPosterior):
        raise TypeError(f"No engine made a {type(found).__name__}")
    return found
