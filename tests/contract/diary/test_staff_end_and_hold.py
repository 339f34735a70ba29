"""What staff decide reaches the phone and the trial: it is stopped, capsules are held, a decision is overridden."""

import datetime as dt
import io
import json

import pytest

from diary_fixtures import NOW, START, beginning, handed_in, signer, written
from modicum.foundation.streams import stream
from modicum.protocol import read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services.analysing import analyse
from modicum.services.diary import Beginning, Contacts, begin, receive, schedule_of, told
from modicum.services.diary.answering import answer, export_csv
from modicum.services.diary.reviewing import decide, is_due, stand_at
from modicum.services.diary.story import ANSWERED, HELD, OVERRIDDEN, RESUMED, STOPPED
from modicum.trial.roles import draw_roles
from modicum.trial.running import Trial, replay
from modicum.web.store.port import EventStore
from verification.replaying import lived, reviewer

NAME, SEED = "ldn-smallest-dose", 3
FLAGSHIP = read_protocol(NAME)
ANSWERED_ON = 200


def at(day, hour=20):
    return START + dt.timedelta(days=day, hours=hour)


def say(store, kind, now, client_id="", **content):
    name = client_id or kind
    store.append(trial="t", kind=kind, client_id=name, content=content, actor="staff:1", received_at=now)


def schedule(store, tmp_path, now):
    return schedule_of(told(store, "t"), now=now, contacts=Contacts(), signer=signer(tmp_path))


@pytest.fixture
def begun(sqlite_store):
    store = EventStore(sqlite_store)
    begin(store, "t", beginning(), now=NOW, actor="test")
    return store


@pytest.fixture
def kept(begun):
    content = {
        "schema": "modicum.answered/1",
        "result": {"verdict": {"code": "works", "dose_mg": 1.5}},
        "page_sha256": "",
    }
    say(begun, ANSWERED, at(ANSWERED_ON, 11), **content)
    return begun


def write(store, tmp_path, day, **values):
    content = written(day, **values)
    return receive(store, "t", [content], sent_at=at(day), now=at(day), actor="phone", signer=signer(tmp_path))[1]


@pytest.mark.parametrize("way", [(STOPPED, {}), (OVERRIDDEN, {"how": "stop", "number": 1})], ids=["page", "review"])
def test_a_trial_that_is_stopped_asks_for_nothing_more(begun, tmp_path, way):
    write(begun, tmp_path, 0)
    say(begun, way[0], at(3, 10), reason="she is to be operated on", **way[1])
    found = schedule(begun, tmp_path, at(4))
    assert found["stage"] == "stopped"
    assert found["days"] == []
    story = told(begun, "t")
    assert not story.left
    assert story.stopped.reason == "she is to be operated on"
    assert is_due(story, at(4, 8))


def test_held_capsules_are_not_taken_until_they_are_resumed(begun, tmp_path):
    say(begun, HELD, at(3, 10), "held-1", reason="until we have spoken")
    found = schedule(begun, tmp_path, at(3))
    assert (found["stage"], found["halted"]["words"]) == (
        "diary",
        ["Your prescriber asks you to take no capsule until you have spoken with each other."],
    )
    assert found["days"] == schedule_of_the_same_without(begun, tmp_path)["days"]
    say(begun, RESUMED, at(4, 10), "resumed-1", reason="spoken")
    assert schedule(begun, tmp_path, at(4))["halted"] is None


def schedule_of_the_same_without(store, tmp_path):
    story = told(store, "t")
    from dataclasses import replace

    return schedule_of(replace(story, held=()), now=at(3), contacts=Contacts(), signer=signer(tmp_path))


def test_an_override_that_holds_is_a_hold_and_the_first_answer_counts(begun, tmp_path):
    say(begun, OVERRIDDEN, at(3, 10), "review-2", how="hold", number=2, reason="a fever")
    say(begun, OVERRIDDEN, at(3, 11), "review-2", how="stop", number=2, reason="a fever")
    story = told(begun, "t")
    assert (story.held, story.stopped) == (("a fever",), None)
    assert [event.said["how"] for event in story.beside] == ["hold"]


def test_what_is_said_after_a_stop_is_kept_and_changes_nothing(begun, tmp_path):
    say(begun, STOPPED, at(3, 21), reason="over")
    story = write(begun, tmp_path, 4)
    assert story.by_day[4].entry is not None
    assert [entry.stops for entry in story.entries] == [True, False]


def whole(sqlite_store, tmp_path, stop_on, *, written_before):
    """A lived trial up to a stop at ten in the morning of a day, or just after the evening's entry."""
    virtual = lived(NAME, SEED).trial
    store, key = EventStore(sqlite_store), signer(tmp_path)
    begin(
        store,
        "t",
        Beginning(protocol_bytes(NAME).decode(), virtual.start, "Europe/Berlin"),
        now=virtual.start,
        actor="t",
    )
    moment = virtual.start + dt.timedelta(days=stop_on, hours=23 if written_before else 10)
    story = told(store, "t")
    for entry in sorted(virtual.entries, key=lambda one: (one.received_at, one.happened_at)):
        if entry.received_at <= moment:
            content, now = handed_in(entry, virtual.start), entry.received_at
            _, story = receive(store, "t", [content], sent_at=now, now=now, actor="phone", signer=key, before=story)
    say(store, STOPPED, moment, reason="a reason")
    return store, told(store, "t"), virtual


@pytest.mark.parametrize("evening", [True, False], ids=["after the evening", "in the morning"])
def test_a_stopped_trial_decides_and_answers_the_same_however_it_is_told(sqlite_store, tmp_path, evening):
    """Live, told anew, replayed without the store, and analysed from its exported diary."""
    store, story, virtual = whole(sqlite_store, tmp_path, 47, written_before=evening)
    roles, look = draw_roles(FLAGSHIP, stream(SEED, "roles", NAME, 0)), reviewer(NAME, [])
    end = virtual.start + dt.timedelta(days=60)
    reviewed = decide(store, story, roles, now=end, reviewer=look)
    last = reviewed.story.decided[-1]
    assert (last["said"], last["block"]) == ("stopped", None)
    assert dt.datetime.fromisoformat(last["at"]) == virtual.start + dt.timedelta(days=48, hours=8)
    assert sum(one["block"]["days"] for one in reviewed.story.decided[:-1]) >= 48
    again = replay(Trial(FLAGSHIP, roles, virtual.start), reviewed.story.entries, look)
    assert again.state == reviewed.trial.state == stand_at(told(store, "t"), roles, end, reviewer=look).state
    assert sum(block.days for block in again.state.blocks) == 48
    diary = export_csv(reviewed.trial)
    assert export_csv(again) == diary
    answered = answer(store, reviewed.story, reviewed.trial, now=end, actor="test")
    document = analyse(io.BytesIO(diary.encode()), protocol=FLAGSHIP).document
    assert json.dumps(answered.result.document, sort_keys=True) == json.dumps(document, sort_keys=True)


def test_a_severe_complaint_in_maintenance_ends_the_capsules_and_the_questions(kept, tmp_path):
    assert schedule(kept, tmp_path, at(ANSWERED_ON + 2))["stage"] == "maintenance"
    write(kept, tmp_path, ANSWERED_ON + 8, side_effects={"headache": 3})
    found = schedule(kept, tmp_path, at(ANSWERED_ON + 30))
    after = [one for one in found["days"] if one["day"] > ANSWERED_ON + 8]
    assert (found["stage"], after) == ("result", [])
    assert found["halted"]["words"] == ["A severe complaint stops the capsules until your prescriber has answered."]


def test_a_dose_that_staff_end_is_asked_about_no_more(kept, tmp_path):
    say(kept, STOPPED, at(ANSWERED_ON + 9, 10), reason="a pregnancy")
    found = schedule(kept, tmp_path, at(ANSWERED_ON + 30))
    assert [one["day"] for one in found["days"] if one["day"] > ANSWERED_ON + 9] == []
    assert found["halted"]["words"] == ["Your prescriber has ended the capsules."]


def test_the_items_of_a_sum_add_up_in_the_entry(sqlite_store, tmp_path):
    text = protocol_bytes(NAME).decode()
    total = """
[[outcomes]]
name = "burden"
label = "Burden"
question = "How heavy was it in all?"
low = 0
high = 20
better = "lower"
recall = "the last 24 hours"
mcid = 2
mcid_source = "assumption: a sum"
mcid_grade = "assumption"
sum_of = ["pain", "fatigue"]
"""
    place = text.index("# Asked once an evening")
    store = EventStore(sqlite_store)
    begin(store, "t", Beginning(text[:place] + total + text[place:], START, "Europe/Berlin"), now=NOW, actor="test")
    whole_one, part = written(0), written(1, answers={"pain": 3.0, "fatigue": None})
    now = at(1)
    story = receive(store, "t", [whole_one, part], sent_at=now, now=now, actor="phone", signer=signer(tmp_path))[1]
    assert story.by_day[0].entry.scores["burden"] == 9.0
    assert "burden" not in story.by_day[1].entry.scores
