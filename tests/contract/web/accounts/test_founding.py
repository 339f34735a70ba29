"""A clinic begins: whoever starts the server makes the site and its first operator, once."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache

from clinic_people import browser, cheap_passwords, copy_of_sqlite
from modicum.web.accounts.founding import founding_path
from modicum.web.accounts.models import Cached, Membership, Person, Site
from modicum.web.accounts.tidying import tidy
from modicum.web.clock import actual

WORDS = {
    "site": "Mill Lane",
    "on_call": "020 7946 0002",
    "pharmacy": "",
    "name": "Dr First",
    "email": "First@Example.org",
    "password": "nine brown otters diving",
    "language": "en",
}


@pytest.fixture
def empty(sqlite_template, tmp_path):
    with cheap_passwords(), copy_of_sqlite(sqlite_template, tmp_path / "clinic.sqlite3"):
        yield


def test_the_first_operator_makes_the_site_and_sets_up_a_second_factor(empty):
    path, client = founding_path(), browser()
    assert client.get(path).status_code == 200
    assert client.post(path, WORDS).headers["Location"] == "/accounts/second-factor/"
    assert (Site.objects.get().name, Person.objects.get().email) == ("Mill Lane", "first@example.org")
    assert Membership.objects.get().role == "operator"
    assert client.get("/").headers["Location"] == "/accounts/second-factor/"


def test_it_is_good_for_nothing_once_there_is_anybody(empty):
    path = founding_path()
    browser().post(path, WORDS)
    assert founding_path() == ""
    assert browser().get(path).status_code == 404
    assert browser().post(path, {**WORDS, "email": "thief@example.org", "site": "Another"}).status_code == 404
    assert Person.objects.count() == 1


def test_a_mark_that_was_made_up_or_is_old_opens_nothing(empty, monkeypatch):
    path = founding_path()
    assert browser().get(path[:-2] + "x/").status_code == 404
    assert browser().get("/found/new/").status_code == 404
    monkeypatch.setattr("modicum.web.accounts.founding.VALID_FOR", dt.timedelta(seconds=-1))
    assert browser().get(path).status_code == 404


def test_all_that_is_wrong_is_said_at_once(empty):
    page = browser().post(founding_path(), {**WORDS, "password": "short", "email": "nobody", "site": ""})
    assert page.content.count(b'class="wrong"') == 3
    assert not Person.objects.exists()


def test_what_is_over_is_taken_away_and_nothing_else(world):
    client = world.client("prescriber")
    ended = world.client("analyst").session
    Session.objects.filter(pk=ended.session_key).update(expire_date=actual() - dt.timedelta(minutes=1))
    cache.set("counted", 1, 300)
    cache.set("over", 1, 300)
    Cached.objects.filter(cache_key__contains="over").update(expires=actual() - dt.timedelta(minutes=1))
    assert tidy() == 2
    assert client.get("/").status_code == 200
    assert (cache.get("counted"), cache.get("over")) == (1, None)
