"""The residual process integrated out: the likelihood of a diary given everything but u, to about 1e-3.

u is a scalar Gauss-Markov process, so that the integral over all of it is a filter. The density of u given the answers
so far is kept as a Gaussian times a sum of Hermite polynomials. Between answers an Ornstein-Uhlenbeck step multiplies
the n-th coefficient by r^n, r the correlation of the two Gaussians (Mehler 1866). At an answer the Gaussian moves to
the Laplace approximation of that one step, and the sum is read anew at the nodes of its Gauss-Hermite rule; what the
Gaussian misses, the sum holds. With one coefficient this is the extended Kalman filter.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Float
from scipy.special import roots_hermitenorm

from modicum.analysis.outcomes.families import Family

NODES, TERMS = 10, 8
_NEWTON_STEPS = 4
_LEAST_LEVEL = 0.05  # of the integral of a sum beside that of its size
_STEP = 3.0  # largest Newton step in eta


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
    at = _rule()[0]
    order = np.arange(TERMS)
    sd = np.maximum(sd, 1e-6)
    mean, variance = np.zeros(len(sd)), sd * sd
    series = np.zeros((len(sd), TERMS))
    series[:, 0] = 1.0
    total = np.zeros(len(sd))
    for i, gap in enumerate(np.diff(time_days, prepend=time_days[:1])):
        if gap > 0:
            keep = np.exp(-gap / ell)
            spread = keep * keep * variance + (1.0 - keep * keep) * sd * sd
            series = series * (keep * np.sqrt(variance / spread))[:, None] ** order
            mean, variance = keep * mean, spread
        answer = y[i : i + 1]
        centre, narrowed = _step_mode(family, answer, eta[:, i : i + 1], natural, (mean, variance))
        u = centre[:, None] + np.sqrt(narrowed)[:, None] * at
        z = (u - mean[:, None]) / np.sqrt(variance)[:, None]
        log_value = 0.5 * (at * at - z * z + np.log(narrowed / variance)[:, None])
        log_value += family.log_likelihood(answer, eta[:, i : i + 1] + u, natural)
        top = log_value.max(1)
        series = _projected(np.exp(log_value - top[:, None]), _sum(series, z), np.exp(-np.maximum(top, -700.0)))
        total += np.minimum(top + np.log(series[:, 0]), 0.0)
        series = series / series[:, :1]
        mean, variance = centre, narrowed
    return total


def _step_mode(
    family: Family, answer: np.ndarray, eta: np.ndarray, natural: np.ndarray, before: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Mode and curvature variance of u given the answers before (a Gaussian) and this one."""
    mean, variance = before
    begin = family.start(answer) - eta[:, 0]
    u = np.clip(mean, begin - _STEP, begin + _STEP)
    for _ in range(_NEWTON_STEPS):
        slope, curve = (part[:, 0] for part in family.slope(answer, eta + u[:, None], natural))
        step = (slope - (u - mean) / variance) / (curve + 1.0 / variance)
        u = u + np.clip(step, -_STEP, _STEP)
    _, curve = family.slope(answer, eta + u[:, None], natural)
    return u, 1.0 / (1.0 / variance + curve[:, 0])


def _projected(plain: np.ndarray, correction: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Coefficients of a product; those of its first factor alone where the sum has broken down.

    No density is negative, and the chance of an answer, the first coefficient, is 1 (here ``most``) at most.
    """
    _, weight, basis = _rule()
    onto = (basis * weight).T
    series = (plain * correction) @ onto
    held = series[:, 0] > _LEAST_LEVEL * (np.abs(plain * correction) @ weight)
    broken = ~(held & (series[:, 0] <= most))
    series[broken] = plain[broken] @ onto
    return series


def _sum(series: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The Hermite sum at standardised points, by the three-term recurrence."""
    before, now = np.ones_like(z), z
    total = series[:, :1] + series[:, 1:2] * z
    for n in range(2, TERMS):
        before, now = now, (z * now - np.sqrt(n - 1.0) * before) / np.sqrt(n)
        total += series[:, n : n + 1] * now
    return total


@lru_cache(maxsize=1)
def _rule() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes and weights of the Gauss-Hermite rule for a standard normal, and the normalised polynomials there."""
    at, weight = roots_hermitenorm(NODES)
    basis = np.array([_sum(np.eye(TERMS)[[n]], at[None])[0] for n in range(TERMS)])
    return at, weight / weight.sum(), basis
