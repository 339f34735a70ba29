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

    def _keep(self, i: int) -> np.ndarray:
        return np.exp(-self.gaps[..., i] / self.ell)

    def whiten(self, table: np.ndarray, information: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Inner products under (R + 1/W)^-1, log det (1 + R W), and the filtered mean of u for every column."""
        nodes, entries, width = table.shape
        white, filtered = np.empty_like(table), np.empty_like(table)
        mean, variance = np.zeros((nodes, width)), self.sd**2
        log_det = np.zeros(nodes)
        for i in range(entries):
            keep = self._keep(i)
            mean = keep[:, None] * mean
            variance = keep * keep * variance + (1.0 - keep * keep) * self.sd**2
            spread = 1.0 + variance * information[:, i]
            innovation = table[:, i] - mean
            white[:, i] = innovation * np.sqrt(information[:, i] / spread)[:, None]
            mean = mean + (variance * information[:, i] / spread)[:, None] * innovation
            variance = variance / spread
            log_det += np.log(spread)
            filtered[:, i] = mean
        return white.transpose(0, 2, 1) @ white, log_det, filtered

    def smooth(self, filtered: np.ndarray, information: np.ndarray) -> np.ndarray:
        """Mean of u given all entries, from its filtered means (Rauch, Tung & Striebel 1965)."""
        nodes, entries = filtered.shape
        variance, gain = self.sd**2, np.zeros((nodes, entries))
        for i in range(entries):
            keep = self._keep(i)
            predicted = keep * keep * variance + (1.0 - keep * keep) * self.sd**2
            if i:
                gain[:, i - 1] = keep * variance / predicted
            variance = predicted / (1.0 + predicted * information[:, i])
        out = filtered.copy()
        for i in range(entries - 2, -1, -1):
            out[:, i] += gain[:, i] * (out[:, i + 1] - self._keep(i + 1) * filtered[:, i])
        return out

    def penalty(self, residual: np.ndarray) -> np.ndarray:
        """The quadratic form u' R^-1 u; answers of one moment share u and count once."""
        total = (residual[:, 0] / self.sd) ** 2 if residual.shape[1] else np.zeros(len(residual))
        for i in range(1, residual.shape[1]):
            keep = self._keep(i)
            apart = residual[:, i] - keep * residual[:, i - 1]
            moved = self.gaps[..., i] > 0
            total += np.where(moved, apart**2 / np.where(moved, (1.0 - keep * keep) * self.sd**2, 1.0), 0.0)
        return total
