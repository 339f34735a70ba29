"""Fitting an outcome that is not Gaussian: a diary and a question to weighted points, with their standard error."""

from dataclasses import replace

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.design import design
from modicum.analysis.outcomes.importance import draw, sample
from modicum.analysis.outcomes.link_posterior import LinkPosterior
from modicum.analysis.outcomes.model import link_model
from modicum.analysis.outcomes.points import joined
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
    no_effect, _ = sample(without, points // _SHARE_OF_H0, near=start)
    return LinkPosterior(question, assumptions, schedule, columns, model, found, no_effect, proposal)


def refined(found: LinkPosterior, bound: float) -> LinkPosterior:
    """The posterior with its points doubled until the standard errors are within a bound, three times at most."""
    for _ in range(_DOUBLINGS):
        if max(found.standard_error()[:2]) <= bound:
            break
        first = int(found.points.replicate.max()) + 1
        more = draw(found.model, found.proposal, len(found.points), first=first)
        found = replace(found, points=joined([found.points, more]))
    return found
