"""A dose that is kept: what was asked, written and taken since, and scores that tell nothing of a re-challenge."""

import datetime as dt

import pytest

from diary_fixtures import START
from modicum.services.following.maintenance import maintained_of
from modicum.services.following.overview import Share
from unit.services.following.test_marks_and_needs import Told, at

ANSWERED, FIRST, AGAIN = 41, 42, 150
EVERY, HALF, WINDOW = 7, 14, 28
WORKS = {"result": {"verdict": {"code": "works", "dose_mg": 1.5}}}


def kept():
    """A trial of six weeks that found 1.5 mg; maintenance begins on its day 42."""
    told = Told().decided(1, "begin", 0).decided(2, "next kit", 14)
    for day in range(ANSWERED):
        told.evening(day)
    return told.decided(3, "over", ANSWERED, days=0).tell("answered", at(ANSWERED, 11), WORKS)


def look_again(told, first=AGAIN):
    begun = START + dt.timedelta(days=first)
    return told.tell("re-challenge", at(first - 5), {"begun": begun.isoformat(), "allocation": f"{first}"})


def write(told, days, pain=3.0, **more):
    for day in days:
        told.evening(day, answers={"pain": pain}, took="yes", **more)
    return told


@pytest.fixture
def told():
    """Every evening that was asked for up to the re-challenge came, but that of day 70."""
    return write(kept(), (day for day in range(FIRST, AGAIN, EVERY) if day != 70))


def test_the_dose_stands_there_with_the_day_since_which_it_is_kept(told):
    found = maintained_of(told.story, at(AGAIN))
    assert (found.dose_mg, found.since, found.until) == (1.5, (START + dt.timedelta(days=FIRST)).date(), None)


def test_of_the_evenings_that_were_asked_for_it_is_counted_how_many_came(told):
    asked = len(range(FIRST, AGAIN, EVERY))
    assert maintained_of(told.story, at(AGAIN - 1)).asked == Share(asked - 1, asked)


def test_an_evening_that_nobody_asked_for_is_shown_and_counts_as_none_that_was(told):
    before = maintained_of(told.story, at(AGAIN - 1))
    write(told, [AGAIN - 4])
    found = maintained_of(told.story, at(AGAIN - 1))
    assert found.asked == before.asked
    assert AGAIN - 4 in [one.day for one in found.overview.days]


def test_nothing_of_the_trial_itself_is_counted_again(told):
    found = maintained_of(told.story, at(AGAIN - 1))
    assert min(one.day for one in found.overview.days) == FIRST
    assert found.overview.taken() == Share(found.asked.part, found.asked.part)


def test_no_evening_that_tells_of_a_capsule_of_a_re_challenge_is_in_a_score(told):
    look_again(told)
    write(told, [AGAIN], pain=5.0)
    write(told, range(AGAIN + 1, AGAIN + 2 * HALF + 1), pain=9.0)
    for day in (AGAIN + 1, AGAIN + HALF, AGAIN + 2 * HALF, AGAIN + 2 * HALF + 3):
        found = maintained_of(told.story, at(day, 23))
        assert found.then.mean == 3.0
        assert (found.now.last, found.now.entries) == ((START + dt.timedelta(days=AGAIN)).date(), 5)
        assert found.now.mean == pytest.approx((4 * 3.0 + 5.0) / 5)


def test_after_a_re_challenge_the_score_of_late_is_of_the_open_dose_again(told):
    look_again(told)
    write(told, range(AGAIN, AGAIN + 2 * HALF + 1), pain=9.0)
    write(told, range(AGAIN + 2 * HALF + EVERY, AGAIN + 2 * HALF + 5 * EVERY, EVERY), pain=4.0)
    found = maintained_of(told.story, at(AGAIN + 2 * HALF + 5 * EVERY))
    assert (found.now.mean, found.now.entries) == (4.0, 4)


def test_in_the_first_weeks_there_is_one_score_and_not_the_same_twice():
    told = write(kept(), range(FIRST, FIRST + WINDOW, EVERY))
    found = maintained_of(told.story, at(FIRST + WINDOW - 1, 23))
    assert (found.then.mean, found.then.entries, found.now) == (3.0, 4, None)


@pytest.mark.parametrize(
    ("day", "of_it"),
    [(AGAIN - 5, 0), (AGAIN - 1, 0), (AGAIN, 1), (AGAIN + 11, 12), (AGAIN + 27, 28), (AGAIN + 28, None)],
    ids=["just accepted", "the evening before", "first", "twelfth", "last", "over"],
)
def test_of_a_re_challenge_it_is_known_when_it_begins_and_on_which_of_its_days_it_is(told, day, of_it):
    again = maintained_of(look_again(told).story, at(day, 21)).again
    if of_it is None:
        assert again is None
        return
    first = (START + dt.timedelta(days=AGAIN)).date()
    assert (again.number, again.day, again.days) == (1, of_it, 28)
    assert (again.first, again.last) == (first, first + dt.timedelta(days=27))


def test_the_open_dose_and_its_re_challenges_follow_each_other_without_a_gap(told):
    look_again(look_again(told), first=400)
    periods = maintained_of(told.story, at(500)).overview.periods
    assert [one.phase for one in periods] == ["maintenance", "re-challenge"] * 2 + ["maintenance"]
    assert [one.first_day for one in periods[1:]] == [one.last_day + 1 for one in periods[:-1]]
    assert (periods[0].first_day, periods[-1].last_day) == (FIRST, 500)


def test_a_severe_side_effect_ends_the_dose_and_nothing_is_asked_after_it(told):
    write(look_again(told), [AGAIN - 1], side_effects={"headache": 3})
    found = maintained_of(told.story, at(AGAIN + 60))
    assert found.until == (START + dt.timedelta(days=AGAIN - 1)).date()
    assert found.overview.days[-1].day == AGAIN - 1
    assert found.overview.complaints() == (("Headache", 1, 3),)
    assert found.again is None


def test_a_dose_that_staff_stopped_ended_on_that_day(told):
    told.tell("stopped", at(AGAIN - 10, 13), {"reason": "moved away"})
    found = maintained_of(told.story, at(AGAIN + 60))
    assert found.until == (START + dt.timedelta(days=AGAIN - 10)).date()


def test_a_person_who_left_keeps_no_dose_any_more(told):
    told.evening(AGAIN - 4, leaves=True)
    found = maintained_of(told.story, at(AGAIN + 60))
    assert found.until == (START + dt.timedelta(days=AGAIN - 4)).date()


def test_a_trial_that_was_left_or_found_nothing_has_no_maintenance():
    told = Told().decided(1, "begin", 0).evening(5)
    assert maintained_of(told.story, at(10)) is None
    told.tell("stopped", at(10, 13), {"reason": "no more"}).tell("answered", at(11, 11), WORKS)
    assert maintained_of(told.story, at(60)) is None
    other = Told().tell("answered", at(11, 11), {"result": {"verdict": {"code": "cannot-tell"}}})
    assert maintained_of(other.story, at(60)) is None
