"""The filter: columns whitened entry by entry and paired into Gram matrices, eight noise nodes side by side.

The state can be carried on: entries that come later cost what they are, and nothing is done again. It is one flat
array with the sections of :func:`sections`; the innermost axis is always the lanes. Columns that do not depend on tau
are whitened once for all its nodes.
"""

# The types of compiled functions are the compiler's:
# pyright: basic
# ruff: noqa: PLR0917 - compiled functions call each other by position

import math

import numpy as np

from modicum.analysis.compiled.compilation import compiled
from modicum.analysis.compiled.elementary import exponential, logarithm
from modicum.analysis.compiled.lanes import WIDTH, load, root, splat, store

BLOCK = 16  # entries whitened at a time: they stay in the nearest cache while they are paired
CLOCK = 2  # the day reached, and the entries seen


@compiled
def sections(groups, n_tau, fixed, timed):
    """Where the parts of the state begin, and its length.

    Clock; exposure (tau, timed); variance and log det (group); level and Gram of the shared columns (group); level and
    Gram rows of the timed columns (group, tau). The Gram of a column holds its products with all columns up to itself.
    """
    shared = 1 + fixed
    exposure = CLOCK
    variance = exposure + n_tau * timed
    log_det = variance + groups * WIDTH
    level = log_det + groups * WIDTH
    gram = level + groups * shared * WIDTH
    timed_level = gram + groups * (shared * (shared + 1) // 2) * WIDTH
    timed_gram = timed_level + groups * n_tau * timed * WIDTH
    return (
        exposure,
        variance,
        log_det,
        level,
        gram,
        timed_level,
        timed_gram,
        timed_gram + groups * n_tau * timed_pairs(fixed, timed) * WIDTH,
    )


@compiled
def timed_pairs(fixed, timed):
    """Products of the timed columns with all columns up to themselves."""
    return timed * (1 + fixed) + timed * (timed + 1) // 2


@compiled
def begin(state, groups, n_tau, fixed, timed):
    """A state that has seen nothing: the stationary residual."""
    at = sections(groups, n_tau, fixed, timed)
    for i in range(at[7]):
        state[i] = 0.0
    for i in range(at[1], at[1] + groups * WIDTH):
        state[i] = 1.0


@compiled
def expose(state, at, tau, n_tau, timed, drive, day_index, since, first, last, out):
    """Exposures of the entries from ``first`` to ``last``, for every tau: first-order onset, exact over each day."""
    reached = int(state[0])
    for j in range(n_tau):
        z = state[at + j * timed : at + (j + 1) * timed]
        rate = 1.0 / tau[j] if tau[j] > 0 else 0.0
        keep = math.exp(-rate) if tau[j] > 0 else 0.0
        day, elapsed, left = reached, -1.0, 0.0
        for i in range(first, last):
            while day < day_index[i]:
                for k in range(timed):
                    z[k] = drive[day, k] + keep * (z[k] - drive[day, k])
                day += 1
            if since[i] != elapsed:
                elapsed = since[i]
                left = math.exp(-elapsed * rate) if tau[j] > 0 else 0.0
            for k in range(timed):
                out[(j * timed + k) * BLOCK + i - first] = drive[day, k] + left * (z[k] - drive[day, k])
    if last > first:
        state[0] = float(day_index[last - 1])


@compiled
def set_gains(state, variance_at, log_det_at, ell, omega, time, first, last, out):
    """Decay, gain and 1/sd of the innovation for each entry of a block; the variance and log det are carried on."""
    variance, log_det = load(state, variance_at), load(state, log_det_at)
    rate = 1.0 / load(ell, 0)
    white = load(omega, 0)
    signal = 1.0 - white
    previous = time[max(first - 1, 0)]
    gap, decay = -1.0, splat(1.0)
    for i in range(first, last):
        if time[i] - previous != gap:
            gap = time[i] - previous
            decay = exponential(splat(0.0) - gap * rate)
        previous = time[i]
        variance = decay * decay * variance + (1.0 - decay * decay)
        spread = signal * variance + white
        log_det = log_det + logarithm(spread)
        per_spread = 1.0 / spread
        to = 3 * WIDTH * (i - first)
        store(out, to, decay)
        store(out, to + WIDTH, variance * signal * per_spread)
        store(out, to + 2 * WIDTH, root(per_spread))
        variance = variance * white * per_spread
    store(state, variance_at, variance)
    store(state, log_det_at, log_det)


@compiled
def whiten(state, at, column, first, count, gains, out, out_at):
    """Whiten a stretch of one column; its predicted level is carried on."""
    level = load(state, at)
    for b in range(count):
        level = level * load(gains, 3 * WIDTH * b)
        innovation = column[first + b] - level
        store(out, out_at + WIDTH * b, innovation * load(gains, 3 * WIDTH * b + 2 * WIDTH))
        level = level + load(gains, 3 * WIDTH * b + WIDTH) * innovation
    store(state, at, level)


@compiled
def silent(numbers, first, count):
    """Whether all of these are zero, as exposure is before a dose was first taken."""
    most = 0.0
    for i in range(first, first + count):
        most = max(most, abs(numbers[i]))
    return most == 0.0


@compiled
def clear(white, at):
    """A whitened column of nothing."""
    for b in range(0, BLOCK * WIDTH, WIDTH):
        store(white, at + b, splat(0.0))


@compiled
def pair(state, at, white, own, partners, count):
    """Add the products of one whitened column with the first ``partners`` columns, four at a time."""
    size = BLOCK * WIDTH
    mine = own * size
    c = 0
    while c + 4 <= partners:
        to, one = at + c * WIDTH, c * size
        two, three, four = one + size, one + 2 * size, one + 3 * size
        s1, s2 = load(state, to), load(state, to + WIDTH)
        s3, s4 = load(state, to + 2 * WIDTH), load(state, to + 3 * WIDTH)
        for b in range(0, count * WIDTH, WIDTH):
            x = load(white, mine + b)
            s1 += x * load(white, one + b)
            s2 += x * load(white, two + b)
            s3 += x * load(white, three + b)
            s4 += x * load(white, four + b)
        store(state, to, s1)
        store(state, to + WIDTH, s2)
        store(state, to + 2 * WIDTH, s3)
        store(state, to + 3 * WIDTH, s4)
        c += 4
    while c < partners:
        s1 = load(state, at + c * WIDTH)
        for b in range(0, count * WIDTH, WIDTH):
            s1 += load(white, mine + b) * load(white, c * size + b)
        store(state, at + c * WIDTH, s1)
        c += 1


@compiled
def extend(state, trial, grid, shape, scratch):
    """Carry the state on over the entries of a trial that it has not seen.

    Args:
        state: see :func:`sections`.
        trial: times, shared columns (the score first), exposure drive by day, day of each entry, time since its start.
        grid: nodes of tau, and of ell and omega by lane, padded to whole groups.
        shape: how many nodes of each, and groups of lanes.
        scratch: exposures, gains and whitened columns of a block.
    """
    time, columns, drive, day_index, since = trial
    n_tau, _, _, groups = shape
    tau, ell, omega = grid[0][0, 1], grid[1][0], grid[1][1]
    shared, timed = columns.shape[0], drive.shape[1]
    at = sections(groups, n_tau, shared - 1, timed)
    rows, pairs = shared * (shared + 1) // 2, timed_pairs(shared - 1, timed)
    exposed, gains, white = scratch
    for first in range(int(state[1]), len(time), BLOCK):
        last = min(first + BLOCK, len(time))
        count = last - first
        expose(state, at[0], tau, n_tau, timed, drive, day_index, since, first, last, exposed)
        for g in range(groups):
            to = g * WIDTH
            set_gains(state, at[1] + to, at[2] + to, ell[to:], omega[to:], time, first, last, gains)
            row = at[4] + g * rows * WIDTH
            for c in range(shared):
                level = at[3] + (g * shared + c) * WIDTH
                whiten(state, level, columns[c], first, count, gains, white, c * BLOCK * WIDTH)
                pair(state, row, white, c, c + 1, count)
                row += (c + 1) * WIDTH
            for j in range(n_tau):
                row = at[6] + (g * n_tau + j) * pairs * WIDTH
                for k in range(timed):
                    own, level = shared + k, at[5] + ((g * n_tau + j) * timed + k) * WIDTH
                    if silent(exposed, (j * timed + k) * BLOCK, count) and silent(state, level, WIDTH):
                        clear(white, own * BLOCK * WIDTH)
                    else:
                        whiten(state, level, exposed, (j * timed + k) * BLOCK, count, gains, white, own * BLOCK * WIDTH)
                        pair(state, row, white, own, own + 1, count)
                    row += (own + 1) * WIDTH
    state[1] = len(time)


@compiled
def block_scratch(n_tau, shared, timed):
    """Room for one block: exposures, gains, whitened columns."""
    return (
        np.empty(max(n_tau * timed, 1) * BLOCK),
        np.empty(3 * WIDTH * BLOCK),
        np.empty((shared + timed) * BLOCK * WIDTH),
    )
