"""The fold over supply events, and where the capsules are: every capsule is in one account whatever happens."""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from modicum.services.dispensing.counting import count_capsules
from modicum.services.dispensing.supplies import DISPENSED, ORDERED, PREPARED, RECALLED, RETURNED, Supplies, fold

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
CODES = ("7KQ4XM", "C4TN2B", "R9DHPP")


@dataclass(frozen=True)
class Told:
    """An event of the store."""

    sequence: int
    kind: str
    said: dict[str, Any]
    conflict: bool = False
    client_id: str = ""
    content_hash: str = ""
    hash: str = ""
    received_at: str = AT.isoformat()


def content(kind, code, number=0, left=0):
    place = {"phase": "titration", "period": number + 1, "part": 1, "batch": "titration"}
    return {
        ORDERED: {"kit": code, **place, "nights": 14, "capsules": 32, "spare": 4},
        PREPARED: {"kit": code, "made_on": "2026-03-02", "use_before": "2026-08-29", "lots": ["NX-1"]},
        DISPENSED: {"kit": code},
        RETURNED: {"kit": code, "left": left},
        RECALLED: {"kit": code, "lot": "NX-1", "why": "contaminated"},
    }[kind]


def events(*told):
    return [
        Told(number, kind, content(kind, code, CODES.index(code), *more))
        for number, (kind, code, *more) in enumerate(told, 1)
    ]


LIFE = [(ORDERED, CODES[0]), (PREPARED, CODES[0]), (DISPENSED, CODES[0]), (RETURNED, CODES[0], 2)]


def test_a_kit_goes_from_the_order_to_its_return():
    states = [fold(Supplies(), events(*LIFE[: upto + 1])).kits[CODES[0]].state for upto in range(4)]
    assert states == [ORDERED, PREPARED, DISPENSED, RETURNED]


def test_told_on_is_told_from_the_beginning():
    whole = fold(Supplies(), events(*LIFE))
    for cut in range(len(LIFE) + 1):
        assert fold(fold(Supplies(), events(*LIFE)[:cut]), events(*LIFE)[cut:]) == whole


def test_what_contradicts_what_was_said_before_counts_for_nothing():
    told = events(*LIFE)
    other = replace(told[-1], sequence=5, conflict=True, said=content(RETURNED, CODES[0], left=30))
    assert fold(Supplies(), [*told, other]).kits[CODES[0]].left == 2


def test_events_of_kits_that_nobody_ordered_are_passed_over():
    assert fold(Supplies(), events((DISPENSED, CODES[0]), (RETURNED, CODES[1], 3))).kits == {}


def test_the_kit_in_use_is_one_that_the_patient_has():
    before, out, back = (fold(Supplies(), events(*LIFE[:upto])) for upto in (2, 3, 4))
    assert (before.in_use("titration", 1, 3), back.in_use("titration", 1, 3)) == (None, None)
    assert out.in_use("titration", 1, 0) == out.in_use("titration", 1, 13) == CODES[0]
    assert (out.in_use("titration", 1, 14), out.in_use("titration", 2, 0)) == (None, None)


def test_a_long_period_goes_on_with_its_second_kit():
    told = events(*LIFE[:3], (ORDERED, CODES[1]), (PREPARED, CODES[1]), (DISPENSED, CODES[1]))
    told[3] = replace(told[3], said={**told[3].said, "period": 1, "part": 2})
    found = fold(Supplies(), told)
    assert [found.in_use("titration", 1, night) for night in (13, 14, 27, 28)] == [CODES[0], CODES[1], CODES[1], None]


def test_a_recalled_kit_is_not_in_use_and_is_somebodys_until_it_comes_back():
    told = events(*LIFE[:3], (RECALLED, CODES[0]))
    found = fold(Supplies(), told)
    assert (found.in_use("titration", 1, 0), [kit.code for kit in found.recalled]) == (None, [CODES[0]])
    assert fold(found, events(*LIFE[:3], (RECALLED, CODES[0]), (RETURNED, CODES[0], 9))[4:]).recalled == ()


@given(st.lists(st.tuples(st.sampled_from([ORDERED, PREPARED, DISPENSED, RETURNED, RECALLED]), st.sampled_from(CODES))))
def test_every_capsule_is_in_one_account_in_whatever_order_things_are_told(told):
    found = events(*((kind, code, 3) if kind == RETURNED else (kind, code) for kind, code in told))
    assert all(one.sequence < other.sequence for one, other in pairwise(found))
    lived = [kit for kit in fold(Supplies(), found).kits.values() if kit.dispensed_at or not kit.returned_at]
    counted = count_capsules(lived)
    assert counted.balanced
    assert counted.made == 32 * sum(kit.made_on is not None for kit in lived)
