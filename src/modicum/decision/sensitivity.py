"""The sensitivity table: the same diary under one changed assumption at a time, judged by the same rules."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.estimation import fit
from modicum.analysis.inference import Inference
from modicum.decision.answer import SensitivityRow, SmallestDose
from modicum.decision.finding import Facts, agreeing
from modicum.decision.judging import WORKING, Judgement, judge
from modicum.records.diary import Diary

BELIEF = "belief adjusted"


def sensitivity(
    posterior: Inference, diary: Diary, facts: Facts, progress: Callable[[str], None] | None = None
) -> tuple[SensitivityRow, ...]:
    """All rows that apply to a diary.

    Args:
        posterior: the primary analysis.
        diary: what it analysed.
        facts: of the trial.
        progress: called with the name of each change before it is computed.
    """
    rows: list[SensitivityRow] = []
    for change, assumptions in _changes(posterior, diary):
        if progress is not None:
            progress(change)
        found = fit(posterior.question, diary, posterior.schedule, assumptions, "table", near=posterior)
        rows.append(_row(change, found, agreeing(facts) if change == BELIEF else facts))
    for change, odds in (("odds 1:3", 1 / 3), ("odds 3:1", 3.0)):
        priors = replace(posterior.question.priors, odds_no_effect=odds)
        rows.append(_row(change, replace(posterior, question=replace(posterior.question, priors=priors)), facts))
    return tuple(rows)


def belief_can_be_checked(diary: Diary) -> bool:
    """Whether any guess comes with its reason: without one nothing says that side effects gave the drug away."""
    if diary.guess is None or diary.guess_reason is None:
        return False
    return any(diary.guess_reason[i] for i in np.flatnonzero(np.isfinite(diary.guess)))


def smallest_dose(posterior: Inference, found: Judgement) -> SmallestDose:
    """The posterior of the smallest effective dose, with the verdict's dose where it names one."""
    named = found.dose if found.code in WORKING else None
    return SmallestDose(
        dose_mg=None if named is None else posterior.question.ladder_mg[named],
        probabilities=posterior.smallest_effective(),
    )


def _row(change: str, posterior: Inference, facts: Facts) -> SensitivityRow:
    found = judge(posterior, facts)
    return SensitivityRow(
        change=change,
        p_no_effect=posterior.p_no_effect(),
        smallest_dose=smallest_dose(posterior, found),
        doses=posterior.doses,
        verdict_code=found.code,
    )


def _changes(posterior: Inference, diary: Diary) -> Iterator[tuple[str, Assumptions]]:
    primary = posterior.assumptions
    if posterior.schedule.has_schedule:
        yield "dose as taken", primary.but(dose="taken")
    if belief_can_be_checked(diary) and primary.expectation:
        yield BELIEF, primary.but(belief_adjusted=True)
    yield "no autocorrelation", primary.but(autocorrelation=False)
    if posterior.question.kind == "gaussian":  # on a link scale there is none to leave out
        yield "no white noise", primary.but(white_noise=False)
    yield "no trend", primary.but(trend=False)
    if posterior.question.onset.kind != "immediate":
        yield "no carry-over", primary.but(carry_over=False)
    if primary.expectation:
        yield "no expectation", primary.but(expectation=False)
    else:
        yield "with expectation", primary.but(expectation=True)
    yield "prior half", primary.but(prior_scale=0.5)
    yield "prior double", primary.but(prior_scale=2.0)
