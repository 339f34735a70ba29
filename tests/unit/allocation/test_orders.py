import itertools
import math

import pytest

from allocation_fixtures import FLAGSHIP, first
from modicum.allocation import list_orders
from modicum.foundation.errors import AllocationError
from modicum.protocol import list_sequences, read_protocol


def doses(order):
    return tuple(arm.dose_mg for arm in order)


def flagship(**phases):
    protocol = read_protocol(FLAGSHIP)
    updated = tuple(phase.model_copy(update=phases.get(phase.kind.replace("-", "_"), {})) for phase in protocol.phases)
    return protocol.model_copy(update={"phases": updated})


def test_the_flagship_has_10_times_32_times_24_orders():
    found = list_orders(read_protocol(FLAGSHIP))
    assert [(one.phase, len(one.orders), one.periods) for one in found] == [
        ("titration", 10, 6),
        ("confirmation", 32, 10),
        ("step-down", 24, 4),
    ]


def test_the_titration_has_the_sequences_of_the_protocol():
    protocol = read_protocol(FLAGSHIP)
    listed = list_sequences(protocol.phase("titration"), protocol.drug.ladder_mg)
    assert tuple(map(doses, first(list_orders(protocol), "titration").orders)) == listed


def test_roles_of_the_confirmation_are_fixed_and_its_dose_is_not():
    orders = first(list_orders(read_protocol(FLAGSHIP)), "confirmation").orders
    assert {arm.role for order in orders for arm in order} == {"candidate", "placebo"}
    assert {arm.dose_mg for order in orders for arm in order if arm.role == "candidate"} == {None}
    for order in orders:
        for pair in zip(order[::2], order[1::2], strict=True):
            assert {arm.role for arm in pair} == {"candidate", "placebo"}


def test_the_step_down_has_every_order_of_the_lower_doses_and_placebo():
    orders = first(list_orders(read_protocol(FLAGSHIP)), "step-down").orders
    assert sorted(map(doses, orders)) == sorted(itertools.permutations((0.0, 0.5, 1.5, 3.0)))


def test_the_order_of_any_lower_doses_is_uniform_once_the_others_are_left_out():
    orders = first(list_orders(read_protocol(FLAGSHIP)), "step-down").orders
    for size in (1, 2, 3):
        for chosen in itertools.combinations((0.5, 1.5, 3.0), size):
            left = [tuple(dose for dose in doses(order) if dose == 0 or dose in chosen) for order in orders]
            counts = {one: left.count(one) for one in set(left)}
            assert len(counts) == math.factorial(size + 1)
            assert len(set(counts.values())) == 1


@pytest.mark.parametrize("name", ["ldn-open", "ldn-open-fast"])
def test_a_protocol_without_chance_is_refused(name):
    with pytest.raises(AllocationError) as caught:
        list_orders(read_protocol(name))
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-01"]


def test_orders_that_cannot_be_listed_are_refused_phase_by_phase():
    protocol = flagship(confirmation={"pairs": 20}, step_down={"order": "ascending with hidden placebo"})
    with pytest.raises(AllocationError) as caught:
        list_orders(protocol)
    assert [(one.code, one.where) for one in caught.value.problems] == [
        ("MOD-ALLOC-02", "phase confirmation"),
        ("MOD-ALLOC-02", "phase step-down"),
    ]


def test_nothing_is_drawn_below_the_only_dose():
    protocol = flagship()
    drug = protocol.drug.model_copy(update={"ladder_mg": (4.5,)})
    found = list_orders(protocol.model_copy(update={"drug": drug}))
    assert [one.phase for one in found] == ["titration", "confirmation"]


def test_blocks_of_the_candidate_may_hide_among_placebo():
    changes = {"pairs": 0, "half_days": None, "block_days": 21.0, "placebo_blocks": 2, "order": "any order"}
    orders = first(list_orders(flagship(confirmation=changes)), "confirmation").orders
    assert len(orders) == 3
    assert {sum(arm.role == "candidate" for arm in order) for order in orders} == {1}
