"""Small counts of the calibration rows of outcomes on a link scale, and of side effects of several people."""

import pytest

from verification.counts import OF_THIRTY, OUTCOMES, P0_OUTCOMES, count
from verification.outcome_calibration import run_outcome_calibration, run_outcome_p_no_effect
from verification.outcome_people import run_people


@pytest.mark.parametrize("kind", OUTCOMES)
def test_ranks_of_the_truth_are_uniform_on_a_link_scale(kind):
    finding = run_outcome_calibration(kind, count(f"sbc-{kind}"))
    assert finding.passed, finding.summary


def test_a_side_effect_of_several_people_is_calibrated():
    finding = run_people(count(OF_THIRTY))
    assert finding.passed, finding.summary


@pytest.mark.parametrize("kind", P0_OUTCOMES)
def test_p_no_effect_is_as_often_right_as_it_says_on_a_link_scale(kind):
    finding = run_outcome_p_no_effect(kind, count(f"p0-{kind}"))
    assert finding.passed, finding.summary


def test_an_engine_with_another_prior_is_wrong_about_p_no_effect_on_a_link_scale():
    assert not run_outcome_p_no_effect("poisson", 30, prior_scale=20.0).passed


def test_an_engine_with_another_prior_is_not_calibrated_on_a_link_scale():
    assert not run_outcome_calibration("poisson", 20, prior_scale=0.2).passed
