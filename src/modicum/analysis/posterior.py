"""The posterior of one diary: effects given H1, the weight of H0, and the probabilities that decisions ask for."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.design import Design
from modicum.analysis.estimate import DoseEffect, Noise, Summary
from modicum.analysis.integration import Mixture
from modicum.analysis.likelihoods import Components, components
from modicum.analysis.mixtures import below, first_to_reach, summary
from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule


@dataclass(frozen=True)
class Posterior:
    """What one diary says under one set of assumptions.

    Args:
        question, assumptions, schedule, design: what was asked, of what, and how.
        given_effect: the mixture under H1.
        no_effect: the mixture under H0.
    """

    question: Question
    assumptions: Assumptions
    schedule: Schedule
    design: Design
    given_effect: Mixture
    no_effect: Mixture

    @property
    def log_evidence_no_effect(self) -> float:
        """Log marginal likelihood under H0."""
        return self.no_effect.log_evidence

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
        log_ratio = self.given_effect.log_evidence - self.log_evidence_no_effect - np.log(odds)
        return float(1.0 / (1.0 + np.exp(np.clip(log_ratio, -700, 700))))

    @property
    def effect_mean(self) -> Float[np.ndarray, "node dose"]:
        """Mean effects at each node, outcome units."""
        return self.given_effect.mean[:, self.given_effect.dose_at]

    @property
    def effect_covariance(self) -> Float[np.ndarray, "node dose dose"]:
        """Covariance of the effects at each node."""
        at = self.given_effect.dose_at
        return self.given_effect.covariance[:, at, at]

    def combination(self, loadings: Float[np.ndarray, " coefficient"]) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd at each node of a linear combination of the coefficients."""
        mixture = self.given_effect
        variance = np.einsum("i,nij,j->n", loadings, mixture.covariance, loadings)
        return mixture.mean @ loadings, np.sqrt(np.maximum(variance, 0.0))

    def p_benefit_exceeds(self, threshold: float, loadings: Float[np.ndarray, " coefficient"]) -> float:
        """P(sign * combination > threshold | H1)."""
        mean, sd = self.combination(self.question.sign * loadings)
        return float(np.clip(1.0 - below(threshold, self.given_effect.weight, mean, sd)[0], 0.0, 1.0))

    def loading(self, dose: int | None, *, expectation: bool = False) -> Float[np.ndarray, " coefficient"]:
        """Loadings that pick the effect of a dose (position on the ladder), and of expectation where asked for."""
        out = np.zeros(len(self.design.names))
        if dose is not None:
            out[self.design.dose_at.start + dose] = 1.0
        if expectation and self.design.expectation_at is not None:
            out[self.design.expectation_at] = 1.0
        return out

    @cached_property
    def doses(self) -> tuple[DoseEffect, ...]:
        """The effect of every dose on the ladder, untaken ones marked."""
        return tuple(self._dose(k) for k in range(len(self.question.ladder_mg)))

    def _dose(self, k: int) -> DoseEffect:
        alone, together = self.loading(k), self.loading(k, expectation=True)
        has_expectation = self.design.expectation_at is not None
        mcid = self.question.mcid
        p_mcid = self.p_benefit_exceeds(mcid, alone)
        return DoseEffect(
            dose_mg=self.question.ladder_mg[k],
            taken=bool(self.taken[k]),
            days=int(self.days[k]),
            effect=self.summary(alone),
            with_expectation=self.summary(together) if has_expectation else None,
            p_better=self.p_benefit_exceeds(0.0, alone),
            p_mcid_given_effect=p_mcid,
            p_mcid=(1.0 - self.p_no_effect()) * p_mcid,
            p_harm=1.0 - self.p_benefit_exceeds(-mcid, alone),
            p_better_with_expectation=self.p_benefit_exceeds(0.0, together),
            p_mcid_with_expectation=self.p_benefit_exceeds(mcid, together),
        )

    def summary(self, loadings: Float[np.ndarray, " coefficient"]) -> Summary:
        """Posterior summary of a linear combination, given H1."""
        return summary(self.given_effect.weight, *self.combination(loadings))

    def smallest_effective(self, odds: float | None = None) -> dict[str, float]:
        """Posterior of the smallest taken dose whose benefit reaches the MCID, averaged over H0 and H1."""
        p_none = self.p_no_effect(odds)
        reached, none = self._first_to_reach(self.taken)
        taken = [mg for mg, was in zip(self.question.ladder_mg, self.taken, strict=True) if was]
        out = {"none": p_none + (1 - p_none) * none}
        return out | {repr(float(mg)): float((1 - p_none) * p) for mg, p in zip(taken, reached, strict=True)}

    def p_all_too_small(self, which: Bool[np.ndarray, " dose"], odds: float | None = None) -> float:
        """P(H0) + P(H1) P(every one of these doses has a benefit below the MCID | H1)."""
        p_none = self.p_no_effect(odds)
        return p_none + (1 - p_none) * self._first_to_reach(which)[1]

    def _first_to_reach(self, which: np.ndarray) -> tuple[np.ndarray, float]:
        """Given H1: which of these doses is the first to reach the MCID; kept, since rules and tables both ask."""
        key = which.tobytes()
        if key not in self._orthants:
            mixture = self.given_effect.heaviest(1 - 1e-5)
            at = mixture.dose_at
            mean = self.question.sign * mixture.mean[:, at][:, which]
            covariance = mixture.covariance[:, at, at][np.ix_(np.arange(len(mixture)), which, which)]
            self._orthants[key] = first_to_reach(self.question.mcid, mixture.weight, mean, covariance)
        return self._orthants[key]

    @cached_property
    def _orthants(self) -> dict[bytes, tuple[np.ndarray, float]]:
        return {}

    @cached_property
    def noise(self) -> Noise:
        """Onset, correlation, white share and sd, given H1."""
        m = self.given_effect
        free = m.axes.ell.kind != "point"
        return Noise(
            onset_days=_discrete(m.tau, m.weight) if self.question.onset.kind != "immediate" else None,
            correlation_days=_discrete(m.ell, m.weight) if free else None,
            white_share=_discrete(m.omega, m.weight) if free else None,
            sd=_discrete(m.sigma, m.weight),
        )

    @property
    def expectation(self) -> Summary | None:
        """The effect of expectation at certainty (kappa), or None where the term is off."""
        return None if self.design.expectation_at is None else self.summary(self.loading(None, expectation=True))

    def likelihood(self) -> Components:
        """The likelihood of the dose effects, everything else integrated out."""
        at = self.design.dose_at
        return components(self.given_effect, self.design.covariance[at, at], self.informed)

    def draws(self, count: int, seed: int) -> dict[str, np.ndarray]:
        """Independent draws from the posterior given H1, by name of the coefficient or parameter.

        Args:
            count: how many.
            seed: of the draws.

        Returns:
            One array of length ``count`` for each coefficient and for tau, ell, omega and sigma.
        """
        rng = np.random.default_rng(seed)
        m = self.given_effect
        node = rng.choice(len(m), size=count, p=m.weight)
        values, vectors = np.linalg.eigh(m.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
        normal = rng.standard_normal((count, len(m.names)))
        out = m.mean[node] + np.einsum("nij,nj->ni", root[node], normal)
        noise = {"onset_days": m.tau, "correlation_days": m.ell, "white_share": m.omega, "sd": m.sigma}
        return {n: out[:, i] for i, n in enumerate(m.names)} | {n: v[node] for n, v in noise.items()}


def _discrete(value: np.ndarray, weight: np.ndarray) -> Summary:
    """Summary of a quantity known at nodes: moments exact, quantiles by interpolation between nodes."""
    at, inverse = np.unique(value, return_inverse=True)
    mass = np.bincount(inverse, weights=weight)
    mean = float(mass @ at)
    middle = np.cumsum(mass) - 0.5 * mass
    q = np.interp([0.025, 0.1, 0.25, 0.75, 0.9, 0.975], middle, at)
    return Summary(
        mean=mean,
        sd=float(np.sqrt(mass @ (at - mean) ** 2)),
        interval50=(float(q[2]), float(q[3])),
        interval80=(float(q[1]), float(q[4])),
        interval95=(float(q[0]), float(q[5])),
    )
