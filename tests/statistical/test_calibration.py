"""Small counts of the calibration rows; each fails by chance in at most 1 of 1,000 repetitions, and seeds are fixed."""

import numpy as np
import pytest

from verification.calibration import FALSE_ALARM, p_uniform, reliability, run_calibration, run_coverage, run_p_no_effect
from verification.counts import COUNTS, count
from verification.variants import VARIANTS

SBC = [name for name in VARIANTS if f"sbc-{name}" in COUNTS]


@pytest.mark.parametrize("name", SBC)
def test_ranks_of_the_truth_are_uniform(name):
    finding = run_calibration(name, count(f"sbc-{name}"))
    assert finding.passed, finding.figures["p_values"]


def test_intervals_cover_as_often_as_they_say():
    finding = run_coverage(count("coverage"))
    assert finding.passed, finding.summary


def test_p_no_effect_is_as_often_right_as_it_says():
    finding = run_p_no_effect(count("p0-calibration"))
    assert finding.passed, finding.summary


def test_an_engine_without_autocorrelation_is_not_calibrated():
    assert not run_calibration("several-a-day", 80, autocorrelation=False).passed


def test_an_engine_without_white_noise_is_not_calibrated():
    assert not run_calibration("several-a-day", 80, white_noise=False).passed


def test_an_engine_with_too_narrow_a_prior_does_not_cover():
    assert not run_coverage(25, prior_scale=0.2).passed


def test_an_engine_with_another_prior_is_wrong_about_p_no_effect():
    assert not run_p_no_effect(80, prior_scale=20.0).passed


@pytest.mark.parametrize("n", [60, 400, 2000])
def test_uniform_values_pass_and_bent_ones_do_not(n):
    even = (np.arange(n) + 0.5) / n
    assert p_uniform(even) > 0.5
    assert p_uniform(even**2) < FALSE_ALARM


def test_every_diary_is_in_one_bin_of_the_reliability_table():
    said = np.array([0.0, 0.05, 0.55, 1.0])
    table = reliability(said, np.array([False, False, True, True]))
    assert [row["count"] for row in table] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert [row["none"] for row in table] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
