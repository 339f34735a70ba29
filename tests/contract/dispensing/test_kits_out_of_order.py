"""Which kit is handed out next: one that goes before another needs words, one whose evenings are over is refused."""

import pytest

from contract.dispensing.desk import FIRST, refused
from modicum.foundation.errors import SupplyError
from modicum.services.dispensing.acting import LONGEST_WHY, dispense, recall, take_back
from modicum.services.dispensing.counting import count_capsules
from modicum.services.dispensing.replacing import DAMAGED, EARLY, EXPIRED, MISTAKEN
from modicum.services.dispensing.supplies import DISPENSED, LOST
from modicum.services.following.marks import marks_of
from modicum.services.following.needs import needs_of
from modicum.supply.codes import say_code
from modicum.web.stories import STORE, story_of
from waiting_trials import at


def handed_out(desk):
    return [one.said for one in STORE.events_of(desk.trial) if one.kind == DISPENSED]


def due(desk, day):
    found = needs_of(marks_of(story_of(desk.trial)), at(day, 13))
    return [(need.day, need.said) for need in found if need.what == "kit"]


def test_kits_that_are_handed_out_in_order_need_no_words_however_far_ahead(desk):
    for code in desk.codes:
        dispense(desk.deed(0), code)
    assert [set(said) for said in handed_out(desk)] == [{"schema", "kit"}] * 6


def test_a_kit_is_not_handed_out_before_those_that_are_taken_from_sooner(desk):
    dispense(desk.deed(0), desk.codes[0])
    with pytest.raises(SupplyError) as found:
        dispense(desk.deed(0), desk.codes[4], "  ")
    (told,) = found.value.problems
    assert told.code == "MOD-SUPPLY-38"
    assert told.message.endswith(", ".join(say_code(code) for code in desk.codes[1:4]))
    assert len(handed_out(desk)) == 1


def test_whoever_says_why_hands_it_out_all_the_same_and_both_are_kept(desk):
    dispense(desk.deed(0), desk.codes[2], f" she goes abroad {'x' * LONGEST_WHY}")
    (said,) = handed_out(desk)
    assert said["before"] == desk.codes[:2]
    assert said["why"].startswith("she goes abroad x")
    assert len(said["why"]) == LONGEST_WHY
    dispense(desk.deed(0), desk.codes[0], "not needed")
    assert set(handed_out(desk)[1]) == {"schema", "kit"}, "it comes before all others"


def test_a_kit_that_was_recalled_or_came_back_too_early_still_comes_before_the_next(desk):
    desk.begin_block(1, FIRST)
    first, second = desk.codes[:2]
    dispense(desk.deed(), first)
    assert dispense(desk.deed(), second).there
    take_back(desk.deed(FIRST + 1), first, 15)
    third = desk.codes[2]
    assert refused(dispense, desk.deed(FIRST + 1), third) == ["MOD-SUPPLY-38"]
    again = desk.replace(first, EARLY, day=FIRST + 1)
    with pytest.raises(SupplyError, match=say_code(again.code)):
        dispense(desk.deed(FIRST + 1), third)
    desk.make(again, day=FIRST + 1)
    dispense(desk.deed(FIRST + 1), again.code)
    recall(desk.deed(FIRST + 2), "NX-18", "contaminated")
    assert refused(dispense, desk.deed(FIRST + 2), third) != [], "what was made again was recalled"


def test_a_kit_whose_evenings_are_over_comes_before_none_and_is_refused_itself(desk):
    desk.begin_block(1, FIRST)
    desk.begin_block(2, FIRST + 14)
    first, second, third = desk.codes[:3]
    assert refused(dispense, desk.deed(FIRST + 14), first) == ["MOD-SUPPLY-36"]
    assert refused(dispense, desk.deed(FIRST + 27), third) == ["MOD-SUPPLY-38"], "the second has an evening to come"
    assert dispense(desk.deed(FIRST + 14), second).there
    desk.begin_block(3, FIRST + 28, "confirmation")
    assert refused(dispense, desk.deed(FIRST + 28), third) == ["MOD-SUPPLY-36"], "its phase is over"


def test_a_kit_that_was_handed_out_by_mistake_and_came_back_whole_is_made_again_and_never_goes_out_again(desk):
    desk.begin_block(1, FIRST)
    first, second = desk.codes[:2]
    dispense(desk.deed(), first)
    dispense(desk.deed(FIRST + 1), second)
    assert refused(desk.replace, second, MISTAKEN, day=FIRST + 1) == ["MOD-SUPPLY-37"], "it has not come back"
    take_back(desk.deed(FIRST + 2), second, 15)
    assert refused(desk.replace, second, MISTAKEN, day=FIRST + 2) == ["MOD-SUPPLY-37"], "it was opened"
    take_back(desk.deed(FIRST + 2), second, 16, "one had rolled under the desk")
    assert due(desk, FIRST + 9) == []
    assert due(desk, FIRST + 10) == [(FIRST + 14, "replace")]
    assert refused(dispense, desk.deed(FIRST + 10), second) == ["MOD-SUPPLY-26"]
    new = desk.replace(second, MISTAKEN, day=FIRST + 10)
    assert due(desk, FIRST + 10) == [(FIRST + 14, "ordered")]
    dispense(desk.deed(FIRST + 11), desk.make(new, day=FIRST + 11).code)
    assert due(desk, FIRST + 11) == []
    counted = count_capsules(desk.kits.values())
    assert (counted.used, counted.returned, counted.balanced) == (0, 16, True)


def test_a_kit_that_came_back_empty_before_its_last_evening_is_made_again_for_that_reason_alone(desk):
    desk.begin_block(1, FIRST)
    code = desk.codes[0]
    assert refused(desk.replace, code, EARLY) == ["MOD-SUPPLY-37"], "it was never out"
    dispense(desk.deed(), code)
    assert refused(desk.replace, code, EARLY) == ["MOD-SUPPLY-37"], "it has not come back"
    take_back(desk.deed(FIRST + 3), code, 0)
    for reason, number in ((DAMAGED, 36), (EXPIRED, 36), (LOST, 37), (MISTAKEN, 37)):
        assert refused(desk.replace, code, reason, day=FIRST + 3) == [f"MOD-SUPPLY-{number}"], reason
    assert due(desk, FIRST + 3) == [(FIRST, "replace")]
    assert desk.replace(code, EARLY, "spilt", day=FIRST + 13).instead_of == code
    desk.begin_block(2, FIRST + 14)
    assert refused(desk.replace, desk.kits[code].replaced_by, EARLY, day=FIRST + 14) != []
