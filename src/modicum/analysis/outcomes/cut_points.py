"""Cut points of an ordered outcome, in coordinates in which their posterior is close to a standard normal.

The probabilities p_k of the categories at eta = 0 are Dirichlet(1, ..., 1): broken sticks, v_k = p_k over what those
before k leave, are independent Beta(1, C - k). Counts n_k alone would make them Beta(1 + n_k, C - k + n_{k+1} + ...),
and the coordinate of v_k is the normal quantile of its place in that distribution (of at most 20 answers). Categories
that nobody used are then as easy as those that everybody did.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int
from scipy.special import betaincinv, ndtr

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

_FARTHEST = 14.0  # sds; nothing lies beyond
_MOST_COUNTED = 20.0  # answers: more would make the coordinates too fine for cut points that effects have moved
_NODES = 281
_NUDGE = 1e-4


@dataclass(frozen=True)
class CutPoints:
    """Cut points c_1 < ... < c_{C-1} through standardised coordinates.

    Args:
        counts: how often each of the C categories was used; this changes the coordinates, not the prior.
    """

    counts: Int[np.ndarray, " category"]

    def __len__(self) -> int:
        return len(self.counts) - 1

    @cached_property
    def _logits(self) -> "list[CubicSpline]":
        """Logit of each broken stick as a function of its coordinate."""
        at = np.linspace(-_FARTHEST, _FARTHEST, _NODES)
        used = self.counts * min(1.0, _MOST_COUNTED / max(int(self.counts.sum()), 1))
        curves = []
        for k in range(len(self)):
            a, b = 1.0 + used[k], len(self) - k + float(used[k + 1 :].sum())
            # each half from the end that it is near to, so that neither a stick nor what it leaves rounds to nothing
            lower, upper = betaincinv(a, b, ndtr(at[at <= 0])), betaincinv(b, a, ndtr(-at[at > 0]))
            curves.append(_spline(at, np.concatenate([_logit(lower), -_logit(upper)])))
        return curves

    @cached_property
    def _log_priors(self) -> "list[CubicSpline]":
        """Log prior density of each coordinate."""
        at = np.linspace(-_FARTHEST, _FARTHEST, _NODES)
        curves = []
        for k, curve in enumerate(self._logits):
            left, logit = len(self) - k, curve(at)
            density = np.log(left) - left * np.logaddexp(0.0, logit) - np.logaddexp(0.0, -logit)
            curves.append(_spline(at, density + np.log(curve(at, 1))))
        return curves

    def places(self, at: Float[np.ndarray, "*batch cut"]) -> Float[np.ndarray, "*batch cut"]:
        """The cut points, ascending, on the link scale."""
        log_rest = self._log_rest(at)[0]
        return np.log(-np.expm1(log_rest)) - log_rest

    def jacobian(self, at: Float[np.ndarray, "*batch cut"]) -> Float[np.ndarray, "*batch cut cut"]:
        """Derivative of each cut point (rows) in each coordinate."""
        log_rest, slopes = self._log_rest(at)
        return np.tril(np.ones((len(self), len(self)))) * slopes[..., None, :] / -np.expm1(log_rest)[..., :, None]

    def bend(
        self, at: Float[np.ndarray, "*batch cut"], pull: Float[np.ndarray, "*batch cut"]
    ) -> Float[np.ndarray, "*batch cut cut"]:
        """Second derivatives of sum_k pull_k c_k in the coordinates, by central differences of the first."""
        out = np.empty((*at.shape, len(self)))
        for k in range(len(self)):
            nudge = _NUDGE * np.eye(len(self))[k]
            change = (self.jacobian(at + nudge) - self.jacobian(at - nudge)) / (2 * _NUDGE)
            out[..., k] = np.einsum("...c,...cj->...j", pull, change)
        return 0.5 * (out + out.swapaxes(-1, -2))

    def log_prior(self, at: Float[np.ndarray, "*batch cut"]) -> Float[np.ndarray, "*batch"]:
        """Log prior density of the coordinates."""
        total = sum(curve(_held(at[..., k])) for k, curve in enumerate(self._log_priors))
        return np.where(np.all(np.abs(at) <= _FARTHEST, axis=-1), total, -np.inf)

    def prior_slope(self, at: Float[np.ndarray, "*batch cut"]) -> tuple[np.ndarray, np.ndarray]:
        """First derivative of the log prior in each coordinate, and minus the second."""
        curves = list(enumerate(self._log_priors))
        first = np.stack([curve(_held(at[..., k]), 1) for k, curve in curves], axis=-1)
        second = np.stack([curve(_held(at[..., k]), 2) for k, curve in curves], axis=-1)
        return first, -second

    def _log_rest(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Log probability of lying above each cut point, and minus its derivative in each coordinate up to it."""
        curves = list(enumerate(self._logits))
        logit = np.stack([curve(_held(at[..., k])) for k, curve in curves], axis=-1)
        slope = np.stack([curve(_held(at[..., k]), 1) for k, curve in curves], axis=-1)
        log_rest = -np.cumsum(np.logaddexp(0.0, logit), axis=-1)
        return log_rest, slope / (1.0 + np.exp(-logit))


def _held(at: np.ndarray) -> np.ndarray:
    return np.clip(at, -_FARTHEST, _FARTHEST)


def _logit(p: np.ndarray) -> np.ndarray:
    return np.log(p) - np.log1p(-p)


def _spline(at: Float[np.ndarray, " node"], value: Float[np.ndarray, " node"]) -> "CubicSpline":
    from scipy.interpolate import CubicSpline  # takes a fifth of a second, which only ordered outcomes need wait

    return CubicSpline(at, value)
