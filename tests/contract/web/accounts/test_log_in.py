"""Logging in as one of the staff: password and second factor, each once; nothing told to who only tries."""

import hashlib
import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from clinic_databases import on_both
from clinic_people import PASSWORD, SECRET, browser, code, wait_for_a_fresh_step

WRONG = "wrong wrong wrong"
LOG_IN, CODE = "/accounts/login/", "/accounts/second-factor/authenticate/"


def log_in(client, email="prescriber@example.org", password=PASSWORD, **more):
    return client.post(LOG_IN, {"login": email, "password": password}, **more)


def without_csrf(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", response.content)


@on_both
def test_password_and_code_let_in_and_the_key_of_the_session_is_another_after_each(world):
    client = browser()
    client.get(LOG_IN)
    wait_for_a_fresh_step()
    first = log_in(client)
    assert first.headers["Location"] == CODE
    before = client.cookies["modicum_staff"].value
    assert client.get("/").headers["Location"] == LOG_IN  # the password alone opens nothing
    done = client.post(CODE, {"code": code()})
    assert done.headers["Location"] == "/"
    after = client.cookies["modicum_staff"].value
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    assert client.get("/").status_code == 200


def test_a_key_that_somebody_planted_is_worth_nothing_after_the_log_in(world):
    planted = browser()
    planted.get(LOG_IN)
    session = planted.session
    session["planted"] = 1
    session.save()
    key = session.session_key
    victim = browser()
    victim.cookies["modicum_staff"] = key
    wait_for_a_fresh_step()
    log_in(victim)
    victim.post(CODE, {"code": code()})
    assert victim.get("/").status_code == 200
    thief = browser()
    thief.cookies["modicum_staff"] = key
    assert thief.get("/").headers["Location"].startswith(LOG_IN)


@on_both
def test_a_code_of_the_second_factor_works_once(world):
    wait_for_a_fresh_step()
    said = code()
    first, second = browser(), browser()
    log_in(first)
    assert first.post(CODE, {"code": said}).status_code == 302
    log_in(second)
    assert second.post(CODE, {"code": said}).status_code == 200
    assert second.get("/").headers["Location"].startswith(LOG_IN)


def test_a_recovery_code_works_once_too(world):
    factor = Authenticator.objects.get(user=world.people["prescriber"], type="recovery_codes")
    said = factor.wrap().get_unused_codes()[0]
    first, second = browser(), browser()
    log_in(first)
    assert first.post(CODE, {"code": said}).status_code == 302
    log_in(second)
    assert second.post(CODE, {"code": said}).status_code == 200


def test_the_secret_of_a_second_factor_is_not_in_the_database_as_it_is(world):
    factor = Authenticator.objects.get(user=world.people["prescriber"], type="totp")
    assert SECRET not in str(factor.data)
    assert factor.wrap().validate_code(code())


def test_an_address_that_is_known_and_one_that_is_not_get_the_same_answer(world):
    known, unknown = (browser(), browser())
    answers = [
        log_in(known, password=WRONG),
        log_in(unknown, email="prescribed@example.org", password=WRONG),
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    bodies = [without_csrf(answer).replace(b"prescriber@", b"").replace(b"prescribed@", b"") for answer in answers]
    assert bodies[0] == bodies[1]


def test_how_long_the_answer_takes_does_not_tell_them_apart_since_both_hash_as_often(world, monkeypatch):
    hashed = []
    scrypt = hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", lambda *given, **more: (hashed.append(1), scrypt(*given, **more))[1])

    def hashes(email):
        hashed.clear()
        log_in(browser(), email=email, password=WRONG)
        return len(hashed)

    assert hashes("operator@example.org") == hashes("nobody@example.org") == 1


@on_both
def test_a_storm_of_wrong_passwords_is_stopped_after_five_for_a_known_and_an_unknown_address_alike(world):
    for email in ("prescriber@example.org", "nobody@example.org"):
        answers = [
            log_in(browser(), email=email, password=f"wrong {number}", REMOTE_ADDR=f"10.0.0.{number}")
            for number in range(7)
        ]
        said = [b"Too many failed" in answer.content for answer in answers]
        assert said == [False] * 5 + [True] * 2, email
    wait_for_a_fresh_step()
    right = log_in(browser(), REMOTE_ADDR="10.0.0.99")
    assert right.status_code == 200  # even the right password waits
    assert log_in(browser(), email="operator@example.org", REMOTE_ADDR="10.0.0.99").headers["Location"] == CODE


def test_one_machine_that_tries_many_addresses_is_stopped_too(world):
    answers = [log_in(browser(), email=f"a{number}@example.org", password=WRONG) for number in range(12)]
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert b"Too many failed" in answers[-1].content or answers[-1].status_code == 429


def test_codes_are_not_guessed_in_a_storm(world):
    client = browser()
    log_in(client)
    for number in range(5):
        assert client.post(CODE, {"code": f"{number:06d}"}).status_code == 200
    wait_for_a_fresh_step()
    assert client.post(CODE, {"code": code()}).status_code == 200
    assert client.get("/").headers["Location"].startswith(LOG_IN)


def test_a_member_without_a_second_factor_sees_only_the_page_that_sets_one_up(world):
    client = browser()
    log_in(client, email="newcomer@example.org")
    for address in ("/", "/clinic/people/", "/clinic/account/", "/accounts/password/"):
        assert client.get(address).headers["Location"] == "/accounts/second-factor/"
    assert b"Halloran" not in client.get("/accounts/second-factor/").content
    asked = client.get("/accounts/second-factor/totp/activate/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/second-factor/totp/activate/").content.decode()
    assert "<svg" in page
    secret = re.search(r'id="authenticator_secret" value="([A-Z2-7]+)"', page)[1]
    wait_for_a_fresh_step()
    done = client.post("/accounts/second-factor/totp/activate/", {"code": code(secret)})
    assert done.headers["Location"] == "/accounts/second-factor/recovery-codes/"
    assert len(re.findall(r"<li>\d+</li>", client.get(done.headers["Location"]).content.decode())) == 10
    assert client.get("/clinic/people/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(world):
    Authenticator.objects.filter(user=world.people["prescriber"], type="totp").delete()
    client = browser()
    log_in(client)
    assert client.get("/clinic/people/").headers["Location"] == "/accounts/second-factor/"


def test_the_last_second_factor_cannot_be_taken_away(world):
    client = world.client("prescriber")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/second-factor/totp/deactivate/")
    assert Authenticator.objects.filter(user=world.people["prescriber"], type="totp").exists()


def test_nobody_signs_up(world):
    client = browser()
    for address in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert client.post(address, {"email": "me@example.org", "password1": PASSWORD}).status_code == 404


@pytest.mark.parametrize(("name", "ago"), [("modicum_seen", 16 * 60), ("modicum_begun", 12 * 3600 + 60)])
def test_a_log_in_that_lies_idle_or_lasts_too_long_is_ended(world, name, ago):
    client = world.client("prescriber")
    assert client.get("/").status_code == 200
    session = client.session
    session[name] -= ago
    session.save()
    ended = client.get("/clinic/people/")
    assert ended.headers["Location"] == "/accounts/login/?next=%2Fclinic%2Fpeople%2F&ended=yes"
    assert client.get("/").headers["Location"] == LOG_IN
    assert not Session.objects.filter(session_key=session.session_key).exists()


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://localhost/clinic/people/add/?site=1", "next=%2Fclinic%2Fpeople%2Fadd%2F%3Fsite%3D1%26again%3Dyes&"),
        ("https://elsewhere.example/clinic/people/add/", ""),
        ("", ""),
    ],
)
def test_what_is_sent_after_a_log_in_ended_is_said_to_be_unsaved_and_leads_back_to_its_page(world, referer, back):
    sent = browser(headers={"Referer": referer}).post("/clinic/people/add/", {"surname": "Sato"})
    assert sent.headers["Location"] == f"/accounts/login/?{back}unsaved=yes"


def test_a_page_that_is_left_when_its_log_in_has_ended_sent_nothing_that_could_be_saved():
    left = browser().post("/accounts/logout/", {"next": "/accounts/login/?ended=yes"})
    assert left.headers["Location"] == "/accounts/login/?ended=yes"


def test_fourteen_minutes_are_not_too_long(world):
    client = world.client("prescriber")
    client.get("/")
    session = client.session
    session["modicum_seen"] -= 14 * 60
    session.save()
    assert client.get("/").status_code == 200
    assert client.session["modicum_seen"] > session["modicum_seen"]


def test_logging_out_asks_first_and_ends_it(world):
    client = world.client("prescriber")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").headers["Location"] == LOG_IN


def test_a_new_password_ends_every_other_log_in(world):
    one, other = world.client("prescriber"), world.client("prescriber")
    words = {"oldpassword": PASSWORD, "password1": "nine brown otters diving", "password2": "nine brown otters diving"}
    assert one.post("/accounts/password/", words).status_code == 302
    assert one.get("/").status_code == 200
    assert other.get("/").headers["Location"] == LOG_IN


def test_a_form_without_its_mark_is_refused(world):
    client = browser(enforce_csrf_checks=True)
    assert log_in(client).status_code == 403
