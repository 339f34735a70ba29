"""The staff's pages in a real browser: in with a second factor, a phone invited and joined, every page looked at."""

import re

import pytest

from clinic_people import PASSWORD, code, wait_for_a_fresh_step
from modicum.web.accounts import invitations, staff
from modicum.web.accounts.models import Membership, Role

PHONE = 360


def test_in_with_a_code_a_link_made_and_opened_on_a_phone(window, served):
    _, world = served
    desk = window()
    desk.go("/")
    assert "/accounts/login/" in desk.page.url
    desk.holds("log-in")
    desk.page.get_by_label("Email").fill("prescriber@example.org")
    desk.page.get_by_label("Password").fill(PASSWORD)
    desk.page.get_by_role("button", name="Log in", exact=True).click()
    desk.holds("second-factor")
    wait_for_a_fresh_step()
    desk.page.get_by_label("Code").fill(code())
    desk.page.get_by_role("button", name="Log in", exact=True).click()
    assert desk.heading() == "One person needs you today."
    desk.page.get_by_role("link", name="People", exact=True).click()
    desk.page.get_by_role("link", name="HALLORAN, Ines").click()
    desk.page.get_by_role("button", name="Make a new link").click()
    assert desk.heading() == "Let the phone open this."
    desk.holds("invited")
    link = desk.page.get_by_label("The link").input_value()
    assert link.startswith(served[0])

    phone = window(width=PHONE)
    phone.go(link)
    assert phone.heading() == "Keep your diary on this phone?"
    phone.holds("join")
    phone.page.get_by_role("button", name="Keep my diary on this phone").click()
    phone.page.wait_for_url("**/diary/#new")
    cookie = next(one for one in phone.context.cookies() if one["name"] == "modicum_device")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")

    stranger = window(width=PHONE)
    stranger.go(link)
    assert stranger.heading() == "This link has been used. Each link joins one phone, once."
    stranger.complaints.clear()  # a browser says in its console that 410 is no 200
    stranger.holds("used")
    world.jonas.language = "de"
    world.jonas.save()
    german = invitations.invite(world.jonas, None)[1]
    stranger.complaints.clear()
    stranger.go(f"/join/{german}/")
    assert stranger.heading() == "Ihr Tagebuch auf diesem Telefon führen?"
    stranger.holds("join-german")
    phone.complaints.clear()
    phone.go(f"/join/{german}/")
    assert phone.heading() == "Dieses Telefon führt ein anderes Tagebuch."


def test_a_member_comes_in_by_a_link_and_sets_up_a_second_factor(window, served):
    _, world = served
    invited = staff.invite(
        site=world.harbour, email="new@example.org", name="Dr New", role=Role.PRESCRIBER, by=world.people["operator"]
    )
    look = window()
    look.go(f"/welcome/{invited.token}/")
    look.holds("welcome")
    look.page.get_by_label("A password of your own").fill("short")
    look.page.get_by_role("button", name="Set this password").click()
    look.holds("welcome-refused")
    look.page.get_by_label("A password of your own").fill("nine brown otters diving")
    look.page.get_by_role("button", name="Set this password").click()
    assert look.heading() == "One more thing: a second factor."
    look.holds("factors-none")
    look.page.get_by_role("link", name=re.compile("Add.*App with codes")).click()
    look.holds("totp")
    secret = look.page.get_by_label("Or type this into the app").input_value()
    wait_for_a_fresh_step()
    look.page.get_by_label("Authenticator code").fill(code(secret))
    look.page.get_by_role("button", name="Use this app").click()
    assert look.heading() == "Keep these ten codes on paper."
    look.holds("recovery-codes")
    look.page.get_by_role("link", name="I have them on paper").click()
    assert look.page.url == f"{served[0]}/"


def test_a_passkey_is_added_and_opens_the_account_by_itself(window, served):
    look = window("analyst")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    look.chromium.send("WebAuthn.enable")
    look.chromium.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    look.go("/accounts/second-factor/webauthn/add/")
    look.holds("is-it-you")
    look.page.get_by_label("Password").fill(PASSWORD)
    look.page.get_by_role("button", name="Go on").click()
    look.holds("add-passkey")
    look.page.get_by_label("Passwordless").check()
    look.page.get_by_role("button", name="Add it").click()
    look.page.wait_for_url(re.compile("/accounts/second-factor/$"))
    look.go("/accounts/second-factor/webauthn/")
    look.holds("passkeys")
    look.go("/accounts/logout/")
    look.holds("log-out")
    look.page.get_by_role("button", name="Log out").click()
    look.page.get_by_role("button", name="Log in with a passkey").click()
    look.page.wait_for_url(f"{served[0]}/")
    assert look.heading() == "Your work is here."
    assert look.complaints == []


@pytest.mark.parametrize(
    ("who", "name", "address"),
    [
        ("prescriber", "people", "/clinic/people/"),
        ("prescriber", "add-person", "/clinic/people/add/"),
        ("prescriber", "person", "/clinic/people/{ines}/"),
        ("prescriber", "phones", "/clinic/phones/"),
        ("prescriber", "revoke", "/clinic/phones/{phone}/revoke/"),
        ("prescriber", "account", "/clinic/account/"),
        ("operator", "sites", "/clinic/sites/"),
        ("operator", "add-site", "/clinic/sites/add/"),
        ("operator", "site", "/clinic/sites/{harbour}/"),
        ("operator", "add-staff", "/clinic/sites/{harbour}/staff/"),
        ("operator", "end-role", "/clinic/roles/{role}/end/"),
        ("operator", "renew", "/clinic/staff/{other}/way-in/"),
        ("operator", "password", "/accounts/password/"),
        ("operator", "factors", "/accounts/second-factor/"),
        ("pharmacist", "start-empty", "/"),
    ],
)
def test_a_page_is_legible_on_the_smallest_phone_in_the_dark_and_with_large_letters(window, served, who, name, address):
    world = served[1]
    keys = {
        "ines": world.ines.pk,
        "phone": world.phone.pk,
        "harbour": world.harbour.pk,
        "role": Membership.objects.get(person=world.people["analyst"]).pk,
        "other": world.people["analyst"].pk,
    }
    look = window(who)
    look.go(address.format(**keys))
    assert look.heading()
    look.holds(name)


def test_who_needs_somebody_is_told_on_the_first_page(window, served):
    from modicum.web.accounts import participants

    world = served[1]
    for surname in ("Okonkwo-Featherstonehaugh", "Sato"):
        participants.register(
            site=world.harbour,
            surname=surname,
            given="Mika",
            born=world.ines.born,
            prescriber=world.people["prescriber"],
            virtual=surname == "Sato",
        )
    look = window("prescriber")
    look.go("/")
    assert look.heading() == "Three people need you today."
    look.holds("start")


def test_a_page_that_nobody_uses_warns_and_is_left_and_one_press_keeps_it(window, served):
    look = window("prescriber")
    look.page.clock.install()
    look.go("/clinic/people/")
    notice = look.page.get_by_role("alert")
    look.page.clock.run_for(12 * 60_000)
    assert not notice.is_visible()
    look.page.clock.run_for(70_000)
    assert notice.is_visible()
    look.holds("idle")
    with look.page.expect_request("**/clinic/account/"):
        look.page.get_by_role("button", name="Stay").click()
    assert not notice.is_visible()
    look.page.clock.run_for(14 * 60_000 + 50_000)
    assert "HALLORAN" in look.page.locator("main").inner_text()
    look.page.clock.run_for(11_000)
    look.page.wait_for_url("**/accounts/login/?ended=yes")
    assert "HALLORAN" not in look.page.locator("body").inner_text()


def test_every_action_is_reached_by_the_keyboard_alone(window):
    look = window("prescriber")
    look.go("/clinic/people/")
    order = []
    for _ in range(12):
        look.page.keyboard.press("Tab")
        order.append(look.page.evaluate("() => document.activeElement.innerText.trim()"))
    assert order[0] == "Skip to the page"
    assert "HALLORAN, Ines" in order
    assert "Add a person" in order
