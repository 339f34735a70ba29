"""Backups of a SQLite file and of a PostgreSQL: made while others write, looked through, and put back."""

import datetime as dt
import json
import os
import threading
from pathlib import Path

import pytest
from django.db import Error, connections

from modicum.foundation.errors import OptionsError
from modicum.services import postgresql_dumps
from modicum.services.backups import BackupSchedule, keep, listed, make_backup, manifest_path, prune
from modicum.services.restoring import drill, restore
from modicum.services.store_checking import check_store
from modicum.web.store.appending import append, checked, head_of

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=15)


def write(store, *names, trial="t1"):
    for name in names:
        said = {"note": f"tab\t line\n back\\slash {name} \N{SLEEPING FACE}", "pain": 4}
        append(trial=trial, kind="entry", client_id=name, content=said, actor="p1", received_at=NOW, using=store)


def close(store):
    connections[store].close()


@pytest.fixture
def place(store, request):
    """The database as the command line names it."""
    if connections[store].vendor == "sqlite":
        return str(connections[store].settings_dict["NAME"])
    return request.getfixturevalue("server")


def test_a_backup_holds_all_events_and_says_so(store, place, tmp_path):
    write(store, "a", "b", "c")
    made = make_backup(place, tmp_path / "backups", NOW)
    assert (made.result, made.count, made.head) == ("whole", 3, head_of(store))
    assert listed(tmp_path / "backups") == [made]
    assert json.loads(manifest_path(tmp_path / "backups", made).read_text())["schema"] == "modicum.backup/1"
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "backups").glob("modicum-*[!n]")}
    assert modes == {0}, "others may read it"
    assert sorted(path.suffix for path in (tmp_path / "backups").iterdir()) == sorted([Path(made.file).suffix, ".json"])


def test_an_empty_store_has_a_backup_too(store, place, tmp_path):
    assert make_backup(place, tmp_path / "backups", NOW).count == 0
    assert drill(tmp_path / "backups", place)["count"] == 0


def test_a_backup_that_is_made_while_others_write_is_whole(store, place, tmp_path):
    stop = threading.Event()

    def client(number):
        entry = 0
        while not stop.is_set():
            entry += 1
            write(store, f"{number}-{entry}")
        close(store)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    made = [make_backup(place, tmp_path / "backups", NOW + number * dt.timedelta(seconds=1)) for number in range(3)]
    stop.set()
    for thread in threads:
        thread.join(30)
    assert [one.result for one in made] == ["whole"] * 3
    assert made[0].count <= made[1].count <= made[2].count <= checked(store).count


def test_a_backup_is_restored_to_the_last_event_and_the_store_goes_on(store, place, tmp_path):
    write(store, "a", "b")
    made = make_backup(place, tmp_path / "backups", NOW)
    close(store)
    done = restore(tmp_path / "backups", place, LATER)
    assert (done["count"], done["head"], done["lost"]) == (2, made.head, 0)
    write(store, "c")
    assert (checked(store).count, checked(store).broken) == (3, ())
    with pytest.raises(Error), connections[store].cursor() as cursor:
        cursor.execute("DELETE FROM store_event")


def test_a_restore_that_would_lose_events_is_refused_unless_a_reason_is_given(store, place, tmp_path):
    write(store, "a", "b")
    make_backup(place, tmp_path / "backups", NOW)
    write(store, "c")
    close(store)
    with pytest.raises(OptionsError, match="MOD-STORE-07") as refused:
        restore(tmp_path / "backups", place, LATER)
    assert "3 events, 1 of which" in str(refused.value)
    assert check_store(place)["count"] == 3
    done = restore(tmp_path / "backups", place, LATER, shorten="the third was a test")
    assert (done["lost"], done["reason"], check_store(place)["count"]) == (1, "the third was a test", 2)
    if "://" in place:
        aside = next(one for one in listed(tmp_path / "backups") if one.file == Path(done["aside"]).name)
        assert (aside.count, "the third was a test" in aside.note) == (3, True)
    else:
        assert check_store(done["aside"])["count"] == 3
        assert "the third was a test" in Path(done["aside"] + ".txt").read_text()


def test_another_chain_of_the_same_length_counts_as_lost(store, place, tmp_path):
    write(store, "a", "b")
    made = make_backup(place, tmp_path / "backups", NOW)
    close(store)
    restore(tmp_path / "backups", place, LATER)
    other = tmp_path / "others"
    write(store, "c")
    longer = make_backup(place, other, LATER)
    close(store)
    restore(tmp_path / "backups" / made.file, place, LATER + dt.timedelta(minutes=1), shorten="to make another end")
    write(store, "d", "e")
    close(store)
    with pytest.raises(OptionsError, match="4 events, 2 of which"):
        restore(other / longer.file, place, LATER)


def test_a_restore_into_a_place_where_nothing_is_needs_no_reason(store, place, tmp_path):
    write(store, "a")
    make_backup(place, tmp_path / "backups", NOW)
    if "://" in place:
        with postgresql_dumps.scratch(place) as empty:
            assert restore(tmp_path / "backups", empty, LATER)["aside"] == ""
            assert check_store(empty)["count"] == 1
    else:
        assert restore(tmp_path / "backups", str(tmp_path / "new.sqlite3"), LATER)["aside"] == ""
        assert check_store(str(tmp_path / "new.sqlite3"))["count"] == 1


def test_a_database_that_is_in_use_is_not_replaced_under_its_users(store, place, tmp_path):
    write(store, "a")
    make_backup(place, tmp_path / "backups", NOW)
    if "://" in place:
        return  # there it is one transaction among others
    with pytest.raises(OptionsError, match="MOD-STORE-08"):
        restore(tmp_path / "backups", place, LATER)
    close(store)
    restore(tmp_path / "backups", place, LATER)
    assert check_store(place)["count"] == 1


def test_a_drill_restores_elsewhere_and_leaves_nothing(store, place, tmp_path):
    write(store, "a", "b")
    made = make_backup(place, tmp_path / "backups", NOW)
    write(store, "c")
    before = databases_of(store)
    done = drill(tmp_path / "backups", place)
    assert (done["drill"], done["count"], done["head"], done["lost"]) == (True, 2, made.head, 1)
    assert databases_of(store) == before
    assert checked(store).count == 3


def test_a_drill_of_a_backup_that_holds_nothing_of_the_store_does_not_pass(store, place, tmp_path):
    make_backup(place, tmp_path / "backups", NOW)
    write(store, "a", "b")
    with pytest.raises(OptionsError, match="none of the 2 events"):
        drill(tmp_path / "backups", place)


def databases_of(store):
    if connections[store].vendor == "sqlite":
        return sorted(os.listdir(Path(connections[store].settings_dict["NAME"]).parent))
    with connections[store].cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database ORDER BY 1")
        return cursor.fetchall()


def test_a_drill_without_a_database_is_enough_for_a_file(store, place, tmp_path):
    write(store, "a")
    make_backup(place, tmp_path / "backups", NOW)
    if "://" in place:
        with pytest.raises(OptionsError, match="MOD-STORE-08"):
            drill(tmp_path / "backups")
    else:
        assert drill(tmp_path / "backups")["lost"] is None


def test_a_store_that_was_changed_is_backed_up_and_said_to_be_changed(store, place, tmp_path):
    write(store, "a", "b")
    whole = make_backup(place, tmp_path / "backups", NOW)
    with connections[store].cursor() as cursor:
        off = {
            "sqlite": "DROP TRIGGER event_is_not_changed",
            "postgresql": "DROP TRIGGER event_is_not_changed ON store_event",
        }
        cursor.execute(off[connections[store].vendor])
        cursor.execute("UPDATE store_event SET actor = 'somebody else' WHERE sequence = 1")
    assert make_backup(place, tmp_path / "backups", LATER).result == "changed"
    assert drill(tmp_path / "backups", place)["made_at"] == whole.made_at, "the newest whole one is taken"


def test_the_schedule_makes_one_when_it_is_due_and_removes_the_old(store, place, tmp_path):
    schedule, now = BackupSchedule(place, tmp_path / "backups"), dt.datetime.now(dt.UTC)
    long_ago = (now - dt.timedelta(days=40)).replace(hour=2)
    write(store, "a")
    old, older = (make_backup(place, tmp_path / "backups", at) for at in (long_ago, long_ago.replace(hour=1)))
    made = schedule.tick(now)
    assert (made.count, made.head, made.result) == (1, head_of(store), "whole")
    assert schedule.tick(now + dt.timedelta(minutes=14)) is None
    write(store, "b")
    assert schedule.tick(now + dt.timedelta(minutes=16)).count == 2
    left = listed(tmp_path / "backups")
    assert old in left
    assert older not in left
    assert not (tmp_path / "backups" / older.file).exists()
    assert prune(tmp_path / "backups", now) == []
    assert keep(left, now) == set(left)


def test_a_schedule_that_cannot_make_one_says_why_and_tries_again(tmp_path):
    schedule = BackupSchedule(str(tmp_path / "none.sqlite3"), tmp_path / "backups")
    for _ in range(2):
        with pytest.raises(OptionsError, match="MOD-STORE-03"):
            schedule.tick(NOW)
