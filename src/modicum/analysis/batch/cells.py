"""The cells of one grid: nodes placed, the trial filtered, and the log mass of every node of psi."""

# The types of compiled functions are the compiler's:
# pyright: basic
# ruff: noqa: PLR0917 - compiled functions call each other by position

import numpy as np

from modicum.analysis.batch.filtering import begin, extend, sections
from modicum.analysis.batch.nodes import cuts_off, narrow, node_count, place_nodes
from modicum.analysis.batch.scales import log_masses, scale_mode, scale_window
from modicum.analysis.batch.tridiagonal import cell_matrix, centre_last, reduce_matrix
from modicum.analysis.compiled.compilation import compiled
from modicum.analysis.compiled.elementary import exponential
from modicum.analysis.compiled.lanes import WIDTH, load, splat, store

_NOWHERE = -1e300  # log prior of a lane that only fills its group up


@compiled
def grid_room(most):
    """Room for the nodes of the largest grid: what :func:`place_nodes` fills by axis; ell, omega and weight by lane."""
    lanes = (most[1] * most[2] + WIDTH - 1) // WIDTH * WIDTH
    return np.empty((3, 4, max(most[0], most[1], most[2]))), np.empty((3, lanes))


@compiled
def cell_room(most, size, n_loadings, length):
    """Room for the cells of the largest grid: state, forms, turned loadings, sigma windows, log masses; scratch."""
    groups = (most[1] * most[2] + WIDTH - 1) // WIDTH
    cells = most[0] * groups
    return (
        np.empty(length),
        np.empty(cells * 3 * size * WIDTH),
        np.empty(cells * n_loadings * size * WIDTH),
        np.empty(cells * 2 * WIDTH),
        np.empty(cells * most[3] * WIDTH),
        np.empty((size * (size + 1) // 2 + 3 * size + 1) * WIDTH),
    )


@compiled
def place_grid(axes, counts, rule, room):
    """Place the nodes of all three axes; returns their numbers and that of the groups of lanes."""
    by_axis, by_lane = room
    n = (node_count(axes[0], counts[0]), node_count(axes[1], counts[1]), node_count(axes[2], counts[2]))
    for k in range(3):
        place_nodes(axes[k], n[k], rule, by_axis[k])
    noise = n[1] * n[2]
    groups = (noise + WIDTH - 1) // WIDTH
    for i in range(groups * WIDTH):
        node = min(i, noise - 1)
        a, b = node // n[2], node % n[2]
        by_lane[0, i], by_lane[1, i] = by_axis[1, 1, a], by_axis[2, 1, b]
        by_lane[2, i] = by_axis[1, 2, a] + by_axis[2, 2, b] if i < noise else _NOWHERE
    return n[0], n[1], n[2], groups


@compiled
def weigh_cells(trial, prior, counts, shape, grid, loadings, cells):
    """Log mass of every node, from the Gram matrices of a state; returns the largest.

    ``loadings`` (combination, coefficient) are turned along with each cell, for the moments that may be wanted later.
    """
    n_tau, _, _, groups = shape
    by_axis, by_lane = grid
    state, form, turned, window, log_mass, scratch = cells
    fixed, timed, n_loadings = trial[1].shape[0] - 1, trial[2].shape[1], loadings.shape[0]
    size = fixed + timed
    at = sections(groups, n_tau, fixed, timed)
    pairs = size * (size + 1) // 2 * WIDTH
    matrix, shift = scratch[:pairs], scratch[pairs:]
    v, w = shift[size * WIDTH :], shift[2 * size * WIDTH :]
    middle, log_sd, mean = prior
    for j in range(n_tau):
        for g in range(groups):
            cell = j * groups + g
            mine = form[cell * 3 * size * WIDTH : (cell + 1) * 3 * size * WIDTH]
            ours = turned[cell * n_loadings * size * WIDTH :]
            for i in range(n_loadings * size):
                store(ours, i * WIDTH, splat(loadings[i // size, i % size]))
            quadratic = cell_matrix(state, at, g, j, n_tau, fixed, timed, matrix, shift)
            if mean != 0.0:
                quadratic = centre_last(matrix, shift, quadratic, size, mean)
            reduce_matrix(matrix, shift, size, ours, n_loadings, v, w, mine)
            n = state[1]
            mode, spread = scale_mode(mine, 0, size, quadratic, n, middle, log_sd, w[size * WIDTH :])
            begin_at, step = scale_window(mode, spread, middle, log_sd, counts[3])
            store(window, cell * 2 * WIDTH, begin_at)
            store(window, (cell * 2 + 1) * WIDTH, step)
            log_masses(
                mine, 0, size, quadratic, load(state, at[2] + g * WIDTH), n, (middle, log_sd), (begin_at, step),
                counts[3], by_axis[0, 2, j] + load(by_lane[2], g * WIDTH), log_mass, cell * counts[3] * WIDTH,
            )  # fmt: skip
    top = _NOWHERE
    for i in range(n_tau * groups * counts[3] * WIDTH):
        top = max(top, log_mass[i])
    return top


@compiled
def axis_masses(shape, n_sigma, log_mass, top, out):
    """Posterior mass at the nodes of tau, of ell and of omega."""
    n_tau, n_ell, n_omega, groups = shape
    for k in range(3):
        for i in range(out.shape[1]):
            out[k, i] = 0.0
    lanes = np.empty(WIDTH)
    for j in range(n_tau):
        for g in range(groups):
            total = splat(0.0)
            for s in range(n_sigma):
                total += exponential(load(log_mass, ((j * groups + g) * n_sigma + s) * WIDTH) - top)
            store(lanes, 0, total)
            for i in range(min(WIDTH, n_ell * n_omega - g * WIDTH)):
                node = g * WIDTH + i
                out[0, j] += lanes[i]
                out[1, node // n_omega] += lanes[i]
                out[2, node % n_omega] += lanes[i]


@compiled
def close_in(trial, axes, prior, search, rule, limits, room):
    """Narrow the windows on a coarse grid until they settle."""
    grid, cells, scratch = room
    mass = np.empty((3, grid[0].shape[2]))
    nothing = np.empty((0, trial[1].shape[0] - 1 + trial[2].shape[1]))
    for _ in range(int(limits[0])):
        shape = place_grid(axes, search, rule, grid)
        begin(cells[0], shape[3], shape[0], trial[1].shape[0] - 1, trial[2].shape[1])
        extend(cells[0], trial, grid, shape, scratch)
        top = weigh_cells(trial, prior, search, shape, grid, nothing, cells)
        axis_masses(shape, search[3], cells[4], top, mass)
        least = 1.0
        for k in range(3):
            least = min(least, narrow(axes[k], shape[k], grid[0][k], mass[k], limits[2]))
        if least > limits[1]:
            break


@compiled
def serves(axes, shape, n_sigma, grid, cells, top, limits):
    """Whether windows found for fewer entries still serve: they cut nothing off, and are not much too wide."""
    mass, row = np.empty((3, grid[0].shape[2])), np.empty(5)
    axis_masses(shape, n_sigma, cells[4], top, mass)
    for k in range(3):
        if cuts_off(axes[k], shape[k], mass[k], limits[4]):
            return False
        for i in range(5):
            row[i] = axes[k, i]
        if narrow(row, shape[k], grid[0][k], mass[k], limits[2]) < limits[5]:
            return False
    return True


@compiled
def state_length(most, fixed, timed):
    """Length of the state of the largest grid."""
    groups = (most[1] * most[2] + WIDTH - 1) // WIDTH
    return sections(groups, most[0], fixed, timed)[7]
