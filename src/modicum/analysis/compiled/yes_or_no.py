"""The filter of :mod:`modicum.analysis.outcomes.hermite` for yes or no, eight points at a time.

A diary asks of many side effects, each a diary of yes or no at hundreds of points: the readable form takes a
microsecond for each answer at each point, this a twentieth of it. Tests hold the two together.
"""

# The types of compiled functions are the compiler's:
# pyright: basic
# ruff: noqa: PLR0917 - compiled functions call each other by position

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from modicum.analysis.compiled.compilation import compiled, entry
from modicum.analysis.compiled.elementary import exponential, logarithm
from modicum.analysis.compiled.lanes import WIDTH, Lanes, load, pick, root, splat, store

_START_INFORMATION = 0.235003712201594454  # p (1 - p) half way to a clear yes or no
_STEP = 3.0  # largest Newton step
_NEWTON_STEPS = 4
_LEAST_LEVEL = 0.05
_LEAST = 1e-300
_MOST_TERMS = 64
_UP = 1.0 / np.sqrt(np.maximum(np.arange(_MOST_TERMS), 1.0))  # of the recurrence of normalised Hermite polynomials
_DOWN = np.sqrt(np.maximum(np.arange(_MOST_TERMS) - 1.0, 0.0)) * _UP


class Rule(NamedTuple):
    """A Gauss-Hermite rule: nodes, weights, each normalised polynomial there; and whether to take moments first."""

    at: Float[np.ndarray, " node"]
    weight: Float[np.ndarray, " node"]
    basis: Float[np.ndarray, "term node"]
    moments: bool


def log_likelihood(
    y: Float[np.ndarray, " entry"],
    eta: Float[np.ndarray, "point entry"],
    sd: Float[np.ndarray, " point"],
    ell: Float[np.ndarray, " point"],
    gaps: Float[np.ndarray, " entry"],
    rule: Rule,
) -> Float[np.ndarray, " point"]:
    """Log probability of all answers at every point, u integrated out.

    Args:
        y: 1 for yes, 0 for no.
        eta: linear predictors without u.
        sd, ell: of u, > 0.
        gaps: days from the answer before.
        rule: to integrate by.
    """
    points = len(eta)
    padded = -(-points // WIDTH) * WIDTH
    wide = np.zeros((len(y), padded))
    wide[:, :points] = eta.T
    noise = np.ones((2, padded))
    noise[0, :points], noise[1, :points] = sd, ell
    out = np.empty(padded)
    _filter(2.0 * y - 1.0, wide.ravel(), noise[0], noise[1], np.ascontiguousarray(gaps), *rule, out)
    return out[:points]


def _filter(sign, eta, sd, ell, gaps, at, weight, basis, moments, out):
    points, terms = len(out), len(basis)
    state = np.empty((4, max(terms, len(at)) * WIDTH))
    for p in range(0, points, WIDTH):
        stationary = load(sd, p) * load(sd, p)
        rate = splat(-1.0) / load(ell, p)
        mean, variance, total = splat(0.0), stationary, splat(0.0)
        for n in range(terms):
            store(state[0], n * WIDTH, splat(1.0 if n == 0 else 0.0))
        for t in range(len(sign)):
            if gaps[t] > 0:
                mean, variance = _move(state[0], terms, mean, variance, stationary, exponential(rate * gaps[t]))
            level = load(eta, t * points + p)
            after, spread = _mode(sign[t], level, mean, variance)
            if moments:
                after, spread = _moments(state[0], at, weight, terms, sign[t], level, mean, variance, after, spread)
            total += _answer(state, at, weight, basis, sign[t], level, mean, variance, after, spread)
            mean, variance = after, spread
        store(out, p, total)


_filter = entry(_filter)


@compiled
def _move(series, terms: int, mean: Lanes, variance: Lanes, stationary: Lanes, keep: Lanes) -> tuple[Lanes, Lanes]:
    """An Ornstein-Uhlenbeck step: the n-th coefficient falls by the n-th power of the correlation (Mehler 1866)."""
    spread = keep * keep * variance + (1.0 - keep * keep) * stationary
    falls = keep * root(variance / spread)
    power = falls
    for n in range(1, terms):
        store(series, n * WIDTH, load(series, n * WIDTH) * power)
        power = power * falls
    return keep * mean, spread


@compiled
def _mode(sign: float, level: Lanes, mean: Lanes, variance: Lanes) -> tuple[Lanes, Lanes]:
    """Mode and curvature variance of u given the answers before (a Gaussian) and this one."""
    precision = 1.0 / variance
    alone = splat(0.5 * sign) - level
    u = (mean * precision + _START_INFORMATION * alone) / (precision + _START_INFORMATION)
    for _ in range(_NEWTON_STEPS):
        p = 1.0 / (1.0 + exponential(splat(0.0) - _within(level + u)))
        step = (splat(0.5 + 0.5 * sign) - p - (u - mean) * precision) / (p * (1.0 - p) + precision)
        step = pick(step, splat(_STEP), splat(_STEP), step)
        u = u + pick(splat(-_STEP), step, splat(-_STEP), step)
    p = 1.0 / (1.0 + exponential(splat(0.0) - _within(level + u)))
    return u, 1.0 / (p * (1.0 - p) + precision)


@compiled
def _within(x: Lanes) -> Lanes:
    """Linear predictors no farther out than exp can follow."""
    x = pick(x, splat(700.0), splat(700.0), x)
    return pick(splat(-700.0), x, splat(-700.0), x)


@compiled
def _product(u: Lanes, z: Lanes, node: float, sign: float, level: Lanes, top: Lanes) -> Lanes:
    """Density before, as a Gaussian, times the chance of the answer, over the Gaussian after; times exp(-top)."""
    x = splat(sign) * (level + u)
    size = pick(x, splat(0.0), x, splat(0.0) - x)
    exponent = 0.5 * (node * node - z * z) + 0.5 * (x - size) - top
    return exponential(pick(exponent, splat(700.0), splat(700.0), exponent)) / (1.0 + exponential(splat(0.0) - size))


@compiled
def _sum(series, terms: int, z: Lanes) -> Lanes:
    """The Hermite sum at standardised points, by the three-term recurrence."""
    before, now = splat(1.0), z
    total = load(series, 0) + load(series, WIDTH) * z
    for n in range(2, terms):
        before, now = now, z * now * _UP[n] - before * _DOWN[n]
        total = total + load(series, n * WIDTH) * now
    return total


@compiled
def _top(sign: float, level: Lanes, mean: Lanes, variance: Lanes, after: Lanes) -> Lanes:
    """A log scale near the largest product."""
    x = splat(sign) * (level + after)
    z = (after - mean) / root(variance)
    return pick(x, splat(0.0), splat(0.0), x) - 0.5 * z * z


@compiled
def _moments(
    series,
    at,
    weight,
    terms: int,
    sign: float,
    level: Lanes,
    mean: Lanes,
    variance: Lanes,
    after: Lanes,
    spread: Lanes,
) -> tuple[Lanes, Lanes]:
    """The Gaussian that has the moments of the product, no narrower than the one at the mode."""
    top = _top(sign, level, mean, variance, after)
    wide, scale = root(spread), 1.0 / root(variance)
    none, first, second = splat(0.0), splat(0.0), splat(0.0)
    for k in range(len(at)):
        u = after + wide * at[k]
        z = (u - mean) * scale
        value = _product(u, z, at[k], sign, level, top) * _sum(series, terms, z)
        share = pick(value, splat(0.0), value, splat(0.0)) * weight[k]
        none, first, second = none + share, first + share * at[k], second + share * (at[k] * at[k])
    none = pick(none, splat(_LEAST), none, splat(_LEAST))
    shift = first / none
    stretch = second / none - shift * shift
    return after + wide * shift, spread * pick(stretch, splat(1.0), stretch, splat(1.0))


@compiled
def _answer(
    state,
    at,
    weight,
    basis,
    sign: float,
    level: Lanes,
    mean: Lanes,
    variance: Lanes,
    after: Lanes,
    spread: Lanes,
) -> Lanes:
    """The log chance of one answer; the sum is read anew about the Gaussian after it.

    No density is negative and no chance above 1: where the sum has broken down, its first term alone is taken.
    """
    terms = len(basis)
    series, product, corrected, check = state[0], state[1], state[2], state[3]
    top = _top(sign, level, mean, variance, after)
    wide, scale = root(spread), 1.0 / root(variance)
    chance, size = splat(0.0), splat(0.0)
    for k in range(len(at)):
        u = after + wide * at[k]
        z = (u - mean) * scale
        plain = _product(u, z, at[k], sign, level, top) * weight[k]
        value = plain * _sum(series, terms, z)
        chance, size = chance + value, size + pick(value, splat(0.0), value, splat(0.0) - value)
        store(product, k * WIDTH, plain)
        store(corrected, k * WIDTH, value)
    log_scale = top + logarithm(wide * scale)
    most = exponential(pick(splat(700.0), splat(0.0) - log_scale, splat(0.0) - log_scale, splat(700.0)))
    holds = pick(chance, _LEAST_LEVEL * size, splat(1.0), splat(0.0))
    holds = pick(chance, most, splat(0.0), holds)
    store(check, 0, holds)
    if not np.all(check[:WIDTH] > 0.5):
        chance = splat(0.0)
        for k in range(len(at)):
            value = pick(holds, splat(0.5), load(corrected, k * WIDTH), load(product, k * WIDTH))
            chance = chance + value
            store(corrected, k * WIDTH, value)
    chance = pick(chance, splat(_LEAST), chance, splat(_LEAST))
    _project(series, corrected, basis, 1.0 / chance)
    log_chance = log_scale + logarithm(chance)
    return pick(log_chance, splat(0.0), splat(0.0), log_chance)


@compiled
def _project(series, values, basis, scale: Lanes) -> None:
    """Coefficients of the sum that has these weighted values at the nodes."""
    for n in range(len(basis)):
        total = splat(0.0)
        for k in range(basis.shape[1]):
            total = total + load(values, k * WIDTH) * basis[n, k]
        store(series, n * WIDTH, total * scale)
