"""Tallies add up, and say what they counted with their Monte Carlo error."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from modicum.participants.population import read_population
from modicum.protocol import read_protocol
from modicum.simulation.scenario import Outcome, Scenario
from modicum.simulation.tally import Tally, share, weeks

PROTOCOL = read_protocol("ldn-smallest-dose")
SCENARIO = Scenario(PROTOCOL, None, read_population("typical"), "threshold-1.5", 1.5)
ONE = Outcome(0, "works", 1.5, True, "finished", 200, 10, 0.1, (), ())


def tally(*outcomes, scenario=SCENARIO):
    return Tally.of(scenario, outcomes)


def test_two_tallies_add_up_to_the_tally_of_all():
    outcomes = [ONE, replace(ONE, verdict="cannot-tell", dose_mg=None, days=50), replace(ONE, dose_mg=4.5, days=300)]
    assert tally(*outcomes) == tally(*outcomes[:1]) + tally(*outcomes[1:])
    assert tally() + tally(*outcomes) == tally(*outcomes)


def test_of_two_rungs_equally_far_the_one_that_is_nearer_in_proportion_counts():
    """Usual practice stops at 1 mg, as far from 0.5 as from 1.5 mg: where 3 mg is right, that is one rung below."""
    usual = replace(SCENARIO, archetype="threshold-3")
    assert Tally.of(usual, [replace(ONE, dose_mg=1.0)]).within_a_rung == 1
    assert Tally.of(usual, [replace(ONE, dose_mg=0.5)]).within_a_rung == 0


def test_a_tally_reads_back_as_it_was_written():
    found = tally(ONE, replace(ONE, days=20, side_effect_days=3))
    assert Tally.read(found.write()) == found


@pytest.mark.parametrize(
    ("dose_mg", "near", "exact"), [(1.5, 1, 1), (0.5, 1, 0), (3.0, 1, 0), (4.5, 0, 0), (2.0, 1, 1), (2.5, 1, 0)]
)
def test_the_right_dose_is_counted_on_the_nearest_rung_give_or_take_one(dose_mg, near, exact):
    found = tally(replace(ONE, dose_mg=dose_mg))
    assert (found.within_a_rung, found.exact, found.ended_rightly) == (near, exact, near)


def test_where_nothing_works_a_trial_ends_rightly_unless_the_drug_is_declared():
    useless = replace(SCENARIO, archetype="none")
    assert tally(ONE, scenario=useless).ended_rightly == 0
    assert tally(replace(ONE, verdict="cannot-tell", dose_mg=None), scenario=useless).ended_rightly == 1


def test_a_smaller_dose_that_would_do_counts_as_declared_and_a_qualified_one_is_not_unqualified():
    found = tally(replace(ONE, verdict="works-smaller-too", unqualified=False))
    assert (found.declared, found.unqualified) == (1, 0)


def test_a_share_has_the_error_of_its_number():
    assert share(20, 100) == {"p": 0.2, "mcse": pytest.approx(0.04)}
    assert share(0, 0) == {"p": None, "mcse": None}


@pytest.mark.parametrize("days", [[70], [70, 140], [7, 14, 140], [10, 10, 10, 500], list(range(1, 100))])
def test_weeks_are_those_of_the_trials(days):
    found = weeks(Counter(days))
    assert found["mean"] == pytest.approx(np.mean(days) / 7)
    assert found["median"] == pytest.approx(np.median(days) / 7)


def test_of_no_trials_there_are_no_weeks():
    assert weeks(Counter()) == {"mean": None, "median": None, "mcse": None}
