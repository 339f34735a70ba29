"""The mixture over the nodes: which are kept, moments and probabilities of the reported combinations."""

# The types of compiled functions are the compiler's:
# pyright: basic
# ruff: noqa: PLR0917 - compiled functions call each other by position

import math

import numpy as np

from modicum.analysis.batch.tridiagonal import effects
from modicum.analysis.compiled.compilation import compiled
from modicum.analysis.compiled.elementary import exponential, normal_above
from modicum.analysis.compiled.lanes import WIDTH, load, pick, root, splat, store

_QUANTILE_STEPS, _QUANTILE_SETTLED = 60, 1e-10  # as in modicum.analysis.mixtures


@compiled
def largest(numbers, count):
    """The largest of the first numbers."""
    out = numbers[0]
    for i in range(1, count):
        out = max(out, numbers[i])
    return out


@compiled
def summed(lanes):
    """The sum over one group of lanes."""
    out = 0.0
    for i in range(WIDTH):
        out += lanes[i]
    return out


@compiled
def total_mass(log_mass, count, top):
    """Sum of the masses relative to the largest."""
    total = splat(0.0)
    for i in range(0, count, WIDTH):
        total += exponential(load(log_mass, i) - top)
    lanes = np.empty(WIDTH)
    store(lanes, 0, total)
    return summed(lanes)


@compiled
def keep_nodes(shape, n_sigma, loadings, cells, top, least, node, nodes):
    """Weights, means and covariances of the nodes above the pruning limit, in columns; returns how many.

    ``node`` gets each one's number in the order (tau, ell, omega, sigma); the rows of ``nodes`` are the weight, the
    means and the lower half of the covariance, padded with weightless nodes to a whole number of lanes.
    """
    n_tau, n_ell, n_omega, groups = shape
    _, form, turned, window, log_mass, _ = cells
    n_loadings, size = loadings.shape
    pairs = n_loadings * (n_loadings + 1) // 2
    found = np.empty((1 + n_loadings + pairs + n_loadings) * WIDTH)
    mean, covariance = found[WIDTH:], found[(1 + n_loadings) * WIDTH :]
    solved = found[(1 + n_loadings + pairs) * WIDTH :]
    kept = 0
    for j in range(n_tau):
        for g in range(groups):
            cell = j * groups + g
            for s in range(n_sigma):
                mass = exponential(load(log_mass, (cell * n_sigma + s) * WIDTH) - top)
                store(found, 0, mass)
                if largest(found, WIDTH) <= least:
                    continue
                log_sigma = load(window, cell * 2 * WIDTH) + load(window, (cell * 2 + 1) * WIDTH) * (s + 0.5)
                v = exponential(-2.0 * log_sigma)
                ours = turned[cell * n_loadings * size * WIDTH :]
                effects(form, cell * 3 * size * WIDTH, ours, size, n_loadings, v, solved, mean, covariance)
                for i in range(min(WIDTH, n_ell * n_omega - g * WIDTH)):
                    if found[i] > least:
                        node[kept] = (j * n_ell * n_omega + g * WIDTH + i) * n_sigma + s
                        for r in range(1 + n_loadings + pairs):
                            nodes[r, kept] = found[r * WIDTH + i]
                        kept += 1
    scale_weights(nodes, kept)
    return kept


@compiled
def scale_weights(nodes, kept):
    """Make the weights add up to 1, and fill the last group of lanes up with weightless nodes."""
    weight = 0.0
    for i in range(kept):
        weight += nodes[0, i]
    for i in range(kept):
        nodes[0, i] /= weight
    for i in range(kept, (kept + WIDTH - 1) // WIDTH * WIDTH):
        nodes[0, i] = 0.0
        for r in range(1, nodes.shape[0]):
            nodes[r, i] = nodes[r, 0]


@compiled
def weigh_moments(nodes, kept, n_loadings, mean, covariance):
    """Mean and covariance of the mixture, in two passes."""
    lanes = np.empty(WIDTH)
    for r in range(n_loadings):
        total = splat(0.0)
        for i in range(0, kept, WIDTH):
            total += load(nodes[0], i) * load(nodes[1 + r], i)
        store(lanes, 0, total)
        mean[r] = summed(lanes)
    for r in range(n_loadings):
        for q in range(r + 1):
            total = splat(0.0)
            within = nodes[1 + n_loadings + r * (r + 1) // 2 + q]
            for i in range(0, kept, WIDTH):
                apart = (load(nodes[1 + r], i) - mean[r]) * (load(nodes[1 + q], i) - mean[q])
                total += load(nodes[0], i) * (load(within, i) + apart)
            store(lanes, 0, total)
            covariance[r, q] = covariance[q, r] = summed(lanes)


@compiled
def combine(nodes, kept, n_loadings, first, second, factor, mean, sd):
    """Mean and sd at each node of ``first + factor * second``; factor 0 leaves the second out."""
    base = 1 + n_loadings
    low, high = min(first, second), max(first, second)
    for i in range(0, kept, WIDTH):
        middle = load(nodes[1 + first], i)
        variance = load(nodes[base + first * (first + 1) // 2 + first], i)
        if factor != 0.0:
            middle = middle + factor * load(nodes[1 + second], i)
            variance = variance + factor * factor * load(nodes[base + second * (second + 1) // 2 + second], i)
            variance = variance + 2.0 * factor * load(nodes[base + high * (high + 1) // 2 + low], i)
        store(mean, i, middle)
        store(sd, i, root(pick(variance, splat(0.0), variance, splat(0.0))))


@compiled
def p_above(threshold, sign, weight, mean, sd, kept):
    """P(sign * X > threshold) of a scalar mixture."""
    total = splat(0.0)
    for i in range(0, kept, WIDTH):
        spread = load(sd, i)
        z = (threshold - sign * load(mean, i)) / pick(spread, splat(1e-300), spread, splat(1e-300))
        total += load(weight, i) * normal_above(z)
    lanes = np.empty(WIDTH)
    store(lanes, 0, total)
    return summed(lanes)


@compiled
def below_and_density(at, weight, mean, sd, kept, lanes):
    """P(X <= at) and the density there."""
    total, density = splat(0.0), splat(0.0)
    for i in range(0, kept, WIDTH):
        spread = load(sd, i)
        spread = pick(spread, splat(1e-300), spread, splat(1e-300))
        z = (at - load(mean, i)) / spread
        total += load(weight, i) * normal_above(splat(0.0) - z)
        density += load(weight, i) * exponential(-0.5 * z * z) / spread
    store(lanes, 0, total)
    below = summed(lanes)
    store(lanes, 0, density)
    return below, summed(lanes) / math.sqrt(2 * math.pi)


@compiled
def quantile(level, start, spread, weight, mean, sd, kept):
    """A quantile of a scalar mixture to 1e-10 of its sd, by Newton steps kept inside a bracket."""
    low, high = start, start
    for i in range(kept):
        low, high = min(low, mean[i] - 9 * sd[i]), max(high, mean[i] + 9 * sd[i])
    lanes = np.empty(WIDTH)
    at = start
    for _ in range(_QUANTILE_STEPS):
        below, density = below_and_density(at, weight, mean, sd, kept, lanes)
        excess = below - level
        if excess < 0:
            low = at
        else:
            high = at
        step = excess / max(density, 1e-300)
        newton = at - step
        at = newton if low <= newton <= high else 0.5 * (low + high)
        if abs(step) < _QUANTILE_SETTLED * spread:
            break
    return at
