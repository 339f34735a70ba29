"""Leaks: what visible decisions betray."""

import pytest

from modicum.foundation.streams import stream
from modicum.protocol import read_protocol
from modicum.simulation.leaks import balanced_accuracy
from modicum.simulation.scenario import Outcome

FLAGSHIP = read_protocol("ldn-smallest-dose")
RUN_IN = ("run-in", "start", 14)


def outcome(person, arms, phase="titration", ending="futile"):
    blocks = tuple((phase, "continue", 14) for _ in arms)
    return Outcome(person, "cannot-tell", None, False, ending, 100, 0, 0.5, (RUN_IN, *blocks), (False, *arms))


def shuffled(person, count=6):
    return [bool(arm) for arm in stream(1, "arms", person).permutation([1] * (count - 2) + [0, 0])]


def test_a_fair_order_betrays_nothing():
    found = balanced_accuracy(FLAGSHIP, [outcome(person, shuffled(person)) for person in range(2000)])
    assert found == pytest.approx(0.5, abs=0.03)


def test_an_order_that_is_always_the_same_betrays_everything():
    assert balanced_accuracy(FLAGSHIP, [outcome(person, [True, False, True]) for person in range(20)]) == 1.0


def test_a_phase_that_is_left_after_placebo_betrays_it():
    """The sabotage twin of the rule that a look after a placebo block is kept for the next active one."""
    left = []
    for person in range(2000):
        arms = shuffled(person)
        left.append(outcome(person, arms[: arms.index(False) + 1]))
    assert balanced_accuracy(FLAGSHIP, left) > 0.6


def test_the_run_in_is_no_secret_and_is_not_counted():
    assert balanced_accuracy(FLAGSHIP, [outcome(person, []) for person in range(10)]) is None
