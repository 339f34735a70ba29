"""After an answer: where a dose works the diary is asked for now and then; where none does it is asked for no more."""

import datetime as dt

import pytest

from diary_fixtures import NOW, START, beginning, signer, written
from modicum.services.diary import Contacts, begin, receive, schedule_of, told
from modicum.services.diary.story import ANSWERED
from modicum.web.store.port import EventStore

ANSWERED_ON = 200  # day of the trial


@pytest.fixture
def answered(sqlite_store, tmp_path):
    def make(code):
        store = EventStore(sqlite_store)
        begin(store, "t", beginning(), now=NOW, actor="test")
        at = START + dt.timedelta(days=ANSWERED_ON, hours=11)
        verdict = {"code": code, "dose_mg": 1.5 if code == "works" else None}
        content = {"schema": "modicum.answered/1", "result": {"verdict": verdict}, "page_sha256": ""}
        store.append(trial="t", kind=ANSWERED, client_id=ANSWERED, content=content, actor="test", received_at=at)
        return store

    return make


def schedule(store, tmp_path, day, language="en"):
    now = START + dt.timedelta(days=day, hours=20)
    return schedule_of(told(store, "t"), now=now, contacts=Contacts(), signer=signer(tmp_path), language=language)


def test_a_dose_that_works_is_asked_about_once_a_week_from_the_day_after(answered, tmp_path):
    found = schedule(answered("works"), tmp_path, ANSWERED_ON + 3)
    asked = [one["day"] for one in found["days"] if one["asked"] and one["day"] > ANSWERED_ON]
    assert found["stage"] == "maintenance"
    assert asked[:3] == [ANSWERED_ON + 1, ANSWERED_ON + 8, ANSWERED_ON + 15]


def test_the_phone_is_told_of_the_answer_and_of_the_dose_that_is_kept(answered, tmp_path):
    store = answered("works")
    for language, words in (("en", "1.5 mg each evening."), ("de", "1,5 mg jeden Abend.")):
        (said,) = schedule(store, tmp_path, ANSWERED_ON + 3, language)["result"]["words"]
        assert said.replace("\N{NO-BREAK SPACE}", " ").endswith(words)


def test_an_entry_of_maintenance_is_kept_on_its_day(answered, tmp_path):
    store, day = answered("works"), ANSWERED_ON + 8
    now = START + dt.timedelta(days=day, hours=20)
    receive(store, "t", [written(day)], sent_at=now, now=now, actor="phone", signer=signer(tmp_path))
    assert [one["day"] for one in schedule(store, tmp_path, day)["answered"]] == [day]


@pytest.mark.parametrize("code", ["nothing-that-matters", "cannot-tell", "harm"])
def test_where_no_dose_was_found_nothing_more_is_asked(answered, tmp_path, code):
    found = schedule(answered(code), tmp_path, ANSWERED_ON + 3)
    assert (found["stage"], found["result"]) == ("result", {"words": []})
    assert not any(one["asked"] for one in found["days"] if one["day"] > ANSWERED_ON + 1)
