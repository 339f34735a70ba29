"""Appending: the same again is the same, another content is kept too, and the database refuses every change."""

import datetime as dt
import sqlite3
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from django.db import Error, connections, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from modicum.records.chain import GENESIS
from modicum.web.store import appending
from modicum.web.store.appending import append, checked, checkpoint, events_of, head_of

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


def in_one_group(store, writes):
    """Carry out writes in threads of their own that all wait for the same turn; what became of each, by its place."""
    outcomes = {}

    def carry_out(place, act):
        try:
            outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        connections[store].close()

    threads = [threading.Thread(target=carry_out, args=one) for one in enumerate(writes)]
    groups = appending._writer(store).groups

    def gather():
        for thread in threads:
            thread.start()
        until = time.monotonic() + 20
        while len(groups._waiting) < len(threads):
            assert time.monotonic() < until
            time.sleep(0.002)

    groups.alone(gather)
    for thread in threads:
        thread.join(20)
    return [outcomes[place] for place in range(len(writes))]


def test_those_who_wait_are_committed_together_and_each_gets_its_own_receipt(store, monkeypatch):
    groups = []
    append_all = appending._append_all
    monkeypatch.setattr(appending, "_append_all", lambda group, using: groups.append(1) or append_all(group, using))
    receipts = in_one_group(store, [partial(write, store, f"a{n}", pain=n) for n in range(8)])
    assert groups == [1]
    assert sorted(receipt.sequence for receipt in receipts) == list(range(1, 9))
    said = {event.hash: event.said["pain"] for event in events_of("t1", store)}
    assert [said[receipt.hash] for receipt in receipts] == list(range(8))
    assert checked(store).broken == ()


def test_a_group_takes_the_same_few_statements_however_many_wait(store, monkeypatch):
    counts = []
    append_all = appending._append_all

    def counted(group, using):
        with CaptureQueriesContext(connections[using]) as asked:
            receipts = append_all(group, using)
        counts.append(len(asked))
        return receipts

    monkeypatch.setattr(appending, "_append_all", counted)
    for size in (1, 12):
        in_one_group(store, [partial(write, store, f"{size}-{n}", pain=n) for n in range(size)])
    assert counts == [3, 3]


def test_the_same_entry_twice_in_one_group_is_there_once_and_another_content_is_flagged(store):
    same = partial(write, store, "a", pain=4)
    receipts = in_one_group(store, [same, same, partial(write, store, "a", pain=7)])
    assert sorted(receipt.repeated for receipt in receipts) == [False, False, True]
    assert receipts[0].hash == receipts[1].hash
    assert [event.conflict for event in events_of("t1", store)] == [False, True]


def test_one_refused_event_keeps_none_of_its_group_from_being_written(store):
    writes = [partial(write, store, f"a{n}", pain=n) for n in range(5)]
    writes.insert(2, partial(write, store, "bad", trial="\ud800", pain=1))
    outcomes = in_one_group(store, writes)
    assert isinstance(outcomes.pop(2), Exception)
    assert sorted(receipt.sequence for receipt in outcomes) == [1, 2, 3, 4, 5]
    assert (checked(store).count, checked(store).broken) == (5, ())


def test_content_that_has_no_canonical_form_is_refused_before_it_is_anybodys_concern(store):
    with pytest.raises(ValueError, match=r"NaN|nan|float"):
        write(store, "a", pain=float("nan"))
    assert not write(store, "a", pain=1).conflict


def test_inside_a_transaction_nothing_is_acknowledged(store):
    with transaction.atomic(using=store), pytest.raises(TransactionManagementError, match="outside"):
        write(store, "a", pain=4)
    assert events_of("t1", store) == []


def test_the_head_is_that_of_the_last_event(store):
    assert head_of(store) == GENESIS
    last = [write(store, name, pain=4) for name in "ab"][-1]
    assert head_of(store) == last.hash == checked(store).head


def test_the_log_is_copied_back_now_and_then_and_does_not_grow_for_ever(store, monkeypatch):
    monkeypatch.setattr(appending, "_CHECKPOINT_EVERY", 10)
    for number in range(60):
        write(store, f"a{number}", pain=number % 11)
    if connections[store].vendor == "sqlite":
        log = Path(f"{connections[store].settings_dict['NAME']}-wal")
        assert log.stat().st_size < 40 * 5 * 4096
        checkpoint(store)
        assert log.stat().st_size == 0
    assert (checked(store).count, checked(store).broken) == (60, ())


def test_a_log_that_cannot_be_copied_back_fails_no_event(store, monkeypatch, caplog):
    def fail(*_):
        raise OSError("no space")

    monkeypatch.setattr(appending, "_CHECKPOINT_EVERY", 1)
    monkeypatch.setattr(appending._Writer, "checkpoint", fail)
    assert write(store, "a", pain=4).sequence == 1
    assert "could not be copied back" in caplog.text


def test_a_long_reader_puts_off_the_copying_and_stops_nobody(store, monkeypatch):
    monkeypatch.setattr(appending, "_CHECKPOINT_EVERY", 5)
    write(store, "first", pain=1)
    if connections[store].vendor != "sqlite":
        return  # there is no log to copy back
    with closing(sqlite3.connect(connections[store].settings_dict["NAME"])) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM store_event").fetchone()
        began = time.monotonic()
        for number in range(12):
            write(store, f"a{number}", pain=1)
        assert time.monotonic() - began < 5
