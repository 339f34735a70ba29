"""A severe complaint stops a trial on the day on which it is told, once there are capsules that it could be of."""

import datetime as dt
from dataclasses import replace

import pytest

from modicum.foundation.streams import stream
from modicum.protocol import read_protocol
from modicum.records.events import Entry
from modicum.trial.roles import draw_roles
from modicum.trial.running import Trial

START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
FIRST_CAPSULE = 14  # the evening of the first capsule, after a run-in of two weeks


@pytest.fixture
def trial():
    plan = read_protocol("ldn-crossover")
    return Trial(plan, draw_roles(plan, stream(1, "roles")), START, virtual=True)


def told(day, severity, days_late=0):
    evening = START + dt.timedelta(days=day, hours=20)
    return Entry(
        id=f"{day}",
        happened_at=evening,
        received_at=evening + dt.timedelta(days=days_late),
        scores={"pain": 5.0},
        side_effects={"headache": severity},
    )


@pytest.mark.parametrize(("day", "late"), [(FIRST_CAPSULE + 1, 0), (FIRST_CAPSULE + 1, 3), (40, 0)])
def test_a_severe_complaint_on_capsules_ends_the_trial_for_harm_on_the_day_it_arrives(trial, day, late):
    trial.receive(told(day, 3, late))
    assert trial.state.ending.code == "harm"
    assert trial.days == day + late + 1


@pytest.mark.parametrize("day", [0, 3, FIRST_CAPSULE])
def test_what_was_severe_before_the_first_capsule_could_act_ends_nothing(trial, day):
    before = trial.state
    trial.receive(told(day, 3))
    assert trial.state == before


def test_a_troublesome_complaint_ends_nothing(trial):
    trial.receive(told(FIRST_CAPSULE + 5, 2))
    assert trial.state.ending is None


def test_who_leaves_before_the_first_capsule_has_left(trial):
    trial.receive(replace(told(3, 0), stops=True))
    assert trial.state.ending.code == "withdrawn"
    assert trial.days == 4
