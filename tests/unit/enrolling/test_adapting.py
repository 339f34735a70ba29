"""Adapting a protocol: what is changed is read again, what is wrong is told at once, no figure is borrowed."""

import pytest

from modicum.foundation.errors import ProtocolError
from modicum.protocol import library, read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services.enrolling.adapting import DOSE_TIMES, Wanted, adapt, adaptable_length, limits
from modicum.services.enrolling.choosing import choosable
from modicum.services.enrolling.figures import shipped_figures
from modicum.services.enrolling.outline import outline_of

FLAGSHIP = "ldn-smallest-dose"


@pytest.mark.parametrize("name", library())
def test_what_is_not_changed_is_the_shipped_protocol_byte_for_byte(name):
    plan = read_protocol(name)
    lengths = {one.name: length for one in plan.phases if (length := adaptable_length(one)) is not None}
    same = Wanted(plan.primary, plan.primary_outcome.mcid, "", plan.drug.dose_time, plan.drug.ladder_mg, lengths)
    for wanted in (Wanted(), same):
        adapted = adapt(name, wanted)
        assert adapted.text.encode() == protocol_bytes(name)
        assert adapted.differences == ()


@pytest.mark.parametrize("name", library())
def test_every_protocol_can_be_adapted_at_every_limit_and_is_read_again(name):
    plan = read_protocol(name)
    for end in (0, 1):
        lengths = {one.name: limits(plan, one)[end] for one in plan.phases if adaptable_length(one) is not None}
        adapted = adapt(name, Wanted(dose_time=DOSE_TIMES[0], doses_mg=plan.drug.ladder_mg[-2:], lengths=lengths))
        again = read_protocol(adapted.text.encode())
        assert again.model_dump() == adapted.protocol.model_dump()
        assert outline_of(again).evenings == sum(one.max_days for one in again.phases)
        assert [adaptable_length(one) for one in again.phases if one.name in lengths] == list(lengths.values())


def test_a_changed_protocol_has_no_figure_of_the_one_it_came_from():
    adapted = adapt(FLAGSHIP, Wanted(dose_time="23:00"))
    assert shipped_figures(read_protocol(FLAGSHIP))
    assert shipped_figures(adapted.protocol) == ()
    calibration = adapted.protocol.calibration
    assert (calibration.worst_cell, calibration.p_declared_no_effect) == (None, None)
    assert calibration.shown_by.startswith("Not simulated. It was adapted from ldn-smallest-dose")
    assert adapted.protocol.name == "ldn-smallest-dose-adapted"
    assert "56 weeks" not in adapted.protocol.summary


def test_fewer_doses_mean_fewer_blocks_and_another_number_of_orders():
    adapted = adapt(FLAGSHIP, Wanted(doses_mg=(3.0, 0.5)))
    plan = adapted.protocol
    assert plan.drug.ladder_mg == plan.supply.strengths_mg == (0.5, 3.0)
    titration, step_down = plan.phase("titration"), plan.phase("step-down")
    assert (titration.max_days, titration.sequences, step_down.max_days) == (56, 3, 42)
    assert [str(one) for one in adapted.differences] == ["doses_mg 0.5, 3 instead of 0.5, 1.5, 3, 4.5"]


def test_another_outcome_decides_without_what_was_measured_for_pain():
    plan = adapt(FLAGSHIP, Wanted(primary="sleep", mcid=2.0, reason="it is sleep  that is\nmissed")).protocol
    assert (plan.primary, plan.primary_outcome.mcid) == ("sleep", 2)
    assert plan.priors.expectation_mean is None
    assert plan.primary_outcome.mcid_source.endswith("by the prescriber: it is sleep that is missed")
    assert plan.primary_outcome.mcid_grade == "assumption"


def test_rules_looks_pairs_and_the_way_of_drawing_stay():
    base = read_protocol(FLAGSHIP)
    plan = adapt(FLAGSHIP, Wanted(primary="mood", doses_mg=(0.5, 1.5), lengths={"confirmation": 28})).protocol
    assert plan.rules == base.rules
    for old, new in zip(base.phases, plan.phases, strict=True):
        kept = ("kind", "blinded", "announced", "placebo_blocks", "pairs", "order", "looks")
        assert [getattr(new, name) for name in kept] == [getattr(old, name) for name in kept]


def test_all_problems_are_told_at_once():
    wanted = Wanted(
        primary="itching",
        mcid=9.0,
        dose_time="12:00",
        doses_mg=(0.5,),
        lengths={"run-in": 2, "titration": 14.5, "confirmation": 400, "nowhere": 3},
    )
    with pytest.raises(ProtocolError) as refused:
        adapt(FLAGSHIP, wanted)
    found = [(one.code, one.where) for one in refused.value.problems]
    assert found == [
        ("MOD-ENROL-01", "primary"),
        ("MOD-ENROL-02", "mcid"),
        ("MOD-ENROL-02", "reason"),
        ("MOD-ENROL-03", "dose_time"),
        ("MOD-ENROL-04", "doses_mg"),
        ("MOD-ENROL-05", "length:run-in"),
        ("MOD-ENROL-05", "length:titration"),
        ("MOD-ENROL-05", "length:confirmation"),
        ("MOD-ENROL-05", "length:nowhere"),
    ]


def test_a_dose_that_is_on_no_ladder_and_a_difference_of_nothing_are_refused():
    with pytest.raises(ProtocolError) as refused:
        adapt(FLAGSHIP, Wanted(mcid=0.0, reason="any", doses_mg=(0.5, 2.0)))
    assert [one.where for one in refused.value.problems] == ["mcid", "doses_mg"]


def test_a_control_character_in_the_reason_is_found_when_the_protocol_is_read_again():
    with pytest.raises(ProtocolError) as refused:
        adapt(FLAGSHIP, Wanted(mcid=2.0, reason="so \x07 much"))
    assert refused.value.problems[0].code.startswith("MOD-PROTO-")


def test_only_protocols_of_what_people_are_screened_for_are_offered():
    assert [plan.name for plan in choosable()] == ["ldn-smallest-dose", "ldn-crossover", "ldn-open", "ldn-open-fast"]
