"""Weighted points of a posterior, in independent replicates that show how exact they are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from modicum.analysis.outcomes.psi import Psi

REPLICATES = 8


@dataclass(frozen=True)
class Points:
    """Weighted points of the posterior; all arrays have one entry a point.

    Args:
        psi: time, noise and overdispersion.
        coefficients: in the order of the design.
        shape: of the family.
        log_weight: log of posterior density over drawing density; their mean is the evidence.
        replicate: which of the independent lattices a point is from.
    """

    psi: Psi
    coefficients: Float[np.ndarray, "point coefficient"]
    shape: Float[np.ndarray, "point shape"]
    log_weight: Float[np.ndarray, " point"]
    replicate: Int[np.ndarray, " point"]

    def __len__(self) -> int:
        return len(self.log_weight)

    def at(self, which: slice | np.ndarray) -> "Points":
        """Some of the points."""
        return Points(
            self.psi.at(which),
            self.coefficients[which],
            self.shape[which],
            self.log_weight[which],
            self.replicate[which],
        )

    @cached_property
    def weight(self) -> Float[np.ndarray, " point"]:
        """Weights that add up to 1."""
        weight = np.exp(self.log_weight - self.log_weight.max())
        return weight / weight.sum()

    @property
    def log_evidence(self) -> float:
        """Log marginal likelihood, all constants included."""
        return log_mean(self.log_weight)

    @property
    def effective(self) -> float:
        """Effective number of points (Kong 1992)."""
        return float(1.0 / (self.weight**2).sum())

    def moments(
        self, values: Float[np.ndarray, "point value"], replicate: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd of quantities known at the points, of all of them or of one replicate (modulo their number)."""
        keep = slice(None) if replicate is None else self.replicate % REPLICATES == replicate
        weight = self.weight[keep] / self.weight[keep].sum()
        mean = weight @ values[keep]
        return mean, np.sqrt(np.maximum(weight @ (values[keep] - mean) ** 2, 1e-300))

    def standard_errors(self, values: Float[np.ndarray, "point value"]) -> tuple[float, float]:
        """Over the replicates: the largest standard error of a mean, in posterior sds, and of an sd, as a share."""
        means, sds = zip(*(self.moments(values, r) for r in range(REPLICATES)), strict=True)
        whole = self.moments(values)[1]
        return float(error_of_mean(means / whole).max()), float(error_of_mean(sds / whole).max())

    def log_evidence_error(self) -> float:
        """Standard error of the log evidence over the replicates."""
        each = [log_mean(self.log_weight[self.replicate % REPLICATES == r]) for r in range(REPLICATES)]
        return float(error_of_mean(np.array(each)))


def error_of_mean(each: Float[np.ndarray, "replicate *any"]) -> Float[np.ndarray, "*any"]:
    """Standard error of the mean over replicates."""
    return np.asarray(np.std(each, axis=0, ddof=1) / np.sqrt(len(each)))


def log_mean(log_value: np.ndarray) -> float:
    """Log of the mean of exponentials."""
    top = float(log_value.max())
    return top + float(np.log(np.mean(np.exp(log_value - top))))


def joined(parts: list[Points]) -> Points:
    """Points of several draws from one proposal."""
    psi = Psi(*(np.concatenate(values) for values in zip(*(part.psi.all for part in parts), strict=True)))
    rest = ("coefficients", "shape", "log_weight", "replicate")
    return Points(psi, *(np.concatenate([getattr(part, name) for part in parts]) for name in rest))
