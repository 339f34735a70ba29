import numpy as np
import pytest

from modicum.analysis.outcomes.families import Binary
from modicum.analysis.outcomes.model import columns_of
from modicum.analysis.outcomes.modes import Search, find_modes
from modicum.analysis.outcomes.psi import Psi
from modicum.analysis.outcomes.residual import ResidualProcess
from modicum.analysis.people import People
from modicum.analysis.schedule import schedule_of
from modicum.analysis.side_effects import dose_scale, step_design
from modicum.analysis.side_effects_of_many import _Many, added_by_dose, model_side_effect_of_many
from modicum.records.diary import Diary

LADDER = np.array([0.5, 1.5, 4.5])
TRUTH = {"usual": -1.5, "dose": 1.2, "step": 1.0, "change": 0.3, "fading": 4.0}


def person(seed, days_a_block=7, between=0.8):
    """A virtual person who steps up the ladder, with events drawn from the model without runs."""
    rng = np.random.default_rng(seed)
    dose = np.repeat([0.0, *LADDER, 0.0], days_a_block)
    day = np.arange(len(dose))
    diary = Diary(
        time_days=day + 20 / 24,
        received_days=day + 20 / 24,
        dosing_day=day,
        dose_mg=dose,
        scores={},
        rows_read=len(day),
        virtual=True,
    )
    schedule = schedule_of(diary)
    empty = step_design(LADDER, schedule, diary.time_days, day, np.zeros(len(day)))
    columns = columns_of(empty, np.array([TRUTH["fading"]]))[0]
    eta = columns @ [TRUTH["usual"] + between * rng.normal(), TRUTH["dose"], TRUTH["step"], TRUTH["change"]]
    event = (rng.random(len(day)) < 1 / (1 + np.exp(-eta))).astype(float)
    return step_design(LADDER, schedule, diary.time_days, day, event)


PSI = Psi(*(np.array(values) for values in ([2.0, 6.0], [3.0, 8.0], [0.5, 1.1], [0.4, 1.5])))


def test_people_side_by_side_have_the_mode_of_one_long_diary_with_a_column_for_each_person():
    people = [person(1), person(2, days_a_block=5), person(3)]
    found, own, own_sd = People.of(people).modes(PSI)
    offsets = np.repeat(np.eye(3), [len(one) for one in people], axis=0)
    columns = np.concatenate([columns_of(one, PSI.tau) for one in people], axis=1)
    covariance = np.zeros((2, 7, 7))
    covariance[:, :4, :4] = people[0].covariance
    covariance[:, 4:, 4:] = PSI.overdispersion[:, None, None] ** 2 * np.eye(3)
    gaps = np.concatenate([np.diff(one.time_days, prepend=-np.inf) for one in people])
    search = Search(
        Binary(),
        np.concatenate([one.score for one in people]),
        np.concatenate([columns, np.broadcast_to(offsets, (2, *offsets.shape))], axis=2),
        np.concatenate([people[0].mean, np.zeros(3)]),
        covariance,
        ResidualProcess(PSI.sd, PSI.ell, gaps),
    )
    long = find_modes(search, np.zeros((2, 0)))
    np.testing.assert_allclose(found.centre, long.centre[:, :4], atol=1e-4)
    np.testing.assert_allclose(found.covariance, long.covariance[:, :4, :4], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found.log_evidence, long.log_evidence, atol=1e-4)
    np.testing.assert_allclose(own, long.centre[0, 0] + long.centre[0, 4:], atol=1e-4)
    spread = long.covariance[0]
    expected = spread[0, 0] + 2 * spread[0, 4:] + np.diagonal(spread)[4:]
    np.testing.assert_allclose(own_sd, np.sqrt(expected), rtol=1e-3)


@pytest.fixture(scope="module")
def of_four():
    return model_side_effect_of_many([person(seed) for seed in range(4)], LADDER, points=512)


def test_chances_over_people_lie_between_none_and_one(of_four):
    found, points = of_four
    assert found.people == 4
    assert 0 < found.usual.mean < 1
    assert all(-1 < rate.attributable.mean < 1 for rate in found.doses)
    assert 0.05 < found.between_sd.mean < 3.0
    added = added_by_dose(points, dose_scale(LADDER, LADDER))
    assert added.shape == (512, 3)
    assert np.isfinite(points.log_weight).any()


def test_a_dose_that_brings_events_is_seen_to_over_four_people(of_four):
    found, points = of_four
    top = found.doses[-1].attributable
    assert top.mean > 0.1
    assert points.weight @ (points.coefficients[:, 1] > 0) > 0.9


@pytest.mark.parametrize("usual", [-1.5, -0.3, -3.0])
@pytest.mark.parametrize("between", [0.02, 0.1, 0.7, 3.0])
def test_each_own_rate_is_integrated_however_alike_people_are(between, usual):
    people = tuple(person(seed, between=0.0) for seed in range(4))
    model = _Many(people)
    psi, coefficients = Psi(*(np.array([v]) for v in (4.0, 4.0, 0.7, between))), np.array([[usual, 1.2, 1.0, 0.3]])
    z = np.linspace(-7, 7, 401)
    rule = -0.5 * z**2 - 0.5 * np.log(2 * np.pi) + np.log(z[1] - z[0])
    each = [model._at_rates(one, psi, coefficients, (usual + between * z)[None])[0] for one in people]
    dense = sum(np.log(np.exp(rule + values - values.max()).sum()) + values.max() for values in each)
    assert model.log_likelihood(psi, coefficients, np.zeros((1, 0)))[0] == pytest.approx(dense, abs=0.02)


def test_a_place_at_which_the_answers_are_impossible_is_impossible_and_not_unknown(monkeypatch):
    model = _Many((person(1),))
    monkeypatch.setattr(
        _Many, "_at_rates", staticmethod(lambda one, psi, coefficients, rate: np.full(rate.shape, -np.inf))
    )
    psi = Psi(*(np.array([value]) for value in (4.0, 4.0, 0.7, 0.7)))
    assert model.log_likelihood(psi, np.array([[-1.0, 0.0, 0.0, 0.0]]), np.zeros((1, 0)))[0] == -np.inf
