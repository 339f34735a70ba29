"""Phones: joined by a link that works once, known by a cookie, refused from the request after they are revoked."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import RequestFactory

from clinic_databases import on_both
from clinic_people import browser
from modicum.web.accounts import devices, invitations
from modicum.web.accounts.invitations import InvitationRefused, State
from modicum.web.accounts.models import Device, Invitation
from modicum.web.clock import now
from modicum.web.store.appending import events_of

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"}


@pytest.fixture
def token(world):
    return invitations.invite(world.ines, world.people["prescriber"])[1]


def request_of(token):
    request = RequestFactory().get("/")
    request.COOKIES[devices.COOKIE] = token
    return request


def test_looking_at_a_link_never_uses_it_up(world, token):
    for _ in range(3):
        assert browser().get(f"/join/{token}/").status_code == 200
        assert browser().head(f"/join/{token}/").status_code == 200
    assert Invitation.objects.get(used_at=None).participant == world.ines


@on_both
def test_pressing_the_button_makes_the_phone_one_that_keeps_the_diary(world, token):
    client = browser(headers=PHONE)
    joined = client.post(f"/join/{token}/")
    assert joined.headers["Location"] == "/diary/#new"
    cookie = joined.cookies[devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    device = devices.device_of(request_of(cookie.value))
    assert (device.participant, device.kind) == (world.ines, "iPhone")
    assert cookie.value not in str(list(Device.objects.values()))
    assert [event.kind for event in events_of(world.ines.trial)][-2:] == ["invited", "joined"]


def test_a_link_works_once(world, token):
    browser().post(f"/join/{token}/")
    again = browser().post(f"/join/{token}/")
    assert (again.status_code, b"has been used" in again.content) == (410, True)
    assert devices.COOKIE not in again.cookies
    assert b"020 7946 0000" in again.content  # what to do


def test_the_phone_that_has_joined_is_led_to_its_diary_by_the_same_link(world, token):
    client = browser()
    client.post(f"/join/{token}/")
    assert client.get(f"/join/{token}/").headers["Location"] == "/diary/"


def test_a_phone_keeps_one_diary(world, token):
    client = browser()
    client.post(f"/join/{token}/")
    other = invitations.invite(world.jonas, None)[1]
    refused = client.post(f"/join/{other}/")
    assert (refused.status_code, b"keeps another diary" in refused.content) == (409, True)
    assert invitations.find(other).state is State.OPEN


def test_a_newer_link_takes_the_place_of_an_older_one(world, token):
    newer = invitations.invite(world.ines, world.people["prescriber"])[1]
    old = browser().post(f"/join/{token}/")
    assert (old.status_code, b"newer link" in old.content) == (410, True)
    assert browser().post(f"/join/{newer}/").status_code == 302


def test_a_link_is_valid_for_two_days(world, token):
    invitation = Invitation.objects.get(used_at=None)
    assert dt.timedelta(hours=47, minutes=59) < invitation.expires_at - now() <= dt.timedelta(hours=48)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=now() - dt.timedelta(seconds=1))
    late = browser().post(f"/join/{token}/")
    assert (late.status_code, b"too old" in late.content) == (410, True)


@pytest.mark.parametrize("odd", ["x", "a" * 500, "..", "%00", "ä", "' OR 1=1 --", "\ud83d"])
def test_a_link_that_is_none_is_told_kindly(world, odd):
    answer = browser().get(f"/join/{odd.encode('utf-8', 'surrogatepass').hex() if odd == chr(0xD83D) else odd}/")
    assert answer.status_code == 404


@on_both
def test_two_phones_that_use_a_link_at_once_are_not_both_joined(world, token):
    results, ready = [], threading.Barrier(6)

    def use():
        ready.wait()
        try:
            results.append(devices.enrol(token)[0].pk)
        except InvitationRefused as refused:
            results.append(refused.state)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(State.USED) == 5, results
    assert Device.objects.filter(participant=world.ines).count() == 2  # the one of before, and the winner


@on_both
def test_a_revoked_phone_is_refused_at_its_next_request(world, token):
    client = browser()
    client.post(f"/join/{token}/")
    assert client.get("/api/v1/receipts").status_code != 401
    device = Device.objects.filter(participant=world.ines, revoked_at=None).order_by("-made_at").first()
    assert world.client("operator").post(f"/clinic/phones/{device.pk}/revoke/").status_code == 302
    assert client.get("/api/v1/receipts").status_code == 401
    last = events_of(world.ines.trial)[-1]
    assert (last.kind, last.actor) == ("revoked", f"staff:{world.people['operator'].pk}")


def test_a_phone_may_be_joined_again_after_it_was_revoked(world, token):
    client = browser()
    client.post(f"/join/{token}/")
    devices.revoke(devices.device_of(request_of(client.cookies[devices.COOKIE].value)))
    newer = invitations.invite(world.ines, None)[1]
    assert client.post(f"/join/{newer}/").headers["Location"] == "/diary/#new"


@pytest.mark.parametrize("forged", ["", "x", "0" * 43, "a" * 5000])
def test_a_cookie_that_was_made_up_is_no_phone(world, forged):
    assert devices.device_of(request_of(forged)) is None
    assert devices.device_of(RequestFactory().get("/")) is None


def test_that_a_phone_was_seen_is_noted_at_most_once_an_hour_and_its_cookie_given_anew(world):
    device = world.phone
    seen = device.last_seen
    client = browser()
    client.cookies[devices.COOKIE] = world.phone_token
    assert devices.COOKIE not in client.get("/api/v1/receipts").cookies
    assert Device.objects.get(pk=device.pk).last_seen == seen
    Device.objects.filter(pk=device.pk).update(last_seen=seen - dt.timedelta(hours=2))
    assert client.get("/api/v1/receipts").cookies[devices.COOKIE].value == world.phone_token
    assert Device.objects.get(pk=device.pk).last_seen >= seen


def test_the_record_names_nobody(world, token):
    browser().post(f"/join/{token}/")
    trial, site = events_of(world.ines.trial), events_of(f"site:{world.harbour.pk}")
    assert [event.kind for event in site] == ["added"]
    assert {event.kind for event in trial} == {"invited", "joined"}
    text = "".join(event.content + event.actor for event in [*trial, *site]).lower()
    assert "halloran" not in text
    assert "ines" not in text
    assert "example.org" not in text
