import numpy as np
import pytest

from modicum.pharmacology import body_of, draw_people, naltrexone_of, typical
from modicum.pharmacology.peaks import hours_above, peak_of
from modicum.pharmacology.population import daily_extremes
from modicum.pharmacology.terms import Terms


def one_dose(terms, dose_mg):
    return terms.times(np.array([dose_mg]))


def test_fifty_mg_peak_where_the_swiss_label_says():
    body = body_of(typical())
    assert peak_of(one_dose(body.naltrexone, 50.0))[1] == pytest.approx(13.3, rel=1e-4)
    assert peak_of(one_dose(body.metabolite, 50.0))[1] == pytest.approx(108.0, rel=1e-4)


def test_the_peak_comes_within_the_hour_of_the_label():
    assert 0.3 < peak_of(naltrexone_of(typical()))[0] <= 1.0


def test_the_area_is_what_reaches_the_blood_over_clearance():
    assert one_dose(naltrexone_of(typical()), 50.0).area()[0] == pytest.approx(
        50 * 0.9035 * 0.05 / 94 * 1000, rel=1e-12
    )


def test_the_area_of_16_mg_is_within_a_tenth_of_the_one_that_was_measured_below_50_mg():
    assert one_dose(naltrexone_of(typical()), 16.0).area()[0] == pytest.approx(8.4, rel=0.1)


def test_the_last_phase_has_the_half_life_stated():
    course = naltrexone_of(typical({"half_life_h": 9.7}))
    late = course.at(np.array([60.0, 69.7]))[0]
    assert late[1] / late[0] == pytest.approx(0.5, rel=1e-6)


def test_doses_superpose():
    course, time_h = naltrexone_of(typical()), np.linspace(0, 120, 481)
    summed = sum(course.at(time_h - 24 * night) for night in range(4))
    np.testing.assert_allclose(course.nightly(time_h, 4), summed, atol=1e-14)


def test_twice_the_dose_is_twice_the_concentration():
    people = draw_people(20, np.random.default_rng(1))
    small, large = (daily_extremes(people, np.full(10, dose)) for dose in (2.0, 4.0))
    np.testing.assert_allclose(large.cmax_ng_per_ml, 2 * small.cmax_ng_per_ml, rtol=1e-12)


def test_equal_rates_are_no_division_by_zero():
    values = typical({"absorption_per_h": float(np.log(2) / 0.56646)})
    almost = typical({"absorption_per_h": float(np.log(2) / 0.5664)})
    time_h = np.array([0.2, 1.0, 5.0])
    np.testing.assert_allclose(naltrexone_of(values).at(time_h), naltrexone_of(almost).at(time_h), rtol=1e-3)


def test_a_step_of_unit_gain_keeps_the_area_and_starts_at_nothing():
    course = naltrexone_of(typical()).through(np.array([0.1]))
    assert course.area() == pytest.approx(naltrexone_of(typical()).area())
    assert abs(course.at(np.array([0.0]))[0, 0]) < 1e-15


def test_time_above_a_level_that_is_never_reached_is_none():
    assert hours_above(Terms(np.array([[-1.0, 1.0]]), np.array([[2.0, 1.0]])), 0.5) == 0.0


def extremes_on_a_grid(people, doses):
    course, grid = naltrexone_of(people), np.linspace(0, 24, 40_001)
    peaks = []
    for day in range(len(doses)):
        at = sum(course.at(24 * (day - night) + grid) * doses[night] for night in range(day + 1))
        peaks.append(at.max(1))
    return np.stack(peaks, 1)


@pytest.mark.parametrize(
    "doses",
    [[4.5] * 6, [0.5, 1.5, 3.0, 4.5, 0.0, 0.0, 3.0], [0.0, 4.5, 0.1, 50.0, 0.001, 4.5], [0.0, 0.0]],
    ids=["nightly", "a ladder with missed nights", "jumps", "nothing"],
)
def test_the_peak_of_every_day_is_found_however_doses_change(doses):
    people = {**draw_people(30, np.random.default_rng(2)), "half_life_h": np.linspace(1, 60, 30)}
    people["absorption_per_h"] = np.geomspace(0.2, 20, 30)  # slower than the fast phase, too
    found = daily_extremes(people, np.array(doses)).cmax_ng_per_ml
    np.testing.assert_allclose(found, extremes_on_a_grid(people, np.array(doses)), rtol=2e-6, atol=1e-12)


def test_the_number_of_threads_changes_no_digit():
    people = draw_people(5000, np.random.default_rng(3))
    one, two = (daily_extremes(people, np.full(5, 4.5), threads=n) for n in (1, 2))
    assert (one.cmax_ng_per_ml == two.cmax_ng_per_ml).all()
    assert (one.auc_ng_h_per_ml == two.auc_ng_h_per_ml).all()


def test_the_same_stream_draws_the_same_people():
    one, two = (draw_people(50, np.random.default_rng(4)) for _ in range(2))
    assert all((one[name] == two[name]).all() for name in one)
    assert one["clearance_l_per_h"].std() > 10
    assert (one["salt_factor"] == 0.9035).all()
