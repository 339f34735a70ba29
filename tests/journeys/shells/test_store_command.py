"""``modicum store check`` as a person types it."""

import json
import sqlite3

import jsonschema

from modicum.cli.application import run
from modicum.records.chain import GENESIS, canonical, content_hash, link
from modicum.services.documents import document_schema

COLUMNS = ("trial", "kind", "client_id", "content", "content_hash", "conflict", "actor", "received_at")


def store(path):
    content = canonical({"pain": 4})
    said = ("t1", "entry", "a", content, content_hash(content), False, "p1", "2026-03-02T20:00:00.000+00:00")
    one = link(1, dict(zip(COLUMNS, said, strict=True)), GENESIS)
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE store_event (sequence, {', '.join(COLUMNS)}, previous_hash, hash)")
        database.execute(f"INSERT INTO store_event VALUES ({','.join('?' * 11)})", (1, *said, GENESIS, one.hash))
    database.close()
    return one.hash


def test_a_whole_store_says_so_and_prints_its_head(tmp_path, capsys):
    head = store(tmp_path / "s.db")
    assert run(["store", "check", "--database", str(tmp_path / "s.db"), "--head", head]) == 0
    assert f"1 events, as they were written. Head {head}" in capsys.readouterr().out


def test_a_changed_one_exits_with_1_and_names_the_place(tmp_path, capsys):
    store(tmp_path / "s.db")
    with sqlite3.connect(tmp_path / "s.db") as database:
        database.execute("UPDATE store_event SET actor = 'somebody'")
    database.close()
    assert run(["store", "check", "--database", str(tmp_path / "s.db"), "--json"]) == 1
    read = json.loads(capsys.readouterr().out)
    jsonschema.validate(read, document_schema("store-check"))
    assert [one["sequence"] for one in read["broken"]] == [1]


def test_what_is_no_store_is_bad_input(tmp_path, capsys):
    assert run(["store", "check", "--database", str(tmp_path / "none.db"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "MOD-STORE-01"
