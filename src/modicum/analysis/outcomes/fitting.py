"""Fitting an outcome that is not Gaussian: a diary and a question to weighted points, with their standard error."""

from dataclasses import replace

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.design import design
from modicum.analysis.outcomes.importance import doubled, sample
from modicum.analysis.outcomes.link_posterior import LinkPosterior, Source
from modicum.analysis.outcomes.model import link_model
from modicum.analysis.outcomes.points import Points
from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule
from modicum.records.diary import Diary

POINTS, TABLE_POINTS = 8192, 2048
_SHARE_OF_H0 = 2  # H0 gives one number, its evidence, and needs fewer points
_DOUBLINGS = 3


def fit_points(
    question: Question,
    diary: Diary,
    schedule: Schedule,
    assumptions: Assumptions,
    points: int = POINTS,
    *,
    near: LinkPosterior | None = None,
) -> LinkPosterior:
    """The posterior of one diary under one set of assumptions.

    Args:
        question: its kind is not Gaussian.
        diary: the entries.
        schedule: their dose course.
        assumptions: which terms are on.
        points: how many, a power of two.
        near: a like analysis of the same answers, where the search begins.
    """
    columns = design(question, diary, schedule, assumptions)
    model = link_model(question, columns, assumptions)
    start = None if near is None else model.axes.near(near.proposal.axes)
    found, proposal = sample(model, points, near=start)
    without = link_model(question, columns.without_doses(), assumptions)
    no_effect, nothing = sample(without, points // _SHARE_OF_H0, near=start)
    null = Source(without, nothing)
    return LinkPosterior(question, assumptions, schedule, columns, Source(model, proposal), found, null, no_effect)


def refined(found: LinkPosterior, bound: float, bound_p: float) -> LinkPosterior:
    """The posterior with its points doubled until the standard errors are within bounds, three times at most.

    Args:
        found: to be refined.
        bound: of a mean, posterior sds, and of an sd, as a share.
        bound_p: of P(H0).
    """
    for _ in range(_DOUBLINGS):
        *mean_and_sd, p = found.standard_error()
        if max(mean_and_sd) > bound or p > bound_p:
            found = replace(found, points=_doubled(found.source, found.points))
        if p > bound_p:
            found = replace(found, no_effect=_doubled(found.null, found.no_effect))
    return found


def _doubled(source: Source, points: Points) -> Points:
    return doubled(source.model, source.proposal, points)
