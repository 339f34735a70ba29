"""Closed forms against SciPy's solver of differential equations at rtol 1e-8, on equations written another way."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from modicum.pharmacology import SCENARIOS, body_of, course_of, draw_people, naltrexone_of, site_of, typical
from modicum.pharmacology.population import hourly_tone

FILE = Path(__file__).parents[3] / "benchmarks" / "pharmacology.py"
EXACT = {"rtol": 1e-8, "atol": 1e-12, "method": "DOP853"}


@pytest.fixture(scope="module")
def solver():
    spec = importlib.util.spec_from_file_location("pharmacology_benchmark", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["pharmacology_benchmark"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "doses", [np.full(20, 4.5), np.array([0.5, 0.5, 1.5, 0.0, 3.0, 4.5, 0.0, 0.0, 50.0])], ids=["nightly", "changing"]
)
def test_highest_last_and_area_of_every_day_agree_to_a_millionth(solver, doses):
    people = solver.people(8)
    solutions = [solver.solved(people, person, doses) for person in range(8)]
    assert solver.farthest_apart(people, doses, solutions) < 1e-6


def test_a_wrong_clearance_would_be_noticed(solver):
    people, doses = solver.people(2), np.full(3, 4.5)
    solutions = [1.0001 * solver.solved(people, person, doses) for person in range(2)]
    assert solver.farthest_apart(people, doses, solutions) > 1e-6


def test_6beta_naltrexol_agrees_to_a_millionth():
    values = typical()
    one = {name: float(value[0]) for name, value in values.items()}
    time_h = np.array([0.5, 1.5, 6.0, 24.0, 72.0])
    ka, fast, slow = one["absorption_per_h"], np.log(2) / one["fast_half_life_h"], np.log(2) / one["half_life_h"]
    removal = np.log(2) / one["metabolite_half_life_h"]

    def rates(_t, y):  # shares of a dose: in the gut, in each phase of the blood, as 6beta-naltrexol
        gut, quick, lasting, made = y
        taken = ka * gut
        escaped, changed = one["bioavailability"], one["first_pass_share"]
        return (
            -taken,
            taken * escaped * (1 - one["slow_share"]) - fast * quick,
            taken * escaped * one["slow_share"] - slow * lasting,
            taken * changed + fast * quick + slow * lasting - removal * made,
        )

    run = solve_ivp(rates, (0, 72), (1.0, 0, 0, 0), t_eval=time_h, **EXACT)
    per_mg = one["salt_factor"] * one["metabolite_weight_ratio"] / one["metabolite_volume_l"] * 1000
    np.testing.assert_allclose(body_of(values).metabolite.at(time_h)[0], run.y[3] * per_mg, rtol=1e-6)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: each.name)
def test_occupancy_and_tone_agree_to_a_millionth(scenario):
    """Three nights of four people, hour by hour: the compiled form, the readable one for the last day, and a solver."""
    people, nights = draw_people(4, np.random.default_rng(1)), 3
    site = site_of(typical(), scenario)
    found = hourly_tone(people, np.full(nights, 4.5), site)
    course, pull = naltrexone_of(people), np.log(2) / site.half_life_h
    for person in range(4):
        gain, turnover = people["tone_gain"][person], np.log(2) / people["tone_half_life_h"][person]

        def rates(t, y, person=person, gain=gain, turnover=turnover):
            plasma = 4.5 * course.nightly(np.array([t]), nights)[person, 0]
            free = site.ec50_ng_per_ml / (site.ec50_ng_per_ml + y[0])
            return (pull * (plasma - y[0]), turnover * (1 + gain * (1 - y[1] * free) - y[1]))

        state, solved = (0.0, 1.0), []
        for night in range(nights):
            hours = np.arange(24 * night, 24 * night + 25)
            run = solve_ivp(rates, (hours[0], hours[-1]), state, t_eval=hours, max_step=1.0, **EXACT)
            solved.append(run.y[:, :-1])
            state = run.y[:, -1]
        at_site, tone = np.concatenate(solved, 1)
        np.testing.assert_allclose(found.occupancy[person], site.occupancy(at_site), atol=1e-6)
        np.testing.assert_allclose(found.tone[person], tone, atol=1e-6)


def test_the_compiled_form_and_the_readable_one_are_the_same():
    values, scenario = typical(), SCENARIOS["hours"]
    course = course_of(values, 4.5, 3, scenario)
    found = hourly_tone(values, np.full(3, 4.5), site_of(values, scenario))
    np.testing.assert_allclose(course.occupancy[:-1:60], found.occupancy[0, 48:], atol=1e-12)
    np.testing.assert_allclose(course.tone[:-1:8], found.tone[0, 48:], atol=1e-12)
    np.testing.assert_allclose(course.felt[:-1:8], found.felt[0, 48:], atol=1e-12)
