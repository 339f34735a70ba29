"""Nodes of tau, ell and omega inside the kernel: the axes of :mod:`modicum.analysis.axes`, as rows of numbers.

A row is kind (0 one known value, 1 log-normal, 2 Beta with omega = u^2), low, high, first and second.
"""

# The types of compiled functions are the compiler's:
# pyright: basic

import math

import numpy as np

from modicum.analysis.axes import NO_MASS
from modicum.analysis.compiled.compilation import compiled

POINT, LOG, ROOT = 0.0, 1.0, 2.0
EDGE_ENDS = 1e-9  # an end of omega's window this near to 0 or 1 is the end of what omega can be


@compiled
def node_count(axis, count):
    """One node for a known value, else as many as asked for."""
    return 1 if axis[0] == POINT else count


@compiled
def place_nodes(axis, count, rule, out):
    """Fill coordinates, values, logs of prior density times node width, and logs of that width on the root axis.

    ``rule`` holds Gauss-Legendre nodes and weights on [-1, 1].
    """
    at, value, log_weight, log_width = out[0], out[1], out[2], out[3]
    kind, low, high, first, second = axis[0], axis[1], axis[2], axis[3], axis[4]
    if kind == POINT:
        at[0], value[0], log_weight[0], log_width[0] = low, low, 0.0, 0.0
    elif kind == LOG:
        step = (high - low) / count
        constant = math.log(step) - math.log(second * math.sqrt(2 * math.pi))
        for i in range(count):
            at[i] = low + step * (i + 0.5)
            z = (at[i] - math.log(first)) / second
            value[i] = math.exp(at[i])
            log_weight[i] = constant - 0.5 * z * z
            log_width[i] = 0.0
    else:
        half = (high - low) / 2
        constant = math.lgamma(first + second) - math.lgamma(first) - math.lgamma(second)
        for i in range(count):
            u = low + half * (rule[0, i] + 1)
            at[i], value[i] = u, u * u
            density = (first - 1) * math.log(u * u) + (second - 1) * math.log1p(-u * u) + math.log(2 * u)
            log_width[i] = math.log(half * rule[1, i])
            log_weight[i] = constant + density + log_width[i]


@compiled
def narrow(axis, count, placed, mass, drop):
    """Close the window in to where the density has fallen by ``drop`` from its peak; returns the share that is kept.

    ``mass`` becomes the log density. See :meth:`modicum.analysis.axes.Axis.narrowed`.
    """
    if axis[0] == POINT:
        return 1.0
    at, log_width = placed[0], placed[3]
    peak = 0
    for i in range(count):
        mass[i] = math.log(max(mass[i], NO_MASS)) - log_width[i]
        if mass[i] > mass[peak]:
            peak = i
    level = mass[peak] - drop
    first, last = 0, count - 1
    while mass[first] < level:
        first += 1
    while mass[last] < level:
        last -= 1
    low, high = axis[1], axis[2]
    if first > 0:
        fallen = 1.0 if first == peak else (mass[first] - level) / (mass[first] - mass[first - 1])
        low = at[first] - (at[first] - at[first - 1]) * math.sqrt(fallen)
    if last < count - 1:
        fallen = 1.0 if last == peak else (mass[last] - level) / (mass[last] - mass[last + 1])
        high = at[last] + (at[last + 1] - at[last]) * math.sqrt(fallen)
    share = (high - low) / (axis[2] - axis[1])
    axis[1], axis[2] = low, high
    return share


@compiled
def cuts_off(axis, count, mass, most):
    """Whether more than this share of the mass stands at an end beyond which there could be more."""
    if axis[0] == POINT:
        return False
    total = 0.0
    for i in range(count):
        total += mass[i]
    lower = mass[0] > most * total and not (axis[0] == ROOT and axis[1] <= EDGE_ENDS)
    return lower or (mass[count - 1] > most * total and not (axis[0] == ROOT and axis[2] >= 1 - EDGE_ENDS))


def axis_row(kind: str, low: float, high: float, first: float, second: float) -> np.ndarray:
    """An axis of :mod:`modicum.analysis.axes` as a row."""
    return np.array([{"point": POINT, "log": LOG, "root": ROOT}[kind], low, high, first, second])
