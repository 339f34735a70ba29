"""What of a trial asks for a prescriber: a fold over its events, asked at any time."""

import json
from dataclasses import replace

import pytest

from diary_fixtures import START
from modicum.services.diary.story import Story, fold
from modicum.services.following import Marks, evenings_of, known_of, marks_of, needs_of, overrides_of
from modicum.services.following.overview import overview_of
from unit.services.following.telling import Told, at, kit


@pytest.fixture
def told():
    found = Told().decided(1, "begin", 0)
    for day in range(10):
        found.evening(day)
    return found


def test_a_trial_that_was_never_begun_needs_nothing():
    assert needs_of(marks_of(Story("t")), START) == ()


def test_a_diary_that_comes_every_evening_needs_nothing(told):
    assert told.needs(10) == []


@pytest.mark.parametrize(
    ("day", "hour", "missed"),
    [(11, 13, 0), (12, 11, 0), (12, 12, 2), (13, 11, 2), (13, 13, 3)],
    ids=["one is missing", "yesterday may still come", "two", "two still", "three"],
)
def test_two_evenings_in_a_row_are_missed_once_neither_can_come_any_more(told, day, hour, missed):
    needs = needs_of(marks_of(told.story), at(day, hour))
    assert [need.number for need in needs if need.what == "missed"] == ([missed] if missed else [])


def test_whoever_writes_today_has_missed_nothing(told):
    assert told.evening(13).needs(13, 21) == []


def test_a_person_who_never_wrote_is_missed_from_the_first_evening():
    assert Told().decided(1, "begin", 0).needs(2) == ["missed"]


def test_a_note_puts_off_what_was_missed_and_takes_away_what_was_told(told):
    told.evening(10, side_effects={"headache": 2})
    assert told.needs(13) == ["complaint", "missed"]
    told.tell("noted", at(13, 14), {"sequence": told.story.sequence})
    assert told.needs(13, 15) == []
    assert told.needs(14) == []
    assert told.needs(15) == ["missed"]


def test_what_was_told_after_the_last_that_was_shown_stays(told):
    told.evening(10, side_effects={"headache": 2})
    shown = told.story.sequence
    told.evening(11, side_effects={"dizziness": 1})
    told.tell("noted", at(11, 21), {"sequence": shown})
    (need,) = needs_of(marks_of(told.story), at(11, 22))
    assert need.names == ("Dizziness",)


def test_a_complaint_is_new_once_and_severe_every_time(told):
    told.evening(10, side_effects={"headache": 1})
    told.tell("noted", at(10, 21), {"sequence": told.story.sequence})
    assert told.evening(11, side_effects={"headache": 2}).needs(12) == []
    assert told.evening(12, side_effects={"headache": 3}).needs(13) == ["severe"]
    told.tell("noted", at(13, 14), {"sequence": told.story.sequence})
    assert told.evening(13, side_effects={"headache": 3}).needs(14) == ["severe"]


@pytest.mark.parametrize(
    ("about", "day"),
    [
        ({"day": 9, "number": 7}, 9),  # a second entry of an evening, from another phone
        ({"day": 9, "number": 8, "about": "yesterday", "hour": 13}, 10),  # about an evening that is over
    ],
)
def test_a_severe_complaint_is_told_even_in_an_entry_that_counts_for_no_evening(told, about, day):
    found = told.evening(side_effects={"headache": 3}, **about)
    assert found.story.kept[-1].entry is None
    (need,) = [one for one in needs_of(marks_of(found.story), at(10, 13)) if one.what == "severe"]
    assert (need.names, need.day) == (("Headache",), day)


def test_a_note_for_the_clinic_is_told_until_somebody_has_read_it(told):
    told.evening(10, note="  May I take it later on Friday?\n")
    (need,) = [one for one in needs_of(marks_of(told.story), at(11, 13)) if one.what == "wrote"]
    assert need.names == ("May I take it later on Friday?",)
    told.tell("noted", at(11, 13), {"sequence": told.number})
    assert "wrote" not in told.needs(11, 14)
    told.evening(11, note="And on Saturday?")
    assert "wrote" in told.needs(12)
    (later, earlier) = overview_of(told.story, at(12, 13)).notes
    assert (later.text, earlier.text) == ("And on Saturday?", "May I take it later on Friday?")


def test_that_a_person_has_left_is_told_until_somebody_has_taken_note(told):
    told.evening(10, leaves=True)
    assert told.needs(11) == ["gone"]
    told.tell("noted", at(11, 13), {"sequence": told.number})
    assert told.needs(11, 14) == []


def test_the_most_urgent_comes_first(told):
    told.evening(10, side_effects={"headache": 3, "dizziness": 1})
    told.tell("screened", at(10, 21), {"medicine": "codeine", "stop": True, "not_recognised": []})
    told.tell("screened", at(10, 21), {"medicine": "vitamin D", "stop": False, "not_recognised": []})
    told.tell("opened", at(10, 22), {"path": "emergency", "who": "Dr A", "why": "a fall"})
    told.tell("opened", at(10, 22), {"path": "review", "who": "reviews", "why": "due"})
    told.decided(2, "next kit", 14)
    assert told.needs(17) == ["halted", "severe", "opened", "medicine", "complaint", "decision", "missed"]


def test_a_decision_waits_until_it_is_answered_or_the_next_is_taken(told):
    told.decided(2, "next kit", 14)
    assert "decision" in told.needs(14)
    told.tell("accepted", at(14, 14), {"number": 2})
    assert "decision" not in told.needs(14)
    told.decided(3, "continue", 28)
    (need,) = [one for one in needs_of(marks_of(told.story), at(28)) if one.what == "decision"]
    assert need.number == 3


def test_of_two_answers_the_first_counts(told):
    told.decided(2, "next kit", 14).tell("accepted", at(14, 14), {"number": 2})
    told.tell("overridden", at(14, 15), {"number": 2, "how": "stop", "reason": "late"}, conflict=True)
    assert known_of(told.story).responses[2].how == "accepted"
    assert told.story.stopped is None
    assert overrides_of(told.story) == ()


def test_a_review_that_nobody_computes_is_told_an_hour_after_it_was_due(told):
    found = [[need.what for need in needs_of(marks_of(told.story), at(14, hour))] for hour in (8.5, 9)]
    assert ["overdue" in what for what in found] == [False, True]


def test_a_hold_is_told_until_it_is_ended_and_so_is_a_halt(told):
    told.tell("held", at(10, 9), {"reason": "a fever"})
    assert told.needs(10) == ["held"]
    told.tell("resumed", at(10, 10), {"reason": "gone"})
    assert told.needs(10) == []


@pytest.mark.parametrize("kind", ["stopped", "overridden"])
def test_a_stopped_trial_asks_for_no_evening_and_no_decision(told, kind):
    told.decided(2, "next kit", 14)
    told.tell(kind, at(14, 12), {"reason": "over", "how": "stop", "number": 2})
    assert told.needs(20) == []


def test_overrides_say_what_of_which_decision_by_whom_and_why(told):
    told.tell("held", at(10, 9), {"reason": "a fever"}).decided(2, "next kit", 14)
    told.tell("overridden", at(14, 9), {"reason": "an operation", "how": "stop", "number": 2}, actor="staff:2")
    found = [(one.what, one.number, one.reason, one.actor) for one in overrides_of(told.story)]
    assert found == [("hold", None, "a fever", "staff:1"), ("stop", 2, "an operation", "staff:2")]


def test_a_kit_that_was_not_handed_out_is_due_four_days_before_its_period(told):
    told.decided(2, "next kit", 14)
    told.tell("ordered", at(13, 9), kit("7KQ4", 1)).tell("ordered", at(13, 9), kit("9LM2", 2))
    assert "kit" in told.needs(14)
    told.tell("dispensed", at(14, 9), {"kit": "7KQ4"})
    assert [("kit" in told.needs(day)) for day in (14, 23, 24, 27)] == [False, False, True, True]
    told.tell("dispensed", at(27, 14), {"kit": "9LM2"})
    assert "kit" not in told.needs(27)
    told.decided(3, "continue", 28).decided(4, "continue", 42)
    assert "kit" in told.needs(42)  # none was ordered for it
    (need,) = [one for one in needs_of(marks_of(told.story), at(42, 13)) if one.what == "kit"]
    assert (need.day, need.said) == (42, "")
    told.tell("ordered", at(42, 14), kit("3BC4", 3))
    (need,) = [one for one in needs_of(marks_of(told.story), at(42, 15)) if one.what == "kit"]
    assert (need.day, need.said) == (42, "ordered")


def test_where_no_kit_is_known_none_is_due(told):
    assert "kit" not in told.decided(2, "next kit", 14).needs(14)


def test_an_answer_is_told_until_it_is_signed(told):
    told.tell("answered", at(10, 9), {"result": {"verdict": {"code": "cannot-tell"}}})
    assert told.needs(10) == ["answer"]
    assert told.tell("signed", at(10, 10), {}).needs(10) == []


def test_the_rule_shows_the_last_evenings_that_are_over():
    told = Told().decided(1, "begin", 0)
    told.evening(0).evening(1, about="yesterday", hour=9).evening(3)
    assert evenings_of(marks_of(told.story), at(4, 13), shown=6) == ("none", "none", "in", "late", "missed", "in")


def test_marks_are_the_same_however_they_are_kept_and_told_on(told):
    told.evening(10, side_effects={"headache": 3}).decided(2, "next kit", 14)
    marks = marks_of(told.story)
    assert Marks.of(json.loads(json.dumps(marks.to_content()))) == marks
    assert Marks.of({**marks.to_content(), "schema": "modicum.marks/0"}) is None
    assert marks_of(fold(Story("t"), [one.event for one in told.story.kept][:0])) == Marks("t", 0)
    assert replace(marks, sequence=0) != marks
