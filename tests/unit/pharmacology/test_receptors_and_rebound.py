import numpy as np
import pytest

from modicum.pharmacology import SCENARIOS, course_of, naltrexone_of, site_of, typical
from modicum.pharmacology.rebound import tone_of
from modicum.pharmacology.receptors import reachable

DOSES = (0.5, 1.0, 1.5, 3.0, 4.5, 12.5, 50.0)
LEE_1988 = {48: (91, 6.4), 72: (80, 6.3), 120: (46, 7.4), 168: (30, 13.8)}  # % of the blockade at 1 h after 50 mg, sem


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("dose_mg", DOSES)
def test_one_dose_occupies_at_its_peak_what_the_ed50_of_pet_says(scenario, dose_mg):
    course = course_of(typical(), dose_mg, 1, SCENARIOS[scenario])
    assert course.occupancy_peak == pytest.approx(dose_mg / (dose_mg + 5.6), rel=1e-9)


@pytest.mark.parametrize(("dose_mg", "measured"), [(2, 27), (5, 49), (15, 61), (50, 95)])
def test_measured_occupancies_of_single_doses_are_within_13_points(dose_mg, measured):
    assert 100 * course_of(typical(), dose_mg, 1).occupancy_peak == pytest.approx(measured, abs=13)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: each.name)
def test_the_blockade_halves_when_the_scenario_says(scenario):
    course = course_of(typical(), scenario.dose_mg, 1, scenario)
    assert course.blockade_half_time_h == pytest.approx(scenario.half_time_h, rel=1e-6)


def test_the_blockade_of_50_mg_falls_as_pet_measured_it():
    site = site_of(typical(), SCENARIOS["days"])
    at = site.course(naltrexone_of(typical())).times(np.array([50.0]))
    left = 100 * site.occupancy(at.at(np.array([1.0, *LEE_1988])))[0]
    for model, (measured, sem) in zip(left[1:] / left[0] * 100, LEE_1988.values(), strict=True):
        assert model == pytest.approx(measured, abs=sem)


def test_nightly_50_mg_occupy_what_was_measured_in_people_who_take_it_daily():
    course = course_of(typical(), 50.0, 14, SCENARIOS["days"])
    assert 94.9 - 4.9 < 100 * course.occupancy.mean() < 94.9 + 4.9


def test_days_block_longer_than_hours():
    days, hours = (course_of(typical(), 50.0, 14, SCENARIOS[name]) for name in ("days", "hours"))
    assert days.hours_above_half > 72 > hours.hours_above_half > 4
    assert days.nightly_hours_above_half == pytest.approx(24)


def test_a_curve_above_half_is_counted_in_hours():
    course = course_of(typical(), 50.0, 1, SCENARIOS["hours"])
    assert course.nightly_hours_above_half == pytest.approx(course.hours_above_half, abs=2 / 60)


def test_a_scenario_is_reached_with_the_half_lives_that_others_measured():
    for half_life_h in (4.0, 8.9, 9.7, 10.3):
        assert all(reachable(typical({"half_life_h": half_life_h}), each) for each in SCENARIOS.values())


def test_a_scenario_shorter_than_plasma_itself_is_not_reached():
    assert not reachable(typical({"half_life_h": 10.0, "slow_share": 0.95}), SCENARIOS["hours"])


def test_without_blockade_the_tone_stays_where_it_was():
    np.testing.assert_allclose(tone_of(np.zeros(201), typical()), 1.0)


def test_under_lasting_blockade_the_tone_settles_where_what_is_missed_is_called_for():
    tone = tone_of(np.full(20_001, 0.5), typical({"tone_gain": 0.6}))
    assert tone[-1] == pytest.approx(1.6 / (1 + 0.6 * 0.5), rel=1e-9)


def test_without_gain_there_is_no_rebound():
    course = course_of(typical({"tone_gain": 0.0}), 4.5, 5, SCENARIOS["hours"])
    assert course.felt.max() <= 1.0 + 1e-12


def test_only_a_blockade_that_ends_lets_the_hypothesis_rebound():
    days, hours = (course_of(typical(), 4.5, 14, SCENARIOS[name]) for name in ("days", "hours"))
    assert days.felt.max() < 1 < hours.felt.max()
