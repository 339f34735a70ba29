"""The benchmark of the simulation compares like with like."""

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "benchmarks" / "simulation.py"


@pytest.fixture(scope="module")
def simulation():
    spec = importlib.util.spec_from_file_location("simulation_benchmark", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_trials_reviewed_in_batches_and_one_at_a_time_go_the_same_way(simulation):
    together = simulation.in_batches(2)
    assert together == simulation.one_at_a_time(2)
    assert all(decisions[0][0] == "run-in" for decisions in together)


def test_as_many_people_are_counted_as_were_asked_for(simulation):
    assert simulation.many(3).trials == 3
