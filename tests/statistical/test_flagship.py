"""The whole flagship at small counts; each test fails by chance in at most 1 of 1,000 repetitions."""

from dataclasses import replace

import pytest

from modicum.analysis.axes import Counts
from modicum.simulation.tally import Tally
from verification import flagship
from verification.counts import count
from verification.flagship import row_name, run_leaks, run_power, run_third, run_useless, useless
from verification.grid_decisions import run_grid_decisions

SOME_CELLS = [("hard", (0.9, 0.0, 1.0)), ("hard", (0.3, 0.3, 2.0)), ("typical", (0.9, 0.3, 1.0))]


@pytest.mark.parametrize(("population", "cell"), SOME_CELLS)
def test_a_useless_drug_is_declared_without_qualification_in_at_most_five_of_a_hundred(population, cell):
    finding = run_useless(population, cell, count(row_name(population, cell)))
    assert finding.passed, finding.summary


def test_a_flagship_that_asks_for_little_declares_useless_drugs_too_often(monkeypatch):
    plan, question = flagship.asked(flagship.FLAGSHIP)
    asks = {"p_better": 0.6, "p_early": 0.6, "p_mcid": 0.1, "p_stop_all": 0.0}
    assert plan.rules.confirmation is not None
    lax = plan.rules.confirmation.model_copy(update=asks)
    rules = plan.rules.model_copy(update={"confirmation": lax, "p_agree": 0.1})
    monkeypatch.setattr(flagship, "asked", lambda _: (plan.model_copy(update={"rules": rules}), question))
    assert not run_useless("typical", (0.9, 0.0, 2.0), 60).passed


@pytest.mark.parametrize(
    ("trials", "unqualified", "held"), [(4000, 160, True), (4000, 195, False), (4000, 201, False), (1000, 40, False)]
)
def test_five_of_a_hundred_hold_only_where_there_are_people_enough_to_say_so(trials, unqualified, held):
    assert useless(Tally(trials=trials, unqualified=unqualified)).passed is held


def test_a_drug_that_works_is_found():
    finding = run_power(count("flagship-power"))
    assert finding.passed, finding.summary
    assert set(finding.figures["unqualified"]) == set(flagship.EFFECTIVE)


def strict(monkeypatch):
    """Rules that no drug can meet."""
    plan, question = flagship.asked(flagship.FLAGSHIP)
    never = plan.rules.confirmation.model_copy(update={"p_better": 1.0, "p_early": 1.0, "p_mcid": 1.0})
    rules = plan.rules.model_copy(update={"confirmation": never})
    usual = flagship.asked(flagship.OPEN)
    asked = {flagship.FLAGSHIP: (plan.model_copy(update={"rules": rules}), question), flagship.OPEN: usual}
    monkeypatch.setattr(flagship, "asked", asked.__getitem__)


def test_rules_that_no_drug_can_meet_find_none_and_end_too_seldom_rightly(monkeypatch):
    strict(monkeypatch)
    assert not run_power(5).passed
    third = run_third(10)
    assert not third.passed, third.summary


def test_more_trials_end_rightly_than_under_usual_practice_where_a_third_of_people_respond():
    finding = run_third(count("flagship-third"))
    assert finding.passed, finding.summary


def test_what_everybody_sees_hardly_tells_the_arms():
    finding = run_leaks(count("flagship-leaks"))
    assert finding.passed, finding.summary
    assert finding.figures["balanced_accuracy"] is not None


def test_an_order_that_everybody_could_know_would_be_found_out(monkeypatch):
    lived = flagship.simulate_people

    def by_turns(*given):
        return [replace(one, arms=tuple(place % 2 == 1 for place in range(len(one.arms)))) for one in lived(*given)]

    monkeypatch.setattr(flagship, "simulate_people", by_turns)
    finding = run_leaks(count("flagship-leaks"))
    assert not finding.passed, finding.summary


def test_reviews_go_on_as_on_the_finer_grid_that_one_person_has():
    finding = run_grid_decisions(count("flagship-grid"))
    assert finding.passed, finding.summary
    assert finding.figures["reviews"] > 0


def test_a_grid_of_few_nodes_decides_otherwise():
    assert not run_grid_decisions(4, counts=Counts(tau=4, ell=3, omega=3, sigma=3)).passed
