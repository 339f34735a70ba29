"""``modicum backup`` and ``modicum restore`` as they are typed."""

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from modicum.cli.application import run
from modicum.records.chain import GENESIS, canonical, content_hash, link
from modicum.services.backups import make_backup
from modicum.services.documents import document_schema
from modicum.services.store_checking import COLUMNS

EVENT = {"trial": "t", "kind": "entry", "actor": "p", "received_at": "2026-03-02"}


def grown(path, events):
    """A store with so many events, or with so many more."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE IF NOT EXISTS store_event ({', '.join(COLUMNS)})")
        last = database.execute("SELECT sequence, hash FROM store_event ORDER BY sequence DESC").fetchone()
        number, head = last or (0, GENESIS)
        for sequence in range(number + 1, number + events + 1):
            content = canonical({"pain": sequence % 11})
            said = {"client_id": f"i{sequence}", "content": content, "content_hash": content_hash(content)}
            body = {**EVENT, **said, "conflict": False}
            one = link(sequence, body, head)
            row = {**body, "sequence": sequence, "previous_hash": head, "hash": one.hash}
            database.execute(f"INSERT INTO store_event VALUES ({','.join('?' * 11)})", [row[name] for name in COLUMNS])
            head = one.hash
        database.commit()
    return str(path)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return grown("clinic.sqlite3", 5)


def typed(capsys, *words):
    code = run(words)
    said = capsys.readouterr()
    return code, said.out, said.err


def document(capsys, kind, *words, code=0):
    ended, out, _ = typed(capsys, *words, "--json")
    assert ended == code
    read = json.loads(out)
    jsonschema.validate(read, document_schema(kind))
    return read


def test_a_backup_and_a_restore_after_an_accident(capsys, store, tmp_path):
    code, out, _ = typed(capsys, "backup", "--database", store, "--out", "backups")
    assert code == 0
    assert "5 events, as they were written, in backups/modicum-" in out
    (tmp_path / store).unlink()
    code, out, _ = typed(capsys, "restore", "backups", "--database", store)
    assert (code, "Restored: 5 events" in out) == (0, True)
    assert typed(capsys, "store", "check", "--database", store)[0] == 0


def test_the_documents_are_as_their_schemas_say(capsys, store):
    made = document(capsys, "backup", "backup", "--database", store, "--out", "backups")
    assert document(capsys, "restore", "restore", "backups", "--drill")["head"] == made["head"]
    done = document(capsys, "restore", "restore", "backups", "--database", store)
    assert (done["drill"], done["lost"], done["count"]) == (False, 0, 5)


def test_losing_an_event_needs_a_reason(capsys, store):
    typed(capsys, "backup", "--database", store, "--out", "backups")
    grown(store, 2)
    refused = document(capsys, "error", "restore", "backups", "--database", store, code=2)
    assert [one["code"] for one in refused["problems"]] == ["MOD-STORE-07"]
    code, out, _ = typed(capsys, "restore", "backups", "--database", store, "--shorten", "they were a test")
    assert code == 0
    assert "2 events of the database are not in it." in out
    assert "What was there before is kept in" in out


def test_a_changed_store_is_backed_up_and_is_a_finding(capsys, store):
    with closing(sqlite3.connect(store)) as database:
        database.execute("UPDATE store_event SET actor = 'q' WHERE sequence = 2")
        database.commit()
    code, out, _ = typed(capsys, "backup", "--database", store, "--out", "backups")
    assert (code, "NOT as they were written" in out) == (1, True)
    assert typed(capsys, "restore", "backups", "--drill")[0] == 2


def test_a_drill_says_what_came_out_and_how_much_is_newer(capsys, store):
    typed(capsys, "backup", "--database", store, "--out", "backups")
    grown(store, 1)
    code, out, _ = typed(capsys, "restore", "backups", "--drill", "--database", store)
    assert code == 0
    assert "Came out whole, and was removed again: 5 events" in out
    assert "1 events of the database are not in it." in out


def test_without_a_database_nothing_is_restored(capsys, store):
    typed(capsys, "backup", "--database", store, "--out", "backups")
    code, _, err = typed(capsys, "restore", "backups")
    assert (code, "--drill" in err) == (2, True)


def test_old_backups_go_only_where_that_is_asked_for(capsys, store):
    now = dt.datetime.now(dt.UTC)
    for days in (0, 100, 101, 102):
        make_backup(store, Path("backups"), now - dt.timedelta(days=days))
    assert "removed" not in typed(capsys, "backup", "--database", store, "--out", "backups")[1]
    assert "old backups removed" in typed(capsys, "backup", "--database", store, "--out", "backups", "--prune")[1]
