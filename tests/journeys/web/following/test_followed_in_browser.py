"""A prescriber follows a trial in a real browser: from the list to a review, a hold, an emergency and a stop."""

import time

import pytest

from clinic_people import PASSWORD
from journeys.web.accounts.looking import Look

SHOWN_WITHIN_SECONDS = 10


@pytest.fixture
def desk(browser, served):
    look = Look(browser, served[0])
    key = served[1].client("prescriber").cookies["modicum_staff"].value
    look.context.add_cookies([{"name": "modicum_staff", "value": key, "url": served[0]}])
    yield look
    look.context.close()


def press(look, name, role="button"):
    look.page.get_by_role(role, name=name).first.click()


def test_from_the_list_to_a_review_a_hold_an_emergency_and_a_stop(desk, served):
    _, _, trial = served
    desk.go("/")
    assert desk.heading() == "One person needs you today."
    desk.holds("worklist")
    press(desk, "Read", "link")
    assert desk.heading() == "New side effect: Vivid dreams"
    desk.holds("followed")
    press(desk, "Noted, nothing more to do")
    press(desk, "Review", "link")
    assert desk.heading().startswith("Go on to the next period")
    desk.holds("review")
    press(desk, "Record this answer")
    desk.page.get_by_label("Stop the trial").check()
    press(desk, "Record this answer")
    assert "Say why this decision is not followed" in desk.page.locator("main").inner_text()
    desk.holds("review-refused")
    desk.page.get_by_label("Accept this decision").check()
    press(desk, "Record this answer")
    assert "evenings of this period are in" in desk.heading()

    press(desk, "Hold the capsules", "link")
    desk.holds("hold")
    desk.page.get_by_label("Reason").fill("until we have spoken")
    press(desk, "Hold the capsules")
    assert trial.story().held == ("until we have spoken",)
    press(desk, "End the hold", "link")
    desk.holds("resume")
    desk.page.get_by_label("Reason").fill("spoken, all is well")
    press(desk, "End the hold")
    assert trial.story().held == ()

    for page in ("Record", "Sealed paper sheet"):
        press(desk, page, "link")
        desk.holds(page.lower().replace(" ", "-"))
        press(desk, "Back", "link")
    press(desk, "Emergency unblinding", "link")
    desk.page.get_by_label("Password").fill(PASSWORD)
    press(desk, "Go on")
    assert desk.heading() == "Open the sealed order of this one person?"
    desk.holds("emergency")
    desk.page.get_by_label("Reason").fill("found unconscious")
    begun = time.monotonic()
    press(desk, "Open and show")
    assert desk.heading().startswith("The capsules hold now:")
    assert time.monotonic() - begun < SHOWN_WITHIN_SECONDS
    desk.holds("opened")
    press(desk, "Back", "link")
    assert "found unconscious" in desk.page.locator("main").inner_text()

    press(desk, "Stop the trial", "link")
    desk.holds("stop")
    desk.page.get_by_label("Reason").fill("an operation")
    press(desk, "Stop the trial")
    assert "Stopped by staff: an operation" in desk.page.locator("main").inner_text()
    assert trial.story().stopped is not None
