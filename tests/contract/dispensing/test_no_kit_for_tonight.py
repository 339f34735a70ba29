"""Who has no kit for tonight is told so by her phone; who has one, or is to take nothing, is told nothing of it."""

import pytest

from contract.dispensing.desk import FIRST, Desk
from diary_fixtures import signer
from modicum.services.diary import Contacts, schedule_of
from modicum.services.dispensing.acting import dispense, supplies_of, take_back
from modicum.services.following.acting import end_trial, hold, resume
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun

NONE = "You have no kit for tonight. Ring the pharmacy, and ask for it."
KEINE = "Für heute Abend haben Sie keine Packung. Rufen Sie in der Apotheke an und fragen Sie danach."


@pytest.fixture
def told(tmp_path):
    """What the phone of a trial is told of kits on a day."""

    def ask(trial, day, language="en"):
        supplies, whom = supplies_of(STORE, trial), {"contacts": Contacts(), "signer": signer(tmp_path)}
        found = schedule_of(story_of(trial), now=at(day), supplies=supplies, language=language, **whom)
        return (found["halted"] or {"words": []})["words"], found["notes"]

    return ask


def test_a_recalled_kit_that_was_taken_back_leaves_nothing_for_tonight_until_another_is_handed_out(recalled, told):
    old, day = recalled.codes[0], FIRST + 4
    assert [len(said) for said in told(recalled.trial, day)] == [1, 0], "she has it: what stops her is said"
    take_back(recalled.deed(day), old, 12)
    assert told(recalled.trial, day) == ([], [NONE])
    assert told(recalled.trial, day, "de") == ([], [KEINE])
    new = recalled.make(recalled.replace(old, day=day), day=day)
    assert told(recalled.trial, day) == ([], [NONE]), "it is made and still lies in the pharmacy"
    dispense(recalled.deed(day), new.code)
    assert told(recalled.trial, day) == ([], [])


def test_who_has_the_kit_of_tonight_is_told_nothing_of_those_that_come_later(desk, told):
    desk.begin_block(1, FIRST)
    assert told(desk.trial, FIRST) == ([], [NONE]), "the first was not handed out"
    dispense(desk.deed(), desk.codes[0])
    assert told(desk.trial, FIRST + 13) == ([], [])
    desk.begin_block(2, FIRST + 14)
    assert told(desk.trial, FIRST + 14) == ([], [NONE])


def test_where_no_capsule_is_to_be_taken_none_is_missed(desk, told):
    desk.begin_block(1, FIRST)
    assert told(desk.trial, 3) == ([], []), "a run-in has none"
    hold(STORE, story_of(desk.trial), "a fever", now=at(FIRST), actor="staff:1")
    assert told(desk.trial, FIRST)[1] == []
    resume(STORE, story_of(desk.trial), "gone", now=at(FIRST), actor="staff:1")
    assert told(desk.trial, FIRST)[1] == [NONE]
    end_trial(STORE, story_of(desk.trial), "a rash", now=at(FIRST), actor="staff:1")
    assert told(desk.trial, FIRST)[1] == []


def test_where_no_kit_was_ordered_here_none_is_missed(clinic, told):
    desk = Desk(begun(clinic.ines))
    desk.begin_block(1, FIRST)
    assert told(desk.trial, FIRST) == ([], [])
