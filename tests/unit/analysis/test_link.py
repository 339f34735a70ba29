import numpy as np
import pytest
from scipy.special import expit, logit

from modicum.analysis.outcomes.link import BASE_RATE, link_mcid, link_priors


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("mcid", [0.05, 0.1, 0.15])
def test_the_link_mcid_of_a_chance_moves_the_base_rate_by_the_mcid(better, mcid):
    sign = 1 if better == "higher" else -1
    moved = expit(logit(BASE_RATE) + sign * link_mcid("binary", 0, 1, mcid, better))
    assert moved == pytest.approx(BASE_RATE + sign * mcid)


def test_where_a_chance_cannot_fall_so_far_it_rises():
    assert link_mcid("binary", 0, 1, 0.3, "lower") == pytest.approx(logit(0.5) - logit(0.2))
    assert link_mcid("poisson", 0, 9, 2.0, "lower") == pytest.approx(np.log(3.0))


@pytest.mark.parametrize("kind", ["poisson", "negative-binomial"])
def test_the_link_mcid_of_a_count_is_that_of_one_event(kind):
    assert link_mcid(kind, 0, 9, 0.5, "lower") == pytest.approx(np.log(2.0))
    assert link_mcid(kind, 0, 9, 0.5, "higher") == pytest.approx(np.log(1.5))


@pytest.mark.parametrize(("low", "high", "mcid"), [(0, 2, 0.5), (0, 10, 1.0), (1, 11, 1.0), (0, 30, 3.0)])
def test_the_link_mcid_of_a_score_moves_its_mean_by_the_mcid(low, high, mcid):
    steps = high - low
    cuts = logit(np.arange(1, steps + 1) / (steps + 1))
    moved = expit(link_mcid("ordinal", low, high, mcid, "lower") - cuts).sum() - steps / 2
    assert moved == pytest.approx(mcid, abs=1e-9)


def test_a_mcid_of_more_than_half_the_scale_is_finite():
    assert np.isfinite(link_mcid("ordinal", 0, 4, 50.0, "lower"))
    assert np.isfinite(link_mcid("binary", 0, 1, 0.99, "higher"))


@pytest.mark.parametrize("kind", ["binary", "poisson", "negative-binomial", "ordinal"])
def test_the_top_dose_has_a_prior_of_two_link_mcids(kind):
    priors = link_priors(kind, 0, 1 if kind == "binary" else 10, 0.1, "lower")
    assert priors.top_dose_sd == 2 * link_mcid(kind, 0, 1 if kind == "binary" else 10, 0.1, "lower")
    assert priors.intercept_mean == (pytest.approx(np.log(0.25)) if kind == "binary" else 0.0)
