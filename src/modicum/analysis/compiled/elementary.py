"""Elementary functions of eight numbers at once, to a few units in the last place: exp, log and the normal tail."""

# The types of compiled functions are the compiler's:
# pyright: basic

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import erfcx

from modicum.analysis.compiled.compilation import compiled
from modicum.analysis.compiled.lanes import Lanes, exponent, pick, splat, two_to

_LOG2_HIGH, _LOG2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # log 2 in two parts
_ROUND = 6755399441055744.0  # 1.5 * 2^52: adding and taking it away rounds to a whole number
_LEAST = -708.0  # below, exp is no normal double any more
_TERMS = 20


def _tail_coefficients() -> np.ndarray:
    """Chebyshev series of erfcx(u) / t over t = 2 / (2 + u) in [0, 1]; the error of 20 terms is below 1e-12."""
    x = chebyshev.chebpts1(_TERMS)
    t = 0.5 * (x + 1.0)
    return chebyshev.chebfit(x, erfcx(2.0 / t - 2.0) / t, _TERMS - 1)


_TAIL = _tail_coefficients()
_EXP = tuple(1.0 / float(np.prod(np.arange(1, k + 1, dtype=float))) for k in range(12, -1, -1))
_EXP_FIRST = _EXP[0] / 13.0
_LOG = tuple(1.0 / k for k in range(21, 0, -2))


@compiled
def exponential(x: Lanes) -> Lanes:
    """Powers of e; 3e-308 for everything below -708."""
    x = pick(x, splat(_LEAST), x, splat(_LEAST))
    k = (x * 1.4426950408889634 + _ROUND) - _ROUND
    r = (x - k * _LOG2_HIGH) - k * _LOG2_LOW
    p = splat(_EXP_FIRST)
    for c in _EXP:
        p = p * r + c
    return p * two_to(k)


@compiled
def logarithm(x: Lanes) -> Lanes:
    """Natural logarithms of normal numbers > 0."""
    k = exponent(x * 1.4142135623730951)
    f = x * two_to(splat(0.0) - k)
    s = (f - 1.0) / (f + 1.0)
    square = s * s
    p = splat(1.0 / 23.0)
    for c in _LOG:
        p = p * square + c
    return k * _LOG2_HIGH + (k * _LOG2_LOW + 2.0 * s * p)


@compiled
def normal_above(z: Lanes) -> Lanes:
    """P(a standard normal exceeds z)."""
    u = pick(z, splat(0.0), z, splat(0.0) - z) * 0.7071067811865476
    t = 2.0 / (2.0 + u)
    x = 4.0 * t - 2.0
    last, before = splat(0.0), splat(0.0)
    for j in range(_TERMS - 1, 0, -1):
        last, before = x * last - before + _TAIL[j], last
    tail = (0.5 * x * last - before + _TAIL[0]) * t * exponential(splat(0.0) - u * u) * 0.5
    return pick(z, splat(0.0), tail, 1.0 - tail)
