"""The page of re-challenges says where the one of today stands, and of each earlier answer that a pair tells little."""

import datetime as dt
import re

import pytest

from followed import AGAIN, following, look_again
from lived_clinics import after
from modicum.services.diary.story import LOOKED

NEXT = AGAIN + 28 + 200
FIRST = NEXT + 7
CAVEAT = "One pair tells little by itself"


@after(look_again)
def answer_it(world, data):
    """The re-challenge is over and was answered; another one can be offered."""
    with following(world.ines, data) as trial:
        verdict = {"sentence": "1.5 mg works.", "reasons": ["Effect of 1.5 mg against no drug: 2 points less."]}
        result = {"verdict": verdict, "doses": []}
        said = {"schema": "modicum.looked-again/1", "number": 1, "result": result, "halves_mg": [1.5, 0.0]}
        trial.tell(LOOKED, f"{LOOKED}-1", trial.at(AGAIN + 28, 12), **said)
        trial.at(NEXT, 13)


@pytest.fixture
def kept(world, lived):
    with following(world.ines, lived(answer_it)) as trial:
        yield trial


@pytest.fixture
def client(world, kept):
    return world.client("prescriber")


@pytest.fixture
def page(kept):
    return f"/clinic/people/{kept.participant.pk}/re-challenge/"


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def heading(answer):
    return text_of(re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1])


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def accept(client, page, kept):
    first = (kept.first_day + dt.timedelta(days=FIRST)).isoformat()
    assert client.post(page, {"first_day": first, "contribution": "red kite"}).status_code == 302


def says_little(answer):
    """Whether the earlier answer stands with what it is worth."""
    said = text(answer)
    return "By this pair alone: 1.5 mg works." in said and said.count(CAVEAT) == 1


def test_where_another_is_offered_the_earlier_answer_says_what_it_is_worth(client, page):
    answer = client.get(page)
    assert heading(answer) == "A blinded re-challenge can begin."
    assert says_little(answer)


def test_one_that_was_accepted_says_on_which_day_it_begins_and_leads_to_its_kits(client, page, kept):
    accept(client, page, kept)
    answer = client.get(page)
    first = kept.first_day + dt.timedelta(days=FIRST)
    assert heading(answer) == f"A re-challenge begins on {first:%A} {first.day} {first:%B %Y}."
    assert "No re-challenge is offered now." not in text(answer)
    assert page.replace("re-challenge/", "order/") in answer.content.decode()
    assert says_little(answer)


@pytest.mark.parametrize("night", [0, 11, 27])
def test_under_way_it_says_its_dates_its_day_and_leads_to_its_kits(client, page, kept, night):
    accept(client, page, kept)
    kept.at(FIRST + night, 13)
    answer = client.get(page)
    first, last = (kept.first_day + dt.timedelta(days=FIRST + days) for days in (0, 27))
    assert heading(answer) == f"A blinded re-challenge is under way. Day {night + 1} of 28."
    assert f"Re-challenge 2, {first.day} {first:%B %Y} to {last.day} {last:%B %Y}" in text(answer)
    assert page.replace("re-challenge/", "order/") in answer.content.decode()
    assert says_little(answer)


def test_the_newest_answer_is_the_heading_with_what_it_is_worth_once(client, page, kept):
    kept.at(AGAIN + 40, 13)
    answer = client.get(page)
    assert heading(answer) == "By this pair alone: 1.5 mg works."
    assert text(answer).count(CAVEAT) == 1


def test_a_dose_that_was_stopped_begins_no_re_challenge(client, page, kept):
    accept(client, page, kept)
    client.post(page.replace("re-challenge/", "stop/"), {"reason": "moved away"})
    answer = client.get(page)
    assert heading(answer) == "The dose was stopped."
    assert "begins on" not in text(answer)
    assert says_little(answer)
