"""Interim posteriors: carried on they are those of the readable form within the same windows, and near a fresh fit."""

from dataclasses import replace

import numpy as np
import pytest

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Axes, Counts, prior_axes
from modicum.analysis.batch.fitting import BATCH_COUNTS, Wanted, fit_many, trial_of
from modicum.analysis.batch.growing import GrowingFits
from modicum.analysis.design import design
from modicum.analysis.fitting import axes_without_doses
from modicum.analysis.integration import integrate_within
from modicum.analysis.posterior import Posterior
from modicum.analysis.question import Onset
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary
from virtual_diaries import CROSSOVER, TITRATION, Truth, diary, question

COUNTS = Counts(tau=7, ell=8, omega=5, sigma=4)
REVIEWS = (14.0, 28.0, 42.0, 56.0, 70.0)
PLANNED = question(planned_days=84.0)
NEAR = 0.04  # of a posterior sd, and of an sd: twice the error that the grid itself may leave


def until(kept: Diary, day: float) -> Diary:
    """The diary as it was on a day."""
    here = kept.time_days < day
    columns = {name: value[here] for name, value in vars(kept).items() if isinstance(value, np.ndarray)}
    return replace(kept, **columns, scores={name: score[here] for name, score in kept.scores.items()})


def cases() -> list[tuple]:
    effect = Truth({1.5: -1.0, 3.0: -1.5, 4.5: -2.0})
    return [
        (PLANNED, diary(effect, TITRATION, seed=1, block_days=7), Assumptions()),
        (PLANNED, diary(effect, TITRATION, seed=2, block_days=7, entries_a_day=2, missing=0.4), Assumptions()),
        (replace(PLANNED, ladder_mg=(4.5,)), diary(effect, CROSSOVER, seed=3, block_days=8), Assumptions()),
        (PLANNED, diary(effect, TITRATION, seed=4, block_days=7, blinded=False), Assumptions()),
        (replace(PLANNED, onset=Onset("immediate")), diary(effect, TITRATION, seed=5, block_days=7), Assumptions()),
        (PLANNED, diary(effect, TITRATION, seed=6, block_days=7), Assumptions(white_noise=False)),
    ]


def trials_at(day: float):
    kept = [(asked, until(full, day), assumptions) for asked, full, assumptions in cases()]
    return kept, [trial_of(asked, now, schedule_of(now), assumptions) for asked, now, assumptions in kept]


def within(asked, now, assumptions, windows) -> Posterior:
    """The readable form within given windows (hypothesis, axis, end)."""
    columns = design(asked, now, schedule_of(now), assumptions)
    wide = prior_axes(asked, assumptions)
    axes = [
        Axes(*(replace(a, low=float(w[0]), high=float(w[1])) for a, w in zip(vars(wanted).values(), ends, strict=True)))
        for wanted, ends in zip((wide, axes_without_doses(columns, wide)), windows, strict=True)
    ]
    given = integrate_within(columns, axes[0], asked.priors, COUNTS)
    without = integrate_within(columns.without_doses(), axes[1], asked.priors, COUNTS)
    return Posterior(asked, assumptions, schedule_of(now), columns, given, without)


def test_every_review_is_the_readable_form_within_the_same_windows():
    growing = GrowingFits(COUNTS, threads=2)
    carried = 0
    for day in REVIEWS:
        kept, trials = trials_at(day)
        found = growing.review(range(len(trials)), trials)
        carried += int((~growing.fresh).sum())
        for i, (asked, now, assumptions) in enumerate(kept):
            expected = within(asked, now, assumptions, found.windows[i])
            sd = np.array([dose.effect.sd for dose in expected.doses])
            mean = np.array([dose.effect.mean for dose in expected.doses])
            k = len(sd)
            assert np.max(np.abs(found.effect_mean[i, :k] - mean) / sd) <= 1e-9
            assert found.effect_sd[i, :k] == pytest.approx(sd, rel=1e-9)
            assert found.log_evidence_effect[i] == pytest.approx(expected.given_effect.log_evidence, rel=1e-9)
            assert found.log_evidence_no_effect[i] == pytest.approx(expected.log_evidence_no_effect, rel=1e-9)
    assert carried >= len(cases())  # else nothing was shown


def test_every_review_is_near_a_fit_from_the_start():
    growing = GrowingFits()
    for day in REVIEWS:
        _, trials = trials_at(day)
        found, fresh = growing.review(range(len(trials)), trials), fit_many(trials)
        assert np.nanmax(np.abs(found.effect_mean - fresh.effect_mean) / fresh.effect_sd) <= NEAR
        assert np.nanmax(np.abs(found.effect_sd / fresh.effect_sd - 1)) <= NEAR
        assert np.max(np.abs(found.p_no_effect - fresh.p_no_effect)) <= 0.02


def test_a_corrected_entry_begins_afresh():
    growing = GrowingFits(COUNTS)
    asked, full, assumptions = cases()[0]
    early, late = until(full, 28.0), until(full, 42.0)
    growing.review(["one"], [trial_of(asked, early, schedule_of(early), assumptions)])
    changed = replace(late, scores={"pain": np.where(np.arange(len(late)) == 3, 9.0, late.scores["pain"])})
    trial = trial_of(asked, changed, schedule_of(changed), assumptions)
    found, alone = growing.review(["one"], [trial]), fit_many([trial], COUNTS)
    assert growing.fresh.all()
    assert found.effect_mean.tobytes() == alone.effect_mean.tobytes()


def test_a_dose_corrected_in_the_past_begins_afresh():
    growing = GrowingFits(COUNTS)
    asked, full, assumptions = cases()[0]
    early, late = until(full, 28.0), until(full, 42.0)
    growing.review(["one"], [trial_of(asked, early, schedule_of(early), assumptions)])
    changed = replace(late, dose_mg=np.where(late.dosing_day == 9, 3.0, late.dose_mg))
    trial = trial_of(asked, changed, schedule_of(changed), assumptions)
    found = growing.review(["one"], [trial])
    assert growing.fresh.all()
    assert found.effect_mean.tobytes() == fit_many([trial], COUNTS).effect_mean.tobytes()


def test_trials_may_come_pause_and_go():
    growing = GrowingFits(COUNTS)
    _, first = trials_at(28.0)
    _, second = trials_at(42.0)
    growing.review(["a", "b"], first[:2])
    growing.review(["c", "a"], [first[2], second[0]])
    found = growing.review(["b", "c"], [second[1], second[2]])
    fresh = fit_many([second[1], second[2]])
    assert np.nanmax(np.abs(found.effect_mean - fresh.effect_mean) / fresh.effect_sd) < 0.2  # COUNTS are coarse
    growing.forget(["a", "b", "c"])
    again = growing.review(["a"], second[:1])
    assert again.effect_mean.tobytes() == fit_many(second[:1], COUNTS).effect_mean.tobytes()


def test_windows_that_no_longer_serve_are_sought_anew():
    growing = GrowingFits(COUNTS)
    asked, full, assumptions = cases()[0]
    moved = replace(
        full, scores={"pain": np.where(full.time_days < 28, 5.0 + 0.01 * (full.dosing_day % 2), full.scores["pain"])}
    )
    for day in (28.0, 84.0):
        now = until(moved, day)
        trial = trial_of(asked, now, schedule_of(now), assumptions)
        found = growing.review(["one"], [trial])
    assert growing.fresh.all()
    assert found.effect_mean.tobytes() == fit_many([trial], COUNTS).effect_mean.tobytes()


def test_what_a_review_cannot_give_is_refused():
    with pytest.raises(ValueError, match="fit_many does"):
        GrowingFits(BATCH_COUNTS).review([], [], wanted=Wanted(p_smallest=True))
