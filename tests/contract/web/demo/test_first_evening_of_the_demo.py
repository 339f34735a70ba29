"""The demo's first patient, whose phone anybody may open, has her first evening before her, at any hour."""

import datetime as dt

from modicum.services.diary import Contacts, schedule_of
from modicum.web.api.keys import signer
from modicum.web.demo.cast import IN_A_TRIAL, Team
from modicum.web.demo.living import live
from modicum.web.stories import story_of
from waiting_trials import place

LATE = dt.datetime(2026, 3, 2, 22, 30, tzinfo=dt.UTC)


def test_whoever_opens_the_link_of_the_phone_at_night_finds_an_evening_to_fill_in(world, tmp_path):
    with place(tmp_path) as folder:
        (folder / "clock").write_text(LATE.isoformat())
        team = Team(world.harbour, world.people["prescriber"], world.people["pharmacist"])
        someone = live(0, IN_A_TRIAL[0], team, lambda _words: None)
        schedule = schedule_of(story_of(someone.trial), now=LATE, contacts=Contacts(), signer=signer())
    assert (schedule["stage"], schedule["answered"]) == ("diary", [])
    assert (schedule["days"][0]["day"], schedule["days"][0]["asked"]) == (0, True)
