"""A storm at the door: many tries at once, from many machines, and a crowd of other addresses around them."""

import threading

from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection

from clinic_databases import on_both
from clinic_people import PASSWORD, browser, code, wait_for_a_fresh_step

LOG_IN = "/accounts/login/"


def attempt(email, password, machine):
    return browser().post(LOG_IN, {"login": email, "password": password}, REMOTE_ADDR=machine)


def at_once(number, work):
    """What many threads get that begin together."""
    results, ready = [], threading.Barrier(number)

    def one(which):
        ready.wait()
        try:
            results.append(work(which))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@on_both
def test_tries_that_come_at_once_are_counted_like_those_that_come_one_by_one(world, monkeypatch):
    checked = []
    check = hashers.check_password
    monkeypatch.setattr(
        "django.contrib.auth.base_user.check_password",
        lambda *given, **more: (checked.append(1), check(*given, **more))[1],
    )
    at_once(16, lambda which: attempt("prescriber@example.org", f"wrong {which}", f"10.0.1.{which}").status_code)
    assert 1 <= len(checked) <= 5
    wait_for_a_fresh_step()
    assert b"Too many failed" in attempt("prescriber@example.org", PASSWORD, "10.0.2.1").content


@on_both
def test_a_code_that_is_used_many_times_at_once_lets_one_in(world):
    clients = [browser() for _ in range(5)]
    for client in clients:
        client.post(LOG_IN, {"login": "prescriber@example.org", "password": PASSWORD})
    wait_for_a_fresh_step()
    said = code()
    results = at_once(
        5, lambda which: clients[which].post("/accounts/second-factor/authenticate/", {"code": said}).status_code
    )
    assert sorted(results) == [200, 200, 200, 200, 302]


def test_a_crowd_of_other_addresses_does_not_make_it_forget_one(world):
    for number in range(5):
        attempt("prescriber@example.org", "wrong", f"10.0.3.{number}")
    for number in range(500):
        cache.set(f"allauth:rl:another:{number}", [1.0], 300)
    assert b"Too many failed" in attempt("prescriber@example.org", PASSWORD, "10.0.4.1").content


def test_a_storm_on_one_of_the_staff_holds_up_no_other_and_no_phone(world):
    for number in range(8):
        attempt("prescriber@example.org", "wrong", f"10.0.5.{number}")
    other = attempt("operator@example.org", PASSWORD, "10.0.6.1")
    assert other.headers["Location"] == "/accounts/second-factor/authenticate/"
    phone = browser()
    phone.cookies["modicum_device"] = world.phone_token
    assert phone.get("/api/v1/receipts").status_code != 401
