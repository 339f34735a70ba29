import numpy as np
import pytest

from verification.real_data import abab, afib, classroom, folder, laughter, melatonin

needs_data = pytest.mark.skipif(
    folder() is None, reason="NOT CHECKED: MODICUM_REFERENCE_DATA is not set, so nothing was held against real data"
)


@needs_data
def test_melatonin_does_for_mood_what_its_authors_found():
    found = melatonin()
    assert found.entries == 70
    assert found.apart < 1
    assert abs(found.mean - 0.62) < 0.3  # the published lagged model
    assert -1.35 < found.mean < 2.60
    assert found.mean - 2 * found.sd < 0.86 < found.mean + 2 * found.sd  # the published difference of means


@needs_data
def test_every_classroom_trial_is_within_a_standard_error_of_the_peer():
    found = classroom()
    assert len(found) == 10
    assert {c.name: c.apart for c in found if c.apart >= 1} == {}


@needs_data
def test_classroom_trials_have_the_sign_and_order_of_the_peer():
    found = classroom()
    assert np.corrcoef([c.mean for c in found], [c.peer[0] for c in found])[0, 1] > 0.9


@needs_data
def test_without_autocorrelation_the_abab_example_looks_nearly_twice_as_strong():
    with_it, without = abab()
    assert with_it.mean == pytest.approx(-1.1, abs=0.2)
    assert without.mean == pytest.approx(-2.0, abs=0.4)
    assert without.changed["prior ten times as wide"][0] == pytest.approx(-2.0, abs=0.25)


@needs_data
def test_without_residual_and_trend_the_afib_sample_gives_the_odds_of_the_peer():
    found, chance, peer = afib()
    assert found.entries == 38
    assert found.apart < 0.25  # the models differ in the priors of the rates alone
    assert chance == pytest.approx(peer, abs=0.05)


@needs_data
def test_a_trend_takes_some_of_the_afib_trigger_away():
    found, _, _ = afib()
    assert 0 < found.changed["with residual and trend"][0] < found.mean


@needs_data
def test_laughter_does_as_little_as_the_difference_of_means_says():
    found = laughter()
    assert found.entries == 18
    assert found.apart < 0.25
    assert abs(found.mean) < found.sd
