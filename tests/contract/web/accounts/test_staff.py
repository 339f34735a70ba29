"""Staff: invited by link, given roles and taken them; nobody is prescriber and pharmacist of one site."""

import datetime as dt
import re
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction

from clinic_databases import on_both
from clinic_people import PASSWORD, browser
from modicum.web.accounts import staff
from modicum.web.accounts.invitations import InvitationRefused, State
from modicum.web.accounts.models import Membership, Person, Role, StaffInvitation
from modicum.web.accounts.staff import RoleRefused
from modicum.web.clock import actual
from modicum.web.store.appending import events_of

NEW = "nine brown otters diving"


def link_in(response):
    return re.search(r"/welcome/([\w-]+)/", response.content.decode())[1]


def kinds(world):
    return [event.kind for event in events_of(f"site:{world.harbour.pk}")]


def invite(world, role="analyst", email="neu@example.org"):
    words = {"name": "Dr Neu", "email": email, "role": role, "language": "en"}
    return world.client("operator").post(f"/clinic/sites/{world.harbour.pk}/staff/", words)


@on_both
def test_an_operator_invites_and_the_link_sets_a_password_once(world):
    token = link_in(invite(world))
    client = browser()
    assert client.get(f"/welcome/{token}/").status_code == 200
    done = client.post(f"/welcome/{token}/", {"name": "Dr Neu", "password": NEW})
    assert done.headers["Location"] == "/accounts/second-factor/"
    assert client.get("/").headers["Location"] == "/accounts/second-factor/"  # not without a second factor
    again = browser().post(f"/welcome/{token}/", {"name": "Thief", "password": NEW})
    assert (again.status_code, Person.objects.get(email="neu@example.org").name) == (410, "Dr Neu")
    assert kinds(world)[-3:] == ["role-given", "came-in", "logged-in"]


@on_both
def test_who_was_invited_at_another_site_and_has_not_come_in_gets_no_link_here(world):
    """It would let this operator in with the role that she has there."""
    words = {"name": "Dr Neu", "email": "neu@example.org", "role": "prescriber", "language": "en"}
    there = world.client("foreign operator").post(f"/clinic/sites/{world.quay.pk}/staff/", words)
    here = invite(world)
    assert "/welcome/" not in here.content.decode()
    assert "Another site has invited this address." in here.content.decode()
    assert browser().post(f"/welcome/{link_in(there)}/", {"name": "Dr Neu", "password": NEW}).status_code == 302
    roles = Person.objects.get(email="neu@example.org").roles
    assert roles == {world.quay.pk: {"prescriber"}, world.harbour.pk: {"analyst"}}


@on_both
def test_nobody_is_both_analyst_and_pharmacist_of_a_site(world):
    """An analyst is blinded like a prescriber: she reads diaries day by day, and must not know an arm beside them."""
    for name, role in (("analyst", Role.PHARMACIST), ("pharmacist", Role.ANALYST)):
        with pytest.raises(RoleRefused, match="analyst and pharmacist"):
            staff.give_role(person=world.people[name], site=world.harbour, role=role, by=None)
    staff.give_role(person=world.people["pharmacist"], site=world.quay, role=Role.ANALYST, by=None)


@pytest.mark.parametrize(
    ("password", "why"),
    [("elevencha11", "12 characters"), ("q1w2e3r4t5y6", "too common"), ("dr.neu@example.org", "similar")],
)
def test_a_password_that_is_short_common_or_ones_own_name_is_refused(world, password, why):
    token = link_in(invite(world))
    page = browser().post(f"/welcome/{token}/", {"name": "Dr Neu", "password": password})
    assert page.status_code == 200
    assert why in page.content.decode()
    assert StaffInvitation.objects.get().used_at is None


@on_both
def test_two_who_open_a_link_at_once_do_not_both_set_a_password(world):
    token, results, ready = link_in(invite(world)), [], threading.Barrier(4)

    def use(number):
        ready.wait()
        try:
            results.append(staff.come_in(token, name=f"Dr {number}", password=NEW).name)
        except InvitationRefused as refused:
            results.append(refused.state)
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(State.USED) == 3, results


def test_a_link_for_staff_is_valid_for_two_days(world):
    token = link_in(invite(world))
    StaffInvitation.objects.update(expires_at=actual() - dt.timedelta(seconds=1))
    late = browser().get(f"/welcome/{token}/")
    assert (late.status_code, b"too old" in late.content) == (410, True)


@on_both
@pytest.mark.parametrize(("person", "role"), [("prescriber", "pharmacist"), ("pharmacist", "prescriber")])
def test_nobody_is_both_prescriber_and_pharmacist_of_a_site(world, person, role):
    page = invite(world, role, f"{person}@example.org")
    assert "cannot be both prescriber and pharmacist" in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=world.people[person], site=world.harbour, role=role)
    assert "role-given" not in kinds(world)


def test_one_may_prescribe_here_and_dispense_elsewhere(world):
    staff.give_role(person=world.people["prescriber"], site=world.quay, role=Role.PHARMACIST, by=None)
    assert world.client("prescriber").get(f"/clinic/people/{world.jonas.pk}/").status_code == 404


def test_a_role_is_not_given_twice(world):
    with pytest.raises(RoleRefused, match="already"):
        staff.give_role(person=world.people["analyst"], site=world.harbour, role=Role.ANALYST, by=None)


def test_a_person_who_is_known_gets_the_role_and_no_link(world):
    page = invite(world, "analyst", "foreign.prescriber@example.org").content.decode()
    assert "has the role now" in page
    assert "/welcome/" not in page


def test_a_role_that_was_taken_is_gone_at_the_next_request(world):
    client = world.client("prescriber")
    assert client.get(f"/clinic/people/{world.ines.pk}/").status_code == 200
    role = Membership.objects.get(person=world.people["prescriber"])
    world.client("operator").post(f"/clinic/roles/{role.pk}/end/")
    assert client.get(f"/clinic/people/{world.ines.pk}/").status_code == 404
    assert kinds(world)[-1] == "role-taken"


def test_a_site_does_not_lose_its_last_operator(world):
    role = Membership.objects.get(person=world.people["operator"])
    answer = world.client("operator").post(f"/clinic/roles/{role.pk}/end/")
    assert (answer.status_code, Membership.objects.filter(pk=role.pk).exists()) == (409, True)


def test_a_new_way_in_takes_password_and_second_factor_of_before(world):
    person = world.people["pharmacist"]
    logged_in = world.client("pharmacist")
    token = link_in(world.client("operator").post(f"/clinic/staff/{person.pk}/way-in/"))
    assert logged_in.get("/").status_code == 200  # until it is used
    browser().post(f"/welcome/{token}/", {"name": person.name, "password": NEW})
    assert not Authenticator.objects.filter(user=person).exists()
    assert logged_in.get("/").headers["Location"] == "/accounts/login/"
    assert not Person.objects.get(pk=person.pk).check_password(PASSWORD)
    assert "way-in-renewed" in kinds(world)


def test_an_operator_renews_neither_herself_nor_who_works_at_a_site_that_she_does_not_run(world):
    operator = world.client("operator")
    assert operator.post(f"/clinic/staff/{world.people['operator'].pk}/way-in/").status_code == 404
    staff.give_role(person=world.people["pharmacist"], site=world.quay, role=Role.ANALYST, by=None)
    assert operator.post(f"/clinic/staff/{world.people['pharmacist'].pk}/way-in/").status_code == 404


def test_who_adds_a_site_runs_it_and_it_has_its_own_record(world):
    client = world.client("operator")
    words = {"name": "North Pier", "on_call": "020 7946 0001", "pharmacy": ""}
    where = client.post("/clinic/sites/add/", words).headers["Location"]
    assert client.get(where).status_code == 200
    assert world.client("foreign operator").get(where).status_code == 404


def test_the_first_operator_is_made_on_the_server(world):
    invited = staff.found_site(
        name="Mill Lane", on_call="020 7946 0002", pharmacy="", email="first@example.org", operator="Dr First"
    )
    assert browser().get(f"/welcome/{invited.token}/").status_code == 200
    assert invited.person.sites_as(Role.OPERATOR)


def test_a_participant_is_added_with_all_that_is_wrong_said_at_once(world):
    client = world.client("prescriber")
    words = {
        "site": world.harbour.pk,
        "surname": "",
        "given": "Mika",
        "born": "2999-01-01",
        "language": "de",
        "zone": "Mars/Base",
    }
    page = client.post("/clinic/people/add/", words).content.decode()
    assert page.count('class="wrong"') == 3
    right = {**words, "surname": "Sato", "born": "1990-02-03", "zone": "Europe/Berlin"}
    where = client.post("/clinic/people/add/", right).headers["Location"]
    assert 'name="zone" value="Europe/Berlin"' in client.get("/clinic/people/add/").content.decode()
    assert "SATO, Mika" in client.get(where).content.decode()
    assert b"0002" in client.get(where).content


def test_nobody_is_added_at_a_site_where_one_does_not_prescribe(world):
    words = {"site": world.quay.pk, "surname": "A", "given": "B", "born": "1990-02-03", "language": "en"}
    page = world.client("prescriber").post("/clinic/people/add/", {**words, "zone": "Europe/Berlin"})
    assert page.status_code == 200
    assert world.quay.participants.count() == 1


def test_what_is_virtual_is_marked_so_wherever_it_is_named(world):
    client = world.client("prescriber")
    for address in ("/clinic/people/", "/clinic/phones/", f"/clinic/people/{world.ines.pk}/"):
        assert b"Virtual patient" in client.get(address).content, address
    assert b"Virtual patient" in client.post(f"/clinic/people/{world.ines.pk}/invite/").content
    assert b"Virtual patient" in client.get(f"/clinic/phones/{world.phone.pk}/revoke/").content


def test_every_page_says_once_that_it_does_not_prescribe(world):
    client = world.client("prescriber")
    for address in ("/", "/clinic/people/", "/clinic/phones/", "/clinic/account/", "/clinic/nowhere/"):
        assert client.get(address).content.count(b"it does not prescribe") == 1, address
