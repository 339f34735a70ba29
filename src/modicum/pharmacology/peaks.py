"""Peaks: where a course of one person rises to its highest, and for how long it stays above a level."""

import numpy as np

from modicum.pharmacology.terms import Terms

HORIZON_H = 24.0 * 365
_STEPS = 80  # of bisection: a year to far below a microsecond


def first_below(course: Terms, level: float, start_h: float, end_h: float) -> float:
    """The time at which a course that falls from ``start_h`` to ``end_h`` passes a level, h."""
    for _ in range(_STEPS):
        middle = 0.5 * (start_h + end_h)
        if course.at(np.array([middle]))[0, 0] > level:
            start_h = middle
        else:
            end_h = middle
    return 0.5 * (start_h + end_h)


def peak_of(course: Terms) -> tuple[float, float]:
    """Time (h) and height of the peak after one dose of one person; the course rises to it and falls behind it."""
    time_h = first_below(course.slope(), 0.0, 0.0, HORIZON_H)
    return time_h, float(course.at(np.array([time_h]))[0, 0])


def hours_above(course: Terms, level: float) -> float:
    """Hours for which the course after one dose of one person is above a level > 0."""
    time_h, height = peak_of(course)
    if height <= level:
        return 0.0
    rising = Terms(-course.weight, course.rate)
    return first_below(course, level, time_h, HORIZON_H) - first_below(rising, -level, 0.0, time_h)
