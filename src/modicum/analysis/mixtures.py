"""Mixtures of Gaussians: probabilities, quantiles and orthants, without drawing a random number."""

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr, ndtri

from modicum.analysis.estimate import Summary

_LEVELS = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
_LATTICE = 32  # points a component in an orthant probability; shifted anew for each component


def below(
    at: Float[np.ndarray, " point"] | float,
    weight: Float[np.ndarray, " node"],
    mean: Float[np.ndarray, " node"],
    sd: Float[np.ndarray, " node"],
) -> Float[np.ndarray, " point"]:
    """P(X <= at) of a scalar mixture, for each point."""
    z = (np.atleast_1d(np.asarray(at, float))[:, None] - mean) / np.maximum(sd, 1e-300)
    return ndtr(z) @ weight


def moments(
    weight: Float[np.ndarray, " node"], mean: Float[np.ndarray, " node"], sd: Float[np.ndarray, " node"]
) -> tuple[float, float]:
    """Mean and sd of a scalar mixture."""
    middle = float(weight @ mean)
    return middle, float(np.sqrt(weight @ (sd**2 + (mean - middle) ** 2)))


def quantiles(
    levels: Float[np.ndarray, " level"],
    weight: Float[np.ndarray, " node"],
    mean: Float[np.ndarray, " node"],
    sd: Float[np.ndarray, " node"],
) -> Float[np.ndarray, " level"]:
    """Quantiles of a scalar mixture to 1e-10 of its sd, by Newton steps kept inside a bracket."""
    middle, spread = moments(weight, mean, sd)
    if spread == 0:
        return np.full(len(levels), middle)
    low, high = np.full(len(levels), (mean - 9 * sd).min()), np.full(len(levels), (mean + 9 * sd).max())
    at = middle + spread * ndtri(levels)
    safe = np.maximum(sd, 1e-300)
    for _ in range(60):
        z = (at[:, None] - mean) / safe
        excess = ndtr(z) @ weight - levels
        low, high = np.where(excess < 0, at, low), np.where(excess < 0, high, at)
        density = (np.exp(-0.5 * z * z) / safe) @ weight / np.sqrt(2 * np.pi)
        step = excess / np.maximum(density, 1e-300)
        newton = at - step
        at = np.where((newton >= low) & (newton <= high), newton, 0.5 * (low + high))
        if np.all(np.abs(step) < 1e-10 * spread):
            break
    return at


def summary(
    weight: Float[np.ndarray, " node"], mean: Float[np.ndarray, " node"], sd: Float[np.ndarray, " node"]
) -> Summary:
    """Mean, sd and equal-tailed 50, 80 and 95 % intervals of a scalar mixture."""
    middle, spread = moments(weight, mean, sd)
    q = quantiles(np.array(_LEVELS), weight, mean, sd)
    return Summary(
        mean=middle,
        sd=spread,
        interval50=(float(q[2]), float(q[3])),
        interval80=(float(q[1]), float(q[4])),
        interval95=(float(q[0]), float(q[5])),
    )


def first_to_reach(
    threshold: float,
    weight: Float[np.ndarray, " node"],
    mean: Float[np.ndarray, "node dose"],
    covariance: Float[np.ndarray, "node dose dose"],
) -> tuple[Float[np.ndarray, " dose"], float]:
    """P(dose k is the first that reaches the threshold) for each k, and P(none does).

    Each component's orthants are found by conditioning one dose after the other (Genz 1992, eq. 3) on a rank-1 lattice,
    shifted by a golden-ratio sequence from component to component, so that the answer is smooth in its input.

    Args:
        threshold: the benefit to reach, outcome units.
        weight: of the components.
        mean: of the benefit (not the effect) of the doses, in the order they are tried.
        covariance: of the same.

    Returns:
        Probabilities of each dose, and of none; they add up to 1.
    """
    n, k = mean.shape
    if k == 0:
        return np.zeros(0), 1.0
    jitter = 1e-12 * np.trace(covariance, axis1=1, axis2=2)[:, None, None] * np.eye(k) + 1e-300 * np.eye(k)
    factor = np.linalg.cholesky(covariance + jitter)
    points = _shifted_lattice(n, k)
    survive = np.ones((n, _LATTICE))
    reached = np.zeros(k)
    drawn = np.zeros((n, _LATTICE, k))
    for j in range(k):
        known = np.einsum("nlj,nj->nl", drawn[:, :, :j], factor[:, j, :j])
        fails = ndtr((threshold - mean[:, j, None] - known) / factor[:, j, j, None])
        reached[j] = weight @ (survive * (1 - fails)).mean(1)
        survive = survive * fails
        drawn[:, :, j] = ndtri(np.clip(points[:, :, j] * fails, 1e-300, 1 - 1e-16))
    return reached, float(weight @ survive.mean(1))


def _shifted_lattice(n: int, k: int) -> np.ndarray:
    """A Kronecker lattice in k dimensions (Roberts' generalised golden ratio), with one shift a component."""
    phi = 2.0
    for _ in range(40):
        phi = (1 + phi) ** (1 / (k + 1))
    alpha = phi ** -np.arange(1, k + 1)
    index = (np.arange(_LATTICE) + 0.5)[None, :, None] + _LATTICE * np.arange(n)[:, None, None]
    return (0.5 + index * alpha) % 1.0
