"""Whatever a phone hands in, its trial goes on: ids of others, impossible clocks, late corrections, and leaving."""

import datetime as dt
import json

import pytest

from diary_fixtures import NOW, START, beginning, signer, uuid7, written
from modicum.foundation.streams import stream
from modicum.services.diary import begin, receive, told
from modicum.services.diary.reviewing import decide
from modicum.trial.roles import draw_roles
from modicum.web.store.port import EventStore


@pytest.fixture
def give(sqlite_store, tmp_path):
    """Hands an entry in at a moment: its day and marks by the receipt, and the story after it."""
    store, key = EventStore(sqlite_store), signer(tmp_path)
    begin(store, "t", beginning(), now=NOW, actor="test")

    def hand_in(content, at, sent_at=None):
        document, story = receive(store, "t", [content], sent_at=sent_at or at, now=at, actor="phone", signer=key)
        (receipt,) = [json.loads(one["payload"]) for one in document["receipts"]]
        return (receipt["day"], receipt["marks"]), story

    hand_in.store = store
    return hand_in


def at(day, hour=20, minute=0):
    return START + dt.timedelta(days=day, hours=hour, minutes=minute)


def decided(give, day):
    """What was decided by the morning of a day, where every review goes on."""
    story = told(give.store, "t")
    roles = draw_roles(story.begun.protocol, stream(3, "roles", "t", 0))
    return decide(give.store, story, roles, now=at(day, 9), reviewer=lambda *_: None).story.decided


@pytest.mark.parametrize("identity", ["decided-1", "decided-2", "answered", "begun", "stopped"])
def test_an_entry_cannot_take_the_id_of_what_staff_and_reviews_tell(give, identity):
    place, _ = give({"id": identity}, at(0, 9))
    assert place == (None, ["unread"])
    assert [one["number"] for one in decided(give, 14)] == [1, 2]


@pytest.mark.parametrize("year", [1, 9999])
def test_a_clock_out_of_this_world_puts_an_entry_outside_and_the_next_one_counts(give, year):
    place, _ = give(written(3), at(3), dt.datetime(year, 6, 1, tzinfo=dt.UTC))
    assert place == (None, ["clock", "outside"])
    assert give(written(4), at(4))[0] == (4, [])


def test_what_says_that_it_was_written_after_it_arrived_takes_no_evening(give):
    assert give(written(12), at(10))[0] == (None, ["outside"])
    assert give(written(12, number=2), at(12))[0] == (12, [])
    assert give(written(13), at(13, 19, 59))[0] == (13, []), "a minute is no more than clocks differ by"


def test_a_correction_of_a_correction_is_no_later_than_24_hours_after_the_first(give):
    give(written(3), at(3))
    for hours, place in ((20, (3, [])), (25, (None, ["outside"]))):
        when = at(3, 20 + hours)
        content = written(3, number=hours, corrects=uuid7((3, 20 if hours > 20 else None)))
        found, story = give({**content, "happened_at": when.isoformat(), "answers": {"pain": hours / 10}}, when)
        assert found == place
    assert story.by_day[3].entry.scores["pain"] == 2.0


def test_an_evening_that_was_written_in_the_morning_counts_and_is_marked(give):
    place, story = give(written(3, hour=9), at(3, 9))
    assert place == (3, ["early"])
    assert story.by_day[3].entry is not None
    assert give(written(3, number=2), at(3))[0] == (3, ["second"]), "what was said first stands until it is corrected"


@pytest.mark.parametrize("more", [{"medications": ["ibuprofen"]}, {"leaves": True}])
def test_a_medicine_and_a_leave_are_told_at_any_hour(give, more):
    assert give(written(3, hour=9, answers={}, **more), at(3, 9))[0] == (3, [])


@pytest.mark.parametrize("answers", [{"pain": 99.0}, {"thirst": 4.0}])
def test_a_medicine_is_checked_also_beside_an_answer_that_does_not_fit(give, answers):
    place, story = give(written(3, answers=answers, medications=["tramadol"]), at(3))
    assert place == (None, ["unread"])
    assert told(give.store, "t", story).halted == ("tramadol",)


@pytest.mark.parametrize(
    ("content", "when"),
    [
        ({**written(-1, answers={}, leaves=True), "number": 1}, at(-1)),
        (written(3, answers={}, leaves=True, about="yesterday", hour=12, minute=1), at(4, 12, 1)),
        (written(3, answers={"pain": 99.0}, leaves=True), at(3)),
        (written(2, answers={"pain": 1.0}, leaves=True), at(2, 21)),
        (written(2, number=5, corrects=uuid7((2, None)), leaves=True), at(2, 20)),
    ],
    ids=["before the first evening", "at a minute past noon", "with a score off its scale", "in conflict", "corrects"],
)
def test_that_a_person_leaves_counts_whatever_else_becomes_of_the_entry(give, content, when):
    if content["day"] == 2:
        give(written(2), at(2))
    _, story = give(content, when)
    assert story.left
    ending = decided(give, max(when.toordinal() - START.toordinal(), 0) + 1)[-1]
    assert (ending["said"], ending["block"]) == ("left", None)
    assert {one.entry.scores["pain"] for one in story.by_day.values() if one.entry.scores} <= {4.0}
