"""An emergency opening is recorded exactly once, whatever a browser sends again; asked for anew it is another."""

import re
import threading

import pytest

from clinic_people import PASSWORD, member
from modicum.web.accounts.models import Role


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def openings(trial):
    return [one for one in trial.story().beside if one.kind == "opened" and one.said["path"] == "emergency"]


def asked(client, page):
    """The form as its page shows it, with a reason."""
    answer = client.get(page)
    if answer.status_code == 302:
        client.post(answer["Location"], {"password": PASSWORD})
        answer = client.get(page)
    seen = re.search(r'name="seen" value="(\d+)"', answer.content.decode())[1]
    return {"seen": seen, "reason": "found unconscious"}


@pytest.fixture
def page(address):
    return address("emergency/")


def test_a_page_that_is_loaded_again_opens_nothing_and_says_so(trial, prescriber, page):
    form = asked(prescriber, page)
    assert "The last capsule held" in text(prescriber.post(page, form))
    again = prescriber.post(page, form)
    assert again.status_code == 409
    assert "You opened it 16 April 2026, 14:00 (Europe/London). It was shown that once" in text(again)
    assert "The last capsule held" not in text(again)
    assert len(openings(trial)) == 1


def test_who_asks_anew_opens_it_once_more_on_the_record(trial, prescriber, page):
    prescriber.post(page, asked(prescriber, page))
    assert "The last capsule held" in text(prescriber.post(page, asked(prescriber, page)))
    assert len(openings(trial)) == 2


def test_the_form_of_the_page_that_says_so_is_a_new_one(trial, prescriber, page):
    form = asked(prescriber, page)
    prescriber.post(page, form)
    shown = prescriber.post(page, form).content.decode()
    new = {**form, "seen": re.search(r'name="seen" value="(\d+)"', shown)[1]}
    assert "The last capsule held" in text(prescriber.post(page, new))
    assert len(openings(trial)) == 2


def test_what_another_opened_meanwhile_keeps_nobody_from_an_emergency(trial, world, prescriber, page):
    world.people["second"] = member("second", world.harbour, Role.PRESCRIBER)
    other, form = world.client("second"), asked(prescriber, page)
    other.post(page, asked(other, page))
    assert "The last capsule held" in text(prescriber.post(page, form))
    assert len(openings(trial)) == 2


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_a_form_that_does_not_say_what_it_has_seen_opens_once_and_no_more(trial, prescriber, page, seen):
    form = {**asked(prescriber, page), "seen": seen}
    assert "The last capsule held" in text(prescriber.post(page, form))
    assert prescriber.post(page, form).status_code == 409
    assert len(openings(trial)) == 1


def test_a_button_that_is_pressed_twice_at_once_opens_once(trial, prescriber, page, monkeypatch):
    from modicum.web.clinic.following import emergency

    form, both, opened = asked(prescriber, page), threading.Barrier(2, timeout=20), list[int]()
    order = emergency.order_in_force

    def after_both(*given):
        both.wait()
        return order(*given)

    monkeypatch.setattr(emergency, "order_in_force", after_both)
    presses = [
        threading.Thread(target=lambda: opened.append(prescriber.post(page, form).status_code)) for _ in range(2)
    ]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(opened) == [200, 409]
    assert len(openings(trial)) == 1
