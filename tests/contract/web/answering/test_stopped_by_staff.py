"""A trial that staff stopped: until it is answered its page says so, and the answer is asked for and comes."""

import datetime as dt

import pytest

from answered_trials import short_protocol
from diary_fixtures import chance, signer, written
from modicum.services.diary import receive
from modicum.web import stories, trials
from modicum.web.jobs import queue
from modicum.web.jobs.reviews import ask_for_what_is_due
from modicum.web.stories import story_of
from waiting_trials import FIRST_DAY, at

STOPPED_ON = 9


def let_jobs_work(room, when):
    (room.data / "clock").write_text(when.isoformat())
    asked = ask_for_what_is_due(when)
    queue.work_off(queue.SEALED)
    return asked


@pytest.fixture
def stopped(room, tmp_path, request):
    """Jonas, whose trial was stopped after nine evenings, at one in the afternoon, by her who reads its pages."""
    room.whose = room.world.jonas
    room.whose.trial = request.node.name  # what was told of a name is remembered
    room.whose.save()
    room.client = room.world.client("foreign prescriber")
    told = {"contribution": "test", "now": at(0), "actor": "test", "randomness": chance}
    trials.begin_trial(room.whose, short_protocol(tmp_path), FIRST_DAY, **told)
    evenings = [written(day, answers={"pain": 5.0}, took="yes" if day > 4 else None) for day in range(STOPPED_ON)]
    sent = at(STOPPED_ON - 1, 21)
    receive(stories.STORE, room.trial, evenings, sent_at=sent, now=sent, actor="phone", signer=signer(tmp_path))
    let_jobs_work(room, at(STOPPED_ON, 12))
    (room.data / "clock").write_text(at(STOPPED_ON, 13).isoformat())
    room.client.post(f"/clinic/people/{room.person.pk}/stop/", {"reason": "an operation"})
    return room


def test_its_page_says_by_whom_and_when_and_not_that_capsules_go_on(stopped):
    page = stopped.text("answer")
    day, after = (FIRST_DAY + dt.timedelta(days=days) for days in (STOPPED_ON, STOPPED_ON + 1))
    who = stopped.world.people["foreign prescriber"].name
    assert "This trial was stopped." in page
    assert f"Stopped by {who} on {day:%-d %B %Y}, 13:00. No capsule is taken any more." in page
    assert f"from {after:%-d %B %Y}, 08:00 on" in page
    assert "What is taken now" not in page


def test_from_the_moment_that_is_named_it_is_answered_and_not_before(stopped):
    assert let_jobs_work(stopped, at(STOPPED_ON + 1, 7.9)) == 0
    assert "This trial was stopped." in stopped.text("answer")
    assert let_jobs_work(stopped, at(STOPPED_ON + 1, 8)) == 1
    assert story_of(stopped.trial).ended
    assert "The answer is being computed." in stopped.text("answer")
    assert let_jobs_work(stopped, at(STOPPED_ON + 1, 8.1)) == 1
    assert stopped.kinds()[-1] == "answered"
    assert "This trial was stopped." not in stopped.text("answer")
