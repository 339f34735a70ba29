"""The posterior of one virtual trial out of a batch, in the form that looks and rules ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.batch.fits import Fits
from modicum.analysis.batch.fitting import BATCH_COUNTS, Wanted, fit_many, trial_of
from modicum.analysis.batch.packing import Trial
from modicum.analysis.estimate import Noise, Summary
from modicum.analysis.inference import Inference
from modicum.analysis.likelihoods import Components
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary

ONE_PERSON = Counts()  # the grid of the answer to one person
EVERYTHING = Wanted(p_no_better=True, p_smallest=True)
_NOT_KEPT = Summary(np.nan, np.nan, (np.nan, np.nan))


class NotInBatch(Exception):  # noqa: N818 - a question that only the readable form answers
    """A rule asked for what a batch does not hold."""


@dataclass(frozen=True)
class BatchPosterior(Inference):
    """One trial of a batch.

    Args:
        trial: as it was fitted.
        fits: of the batch.
        row: of the trial.
        counts: nodes that it was fitted on.
    """

    trial: Trial
    fits: Fits
    row: int
    counts: Counts = BATCH_COUNTS

    @cached_property
    def _more(self) -> tuple[Fits, int]:
        """What few verdicts ask and all would pay for: where the batch has it not, the trial is fitted once more."""
        if self.fits.p_no_better is not None and self.fits.p_smallest is not None:
            return self.fits, self.row
        return fit_many([self.trial], self.counts, wanted=EVERYTHING, threads=1), 0

    @property
    def log_evidence_given_effect(self) -> float:
        """See :class:`Inference`."""
        return float(self.fits.log_evidence_effect[self.row])

    @property
    def log_evidence_no_effect(self) -> float:
        """See :class:`Inference`."""
        return float(self.fits.log_evidence_no_effect[self.row])

    def effect(self, dose: int, *, expectation: bool = False) -> Summary:
        """Mean and sd; intervals, and the sum with expectation, are not kept."""
        if expectation:
            return _NOT_KEPT
        mean, sd = self.fits.effect_mean[self.row, dose], self.fits.effect_sd[self.row, dose]
        return Summary(float(mean), float(sd), (np.nan, np.nan))

    def link_effect(self, dose: int) -> Summary | None:
        """Gaussian outcomes have no link scale."""
        return None

    def p_benefit(self, threshold: float, dose: int, *, over: int | None = None, expectation: bool = False) -> float:
        """See :class:`Inference`; at the thresholds of the rules."""
        fits, mcid = self.fits, self.question.mcid
        if over is not None:
            more, row = self._more
            if more.p_no_better is None or threshold != mcid / 2:
                raise NotInBatch
            return 1.0 - float(more.p_no_better[row, dose, over])
        known = {0.0: fits.p_better, mcid: fits.p_mcid_given_effect, -mcid: 1.0 - fits.p_harm}
        if expectation:
            known = {0.0: fits.p_better_with_expectation, mcid: fits.p_mcid_with_expectation}
        if threshold not in known:
            raise NotInBatch
        return float(known[threshold][self.row, dose])

    def first_to_reach(self, which: np.ndarray) -> tuple[np.ndarray, float]:
        """See :class:`Inference`; of all doses taken together."""
        more, row = self._more
        if more.p_smallest is None or not np.array_equal(which, self.taken):
            raise NotInBatch
        *first, none = more.p_smallest[row]
        return np.array(first)[: len(which)][which], float(none)

    def _noise(self) -> Noise:
        raise NotInBatch

    @property
    def expectation(self) -> Summary | None:
        """Not kept with its intervals."""
        raise NotInBatch

    def likelihood(self) -> Components:
        """Not kept."""
        raise NotInBatch

    def under(self, factor: float) -> tuple[np.ndarray, np.ndarray]:
        """Not kept."""
        raise NotInBatch

    def draws(self, count: int, seed: int) -> dict[str, np.ndarray]:
        """Not kept."""
        raise NotInBatch


def posteriors(
    question: Question,
    diaries: Sequence[Diary],
    *,
    counts: Counts = BATCH_COUNTS,
    wanted: Wanted | None = None,
    threads: int | None = None,
    **change: object,
) -> list[BatchPosterior]:
    """The posteriors of many diaries.

    Args:
        question: asked of each.
        diaries: as known at their reviews.
        counts: nodes; reviews go on alike on those of a batch, a last word has those of :data:`ONE_PERSON`.
        wanted: beside what a look shows: what every verdict will ask is cheaper asked at once (:data:`EVERYTHING`).
        threads: how many; None for one a core.
        change: of the assumptions, as :meth:`Assumptions.but` takes them.
    """
    assumptions = Assumptions(expectation=question.expectation).but(**change)
    schedules = [schedule_of(diary) for diary in diaries]
    trials = [trial_of(question, diary, s, assumptions) for diary, s in zip(diaries, schedules, strict=True)]
    fits = fit_many(trials, counts, wanted=wanted, threads=threads)
    return [
        BatchPosterior(question, assumptions, schedule, trial.design, trial, fits, row, counts)
        for row, (schedule, trial) in enumerate(zip(schedules, trials, strict=True))
    ]
