"""What kits ask for in the pharmacy: each is counted once, and none that nobody needs any more."""

import datetime as dt
from dataclasses import replace

from modicum.services.dispensing.supplies import Supplied
from modicum.services.dispensing.waiting import Waits, waits_of

TODAY = dt.date(2026, 3, 20)
ORDERED = Supplied("7KQ4XM", "titration", 1, 1, "titration", 14, 16, 2, ordered_on=dt.date(2026, 3, 1))
MADE = replace(ORDERED, made_on=dt.date(2026, 3, 2), use_before=dt.date(2026, 9, 1))
OUT = replace(MADE, dispensed_at=dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC))
BACK = replace(OUT, returned_at=dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC), left=15)


def waits(*kits, **more):
    return waits_of(kits, today=TODAY, **more)


def test_each_kit_waits_for_what_is_to_be_done_next():
    assert waits(ORDERED, MADE, OUT) == Waits(to_make=1, to_hand_out=1)
    assert waits(BACK) == Waits(to_replace=1)


def test_a_kit_that_cannot_be_used_is_to_be_replaced_and_not_handed_out():
    assert waits(replace(MADE, recalled="contaminated")) == Waits(to_replace=1)
    assert waits(replace(OUT, recalled="contaminated")) == Waits(recalled=1, to_replace=1)
    assert waits(replace(MADE, use_before=TODAY)) == Waits(to_replace=1), "from this day on no capsule may be taken"
    assert waits(replace(MADE, use_before=TODAY + dt.timedelta(days=1))) == Waits(to_hand_out=1)
    assert waits(replace(ORDERED, recalled="contaminated")) == Waits(), "nothing was made that could be replaced"


def test_a_kit_in_whose_place_another_was_asked_for_waits_for_nothing():
    again = {"replaced_by": "9LM2KP", "replaced_for": "recalled"}
    assert waits(replace(BACK, **again), replace(MADE, **again)) == Waits()
    assert waits(replace(OUT, recalled="contaminated", **again)) == Waits(recalled=1), "she must not take from it"


def test_what_nobody_needs_any_more_waits_for_nothing_and_is_left_over_where_all_is_over():
    assert waits(ORDERED, MADE, BACK, past=[MADE.code]) == Waits()
    assert waits(ORDERED, MADE, BACK, over=[0]) == Waits(left_over=2)
    assert waits(replace(MADE, course=1), over=[0]) == Waits(to_hand_out=1)


def test_what_waits_for_two_patients_is_added_up():
    assert Waits(1, 2, 3, 4, 5) + Waits(10, 20, 30, 40, 50) == Waits(11, 22, 33, 44, 55)
