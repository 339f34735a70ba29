"""The capsule that a phone asks about is that of the night before, on every day of every shipped protocol."""

import datetime as dt

import pytest

from diary_fixtures import beginning, signer
from modicum.protocol import library
from modicum.services.diary import Contacts, begin, schedule_of, told
from modicum.services.diary.reviewing import decisions
from modicum.services.diary.story import DECIDED
from modicum.services.dispensing.supplies import Supplied, Supplies
from modicum.supply.periods import takes_capsules
from modicum.web.store.port import EventStore
from verification.replaying import lived


@pytest.fixture(params=library())
def lived_trial(request):
    """A trial of a virtual person who writes late, corrects, skips and leaves, from its first day to its end."""
    return lived(request.param, 3).trial


@pytest.fixture
def stories(lived_trial, sqlite_store):
    """What the store knows of it on the morning of each decision, with the moment."""
    store, start, name = EventStore(sqlite_store), lived_trial.start, lived_trial.protocol.name
    begin(store, "t", beginning(name, start, virtual=True), now=start, actor="test")
    found, story = [], told(store, "t")
    for one in decisions(lived_trial, start + dt.timedelta(days=3000)):
        at, client_id = dt.datetime.fromisoformat(one["at"]), f"decided-{one['number']}"
        store.append(trial="t", kind=DECIDED, client_id=client_id, content=one, actor="reviews", received_at=at)
        story = told(store, "t", story)
        found.append((at, story))
    return found


def days_of(story, now, tmp_path, supplies=None):
    found = schedule_of(story, now=now, contacts=Contacts(), signer=signer(tmp_path), supplies=supplies)
    return found["days"]


def test_a_capsule_is_asked_about_where_the_trial_gave_one_the_night_before(lived_trial, stories, tmp_path):
    phases = {phase.name: phase for phase in lived_trial.protocol.phases}
    for at, story in stories:
        blocks = [one["block"] for one in story.decided if one["block"]]
        known = min(blocks[-1]["first_day"] + blocks[-1]["days"], lived_trial.days - 1)  # what follows a night is known
        asked = {day["day"]: day["capsule"] for day in days_of(story, at, tmp_path) if day["day"] <= known}
        given = {day: day > 0 and takes_capsules(phases[lived_trial.task(day).phase]) for day in asked}
        assert asked == given
        assert len(asked) >= known
    assert any(given.values())


def test_the_first_day_with_a_new_kit_asks_about_the_one_before(lived_trial, stories, tmp_path):
    at, story = stories[-1]
    blocks = [one["block"] for one in story.decided if one["block"]]
    kits, periods, expected = {}, {}, [None]
    for number, block in enumerate(blocks):
        phase = block["phase"]
        periods[phase] = periods.get(phase, 0) + 1
        code = f"K{number}" if block["capsule"] else None
        expected += [code] * block["days"]
        if code:
            made = {"batch": phase, "nights": block["days"], "capsules": block["days"], "spare": 0}
            held = {"phase": phase, "period": periods[phase], "part": 1, "ordered_on": at.date(), "dispensed_at": at}
            kits[code] = Supplied(code, **held, **made)
    told_to = days_of(story, at, tmp_path, Supplies(kits))
    assert [day["kit"] for day in told_to][: len(expected) - 1] == expected[:-1]
