"""Every shipped protocol with capsules: the same number, size and weight on every night, whatever a kit holds."""

import json

import pytest

from modicum.protocol import read_protocol
from modicum.supply.document import order_document
from modicum.supply.strengths import MOST_A_NIGHT
from supply_fixtures import BLINDED, WITH_CAPSULES, by_halves, ordered


def nightly(order):
    """Number and weight of the capsules of every night that is planned, spare ones too."""
    document = json.loads(json.dumps(order_document(order)))
    return {(len(run["capsules_ug"]), run["weight_ug"]) for kit in document["kits"] for run in kit["runs"]}


def test_there_are_blinded_protocols_and_open_ones():
    assert {"ldn-smallest-dose", "ldn-crossover"} <= set(BLINDED) < set(WITH_CAPSULES)


@pytest.mark.parametrize("most", [None, 1, 2, 3])
@pytest.mark.parametrize("name", BLINDED)
def test_count_and_weight_are_the_same_every_night(name, most):
    for seed in range(6):
        order = ordered(read_protocol(name), most, seed=seed)
        ((capsules, weight),) = nightly(order)
        assert capsules == order.plan.choice.a_night <= (most or MOST_A_NIGHT)
        assert weight == capsules * order.plan.fill_ug
        assert order.capsules_most > 0


@pytest.mark.parametrize("name", BLINDED)
def test_count_and_weight_are_the_same_every_night_with_half_doses(name):
    assert len(nightly(ordered(by_halves(name)))) == 1


@pytest.mark.parametrize("name", WITH_CAPSULES)
def test_every_night_holds_its_dose(name):
    order = ordered(read_protocol(name))
    for one in order.kits:
        assert {sum(capsules) for capsules in one.capsules_ug} == {one.dose_ug}


@pytest.mark.parametrize("name", BLINDED)
def test_kits_of_one_length_are_alike_outside(name):
    order = ordered(read_protocol(name))
    outside = {(one.kit.nights, one.kit.runs) for one in order.kits}
    assert len(outside) == len({nights for nights, _ in outside})


@pytest.mark.parametrize("name", WITH_CAPSULES)
def test_the_amounts_of_an_order_add_up(name):
    amounts = order_document(ordered(read_protocol(name)))["amounts"]
    for unit in ("capsules", "drug_ug"):
        accounts = dict(amounts[unit])
        assert accounts.pop("ordered") == sum(accounts.values())
