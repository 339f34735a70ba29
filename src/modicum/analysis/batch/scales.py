"""The scale sigma at eight cells: its conditional mode and the nodes around it, as in :mod:`modicum.analysis.scale`."""

# The types of compiled functions are the compiler's:
# pyright: basic
# ruff: noqa: PLR0917 - compiled functions call each other by position

import math

from modicum.analysis.batch.tridiagonal import derivatives, pivots
from modicum.analysis.compiled.compilation import compiled
from modicum.analysis.compiled.elementary import exponential, logarithm
from modicum.analysis.compiled.lanes import WIDTH, pick, root, splat, store
from modicum.analysis.scale import FLOOR_SDS, NEWTON_STEPS, SETTLED, SPAN

_LOG_2PI = math.log(2 * math.pi)


@compiled
def slope_and_curve(form, at, size, quadratic, n, log_sigma, middle, log_sd):
    """First and second derivative of the log posterior of log sigma."""
    v = exponential(-2.0 * log_sigma)
    log1, log2, f, f1, f2 = derivatives(form, at, size, v)
    first = 0.5 * n / v - 0.5 * log1 - 0.5 * (quadratic - (2.0 * v * f + v * v * f1))
    second = -0.5 * n / (v * v) - 0.5 * log2 + 0.5 * (2.0 * f + 4.0 * v * f1 + v * v * f2)
    slope = -2.0 * v * first - (log_sigma - middle) / (log_sd * log_sd)
    return slope, 4.0 * v * first + 4.0 * v * v * second - 1.0 / (log_sd * log_sd)


@compiled
def clip(x, low, high):
    """Each lane kept between two numbers."""
    x = pick(splat(low), x, splat(low), x)
    return pick(x, splat(high), splat(high), x)


@compiled
def scale_mode(form, at, size, quadratic, n, middle, log_sd, step):
    """Mode and curvature sd of log sigma given each cell: Newton steps from the residual sd, kept inside a bracket."""
    low, high = middle - FLOOR_SDS * log_sd, middle + FLOOR_SDS * log_sd
    loose = math.exp(-2 * middle)
    _, squares = pivots(form, at, size, splat(loose))
    residual = quadratic - loose * squares
    least = 1e-12 * quadratic + 1e-300
    residual = pick(residual, least, residual, least) / max(n, 1.0)
    here = clip(0.5 * logarithm(residual), low, high)
    left, right = splat(low), splat(high)
    moving = splat(1.0)
    for _ in range(NEWTON_STEPS):
        slope, curve = slope_and_curve(form, at, size, quadratic, n, here, middle, log_sd)
        left = pick(slope, splat(0.0), here, left)
        right = pick(slope, splat(0.0), right, here)
        half = 0.5 * (left + right)
        newton = here - slope / pick(splat(0.0), curve, curve, splat(-1e300))
        moved = pick(left, newton, half, pick(newton, right, half, newton))
        moved = pick(splat(0.0), curve, moved, half)
        apart = moved - here
        apart = pick(apart, splat(0.0), apart, splat(0.0) - apart)
        here = pick(moving, splat(0.5), moved, here)
        moving = pick(apart, splat(SETTLED), moving, splat(0.0))
        store(step, 0, moving)
        still = 0.0
        for i in range(WIDTH):
            still += step[i]
        if still == 0.0:
            break
    _, curve = slope_and_curve(form, at, size, quadratic, n, here, middle, log_sd)
    least = 1.0 / (log_sd * log_sd)
    curve = splat(0.0) - curve
    return here, 1.0 / root(pick(curve, splat(least), curve, splat(least)))


@compiled
def scale_window(mode, spread, middle, log_sd, count):
    """First edge and step of sigma's nodes on the log scale."""
    low, high = middle - FLOOR_SDS * log_sd, middle + FLOOR_SDS * log_sd
    begin, end = clip(mode - SPAN * spread, low, 1e300), clip(mode + SPAN * spread, -1e300, high)
    return begin, (end - begin) / (1.0 * count)


@compiled
def log_masses(form, at, size, quadratic, log_det, n, prior, window, count, cell_prior, out, out_at):
    """Log of prior density, node width and likelihood at every node of sigma, for eight cells."""
    middle, log_sd = prior
    begin, step = window
    constant = -0.5 * n * _LOG_2PI - math.log(log_sd * math.sqrt(2 * math.pi))
    fixed = constant + cell_prior + logarithm(step) - 0.5 * log_det
    for s in range(count):
        log_sigma = begin + step * (s + 0.5)
        z = (log_sigma - middle) / log_sd
        v = exponential(-2.0 * log_sigma)
        grown, squares = pivots(form, at, size, v)
        fit = 0.5 * grown + 0.5 * (quadratic * v - v * v * squares)
        store(out, out_at + s * WIDTH, fixed - 0.5 * z * z - n * log_sigma - fit)
