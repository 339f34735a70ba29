"""Nights: the capsule of an evening is in force on the day after it, so that a block begins a night before it shows."""

import datetime as dt

import numpy as np
import pytest

from modicum.participants.population import read_population
from modicum.protocol import read_protocol
from modicum.simulation.people import virtual_life
from modicum.trial.block import Block, in_force
from modicum.trial.running import Trial

PROTOCOLS = ("ldn-smallest-dose", "ldn-open", "ldn-crossover")


@pytest.fixture(params=PROTOCOLS)
def trial(request) -> Trial:
    """A trial of a virtual person, up to its first review."""
    life = virtual_life(read_protocol(request.param), read_population("typical"), seed=5, person=0)
    life.to_next_look()
    return life.trial


def test_no_day_before_a_review_feels_what_the_review_chooses(trial):
    before, begins = None, 0
    for block in trial.state.blocks:
        task = trial.task(begins)
        held = (0.0, 0.0) if before is None else (before.announced, before.capsule_mg)
        assert (task.announced, task.capsule_mg) == held
        before, begins = block, begins + block.days
    assert len(trial.state.blocks) > 1


def test_the_diary_and_the_task_of_a_day_say_the_same(trial):
    diary = trial.known()
    tasks = [trial.task(day) for day in range(trial.days)]
    assert diary.planned_mg.tolist() == [task.capsule_mg for task in tasks]
    assert diary.announced.tolist() == [task.announced for task in tasks]
    assert diary.phase == tuple(task.phase for task in tasks)


def test_the_guess_is_asked_in_the_middle_of_a_block_by_its_evenings(trial):
    asked = [day for day in range(trial.days) if trial.task(day).guess]
    ends = np.cumsum([block.days for block in trial.state.blocks])
    middles = [end - block.days + block.days // 2 for block, end in zip(trial.state.blocks, ends, strict=True)]
    assert asked == [day for day, block in zip(middles, trial.state.blocks, strict=True) if block.guess]


def test_a_trial_that_begins_with_capsules_has_a_first_day_without():
    whole = (Block("titration", 0.8, 0.5, 3), Block("titration", 0.8, 1.5, 2))
    found = [(block.announced, block.capsule_mg, block.days) for block in in_force(whole)]
    assert found == [(0.0, 0.0, 1), (0.8, 0.5, 3), (0.8, 1.5, 1)]


@pytest.mark.parametrize("blocks", [(), (Block("run-in", 0.0, 0.0, 1),)])
def test_there_are_as_many_days_in_force_as_planned(blocks):
    assert sum(block.days for block in in_force(blocks)) == sum(block.days for block in blocks)


def test_an_evening_is_asked_for_at_eight(trial):
    assert trial.task(3).due == trial.start + dt.timedelta(days=3, hours=20)
