"""Populations: daily extremes, occupancy and tone of many people at once, on every core."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from modicum.pharmacology.body import LOG2, naltrexone_of
from modicum.pharmacology.kernel import fill_days, fill_hours
from modicum.pharmacology.parameters import Values
from modicum.pharmacology.rebound import STEPS_PER_HOUR
from modicum.pharmacology.receptors import Site

_BLOCK = 2048  # people that a thread takes at a time


@dataclass(frozen=True)
class Days:
    """Naltrexone in plasma, one row a person and one column a dosing day.

    Args:
        cmax_ng_per_ml: highest concentration from one dose to the next.
        cmin_ng_per_ml: concentration just before the next dose.
        auc_ng_h_per_ml: area under the curve from one dose to the next.
    """

    cmax_ng_per_ml: Float[np.ndarray, "person day"]
    cmin_ng_per_ml: Float[np.ndarray, "person day"]
    auc_ng_h_per_ml: Float[np.ndarray, "person day"]


@dataclass(frozen=True)
class Hours:
    """Receptors and endorphins, one row a person and one column an hour; the tone is a hypothesis.

    Args:
        occupancy: share of mu receptors occupied, 0 to 1.
        tone: endorphin tone, 1 without drug.
    """

    occupancy: Float[np.ndarray, "person hour"]
    tone: Float[np.ndarray, "person hour"]

    @property
    def felt(self) -> Float[np.ndarray, "person hour"]:
        """Tone that is not blocked, 1 without drug."""
        return self.tone * (1 - self.occupancy)


def daily_extremes(values: Values, dose_mg: Float[np.ndarray, " day"], threads: int | None = None) -> Days:
    """Concentrations of naltrexone while one dose is taken at the beginning of every day; doses may differ, or be 0.

    Nothing is solved numerically: doses superpose, and the peak of a day is found by Newton's method.

    Args:
        values: parameters by name, one number for each person.
        dose_mg: of each day, mg of the hydrochloride.
        threads: how many; None for one a core. The answer does not depend on it.
    """
    people, dose = len(values["clearance_l_per_h"]), np.ascontiguousarray(dose_mg, float)
    out = tuple(np.empty((people, len(dose))) for _ in range(3))

    def fill(part: slice) -> None:
        course = naltrexone_of(_some(values, part))
        fill_days((course.weight, course.rate), dose, (out[0][part], out[1][part], out[2][part]))

    _in_blocks(fill, people, threads)
    return Days(*out)


def hourly_tone(values: Values, dose_mg: Float[np.ndarray, " day"], site: Site, threads: int | None = None) -> Hours:
    """Occupancy and endorphin tone at every full hour while one dose is taken at the beginning of every day.

    Args:
        values: parameters by name, one number for each person.
        dose_mg: of each day, mg of the hydrochloride.
        site: the receptors, of a typical person.
        threads: how many; None for one a core. The answer does not depend on it.
    """
    people, dose = len(values["clearance_l_per_h"]), np.ascontiguousarray(dose_mg, float)
    occupancy, tone = (np.empty((people, 24 * len(dose))) for _ in range(2))

    def fill(part: slice) -> None:
        some = _some(values, part)
        course = site.course(naltrexone_of(some))
        in_ec50 = course.weight / site.ec50_ng_per_ml
        person = (some["tone_gain"], LOG2 / some["tone_half_life_h"])
        fill_hours((in_ec50, course.rate), dose, person, STEPS_PER_HOUR, (occupancy[part], tone[part]))

    _in_blocks(fill, people, threads, block=64)
    return Hours(occupancy, tone)


def _in_blocks(fill: Callable[[slice], None], people: int, threads: int | None, block: int = _BLOCK) -> None:
    """Fill blocks of people, on several threads; the first alone, so that it is compiled once."""
    parts = [slice(start, min(start + block, people)) for start in range(0, people, block)]
    for part in parts[:1]:
        fill(part)
    with ThreadPoolExecutor(threads or _cores()) as pool:
        for _ in pool.map(fill, parts[1:]):
            pass


def _some(values: Values, part: slice) -> Mapping[str, Float[np.ndarray, " some"]]:
    """The parameters of a block of people."""
    return {name: value[part] for name, value in values.items()}


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
