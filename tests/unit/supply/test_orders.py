import datetime as dt
import random

import pytest

from modicum.foundation.errors import SupplyError
from modicum.protocol import read_protocol
from modicum.supply import Given, check_code, list_periods, plan_capsules, shipped_formulation
from modicum.supply.batches import choose_dilution
from modicum.supply.capsules import needed_doses
from supply_fixtures import FLAGSHIP, any_course, by_halves, changed, ordered

PROTOCOL = read_protocol(FLAGSHIP)
TITRATION = [Given("titration", place, dose) for place, dose in enumerate((0, 500, 1500, 0, 3000, 4500), 1)]


def test_only_the_phases_that_are_known_are_made_and_the_rest_is_bounded():
    order = ordered(PROTOCOL, course=TITRATION)
    known = {need.phase.name: (need.known, need.kits, need.nights, need.drug_ug) for need in order.phases}
    assert known["titration"] == (True, 6, 84, (500 + 1500 + 3000 + 4500) * 16)
    assert known["confirmation"] == (False, 10, 210, 4500 * 5 * 24)
    assert known["step-down"] == (False, 4, 84, (500 + 1500 + 3000) * 24)
    assert {one.kit.period.phase for one in order.kits} == {"titration"}


@pytest.mark.parametrize("seed", range(20))
def test_what_a_phase_needs_is_never_more_than_was_said_before_it_was_known(seed):
    before = {need.phase.name: need for need in ordered(PROTOCOL, course=TITRATION).phases}
    for need in ordered(PROTOCOL, course=any_course(PROTOCOL, seed)).phases:
        most = before[need.phase.name]
        assert need.drug_ug <= most.drug_ug
        assert need.capsules <= most.capsules
        assert need.kits <= most.kits


def test_fewer_doses_bound_below_the_candidate_need_fewer_kits():
    course = [*TITRATION, Given("step-down", 1, 500), Given("step-down", 2, 0)]
    order = ordered(PROTOCOL, course=course)
    assert [one.dose_ug for one in order.kits if one.kit.period.phase == "step-down"] == [500, 0]


def test_a_pair_is_a_batch_of_its_own_where_a_review_may_choose_again():
    batches = [one for one in ordered(PROTOCOL).batches if one.phase == "confirmation"]
    assert [len(one.codes) for one in batches] == [2] * 5


@pytest.mark.parametrize("seed", range(5))
def test_no_capsule_is_taken_on_or_after_its_date(seed):
    order = ordered(PROTOCOL, seed=seed)
    for one in order.kits:
        assert one.kit.last_evening < one.kit.use_before
        assert one.kit.use_before - one.kit.make_on == dt.timedelta(days=180)


def test_the_first_capsule_of_a_block_is_taken_on_the_evening_of_its_first_day():
    kit = ordered(PROTOCOL, course=TITRATION).kits[0].kit
    assert kit.period.first_day == 14
    assert kit.first_evening == dt.date(2026, 12, 1) + dt.timedelta(days=14)


@pytest.mark.parametrize("name", [FLAGSHIP, "ldn-crossover"])
def test_half_doses_come_with_matching_capsules_in_every_kit_placebo_too(name):
    order = ordered(by_halves(name))
    runs = {tuple((run.first_night, run.nights) for run in one.kit.runs) for one in order.kits}
    assert {run[0] for run in runs} == {(1, 3)}
    assert {len(capsules) for one in order.kits for capsules in one.capsules_ug} == {order.plan.choice.a_night}
    assert order.plan.numbered


def test_after_placebo_three_nights_are_halved_and_after_a_dose_none():
    order = ordered(by_halves(FLAGSHIP), course=TITRATION)
    nights = [tuple(sum(capsules) for capsules in one.capsules_ug) for one in order.kits]
    assert nights == [(0, 0), (250, 500), (1500, 1500), (0, 0), (1500, 3000), (4500, 4500)]


def test_the_halves_of_every_dose_can_be_made():
    protocol = by_halves(FLAGSHIP)
    assert set(needed_doses(protocol)) == {0, 250, 500, 750, 1500, 2250, 3000, 4500}
    assert set(plan_capsules(protocol, shipped_formulation(protocol.drug.name)).choice.made_of) == set(
        needed_doses(protocol)
    )


def test_powder_is_filled_up_to_the_same_weight_whatever_the_capsule_holds():
    order = ordered(PROTOCOL)
    for batch in order.batches:
        for line in batch.lines:
            assert line.weighed_ug + line.filler_ug == line.capsules * order.plan.fill_ug
            assert line.drug_ug == line.capsules * line.content_ug
            assert line.filler_ug >= 0


def test_what_is_too_little_to_weigh_is_diluted_and_what_cannot_be_is_left_open():
    assert choose_dilution([(500, 200_000)], 120_000, 225_000) == 1
    assert choose_dilution([(500, 9_000), (4500, 81_000)], 120_000, 225_000) == 20
    assert choose_dilution([(50_000, 100)], 120_000, 225_000) == 0


def test_a_longer_stretch_is_parted_into_kits_that_go_on_with_the_dose():
    periods = list_periods(read_protocol("ldn-open"), 5)
    first = [one for one in periods if one.period == 1]
    assert [one.nights for one in first] == [5, 5, 4]
    assert [one.first_day for one in first] == [7, 12, 17]
    assert len({(one.period, one.part) for one in periods}) == len(periods)


@pytest.mark.parametrize(
    ("protocol", "code"),
    [
        (read_protocol("ab-crossover"), "MOD-SUPPLY-01"),
        (
            PROTOCOL.model_copy(update={"drug": PROTOCOL.drug.model_copy(update={"form": "drops"})}),
            "MOD-SUPPLY-02",
        ),
        (
            PROTOCOL.model_copy(update={"drug": PROTOCOL.drug.model_copy(update={"ladder_mg": (0.0001, 1.0)})}),
            "MOD-SUPPLY-03",
        ),
        (changed(FLAGSHIP, strengths_mg=(3.0,)), "MOD-SUPPLY-04"),
        (
            PROTOCOL.model_copy(
                update={
                    "drug": PROTOCOL.drug.model_copy(update={"ladder_mg": (100.0, 300.0)}),
                    "supply": PROTOCOL.supply.model_copy(update={"strengths_mg": ()}),
                }
            ),
            "MOD-SUPPLY-05",
        ),
    ],
)
def test_what_cannot_be_made_up_is_refused_with_its_reason(protocol, code):
    with pytest.raises(SupplyError) as caught:
        plan_capsules(protocol, shipped_formulation(protocol.drug.name))
    assert code in {one.code for one in caught.value.problems}
    assert all(one.fix.endswith(".") for one in caught.value.problems)


def test_a_protocol_that_allows_more_is_held_to_three_capsules_a_night():
    protocol = changed(FLAGSHIP, strengths_mg=(0.5,), max_capsules=9)
    with pytest.raises(SupplyError) as caught:
        plan_capsules(protocol, shipped_formulation(protocol.drug.name))
    assert caught.value.problems[0].code == "MOD-SUPPLY-04"


def test_another_drug_is_made_up_from_its_protocol_alone():
    drug = PROTOCOL.drug.model_copy(update={"name": "pindolol", "ladder_mg": (1.25, 2.5, 5.0)})
    supply = PROTOCOL.supply.model_copy(update={"strengths_mg": (), "max_capsules": 2})
    order = ordered(PROTOCOL.model_copy(update={"drug": drug, "supply": supply}))
    assert order.plan.choice.strengths_ug == (1250, 2500)
    assert order.costs == ()
    assert order.liquid is None
    assert not any("opioid" in one.text for one in order.formulation.warnings)


def test_codes_of_an_order_do_not_depend_on_what_is_given():
    course = any_course(PROTOCOL, 1)
    chance = random.Random(3)
    other = [Given(one.phase, one.period, chance.choice((0, 500, 4500))) for one in course]
    first, second = ordered(PROTOCOL, course=course), ordered(PROTOCOL, course=other)
    assert [one.kit for one in first.kits] == [one.kit for one in second.kits]
    assert all(check_code(one.kit.code)[1] is None for one in first.kits)
