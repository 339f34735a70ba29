from dataclasses import replace

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.schedule import blocks_of, schedule_of
from modicum.records.diary import Diary

NAN = np.nan


def made(dose, day=None, **columns):
    day = np.arange(len(dose)) if day is None else np.asarray(day)
    time = day + 20 / 24
    arrays = {k: np.asarray(v, float) if k not in ("phase", "guess_reason") else tuple(v) for k, v in columns.items()}
    return Diary(time_days=time, received_days=time, dosing_day=day, dose_mg=np.asarray(dose, float), **arrays)


def test_an_unknown_dose_is_the_last_known_and_is_counted():
    found = schedule_of(made([0, 1, NAN, NAN, 2]))
    assert found.taken_mg.tolist() == [0, 1, 1, 1, 2]
    assert found.unknown.sum() == 2


def test_a_day_without_an_entry_is_a_day_of_unknown_dose():
    found = schedule_of(made([0, 1, 2], day=[0, 2, 5]))
    assert found.taken_mg.tolist() == [0, 0, 1, 1, 1, 2]
    assert found.unknown.sum() == 3


def test_before_the_first_known_dose_there_is_none():
    assert schedule_of(made([NAN, NAN, 1])).taken_mg.tolist() == [0, 0, 1]


def test_the_schedule_is_analysed_and_not_what_was_taken():
    found = schedule_of(made([0, 1, 0, 1], planned_mg=[0, 1, 1, 1]))
    assert found.dose(Assumptions()).tolist() == [0, 1, 1, 1]
    assert found.dose(Assumptions(dose="taken")).tolist() == [0, 1, 0, 1]


def test_an_unknown_dose_is_the_planned_one_where_there_is_a_plan():
    assert schedule_of(made([0, NAN, 1], planned_mg=[0, 2, 2])).taken_mg.tolist() == [0, 2, 1]


def test_without_a_plan_assigned_and_taken_are_the_same():
    found = schedule_of(made([0, 1, NAN]))
    assert not found.has_schedule
    assert found.assigned_mg.tolist() == found.taken_mg.tolist()


def test_what_was_told_is_half_where_blinded_and_certain_where_open():
    found = schedule_of(made([0, 1, 1, 0, 0], blinded=[0, 0, 1, 1, 0]))
    assert found.announced.tolist() == [0, 1, 0.5, 0.5, 0]


def test_the_announced_column_wins_over_phase_and_blinding():
    diary = made([0, 1], blinded=[1, 1], announced=[0.2, NAN], phase=["a", "a"])
    assert schedule_of(diary, {"a": 0.7}).announced.tolist() == [0.2, 0.2]
    assert schedule_of(replace(diary, announced=None), {"a": 0.7}).announced.tolist() == [0.7, 0.7]


def test_a_blinded_comparison_is_a_week_without_and_a_week_with_under_one_announcement():
    dose, blinded = [0] * 7 + [1] * 7 + [0] * 7, [0] * 7 + [1] * 14
    days = np.arange(21)
    assert schedule_of(made(dose, blinded=blinded)).blinded_drug_free(days)
    assert not schedule_of(made(dose, blinded=blinded)).blinded_drug_free(days[:-1])
    assert not schedule_of(made(dose)).blinded_drug_free(days)
    assert not schedule_of(made(dose, announced=[0.5] * 7 + [0.6] * 7 + [0.7] * 7)).blinded_drug_free(days)


def test_days_before_the_first_known_dose_are_no_placebo():
    found = schedule_of(made([NAN] * 10 + [1] * 10, blinded=[1] * 20))
    assert found.assumed_none.sum() == 10
    assert not found.blinded_drug_free(np.arange(20))
    assert schedule_of(made([0] * 10 + [1] * 10, blinded=[1] * 20)).blinded_drug_free(np.arange(20))


def test_a_day_without_a_plan_follows_the_plan_and_not_what_was_taken():
    found = schedule_of(made([1, 0, 1, 0], planned_mg=[1, NAN, 1, 0]))
    assert found.assigned_mg.tolist() == [1, 1, 1, 0]
    assert not found.plan_carried.any()
    changed = schedule_of(made([1, 0, 0], planned_mg=[1, NAN, 0]))
    assert changed.plan_carried.tolist() == [False, True, False]


def test_evenings_follow_the_dose_hour():
    for hour in (8.0, 22.0):
        found = schedule_of(replace(made([0, 1, 0]), dose_hour=hour))
        assert ((found.evenings(np.arange(3)) % 1) * 24).round(6).tolist() == [20.0] * 3
        inside = found.evenings(np.arange(3)) - found.starts_days
        assert np.all((inside >= 0) & (inside < 1))


def test_a_guess_for_side_effects_holds_for_its_whole_period_and_no_other_guess_does():
    diary = made(
        [0, 0, 1, 1, 0, 0],
        blinded=[1] * 6,
        guess=[NAN, 0.9, NAN, 0.95, NAN, 0.1],
        guess_reason=["", "benefit", "", "side-effect", "", "none"],
    )
    assert schedule_of(diary).belief.tolist() == [0.5, 0.5, 0.95, 0.95, 0.5, 0.5]


def test_a_dosing_day_starts_at_the_dose_hour_of_the_evening_before():
    found = schedule_of(replace(made([0, 1]), dose_hour=21.0))
    assert found.starts_days.tolist() == [-3 / 24, 1 - 3 / 24]


def test_blocks_are_runs_of_one_dose_one_phase_and_one_announcement():
    found = blocks_of(schedule_of(made([0, 0, 1, 1, 1], blinded=[0, 1, 1, 1, 1], phase=["a", "a", "a", "a", "b"])))
    assert [(b.dose_mg, b.announced, b.phase, round(b.end_days - b.start_days)) for b in found] == [
        (0, 0, "a", 1),
        (0, 0.5, "a", 1),
        (1, 0.5, "a", 2),
        (1, 0.5, "b", 1),
    ]


def test_entries_after_an_opioid_or_a_stop_are_censored():
    opioid = made([1, 1, 1, 1], opioid=[0, 1, 0, NAN])
    assert opioid.censored.tolist() == [False, True, True, True]
    stopped = made([1, 1, 1, 1], stopped=[0, 1, 0, NAN])
    assert stopped.censored.tolist() == [False, False, True, True]
