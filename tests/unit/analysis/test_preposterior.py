from dataclasses import replace

import numpy as np
import pytest

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.design import design
from modicum.analysis.fitting import fit
from modicum.analysis.preposterior import outlook
from modicum.analysis.schedule import schedule_of
from virtual_diaries import CROSSOVER, Truth, diary, immediate, question

FUTURES = 150
SMALL = Counts().scaled(0.6)


def fitted(asked, kept):
    return fit(asked, kept, schedule_of(kept), Assumptions(), SMALL)


def test_more_pairs_tell_more():
    kept = diary(Truth({4.5: -1.2}), CROSSOVER[:3], seed=1)
    found = fitted(question((4.5,)), kept)
    told = [outlook(found, kept, 0, pairs=n, half_days=14, p_better=0.975, p_mcid=0.5).p_tells for n in (1, 3, 8)]
    assert told[0] < told[1] < told[2] <= 1


def test_chances_foreseen_come_out_over_many_futures():
    """Futures drawn from the posterior and analysed anew; 3 Monte Carlo standard errors, 1 in 400 false alarms."""
    priors = replace(
        question().priors, sd_log_sd=1e-3, correlation_log_sd=1e-3, white_share_a=3e5, white_share_b=7e5, sd_median=1.5
    )
    asked = immediate(ladder=(4.5,), priors=replace(priors, odds_no_effect=1e-9))
    past, future = CROSSOVER[:3], (4.5, 0, 0, 4.5)
    kept = diary(Truth({4.5: -1.2}), past, seed=2, missing=0.0, rounded=False)
    found = fitted(asked, kept)
    foreseen = outlook(found, kept, 0, pairs=2, half_days=14, p_better=0.975, p_mcid=0.5)
    draws = found.draws(FUTURES, seed=3)
    works = [_works(asked, kept, past + future, {k: v[i] for k, v in draws.items()}, i) for i in range(FUTURES)]
    p = foreseen.p_works
    assert abs(np.mean(works) - p) < 3 * np.sqrt(p * (1 - p) / FUTURES) + 0.02


def _works(asked, kept, blocks, truth, seed):
    rng = np.random.default_rng([7, seed])
    whole = diary(Truth({}), blocks, seed=0, missing=0.0, rounded=False)
    made = design(asked, whole, schedule_of(whole), Assumptions())
    columns = np.concatenate([made.fixed, made.timed(np.zeros(1))[0]], axis=1)
    mean = columns @ np.array([truth[name] for name in made.names])
    time = made.time_days
    gap = np.abs(time[:, None] - time)
    noise = 1.5**2 * (0.7 * np.exp(-gap / 4.0) + 0.3 * np.eye(len(time)))
    n = len(kept)
    given = kept.scores["pain"] - mean[:n]
    gain = noise[n:, :n] @ np.linalg.inv(noise[:n, :n])
    rest = noise[n:, n:] - gain @ noise[:n, n:]
    later = mean[n:] + gain @ given + np.linalg.cholesky(rest) @ rng.normal(size=len(time) - n)
    scores = np.r_[kept.scores["pain"], later]
    dose = fit(
        asked, replace(whole, scores={"pain": scores}), schedule_of(whole), Assumptions(), Counts(3, 3, 3, 5)
    ).doses[0]
    return dose.p_better >= 0.975 and dose.p_mcid_given_effect >= 0.5


def test_a_drug_known_to_do_nothing_is_foreseen_not_to_work():
    kept = diary(Truth({}, sd=0.8), CROSSOVER, seed=4)
    foreseen = outlook(fitted(question((4.5,)), kept), kept, 0, pairs=4, half_days=14, p_better=0.975, p_mcid=0.5)
    assert foreseen.p_works < 0.1
    assert foreseen.p_nothing == pytest.approx(1.0, abs=0.15)
