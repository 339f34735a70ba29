"""Families: how an answer comes about given the linear predictor eta, with the derivatives that fitting needs.

Every method takes eta with entries on its last axis and any axes before it, and the family's shape parameters with the
same axes but the last: none for yes or no and for Poisson counts, the log of the overdispersion for negative binomial
counts, one standardised coordinate a cut point for ordered categories.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int
from scipy.special import gammaln, logit

from modicum.analysis.compiled.ready import BETWEEN, FARTHEST, NEGATIVE_BINOMIAL, POISSON, Ready
from modicum.analysis.outcomes.cut_points import CutPoints

Array = Float[np.ndarray, "..."]
_MOST = 40.0  # of |eta|: e^40 events a day, or a chance of e^-40, is as good as any beyond


@runtime_checkable
class Family(Protocol):
    """One kind of answer."""

    @property
    def shapes(self) -> int:
        """How many shape parameters are found together with the coefficients."""
        ...

    @property
    def grows_without_end(self) -> bool:
        """Whether the mean answer has no upper end: counts."""
        ...

    def start(self, y: Array) -> Array:
        """A linear predictor near each answer, to begin from."""
        ...

    def natural(self, shape: Array) -> Array:
        """The shape as the methods below take it."""
        ...

    def log_likelihood(self, y: Array, eta: Array, natural: Array) -> Array:
        """Log probability of each answer, all constants included."""
        ...

    def slope(self, y: Array, eta: Array, natural: Array) -> tuple[Array, Array]:
        """First derivative of the log probability in eta, and minus the second, >= 0."""
        ...

    def information(self, eta: Array, natural: Array) -> Array:
        """Expected information on eta of an answer not given yet."""
        ...

    def ready(self, y: Array, eta: Array, natural: Array) -> Ready:
        """The answers as the compiled filter takes them, one row of eta and shape a point."""
        ...

    def shape_curves(self, y: Array, eta: Array, shape: Array) -> "ShapeCurves":
        """Derivatives of the log probability and of the prior in the shape parameters."""
        ...

    def log_prior(self, shape: Array) -> Array:
        """Log prior density of the shape parameters."""
        ...

    def expected(self, curve: "Mixed", at: Array, natural: Array) -> Array:
        """Mean of the answer at linear predictors, the residual integrated; ``curve`` has the integrals it needs."""
        ...


@dataclass(frozen=True)
class ShapeCurves:
    """Derivatives of log posterior in the shapes at each node.

    Args:
        slope: first derivatives, all entries and the prior together.
        inner: minus the second derivatives, the same.
        cross: minus the mixed derivatives in eta and shape, entry by entry.
    """

    slope: Float[np.ndarray, "node shape"]
    inner: Float[np.ndarray, "node shape shape"]
    cross: Float[np.ndarray, "node entry shape"]


@runtime_checkable
class Mixed(Protocol):
    """Integrals over the residual u ~ N(0, s^2), one s a row."""

    def logistic(self, at: Array) -> Array:
        """The mean logistic curve, E over u, at each row of points."""
        ...

    def exponential(self, at: Array) -> Array:
        """The mean exponential curve, E over u, the same."""
        ...


@dataclass(frozen=True)
class _NoShape:
    """A family without shape parameters of its own."""

    grows_without_end = False

    @property
    def shapes(self) -> int:
        """None."""
        return 0

    def natural(self, shape: Array) -> Array:
        """The same."""
        return shape

    def shape_curves(self, y: Array, eta: Array, shape: Array) -> ShapeCurves:
        """Nothing."""
        nodes, entries = eta.shape
        return ShapeCurves(np.zeros((nodes, 0)), np.zeros((nodes, 0, 0)), np.zeros((nodes, entries, 0)))

    def log_prior(self, shape: Array) -> Array:
        """Zero."""
        return np.zeros(shape.shape[:-1])


@dataclass(frozen=True)
class Binary(_NoShape):
    """Yes (1) or no (0): P(y = 1) = logistic(eta)."""

    def start(self, y: Array) -> Array:
        """Half way to a clear yes or no."""
        return y - 0.5

    def log_likelihood(self, y: Array, eta: Array, natural: Array) -> Array:
        """See :class:`Family`."""
        return -np.logaddexp(0.0, np.where(y > 0, -eta, eta))

    def slope(self, y: Array, eta: Array, natural: Array) -> tuple[Array, Array]:
        """See :class:`Family`."""
        p = _logistic(eta)
        return y - p, p * (1.0 - p)

    def ready(self, y: Array, eta: Array, natural: Array) -> Ready:
        """See :class:`Family`; a yes is above 0, a no below it, on the latent logistic scale."""
        yes, flat = y > 0, np.zeros(eta.shape)
        upper, lower = np.where(yes, FARTHEST, -eta), np.where(yes, -eta, -FARTHEST)
        return Ready(BETWEEN, y, upper, lower, self.start(y) - eta, np.ones(len(eta)), flat)

    def information(self, eta: Array, natural: Array) -> Array:
        """The variance of the answer, p (1 - p)."""
        p = _logistic(eta)
        return p * (1.0 - p)

    def expected(self, curve: Mixed, at: Array, natural: Array) -> Array:
        """The chance of a yes."""
        return curve.logistic(at)


@dataclass(frozen=True)
class Poisson(_NoShape):
    """Counts with mean exp(eta)."""

    grows_without_end = True

    def start(self, y: Array) -> Array:
        """The log of the count."""
        return np.log(y + 0.5)

    def log_likelihood(self, y: Array, eta: Array, natural: Array) -> Array:
        """See :class:`Family`."""
        return y * eta - np.exp(np.minimum(eta, _MOST)) - gammaln(y + 1.0)

    def slope(self, y: Array, eta: Array, natural: Array) -> tuple[Array, Array]:
        """See :class:`Family`."""
        mean = np.exp(np.minimum(eta, _MOST))
        return y - mean, mean

    def ready(self, y: Array, eta: Array, natural: Array) -> Ready:
        """See :class:`Family`."""
        flat = np.zeros(eta.shape)
        return Ready(POISSON, y, eta, flat, self.start(y) - eta, np.ones(len(eta)), flat - gammaln(y + 1.0))

    def information(self, eta: Array, natural: Array) -> Array:
        """The mean."""
        return np.exp(np.minimum(eta, _MOST))

    def expected(self, curve: Mixed, at: Array, natural: Array) -> Array:
        """Events a day."""
        return curve.exponential(at)


@dataclass(frozen=True)
class NegativeBinomial(_NoShape):
    """Counts with mean mu = exp(eta) and variance mu + mu^2 / phi; log(1/phi), a place on the grid, is the shape."""

    grows_without_end = True

    def start(self, y: Array) -> Array:
        """The log of the count."""
        return np.log(y + 0.5)

    def log_likelihood(self, y: Array, eta: Array, natural: Array) -> Array:
        """See :class:`Family`."""
        phi, log_ratio = self._parts(eta, natural)
        constant = gammaln(y + phi) - gammaln(phi) - gammaln(y + 1.0)
        return constant - phi * np.logaddexp(0.0, log_ratio) - y * np.logaddexp(0.0, -log_ratio)

    def slope(self, y: Array, eta: Array, natural: Array) -> tuple[Array, Array]:
        """See :class:`Family`; the second derivative is that of the log probability, not its expectation."""
        phi, log_ratio = self._parts(eta, natural)
        p = _logistic(log_ratio)
        return y - (y + phi) * p, (y + phi) * p * (1.0 - p)

    def ready(self, y: Array, eta: Array, natural: Array) -> Ready:
        """See :class:`Family`."""
        overdispersion = np.clip(natural, -_MOST, _MOST)
        phi = np.exp(-overdispersion)
        rest = gammaln(y + phi) - gammaln(phi) - gammaln(y + 1.0)
        second = np.broadcast_to(overdispersion, eta.shape)
        return Ready(NEGATIVE_BINOMIAL, y, eta, second, self.start(y) - eta, phi[:, 0], rest)

    def information(self, eta: Array, natural: Array) -> Array:
        """The mean over one more than the mean over phi."""
        return np.exp(np.clip(eta, -_MOST, _MOST)) * _logistic(-np.clip(eta, -_MOST, _MOST) - natural)

    def expected(self, curve: Mixed, at: Array, natural: Array) -> Array:
        """Events a day."""
        return curve.exponential(at)

    @staticmethod
    def _parts(eta: Array, natural: Array) -> tuple[Array, Array]:
        """The size phi, and log(mu / phi)."""
        x = np.clip(natural, -_MOST, _MOST)
        return np.exp(-x), np.clip(eta, -_MOST, _MOST) + x


@dataclass(frozen=True)
class Ordinal:
    """Ordered categories: P(y <= k-th score) = logistic(c_k - eta) (McCullagh 1980).

    Args:
        scores: of the categories, ascending.
        cuts: coordinates of the cut points, one fewer.
    """

    scores: Float[np.ndarray, " category"]
    cuts: CutPoints
    grows_without_end = False

    @property
    def shapes(self) -> int:
        """One coordinate a cut point."""
        return len(self.cuts)

    def start(self, y: Array) -> Array:
        """Half way from the middle to the category's place among all."""
        middle = (self._category(y) + 0.5) / (len(self.cuts) + 1.0)
        return 0.5 * logit(np.clip(middle, 0.02, 0.98))

    def natural(self, shape: Array) -> Array:
        """The cut points, ascending."""
        return self.cuts.places(shape)

    def log_likelihood(self, y: Array, eta: Array, natural: Array) -> Array:
        """See :class:`Family`."""
        upper, lower, between = self._bounds(y, eta, natural)
        # logistic(b) - logistic(a) = (1 - exp(a - b)) logistic(b) logistic(-a), exact where both ends are far out
        return _log_room(between) - np.logaddexp(0.0, -upper) - np.logaddexp(0.0, lower)

    def slope(self, y: Array, eta: Array, natural: Array) -> tuple[Array, Array]:
        """See :class:`Family`."""
        upper, lower, _ = self._bounds(y, eta, natural)
        above, below = _logistic(upper), _logistic(lower)
        return above + below - 1.0, above * (1.0 - above) + below * (1.0 - below)

    def shape_curves(self, y: Array, eta: Array, shape: Array) -> ShapeCurves:
        """See :class:`Family`; through the derivatives in the cut points and those of the cut points."""
        upper, lower, between = self._bounds(y, eta, self.natural(shape))
        gap = 1.0 / np.expm1(np.minimum(between, 700.0))
        above, below = _logistic(upper), _logistic(lower)
        bend, at_upper, at_lower = gap * (1.0 + gap), above * (1.0 - above), below * (1.0 - below)
        place = self._category(y)
        ends = np.arange(len(self.cuts))
        is_upper, is_lower = (place[:, None] == ends).astype(float), (place[:, None] == ends + 1).astype(float)
        slope = (gap + 1.0 - above) @ is_upper - (gap + below) @ is_lower
        inner = np.einsum("nt,ti,tj->nij", bend + at_upper, is_upper, is_upper)
        inner += np.einsum("nt,ti,tj->nij", bend + at_lower, is_lower, is_lower)
        between_cuts = np.einsum("nt,ti,tj->nij", bend, is_upper, is_lower)
        inner -= between_cuts + between_cuts.transpose(0, 2, 1)
        cross = -(at_upper[:, :, None] * is_upper + at_lower[:, :, None] * is_lower)
        jacobian, first, second = self.cuts.jacobian(shape), *self.cuts.prior_slope(shape)
        inner = jacobian.transpose(0, 2, 1) @ inner @ jacobian - self.cuts.bend(shape, slope)
        return ShapeCurves(
            slope=np.einsum("nk,nkj->nj", slope, jacobian) + first,
            inner=inner + np.einsum("ni,ij->nij", second, np.eye(len(self.cuts))),
            cross=cross @ jacobian,
        )

    def log_prior(self, shape: Array) -> Array:
        """Dirichlet(1, ..., 1) on the probabilities of the categories at eta = 0."""
        return self.cuts.log_prior(shape)

    def ready(self, y: Array, eta: Array, natural: Array) -> Ready:
        """See :class:`Family`."""
        upper, lower, between = self._bounds(y, eta, natural)
        ends = np.clip(upper, -FARTHEST, FARTHEST), np.clip(lower, -FARTHEST, FARTHEST)
        rest = _log_room(between)
        return Ready(BETWEEN, y, *ends, self.start(y) - eta, np.ones(len(eta)), rest)

    def information(self, eta: Array, natural: Array) -> Array:
        """Sum over categories of P(category) times minus the second derivative of its log."""
        total = np.zeros(eta.shape)
        for value in self.scores:
            score = np.full(eta.shape[-1], value)
            total += np.exp(self.log_likelihood(score, eta, natural)) * self.slope(score, eta, natural)[1]
        return total

    def expected(self, curve: Mixed, at: Array, natural: Array) -> Array:
        """The mean score: the lowest, and a step for every cut point that is passed."""
        risen = np.full(at.shape, self.scores[0])
        for k, step in enumerate(np.diff(self.scores)):
            risen += step * curve.logistic(at - natural[..., k, None])
        return risen

    def _category(self, y: Array) -> Int[np.ndarray, "..."]:
        return np.searchsorted(self.scores, y)

    def _bounds(self, y: Array, eta: Array, natural: Array) -> tuple[Array, Array, Array]:
        """The cut points above and below each answer, less eta, and what lies between them."""
        ends = np.full((*natural.shape[:-1], 1), np.inf)
        edges = np.concatenate([-ends, natural, ends], axis=-1)
        category = self._category(y)
        below, above = edges[..., category], edges[..., category + 1]
        return above - eta, below - eta, above - below


def _logistic(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0)))


def _log_room(between: Array) -> Array:
    """Log of 1 - exp(-between); cut points that far-out coordinates have put together leave no room: log 0."""
    with np.errstate(divide="ignore"):
        return np.log(-np.expm1(-between))
