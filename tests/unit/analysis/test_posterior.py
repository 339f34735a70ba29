from dataclasses import replace

import numpy as np
import pytest

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.design import design, ladder_covariance
from modicum.analysis.fitting import fit, fit_checked, numerical_error
from modicum.analysis.schedule import schedule_of
from virtual_diaries import CROSSOVER, TITRATION, Truth, diary, immediate, question

SMALL = Counts().scaled(0.75)


def fitted(asked, kept, assumptions=None, counts=SMALL):
    return fit(asked, kept, schedule_of(kept), assumptions or Assumptions(), counts)


def test_with_psi_almost_known_the_posterior_is_the_textbook_regression():
    kept = diary(Truth({4.5: -2.0}), CROSSOVER, seed=1)
    priors = replace(question().priors, sd_log_sd=1e-4, correlation_log_sd=1e-4, white_share_a=3e7, white_share_b=7e7)
    asked = immediate(ladder=(4.5,), priors=priors)
    found = fitted(asked, kept)
    made = design(asked, kept, schedule_of(kept), Assumptions())
    gap = np.abs(made.time_days[:, None] - made.time_days)
    noise = (10 / 6) ** 2 * (0.7 * np.exp(-gap / 4.0) + 0.3 * np.eye(len(made)))
    columns = np.concatenate([made.fixed, made.timed(np.zeros(1))[0]], axis=1)
    precision = columns.T @ np.linalg.solve(noise, columns) + np.linalg.inv(made.covariance)
    covariance = np.linalg.inv(precision)
    push = columns.T @ np.linalg.solve(noise, made.score - columns @ made.mean)
    mean = made.mean + covariance @ push
    at = made.dose_at.start
    assert found.doses[0].effect.mean == pytest.approx(mean[at], abs=2e-3)
    assert found.doses[0].effect.sd == pytest.approx(np.sqrt(covariance[at, at]), rel=2e-3)


def test_the_same_diary_gives_the_same_answer_bit_for_bit():
    kept = diary(Truth({1.5: -1.5, 3.0: -1.5, 4.5: -1.5}), TITRATION, seed=2)
    one, two = fitted(question(), kept), fitted(question(), kept)
    assert one.given_effect.weight.tobytes() == two.given_effect.weight.tobytes()
    assert one.smallest_effective() == two.smallest_effective()


def test_a_shifted_and_scaled_instrument_gives_the_scaled_answer():
    kept = diary(Truth({4.5: -2.0}), CROSSOVER, seed=3, rounded=False)
    asked = question((4.5,))
    p = asked.priors
    factor = 10.0
    scaled_priors = replace(
        p,
        **{n: getattr(p, n) * factor for n in ("intercept_sd", "trend_sd", "ebb_sd", "covariate_sd", "expectation_sd")},
        intercept_mean=p.intercept_mean * factor + 7,
        top_dose_sd=p.top_dose_sd * factor,
        sd_median=p.sd_median * factor,
    )
    scaled = replace(asked, low=7.0, high=107.0, mcid=factor, priors=scaled_priors)
    plain = fitted(asked, kept)
    other = fitted(scaled, replace(kept, scores={"pain": kept.scores["pain"] * factor + 7}))
    assert other.doses[0].effect.mean == pytest.approx(factor * plain.doses[0].effect.mean, rel=1e-9)
    assert other.p_no_effect() == pytest.approx(plain.p_no_effect(), rel=1e-8)


def test_turning_the_instrument_round_turns_the_effect_round():
    kept = diary(Truth({4.5: -2.0}), CROSSOVER, seed=4)
    turned = replace(kept, scores={"pain": 10 - kept.scores["pain"]})
    lower, higher = fitted(question((4.5,)), kept), fitted(question((4.5,), better="higher"), turned)
    assert higher.doses[0].effect.mean == pytest.approx(-lower.doses[0].effect.mean, rel=1e-9)
    assert higher.doses[0].p_mcid == pytest.approx(lower.doses[0].p_mcid, rel=1e-9)


def test_a_dose_never_taken_is_marked_and_known_only_through_its_neighbours():
    found = fitted(question(), diary(Truth({1.5: -2.0}), (0, 1.5, 0, 1.5, 0), seed=5))
    taken = {dose.dose_mg: dose.taken for dose in found.doses}
    assert taken == {0.5: False, 1.5: True, 3.0: False, 4.5: False}
    sds = {dose.dose_mg: dose.effect.sd for dose in found.doses}
    assert sds[1.5] < sds[3.0] < sds[4.5]
    assert set(found.smallest_effective()) == {"none", "1.5"}


def test_probabilities_of_the_smallest_dose_add_up_to_one_and_none_includes_no_effect():
    found = fitted(question(), diary(Truth({4.5: -1.0}), TITRATION, seed=6))
    smallest = found.smallest_effective()
    assert sum(smallest.values()) == pytest.approx(1.0, abs=1e-12)
    assert smallest["none"] >= found.p_no_effect()


def test_averaged_chance_of_the_mcid_is_the_given_one_times_the_weight_of_some_effect():
    found = fitted(question((4.5,)), diary(Truth({4.5: -1.2}), CROSSOVER, seed=7))
    dose = found.doses[0]
    assert dose.p_mcid == pytest.approx((1 - found.p_no_effect()) * dose.p_mcid_given_effect)


def test_prior_odds_move_the_weight_of_no_effect_by_bayes_theorem():
    found = fitted(question((4.5,)), diary(Truth({}), CROSSOVER, seed=8))
    even = found.p_no_effect(1.0)
    assert found.p_no_effect(3.0) == pytest.approx(3 * even / (3 * even + 1 - even))


def test_open_label_leaves_drug_and_hope_entangled():
    open_label = fitted(question((4.5,)), diary(Truth({4.5: -3.0}), (0, 0, 4.5, 4.5, 4.5), seed=9, blinded=False))
    dose = open_label.doses[0]
    assert dose.with_expectation is not None
    # what no open diary can part: a sum known exactly leaves 2 x 1.6 / sqrt(2^2 + 1.6^2) = 1.25 for its share
    assert dose.effect.sd > 2.0 * 1.6 / np.hypot(2.0, 1.6)
    assert dose.with_expectation.sd < dose.effect.sd
    blinded = fitted(question((4.5,)), diary(Truth({4.5: -3.0}), CROSSOVER, seed=9)).doses[0]
    assert blinded.effect.sd < dose.effect.sd


def test_ignoring_autocorrelation_makes_a_correlated_diary_look_surer_than_it_is():
    kept = diary(Truth({}, correlation_days=9.5, white_share=0.1), CROSSOVER, seed=10)
    full = fitted(question((4.5,)), kept)
    naive = fitted(question((4.5,)), kept, Assumptions(autocorrelation=False))
    assert naive.doses[0].effect.sd < 0.7 * full.doses[0].effect.sd


def test_two_scores_at_one_moment_are_averaged_where_there_is_no_white_noise():
    kept = diary(Truth({4.5: -1.0}), CROSSOVER, seed=11, missing=0.0)
    twice = replace(
        kept,
        time_days=np.repeat(kept.time_days, 2),
        received_days=np.repeat(kept.time_days, 2),
        dosing_day=np.repeat(kept.dosing_day, 2),
        dose_mg=np.repeat(kept.dose_mg, 2),
        blinded=np.repeat(kept.blinded, 2),
        scores={"pain": np.repeat(kept.scores["pain"], 2) + np.tile([-0.5, 0.5], len(kept))},
    )
    once = fitted(question((4.5,)), kept, Assumptions(white_noise=False))
    both = fitted(question((4.5,)), twice, Assumptions(white_noise=False))
    assert both.doses[0].effect.mean == pytest.approx(once.doses[0].effect.mean, rel=1e-9)


def test_every_analysis_states_a_numerical_error_within_its_bounds():
    for seed in range(3):
        _, error = fit_checked(*_checked(diary(Truth({1.5: -1.5, 4.5: -1.5}), TITRATION, seed=seed)))
        assert error.within_bounds
        assert error.mean_in_sd > 0


def test_a_grid_too_coarse_is_found_out():
    kept = diary(Truth({1.5: -1.5, 4.5: -1.5}), TITRATION, seed=1)
    crude = Counts(4, 4, 4, 4)
    assert not numerical_error(fitted(question(), kept, counts=crude), crude).within_bounds


def _checked(kept):
    return question(), kept, schedule_of(kept), Assumptions()


def test_draws_agree_with_the_summaries_they_come_from():
    found = fitted(question(), diary(Truth({1.5: -1.5}), TITRATION, seed=12))
    draws = found.draws(40_000, seed=1)
    for dose in found.doses:
        sample = draws[f"dose:{dose.dose_mg!r}"]
        assert sample.mean() == pytest.approx(dose.effect.mean, abs=0.03 * dose.effect.sd)
        assert sample.std() == pytest.approx(dose.effect.sd, rel=0.03)
        assert np.quantile(sample, 0.975) == pytest.approx(dose.effect.interval95[1], abs=0.08 * dose.effect.sd)


def test_the_ladder_prior_is_brownian_in_log_dose_and_zero_at_no_drug():
    ladder = np.array([0.5, 1.5, 3.0, 4.5])
    covariance = ladder_covariance(ladder, 2.0, 4.5)
    assert covariance[3, 3] == pytest.approx(4.0)
    g = np.log1p(ladder / 1.5)
    np.testing.assert_allclose(covariance[0], 4.0 * g[0] / g[3], rtol=1e-12)
    assert np.linalg.eigvalsh(covariance).min() > 0


ROWS = (
    {"white_noise": False},
    {"autocorrelation": False},
    {"trend": False},
    {"carry_over": False},
    {"expectation": False},
    {"prior_scale": 0.5},
    {"prior_scale": 2.0},
)


@pytest.mark.parametrize("change", ROWS, ids=str)
def test_borrowed_windows_give_the_answer_of_windows_found_from_the_whole_prior(change):
    for seed, truth in enumerate((Truth({1.5: -1.5, 4.5: -1.5}), Truth({}, correlation_days=9.5, white_share=0.6))):
        kept = diary(truth, TITRATION, seed=seed)
        asked, schedule = question(), schedule_of(kept)
        primary = fit(asked, kept, schedule, Assumptions())
        alone = fit(asked, kept, schedule, Assumptions(**change))
        near = fit(asked, kept, schedule, Assumptions(**change), near=primary)
        for one, other in zip(alone.doses, near.doses, strict=True):
            assert other.effect.mean == pytest.approx(one.effect.mean, abs=0.02 * one.effect.sd)
            assert other.effect.sd == pytest.approx(one.effect.sd, rel=0.02)
        assert near.p_no_effect() == pytest.approx(alone.p_no_effect(), abs=0.01)


def test_windows_of_an_unlike_analysis_are_not_borrowed():
    calm, wild = diary(Truth({}, sd=0.5), TITRATION, seed=1), diary(Truth({}, correlation_days=40.0), TITRATION, seed=2)
    asked = question()
    borrowed = fit(asked, wild, schedule_of(wild), Assumptions(), near=fitted(asked, calm, counts=Counts()))
    alone = fit(asked, wild, schedule_of(wild), Assumptions())
    assert borrowed.doses[3].effect.sd == pytest.approx(alone.doses[3].effect.sd, rel=0.02)
