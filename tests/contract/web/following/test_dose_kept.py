"""The page on a person whose dose is kept goes on after the trial: the dose, what came since, and a re-challenge."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followed import AGAIN, LATER, OVER, following, keep_a_dose, look_again
from lived_clinics import after

FIRST, EVERY = OVER + 1, 7
AMBER = re.compile(r"f-dose-|f-placebo")


@after(look_again)
def keep_and_write(world, data):
    """Every evening of half a year that was asked for, but the third; the re-challenge is to come."""
    with following(world.ines, data) as trial:
        days = [day for day in range(FIRST, LATER, EVERY) if day != FIRST + 2 * EVERY]
        trial.evenings(*days[:3], answers={"pain": 3.0})
        trial.evenings(*days[3:], answers={"pain": 4.5})
        trial.at(LATER, 13)


@pytest.fixture
def kept(world, lived):
    data = lived(keep_and_write)
    with following(world.ines, data) as trial:
        yield trial


@pytest.fixture
def person(kept):
    return f"/clinic/people/{kept.participant.pk}/"


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def read(world, person):
    return text(world.client("prescriber").get(person).content.decode())


def test_the_dose_and_all_that_came_since_stand_on_the_page(world, kept, person):
    page, asked = read(world, person), len(range(FIRST, LATER - 1, EVERY))
    assert "The dose that is kept" in page
    assert "Dose 1.5 mg since 9 June 2026" in page
    assert f"Evenings asked for, and in {asked - 1} of {asked}" in page
    assert "Score at first 3.0 Pain, last 24 hours: mean of 3 entries, 9 Jun 2026 to 30 Jun 2026" in page
    assert "Score of late 4.5 Pain, last 24 hours: mean of 4 entries, 1 Dec 2026 to 22 Dec 2026" in page
    assert f"Capsules taken {asked - 1} of {asked - 1} answers" in page
    assert "Side effects since none" in page
    assert "Evenings in in the trial 98 of 98" in page


def test_a_re_challenge_that_is_to_come_leads_to_its_page_and_its_kits(world, kept, person):
    page = world.client("prescriber").get(person).content.decode()
    assert "A re-challenge begins on Friday 1 January 2027." in text(page)
    kept_part = page.partition("The dose that is kept")[2].partition("The diary of the trial")[0]
    assert f'href="{person}re-challenge/"' in kept_part
    assert f'href="{person}order/"' in kept_part


def test_under_way_it_says_which_day_it_is_and_nothing_of_a_half(world, kept, person):
    for number in range(12):
        kept.evening(AGAIN + number, answers={"pain": 8.0 if number else 4.5}, took="yes")
    kept.at(AGAIN + 11, 21)
    page = world.client("prescriber").get(person).content.decode()
    assert "A blinded re-challenge is under way. Day 12 of 28." in text(page)
    assert "nobody knows which is which" in text(page)
    assert "Score of late 4.5 " in text(page), "no evening that tells of a capsule of the pair is averaged"
    assert not AMBER.search(page)


def test_a_dose_that_was_stopped_says_until_when_it_was_kept(world, kept, person):
    world.client("prescriber").post(f"{person}stop/", {"reason": "moved away"})
    assert "Dose 1.5 mg from 9 June 2026 to 25 December 2026" in read(world, person)


def begin(world, data):
    with following(world.ines, data) as trial:
        trial.begin()
        trial.decide(1)
        trial.evening(0)


def test_a_trial_that_goes_on_has_no_such_part(world, lived):
    with following(world.ines, lived(begin)) as trial:
        page = read(world, f"/clinic/people/{trial.participant.pk}/")
    assert "The dose that is kept" not in page
    assert "Diary so far" in page


@after(keep_a_dose)
def keep_for_years(world, data):
    with following(world.ines, data) as trial:
        trial.evenings(*range(FIRST, FIRST + 6 * 365, 4 * EVERY), took="yes")


def test_years_of_a_dose_cost_no_further_query(world, lived):
    with following(world.ines, lived(keep_for_years)) as trial:
        trial.at(FIRST + 6 * 365, 13)
        client, address = world.client("prescriber"), f"/clinic/people/{trial.participant.pk}/"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).content.decode()
    assert len(queries) <= 20
    assert "Evenings asked for, and in 79 of 313" in text(page)
