import numpy as np
import pytest
from scipy.special import expit

from modicum.analysis.outcomes.points import Points
from modicum.analysis.outcomes.psi import Psi
from modicum.analysis.schedule import schedule_of
from modicum.analysis.side_effects import any_event, attributable, dose_scale, model_side_effect, step_design
from modicum.records.diary import Diary

LADDER = np.array([0.5, 4.5])
KITS = ("run-in", "A", "B", "C")


def designed(dose, phase=None, event=None, hours=20.0, planned=None):
    days = np.arange(len(dose))
    time = days + hours / 24
    kept = Diary(
        time_days=time,
        received_days=time,
        dosing_day=days,
        dose_mg=np.asarray(dose, float),
        planned_mg=None if planned is None else np.asarray(planned, float),
        scores={},
        phase=phase,
        virtual=True,
    )
    event = np.zeros(len(days)) if event is None else np.asarray(event, float)
    return step_design(LADDER, schedule_of(kept), time, days, event)


def points(a, b, c, n, *, tau=4.0, sd=0.7, ell=4.0):
    psi = Psi(*(np.array([value]) for value in (tau, ell, sd, 0.0)))
    return Points(psi, np.array([[a, b, c, n]], float), np.zeros((1, 0)), np.zeros(1), np.zeros(1, int))


def test_what_is_left_of_steps_is_the_sum_of_their_decays():
    design = designed([0, 0, 0.5, 0.5, 4.5, 4.5, 0, 0.5])
    tau, g = 3.0, np.log1p(np.array([0, 0, 0.5, 0.5, 4.5, 4.5, 0, 0.5]) / 1.5)
    starts = {2: g[2], 4: g[4] - g[2], 6: 0.0, 7: g[7]}
    time = np.arange(8) + 20 / 24
    wanted = np.zeros((8, 2))
    for day, rise in starts.items():
        since = time - (day - 2 / 24)
        wanted += np.where(since >= 0, np.exp(-np.maximum(since, 0) / tau), 0.0)[:, None] * [rise, 1.0]
    np.testing.assert_allclose(design.timed(np.array([tau]))[0], wanted, atol=1e-12)
    np.testing.assert_allclose(design.fixed[:, 1], g)


def test_a_new_kit_without_drug_is_a_step_and_the_first_day_without_drug_is_none():
    plain = designed([0, 0, 0, 0])
    assert plain.timed(np.array([4.0])).max() == 0.0
    kits = designed([0, 0, 0, 0], phase=("run-in", "run-in", "A", "A"))
    left = kits.timed(np.array([4.0]))[0]
    assert left[1].tolist() == [0.0, 0.0]
    assert left[2, 0] == 0.0
    assert left[2, 1] > 0.7


@pytest.mark.parametrize("hour", [20.0, 22.0, 23.0])
def test_a_step_counts_once_also_for_an_entry_at_the_very_moment_of_the_dose(hour):
    design = designed([0, 0, 4.5, 4.5, 4.5], hours=hour)
    left = design.timed(np.array([1e9]))[0]
    assert left[-1].tolist() == pytest.approx([np.log1p(4.5 / 1.5), 1.0], abs=1e-6)


def test_a_forgotten_capsule_is_a_night_without_its_dose_and_no_step():
    taken = [0, 0, 4.5, 4.5, 0, 4.5, 4.5]
    design = designed(taken, planned=[0, 0, 4.5, 4.5, 4.5, 4.5, 4.5])
    assert design.rises.tolist() == pytest.approx([np.log1p(4.5 / 1.5)])
    np.testing.assert_allclose(design.fixed[:, 1], np.log1p(np.array(taken) / 1.5))


def test_drug_from_the_first_day_is_a_step():
    assert designed([0.5, 0.5]).timed(np.array([4.0]))[0, 0, 0] > 0.0


def test_the_dose_scale_is_zero_at_no_drug_and_log_2_in_the_middle_of_the_ladder():
    assert dose_scale(LADDER, np.array([0.0, 1.5])).tolist() == pytest.approx([0.0, np.log(2.0)])


def test_a_rate_without_runs_is_the_difference_of_two_chances():
    added = attributable(points(-1.0, 0.8, 3.0, 1.0, sd=1e-6), dose_scale(LADDER, LADDER))
    wanted = expit(-1.0 + 0.8 * np.log1p(LADDER / 1.5)) - expit(-1.0)
    np.testing.assert_allclose(added[0], wanted, atol=1e-6)


def test_the_chance_of_any_event_is_that_of_simulated_weeks():
    a, b, c, n, tau, sd, ell = -2.0, 0.7, 1.0, 0.5, 3.0, 1.2, 5.0
    level, rise = 0.8, 0.5
    any_in_week, nights = any_event(points(a, b, c, n, tau=tau, sd=sd, ell=ell), level, rise)
    rng = np.random.default_rng(2)
    after = np.arange(7) + 22 / 24
    eta = a + b * level + (c * rise + n) * np.exp(-after / tau)
    u = np.empty((200_000, 7))
    u[:, 0] = sd * rng.standard_normal(len(u))
    keep = np.exp(-1 / ell)
    for i in range(1, 7):
        u[:, i] = keep * u[:, i - 1] + sd * np.sqrt(1 - keep**2) * rng.standard_normal(len(u))
    chance = expit(eta + u)
    assert any_in_week[0] == pytest.approx(1 - np.prod(1 - chance, axis=1).mean(), abs=4e-3)
    np.testing.assert_allclose(nights[0], chance.mean(0), atol=4e-3)


def test_the_step_ahead_is_the_next_dose_and_none_above_the_highest():
    dose = np.repeat([0.0, 0.5], 10)
    design = designed(dose, event=np.tile([0.0, 1.0, 0.0, 0.0], 5))
    ahead = model_side_effect(design, LADDER, 0.5).ahead
    assert ahead is not None
    assert ahead.dose_mg == 4.5
    assert len(ahead.nights) == 14
    assert ahead.any_in_week.mean > max(ahead.nights)
    assert model_side_effect(design, LADDER, 4.5).ahead is None


def test_a_side_effect_that_comes_with_the_dose_is_laid_to_it():
    dose = np.repeat([0.0, 4.5, 0.0, 4.5], 14)
    rng = np.random.default_rng(5)
    event = rng.random(56) < np.where(dose > 0, 0.7, 0.1)
    found = model_side_effect(designed(dose, event=event), LADDER, 4.5)
    assert found.doses[1].attributable.interval95[0] > 0.0
    assert found.usual.mean < 0.3
    unrelated = model_side_effect(designed(dose, event=rng.random(56) < 0.4), LADDER, 4.5)
    assert unrelated.doses[1].attributable.interval95[0] < 0.0
