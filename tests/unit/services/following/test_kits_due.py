"""Which kits are due: those of this and the next period that the person does not have, or must not take from."""

import pytest

from modicum.services.following import marks_of, needs_of
from unit.services.following.telling import Told, at, kit

FIRST = 14  # day of the trial on which the first period with capsules begins


@pytest.fixture
def told():
    """Two kits were made, the first is out, and its period has begun."""
    found = Told().decided(1, "begin", 0).decided(2, "next kit", FIRST)
    for code, period in (("7KQ4", 1), ("9LM2", 2)):
        found.tell("ordered", at(13, 9), kit(code, period))
        made = {"made_on": "2026-03-02", "use_before": "2026-12-01", "lots": ["NX-17"]}
        found.tell("prepared", at(13, 10), {"kit": code, **made})
    return found.tell("dispensed", at(FIRST, 9), {"kit": "7KQ4"})


def recalled(told, code, day):
    return told.tell("recalled", at(day, 9), {"kit": code, "lot": "NX-17", "why": "contaminated"})


def returned(told, code, day, left):
    return told.tell("returned", at(day, 10), {"kit": code, "left": left})


def due(told, day, hour=13):
    return [(need.day, need.said) for need in needs_of(marks_of(told.story), at(day, hour)) if need.what == "kit"]


def test_a_kit_that_was_recalled_is_due_at_once_and_still_is_once_it_came_back(told):
    assert due(told, FIRST + 4) == []
    recalled(told, "7KQ4", FIRST + 4)
    assert due(told, FIRST + 4) == [(FIRST, "replace")]
    returned(told, "7KQ4", FIRST + 5, 12)
    assert due(told, FIRST + 5) == [(FIRST, "replace")]
    told.tell(
        "replaced", at(FIRST + 5, 11), {"kit": "7KQ4", "by": "3BC4", "batch": "x", "reason": "recalled", "why": ""}
    )
    assert due(told, FIRST + 5) == [(FIRST, "ordered")]
    told.tell("dispensed", at(FIRST + 6, 11), {"kit": "3BC4"})
    assert due(told, FIRST + 6) == []


def test_a_kit_that_lies_in_the_pharmacy_stays_due_when_it_is_recalled(told):
    assert due(told, FIRST + 10) == [(FIRST + 14, "ordered")]
    recalled(told, "9LM2", FIRST + 10)
    assert due(told, FIRST + 10) == [(FIRST + 14, "replace")]


def test_a_kit_that_came_back_is_due_until_its_last_evening_is_over_and_no_longer(told):
    returned(told, "7KQ4", FIRST + 13, 3)
    told.tell("dispensed", at(FIRST + 13, 11), {"kit": "9LM2"})
    assert [due(told, FIRST + 13, hour) for hour in (13, 25)] == [[(FIRST, "replace")]] * 2, "tonight's is missing"
    assert due(told, FIRST + 14, 8) == [], "its last evening is over"
    assert due(told.decided(3, "continue", FIRST + 14), FIRST + 14) == []


def test_the_kit_of_this_period_is_told_before_that_of_the_next_one(told):
    recalled(told, "9LM2", FIRST + 11)
    recalled(told, "7KQ4", FIRST + 11)
    assert due(told, FIRST + 11) == [(FIRST, "replace")]
    assert [day for day, _, _ in marks_of(told.story).kits_due] == [FIRST, FIRST + 14]


def test_of_a_long_period_each_part_is_due_before_its_own_first_evening(told):
    again = Told().decided(1, "begin", 0).decided(2, "next kit", FIRST, days=28)
    for part, code in ((1, "7KQ4"), (2, "9LM2")):
        again.tell("ordered", at(13, 9), {**kit(code, 1), "part": part})
    again.tell("dispensed", at(FIRST, 9), {"kit": "7KQ4"})
    assert [bool(due(again, day)) for day in (FIRST + 9, FIRST + 10, FIRST + 27, FIRST + 28)] == [
        False,
        True,
        True,
        False,
    ]
    returned(again, "7KQ4", FIRST + 14, 2)
    assert due(again, FIRST + 14) == [(FIRST + 14, "ordered")], "the first part is over"


def test_of_kits_it_is_kept_until_when_they_are_taken_from_as_far_as_decisions_say(told):
    assert marks_of(told.story).kits_until == (("7KQ4", FIRST + 14),)
    told.decided(3, "continue", FIRST + 14)
    assert marks_of(told.story).kits_until == (("7KQ4", FIRST + 14), ("9LM2", FIRST + 28))
