"""Receptors: occupancy of the mu receptors, anchored on PET, under two stories of how long it lasts."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from modicum.pharmacology.body import LOG2, naltrexone_of
from modicum.pharmacology.parameters import Scenario, Values
from modicum.pharmacology.peaks import first_below, peak_of
from modicum.pharmacology.terms import Terms

_SHORTEST_H, _LONGEST_H = 0.02, 5000.0  # half-lives at the receptor among which the right one is sought


@dataclass(frozen=True)
class Site:
    """The place where naltrexone acts.

    The concentration there follows that in plasma through one first-order step; PET found no direct relation between
    plasma and occupancy either (Rabiner 2011). Occupancy is Emax in it: ``c / (c + ec50)``. 6beta-naltrexol is left
    out: in monkeys it was a hundred times weaker (Ko 2006), and the anchor is a dose, which holds whatever it adds.

    Args:
        scenario: the story.
        half_life_h: of the first-order step.
        ec50_ng_per_ml: concentration there that occupies half: its peak after the ED50 in a typical person.
    """

    scenario: Scenario
    half_life_h: float
    ec50_ng_per_ml: float

    def course(self, naltrexone: Terms) -> Terms:
        """The concentration at the receptor after 1 mg, ng/mL."""
        return naltrexone.through(np.full(len(naltrexone.rate), LOG2 / self.half_life_h))

    def occupancy(self, at_site: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Share of receptors occupied, 0 to 1, at such concentrations there."""
        return at_site / (at_site + self.ec50_ng_per_ml)


def site_of(values: Values, scenario: Scenario) -> Site:
    """The receptors of a typical person under one scenario.

    The half-life there is the one with which the occupancy after the scenario's dose falls to half of its peak at the
    scenario's time; it is found by bisection, since the longer it is the later that happens.

    Args:
        values: of one typical person.
        scenario: how long a dose blocks.

    Source: Sheiner 1979, Clin Pharmacol Ther 25:358-371, for the first-order step; the anchor is Rabiner 2011.
    """
    return _found(tuple((name, float(value[0])) for name, value in sorted(values.items())), scenario)


@lru_cache(maxsize=64)
def _found(values: tuple[tuple[str, float], ...], scenario: Scenario) -> Site:
    typical = {name: np.array([value]) for name, value in values}
    naltrexone, ed50_mg = naltrexone_of(typical), float(typical["ed50_mg"][0])
    low, high = _SHORTEST_H, _LONGEST_H
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        if _half_time_h(naltrexone, middle, scenario.dose_mg / ed50_mg) < scenario.half_time_h:
            low = middle
        else:
            high = middle
    half_life_h = float(np.sqrt(low * high))
    site = Site(scenario, half_life_h, 1.0)
    return Site(scenario, half_life_h, ed50_mg * peak_of(site.course(naltrexone))[1])


def _half_time_h(naltrexone: Terms, half_life_h: float, in_ed50: float) -> float:
    """Hours from a dose of so many ED50 until its occupancy is half of its peak.

    With x the peak in units of the EC50, half of x / (1 + x) is reached at x / (2 + x).
    """
    course = naltrexone.through(np.array([LOG2 / half_life_h]))
    time_h, height = peak_of(course)
    return first_below(course, height / (2 + in_ed50), time_h, time_h + 24.0 * 365 * 5)


def reachable(values: Values, scenario: Scenario) -> bool:
    """Whether any half-life at the receptor gives the scenario: none does where plasma itself clears more slowly."""
    half_life_h = site_of(values, scenario).half_life_h
    return 1.01 * _SHORTEST_H < half_life_h < 0.99 * _LONGEST_H
