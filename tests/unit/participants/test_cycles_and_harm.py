"""Monthly cycles and harm: what a population gives its people beside noise and benefit, each with luck of its own."""

import datetime as dt

import numpy as np
import pytest

from modicum.participants.archetypes import ARCHETYPES, right_dose, rungs_of, stretch_of
from modicum.participants.population import read_population
from modicum.participants.task import Task
from modicum.participants.virtual import Virtual
from modicum.protocol import read_protocol
from modicum.simulation.scenario import Outcome, Scenario
from modicum.simulation.tally import Tally, true_dose

PLAN = read_protocol("ldn-smallest-dose")
NOTHING = dict.fromkeys(("white_share", "drift", "hope", "missed_entries", "missed_capsules", "prone"), 0.0)
QUIET = read_population("typical").but(level=5.0, residual_sd=1e-6, **NOTHING)
START = dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)


def lived(people, days, dose=0.0, *, person=0, archetype="none", plan=PLAN):
    """How bad every evening is, before it is rounded to whole points."""
    body = Virtual.of(plan, people, seed=1, person=person, archetype=archetype)
    felt = []
    bad = body._bad
    body._bad = lambda *given: felt.append(bad(*given)) or felt[-1]
    for day in range(days):
        body.answer(Task(day, START + dt.timedelta(days=day), "titration", 0.5, dose))
    return np.array(felt)


def test_a_cycle_comes_back_after_its_days_as_much_better_as_worse():
    felt = lived(QUIET.but(cycle_share=1.0, cycle=1.0), 84)
    assert felt[:56] == pytest.approx(felt[28:], abs=1e-4)
    assert felt[:28].mean() == pytest.approx(5.0, abs=1e-4)
    assert felt.max() - felt.min() == pytest.approx(2.0, abs=0.02)


def test_people_differ_in_whether_they_have_a_cycle_and_where_it_stands():
    people = QUIET.but(cycle_share=0.5)
    swings = [np.ptp(lived(people, 28, person=person)) for person in range(60)]
    assert 18 <= sum(swing > 1 for swing in swings) <= 42
    worst = {int(np.argmax(lived(QUIET.but(cycle_share=1.0), 28, person=person))) for person in range(12)}
    assert len(worst) > 5


def test_harm_grows_with_the_dose_whatever_the_drug_helps():
    people = QUIET.but(harm=0.4)
    after = {dose: lived(people, 60, dose)[-1] for dose in (0.0, 1.5, 4.5)}
    assert after == pytest.approx({0.0: 5.0, 1.5: 5.6, 4.5: 6.8}, abs=1e-3)
    helped = lived(people, 60, 1.5, archetype="threshold-0.5")[-1]
    assert helped == pytest.approx(5.6 - 1.5, abs=1e-3)


def test_a_dose_that_harms_more_than_it_helps_is_not_the_right_one():
    ladder = (0.5, 1.5, 3.0, 4.5)
    assert right_dose("threshold-3", ladder, 1.5, harm_in_mcid=0.1) == 3.0
    assert right_dose("threshold-3", ladder, 1.5, harm_in_mcid=0.2) is None
    assert right_dose("threshold-0.5", ladder, 1.5, harm_in_mcid=0.2) == 0.5


def of_another_drug(ladder):
    drug = PLAN.drug.model_copy(update={"name": "somnorex", "unit": "mg", "ladder_mg": ladder})
    return PLAN.model_copy(update={"drug": drug})


def test_the_archetypes_are_stretched_to_the_ladder_of_another_drug():
    plan = of_another_drug((10.0, 30.0, 60.0, 90.0))
    assert (stretch_of(plan), rungs_of(plan)) == (0.05, (10.0, 30.0, 60.0, 90.0))
    assert (stretch_of(PLAN), rungs_of(PLAN)) == (1.0, (0.5, 1.5, 3.0, 4.5))
    nothing, all_of_it = (lived(QUIET, 60, dose, archetype="threshold-1.5", plan=plan)[-1] for dose in (10.0, 30.0))
    assert (nothing, all_of_it) == pytest.approx((5.0, 3.5), abs=1e-3)
    right = {a: true_dose(Scenario(plan, None, QUIET, a, 1.5)) for a in ARCHETYPES}
    assert right == {a: dose and dose * 20 for a, dose in ((a, right_dose(a, rungs_of(PLAN), 1.5)) for a in ARCHETYPES)}


def test_the_right_dose_of_another_drug_is_counted_on_its_own_ladder():
    plan = of_another_drug((10.0, 30.0, 60.0, 90.0))
    one = Outcome(0, "works", 60.0, True, "finished", 200, 0, 0.1, (), ())
    found = Tally.of(Scenario(plan, None, QUIET, "threshold-1.5", 1.5), [one])
    assert (found.within_a_rung, found.exact) == (1, 0)
    one_dose = of_another_drug((1.0,))
    found = Tally.of(Scenario(one_dose, None, QUIET, "threshold-1.5", 1.5), [Outcome(**{**vars(one), "dose_mg": 1.0})])
    assert (found.within_a_rung, found.exact) == (1, 1)
