"""A sealed allocation, once opened, and the trial that walks by it give the same doses in the same order."""

from itertools import groupby

import pytest

from modicum.allocation.arms import Place
from modicum.allocation.orders import list_orders
from modicum.foundation.streams import stream
from modicum.protocol import read_protocol
from modicum.trial.block import Look, Roles
from modicum.trial.roles import roles_of
from modicum.trial.state import stand

FLAGSHIP = read_protocol("ldn-smallest-dose")
CROSSOVER = read_protocol("ldn-crossover")
TAKEN = (True,) * 4


def places(protocol, number):
    rng = stream(7, "allocation", number)
    drawn = [(found.phase, found.orders[int(rng.integers(len(found.orders)))]) for found in list_orders(protocol)]
    return [
        Place(phase=phase, period=period, arm=arm, nonce="00" * 32)
        for phase, order in drawn
        for period, arm in enumerate(order, 1)
    ]


def arms(found, phase):
    return [place.arm for place in found if place.phase == phase]


def look(p_better, p_mcid):
    return Look(TAKEN, p_better, p_mcid, (0.0,) * 4)


CLIMB = look((0.5,) * 4, (0.3, 0.3, 0.3, 0.4))  # nothing is left for confirmation early, nothing is futile
SUCCESS = look((1.0,) * 4, (0.5, 0.6, 0.7, 0.9))


def blocks(roles, protocol=FLAGSHIP):
    looks = [CLIMB] * 6 + [SUCCESS] * 8
    state = stand(protocol, roles, looks)
    return {name: [b.capsule_mg for b in group] for name, group in groupby(state.blocks, key=lambda b: b.phase)}


@pytest.mark.parametrize("number", range(20))
def test_every_phase_of_the_flagship_comes_in_the_order_that_was_sealed(number):
    found = places(FLAGSHIP, number)
    walked = blocks(roles_of(FLAGSHIP, found))
    assert walked["titration"] == [arm.dose_mg for arm in arms(found, "titration")]
    candidate = max(walked["confirmation"])
    sealed = [candidate if arm.role == "candidate" else 0.0 for arm in arms(found, "confirmation")]
    assert walked["confirmation"] == sealed[: len(walked["confirmation"])]
    doubtful = {dose for dose in walked["step-down"] if dose}
    assert doubtful
    assert walked["step-down"] == [a.dose_mg for a in arms(found, "step-down") if a.dose_mg in {0.0, *doubtful}]


def test_a_crossover_comes_in_the_order_that_was_sealed():
    found = places(CROSSOVER, 1)
    walked = stand(CROSSOVER, roles_of(CROSSOVER, found), [look((0.5,) * 4, (0.3,) * 4)] * 9).blocks
    halves = [block.capsule_mg > 0 for block in walked if block.phase == found[0].phase]
    assert halves == [place.arm.dose_mg != 0 for place in found]


def test_places_in_any_sequence_are_read_by_their_period():
    found = places(FLAGSHIP, 3)
    assert roles_of(FLAGSHIP, reversed(found)) == roles_of(FLAGSHIP, found)


def test_a_phase_that_was_not_drawn_has_no_role():
    assert roles_of(read_protocol("ldn-open"), []) == Roles({}, {})
