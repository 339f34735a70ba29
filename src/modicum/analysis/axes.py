"""The axes of the grid over psi = (tau, ell, omega, sigma): nodes, and the log of prior density times node width."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.question import Question

_REACH = 5.0  # a log-normal prior is covered to 5 sd: a diary that contradicts it must not meet an edge
NO_MASS = 1e-300  # stands for no mass where its logarithm is taken


@dataclass(frozen=True)
class Counts:
    """Nodes on each axis. Defaults measured in docs/decisions/0003: see there for the error they leave."""

    tau: int = 16
    ell: int = 16
    omega: int = 10
    sigma: int = 7

    def scaled(self, factor: float) -> "Counts":
        """Counts times a factor, at least 3 a node."""
        return Counts(*(max(3, round(factor * n)) for n in (self.tau, self.ell, self.omega, self.sigma)))


@dataclass(frozen=True)
class Axis:
    """One axis over the window [low, high] of its own coordinate.

    Args:
        kind: "log" (log-normal prior, coordinate log x, equally spaced nodes), "root" (Beta prior on omega = u^2,
            coordinate u, Gauss-Legendre nodes) or "point" (one known value, coordinate the value itself).
        low, high: the window.
        first, second: median and log-sd, or a and b of the Beta prior.
    """

    kind: Literal["log", "root", "point"]
    low: float
    high: float
    first: float = 1.0
    second: float = 1.0

    def nodes(self, count: int) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
        """Values at the nodes, and the log of prior density times node width."""
        if self.kind == "point":
            return np.array([self.low]), np.zeros(1)
        at, width = self._rule(count)
        if self.kind == "log":
            z = (at - np.log(self.first)) / self.second
            return np.exp(at), -0.5 * z * z - np.log(self.second * np.sqrt(2 * np.pi)) + np.log(width)
        omega, a, b = at * at, self.first, self.second
        density = (a - 1) * np.log(omega) + (b - 1) * np.log1p(-omega) - _log_beta(a, b) + np.log(2 * at)
        return omega, density + np.log(width)

    def narrowed(self, count: int, weight: Float[np.ndarray, " node"], drop: float) -> "Axis":
        """The window from where the log density has risen to ``drop`` below its peak to where it has fallen to it.

        Between two nodes the fall is taken to be quadratic, which errs to the wide side; where it begins at the
        highest node, the peak may lie beyond, and the whole step to the next node is kept.
        """
        if self.kind == "point":
            return self
        at, width = self._rule(count)
        density = np.log(np.maximum(weight, NO_MASS)) - np.log(width)
        level = density.max() - drop
        above = np.flatnonzero(density >= level)
        first, last, peak = int(above[0]), int(above[-1]), int(np.argmax(density))
        low, high = self.low, self.high
        if first > 0:
            fallen = 1.0 if first == peak else (density[first] - level) / (density[first] - density[first - 1])
            low = at[first] - (at[first] - at[first - 1]) * np.sqrt(fallen)
        if last < count - 1:
            fallen = 1.0 if last == peak else (density[last] - level) / (density[last] - density[last + 1])
            high = at[last] + (at[last + 1] - at[last]) * np.sqrt(fallen)
        return replace(self, low=float(low), high=float(high))

    def widened(self) -> "Axis":
        """The window made wider by an eighth at either end, within what omega can be."""
        if self.kind == "point":
            return self
        more = (self.high - self.low) / 8
        low, high = self.low - more, self.high + more
        return (
            replace(self, low=max(low, 0.0), high=min(high, 1.0))
            if self.kind == "root"
            else replace(self, low=low, high=high)
        )

    def cuts_off(self, weight: Float[np.ndarray, " node"], most: float) -> bool:
        """Whether more than this share of the weight stands at an end where there could be more beyond."""
        if self.kind == "point":
            return False
        share = weight / weight.sum()
        lower = share[0] > most and not (self.kind == "root" and self.low <= 0.0)
        return bool(lower or (share[-1] > most and not (self.kind == "root" and self.high >= 1.0)))

    def _rule(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        if self.kind == "root":
            x, w = np.polynomial.legendre.leggauss(count)
            half = (self.high - self.low) / 2
            return self.low + half * (x + 1), half * w
        step = (self.high - self.low) / count
        return self.low + step * (np.arange(count) + 0.5), np.full(count, step)


@dataclass(frozen=True)
class Axes:
    """The three axes that need whitening; sigma is placed anew at each of their nodes."""

    tau: Axis
    ell: Axis
    omega: Axis


def near_axes(near: Axes, wanted: Axes) -> Axes:
    """The windows of a like analysis, a little wider, wherever they are on the same kind of axis as those wanted."""
    pairs = ((near.tau, wanted.tau), (near.ell, wanted.ell), (near.omega, wanted.omega))
    return Axes(*(a.widened() if a.kind == b.kind != "point" else b for a, b in pairs))


def prior_axes(question: Question, assumptions: Assumptions) -> Axes:
    """Axes that cover the whole prior of tau, ell and omega under these assumptions."""
    tau, priors = onset_axis(question, assumptions), question.priors
    if not assumptions.autocorrelation:
        return Axes(tau, Axis("point", 1.0, 1.0), Axis("point", 1.0, 1.0))
    ell = log_axis(priors.correlation_median_days, priors.correlation_log_sd)
    if not assumptions.white_noise:
        return Axes(tau, ell, Axis("point", 0.0, 0.0))
    return Axes(tau, ell, Axis("root", 0.0, 1.0, priors.white_share_a, priors.white_share_b))


def onset_axis(question: Question, assumptions: Assumptions) -> Axis:
    """The axis of tau: a point where the onset is known or carry-over is left out."""
    onset = question.onset
    if onset.kind == "immediate" or not assumptions.carry_over:
        return Axis("point", 0.0, 0.0)
    if onset.kind == "fixed":
        return Axis("point", onset.median_days, onset.median_days)
    return log_axis(onset.median_days, onset.log_sd)


def log_axis(median: float, log_sd: float, reach: float = _REACH) -> Axis:
    """An axis over the log of a log-normal quantity, ``reach`` of its sds to either side."""
    middle = np.log(median)
    return Axis("log", float(middle - reach * log_sd), float(middle + reach * log_sd), median, log_sd)


def _log_beta(a: float, b: float) -> float:
    from math import lgamma

    return lgamma(a) + lgamma(b) - lgamma(a + b)
