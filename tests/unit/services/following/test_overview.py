"""The overview of a trial: counts of evenings, capsules and complaints, and reviews by what blinded staff may know."""

import pytest

from modicum.services.following.overview import overview_of
from modicum.services.following.reviews import ground_of, reviews_of
from unit.services.following.test_marks_and_needs import Told, at


@pytest.fixture
def told():
    """A run-in and two periods, day 40; day 20 is missing, day 21 came late, two capsules were not taken, one of them
    on the last night of the first period, which is told on the first day of the second."""
    found = Told().decided(1, "begin", 0)
    for day in range(41):
        if day in (14, 28):
            found.decided(2 + (day == 28), "next kit" if day == 14 else "continue", day)
        took = None if day < 15 else "no" if day in (28, 30) else "yes"
        late = {"about": "yesterday", "hour": 9} if day == 21 else {}
        if day != 20:
            found.evening(day, took=took, side_effects={"headache": 3} if day == 33 else {"dizziness": day % 2}, **late)
    return found


def test_every_number_has_its_denominator(told):
    found = overview_of(told.story, at(40, 21))
    assert (found.today, found.period.place) == (40, 2)
    assert (found.answered().part, found.answered().whole) == (40, 41)
    assert (found.taken().part, found.taken().whole) == (23, 25)
    assert [one.state for one in found.days[19:22]] == ["in", "missed", "late"]
    assert found.complaints()[0] == ("Headache", 1, 3)
    assert [(one.number, one.place, one.first_day) for one in found.periods] == [(1, 0, 0), (2, 1, 14), (3, 2, 28)]


def test_an_evening_that_can_still_come_is_not_counted_as_missed(told):
    found = overview_of(told.story, at(41, 21))
    assert [one.state for one in found.days[-2:]] == ["in", "open"]
    assert found.answered().whole == 41


def test_a_trial_that_was_stopped_has_no_days_after_it(told):
    told.tell("stopped", at(40, 22), {"reason": "over"})
    assert len(overview_of(told.story, at(60)).days) == 41


def test_a_review_looks_back_on_its_period_and_lapses_with_the_next(told):
    overview = overview_of(told.story, at(40, 21))
    first, second, third = reviews_of(told.story, overview)
    assert [one.standing for one in (first, second, third)] == ["nothing to answer", "lapsed", "open"]
    assert (third.before.place, third.after.place) == (1, 2)
    ground = ground_of(third, overview)
    assert (ground.answered.part, ground.answered.whole, ground.severe) == (13, 14, ())
    assert (ground.taken.part, ground.taken.whole) == (12, 12)
    assert ground_of(first, overview) is None


def test_what_the_first_evening_of_a_period_says_of_a_capsule_is_about_the_period_before(told):
    told.decided(4, "continue", 42)
    overview = overview_of(told.story, at(42, 9))
    last = reviews_of(told.story, overview)[-1]
    ground = ground_of(last, overview)
    assert (last.before.first_day, ground.taken.part, ground.taken.whole) == (28, 11, 12)


def test_a_trial_that_has_not_begun_has_no_overview():
    from modicum.services.diary.story import Story

    with pytest.raises(ValueError, match="has not begun"):
        overview_of(Story("t"), at(0))
