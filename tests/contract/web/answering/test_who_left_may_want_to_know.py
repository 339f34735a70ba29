"""A trial that the person left is over. It is answered if she wants to know, and never otherwise."""

import pytest

from answered_trials import short_protocol
from diary_fixtures import chance, signer, written
from modicum.services.diary import receive
from modicum.services.diary.answering import want_answer
from modicum.web import stories, trials
from modicum.web.jobs import queue
from modicum.web.jobs.reviews import ask_for_what_is_due
from modicum.web.stories import story_of
from waiting_trials import FIRST_DAY, at

LEAVES = 9
ASKED = "The person has said so: an answer is wanted"


def let_jobs_work(room, when):
    (room.data / "clock").write_text(when.isoformat())
    ask_for_what_is_due(when)
    queue.work_off(queue.SEALED)
    ask_for_what_is_due(when)
    queue.work_off(queue.SEALED)


@pytest.fixture
def left(room, tmp_path, request):
    """Jonas, who left on an evening in his second period, and what his prescriber sees."""
    room.whose = room.world.jonas
    room.whose.trial = request.node.name  # what was told of a name is remembered
    room.whose.save()
    room.client = room.world.client("foreign prescriber")
    told = {"contribution": "test", "now": at(0), "actor": "test", "randomness": chance}
    trials.begin_trial(room.whose, short_protocol(tmp_path), FIRST_DAY, **told)
    evenings = [
        written(day, answers={"pain": 5.0}, took="yes" if day > 4 else None, leaves=day == LEAVES)
        for day in range(LEAVES + 1)
    ]
    sent = at(LEAVES, 21)
    receive(stories.STORE, room.trial, evenings, sent_at=sent, now=sent, actor="phone", signer=signer(tmp_path))
    return room


def test_until_the_trial_has_ended_nothing_is_asked(left):
    assert "the trial ends now" in left.text("answer")
    assert ASKED not in left.text("answer")
    left.client.post(left.address("answer/wanted"), {"wants": "on"})
    assert "wanted" not in left.kinds()
    with pytest.raises(ValueError, match="was not left without an answer"):
        want_answer(stories.STORE, story_of(left.trial), now=at(LEAVES + 1), actor="test")


def test_nobody_is_answered_unasked(left):
    let_jobs_work(left, at(LEAVES + 2))
    assert story_of(left.trial).ended
    assert "answered" not in left.kinds()
    person = left.client.get(f"/clinic/people/{left.person.pk}/").content.decode()
    assert f'href="{left.address("answer")}"' in person
    page = left.text("answer")
    assert "There is no answer." in page
    assert ASKED in page


def test_that_it_is_wanted_has_to_be_said(left):
    let_jobs_work(left, at(LEAVES + 2))
    page = left.client.post(left.address("answer/wanted")).content.decode()
    assert "Somebody who left is given an answer only where it is wanted." in page
    assert "wanted" not in left.kinds()


def test_who_wants_to_know_is_answered_by_what_was_written_until_then(left):
    let_jobs_work(left, at(LEAVES + 2))
    left.client.post(left.address("answer/wanted"), {"wants": "on"})
    left.client.post(left.address("answer/wanted"), {"wants": "on"})
    assert left.kinds().count("wanted") == 1
    assert "The answer is being computed." in left.text("answer")
    let_jobs_work(left, at(LEAVES + 3))
    page = left.text("answer")
    assert left.closing.result["verdict"]["sentence"] in page
    assert "The person left, and wanted to know." in page
    left.sign()
    left.reveal()
    assert "The seal is intact." in left.text("reveal")


def test_an_answer_that_is_there_is_wanted_of_nobody(room):
    room.client.post(room.address("answer/wanted"), {"wants": "on"})
    assert "wanted" not in room.kinds()
