"""The residual process integrated out: the likelihood of a diary given everything but u, to about 1e-4 an entry.

u is a scalar Gauss-Markov process, so that the integral over all of it is a filter. The density of u given the answers
so far is kept as a Gaussian times a sum of Hermite polynomials. Between answers an Ornstein-Uhlenbeck step multiplies
the n-th coefficient by r^n, r the correlation of the two Gaussians (Mehler 1866). At an answer the Gaussian moves to
the Laplace approximation of that one step, and the sum is read anew at the nodes of its Gauss-Hermite rule; what the
Gaussian misses, the sum holds. With one coefficient this is the extended Kalman filter. Where u is wide, an answer cuts
off one side of it: there more nodes and terms are taken, and the Gaussian has the moments of the product, since a sum
about one that is too narrow does not converge. What runs is
its compiled form, :mod:`modicum.analysis.compiled.answers`; this is the one to read, and tests hold the two together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float
from numpy.polynomial.hermite_e import hermegauss

from modicum.analysis.outcomes.families import Family

_SIZES = ((2.0, 10, 8), (3.5, 24, 16), (np.inf, 64, 32))  # up to which sd of u, nodes and terms
_NEWTON_STEPS = 4
_LEAST_LEVEL = 0.05  # of the integral of a sum beside that of its size
_STEP = 3.0  # largest Newton step in eta


@dataclass(frozen=True)
class Rule:
    """Nodes and weights of the Gauss-Hermite rule for a standard normal, and the normalised polynomials there.

    ``wide``: whether the Gaussian is to have the moments of the product.
    """

    at: np.ndarray
    weight: np.ndarray
    basis: np.ndarray
    wide: bool

    def moments(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of a density given at the nodes by its ratio to the standard normal."""
        share = np.maximum(value, 0.0) * self.weight
        share = share / np.maximum(share.sum(1, keepdims=True), 1e-300)
        mean = share @ self.at
        return mean, (share * (self.at - mean[:, None]) ** 2).sum(1)


def log_likelihood(
    family: Family,
    y: Float[np.ndarray, " entry"],
    eta: Float[np.ndarray, "point entry"],
    natural: Float[np.ndarray, "point shape"],
    *,
    sd: Float[np.ndarray, " point"],
    ell: Float[np.ndarray, " point"],
    time_days: Float[np.ndarray, " entry"],
) -> Float[np.ndarray, " point"]:
    """Log probability of all answers, u integrated out.

    Args:
        family: how an answer comes about.
        y: the answers.
        eta: linear predictors without u.
        natural: the family's shape, as :meth:`Family.natural` gives it.
        sd: stationary sd of u, link scale, > 0.
        ell: correlation time of u, days, > 0.
        time_days: ascending; answers of one moment share u.

    Returns:
        One value a point. Error against brute force: docs/decisions/0009.
    """
    gaps = np.diff(time_days, prepend=time_days[:1])
    run, out = Run(family, y, gaps, eta, natural, np.maximum(sd, 1e-6), ell), np.zeros(len(sd))
    for rule, some in _rules(run.sd):
        out[some] = compiled(run.at(some), rule)
    return np.where(np.isnan(out), -np.inf, out)  # 0 times infinity: a mean count beyond e^40, say


@dataclass(frozen=True)
class Run:
    """What the filter runs over: the answers, days since the one before, and the points.

    Args:
        family, y, gaps: of the answers.
        eta, natural, sd, ell: of the points.
    """

    family: Family
    y: Float[np.ndarray, " entry"]
    gaps: Float[np.ndarray, " entry"]
    eta: Float[np.ndarray, "point entry"]
    natural: Float[np.ndarray, "point shape"]
    sd: Float[np.ndarray, " point"]
    ell: Float[np.ndarray, " point"]

    def at(self, some: Bool[np.ndarray, " point"]) -> "Run":
        """Some of the points."""
        return replace(self, eta=self.eta[some], natural=self.natural[some], sd=self.sd[some], ell=self.ell[some])


def readable(run: Run, rule: Rule) -> Float[np.ndarray, " point"]:
    """The filter by one rule, in the form to read."""
    y, eta = run.y, run.eta
    answers = (_Answers(run.family, y[i : i + 1], eta[:, i : i + 1], run.natural) for i in range(len(y)))
    return _Process(run.sd, run.ell, rule).log_likelihood(answers, run.gaps)


def compiled(run: Run, rule: Rule) -> Float[np.ndarray, " point"]:
    """The same, compiled."""
    from modicum.analysis.compiled import answers

    ready = run.family.ready(run.y, run.eta, run.natural)
    by = answers.Rule(rule.at, rule.weight, rule.basis, rule.wide)
    return answers.log_likelihood(ready, (run.sd, run.ell), run.gaps, by)


@dataclass(frozen=True)
class _Answers:
    """One answer, at every point."""

    family: Family
    answer: np.ndarray
    eta: np.ndarray
    natural: np.ndarray

    def log_likelihood(self, u: np.ndarray) -> np.ndarray:
        return self.family.log_likelihood(self.answer, self.eta + u, self.natural)

    def mode(self, mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mode and curvature variance of u given the answers before (a Gaussian) and this one."""
        alone = self.family.start(self.answer) - self.eta[:, 0]
        told = self._slope(alone)[1][:, 0]
        u = (mean / variance + told * alone) / (1.0 / variance + told)
        for _ in range(_NEWTON_STEPS):
            slope, curve = (part[:, 0] for part in self._slope(u))
            step = (slope - (u - mean) / variance) / (curve + 1.0 / variance)
            u = u + np.clip(step, -_STEP, _STEP)
        return u, 1.0 / (1.0 / variance + self._slope(u)[1][:, 0])

    def _slope(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.family.slope(self.answer, self.eta + u[:, None], self.natural)


@dataclass(frozen=True)
class _Process:
    """The filter at points that share a rule."""

    sd: np.ndarray
    ell: np.ndarray
    rule: Rule

    def log_likelihood(self, answers: Iterable[_Answers], gaps: np.ndarray) -> np.ndarray:
        order = np.arange(len(self.rule.basis))
        mean, variance = np.zeros(len(self.sd)), self.sd**2
        series = np.zeros((len(self.sd), len(order)))
        series[:, 0] = 1.0
        total = np.zeros(len(self.sd))
        for answer, gap in zip(answers, gaps, strict=True):
            if gap > 0:
                keep = np.exp(-gap / self.ell)
                spread = keep * keep * variance + (1.0 - keep * keep) * self.sd**2
                series = series * (keep * np.sqrt(variance / spread))[:, None] ** order
                mean, variance = keep * mean, spread
            before = mean, variance, series
            mean, variance = answer.mode(mean, variance)
            if self.rule.wide:
                _, plain, correction = self._product(answer, before, mean, variance)
                shift, stretch = self.rule.moments(plain * correction)
                mean, variance = mean + np.sqrt(variance) * shift, variance * np.maximum(stretch, 1.0)
            top, plain, correction = self._product(answer, before, mean, variance)
            series = self._projected(plain, correction, np.exp(-np.maximum(top, -700.0)))
            total += np.minimum(top + np.log(series[:, 0]), 0.0)
            series = series / series[:, :1]
        return total

    def _product(
        self,
        answer: _Answers,
        before: tuple[np.ndarray, np.ndarray, np.ndarray],
        mean: np.ndarray,
        variance: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The density before times the chance of the answer, by its ratio to a Gaussian at the nodes of that.

        Returns:
            The log of a scale, the ratio for the Gaussian before alone, and the sum that corrects it.
        """
        u = mean[:, None] + np.sqrt(variance)[:, None] * self.rule.at
        z = (u - before[0][:, None]) / np.sqrt(before[1])[:, None]
        log_value = 0.5 * (self.rule.at**2 - z * z + np.log(variance / before[1])[:, None]) + answer.log_likelihood(u)
        top = log_value.max(1)
        return top, np.exp(log_value - top[:, None]), _sum(before[2], z)

    def _projected(self, plain: np.ndarray, correction: np.ndarray, most: np.ndarray) -> np.ndarray:
        """Coefficients of a product; those of its first factor alone where the sum has broken down.

        No density is negative, and the chance of an answer, the first coefficient, is 1 (here ``most``) at most.
        """
        onto = (self.rule.basis * self.rule.weight).T
        series = (plain * correction) @ onto
        held = series[:, 0] > _LEAST_LEVEL * (np.abs(plain * correction) @ self.rule.weight)
        broken = ~(held & (series[:, 0] <= most))
        series[broken] = plain[broken] @ onto
        return series


def _sum(series: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The Hermite sum at standardised points, by the three-term recurrence."""
    before, now = np.ones_like(z), z
    total = series[:, :1] + series[:, 1:2] * z
    for n in range(2, series.shape[1]):
        before, now = now, (z * now - np.sqrt(n - 1.0) * before) / np.sqrt(n)
        total += series[:, n : n + 1] * now
    return total


def _rules(sd: Float[np.ndarray, " point"]) -> Iterator[tuple[Rule, Bool[np.ndarray, " point"]]]:
    """The rules that points need, and which points need each."""
    least = 0.0
    for most, nodes, terms in _SIZES:
        some = (sd > least) & (sd <= most)
        if some.any():
            yield rule_of(nodes, terms), some
        least = most


@lru_cache
def rule_of(nodes: int, terms: int) -> Rule:
    """The rule of so many nodes and terms."""
    at, weight = hermegauss(nodes)
    basis = np.array([_sum(np.eye(terms)[[n]], at[None])[0] for n in range(terms)])
    return Rule(at, weight / weight.sum(), basis, nodes > _SIZES[0][1])
