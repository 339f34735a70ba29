"""The residual process of a link scale: an Ornstein-Uhlenbeck filter and smoother, for many nodes at once."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class ResidualProcess:
    """The residual process at each node, over the gaps between entries.

    Args:
        sd: stationary sd, link scale, > 0.
        ell: correlation time, days, > 0.
        gaps: days since the entry before, the first 0; the same at every node, or a row for each.
    """

    sd: Float[np.ndarray, " node"]
    ell: Float[np.ndarray, " node"]
    gaps: Float[np.ndarray, "*node entry"]

    @property
    def keep(self) -> Float[np.ndarray, "entry node"]:
        """What is left of u from one entry to the next."""
        return np.exp(-np.moveaxis(np.atleast_2d(self.gaps), -1, 0) / self.ell)

    def given(self, information: Float[np.ndarray, "node entry"]) -> "Filter":
        """The filter where each entry tells of u with this information (1 over the variance of its own noise)."""
        keep, steps = self.keep, len(information.T)
        predicted, updated = np.empty(keep.shape), np.empty(keep.shape)
        stationary, variance = self.sd**2, self.sd**2
        fresh = (1.0 - keep * keep) * stationary
        for i in range(steps):
            predicted[i] = keep[i] * keep[i] * variance + fresh[i]
            variance = predicted[i] / (1.0 + predicted[i] * information[:, i])
            updated[i] = variance
        return Filter(keep, predicted, updated, information.T)

    def penalty(self, residual: Float[np.ndarray, "node entry"]) -> Float[np.ndarray, " node"]:
        """The quadratic form u' R^-1 u; answers of one moment share u and count once."""
        if not residual.shape[1]:
            return np.zeros(len(residual))
        keep = self.keep[1:].T
        apart, left = residual[:, 1:] - keep * residual[:, :-1], (1.0 - keep * keep) * self.sd[:, None] ** 2
        moved = left > 0
        steps = np.where(moved, apart**2 / np.where(moved, left, 1.0), 0.0)
        return (residual[:, 0] / self.sd) ** 2 + steps.sum(1)


@dataclass(frozen=True)
class Filter:
    """A Kalman filter's variances: of u before and after each entry, with the information of the entry."""

    keep: Float[np.ndarray, "entry node"]
    predicted: Float[np.ndarray, "entry node"]
    updated: Float[np.ndarray, "entry node"]
    information: Float[np.ndarray, "entry node"]

    @property
    def log_det(self) -> Float[np.ndarray, " node"]:
        """Log det of (1 + R W)."""
        return np.log1p(self.predicted * self.information).sum(0)

    def whiten(
        self, table: Float[np.ndarray, "node entry column"]
    ) -> tuple[Float[np.ndarray, "node column column"], Float[np.ndarray, "node entry column"]]:
        """Inner products under (R + 1/W)^-1, and the filtered mean of u for every column."""
        nodes, entries, width = table.shape
        rows = np.ascontiguousarray(table.transpose(1, 0, 2))
        innovation, filtered = np.empty_like(rows), np.empty_like(rows)
        gain = (self.updated * self.information)[:, :, None]
        keep, mean = self.keep[:, :, None], np.zeros((nodes, width))
        for i in range(entries):
            mean = keep[i] * mean
            innovation[i] = rows[i] - mean
            mean = mean + gain[i] * innovation[i]
            filtered[i] = mean
        innovation *= np.sqrt(self.information / (1.0 + self.predicted * self.information))[:, :, None]
        white = innovation.transpose(1, 0, 2)
        return white.transpose(0, 2, 1) @ white, filtered.transpose(1, 0, 2)

    def smooth(self, filtered: Float[np.ndarray, "node entry"]) -> Float[np.ndarray, "node entry"]:
        """Mean of u given all entries, from its filtered means (Rauch, Tung & Striebel 1965)."""
        out = np.ascontiguousarray(filtered.T)
        if not len(out):
            return filtered
        ahead = self.keep[1:] * out[:-1]
        gain = self.keep[1:] * self.updated[:-1] / self.predicted[1:]
        for i in range(len(out) - 2, -1, -1):
            out[i] += gain[i] * (out[i + 1] - ahead[i])
        return out.T
