"""People: parameters that differ between persons, drawn around a typical one."""

from collections.abc import Mapping

import numpy as np

from modicum.pharmacology.parameters import PARAMETERS, Values, typical


def draw_people(number: int, rng: np.random.Generator, changed: Mapping[str, float] | None = None) -> Values:
    """Parameters of so many people: log-normal around the typical value, with the coefficients of variation listed.

    Values beyond the range of their parameter are set to its end, so that the slow phase stays the slow one. Those
    coefficients come from four people (Verebey 1976); take them as an order of magnitude.

    Args:
        number: of people.
        rng: the random stream; nothing else is random.
        changed: other typical values by name.

    Returns:
        By name an array of one number for each person.
    """
    centre = typical(changed)
    drawn = {}
    for name, parameter in PARAMETERS.items():
        log_sd = np.sqrt(np.log1p(parameter.cv**2))
        spread = np.exp(log_sd * rng.standard_normal(number)) if parameter.cv else np.ones(number)
        drawn[name] = np.clip(centre[name] * spread, parameter.low, parameter.high)
    return drawn
