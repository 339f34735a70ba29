"""Weighted points: moments and quantiles of a quantity known at points of a posterior."""

import numpy as np
from jaxtyping import Float

from modicum.analysis.estimate import Summary

_LEVELS = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)


def quantiles(
    levels: Float[np.ndarray, " level"] | tuple[float, ...],
    value: Float[np.ndarray, " point"],
    weight: Float[np.ndarray, " point"],
) -> Float[np.ndarray, " level"]:
    """Quantiles of a weighted sample, each point's weight reaching half to either side."""
    order = np.argsort(value, kind="stable")
    share = weight[order]
    return np.interp(np.asarray(levels), np.cumsum(share) - 0.5 * share, value[order])


def summary(value: Float[np.ndarray, " point"], weight: Float[np.ndarray, " point"]) -> Summary:
    """Mean, sd and equal-tailed 50, 80 and 95 % intervals."""
    mean = float(weight @ value)
    q = quantiles(_LEVELS, value, weight)
    return Summary(
        mean=mean,
        sd=float(np.sqrt(weight @ (value - mean) ** 2)),
        interval50=(float(q[2]), float(q[3])),
        interval80=(float(q[1]), float(q[4])),
        interval95=(float(q[0]), float(q[5])),
    )
