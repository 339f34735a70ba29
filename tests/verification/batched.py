"""Verdicts from the compiled form: one row of a batch in the form that the rules of the decision ask."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.batch.fits import Fits
from modicum.analysis.batch.fitting import Wanted, fit_many, trial_of
from modicum.analysis.estimate import Summary
from modicum.analysis.inference import Inference
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary


@dataclass(frozen=True)
class OfBatch(Inference):
    """One trial of a batch. It knows what the rules ask where every dose taken was tried, and refuses the rest."""

    fits: Fits
    row: int

    @property
    def log_evidence_given_effect(self) -> float:
        return float(self.fits.log_evidence_effect[self.row])

    @property
    def log_evidence_no_effect(self) -> float:
        return float(self.fits.log_evidence_no_effect[self.row])

    def effect(self, dose: int, *, expectation: bool = False) -> Summary:
        mean, sd = self.fits.effect_mean[self.row, dose], self.fits.effect_sd[self.row, dose]
        return Summary(np.nan, np.nan, (np.nan, np.nan)) if expectation else Summary(mean, sd, (np.nan, np.nan))

    def link_effect(self, dose: int) -> Summary | None:
        return None

    def p_benefit(self, threshold: float, dose: int, *, over: int | None = None, expectation: bool = False) -> float:
        fits, mcid = self.fits, self.question.mcid
        if over is not None:
            assert fits.p_no_better is not None
            assert threshold == mcid / 2
            return 1.0 - float(fits.p_no_better[self.row, dose, over])
        known = {0.0: fits.p_better, mcid: fits.p_mcid_given_effect, -mcid: 1.0 - fits.p_harm}
        if expectation:
            known = {0.0: fits.p_better_with_expectation, mcid: fits.p_mcid_with_expectation}
        return float(known[threshold][self.row, dose])

    def first_to_reach(self, which: np.ndarray) -> tuple[np.ndarray, float]:
        assert np.array_equal(which, self.taken), "the batch has the orthants of all doses taken, and of no others"
        assert self.fits.p_smallest is not None
        *first, none = self.fits.p_smallest[self.row]
        return np.array(first)[which], float(none)


OfBatch.__abstractmethods__ = frozenset()  # the rules ask for nothing else


def fitted_many(question: Question, diaries: Sequence[Diary], **change: object) -> list[OfBatch]:
    """The posteriors of many diaries under the question's own assumptions, or with some of them changed."""
    assumptions = Assumptions(expectation=question.expectation).but(**change)
    schedules = [schedule_of(diary) for diary in diaries]
    trials = [trial_of(question, diary, s, assumptions) for diary, s in zip(diaries, schedules, strict=True)]
    fits = fit_many(trials, wanted=Wanted(p_no_better=True, p_smallest=True))
    return [
        OfBatch(question, assumptions, schedule, trial.design, fits, row)
        for row, (schedule, trial) in enumerate(zip(schedules, trials, strict=True))
    ]
