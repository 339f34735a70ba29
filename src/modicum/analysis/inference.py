"""What one diary says under one set of assumptions, whatever the kind of outcome: what decisions and reports ask."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.design import Design
from modicum.analysis.estimate import DoseEffect, Noise, Summary
from modicum.analysis.likelihoods import Components
from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule


@dataclass(frozen=True)
class Inference(ABC):
    """The posterior of one diary, given that the drug does something (H1), and the weight of its doing nothing (H0).

    Args:
        question, assumptions, schedule, design: what was asked, of what, and how.
    """

    question: Question
    assumptions: Assumptions
    schedule: Schedule
    design: Design

    @property
    @abstractmethod
    def log_evidence_given_effect(self) -> float:
        """Log marginal likelihood under H1."""

    @property
    @abstractmethod
    def log_evidence_no_effect(self) -> float:
        """Log marginal likelihood under H0."""

    @abstractmethod
    def effect(self, dose: int, *, expectation: bool = False) -> Summary:
        """Effect of a dose (position on the ladder) in outcome units, with the whole of expectation where asked."""

    @abstractmethod
    def link_effect(self, dose: int) -> Summary | None:
        """The same on the link scale; None where there is none."""

    @abstractmethod
    def p_benefit(self, threshold: float, dose: int, *, over: int | None = None, expectation: bool = False) -> float:
        """P(benefit of a dose > threshold | H1): over no drug, or over another dose; outcome units."""

    @abstractmethod
    def first_to_reach(self, which: Bool[np.ndarray, " dose"]) -> tuple[np.ndarray, float]:
        """Given H1: P(it is the first of these doses to reach the MCID) for each, and P(none does)."""

    @cached_property
    def noise(self) -> Noise:
        """Onset, correlation, white share and sd, given H1."""
        return self._noise()

    @abstractmethod
    def _noise(self) -> Noise:
        """The same, not kept."""

    @property
    @abstractmethod
    def expectation(self) -> Summary | None:
        """The effect of expectation at certainty (kappa, link scale where there is one); None where the term is off."""

    @abstractmethod
    def likelihood(self) -> Components:
        """The likelihood of the dose effects (link scale where there is one), everything else integrated out."""

    @abstractmethod
    def under(self, factor: float) -> tuple[Float[np.ndarray, " dose"], Float[np.ndarray, " dose"]]:
        """Mean and sd of every dose effect, on the scale of the likelihood, under so many times the prior variance."""

    @abstractmethod
    def draws(self, count: int, seed: int) -> dict[str, np.ndarray]:
        """Draws from the posterior given H1, by name of the coefficient or parameter."""

    @property
    def has_expectation(self) -> bool:
        """Whether the expectation term is in the model."""
        return self.design.expectation_at is not None

    @cached_property
    def taken(self) -> Bool[np.ndarray, " dose"]:
        """Which doses of the ladder were in force on any day."""
        return self.days > 0

    @cached_property
    def days(self) -> Int[np.ndarray, " dose"]:
        """Dosing days in force for each dose of the ladder."""
        return self.design.doses.sum(0).astype(int)

    @cached_property
    def scored_days(self) -> Int[np.ndarray, " dose"]:
        """Dosing days in force that hold a score."""
        return self.design.doses[np.unique(self.design.day_index)].sum(0).astype(int)

    @cached_property
    def informed(self) -> Bool[np.ndarray, " dose"]:
        """Which doses the scores can say anything about: in force on a day before the last score."""
        last = int(self.design.day_index.max()) + 1 if len(self.design) else 0
        return self.design.doses[:last].sum(0) > 0

    def p_no_effect(self, odds: float | None = None) -> float:
        """P(H0) at prior odds H0 : H1 (default: the question's)."""
        odds = self.question.priors.odds_no_effect if odds is None else odds
        log_ratio = self.log_evidence_given_effect - self.log_evidence_no_effect - np.log(odds)
        return float(1.0 / (1.0 + np.exp(np.clip(log_ratio, -700, 700))))

    @cached_property
    def doses(self) -> tuple[DoseEffect, ...]:
        """The effect of every dose on the ladder, untaken ones marked."""
        return tuple(self._dose(k) for k in range(len(self.question.ladder_mg)))

    def _dose(self, k: int) -> DoseEffect:
        mcid = self.question.mcid
        p_mcid = self.p_benefit(mcid, k)
        return DoseEffect(
            dose_mg=self.question.ladder_mg[k],
            taken=bool(self.taken[k]),
            days=int(self.days[k]),
            effect=self.effect(k),
            with_expectation=self.effect(k, expectation=True) if self.has_expectation else None,
            p_better=self.p_benefit(0.0, k),
            p_mcid_given_effect=p_mcid,
            p_mcid=(1.0 - self.p_no_effect()) * p_mcid,
            p_harm=1.0 - self.p_benefit(-mcid, k),
            p_better_with_expectation=self.p_benefit(0.0, k, expectation=True),
            p_mcid_with_expectation=self.p_benefit(mcid, k, expectation=True),
            link=self.link_effect(k),
        )

    def smallest_effective(self, odds: float | None = None) -> dict[str, float]:
        """Posterior of the smallest taken dose whose benefit reaches the MCID, averaged over H0 and H1."""
        p_none = self.p_no_effect(odds)
        reached, none = self.first_to_reach(self.taken)
        taken = [mg for mg, was in zip(self.question.ladder_mg, self.taken, strict=True) if was]
        out = {"none": p_none + (1 - p_none) * none}
        return out | {repr(float(mg)): float((1 - p_none) * p) for mg, p in zip(taken, reached, strict=True)}

    def p_all_too_small(self, which: Bool[np.ndarray, " dose"], odds: float | None = None) -> float:
        """P(H0) + P(H1) P(every one of these doses has a benefit below the MCID | H1)."""
        p_none = self.p_no_effect(odds)
        return p_none + (1 - p_none) * self.first_to_reach(which)[1]
