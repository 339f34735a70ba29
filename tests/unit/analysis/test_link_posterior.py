import numpy as np
import pytest
from scipy.special import expit

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.outcomes.fitting import fit_points, refined
from modicum.analysis.outcomes.link import link_priors
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary

LADDER = (1.5, 4.5)
BOTH = np.array([True, True])


def diary(score):
    days = np.arange(len(score))
    dose = np.repeat([0.0, 1.5, 0.0, 4.5, 0.0], 8)[: len(score)]
    return Diary(
        time_days=days + 20 / 24,
        received_days=days + 20 / 24,
        dosing_day=days,
        dose_mg=dose,
        announced=np.where(days < 8, 0.0, 0.5),
        scores={"score": np.asarray(score, float)},
        virtual=True,
    )


def question(kind, **change):
    high, mcid = {"binary": (1.0, 0.15), "ordinal": (4.0, 0.5)}.get(kind, (1e6, 0.5))
    better = change.get("better", "lower")
    asked = {"outcome": "score", "label": "Score", "unit": "points", "better": better, "low": 0.0, "high": high}
    asked |= {
        "mcid": mcid,
        "ladder_mg": LADDER,
        "kind": kind,
        "priors": link_priors(kind, 0.0, high, mcid, np.zeros(0)),
    }
    return Question(**asked | change)


def fitted(kind, points=1024, **change):
    rng = np.random.default_rng(6)
    score = rng.random(40) < 0.4 if kind == "binary" else rng.integers(0, 5, 40)
    kept = diary(score)
    return fit_points(question(kind, **change), kept, schedule_of(kept), Assumptions(), points)


@pytest.fixture(scope="module", params=["binary", "poisson", "ordinal"])
def found(request):
    return fitted(request.param)


def test_the_reported_effect_is_the_mean_over_entries_of_what_a_dose_changes():
    found = fitted("binary")
    at = found.design.dose_at
    columns = found.model.columns(found.points.psi.tau)
    theta = found.points.coefficients[:, at]
    rest = found.model.predictors(found.points.psi.tau, found.points.coefficients)
    rest = rest - np.einsum("ptk,pk->pt", columns[:, :, at], theta)
    z, share = np.polynomial.hermite_e.hermegauss(40)
    u = found.points.psi.sd[:20, None, None] * z
    share = share / share.sum()
    start, after = (expit(x[:20, :, None] + u) @ share for x in (rest, rest + theta[:, 1:2]))
    np.testing.assert_allclose(found.effects.alone[:20, 1], (after - start).mean(1), atol=2e-4)


def test_chances_are_shares_of_the_weight_of_points(found):
    alone, weight = found.effects.alone, found.points.weight
    assert found.p_benefit(0.1, 1) == pytest.approx(float(weight @ (-alone[:, 1] > 0.1)))
    assert found.p_benefit(0.0, 1, over=0) == pytest.approx(float(weight @ (alone[:, 1] < alone[:, 0])))
    assert found.p_benefit(-1e9, 0) == pytest.approx(1.0)
    assert found.p_benefit(0.0, 0, expectation=True) == pytest.approx(
        float(weight @ (found.effects.together[:, 0] < 0))
    )


def test_the_first_dose_that_reaches_the_mcid_is_one_dose_or_none(found):
    first, none = found.first_to_reach(BOTH)
    assert first.sum() + none == pytest.approx(1.0)
    assert first[0] == pytest.approx(float(found.points.weight @ (-found.effects.alone[:, 0] >= found.question.mcid)))
    only, rest = found.first_to_reach(np.array([False, True]))
    assert only[0] >= first[1]
    assert rest >= none


def test_there_is_a_link_effect_beside_and_no_white_share(found):
    weight, theta = found.points.weight, found.points.coefficients[:, found.design.dose_at]
    assert found.link_effect(0).mean == pytest.approx(float(weight @ theta[:, 0]))
    assert found.noise.white_share is None
    assert found.noise.overdispersion is None
    assert found.expectation is not None


def test_overdispersion_is_reported_where_it_is_in_the_model():
    noise = fitted("negative-binomial").noise
    assert noise.overdispersion is not None
    assert 0.0 < noise.overdispersion.mean < 10.0


def test_draws_follow_the_weights(found):
    drawn = found.draws(20_000, seed=3)
    name = "effect:4.5"
    assert set(drawn) >= {"dose:1.5", "dose:4.5", "expectation", "onset_days", "correlation_days", "sd", name}
    q = np.quantile(drawn[name], [0.25, 0.75])
    assert q == pytest.approx(found.effect(1).interval50, abs=0.1 * (q[1] - q[0]) + 1e-9)


def test_the_likelihood_has_the_doses_that_were_taken(found):
    found_components = found.likelihood()
    assert found.informed.all()
    assert np.isfinite(found_components.log_weight).all()


def test_the_likelihood_of_a_clear_effect_falls_to_no_effect_as_the_evidence_says():
    """Without the wide component, from points that are all far from 0, the log Bayes factor was off by 2 to 13."""
    rng = np.random.default_rng(2)
    kept = diary((rng.random(40) < np.where(np.arange(40) < 16, 0.85, 0.05)).astype(float))
    clear = fit_points(question("binary"), kept, schedule_of(kept), Assumptions(), 4096)
    at = clear.design.dose_at
    prior = clear.design.covariance[at, at]
    exact = clear.log_evidence_given_effect - clear.log_evidence_no_effect
    terms = clear.likelihood()
    assert terms.posterior(prior)[3] == pytest.approx(exact, abs=0.5)
    for factor, most in ((0.25, 0.2), (1.0, 0.05), (4.0, 0.2)):
        mean, sd = clear.under(factor)
        assert np.abs((terms.moments(factor * prior)[0] - mean) / sd).max() < most


def test_higher_is_better_turns_benefit_around_and_nothing_else():
    lower, higher = fitted("ordinal"), fitted("ordinal", better="higher")
    assert higher.effect(1).mean == pytest.approx(lower.effect(1).mean, abs=1e-9)
    assert higher.p_benefit(0.0, 1) == pytest.approx(1.0 - lower.p_benefit(0.0, 1), abs=1e-9)


def test_refining_doubles_the_points_until_the_bound_and_three_times_at_most():
    rough = fitted("binary", 256)
    assert len(refined(rough, 10.0, 1.0).points) == 256
    finer = refined(rough, 1e-9, 1.0)
    assert len(finer.points) == 8 * 256
    assert finer.standard_error()[0] < rough.standard_error()[0]


def test_refining_draws_more_of_no_effect_where_its_evidence_is_not_known():
    rough = fitted("binary", 256)
    finer = refined(rough, 10.0, 1e-9)
    assert len(finer.points) == 8 * 256
    assert len(finer.no_effect) == 8 * 128
    assert finer.standard_error()[2] < rough.standard_error()[2]
