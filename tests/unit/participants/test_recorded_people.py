"""Recorded people answer from what was written in a trial that was lived before."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from modicum.participants.recorded import Recorded
from modicum.participants.task import Task
from modicum.records.events import Entry

START = dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)


def evening(day):
    return Task(day, START + dt.timedelta(days=day), "crossover", 0.5, 1.5, guess=False)


def entry(name, day, *, days_late=0.0, corrects=None):
    happened = START + dt.timedelta(days=day)
    return Entry(
        id=name,
        happened_at=happened,
        received_at=happened + dt.timedelta(days=days_late),
        corrects=corrects,
        scores={"pain": 5.0},
    )


def test_every_evening_is_answered_with_what_was_written_on_it_however_late_it_arrived():
    late = entry("a", 0, days_late=5)
    assert Recorded([entry("b", 1), late]).answer(evening(0)) is late


def test_an_evening_without_an_entry_is_answered_by_a_correction_of_one_before():
    first, put_right = entry("a", 0), entry("a2", 0, days_late=1, corrects="a")
    person = Recorded([first, put_right])
    assert [person.answer(evening(day)) for day in range(3)] == [first, put_right, None]


def test_the_correction_of_an_entry_that_was_late_is_given_on_the_evening_it_was_written():
    """It is received with the entry, days after; the evenings in between have entries of their own."""
    first, put_right = entry("a", 0, days_late=3), entry("a2", 0, days_late=3, corrects="a")
    others = [entry(f"b{day}", day) for day in (2, 3, 4)]
    person = Recorded([*others, put_right, first])
    assert [person.answer(evening(day)) for day in range(5)] == [first, put_right, *others]


def test_an_entry_answers_its_evening_whatever_the_minute_and_in_whatever_zone_it_was_told():
    minutes = entry("a", 0.0)
    written = [
        replace(minutes, id=name, happened_at=START + dt.timedelta(days=day, minutes=17 * day))
        for day, name in enumerate("abc")
    ]
    told = [replace(one, happened_at=one.happened_at.astimezone(ZoneInfo("Europe/Berlin"))) for one in written]
    assert [Recorded(told).answer(evening(day)) for day in range(3)] == told


def test_of_two_entries_of_one_evening_the_first_that_came_answers_it():
    first, second = entry("a", 0), entry("b", 0, days_late=1)
    assert Recorded([second, first]).answer(evening(0)) is first
