"""Whoever answers, stops, holds or ends a hold second is told who was first, and that hers does not count."""

import re
import threading
from dataclasses import replace

import pytest

from clinic_people import member
from modicum.services.following import known_of
from modicum.web.accounts.models import Role
from modicum.web.clinic.following import review, staying


@pytest.fixture
def colleague(world):
    """Another prescriber of the same site, in a browser of her own."""
    world.people["second"] = member("second", world.harbour, Role.PRESCRIBER)
    return world.client("second")


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def kinds(trial):
    """What staff did."""
    done = ("accepted", "overridden", "stopped", "held", "resumed")
    return [event.kind for event in trial.story().beside if event.kind in done]


def seen(answer):
    return re.search(r'name="seen" value="(\w*)"', answer.content.decode())[1]


WAYS = {
    "review/4/": {"decision": "stop", "reason": "a rash"},
    "stop/": {"reason": "a rash"},
    "hold/": {"reason": "a rash"},
}
FIRST = {
    "review/4/": {"decision": "accept"},
    "stop/": {"reason": "an operation"},
    "hold/": {"reason": "an operation"},
}
SAID = {
    "review/4/": "Already answered by Dr Prescriber on 16 April 2026, 14:00.",
    "stop/": "Already stopped by Dr Prescriber on 16 April 2026, 14:00. Reason given: an operation",
    "hold/": "Already held by Dr Prescriber, since 16 April 2026, 14:00. Reason given: an operation",
}


@pytest.mark.parametrize("page", WAYS)
def test_who_comes_second_reads_who_was_first_and_what_she_entered(trial, prescriber, colleague, address, page):
    prescriber.post(address(page), FIRST[page])
    before = kinds(trial)
    answer = colleague.post(address(page), WAYS[page])
    assert answer.status_code == 409
    assert SAID[page] in text(answer)
    assert "What you entered does not count" in text(answer)
    assert "a rash" in text(answer)
    assert kinds(trial) == before


@pytest.mark.parametrize("page", WAYS)
def test_a_form_that_is_sent_twice_by_the_same_leads_to_the_person_and_tells_once(trial, prescriber, address, page):
    for _ in range(2):
        assert prescriber.post(address(page), WAYS[page])["Location"] == address()
    assert len(kinds(trial)) == 1


def test_of_the_same_person_in_two_tabs_the_second_answer_is_not_passed_over_either(trial, prescriber, address):
    prescriber.post(address("review/4/"), {"decision": "accept"})
    answer = prescriber.post(address("review/4/"), WAYS["review/4/"])
    assert "Already answered by Dr Prescriber" in text(answer)
    assert f'href="{address("stop/")}"' in answer.content.decode()
    assert f'href="{address("hold/")}"' in answer.content.decode()
    assert trial.story().stopped is None


def test_where_a_review_was_stopped_by_another_there_is_nothing_left_to_stop(trial, prescriber, colleague, address):
    prescriber.post(address("review/4/"), WAYS["review/4/"])
    answer = colleague.post(address("review/4/"), {"decision": "hold", "reason": "she rang"})
    assert "Already answered by Dr Prescriber" in text(answer)
    assert "Reason given: a rash" in text(answer)
    assert "she rang" in text(answer)
    assert f'href="{address("stop/")}"' not in answer.content.decode()


def test_who_accepts_what_was_stopped_elsewhere_reads_by_whom(trial, prescriber, colleague, address):
    prescriber.post(address("stop/"), {"reason": "an operation"})
    answer = colleague.post(address("review/4/"), {"decision": "accept"})
    assert "Already stopped by Dr Prescriber" in text(answer)
    assert known_of(trial.story()).responses == {}


def test_of_a_decision_that_went_its_way_the_stop_is_not_lost_without_a_word(trial, prescriber, address):
    answer = prescriber.post(address("review/3/"), {"decision": "stop", "reason": "a rash"})
    assert "The next decision was taken since." in text(answer)
    assert "a rash" in text(answer)
    assert f'href="{address("stop/")}"' in answer.content.decode()


def test_a_hold_that_was_ended_by_another_says_so(trial, prescriber, colleague, address):
    prescriber.post(address("hold/"), {"reason": "a fever"})
    shown = seen(colleague.get(address("resume/")))
    prescriber.post(address("resume/"), {"reason": "it is over", "seen": shown})
    answer = colleague.post(address("resume/"), {"reason": "she feels well", "seen": shown})
    assert answer.status_code == 409
    assert "The hold was ended by Dr Prescriber on 16 April 2026, 14:00. Reason given: it is over" in text(answer)
    assert "she feels well" in text(answer)
    assert kinds(trial) == ["held", "resumed"]


@pytest.mark.parametrize("page", ["stop/", "hold/", "resume/"])
def test_of_a_person_who_has_left_nothing_is_passed_over(trial, prescriber, address, page):
    trial.evening(45, leaves=True)
    answer = prescriber.post(address(page), {"reason": "a rash"})
    assert answer.status_code == 409
    assert "a rash" in text(answer)


@pytest.fixture
def together(monkeypatch):
    """Has two people do the same at the same moment: both had read the page before either did it."""
    both = threading.Barrier(2, timeout=20)

    def waiting(does):
        def after_both(*given, **more):
            both.wait()
            return does(*given, **more)

        return after_both

    monkeypatch.setattr(review, "override", waiting(review.override))
    monkeypatch.setattr(staying, "_HOLD", replace(staying._HOLD, do=waiting(staying._HOLD.do)))


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("page", ["review/4/", "hold/"])
def test_at_the_same_moment_one_counts_and_the_other_is_told(trial, prescriber, colleague, address, page):
    answers = list[int]()

    def send(client, reason):
        answers.append(client.post(address(page), {"decision": "hold", "reason": reason}).status_code)

    two = ((prescriber, "a fever"), (colleague, "a rash"))
    threads = [threading.Thread(target=send, args=given) for given in two]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [302, 409]
    assert len(trial.story().held) == 1
