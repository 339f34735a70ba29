"""A prescriber follows a trial in a real browser: from the list to a review, a hold, an emergency and a stop."""

import datetime as dt
import json
import re
import time

import pytest

from clinic_people import PASSWORD, member
from followed import OVER, following
from journeys.web.following.conftest import DAYS
from modicum.web.accounts.models import Role
from modicum.web.clinic.following.again import answer_again

SHOWN_WITHIN_SECONDS = 10
HALF_A_YEAR_LATER = OVER + 200
OF_A_DOSE = re.compile(r"[fs]-dose-|[fs]-placebo|--dose|--placebo")


@pytest.fixture
def kept(served):
    """A dose that was found half a year ago; after the test the time is as it was."""
    _, world, other = served
    with following(world.jonas, other.folder) as trial:
        trial.keep_a_dose()
        trial.at(HALF_A_YEAR_LATER, 13)
        yield trial
    other.at(DAYS, 13)


def test_from_the_list_to_a_review_a_hold_an_emergency_and_a_stop(desk, served):
    _, _, trial = served
    desk.go("/")
    assert desk.heading() == "One person needs you today."
    desk.holds("worklist")
    desk.follow("Read")
    assert desk.heading() == "New side effect: Vivid dreams"
    desk.holds("followed")
    desk.press("Noted, nothing more to do")
    desk.follow("Review")
    assert desk.heading().startswith("Go on to the next period")
    desk.holds("review")
    desk.press("Record this answer")
    desk.page.get_by_label("Stop the trial").check()
    desk.press("Record this answer")
    assert "Say why this decision is not followed" in desk.page.locator("main").inner_text()
    desk.holds("review-refused")
    desk.page.get_by_label("Accept this decision").check()
    desk.press("Record this answer")
    assert "evenings of this period are in" in desk.heading()

    desk.follow("Hold the capsules")
    desk.holds("hold")
    desk.page.get_by_label("Reason").fill("until we have spoken")
    desk.press("Hold the capsules")
    assert trial.story().held == ("until we have spoken",)
    desk.follow("End the hold")
    desk.holds("resume")
    desk.page.get_by_label("Reason").fill("spoken, all is well")
    desk.press("End the hold")
    assert trial.story().held == ()

    for page in ("Record", "Sealed paper sheet"):
        desk.follow(page)
        desk.holds(page.lower().replace(" ", "-"))
        desk.follow("Back")
    desk.follow("Emergency unblinding")
    desk.page.get_by_label("Password").fill(PASSWORD)
    desk.press("Go on")
    assert desk.heading() == "Open the sealed order of this one person?"
    desk.holds("emergency")
    desk.page.get_by_label("Reason").fill("found unconscious")
    begun = time.monotonic()
    desk.press("Open and show")
    assert desk.heading().startswith("The last capsule held:")
    assert time.monotonic() - begun < SHOWN_WITHIN_SECONDS
    desk.holds("opened")
    desk.follow("Back")
    assert "found unconscious" in desk.page.locator("main").inner_text()

    desk.follow("Stop the trial")
    desk.holds("stop")
    desk.page.get_by_label("Reason").fill("an operation")
    desk.press("Stop the trial")
    assert "Stopped by staff: an operation" in desk.page.locator("main").inner_text()
    assert trial.story().stopped is not None


def test_a_blinded_rechallenge_is_offered_drawn_supplied_lived_and_answered(kept, window, served):
    trial, desk = kept, window("foreign prescriber")
    page = f"/clinic/people/{trial.participant.pk}/re-challenge/"
    desk.go("/")
    assert "A blinded re-challenge can be offered" in desk.page.locator("main").inner_text()
    desk.go(page)
    assert desk.heading() == "A blinded re-challenge can begin."
    desk.holds("re-challenge")
    desk.page.get_by_label("First day").fill("2026-03-02")
    desk.page.get_by_label("Words of the patient").fill("blue heron")
    desk.press("Draw and accept")
    desk.reads("The first day is tomorrow or later.")
    assert desk.page.get_by_label("Words of the patient").input_value() == "blue heron"
    desk.holds("re-challenge-refused")
    desk.page.get_by_label("First day").fill((trial.first_day + dt.timedelta(HALF_A_YEAR_LATER + 7)).isoformat())
    desk.press("Draw and accept")
    desk.page.wait_for_url(f"**/clinic/people/{trial.participant.pk}/")
    assert len(trial.story().rechallenges) == 1
    desk.go(page)
    assert desk.heading().startswith("A re-challenge begins on ")
    desk.holds("re-challenge-accepted")
    desk.follow("Order its kits")
    desk.page.get_by_label("Re-challenge 1").check()
    desk.press("Order these kits")
    desk.reads("No further kits can be ordered now.")
    desk.holds("re-challenge-ordered")
    served[1].people["quay pharmacist"] = member("quay pharmacist", served[1].quay, Role.PHARMACIST)
    supplies = window("quay pharmacist")
    supplies.go(f"/pharmacy/{trial.participant.pk}/")
    supplies.reads("Two kits wait to be made.")
    supplies.follow("Write down that they are made")
    supplies.page.get_by_label("Numbers of the lots").fill("NX-17")
    supplies.press("Write down that they are made")
    supplies.reads("Two kits wait to be handed out.")
    supplies.holds("pharmacy-re-challenge")
    supplies.follow("Hand out a kit")
    supplies.reads("Re-challenge 1, half 2")
    supplies.holds("pharmacy-re-challenge-hand-out")
    trial.at(HALF_A_YEAR_LATER + 8, 13)
    desk.go(page)
    assert desk.heading().startswith("A blinded re-challenge is under way. Day ")
    desk.holds("re-challenge-under-way")
    first, end = HALF_A_YEAR_LATER + 7, HALF_A_YEAR_LATER + 35
    for day in range(first, end):
        middle = (day - first) % 14 == 7
        trial.evening(day, answers={"pain": 2.0 + (day - first) % 3}, took="yes", guess=0.7 if middle else None)
    trial.at(end, 9)
    desk.go(page)
    desk.reads("What it found is computed from noon of")
    desk.holds("re-challenge-over")
    assert not OF_A_DOSE.search(desk.page.content())
    assert answer_again(trial.participant.trial, trial.at(end, 13))
    desk.go(page)
    desk.reads("In each capsule")
    desk.holds("re-challenge-answered")
    assert len(set(OF_A_DOSE.findall(desk.page.locator("main").inner_html()))) == 2


def test_a_rescue_file_is_put_in(desk, served):
    _, _, trial = served
    desk.go(f"/clinic/people/{trial.participant.pk}/rescue/")
    desk.holds("rescue")
    said = {"schema": "modicum.rescue/1", "trial": trial.participant.trial, "entries": [trial._written(20)]}
    for file, heading in (({}, "Put in what waits on a phone?"), (said, "One answer of the file is new.")):
        sent = {"name": "modicum-rescue.json", "mimeType": "application/json", "buffer": json.dumps(file).encode()}
        desk.page.set_input_files("input[type=file]", sent)
        desk.press("Put it in")
        assert desk.heading() == heading
        desk.holds("rescue-refused" if not file else "rescue-done")
