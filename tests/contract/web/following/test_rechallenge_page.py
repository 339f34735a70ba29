"""A dose that is kept is offered a blinded re-challenge on a page: drawn, sealed and accepted before its first day."""

import datetime as dt
import re
import threading

import pytest

from followed import LATER, OVER, following, keep_a_dose
from modicum.web.clinic.following import again
from modicum.web.clinic.following.again import folder_of

KEPT = OVER + 1


@pytest.fixture
def kept(world, lived):
    """A trial that found 1.5 mg, half a year later."""
    data = lived(keep_a_dose)
    with following(world.ines, data) as trial:
        yield trial


@pytest.fixture
def page(kept):
    return f"/clinic/people/{kept.participant.pk}/re-challenge/"


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def accepted(client, page, kept, **more):
    first = (kept.first_day + dt.timedelta(days=LATER + 7)).isoformat()
    return client.post(page, {"first_day": first, "contribution": "blue heron", **more})


def test_the_list_offers_it_and_it_is_drawn_accepted_and_offered_no_more(world, kept, page):
    client = world.client("prescriber")
    assert page in client.get("/").content.decode() or "Also: A blinded re-challenge" in text(client.get("/"))
    assert "A blinded re-challenge can begin." in text(client.get(page))
    assert accepted(client, page, kept).status_code == 302
    (one,) = kept.story().rechallenges
    assert one.begun.date() == kept.first_day + dt.timedelta(days=LATER + 7)
    assert (folder_of(kept.participant.trial, 1) / "sealed" / "emergency.age").exists()
    assert "A re-challenge begins on Friday 1 January 2027." in text(client.get(page))
    assert "re-challenge can be offered" not in text(client.get("/"))
    assert accepted(client, page, kept)["Location"] == page.removesuffix("re-challenge/")
    assert len(kept.story().rechallenges) == 1
    kept.at(LATER + 8, 13)
    assert "A blinded re-challenge is under way." in text(client.get(page))
    assert f'href="{page}"' in client.get(page.removesuffix("re-challenge/")).content.decode()
    assert "begins on" not in text(client.get(page))


def test_of_three_who_accept_one_at_the_same_moment_one_does_and_all_are_shown_it(world, kept, page):
    clients, answers = [world.client("prescriber") for _ in range(3)], []

    def accept(client, days):
        first = (kept.first_day + dt.timedelta(days=LATER + days)).isoformat()
        answers.append(client.post(page, {"first_day": first, "contribution": "blue heron"}))

    threads = [threading.Thread(target=accept, args=(client, days)) for days, client in enumerate(clients, 5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answer.status_code for answer in answers) == [302, 409, 409]
    assert all("Already accepted by Dr Prescriber" in text(answer) for answer in answers if answer.status_code == 409)
    assert len(answers) == len(clients)
    assert len(kept.story().rechallenges) == 1


def test_an_order_that_was_drawn_before_a_crash_is_accepted_with_whatever_words(world, kept, page, monkeypatch):
    client, document = world.client("prescriber"), folder_of(kept.participant.trial, 1) / "allocation.json"
    with monkeypatch.context() as crash:
        crash.setattr(again, "accept_rechallenge", None)
        with pytest.raises(TypeError):
            accepted(client, page, kept)
    drawn = document.read_bytes()
    assert kept.story().rechallenges == ()
    assert accepted(client, page, kept, contribution="red kite").status_code == 302
    assert len(kept.story().rechallenges) == 1
    assert document.read_bytes() == drawn


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first_day": "2026-03-02"}, "The first day is tomorrow or later."),
        ({"first_day": "soon"}, "Enter a valid date."),
        ({"first_day": "9999-12-31"}, "half a year from now at the latest"),
        ({"contribution": ""}, "This field is required."),
        ({"contribution": "x" * 101}, "at most 100 characters"),
    ],
)
def test_a_form_that_is_not_whole_draws_nothing(world, kept, page, sent, said):
    answer = accepted(world.client("prescriber"), page, kept, **sent)
    assert said in text(answer)
    assert kept.story().rechallenges == ()
    assert not folder_of(kept.participant.trial, 1).exists()


def test_where_none_is_offered_yet_nothing_can_be_drawn(world, kept, page):
    kept.at(KEPT + 20, 13)
    client = world.client("prescriber")
    assert "No re-challenge is offered now." in text(client.get(page))
    answer = accepted(client, page, kept)
    assert answer.status_code == 409
    assert "No re-challenge is offered now. You entered 2027-01-01 blue heron" in text(answer)
    assert kept.story().rechallenges == ()
