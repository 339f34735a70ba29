"""Guessing links, cookies and codes, and planting a cookie: each has one outcome, and none fills the record."""

import re

from allauth.mfa.models import Authenticator

from clinic_databases import on_both
from clinic_people import PASSWORD, browser, code, wait_for_a_fresh_step
from modicum.web.accounts import devices, invitations
from modicum.web.accounts.models import Device, Invitation, StaffInvitation
from modicum.web.accounts.tokens import new_token
from modicum.web.accounts.watching import LOGGED_IN
from modicum.web.store.appending import events_of
from modicum.web.store.models import Event

LOG_IN, CODE = "/accounts/login/", "/accounts/second-factor/authenticate/"
WRONG = 40


def log_in(client, password=PASSWORD, email="prescriber@example.org", **more):
    return client.post(LOG_IN, {"login": email, "password": password}, **more)


def plain(response):
    return response.status_code, re.sub(rb'value="[^"]{30,}"', b"", response.content)


@on_both
def test_links_that_are_guessed_are_all_answered_alike_and_change_nothing(world):
    token = invitations.invite(world.ines, world.people["prescriber"])[1]
    before = (Event.objects.count(), Device.objects.count())
    for room in ("join", "welcome", "found"):
        answers = {plain(browser().get(f"/{room}/{new_token()}/")) for _ in range(WRONG)}
        answers |= {plain(browser().get(f"/{room}/{token[:-1]}{other}/")) for other in "xyz" if other != token[-1]}
        assert len(answers) == 1, room
        assert next(iter(answers))[0] == 404
        posted = browser().post(f"/{room}/{new_token()}/", {"name": "Thief", "password": PASSWORD})
        assert posted.status_code == 404
    assert (Event.objects.count(), Device.objects.count()) == before
    assert Invitation.objects.filter(used_at=None, withdrawn_at=None).count() == 1
    assert StaffInvitation.objects.count() == 0
    assert browser().get(f"/join/{token}/").status_code == 200  # the storm holds up nobody who has the link


@on_both
def test_a_cookie_that_is_guessed_one_that_is_revoked_and_none_are_answered_in_the_same_bytes(world):
    devices.revoke(world.phone, by=world.people["prescriber"])
    said = set()
    for token in ("", "guess", new_token(), world.phone_token, world.phone_token[::-1], "\u00e9", "x" * 4000):
        phone = browser()
        phone.cookies[devices.COOKIE] = token
        answer = phone.get("/api/v1/receipts")
        said.add((answer.status_code, answer.content))
        assert not answer.cookies.get(devices.COOKIE)
    assert len(said) == 1
    assert next(iter(said))[0] == 401


def test_a_cookie_that_somebody_planted_on_a_phone_is_not_the_one_that_it_gets(world):
    phone, planted = browser(), new_token()
    phone.cookies[devices.COOKIE] = planted
    token = invitations.invite(world.ines, world.people["prescriber"])[1]
    phone.post(f"/join/{token}/")
    assert phone.cookies[devices.COOKIE].value != planted
    thief = browser()
    thief.cookies[devices.COOKIE] = planted
    assert thief.get("/api/v1/receipts").status_code == 401


def test_recovery_codes_are_not_guessed_in_a_storm_either(world):
    factor = Authenticator.objects.get(user=world.people["prescriber"], type="recovery_codes")
    right = factor.wrap().get_unused_codes()[0]
    client = browser()
    log_in(client)
    for number in range(5):
        client.post(CODE, {"code": f"{number:08d}"})
    assert client.post(CODE, {"code": right}).status_code == 200
    assert client.get("/").headers["Location"].startswith(LOG_IN)


def test_who_sits_down_at_a_desk_that_is_open_cannot_guess_the_password_there(world):
    client = browser()
    wait_for_a_fresh_step()
    log_in(client)
    client.post(CODE, {"code": code()})
    session = client.session
    session["account_authentication_methods"] = []  # it was long ago that she said who she is
    session.save()
    asked = "/accounts/reauthenticate/"
    for number in range(10):
        assert client.post(asked, {"password": f"guess {number}"}).status_code in (200, 429)
    late = client.post(asked, {"password": PASSWORD})
    assert late.status_code == 429 or b"Too many" in late.content


@on_both
def test_a_storm_is_not_on_the_record_and_a_log_in_is_once_for_every_site(world):
    record = f"site:{world.harbour.pk}"

    def log_ins():
        return [event for event in events_of(record) if event.kind == LOGGED_IN]

    before = Event.objects.count()
    for number in range(WRONG):
        log_in(browser(), password=f"wrong {number}", email="operator@example.org", REMOTE_ADDR=f"10.1.0.{number}")
    half = browser()
    log_in(half, REMOTE_ADDR="10.1.1.1")  # the password alone
    assert Event.objects.count() == before
    wait_for_a_fresh_step()
    half.post(CODE, {"code": code()})
    (event,) = log_ins()
    assert event.actor == f"staff:{world.people['prescriber'].pk}"
    assert Event.objects.count() == before + 1


def test_a_log_in_that_cannot_be_put_down_lets_nobody_in(world, monkeypatch):
    from django.db import OperationalError

    def full(**_said):
        raise OperationalError("database or disk is full")

    client = browser(raise_request_exception=False)
    wait_for_a_fresh_step()
    log_in(client)
    monkeypatch.setattr("modicum.web.accounts.recording.append", full)
    assert client.post(CODE, {"code": code()}).status_code == 500
    assert client.get("/").headers["Location"].startswith(LOG_IN)
