"""The filter of :mod:`modicum.analysis.outcomes.hermite`, compiled, eight points at a time.

A diary asks of many side effects, each a diary of yes or no at hundreds of points: the readable form takes a
microsecond for each answer at each point, this a tenth of it. Tests hold the two together.
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
from modicum.analysis.compiled.ready import BETWEEN, POISSON, Ready

_STEP = 3.0  # largest Newton step
_NEWTON_STEPS = 4
_LEAST_LEVEL = 0.05
_LEAST = 1e-300
_FARTHEST, _MOST_ETA = 700.0, 40.0
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
    ready: Ready,
    noise: tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]],
    gaps: Float[np.ndarray, " entry"],
    rule: Rule,
) -> Float[np.ndarray, " point"]:
    """Log probability of all answers at every point, u integrated out.

    Args:
        ready: the answers.
        noise: sd and correlation time of u, > 0.
        gaps: days from the answer before.
        rule: to integrate by.
    """
    points = len(ready.size)
    padded = -(-points // WIDTH) * WIDTH
    parts = tuple(_padded(part, padded) for part in (ready.first, ready.second, ready.begin, ready.rest))
    per_point = np.ones((3, padded))
    per_point[:, :points] = (*noise, ready.size)
    out = np.empty(padded)
    _filter(ready.kind, ready.y, parts, per_point, np.ascontiguousarray(gaps), rule, out)
    return out[:points]


def _padded(part: Float[np.ndarray, "point entry"], points: int) -> Float[np.ndarray, " number"]:
    """Entry by entry, all points side by side, filled up to whole registers."""
    wide = np.zeros((part.shape[1], points))
    wide[:, : len(part)] = part.T
    return wide.ravel()


def _filter(kind, y, parts, per_point, gaps, rule, out):
    first, second, begin, rest = parts
    sd, ell, size = per_point[0], per_point[1], per_point[2]
    at, weight, basis, moments = rule
    points, terms = len(out), len(basis)
    state = np.empty((4, max(terms, len(at)) * WIDTH))
    for p in range(0, points, WIDTH):
        stationary = load(sd, p) * load(sd, p)
        rate = splat(-1.0) / load(ell, p)
        mean, variance, total = splat(0.0), stationary, splat(0.0)
        for n in range(terms):
            store(state[0], n * WIDTH, splat(1.0 if n == 0 else 0.0))
        for t in range(len(y)):
            if gaps[t] > 0:
                mean, variance = _move(state[0], terms, mean, variance, stationary, exponential(rate * gaps[t]))
            place = t * points + p
            said = kind, y[t], load(first, place), load(second, place), load(size, p)
            after, spread = _mode(said, load(begin, place), mean, variance)
            if moments:
                after, spread = _moments(state[0], at, weight, terms, said, mean, variance, after, spread)
            before = mean, variance
            total += _answer(state, at, weight, basis, said, load(rest, place), before, after, spread)
            mean, variance = after, spread
        store(out, p, total)


_filter = entry(_filter)


@compiled
def _logistic(x: Lanes) -> Lanes:
    return 1.0 / (1.0 + exponential(splat(0.0) - _within(x, _FARTHEST)))


@compiled
def _within(x: Lanes, most: float) -> Lanes:
    """Numbers no farther from 0 than this."""
    x = pick(x, splat(most), splat(most), x)
    return pick(splat(-most), x, splat(-most), x)


@compiled
def _slope(said, u: Lanes) -> tuple[Lanes, Lanes]:
    """First derivative of an answer's log probability in u, and minus the second."""
    kind, y, first, second, size = said
    if kind == BETWEEN:
        above, below = _logistic(first - u), _logistic(second - u)
        return above + below - 1.0, above * (1.0 - above) + below * (1.0 - below)
    if kind == POISSON:
        mean = exponential(pick(first + u, splat(_MOST_ETA), splat(_MOST_ETA), first + u))
        return splat(y) - mean, mean
    p = _logistic(_within(first + u, _MOST_ETA) + second)
    return splat(y) - (size + y) * p, (size + y) * p * (1.0 - p)


@compiled
def _log_chance(said, u: Lanes) -> Lanes:
    """Log probability of an answer, less what does not depend on u."""
    kind, y, first, second, size = said
    if kind == BETWEEN:
        return splat(0.0) - _softplus(u - first) - _softplus(second - u)
    x = first + u
    if kind == POISSON:
        return y * x - exponential(pick(x, splat(_MOST_ETA), splat(_MOST_ETA), x))
    ratio = _within(x, _MOST_ETA) + second
    return splat(0.0) - size * _softplus(ratio) - y * _softplus(splat(0.0) - ratio)


@compiled
def _softplus(x: Lanes) -> Lanes:
    """Log of 1 + exp(x)."""
    far = pick(x, splat(0.0), splat(0.0) - x, x)
    return pick(x, splat(0.0), x, splat(0.0)) + logarithm(1.0 + exponential(far))


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
def _mode(said, begin: Lanes, mean: Lanes, variance: Lanes) -> tuple[Lanes, Lanes]:
    """Mode and curvature variance of u given the answers before (a Gaussian) and this one."""
    precision = 1.0 / variance
    _, told = _slope(said, begin)
    u = (mean * precision + told * begin) / (precision + told)
    for _ in range(_NEWTON_STEPS):
        slope, curve = _slope(said, u)
        u = u + _within((slope - (u - mean) * precision) / (curve + precision), _STEP)
    _, curve = _slope(said, u)
    return u, 1.0 / (curve + precision)


@compiled
def _product(u: Lanes, z: Lanes, node: float, said, top: Lanes) -> Lanes:
    """Density before, as a Gaussian, times the chance of the answer, over the Gaussian after; times exp(-top)."""
    exponent = 0.5 * (node * node - z * z) + _log_chance(said, u) - top
    return exponential(pick(exponent, splat(_FARTHEST), splat(_FARTHEST), exponent))


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
def _top(said, mean: Lanes, variance: Lanes, after: Lanes) -> Lanes:
    """A log scale near the largest product."""
    z = (after - mean) / root(variance)
    return _log_chance(said, after) - 0.5 * z * z


@compiled
def _moments(
    series,
    at,
    weight,
    terms: int,
    said,
    mean: Lanes,
    variance: Lanes,
    after: Lanes,
    spread: Lanes,
) -> tuple[Lanes, Lanes]:
    """The Gaussian that has the moments of the product, no narrower than the one at the mode."""
    top = _top(said, mean, variance, after)
    wide, scale = root(spread), 1.0 / root(variance)
    none, first, second = splat(0.0), splat(0.0), splat(0.0)
    for k in range(len(at)):
        u = after + wide * at[k]
        z = (u - mean) * scale
        value = _product(u, z, at[k], said, top) * _sum(series, terms, z)
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
    said,
    rest: Lanes,
    before: tuple[Lanes, Lanes],
    after: Lanes,
    spread: Lanes,
) -> Lanes:
    """The log chance of one answer; the sum is read anew about the Gaussian after it.

    No density is negative and no chance above 1: where the sum has broken down, its first term alone is taken.
    """
    terms, (mean, variance) = len(basis), before
    series, product, corrected, check = state[0], state[1], state[2], state[3]
    top = _top(said, mean, variance, after)
    wide, scale = root(spread), 1.0 / root(variance)
    chance, size = splat(0.0), splat(0.0)
    for k in range(len(at)):
        u = after + wide * at[k]
        z = (u - mean) * scale
        plain = _product(u, z, at[k], said, top) * weight[k]
        value = plain * _sum(series, terms, z)
        chance, size = chance + value, size + pick(value, splat(0.0), value, splat(0.0) - value)
        store(product, k * WIDTH, plain)
        store(corrected, k * WIDTH, value)
    log_scale = top + rest + logarithm(wide * scale)
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
