"""Two factors at once: against dense algebra, and power against simulation from the same law."""

import math
from dataclasses import replace

import numpy as np
import pytest

import modicum
from modicum.analysis.question import Question, default_priors
from modicum.decision.factorial import LOADINGS, crossed, factor_by_day, factorial, p_told, planned
from modicum.records.diary import Diary
from modicum.services.factorial import planned_diary

FACTOR = "factor.diet"
NOISE = {"onset_days": 4.0, "correlation_days": 1.5, "white_share": 0.3, "sd": 1.5}
TRIALS = 4000
FOUR_SE = 4  # of a share: a false alarm in about one of 15,000 comparisons


def question(**change):
    priors = default_priors(0, 10, 1, with_protocol=True)
    asked = Question("pain", "Pain", "points", "lower", 0, 10, 1, (4.5,), priors, planned_days=126)
    return replace(asked, **change)


@pytest.fixture(scope="module")
def diary() -> Diary:
    return planned_diary(modicum.read_protocol("ldn-crossover"), FACTOR)


def scored(diary, effects, seed=1, sd=1.0):
    """The planned days with scores: level 6, and the three effects at once in force."""
    drug, with_factor = diary.dose_mg > 0, diary.covariates[FACTOR] > 0
    mean = 6 + np.column_stack([drug, with_factor, drug & with_factor]) @ np.asarray(effects)
    return replace(diary, scores={"pain": mean + sd * np.random.default_rng(seed).standard_normal(len(diary))})


def test_planned_days_hold_all_four_in_equal_parts_beside_the_run_in(diary):
    days, _ = planned(question(), diary, FACTOR, **NOISE)
    assert days == (14 + 28, 28, 28, 28)


def test_the_factor_changes_with_the_pair_and_the_order_within_it_does_not_follow_it(diary):
    halves = diary.covariates[FACTOR][14:].reshape(8, 14)
    doses = diary.dose_mg[14:].reshape(8, 14)
    assert [set(half) for half in halves[::2]] == [set(half) for half in halves[1::2]]
    first = [(half[0], dose[0] > 0) for half, dose in zip(halves[::2], doses[::2], strict=True)]
    assert sorted(first) == [(0, False), (0, True), (1, False), (1, True)]


def dense(columns):
    """Prior, columns and residual covariance of the planned model, without filters."""
    x = np.concatenate([columns.fixed, columns.timed(np.array([NOISE["onset_days"]]))[0]], axis=1)
    gaps = np.abs(columns.time_days[:, None] - columns.time_days)
    white = NOISE["white_share"]
    correlation = (1 - white) * np.exp(-gaps / NOISE["correlation_days"]) + white * np.eye(len(x))
    return x, NOISE["sd"] ** 2 * correlation


def power_of(name, size, columns):
    x, noise = dense(columns)
    after = np.linalg.inv(np.linalg.inv(columns.covariance) + x.T @ np.linalg.solve(noise, x))
    loadings = np.zeros(len(after))
    loadings[columns.dose_at.start : columns.dose_at.start + 3] = LOADINGS[name]
    return p_told(size, loadings @ columns.covariance @ loadings, np.array([loadings @ after @ loadings]), np.ones(1))


def test_the_power_is_that_of_dense_algebra(diary):
    columns = crossed(question(), diary, FACTOR, None)
    _, powers = planned(question(), diary, FACTOR, **NOISE)
    for power in powers:
        assert power.interaction == pytest.approx(power_of("interaction", power.difference, columns), abs=1e-9)
        assert power.drug == pytest.approx(power_of("drug", power.difference, columns), abs=1e-9)


def simulated(columns, size):
    """Share of trials in which the direction of an interaction of this size is told, either way, and the right one."""
    rng = np.random.default_rng(1)
    x, noise = dense(columns)
    at = columns.dose_at.start + 2
    prior = columns.covariance
    beta = (
        columns.mean
        + rng.standard_normal((TRIALS, len(prior))) @ np.linalg.cholesky(prior + 1e-12 * np.eye(len(prior))).T
    )
    beta[:, at] = size
    y = beta @ x.T + rng.standard_normal((TRIALS, len(x))) @ np.linalg.cholesky(noise).T
    weighed = np.linalg.solve(noise, x)
    after = np.linalg.inv(np.linalg.inv(prior) + x.T @ weighed)
    mean = columns.mean + (y - x @ columns.mean) @ weighed @ after
    z = mean[:, at] / math.sqrt(after[at, at])
    return float(np.mean(np.abs(z) > 1.959964)), float(np.mean(z > 1.959964))


@pytest.mark.parametrize("size", [1.0, 2.0])
def test_the_power_is_the_share_of_simulated_trials_that_tell(diary, size):
    columns = crossed(question(), diary, FACTOR, None)
    expected = power_of("interaction", size, columns)
    share = simulated(columns, size)[1]
    assert abs(share - expected) <= FOUR_SE * math.sqrt(expected * (1 - expected) / TRIALS)


def test_a_power_that_forgets_the_prior_is_noticed(diary):
    """The sabotage twin: without shrinkage the power would be told too high."""
    columns = crossed(question(), diary, FACTOR, None)
    x, noise = dense(columns)
    after = np.linalg.inv(np.linalg.inv(columns.covariance) + x.T @ np.linalg.solve(noise, x))
    at = columns.dose_at.start + 2
    wrong = p_told(2.0, 1e12, after[at, at][None], np.ones(1))
    share = simulated(columns, 2.0)[1]
    assert abs(share - wrong) > FOUR_SE * math.sqrt(wrong * (1 - wrong) / TRIALS)


def test_an_interaction_that_is_not_there_is_told_in_few_trials(diary):
    assert simulated(crossed(question(), diary, FACTOR, None), 0.0)[0] <= 0.05


def test_a_large_interaction_is_told_with_its_direction_and_size(diary):
    found = factorial(question(), scored(diary, (0.0, 0.0, -4.0)), FACTOR)
    assert found.told
    assert found.interaction.p_better > 0.99
    low, high = found.interaction.effect.interval95
    assert low <= -4.0 <= high < 0
    assert found.error < 0.02


def test_effects_that_add_up_are_no_interaction(diary):
    found = factorial(question(), scored(diary, (-2.0, -2.0, 0.0)), FACTOR)
    effect = {one.of: one for one in found.effects}
    assert not found.told
    assert effect["drug"].p_better > 0.975
    assert effect["factor without drug"].p_better > 0.9
    total = effect["drug without factor"].effect.mean + effect["interaction"].effect.mean
    assert effect["drug with factor"].effect.mean == pytest.approx(total)


def test_where_higher_is_better_the_same_numbers_are_a_harm(diary):
    lower = factorial(question(), scored(diary, (0.0, 0.0, -4.0)), FACTOR).interaction
    higher = factorial(question(better="higher"), scored(diary, (0.0, 0.0, -4.0)), FACTOR).interaction
    assert higher.effect == lower.effect
    assert higher.p_better == pytest.approx(1 - lower.p_better, abs=1e-9)


def test_a_day_that_does_not_say_the_factor_takes_the_day_before(diary):
    column = diary.covariates[FACTOR].copy()
    column[[0, 1, 50, 51]] = np.nan
    changed = replace(diary, covariates={FACTOR: column})
    read = factor_by_day(changed, FACTOR, 0, len(diary))
    assert read.tolist() == (diary.covariates[FACTOR] > 0).tolist()


def test_without_the_factor_the_drug_is_what_the_plain_analysis_finds(diary):
    """A factor that is never in force leaves the effect of the drug as it is without one."""
    plain = scored(diary, (-2.0, 0.0, 0.0))
    never = replace(plain, covariates={FACTOR: np.zeros(len(diary))})
    found = {one.of: one for one in factorial(question(), never, FACTOR).effects}["drug without factor"].effect
    answer = modicum.analyse(
        never, outcome="pain", kind="gaussian", better="lower", range=(0, 10), mcid=1, onset="4,0.8"
    ).answer
    single = answer.doses[0].effect
    assert found.mean == pytest.approx(single.mean, abs=0.05)
    assert found.sd == pytest.approx(single.sd, rel=0.05)
