"""What could lead somebody elsewhere, or in by a side door; and tables that are as their models say."""

import io

import pytest
from django.core.management import call_command
from django.urls import path

from clinic_people import PASSWORD, browser, code, wait_for_a_fresh_step
from modicum.web.accounts.doorkeeping import is_open
from modicum.web.accounts.models import Device, Participant, Person, Site

ELSEWHERE = "//evil.example/"


def test_a_log_in_leads_nowhere_but_here(world):
    client = browser()
    wait_for_a_fresh_step()
    client.post("/accounts/login/", {"login": "prescriber@example.org", "password": PASSWORD, "next": ELSEWHERE})
    done = client.post("/accounts/second-factor/authenticate/", {"code": code(), "next": ELSEWHERE})
    assert done.headers["Location"] == "/"


def test_a_log_in_leads_on_to_the_page_that_was_asked_for(world):
    client = browser()
    asked = client.get("/clinic/people/").headers["Location"]
    wait_for_a_fresh_step()
    client.post(asked, {"login": "prescriber@example.org", "password": PASSWORD, "next": "/clinic/people/"})
    done = client.post("/accounts/second-factor/authenticate/", {"code": code()})
    assert done.headers["Location"] == "/clinic/people/"


def test_a_log_out_leads_nowhere_but_here(world):
    done = world.client("prescriber").post("/accounts/logout/", {"next": ELSEWHERE})
    assert done.headers["Location"] == "/accounts/login/"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "testserver"])
def test_a_name_that_is_not_ours_is_refused_so_that_no_link_is_made_with_it(world, host):
    client = world.client("prescriber")
    assert client.post(f"/clinic/people/{world.ines.pk}/invite/", headers={"Host": host}).status_code == 400


def test_a_person_who_was_closed_does_not_get_in_and_is_put_out(world):
    client = world.client("prescriber")
    assert client.get("/").status_code == 200
    Person.objects.filter(pk=world.people["prescriber"].pk).update(is_active=False)
    assert client.get("/").headers["Location"] == "/accounts/login/"


def test_a_page_that_somebody_adds_is_closed_until_it_is_declared_open():
    found = path("clinic/new/", lambda request: None, name="new").resolve("clinic/new/")
    assert not is_open(found)
    assert is_open(path("diary/new/", lambda request: None).resolve("diary/new/"))


def test_text_in_every_script_comes_back_as_it_was_written_and_is_no_markup(world):
    words = {
        "site": world.harbour.pk,
        "surname": "O'Brien <b>\N{GREEK SMALL LETTER ALPHA}\u202e",
        "given": "نوم & 'x'",
        "born": "1990-02-03",
        "language": "de",
        "zone": "Europe/Berlin",
    }
    client = world.client("prescriber")
    text = client.get(client.post("/clinic/people/add/", words).headers["Location"]).content.decode()
    assert Participant.objects.get(number=2).given == words["given"]
    assert "<b>\N{GREEK SMALL LETTER ALPHA}" not in text
    assert "&lt;B&gt;" in text
    assert "نوم &amp; &#x27;x&#x27;" in text


@pytest.mark.parametrize("odd", ["\x00", "x" * 81, " "])
def test_a_name_that_is_none_is_refused_and_fails_nothing(world, odd):
    words = {"site": world.harbour.pk, "surname": odd, "given": "A", "born": "1990-02-03", "language": "de"}
    page = world.client("prescriber").post("/clinic/people/add/", {**words, "zone": "Europe/Berlin"})
    assert (page.status_code, b'class="wrong"' in page.content) == (200, True)


def test_the_tables_are_as_the_models_say(world):
    call_command("makemigrations", "--check", "--dry-run", "accounts", stdout=io.StringIO())


def test_what_others_hang_on_is_not_removed_by_the_way(world):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        Site.objects.get(pk=world.harbour.pk).delete()
    assert Device.objects.count() == 2
