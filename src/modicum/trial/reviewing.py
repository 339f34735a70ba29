"""Reviewing: what a diary shows, by the model or by eye, as the rules of a protocol look at it."""

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.estimation import fit
from modicum.analysis.inference import Inference
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.protocol.rules import ResponseRule
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary
from modicum.trial.block import Look, LookKind
from modicum.trial.running import Reviewer


def look_of(posterior: Inference) -> Look:
    """What the model shows."""
    doses = posterior.doses
    return Look(
        taken=tuple(bool(taken) for taken in posterior.taken),
        p_better=tuple(dose.p_better for dose in doses),
        p_mcid=tuple(dose.p_mcid_given_effect for dose in doses),
        p_harm=tuple(dose.p_harm for dose in doses),
    )


def look_by_eye(diary: Diary, protocol: Protocol) -> Look:
    """Mean of the last days, and of those before the first dose; the window is that of the protocol's rule."""
    window = (protocol.rules.response or ResponseRule()).window_days
    score, planned = diary.scores[protocol.primary], diary.planned_mg
    given = np.zeros(len(diary)) if planned is None else np.nan_to_num(planned)
    first = diary.dosing_day[given > 0].min(initial=np.iinfo(int).max)
    last = diary.dosing_day.max(initial=-1)
    before = score[(diary.dosing_day < first) & (diary.dosing_day >= first - window)]
    lately = score[diary.dosing_day > last - window]
    return Look(before=_mean(before), lately=_mean(lately))


def _mean(score: np.ndarray) -> float | None:
    seen = score[np.isfinite(score)]
    return float(seen.mean()) if len(seen) else None


def reviewer_of(protocol: Protocol, question: Question) -> Reviewer:
    """A reviewer of one trial at a time, by the readable form of the analysis.

    Args:
        protocol: of the trial.
        question: what the protocol asks of its diaries.
    """

    def review(diary: Diary, kind: LookKind) -> Look:
        if kind == "eye":
            return look_by_eye(diary, protocol)
        assumptions = Assumptions(expectation=question.expectation)
        return look_of(fit(question, diary, schedule_of(diary), assumptions))

    return review
