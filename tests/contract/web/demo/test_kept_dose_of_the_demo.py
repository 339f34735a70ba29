"""The demo's patient whose dose is looked at again lives by what her kits hold, and nobody opens them early for her."""

import datetime as dt

import pytest

from followed import OVER, following
from modicum.participants.population import read_population
from modicum.participants.virtual import Virtual
from modicum.services.diary.kept_dose import standing_of
from modicum.services.diary.looking_again import looked_of
from modicum.services.diary.openings import OPENED
from modicum.web.demo.cast import IN_A_TRIAL, Team
from modicum.web.demo.keeping import Keeping
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE

BEGINS, HALF = OVER + 190, 14
TWELFTH, LATER = BEGINS + 12, BEGINS + 2 * HALF + 1


class Body(Virtual):
    """One that remembers what it took."""

    def answer(self, task):
        self.taken[task.day - 1] = task.capsule_mg
        return super().answer(task)


@pytest.fixture
def kept(world, tmp_path):
    """A trial that found 1.5 mg, the body that goes on living, and the demo that lives it."""
    with following(world.ines, tmp_path / "data") as trial:
        trial.keep_a_dose()
        body = Body.of(trial.story().begun.protocol, read_population("typical"), seed=1, person=1)
        body.taken = {}
        team = Team(world.harbour, world.people["prescriber"], world.people["pharmacist"])
        yield trial, body, Keeping(1, world.ines, team, body, [BEGINS])


def openings(trial):
    told = [event for event in STORE.events_of(trial.participant.trial) if event.kind == OPENED]
    return [(event.said["path"], event.said["allocation"][:8]) for event in told]


def test_one_under_way_is_ordered_made_and_handed_out_and_opened_by_the_pharmacist_alone(kept):
    trial, _, keeping = kept
    answered = trial.story().sequence
    keeping.live(range(OVER, TWELFTH + 1), trial.at(TWELFTH, 13))
    story = trial.story()
    assert standing_of(story, trial.at(TWELFTH, 13)).stage == "re-challenge"
    assert openings(trial) == [("supply", story.rechallenges[0].allocation[:8])]
    assert [kit.state for kit in supplies_of(story.trial).kits.values()] == ["dispensed", "prepared"]
    evenings = [day for day in story.by_day if BEGINS < day <= TWELFTH]
    assert 8 <= len(evenings) <= TWELFTH - BEGINS
    weekly = [day for day in story.by_day if OVER < day < BEGINS]
    assert {(day - OVER - 1) % 7 for day in weekly} == {0}
    received = [dt.datetime.fromisoformat(event.received_at) for event in STORE.events_of(story.trial, answered)]
    assert received == sorted(received)


def test_when_it_is_over_the_jobs_find_in_each_half_what_she_took(kept):
    trial, body, keeping = kept
    keeping.live(range(OVER, LATER + 1), trial.at(LATER, 14))
    (looked,) = looked_of(trial.story()).values()
    nights = [[body.taken[BEGINS + half * HALF + night] for night in range(HALF)] for half in range(2)]
    assert nights == [[dose] * HALF for dose in looked.halves_mg]
    assert sorted(looked.halves_mg) == [0.0, 1.5]
    assert {body.taken[BEGINS - 1], body.taken[BEGINS + 2 * HALF]} == {1.5}
    assert [path for path, _ in openings(trial)] == ["supply", "review"]
    kits = supplies_of(trial.participant.trial).kits.values()
    assert [(kit.state, kit.spare <= kit.left < kit.capsules) for kit in kits] == [("returned", True)] * 2


def test_the_cast_has_one_under_way_after_one_that_is_over():
    again = [one.again for one in IN_A_TRIAL if one.again]
    assert [(first > 2 * HALF, 0 < last < 2 * HALF) for first, last in again] == [(True, True)]
