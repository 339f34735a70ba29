"""The replay test, through a real store: a virtual person's entries, handed in as by a phone, decide the same."""

import datetime as dt
import os
from dataclasses import replace

import pyrage
import pytest

from diary_fixtures import beginning, handed_in, signer, uuid7
from modicum.foundation.streams import stream
from modicum.protocol import library, read_protocol
from modicum.records.writing import diary_csv
from modicum.services.diary import begin, receive, told
from modicum.services.diary.looks import FOLDER, KeptLooks
from modicum.services.diary.reviewing import decide, stand_at
from modicum.trial.roles import draw_roles
from modicum.trial.running import Trial, replay
from modicum.web.store.port import EventStore
from verification.replaying import lived, reviewer


def whole_milliseconds(entry):
    moment = entry.received_at
    corrects = uuid7(entry.corrects) if entry.corrects else None
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return replace(entry, id=uuid7(entry.id), corrects=corrects, received_at=moment)


@pytest.mark.parametrize("name", library())
def test_a_trial_that_goes_through_the_store_decides_the_same_on_the_same_days(name, sqlite_store, tmp_path):
    virtual = lived(name, 3).trial
    entries = [whole_milliseconds(entry) for entry in virtual.entries]
    roles = draw_roles(read_protocol(name), stream(3, "roles", name, 0))
    seen, seen_through_store = [], []
    expected = replay(Trial(read_protocol(name), roles, virtual.start, virtual=True), entries, reviewer(name, seen))

    store, key = EventStore(sqlite_store), signer(tmp_path)
    begin(store, "t", beginning(name, virtual.start, virtual=True), now=virtual.start, actor="test")
    story = told(store, "t")
    look = reviewer(name, seen_through_store)
    for entry in sorted(entries, key=lambda one: (one.received_at, one.happened_at)):
        content = handed_in(entry, virtual.start) | {"id": entry.id, "corrects": entry.corrects}
        at = entry.received_at
        _, story = receive(store, "t", [content], sent_at=at, now=at, actor="phone", signer=key, before=story)
    trial = stand_at(story, roles, virtual.start + dt.timedelta(days=1000), reviewer=look)

    assert seen_through_store == seen
    assert trial.state == expected.state
    assert diary_csv(trial.everything()) == diary_csv(expected.everything())


def test_decisions_are_written_on_the_morning_they_are_due_and_never_again(sqlite_store, tmp_path):
    name = "ldn-smallest-dose"
    virtual = lived(name, 3).trial
    roles = draw_roles(read_protocol(name), stream(3, "roles", name, 0))
    store, key = EventStore(sqlite_store), signer(tmp_path)
    begin(store, "t", beginning(name, virtual.start, virtual=True), now=virtual.start, actor="test")
    seen, looks = [], KeptLooks(tmp_path, pyrage.x25519.Identity.generate(), os.urandom)
    story, look = told(store, "t"), reviewer(name, seen)
    entries = sorted((whole_milliseconds(e) for e in virtual.entries), key=lambda e: (e.received_at, e.happened_at))
    for day in range(virtual.days + 30):
        now = virtual.start + dt.timedelta(days=day, hours=8, minutes=1)
        while entries and entries[0].received_at <= now:
            entry = entries.pop(0)
            content = handed_in(entry, virtual.start) | {"id": entry.id, "corrects": entry.corrects}
            at = entry.received_at
            _, story = receive(store, "t", [content], sent_at=at, now=at, actor="phone", signer=key, before=story)
        story = decide(store, story, roles, now=now, reviewer=look, looks=looks).story
    blocks = [one["block"] for one in story.decided if one["block"]]
    assert [(block["phase"], block["days"]) for block in blocks] == [(b.phase, b.days) for b in virtual.state.blocks]
    assert story.decided[-1]["block"] is None
    capsules = [number for number, block in enumerate(blocks, 1) if block["capsule"]]
    assert len(seen) == len(capsules) > len(virtual.looks), "a block is looked at once, whether or not it is asked for"
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == [f"{number:04d}.age" for number in capsules]
    events = [event for event in store.events_of("t") if event.kind == "decided"]
    assert [event.said["number"] for event in events] == list(range(1, len(events) + 1))
    for event, block in zip(events, blocks, strict=False):
        told_at, due = dt.datetime.fromisoformat(event.received_at), dt.datetime.fromisoformat(event.said["at"])
        assert due <= told_at < due + dt.timedelta(days=1)
        assert set(block) == {"phase", "announced", "first_day", "days", "capsule", "guess"}
