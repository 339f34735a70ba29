"""The kernel: one trial after the other from packed arrays to what is reported, both hypotheses."""

# The types of compiled functions are the compiler's:
# pyright: basic
# ruff: noqa: PLR0917 - compiled functions call each other by position

import math
from typing import NamedTuple

import numpy as np

from modicum.analysis.batch.cells import (
    cell_room,
    close_in,
    grid_room,
    place_grid,
    serves,
    state_length,
    weigh_cells,
)
from modicum.analysis.batch.filtering import begin, block_scratch, extend
from modicum.analysis.batch.mixing import combine, keep_nodes, p_above, quantile, total_mass, weigh_moments
from modicum.analysis.compiled.compilation import compiled, entry
from modicum.analysis.compiled.lanes import WIDTH

Q_START = 1.959963984540054  # where the search for the 2.5 and 97.5 % quantiles starts, in sds


class Packed(NamedTuple):
    """Many trials in flat arrays; trial i's parts begin where the ``_at`` arrays say (axis: trial + 1).

    Args:
        entry_at, day_at, column_at, drive_at, loading_at: where each trial's parts begin.
        time, since, day_index: of each score: time, time since its dosing day began, position of that day.
        columns: score less its prior mean, then the fixed columns times their prior sds; one column after the other.
        drive: what the timed columns are driven by, day by day, in units of the prior's Cholesky factor.
        loadings: rows that turn standard normal coefficients into the reported ones.
        numbers: fixed columns, timed columns, doses, reported combinations, whether expectation is reported (trial, 5).
        axes: rows of :mod:`modicum.analysis.batch.nodes` under H1 and H0 (trial, 2, 3, 5).
        prior: log of sigma's median, sd of its log, prior mean of a shared expectation in sds (trial, 3).
        asked: MCID, sign of a benefit, prior odds of H0 (trial, 3).
        centre: prior means of the reported combinations (trial, reported).
    """

    entry_at: np.ndarray
    day_at: np.ndarray
    column_at: np.ndarray
    drive_at: np.ndarray
    loading_at: np.ndarray
    time: np.ndarray
    since: np.ndarray
    day_index: np.ndarray
    columns: np.ndarray
    drive: np.ndarray
    loadings: np.ndarray
    numbers: np.ndarray
    axes: np.ndarray
    prior: np.ndarray
    asked: np.ndarray
    centre: np.ndarray


class Plan(NamedTuple):
    """How the integrals are done.

    Args:
        counts: nodes of tau, ell, omega and sigma: of the search, the grid, and the grid that checks it (3, 4).
        rules: Gauss-Legendre nodes and weights for omega's three counts (3, 2, node).
        limits: most zooms, share beyond which a window has settled, fall of the log density at its ends, share of the
            mean node below which one is dropped; and for windows of fewer entries the most mass at an end, and the
            least share that would be kept of them.
        wanted: whether quantiles, contrasts between doses, and the coarser grid are wanted (3).
    """

    counts: np.ndarray
    rules: np.ndarray
    limits: np.ndarray
    wanted: np.ndarray


class Found(NamedTuple):
    """What is found, one row a trial; evidence and moments on the grid, then on the coarser one that checks it."""

    log_evidence: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray
    chance: np.ndarray
    quantiles: np.ndarray
    contrast: np.ndarray
    axes: np.ndarray


class Kept(NamedTuple):
    """What is kept between reviews of a growing diary: states of the filter, and how far they have come.

    Args:
        state: of all trials, one after the other.
        state_at: where that of each trial and hypothesis begins (trial, 2); -1 where none is kept.
        seen: entries that the states hold (trial); 0 begins afresh.
        fresh: whether windows were sought anew (trial, 2).
    """

    state: np.ndarray
    state_at: np.ndarray
    seen: np.ndarray
    fresh: np.ndarray


@compiled
def trial_of(packed, i, skip):
    """Times, columns, drive, days and times since their start of one trial, without its first timed columns."""
    a, b = packed.entry_at[i], packed.entry_at[i + 1]
    fixed, timed = packed.numbers[i, 0], packed.numbers[i, 1]
    columns = packed.columns[packed.column_at[i] : packed.column_at[i + 1]].reshape((1 + fixed, b - a))
    days = packed.day_at[i + 1] - packed.day_at[i]
    drive = packed.drive[packed.drive_at[i] : packed.drive_at[i + 1]].reshape((days, timed))[:, skip:].copy()
    return packed.time[a:b], columns, drive, packed.day_index[a:b], packed.since[a:b]


@compiled
def rooms(trial, counts, n_loadings):
    """Room for the largest grid of one hypothesis."""
    most = np.array([max(counts[0, k], counts[1, k], counts[2, k]) for k in range(4)])
    fixed, timed = trial[1].shape[0] - 1, trial[2].shape[1]
    cells = cell_room(most, fixed + timed, n_loadings, state_length(most, fixed, timed))
    return grid_room(most), cells, block_scratch(most[0], 1 + fixed, timed)


@compiled
def fill_state(trial, seen, axes, prior, plan, which, loadings, room, search):
    """Weigh the grid with a state carried on from ``seen`` entries where its windows serve, else with a new one.

    Returns:
        Shape, largest log mass, and whether windows were sought (``search``) or the state begun anew.
    """
    grid, cells, scratch = room
    counts, fixed, timed = plan.counts[which], trial[1].shape[0] - 1, trial[2].shape[1]
    limits = plan.limits
    while True:
        if seen == 0 and search:
            close_in(trial, axes, prior, plan.counts[0], plan.rules[0], limits, room)
        shape = place_grid(axes, counts, plan.rules[which], grid)
        if seen == 0:
            begin(cells[0], shape[3], shape[0], fixed, timed)
        extend(cells[0], trial, grid, shape, scratch)
        top = weigh_cells(trial, prior, counts, shape, grid, loadings, cells)
        if seen == 0 or serves(axes, shape, counts[3], grid, cells, top, limits):
            return shape, top, seen == 0
        seen = 0


@compiled
def mixture(shape, top, plan, which, loadings, cells):
    """The nodes that are kept, with their numbers, and the log marginal likelihood within these windows.

    The rows of the nodes are the weight, the means and the lower half of the covariance of the loaded combinations.
    """
    counts, n = plan.counts[which], loadings.shape[0]
    most = shape[0] * shape[3] * counts[3] * WIDTH
    total = total_mass(cells[4], most, top)
    node = np.empty(most if n > 0 else 0, np.int64)
    nodes = np.empty((1 + n + n * (n + 1) // 2, most if n > 0 else 0))
    kept = 0
    if n > 0:
        least = plan.limits[3] * total / (shape[0] * shape[1] * shape[2] * counts[3])
        kept = keep_nodes(shape, counts[3], loadings, cells, top, least, node, nodes)
    return node, nodes, kept, top + math.log(total)


@compiled
def report(nodes, kept, numbers, asked, wanted, found, i):
    """Probabilities, and quantiles and contrasts where wanted, of one trial from its mixture."""
    doses, n, hope = numbers[2], numbers[3], numbers[4]
    mcid, sign = asked[0], asked[1]
    mean, sd = np.empty(nodes.shape[1]), np.empty(nodes.shape[1])
    thresholds = np.array([0.0, mcid, -mcid, 0.0, mcid])
    for k in range(doses):
        for q in range(5):
            combine(nodes, kept, n, k, doses, 1.0 if q > 2 and hope else 0.0, mean, sd)
            chance = p_above(thresholds[q], sign, nodes[0], mean, sd, kept)
            found.chance[i, k, q] = 1.0 - chance if q == 2 else chance
        for other in range(k if wanted[1] else 0):
            combine(nodes, kept, n, k, other, -1.0, mean, sd)
            found.contrast[i, k, other] = 1.0 - p_above(0.5 * mcid, sign, nodes[0], mean, sd, kept)
        if wanted[0]:
            combine(nodes, kept, n, k, k, 0.0, mean, sd)
            spread = math.sqrt(found.covariance[i, 0, k, k])
            for q in range(2):
                start = found.mean[i, 0, k] + (2 * q - 1) * Q_START * spread
                found.quantiles[i, k, q] = quantile(0.025 + 0.95 * q, start, spread, nodes[0], mean, sd, kept)


@compiled
def centre_nodes(nodes, n, centre):
    """Add the prior means that the coefficients were measured from."""
    for r in range(n):
        for i in range(nodes.shape[1]):
            nodes[1 + r, i] += centre[r]


@compiled
def home_of(kept, i, h, room):
    """The room of a hypothesis with its kept state in the place of the passing one, where there is one."""
    grid, cells, scratch = room
    at = kept.state_at[i, h]
    state = kept.state[at:] if at >= 0 else cells[0]
    return grid, (state, cells[1], cells[2], cells[3], cells[4], cells[5]), scratch


@entry
def fit_trials(packed, plan, found, kept, first, last):
    """The trials from ``first`` to ``last``, each by itself; returns the mixture under H1 of the last.

    That is: numbers of the nodes in the order (tau, ell, omega, sigma), then weights, means and covariances in rows.
    """
    node, nodes, count = np.empty(0, np.int64), np.empty((1, 0)), 0
    for i in range(first, last):
        numbers, centre = packed.numbers[i], packed.centre[i]
        prior = (packed.prior[i, 0], packed.prior[i, 1], packed.prior[i, 2])
        for h in range(1, -1, -1):
            axes, n = found.axes[i, h], (0 if h == 1 else numbers[3])
            trial = trial_of(packed, i, numbers[2] if h == 1 else 0)
            loadings = packed.loadings[packed.loading_at[i] : packed.loading_at[i + 1]].reshape(
                (numbers[3], numbers[0] + numbers[1]))[:n, (numbers[2] if h == 1 else 0):].copy()  # fmt: skip
            room = home_of(kept, i, h, rooms(trial, plan.counts, n))
            for which in range(1, 3 if plan.wanted[2] else 2):
                seen = kept.seen[i] if which == 1 else 0
                shape, top, fresh = fill_state(trial, seen, axes, prior, plan, which, loadings, room, which == 1)
                numbered, columns, held, evidence = mixture(shape, top, plan, which, loadings, room[1])
                found.log_evidence[i, which - 1, h] = evidence
                if which == 1:
                    kept.fresh[i, h] = fresh
                if h == 0:
                    centre_nodes(columns, n, centre)
                    weigh_moments(columns, held, n, found.mean[i, which - 1], found.covariance[i, which - 1])
                if h == 0 and which == 1:
                    report(columns, held, numbers, packed.asked[i], plan.wanted, found, i)
                    node, nodes, count = numbered, columns, held
    return node[:count].copy(), nodes[:, :count].copy()
