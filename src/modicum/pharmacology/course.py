"""Course: what one dose, and the same dose every night, would do in a typical person; the figures of the answer."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from modicum.pharmacology.body import Body, body_of
from modicum.pharmacology.parameters import SCENARIOS, Scenario, Values
from modicum.pharmacology.peaks import first_below, hours_above, peak_of
from modicum.pharmacology.rebound import STEPS_PER_HOUR, tone_of
from modicum.pharmacology.receptors import Site, site_of
from modicum.pharmacology.terms import Terms

MINUTES = 1440  # the last day is looked at minute by minute


@dataclass(frozen=True)
class Levels:
    """Concentrations of one substance: of one dose, and between the last dose and the next where it is taken nightly.

    Args:
        cmax_ng_per_ml, tmax_h: peak after one dose, and when.
        auc_ng_h_per_ml: area under the curve of one dose to infinity, or between two of many nightly doses.
        half_life_h: of the slowest phase.
        nightly_cmax_ng_per_ml, nightly_cmin_ng_per_ml: highest in the last 24 h, and just before a next dose.
    """

    cmax_ng_per_ml: float
    tmax_h: float
    auc_ng_h_per_ml: float
    half_life_h: float
    nightly_cmax_ng_per_ml: float
    nightly_cmin_ng_per_ml: float


@dataclass(frozen=True)
class Course:
    """The figures and the curves of one dose.

    Args:
        dose_mg: mg of the hydrochloride.
        nights: how often it is taken, at 22:00.
        scenario: how long a dose blocks.
        naltrexone, metabolite: their levels.
        occupancy_peak: highest share of mu receptors occupied after one dose, 0 to 1.
        hours_above_half: hours after one dose with more than half of the receptors occupied.
        blockade_half_time_h: hours after one dose until the occupancy is half of its peak.
        time_h: of the curves: the last 24 h, from the last dose on, h.
        plasma_ng_per_ml, occupancy: curves of naltrexone and of the share of receptors occupied.
        tone, felt: endorphin tone and what of it is felt, 1 without drug; a hypothesis.
    """

    dose_mg: float
    nights: int
    scenario: Scenario
    naltrexone: Levels
    metabolite: Levels
    occupancy_peak: float
    hours_above_half: float
    blockade_half_time_h: float
    time_h: Float[np.ndarray, " minute"]
    plasma_ng_per_ml: Float[np.ndarray, " minute"]
    occupancy: Float[np.ndarray, " minute"]
    tone: Float[np.ndarray, " step"]
    felt: Float[np.ndarray, " step"]

    @property
    def nightly_hours_above_half(self) -> float:
        """Hours of the last 24 with more than half of the receptors occupied."""
        return 24.0 * float(np.mean(self.occupancy > 0.5))


def course_of(values: Values, dose_mg: float, nights: int = 14, scenario: Scenario | None = None) -> Course:
    """What a dose would do in a typical person.

    Args:
        values: of one person.
        dose_mg: > 0, mg of the hydrochloride.
        nights: >= 1.
        scenario: how long a dose blocks; the measured one where left out.

    Example:
        >>> from modicum.pharmacology.parameters import typical
        >>> round(course_of(typical(), 5.6).occupancy_peak, 6)
        0.5
    """
    dose_mg, scenario = float(dose_mg), scenario or SCENARIOS["days"]
    body, site = body_of(values), site_of(values, scenario)
    at_site = site.course(body.naltrexone).times(np.array([dose_mg]))
    _, height = peak_of(at_site)
    minutes = np.arange(MINUTES + 1) / 60
    last = 24.0 * (nights - 1)
    steps = np.arange(2 * STEPS_PER_HOUR * 24 * nights + 1) / (2 * STEPS_PER_HOUR)
    shown = slice(-(24 * STEPS_PER_HOUR) - 1, None)
    occupied = site.occupancy(_nightly(at_site, steps, nights))
    tone = tone_of(occupied, values)[shown]
    return Course(
        dose_mg=dose_mg,
        nights=nights,
        scenario=scenario,
        **_levels(body, values, dose_mg, nights),
        occupancy_peak=float(site.occupancy(np.array([height]))[0]),
        hours_above_half=hours_above(at_site, site.ec50_ng_per_ml),
        blockade_half_time_h=_half_time_h(at_site, site),
        time_h=minutes,
        plasma_ng_per_ml=_nightly(body.naltrexone.times(np.array([dose_mg])), last + minutes, nights),
        occupancy=site.occupancy(_nightly(at_site, last + minutes, nights)),
        tone=tone,
        felt=tone * (1 - occupied[::2][shown]),
    )


def _nightly(course: Terms, time_h: Float[np.ndarray, " time"], nights: int) -> Float[np.ndarray, " time"]:
    return np.maximum(course.nightly(time_h, nights)[0], 0.0)


def _levels(body: Body, values: Values, dose_mg: float, nights: int) -> dict[str, Levels]:
    found: dict[str, Levels] = {}
    minutes = 24.0 * (nights - 1) + np.arange(MINUTES + 1) / 60
    for name, terms, half_life in (
        ("naltrexone", body.naltrexone, "half_life_h"),
        ("metabolite", body.metabolite, "metabolite_half_life_h"),
    ):
        course = terms.times(np.array([dose_mg]))
        tmax_h, cmax = peak_of(course)
        last_day = _nightly(course, minutes, nights)
        found[name] = Levels(
            cmax_ng_per_ml=cmax,
            tmax_h=tmax_h,
            auc_ng_h_per_ml=float(course.area()[0]),
            half_life_h=float(values[half_life][0]),
            nightly_cmax_ng_per_ml=max(cmax, float(last_day.max())),
            nightly_cmin_ng_per_ml=float(last_day[-1]),
        )
    return found


def _half_time_h(at_site: Terms, site: Site) -> float:
    """Hours from one dose until half of the highest occupancy is left."""
    time_h, height = peak_of(at_site)
    level = height / (2 + height / site.ec50_ng_per_ml)
    return first_below(at_site, level, time_h, time_h + 24.0 * 365 * 5)
