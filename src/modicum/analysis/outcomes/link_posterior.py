"""The posterior of an outcome that is not Gaussian: weighted points, read on the outcome's own scale."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool

from modicum.analysis.estimate import Noise, Summary
from modicum.analysis.inference import Inference
from modicum.analysis.likelihoods import Components, from_points
from modicum.analysis.outcomes.effects import Effects, effects_of
from modicum.analysis.outcomes.importance import Proposal
from modicum.analysis.outcomes.model import LinkModel
from modicum.analysis.outcomes.points import Points
from modicum.analysis.outcomes.weighted import summary


@dataclass(frozen=True)
class Source:
    """Where points come from: a model, and what they were drawn from."""

    model: LinkModel
    proposal: Proposal


@dataclass(frozen=True)
class LinkPosterior(Inference):
    """What one diary says about an outcome on a link scale.

    Args:
        source: of the points under H1.
        points: of the posterior under H1.
        null: source of the points under H0.
        no_effect: of the posterior under H0.
    """

    source: Source
    points: Points
    null: Source
    no_effect: Points

    @property
    def model(self) -> LinkModel:
        """Whose posterior it is."""
        return self.source.model

    @property
    def proposal(self) -> Proposal:
        """What the points under H1 were drawn from."""
        return self.source.proposal

    @property
    def log_evidence_given_effect(self) -> float:
        """Log marginal likelihood under H1."""
        return self.points.log_evidence

    @property
    def log_evidence_no_effect(self) -> float:
        """Log marginal likelihood under H0."""
        return self.no_effect.log_evidence

    @cached_property
    def effects(self) -> Effects:
        """Effects at every point, outcome units."""
        return effects_of(self.model, self.design, self.points)

    def effect(self, dose: int, *, expectation: bool = False) -> Summary:
        """See :class:`Inference`."""
        return summary(self._effects(expectation=expectation)[:, dose], self.points.weight)

    def link_effect(self, dose: int) -> Summary | None:
        """See :class:`Inference`."""
        return summary(self.points.coefficients[:, self.design.dose_at][:, dose], self.points.weight)

    def p_benefit(self, threshold: float, dose: int, *, over: int | None = None, expectation: bool = False) -> float:
        """See :class:`Inference`."""
        effects = self._effects(expectation=expectation)
        difference = effects[:, dose] - (0.0 if over is None else effects[:, over])
        return min(float(self.points.weight @ (self.question.sign * difference > threshold)), 1.0)

    def first_to_reach(self, which: Bool[np.ndarray, " dose"]) -> tuple[np.ndarray, float]:
        """See :class:`Inference`."""
        reaches = self.question.sign * self.effects.alone[:, which] >= self.question.mcid
        before = np.cumsum(reaches, axis=1) - reaches
        first = self.points.weight @ (reaches & (before == 0))
        return first, max(1.0 - float(first.sum()), 0.0)

    def _noise(self) -> Noise:
        """No white share: it is not identified on a link scale."""
        psi, weight, axes = self.points.psi, self.points.weight, self.proposal.axes
        on = axes.ell.kind != "point"
        return Noise(
            onset_days=summary(psi.tau, weight) if self.question.onset.kind != "immediate" else None,
            correlation_days=summary(psi.ell, weight) if on else None,
            white_share=None,
            sd=summary(psi.sd, weight),
            overdispersion=summary(psi.overdispersion, weight) if axes.overdispersion.kind != "point" else None,
        )

    @property
    def expectation(self) -> Summary | None:
        """See :class:`Inference`."""
        at = self.design.expectation_at
        return None if at is None else summary(self.points.coefficients[:, at], self.points.weight)

    def level_without_drug(self) -> Summary:
        """The mean answer over the observed entries with neither drug nor expectation, outcome units."""
        return summary(self.effects.without, self.points.weight)

    def likelihood(self) -> Components:
        """See :class:`Inference`; link scale."""
        at = self.design.dose_at
        theta = self.points.coefficients[:, at]
        log_bayes_factor = self.log_evidence_given_effect - self.log_evidence_no_effect
        return from_points(self.points.weight, theta, self.design.covariance[at, at], self.informed, log_bayes_factor)

    def under(self, factor: float) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Inference`; the points weighed anew."""
        at = self.design.dose_at
        theta = self.points.coefficients[:, at]
        quadratic = np.einsum("pi,pi->p", theta, np.linalg.solve(self.design.covariance[at, at], theta.T).T)
        log_weight = self.points.log_weight + 0.5 * quadratic * (1.0 - 1.0 / factor)
        weight = np.exp(log_weight - log_weight.max())
        weight = weight / weight.sum()
        mean = weight @ theta
        return mean, np.sqrt(weight @ (theta - mean) ** 2)

    def draws(self, count: int, seed: int) -> dict[str, np.ndarray]:
        """See :class:`Inference`; points drawn by their weight, link scale."""
        rng = np.random.default_rng(seed)
        at = rng.choice(len(self.points), size=count, p=self.points.weight)
        psi = self.points.psi.at(at)
        noise = {"onset_days": psi.tau, "correlation_days": psi.ell, "sd": psi.sd}
        named = {name: self.points.coefficients[at, i] for i, name in enumerate(self.design.names)}
        doses = enumerate(self.question.ladder_mg)
        return named | noise | {f"effect:{mg!r}": self.effects.alone[at, k] for k, mg in doses}

    def standard_error(self) -> tuple[float, float, float]:
        """Standard errors over the replicates: of a mean (posterior sds), of an sd (share), of P(H0).

        The largest over the effects of all doses, on either scale, and over expectation.
        """
        columns = [self.effects.alone, self.points.coefficients[:, self.design.dose_at]]
        if self.design.expectation_at is not None:
            columns.append(self.points.coefficients[:, [self.design.expectation_at]])
        p, mean_and_sd = self.p_no_effect(), self.points.standard_errors(np.concatenate(columns, axis=1))
        log_error = np.hypot(self.points.log_evidence_error(), self.no_effect.log_evidence_error())
        return *mean_and_sd, float(p * (1 - p) * log_error)

    def _effects(self, *, expectation: bool) -> np.ndarray:
        return self.effects.together if expectation else self.effects.alone
