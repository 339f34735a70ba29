"""Who sees which address, for every one that there is; what is not for somebody is answered like what is not there."""

import types
import uuid

import pytest
from django.urls import path

from clinic_people import browser
from contract.web.access.table import STAFF, address, declared, routes, undeclared
from modicum.web.accounts import invitations, staff
from modicum.web.accounts.devices import COOKIE
from modicum.web.accounts.models import Device, Invitation, Membership, Person, Site
from modicum.web.accounts.rules import may
from modicum.web.accounts.selectors import (
    devices_visible_to,
    memberships_visible_to,
    participants_visible_to,
    sites_visible_to,
)

VIEWERS = ("nobody", "phone", "without second factor", *STAFF)
ON_POSTGRESQL = {"phone", "prescriber", "foreign operator"}  # the rules are asked in the same words there


def seen_on(viewers):
    """Everybody on SQLite, and some on PostgreSQL."""
    return [
        *(("sqlite", viewer) for viewer in viewers),
        *(("postgresql", viewer) for viewer in viewers if viewer in ON_POSTGRESQL),
    ]


def test_every_address_is_declared_and_nothing_else():
    rows = declared()
    assert undeclared(routes(), rows) == []
    assert sorted({row.route for row in rows} - set(routes())) == []
    assert len({row.route for row in rows}) == len(rows)


def test_an_address_that_nobody_declared_is_found():
    from django.urls import get_resolver

    extra = types.ModuleType("extra")
    extra.urlpatterns = [path("clinic/everything/", lambda request: None)]
    assert undeclared(routes(get_resolver(extra)), declared()) == ["clinic/everything/"]


def seen_by(world, viewer):
    """The browser of a viewer."""
    client = browser(raise_request_exception=False)
    if viewer == "phone":
        client.cookies[COOKIE] = world.phone_token
    elif viewer == "without second factor":
        client = world.client("newcomer")
    elif viewer in STAFF:
        client = world.client(viewer)
    return client


def keys(world):
    """What stands in an address, by what it is of."""
    return {
        "participant": world.ines.pk,
        "device": world.phone.pk,
        "site": world.harbour.pk,
        "membership": Membership.objects.get(person=world.people["pharmacist"]).pk,
        "person": world.people["pharmacist"].pk,
        "key": 7,
        "invitation": "unknown",
        "staff invitation": "unknown",
    }


def ask(client, page, key):
    where = address(page.route, key)
    extra = {"headers": {"X-Modicum": "1"}, "content_type": "application/json"} if page.kind == "phone" else {}
    return client.post(where, "{}", **extra) if page.method == "POST" and extra else client.generic(page.method, where)


def outcome(response):
    """What became of a request."""
    where = response.headers.get("Location", "")
    if response.status_code == 404:
        return "missing"
    if where.startswith("/accounts/login/"):
        return "log-in"
    if where == "/accounts/second-factor/":
        return "second factor"
    if response.status_code >= 500:
        return "failed"
    return "unknown phone" if response.status_code == 401 else "seen"


def expected(page, viewer):
    """What the table says of it; several where it does not matter which."""
    if page.kind == "open":
        return {"missing"} if "invitation" in page.whose else {"seen", "log-in"}
    if page.kind == "nobody":
        return {"missing"} if viewer in STAFF or page.route.startswith(("accounts/signup", "api/")) else {"log-in"}
    if page.kind == "phone":
        return {"seen", "missing"} if viewer == "phone" else {"unknown phone"}  # missing: her trial has not begun
    if viewer in ("nobody", "phone"):
        return {"log-in"}
    if viewer == "without second factor":
        return {"seen"} if page.enrolling else {"second factor"}
    return {"seen"} if viewer in page.sees else {"missing"}


@pytest.mark.parametrize(("shared_world", "viewer"), seen_on(VIEWERS), indirect=["shared_world"])
def test_every_address_is_seen_by_whom_it_is_declared_for(shared_world, viewer):
    client, found = seen_by(shared_world, viewer), keys(shared_world)
    wrong = []
    for page in declared():
        if page.route in ("accounts/logout/", "diary/leave-device"):
            continue  # they end what the others need; each has tests of its own
        got = outcome(ask(client, page, found.get(page.whose, "")))
        if got not in expected(page, viewer):
            wrong.append((page.route, got))
    assert wrong == []


@pytest.mark.parametrize(("shared_world", "viewer"), seen_on(STAFF), indirect=["shared_world"])
def test_what_is_not_for_somebody_is_answered_in_the_same_bytes_as_what_is_not_there(shared_world, viewer):
    client, found = seen_by(shared_world, viewer), keys(shared_world)
    nowhere = client.get("/clinic/nowhere/")
    for page in declared():
        if page.whose in ("participant", "device", "site", "membership", "person") and viewer not in page.sees:
            for key in (found[page.whose], uuid.uuid4()):
                answer = ask(client, page, key)
                assert (answer.status_code, answer.content) == (404, nowhere.content), page.route
                assert dict(answer.headers) == dict(nowhere.headers), page.route


def test_what_is_refused_changes_nothing(shared_world):
    before = (Invitation.objects.count(), Device.objects.filter(revoked_at=None).count(), Membership.objects.count())
    for viewer in ("analyst", "pharmacist", "foreign prescriber", "foreign operator"):
        client = shared_world.client(viewer)
        for page in declared():
            if page.whose in ("participant", "device", "site", "membership", "person") and viewer not in page.sees:
                answer = client.post(address(page.route, keys(shared_world)[page.whose]), {"x": "y"})
                assert answer.status_code in (404, 405), page.route
    after = (Invitation.objects.count(), Device.objects.filter(revoked_at=None).count(), Membership.objects.count())
    assert after == before


def test_lists_and_rules_say_the_same(shared_world):
    for person in shared_world.people.values():
        for what, rows, things in (
            ("see_participant", participants_visible_to(person), (shared_world.ines, shared_world.jonas)),
            ("see_phone", devices_visible_to(person), (shared_world.phone, shared_world.other_phone)),
            ("run_site", sites_visible_to(person), (shared_world.harbour, shared_world.quay)),
            ("take_role", memberships_visible_to(person), tuple(Membership.objects.all())),
        ):
            for thing in things:
                assert may(person, what, thing) == rows.filter(pk=thing.pk).exists(), (person, what, thing)


def test_only_the_prescriber_of_a_site_reads_a_name(shared_world):
    for viewer in STAFF:
        client = shared_world.client(viewer)
        pages = [client.get(where).content.decode().lower() for where in ("/", "/clinic/people/", "/clinic/phones/")]
        assert ("halloran" in "".join(pages)) == (viewer == "prescriber"), viewer
        assert ("brandt" in "".join(pages)) == (viewer == "foreign prescriber"), viewer


def test_a_pharmacist_never_sees_outcomes_nor_a_prescriber_kits(shared_world):
    assert not may(shared_world.people["pharmacist"], "see_outcomes", shared_world.ines)
    assert not may(shared_world.people["prescriber"], "see_kits", shared_world.ines)
    assert may(shared_world.people["prescriber"], "see_outcomes", shared_world.ines)
    assert may(shared_world.people["pharmacist"], "see_kits", shared_world.ines)
    assert not may(shared_world.people["analyst"], "see_outcomes", shared_world.ines)


def test_an_open_link_is_seen_by_whoever_holds_it(shared_world):
    _, token = invitations.invite(shared_world.ines, shared_world.people["prescriber"])
    assert browser().get(f"/join/{token}/").status_code == 200
    site = Site.objects.get(pk=shared_world.harbour.pk)
    role = Membership.objects.get(person=shared_world.people["analyst"]).role
    invited = staff.invite(site=site, email="new@example.org", name="New", role=role, by=None)
    assert browser().get(f"/welcome/{invited.token}/").status_code == 200
    assert Person.objects.filter(email="new@example.org").exists()
