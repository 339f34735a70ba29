"""The posterior of one Gaussian outcome: a mixture of Gaussians over the nodes of psi, under H1 and under H0."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

from modicum.analysis.estimate import Noise, Summary
from modicum.analysis.inference import Inference
from modicum.analysis.integration import Mixture
from modicum.analysis.likelihoods import Components, components
from modicum.analysis.mixtures import below, first_to_reach, summary

_LEVELS = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)


@dataclass(frozen=True)
class Posterior(Inference):
    """What one diary says about a Gaussian outcome.

    Args:
        given_effect: the mixture under H1.
        no_effect: the mixture under H0.
    """

    given_effect: Mixture
    no_effect: Mixture

    @property
    def log_evidence_given_effect(self) -> float:
        """Log marginal likelihood under H1."""
        return self.given_effect.log_evidence

    @property
    def log_evidence_no_effect(self) -> float:
        """Log marginal likelihood under H0."""
        return self.no_effect.log_evidence

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

    def loading(self, dose: int | None, *, expectation: bool = False) -> Float[np.ndarray, " coefficient"]:
        """Loadings that pick the effect of a dose (position on the ladder), and of expectation where asked for."""
        out = np.zeros(len(self.design.names))
        if dose is not None:
            out[self.design.dose_at.start + dose] = 1.0
        if expectation and self.design.expectation_at is not None:
            out[self.design.expectation_at] = 1.0
        return out

    def summary(self, loadings: Float[np.ndarray, " coefficient"]) -> Summary:
        """Posterior summary of a linear combination, given H1."""
        return summary(self.given_effect.weight, *self.combination(loadings))

    def effect(self, dose: int, *, expectation: bool = False) -> Summary:
        """See :class:`Inference`."""
        return self.summary(self.loading(dose, expectation=expectation))

    def link_effect(self, dose: int) -> Summary | None:
        """None: a Gaussian outcome has no other scale."""
        return None

    def p_benefit(self, threshold: float, dose: int, *, over: int | None = None, expectation: bool = False) -> float:
        """See :class:`Inference`."""
        loadings = self.loading(dose, expectation=expectation)
        if over is not None:
            loadings = loadings - self.loading(over)
        mean, sd = self.combination(self.question.sign * loadings)
        return float(np.clip(1.0 - below(threshold, self.given_effect.weight, mean, sd)[0], 0.0, 1.0))

    def first_to_reach(self, which: Bool[np.ndarray, " dose"]) -> tuple[np.ndarray, float]:
        """See :class:`Inference`; kept, since rules and tables both ask."""
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

    def _noise(self) -> Noise:
        m = self.given_effect
        free = m.axes.ell.kind != "point"
        return Noise(
            onset_days=_on_axis(m.tau, m.weight) if self.question.onset.kind != "immediate" else None,
            correlation_days=_on_axis(m.ell, m.weight) if free else None,
            white_share=_on_axis(m.omega, m.weight) if free else None,
            sd=_scale(m),
        )

    @property
    def expectation(self) -> Summary | None:
        """The effect of expectation at certainty (kappa), or None where the term is off."""
        return self.summary(self.loading(None, expectation=True)) if self.has_expectation else None

    def likelihood(self) -> Components:
        """The likelihood of the dose effects, everything else integrated out."""
        at = self.design.dose_at
        return components(self.given_effect, self.design.covariance[at, at], self.informed)

    def under(self, factor: float) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Inference`."""
        at = self.design.dose_at
        return self.likelihood().moments(factor * self.design.covariance[at, at])

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


def _on_axis(value: np.ndarray, weight: np.ndarray) -> Summary:
    """Summary of tau, ell or omega: each node's weight is spread to half way to its neighbours."""
    at, inverse = np.unique(value, return_inverse=True)
    edges = np.concatenate([at[:1], 0.5 * (at[1:] + at[:-1]), at[-1:]])
    mass = np.bincount(inverse, weights=weight)
    return _summary(value, weight, np.interp(_LEVELS, np.concatenate([[0.0], np.cumsum(mass)]), edges))


def _scale(mixture: Mixture) -> Summary:
    """Summary of sigma, whose nodes are evenly spaced in log sigma within each cell of the other three."""
    at = np.log(mixture.sigma)
    same = np.all([np.diff(v) == 0 for v in (mixture.tau, mixture.ell, mixture.omega)], axis=0)
    step = np.where(same, np.diff(at), np.nan)
    width = np.fmin(np.concatenate([step, [np.nan]]), np.concatenate([[np.nan], step]))
    usual = np.nanmedian(width) if np.isfinite(width).any() else 1e-9
    half = 0.5 * np.where(np.isfinite(width), width, usual)
    ends = np.concatenate([at - half, at + half])
    rate = np.concatenate([mixture.weight, -mixture.weight]) / np.tile(2 * half, 2)
    order = np.argsort(ends, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(np.cumsum(rate[order])[:-1] * np.diff(ends[order]))])
    return _summary(mixture.sigma, mixture.weight, np.exp(np.interp(_LEVELS, reached, ends[order])))


def _summary(value: np.ndarray, weight: np.ndarray, q: np.ndarray) -> Summary:
    mean = float(weight @ value)
    return Summary(
        mean=mean,
        sd=float(np.sqrt(weight @ (value - mean) ** 2)),
        interval50=(float(q[2]), float(q[3])),
        interval80=(float(q[1]), float(q[4])),
        interval95=(float(q[0]), float(q[5])),
    )
