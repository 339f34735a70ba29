"""The response: what a linear predictor means on the outcome's own scale, the residual integrated."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from modicum.analysis.outcomes.families import Family

_AT = np.arange(-6.0, 6.01, 0.4)  # trapezoidal rule for a standard normal, exact to 1e-4 up to an sd of 5
_SPACING = 0.25
_FARTHEST = 30.0  # on the link scale a chance is 0 or 1 beyond


@dataclass(frozen=True)
class _Integrals:
    """Integrals over u ~ N(0, s^2), one s a row."""

    sd: Float[np.ndarray, " point"]

    def logistic(self, at: Float[np.ndarray, "point place"]) -> Float[np.ndarray, "point place"]:
        weight = np.exp(-0.5 * _AT**2)
        weight = weight / weight.sum()
        total = np.zeros(at.shape)
        for z, share in zip(_AT, weight, strict=True):
            total += share / (1.0 + np.exp(-np.clip(at + z * self.sd[:, None], -700.0, 700.0)))
        return total

    def exponential(self, at: Float[np.ndarray, "point place"]) -> Float[np.ndarray, "point place"]:
        return np.exp(np.minimum(at + 0.5 * self.sd[:, None] ** 2, 700.0))


def response(
    family: Family,
    natural: Float[np.ndarray, "point shape"],
    sd: Float[np.ndarray, " point"],
    at: Float[np.ndarray, "point place"],
) -> Float[np.ndarray, "point place"]:
    """Mean answer at linear predictors, u ~ N(0, sd^2) integrated.

    Args:
        family: how an answer comes about.
        natural: its shape.
        sd: of the residual, link scale.
        at: linear predictors without the residual.

    Returns:
        Chance of a yes, events a day, or mean score; by cubic interpolation in a table where there are many places.
    """
    curve = _Integrals(sd)
    if family.grows_without_end or at.shape[1] <= 60:
        return family.expected(curve, at, natural)
    inside = np.clip(at, -_FARTHEST, _FARTHEST)
    low = float(inside.min()) - 2 * _SPACING
    count = int((float(inside.max()) - low) / _SPACING) + 4
    grid = low + _SPACING * np.arange(count)
    table = family.expected(curve, np.broadcast_to(grid, (len(sd), count)), natural)
    place = (inside - low) / _SPACING
    left = np.clip(np.floor(place).astype(int), 1, count - 3)
    x = place - left
    parts = (
        (-x * (x - 1.0) * (x - 2.0) / 6.0, -1),
        ((x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0, 0),
        (-(x + 1.0) * x * (x - 2.0) / 2.0, 1),
        ((x + 1.0) * x * (x - 1.0) / 6.0, 2),
    )
    return np.sum([share * np.take_along_axis(table, left + step, axis=1) for share, step in parts], axis=0)
