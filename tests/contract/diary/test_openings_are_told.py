"""Every opening of a seal is an event of the store, on each of the four paths, before anything is opened."""

import pytest

from allocation_fixtures import NOW, chance, drawn, key_file
from diary_fixtures import beginning
from modicum.foundation.errors import AllocationError
from modicum.services.diary import begin
from modicum.services.diary.openings import OPENED, witness_of
from modicum.services.diary.sealed import WHO, open_for_review
from modicum.services.folders import read_records
from modicum.services.unblinding import HeldKey, unblind
from modicum.web.store.port import EventStore

PATHS = {"supply": "pharmacist", "review": "review", "emergency": "emergency", "final": "pharmacist"}


@pytest.fixture
def store(sqlite_store):
    found = EventStore(sqlite_store)
    begin(found, "t", beginning(), now=NOW, actor="test")
    return found


def opened(store):
    return [event.said for event in store.events_of("t") if event.kind == OPENED]


def witness(store, seed=3):
    return witness_of(store, "t", actor="staff:7", randomness=chance(seed))


@pytest.mark.parametrize("path", PATHS)
def test_each_path_tells_the_store_who_opened_what_and_why(path, store, tmp_path):
    folder, role = drawn(tmp_path / "a"), PATHS[path]
    found = unblind(
        folder,
        key_file(tmp_path, role),
        path,
        who="R. Adeyemi",
        why="a test",
        now=NOW,
        randomness=chance(2),
        witness=witness(store),
    )
    (said,) = opened(store)
    named = {"path": path, "key": role, "who": "R. Adeyemi", "why": "a test", "at": NOW.isoformat()}
    assert said == {"schema": "modicum.opened/1", **named, "allocation": found.document.fingerprint}
    assert [event.client_id for event in store.events_of("t")][-1].startswith("opened-")


def test_a_store_that_cannot_be_told_keeps_the_seal_shut(tmp_path):
    folder = drawn(tmp_path / "a")

    def full(_opening):
        raise OSError("No space left on device")

    asked = {"who": "R", "why": "a test", "now": NOW, "randomness": chance(2), "witness": full}
    with pytest.raises(OSError, match="No space"):
        unblind(folder, key_file(tmp_path, "pharmacist"), "supply", **asked)
    assert read_records(folder) == ()


@pytest.mark.parametrize("role", ["review", "emergency"])
def test_a_wrong_key_opens_nothing_and_so_nothing_is_told(role, store, tmp_path):
    folder = drawn(tmp_path / "a")
    asked = {"who": "R", "why": "a test", "now": NOW, "randomness": chance(2), "witness": witness(store)}
    with pytest.raises(AllocationError, match="MOD-ALLOC-12"):
        unblind(folder, key_file(tmp_path, role), "supply", **asked)
    assert opened(store) == []


def test_reviews_tell_the_store_too(store, tmp_path):
    folder = drawn(tmp_path / "a")
    open_for_review(
        folder, key_file(tmp_path, "review"), now=NOW, randomness=chance(2), why="an answer", witness=witness(store)
    )
    assert [(said["path"], said["who"], said["why"]) for said in opened(store)] == [("review", WHO, "an answer")]


def test_a_key_that_is_handed_in_opens_like_a_file_and_is_never_shown(tmp_path):
    folder = drawn(tmp_path / "a")
    held = HeldKey(key_file(tmp_path, "pharmacist").read_bytes())
    assert "SECRET" not in f"{held} {held!r}"
    found = unblind(folder, held, "supply", who="R", why="a test", now=NOW, randomness=chance(2))
    assert found.record.key == "pharmacist"
    with pytest.raises(AllocationError, match="MOD-ALLOC-10") as refused:
        unblind(folder, HeldKey(b"nothing"), "supply", who="R", why="a test", now=NOW, randomness=chance(2))
    assert "nothing" not in str(refused.value)
