"""In a real browser: the page on a person whose dose is kept, and what whoever comes second reads."""

import pytest

from followed import OVER, following
from journeys.web.following.conftest import DAYS
from modicum.services.following import end_trial
from modicum.web.stories import STORE, keep


@pytest.fixture
def kept(served):
    """A dose that was found ten weeks ago, with an evening of every week since; then the time is as it was."""
    _, world, other = served
    with following(world.jonas, other.folder) as trial:
        trial.keep_a_dose()
        trial.evenings(*range(OVER + 1, OVER + 70, 7), answers={"pain": 3.0}, side_effects={"headache": 1})
        trial.at(OVER + 70, 13)
        yield trial
    other.at(DAYS, 13)


def test_a_dose_that_is_kept_is_there_for_everybody_who_reads_the_page(window, kept):
    desk = window("foreign prescriber")
    desk.go(f"/clinic/people/{kept.participant.pk}/")
    desk.reads("The dose that is kept")
    desk.holds("kept")
    desk.page.get_by_text("The dose that is kept, as a table").click()
    desk.holds("kept-table")


def test_who_stops_a_trial_second_reads_who_was_first_and_loses_no_word(desk, served):
    _, world, trial = served
    desk.go(f"/clinic/people/{world.ines.pk}/stop/")
    desk.page.get_by_label("Reason").fill("a rash since Tuesday")
    keep(end_trial(STORE, trial.story(), "an operation", now=trial.at(DAYS, 14), actor="staff:1"))
    desk.press("Stop the trial")
    desk.reads("Somebody was first, and this was not done.")
    desk.reads("a rash since Tuesday")
    desk.page.wait_for_load_state()
    desk.complaints[:] = [words for words in desk.complaints if "409" not in words]  # a browser tells of that answer
    desk.holds("late")
