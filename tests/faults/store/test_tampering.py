"""Whatever is changed behind the store's back is found."""

import random
import sqlite3

import pytest

from modicum.foundation.errors import OptionsError
from modicum.records.chain import GENESIS, canonical, content_hash, link
from modicum.services.store_checking import check_store

EDITS = 300
COLUMNS = ("trial", "kind", "client_id", "content", "content_hash", "conflict", "actor", "received_at")


def filled(path, events=40):
    """A store without triggers, as whoever owns the file could make it; and the hash of its last event."""
    head = GENESIS
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE store_event (sequence, {', '.join(COLUMNS)}, previous_hash, hash)")
        for number in range(1, events + 1):
            content = canonical({"pain": number % 11, "day": number})
            said = (
                f"t{number % 3}",
                "entry",
                f"id-{number}",
                content,
                content_hash(content),
                False,
                "p1",
                "2026-03-02",
            )
            one = link(number, dict(zip(COLUMNS, said, strict=True)), head)
            database.execute(f"INSERT INTO store_event VALUES ({','.join('?' * 11)})", (number, *said, head, one.hash))
            head = one.hash
    return head


def test_a_store_as_it_was_written_is_whole(tmp_path):
    head = filled(tmp_path / "s.db")
    found = check_store(str(tmp_path / "s.db"), head)
    assert (found["result"], found["count"], found["head"], found["broken"]) == ("whole", 40, head, [])


def test_every_change_by_the_owner_of_the_file_is_found(tmp_path):
    """The seed is fixed; each edit is made to a fresh copy."""
    filled(tmp_path / "whole.db")
    whole, chance = (tmp_path / "whole.db").read_bytes(), random.Random(20260302)
    unfound = []
    for number in range(EDITS):
        (tmp_path / "edited.db").write_bytes(whole)
        with sqlite3.connect(tmp_path / "edited.db") as database:
            edit = any_edit(chance)
            assert database.execute(*edit).rowcount >= 1
        database.close()
        if check_store(str(tmp_path / "edited.db"))["result"] != "changed":
            unfound.append((number, edit))
    assert unfound == []


def any_edit(chance):
    at = chance.randint(1, 39)  # the last event is kept by the printed head alone
    kind = chance.choice(["value", "remove", "move", "hash"])
    if kind == "value":
        column = chance.choice(COLUMNS)
        value = "1" if column == "conflict" else f"{chance.random()}"
        return f"UPDATE store_event SET {column} = ? WHERE sequence = ?", (value, at)
    if kind == "remove":
        return "DELETE FROM store_event WHERE sequence = ?", (at,)
    if kind == "move":
        return "UPDATE store_event SET sequence = sequence + 0.5 WHERE sequence = ?", (at,)
    return "UPDATE store_event SET hash = ? WHERE sequence = ?", (f"{chance.getrandbits(256):064x}", at)


def test_a_store_that_was_cut_off_is_found_by_the_printed_head(tmp_path):
    head = filled(tmp_path / "s.db")
    with sqlite3.connect(tmp_path / "s.db") as database:
        database.execute("DELETE FROM store_event WHERE sequence > 30")
    database.close()
    assert check_store(str(tmp_path / "s.db"))["result"] == "whole"
    assert check_store(str(tmp_path / "s.db"), head)["result"] == "changed"


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_what_is_no_store_is_said(tmp_path, content):
    path = tmp_path / "s.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OptionsError, match="MOD-STORE-01"):
        check_store(str(path))
