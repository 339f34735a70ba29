"""Processes that write one SQLite file take turns; one that waits too long is told who is in the way."""

import datetime as dt
import subprocess
import sys
import threading
import time

import psycopg
import pytest
from django.db import OperationalError, connections

from modicum.foundation.errors import OptionsError
from modicum.services.store_turns import POSTGRESQL_LOCK, file_turn
from modicum.web.databases import configured
from modicum.web.store import appending
from modicum.web.store.appending import append, checked

HOLDER = """
import sys, time
from modicum.services.store_turns import file_turn
with file_turn(sys.argv[1]):
    print("mine", flush=True)
    time.sleep(float(sys.argv[2]))
"""
NOW = dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)


def another_process(path, seconds):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "mine\n"
    return holder


def test_a_process_waits_for_the_turn_of_another_one(tmp_path):
    with another_process(tmp_path / "s.db", 0.3), file_turn(str(tmp_path / "s.db")):
        pass


def test_a_process_that_waits_too_long_is_told_so(tmp_path):
    holder = another_process(tmp_path / "s.db", 60)
    with pytest.raises(OptionsError, match="MOD-STORE-02"), file_turn(str(tmp_path / "s.db"), patience=0.05):
        pass
    holder.kill()
    holder.wait()
    with file_turn(str(tmp_path / "s.db"), patience=0.5):
        pass


def test_threads_take_turns_too(tmp_path):
    path, inside, seen = str(tmp_path / "s.db"), [], []

    def act():
        for _ in range(20):
            with file_turn(path):
                inside.append(1)
                seen.append(len(inside))
                time.sleep(0.0005)
                inside.pop()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert set(seen) == {1}
    assert len(seen) == 80


def test_an_event_that_another_process_holds_up_is_refused_and_may_be_sent_again(store, monkeypatch):
    if connections[store].vendor != "sqlite":
        return  # processes queue in the database
    event = {"trial": "t", "kind": "k", "client_id": "a", "content": {}, "actor": "p", "received_at": NOW}
    path = connections[store].settings_dict["NAME"]
    monkeypatch.setattr(appending, "file_turn", lambda name: file_turn(name, patience=0.05))
    holder = another_process(path, 60)
    with pytest.raises(OperationalError, match="MOD-STORE-02"):
        append(**event, using=store)
    holder.kill()
    holder.wait()
    assert append(**event, using=store).sequence == 1
    assert checked(store).count == 1


def test_a_holder_of_the_turn_that_falls_silent_on_postgresql_is_let_go(store, request, monkeypatch):
    if connections[store].vendor != "postgresql":
        return  # there the lock goes with the process
    address = request.getfixturevalue("server")
    event = {"trial": "t", "kind": "k", "client_id": "a", "content": {}, "actor": "p", "received_at": NOW}
    options = "-c lock_timeout=200ms -c idle_in_transaction_session_timeout=600ms"
    monkeypatch.setitem(connections[store].settings_dict, "OPTIONS", {"options": options})
    connections[store].close()
    with psycopg.connect(address, options=options) as silent:
        silent.execute("SELECT pg_advisory_xact_lock(%s)", [POSTGRESQL_LOCK])
        with pytest.raises(OperationalError, match="lock timeout"):
            append(**event, using=store)
        time.sleep(1)
        assert append(**event, using=store).sequence == 1
        silent.close()


def test_postgresql_is_asked_to_let_go_of_silent_holders():
    options = configured("postgresql://me@localhost/clinic")["OPTIONS"]["options"]
    assert "lock_timeout=20s" in options
    assert "idle_in_transaction_session_timeout=20s" in options


def test_a_lock_that_cannot_be_made_is_a_fault_of_the_database_for_all_who_wait(store, monkeypatch):
    if connections[store].vendor != "sqlite":
        return
    event = {"trial": "t", "kind": "k", "client_id": "a", "content": {}, "actor": "p", "received_at": NOW}
    monkeypatch.setattr("os.open", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OperationalError, match="No space"):
        append(**event, using=store)
    monkeypatch.undo()
    assert append(**event, using=store).sequence == 1


def test_a_place_whose_name_speaks_of_memory_has_its_lock(tmp_path):
    folder = tmp_path / "memory"
    folder.mkdir()
    alias = "in-memory-lane"
    connections.databases[alias] = {**connections.databases["default"], **configured(str(folder / "s.sqlite3"))}
    try:
        with appending._writer(alias)._turn():
            assert (folder / "s.sqlite3.lock").exists()
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
