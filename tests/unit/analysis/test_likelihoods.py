import numpy as np
import pytest

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.fitting import fit
from modicum.analysis.likelihoods import MOST_COMPONENTS, Components, collapsed, merged
from modicum.analysis.schedule import schedule_of
from virtual_diaries import Truth, diary, question


@pytest.fixture(scope="module")
def posterior():
    kept = diary(Truth({0.5: 0, 1.5: -1.5, 3.0: -1.5}), (0, 0.5, 0, 1.5, 3.0, 0, 1.5), seed=3)
    return fit(question(), kept, schedule_of(kept), Assumptions(), Counts().scaled(0.75))


@pytest.fixture(scope="module")
def prior(posterior):
    at = posterior.design.dose_at
    return posterior.design.covariance[at, at]


def test_the_likelihood_times_the_prior_is_the_posterior_again(posterior, prior):
    weight, mean, covariance, _ = posterior.likelihood().posterior(prior)
    np.testing.assert_allclose(weight @ mean, posterior.given_effect.weight @ posterior.effect_mean, atol=1e-9)
    np.testing.assert_allclose(covariance, posterior.effect_covariance, atol=1e-9)


def test_its_integral_against_the_prior_is_the_bayes_factor(posterior, prior):
    _, _, _, log_ratio = posterior.likelihood().posterior(prior)
    expected = posterior.given_effect.log_evidence - posterior.log_evidence_no_effect
    assert log_ratio == pytest.approx(expected, abs=0.05)


def test_a_dose_never_taken_has_rows_of_zeros(posterior, prior):
    terms = posterior.likelihood()
    assert posterior.taken.tolist() == [True, True, True, False]
    assert not terms.information[:, 3].any()
    assert not terms.information[:, :, 3].any()
    assert not terms.shift[:, 3].any()
    single = collapsed(terms, 1.0, prior, posterior.taken)
    assert not single.information[3].any()


def test_the_effect_prior_can_be_changed_without_the_diary(posterior, prior):
    kept = diary(Truth({0.5: 0, 1.5: -1.5, 3.0: -1.5}), (0, 0.5, 0, 1.5, 3.0, 0, 1.5), seed=3)
    doubled = fit(question(), kept, schedule_of(kept), Assumptions(prior_scale=2.0), Counts().scaled(0.75))
    weight, mean, _, _ = posterior.likelihood().posterior(4 * prior)
    expected = doubled.given_effect.weight @ doubled.effect_mean
    sd = np.array([dose.effect.sd for dose in doubled.doses])
    assert np.abs((weight @ mean - expected) / sd).max() < 0.02


def apart(exact, other, prior):
    """Largest difference of a mean, in exact sds."""
    (mean, sd), (found, _) = exact.moments(prior), other.moments(prior)
    return np.abs((found - mean) / sd).max()


def test_merging_keeps_at_most_64_components_and_states_a_small_error(posterior, prior):
    terms = posterior.likelihood()
    few = merged(terms, prior, posterior.taken)
    assert len(few) <= MOST_COMPONENTS < len(terms)
    for factor in (0.25, 1.0, 4.0):
        assert apart(terms, few, factor * prior) < 0.02
    assert np.logaddexp.reduce(few.log_weight) == pytest.approx(0.0, abs=1e-9)


def test_the_collapsed_term_states_the_error_it_makes(posterior, prior):
    terms = posterior.likelihood()
    single = collapsed(terms, 1.0, prior, posterior.taken)
    alone = Components(np.zeros(1), single.information[None], single.shift[None])
    assert single.error_sd == apart(terms, alone, prior)
    assert np.linalg.eigvalsh(single.information).min() >= -1e-12


def test_without_any_dose_taken_the_likelihood_is_flat():
    kept = diary(Truth({}), (0, 0, 0), seed=1)
    found = fit(question(), kept, schedule_of(kept), Assumptions(), Counts().scaled(0.5))
    terms = found.likelihood()
    assert not terms.information.any()
    assert not terms.shift.any()
    single = collapsed(terms, 1.0, np.eye(4), found.taken)
    assert not single.information.any()
    assert single.error_sd == 0.0
