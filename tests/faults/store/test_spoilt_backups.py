"""A backup that was changed, cut short or interrupted is never restored, and the database stays as it was."""

import datetime as dt
import json
import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from modicum.foundation.errors import OptionsError
from modicum.records.chain import GENESIS, canonical, content_hash, link
from modicum.services import backups
from modicum.services.backups import listed, make_backup, manifest_path, prune
from modicum.services.restoring import drill, restore
from modicum.services.store_checking import COLUMNS, check_store

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
SPOILT = 60


def filled(path, events=30):
    """A store as whoever owns the file could make it."""
    head = GENESIS
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE store_event ({', '.join(COLUMNS)})")
        for number in range(1, events + 1):
            content = canonical({"pain": number % 11})
            said = {"trial": "t", "kind": "entry", "client_id": f"i{number}", "content": content, "actor": "p"}
            body = {**said, "content_hash": content_hash(content), "conflict": False, "received_at": "2026-03-02"}
            one = link(number, body, head)
            row = {**body, "sequence": number, "previous_hash": head, "hash": one.hash}
            database.execute(f"INSERT INTO store_event VALUES ({','.join('?' * 11)})", [row[name] for name in COLUMNS])
            head = one.hash
        database.commit()
    return str(path)


@pytest.fixture
def made(tmp_path):
    """A store with its backup: the path of each."""
    manifest = make_backup(filled(tmp_path / "s.sqlite3"), tmp_path / "backups", NOW)
    return tmp_path / "s.sqlite3", tmp_path / "backups" / manifest.file


def test_a_backup_in_which_any_byte_was_changed_is_not_restored(made):
    database, file = made
    whole, before, chance = file.read_bytes(), database.read_bytes(), random.Random(20261129)
    for _ in range(SPOILT):
        at = chance.randrange(len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        with pytest.raises(OptionsError, match="MOD-STORE-05"):
            restore(file, str(database), NOW)
        with pytest.raises(OptionsError, match="MOD-STORE-05"):
            drill(file.parent)
    assert database.read_bytes() == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_backup_that_was_cut_short_is_not_restored(made, share):
    database, file = made
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
    with pytest.raises(OptionsError, match="MOD-STORE-05"):
        restore(file, str(database), NOW)


def test_a_manifest_that_tells_another_head_or_count_is_found(made):
    database, file = made
    for change in ({"head": "f" * 64}, {"count": 31}):
        path = file.with_suffix(".json")
        said = path.read_text()
        path.write_text(json.dumps(json.loads(said) | change))
        with pytest.raises(OptionsError, match="MOD-STORE-05"):
            restore(file, str(database), NOW)
        path.write_text(said)


def test_a_backup_whose_chain_was_written_anew_with_its_manifest_is_refused_by_the_database(made, tmp_path):
    """Whoever can write the folder can forge a whole backup; it holds none of the events of the database."""
    database, _ = made
    forged = make_backup(filled(tmp_path / "other.sqlite3", 31), tmp_path / "forged", NOW)
    with closing(sqlite3.connect(database)) as store:
        store.execute("UPDATE store_event SET actor = 'q' WHERE sequence = 30")
        store.execute("UPDATE store_event SET hash = 'another' WHERE sequence = 30")
        store.commit()
    with pytest.raises(OptionsError, match="1 of which"):
        restore(tmp_path / "forged" / forged.file, str(database), NOW)


@pytest.mark.parametrize("what", ["nothing", "no manifest", "no file", "not JSON", "half"])
def test_what_is_no_backup_is_said(made, what):
    database, file = made
    manifest = file.with_suffix(".json")
    if what == "nothing":
        manifest.unlink()
        file.unlink()
    elif what == "no manifest":
        manifest.unlink()
    elif what == "no file":
        file.unlink()
    elif what == "not JSON":
        manifest.write_bytes(b"\xff{")
    else:
        manifest.write_text('{"schema": "modicum.backup/1"}')
    for source in (file, file.parent):
        with pytest.raises(OptionsError, match="MOD-STORE-04"):
            restore(source, str(database), NOW)
    assert listed(file.parent) == []


def test_an_interrupted_backup_leaves_no_backup_and_is_swept_up_a_day_later(made, monkeypatch):
    database, file = made

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "examine", stop)
    with pytest.raises(KeyboardInterrupt):
        make_backup(str(database), file.parent, NOW + dt.timedelta(hours=1))
    assert [one.file for one in listed(file.parent)] == [file.name]
    killed = file.parent / ".modicum-20261128T000000.000000Z.sqlite3.partial"
    killed.write_bytes(b"half")
    os.utime(killed, (NOW.timestamp(), NOW.timestamp()))
    prune(file.parent, NOW + dt.timedelta(hours=23))
    assert killed.exists()
    prune(file.parent, NOW + dt.timedelta(hours=25))
    assert not killed.exists()


@pytest.mark.parametrize(
    "spoil", [lambda whole: b"", lambda whole: b"no database", lambda whole: whole[: len(whole) // 2]]
)
def test_a_damaged_database_is_replaced_only_with_a_reason_and_kept_aside(made, spoil):
    database, file = made
    damaged = spoil(database.read_bytes())
    database.write_bytes(damaged)
    with pytest.raises(OptionsError, match="MOD-STORE-07"):
        restore(file, str(database), NOW)
    assert database.read_bytes() == damaged
    done = restore(file, str(database), NOW, shorten="the disk broke")
    assert check_store(str(database))["count"] == 30
    assert Path(done["aside"]).read_bytes() == damaged
    assert done["lost"] is None


def test_a_log_of_the_old_database_is_never_taken_for_that_of_the_new_one(made):
    database, file = made
    Path(f"{database}-wal").write_bytes(b"rubbish" * 900)
    database.write_bytes(b"no database")
    done = restore(file, str(database), NOW, shorten="the disk broke")
    assert not Path(f"{database}-wal").exists()
    assert Path(done["aside"] + "-wal").exists()
    assert check_store(str(database))["count"] == 30


def test_a_backup_of_one_kind_is_not_restored_into_the_other(made):
    with pytest.raises(OptionsError, match="MOD-STORE-05"):
        restore(made[1], "postgresql://nobody@127.0.0.1:1/none", NOW)


def test_a_folder_that_cannot_be_written_is_said(made, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OptionsError, match="MOD-STORE-03"):
        make_backup(str(made[0]), tmp_path / "file" / "below", NOW)
    with pytest.raises(OptionsError, match="MOD-STORE-08"):
        restore(made[1], str(tmp_path / "none" / "s.sqlite3"), NOW)


@pytest.mark.parametrize("database", ["none.sqlite3", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_is_not_there_leaves_no_trace_in_the_folder(tmp_path, database, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OptionsError, match=r"MOD-STORE-0[36]"):
        make_backup(database, tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_missing_program_of_postgresql_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("glob.glob", lambda *_: [])
    with pytest.raises(OptionsError, match="MOD-STORE-06") as refused:
        make_backup("postgresql://me:secret@127.0.0.1:1/none", tmp_path / "backups", NOW)
    assert "postgresql-client" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_every_manifest_is_beside_its_file(made):
    manifest = listed(made[1].parent)[0]
    assert manifest_path(made[1].parent, manifest) == made[1].with_suffix(".json")
