"""Words of people stay within the page, however long they are."""

import pytest

from browsers import OVERFLOW
from modicum.services.following import end_trial, hold
from modicum.web.stories import STORE, keep

WORD = "x" * 390


@pytest.fixture
def worded(served):
    """A trial in which a note, a medicine and the reason of a hold are one long word each."""
    _, world, trial = served
    trial.evening(45, note=WORD, medications=[WORD[:80]])
    keep(hold(STORE, trial.story(), WORD, **by_staff(world, trial)))
    return f"/clinic/people/{world.ines.pk}/"


def by_staff(world, trial):
    return {"now": trial.at(46, 13), "actor": f"staff:{world.people['prescriber'].pk}"}


def wider(window, width, *pages):
    """By how many pixels each page is wider than a screen of a width."""
    look, found = window("prescriber"), dict[str, int]()
    look.page.set_viewport_size({"width": width, "height": 800})
    for page in pages:
        look.go(page)
        found[page] = look.page.evaluate(OVERFLOW)
    return found


@pytest.mark.parametrize("width", [390, 1280])
def test_a_long_word_makes_no_page_wider_than_the_screen(window, worded, width):
    pages = "/", worded, f"{worded}resume/", f"{worded}record/"
    assert wider(window, width, *pages) == dict.fromkeys(pages, 0)


def test_nor_does_the_reason_for_which_a_trial_was_stopped(window, served, worded):
    _, world, trial = served
    keep(end_trial(STORE, trial.story(), WORD, **by_staff(world, trial)))
    pages = worded, f"{worded}answer/", f"{worded}record/"
    assert wider(window, 390, *pages) == dict.fromkeys(pages, 0)
