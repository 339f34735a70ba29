"""Appending: the same again is the same, another content is kept too, and the database refuses every change."""

import datetime as dt
import threading

import pytest
from django.db import Error, connections

from modicum.records.chain import GENESIS
from modicum.web.store.appending import append, checked, checkpoint, events_of

INSERT = "INSERT INTO store_event"
ANOTHER = "'t', 'k', 'z', '{}', 'h', conflict, 'a', 'r'"
NOW = dt.datetime(2026, 3, 2, 20, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def write(store, client_id="a", *, trial="t1", **content):
    return append(
        trial=trial, kind="entry", client_id=client_id, content=content, actor="p1", received_at=NOW, using=store
    )


def sql(store, statement):
    with connections[store].cursor() as cursor:
        cursor.execute(statement)


def test_an_event_is_numbered_follows_the_one_before_and_says_what_was_said(store):
    first, second = write(store, "a", pain=4), write(store, "b", pain=5)
    stored = events_of("t1", store)
    assert [event.sequence for event in stored] == [first.sequence, second.sequence] == [1, 2]
    assert (stored[0].previous_hash, stored[1].previous_hash) == (GENESIS, first.hash)
    assert [event.said for event in stored] == [{"pain": 4}, {"pain": 5}]
    assert stored[0].received_at == "2026-03-02T18:00:00.000+00:00"


def test_the_same_entry_again_gets_the_receipt_of_the_first_time(store):
    first = write(store, "a", pain=4, sleep=2)
    again = write(store, "a", sleep=2.0, pain=4)
    assert (again.sequence, again.hash, again.repeated) == (first.sequence, first.hash, True)
    assert len(events_of("t1", store)) == 1


def test_another_content_under_one_id_is_kept_too_and_flagged(store):
    write(store, "a", pain=4)
    other, third = write(store, "a", pain=7), write(store, "a", pain=9)
    assert (other.conflict, third.conflict) == (True, True)
    assert [(event.said["pain"], event.conflict) for event in events_of("t1", store)] == [
        (4, False),
        (7, True),
        (9, True),
    ]
    assert write(store, "a", pain=7).repeated


def test_two_trials_may_use_one_id(store):
    assert not write(store, "a", trial="t1", pain=4).conflict
    assert not write(store, "a", trial="t2", pain=7).conflict


def test_text_in_every_script_and_odd_numbers_come_back_as_they_were_written(store):
    said = {
        "note": "schläft schlecht \u0000 \N{SLEEPING FACE} \u202e نوم",
        "pain": 0.1,
        "many": 2**53 - 1,
        "none": None,
        "list": [True, []],
    }
    write(store, "a", **said)
    assert events_of("t1", store)[0].said == said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE store_event SET content = '{}'",
        "UPDATE store_event SET hash = 'x' WHERE sequence = 1",
        "DELETE FROM store_event",
        f"{INSERT} SELECT 1, {ANOTHER}, previous_hash, 'h' FROM store_event",
        f"{INSERT} SELECT 5, {ANOTHER}, hash, 'h' FROM store_event",
        f"{INSERT} SELECT 2, {ANOTHER}, 'other', 'h' FROM store_event",
    ],
)
def test_the_database_refuses_what_the_store_never_does(store, statement):
    write(store, "a", pain=4)
    with pytest.raises(Error):
        sql(store, statement)
    assert [event.said for event in events_of("t1", store)] == [{"pain": 4}]
    assert checked(store).broken == ()


def test_replacing_and_emptying_are_refused_too(store):
    write(store, "a", pain=4)
    engine = connections[store].vendor
    replaced = "INSERT OR REPLACE INTO store_event SELECT * FROM store_event"
    with pytest.raises(Error):
        sql(store, replaced if engine == "sqlite" else "TRUNCATE store_event")
    assert len(events_of("t1", store)) == 1


def test_many_writers_at_once_make_one_whole_chain(store):
    def writer(number):
        for entry in range(12):
            write(store, f"{number}-{entry}", trial=f"t{number}", pain=entry)
            write(store, f"shared-{entry}", trial="shared", pain=entry)
        connections[store].close()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = checked(store)
    assert (found.count, found.broken) == (6 * 12 + 12, ())
    assert len(events_of("shared", store)) == 12
    assert not any(event.conflict for event in events_of("shared", store))


def test_a_checkpoint_loses_nothing(store):
    write(store, "a", pain=4)
    checkpoint(store)
    write(store, "b", pain=5)
    assert checked(store).count == 2


def test_an_empty_store_is_whole(store):
    assert (checked(store).count, checked(store).head) == (0, GENESIS)
