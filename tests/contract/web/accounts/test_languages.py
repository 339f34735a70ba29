"""Everybody is spoken to in her language: a participant in that of her diary, staff in their own."""

import re

import pytest

from clinic_people import browser
from modicum.web.accounts import devices, invitations, staff
from modicum.web.accounts.models import Role

GERMAN = {"headers": {"Accept-Language": "de-DE,de;q=0.9"}}


@pytest.fixture
def german(world):
    world.ines.language = "de"
    world.ines.save()
    return invitations.invite(world.ines, world.people["prescriber"])[1]


def test_a_link_speaks_the_language_of_the_diary_whatever_the_phone_says(world, german):
    page = browser().get(f"/join/{german}/", headers={"Accept-Language": "en"})
    text = page.content.decode()
    assert '<html lang="de">' in text
    assert page.headers["Content-Language"] == "de"
    assert "Ihr Tagebuch auf diesem Telefon führen?" in text
    assert "Virtueller Patient" in text
    assert not re.search(r"\b(the|your|phone|and)\b", re.sub(r"<[^>]*>", " ", text), re.IGNORECASE)


def test_a_link_that_does_not_work_says_so_in_that_language(world, german):
    devices.enrol(german)
    assert "wurde schon benutzt" in browser().get(f"/join/{german}/").content.decode()


def test_a_link_that_is_not_known_speaks_the_language_of_the_phone(world):
    assert "nicht bekannt" in browser(**GERMAN).get("/join/x/").content.decode()
    assert "not known" in browser().get("/join/x/").content.decode()


def test_a_missing_page_speaks_the_language_of_the_phone(world):
    assert "Diese Seite gibt es nicht." in browser(**GERMAN).get("/nowhere/").content.decode()


def test_staff_read_their_own_language_on_every_page_and_on_what_is_missing(world):
    client = world.client("prescriber")
    client.post("/clinic/account/", {"name": "Dr. Test", "language": "de"})
    assert "Eine Person braucht Sie heute." in client.get("/").content.decode()
    foreign = client.get(f"/clinic/people/{world.jonas.pk}/")
    assert foreign.content == client.get("/nowhere/").content
    assert "Diese Seite gibt es nicht." in foreign.content.decode()


def test_a_member_who_comes_in_is_greeted_in_the_language_she_was_invited_in(world):
    invited = staff.invite(
        site=world.harbour, email="neu@example.org", name="Neu", role=Role.ANALYST, by=None, language="de"
    )
    assert "Wählen Sie ein eigenes Passwort." in browser().get(f"/welcome/{invited.token}/").content.decode()


def test_another_language_falls_back_to_english(world):
    assert "There is no such page." in browser(headers={"Accept-Language": "fi"}).get("/nowhere/").content.decode()
