import numpy as np
import pytest
from scipy.special import expit, logit

from modicum.analysis.outcomes.link import BASE_RATE, link_mcid, link_priors

NONE = np.zeros(0)
KINDS = ["binary", "poisson", "negative-binomial", "ordinal"]


def answers(kind, usual, n=10_000):
    """So many answers that the one of the prior does not count."""
    if kind == "ordinal":
        return np.random.default_rng(1).binomial(10, usual, n).astype(float)
    return np.repeat([1.0, 0.0], [round(usual * n), n - round(usual * n)]) if kind == "binary" else np.full(n, usual)


@pytest.mark.parametrize(("usual", "towards"), [(0.05, 1), (0.3, 1), (0.5, 1), (0.7, -1), (0.95, -1)])
def test_the_link_mcid_of_a_chance_moves_the_usual_one_by_the_mcid_where_there_is_more_room(usual, towards):
    moved = expit(logit(usual) + towards * link_mcid("binary", 0, 1, 0.2, answers("binary", usual)))
    assert moved == pytest.approx(usual + towards * 0.2, abs=1e-3)


@pytest.mark.parametrize("kind", ["poisson", "negative-binomial"])
@pytest.mark.parametrize("usual", [0.5, 1.0, 20.0])
def test_the_link_mcid_of_a_count_adds_the_mcid_to_the_usual_one(kind, usual):
    assert link_mcid(kind, 0, 90, 0.5, answers(kind, usual)) == pytest.approx(np.log((usual + 0.5) / usual), rel=1e-3)


@pytest.mark.parametrize(("low", "high", "mcid"), [(0, 2, 0.5), (0, 10, 1.0), (1, 11, 1.0), (0, 30, 3.0)])
def test_without_answers_the_link_mcid_of_a_score_moves_the_mean_of_even_categories(low, high, mcid):
    steps = high - low
    cuts = logit(np.arange(1, steps + 1) / (steps + 1))
    moved = expit(link_mcid("ordinal", low, high, mcid, NONE) - cuts).sum() - steps / 2
    assert moved == pytest.approx(mcid, abs=1e-9)


@pytest.mark.parametrize("usual", [0.1, 0.4, 0.9])
def test_the_link_mcid_of_a_score_moves_the_usual_mean_by_the_mcid(usual):
    seen = answers("ordinal", usual)
    passed = (np.sum(seen[:, None] > np.arange(10), axis=0) + 1 - np.arange(1, 11) / 11) / (len(seen) + 1)
    change = link_mcid("ordinal", 0, 10, 1.0, seen) * (1 if usual <= 0.5 else -1)
    assert abs(expit(logit(passed) + change).sum() - passed.sum()) == pytest.approx(1.0, abs=1e-6)


def test_without_answers_the_base_is_one_in_five_or_one_event():
    assert link_mcid("binary", 0, 1, 0.3, NONE) == pytest.approx(logit(0.5) - logit(BASE_RATE))
    assert link_mcid("poisson", 0, 9, 2.0, NONE) == pytest.approx(np.log(3.0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("usual", [None, 0.02, 0.2, 0.5, 0.97])
def test_the_link_mcid_grows_with_the_mcid_and_stays_finite(kind, usual):
    high = 1 if kind == "binary" else 10
    seen = NONE if usual is None else answers(kind, usual, 50)
    sizes = [link_mcid(kind, 0, high, mcid, seen) for mcid in np.linspace(0.001, 0.999 * high, 300)]
    assert np.all(np.isfinite(sizes))
    assert np.all(np.diff(sizes) >= 0)
    assert np.max(np.diff(sizes)) < 0.6 * np.max(sizes)  # no jump: the last steps, to where there is no more room


@pytest.mark.parametrize("kind", KINDS)
def test_the_top_dose_has_a_prior_of_two_link_mcids_and_no_less_than_hope_has(kind):
    high = 1 if kind == "binary" else 10
    large = link_priors(kind, 0, high, 0.6 * high, NONE)
    assert large.top_dose_sd == 2 * link_mcid(kind, 0, high, 0.6 * high, NONE)
    assert link_priors(kind, 0, high, 0.001, NONE).top_dose_sd == 1.0 == large.expectation_sd
    assert large.intercept_mean == (pytest.approx(np.log(0.25)) if kind == "binary" else 0.0)
