"""The kernel: the same courses for a hundred thousand people, compiled when first called and kept by Numba.

One file, because Numba looks at the file of a function only when it asks whether kept code is still good.
"""

# The types of compiled functions are the compiler's:
# pyright: basic

from collections.abc import Callable
from inspect import unwrap
from typing import Any, TypeVar, cast

import numba
import numpy as np

Arrays = tuple[np.ndarray, ...]
_Function = TypeVar("_Function", bound=Callable[..., Any])
_MODE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}
_NEAR = 3e-3  # largest move of the peak, times the fastest rate, for which its Taylor series is used: error 1e-11
_NEWTON = 60  # at most so many steps from the dose to the peak; ten are usual


def _compiled(function: _Function) -> _Function:
    try:
        return cast(_Function, numba.njit(cache=True, **_MODE)(unwrap(function)))
    except RuntimeError:  # no folder can be written to: compiled anew in every process
        return cast(_Function, numba.njit(**_MODE)(unwrap(function)))


@_compiled
def _peak_time(weight: np.ndarray, rate: np.ndarray) -> float:
    """Where a course that rises at 0 turns: Newton's steps on its slope, from the left, so that none overshoots."""
    time = 0.0
    for _ in range(_NEWTON):
        slope, bend = 0.0, 0.0
        for i in range(rate.size):
            part = weight[i] * rate[i] * np.exp(-rate[i] * time)
            slope -= part
            bend += rate[i] * part
        if not bend < 0.0 or slope <= 0.0:
            break
        step = -slope / bend
        time += step
        if step < 1e-9 * time:
            break
    return time


@_compiled
def _turn_to(time: float, rate: np.ndarray, series: np.ndarray) -> None:
    """Factors of the Taylor series of every term around a time: rows of the value and of three derivatives."""
    for i in range(rate.size):
        factor = np.exp(-rate[i] * time)
        for k in range(4):
            series[k, i] = factor
            factor *= -rate[i]


@_compiled
def fill_days(course: Arrays, dose_mg: np.ndarray, out: Arrays) -> None:
    """Highest and last concentration and area of every dosing day, for a block of people.

    Args:
        course: weight and rate, (person, term), of the course after 1 mg.
        dose_mg: (day), the dose at the beginning of each.
        out: highest concentration, concentration just before the next dose, and area, (person, day); filled in.
    """
    (weight, rate), (cmax, cmin, area) = course, out
    people, terms = weight.shape
    state, left, kept, share = np.empty(terms), np.empty(terms), np.empty(terms), np.empty(terms)
    series = np.empty((4, terms))
    for p in range(people):
        r = rate[p]
        nearby, known = _NEAR / r.max(), False
        for i in range(terms):
            left[i], kept[i] = 0.0, np.exp(-24.0 * r[i])
            share[i] = (1.0 - kept[i]) / r[i]
        _turn_to(0.0, r, series)
        for day in range(dose_mg.size):
            low, total, start, first, c0, c1, c2, c3 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for i in range(terms):
                value = left[i] + weight[p, i] * dose_mg[day]
                state[i] = value
                left[i] = value * kept[i]
                low += left[i]
                first += value
                start -= value * r[i]
                total += value * share[i]
                c0 += value * series[0, i]
                c1 += value * series[1, i]
                c2 += value * series[2, i]
                c3 += value * series[3, i]
            highest = first
            if start > 0.0:
                move = -c1 / c2
                if known and c2 < 0.0 and abs(move) < nearby:
                    move *= 1.0 - 0.5 * c3 * move / c2
                    highest = c0 + move * (c1 + move * (0.5 * c2 + move * c3 / 6.0))
                else:
                    time, highest = _peak_time(state, r), 0.0
                    known = True
                    _turn_to(time, r, series)
                    for i in range(terms):
                        highest += state[i] * series[0, i]
            cmax[p, day], cmin[p, day], area[p, day] = highest, low, total


@_compiled
def fill_hours(course: Arrays, dose_mg: np.ndarray, person: Arrays, steps: int, out: Arrays) -> None:
    """Occupancy and endorphin tone at every full hour, for a block of people.

    Args:
        course: weight and rate, (person, term), of the concentration at the receptor after 1 mg, in units of the EC50.
        dose_mg: (day), the dose at the beginning of each.
        person: gain and turnover (1/h) of the tone, (person): see :func:`modicum.pharmacology.rebound.tone_of`.
        steps: of the Runge-Kutta rule, an hour.
        out: occupancy and tone, (person, hour), as many hours as days times 24; filled in.
    """
    (weight, rate), (gain, turnover), (occupancy, tone) = course, person, out
    people, terms = weight.shape
    state, half = np.empty(terms), np.empty(terms)
    step = 1.0 / steps
    for p in range(people):
        making, now, occupied = turnover[p] * (1.0 + gain[p]), 1.0, 0.0
        for i in range(terms):
            state[i], half[i] = 0.0, np.exp(-0.5 * step * rate[p, i])
        for hour in range(24 * dose_mg.size):
            if hour % 24 == 0:
                for i in range(terms):
                    state[i] += weight[p, i] * dose_mg[hour // 24]
            occupancy[p, hour], tone[p, hour] = occupied, now
            for _ in range(steps):
                middle, after = 0.0, 0.0
                for i in range(terms):
                    passed = state[i] * half[i]
                    state[i] = passed * half[i]
                    middle += passed
                    after += state[i]
                fall0 = turnover[p] * (1.0 + gain[p] * (1.0 - occupied))
                fall1 = turnover[p] * (1.0 + gain[p] / (1.0 + max(middle, 0.0)))
                occupied = max(after, 0.0) / (1.0 + max(after, 0.0))
                fall2 = turnover[p] * (1.0 + gain[p] * (1.0 - occupied))
                k1 = making - fall0 * now
                k2 = making - fall1 * (now + 0.5 * step * k1)
                k3 = making - fall1 * (now + 0.5 * step * k2)
                k4 = making - fall2 * (now + step * k3)
                now += step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
