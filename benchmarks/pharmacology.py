"""Pharmacology of many people, and the same of one by a solver of differential equations.

``benchmarks/run.py`` takes the rows of its table from here, and a test holds both to each other.
"""

import numpy as np
from scipy.integrate import solve_ivp

from modicum.pharmacology import SCENARIOS, Site, Values, draw_people, site_of, typical
from modicum.pharmacology.population import Days, Hours, daily_extremes, hourly_tone

PEOPLE, FEWER, DAYS = 100_000, 1_000, 84
NIGHTLY = np.full(DAYS, 4.5)
RTOL = 1e-8
FASTER = 1000.0  # times, in seconds of the processor a person
APART = 1e-6  # relative; more, and the solver would have been given another problem


def people(number: int) -> Values:
    """People whose absorption, clearance, volumes and half-lives differ."""
    return draw_people(number, np.random.default_rng(1))


def days(values: Values) -> Days:
    """Highest and last concentration and area of every day."""
    return daily_extremes(values, NIGHTLY)


def hours(values: Values, site: Site) -> Hours:
    """Occupancy and tone at every hour."""
    return hourly_tone(values, NIGHTLY, site)


def site() -> Site:
    """The receptors of a typical person."""
    return site_of(typical(), SCENARIOS["days"])


def solved(values: Values, person: int, dose_mg: np.ndarray, method: str = "DOP853") -> np.ndarray:
    """The same three figures of every day for one person, (3, day), from two compartments and a depot.

    Each day is one call: a dose is a jump. The peak is an event, and the area a state of its own. DOP853 was the
    fastest of SciPy's methods here, twice as fast as LSODA.
    """
    one = {name: float(value[person]) for name, value in values.items()}
    absorption, fast, slow = one["absorption_per_h"], *(np.log(2) / one[n] for n in ("fast_half_life_h", "half_life_h"))
    a, b = (1 - one["slow_share"]) * fast, one["slow_share"] * slow
    back = (a * slow + b * fast) / (a + b)
    out = fast * slow / back
    over = fast + slow - out - back
    volume_l = one["clearance_l_per_h"] / out
    reaching = one["salt_factor"] * one["bioavailability"]

    def rates(_t: float, y: np.ndarray) -> tuple[float, float, float, float]:
        depot, centre, edge, _ = y
        return (
            -absorption * depot,
            absorption * depot - (out + over) * centre + back * edge,
            over * centre - back * edge,
            centre,
        )

    def turns(t: float, y: np.ndarray) -> float:
        return rates(t, y)[1]

    turns.direction = -1
    state, found = np.zeros(4), []
    for dose in dose_mg:
        state = np.array([state[0] + dose * reaching, state[1], state[2], 0.0])
        run = solve_ivp(rates, (0, 24), state, method=method, rtol=RTOL, atol=1e-14, events=turns)
        peaks = [y[1] for y in run.y_events[0]]
        found.append((max([state[1], *peaks]), run.y[1, -1], run.y[3, -1]))
        state = run.y[:, -1]
    return np.array(found).T * 1000.0 / volume_l


def farthest_apart(values: Values, dose_mg: np.ndarray, solutions: list[np.ndarray]) -> float:
    """Largest difference from the first people's solutions, relative to the largest figure of its kind."""
    some = {name: value[: len(solutions)] for name, value in values.items()}
    ours = daily_extremes(some, dose_mg)
    both = zip((ours.cmax_ng_per_ml, ours.cmin_ng_per_ml, ours.auc_ng_h_per_ml), np.stack(solutions, 1), strict=True)
    return max(float(np.max(np.abs(found - wanted) / wanted.max(1, keepdims=True))) for found, wanted in both)
