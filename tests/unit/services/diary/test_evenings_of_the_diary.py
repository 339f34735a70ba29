"""Which evening an entry is about: by the clock on the wall, through changes of clocks and zones, to the minute."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modicum.services.diary.evenings import SKEW, evening_of, nominal, place

START = dt.date(2026, 3, 2)
NONE = dt.timedelta(0)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "about", "day", "marks"),
    [
        ("2026-03-02T18:00:00+01:00", "today", 0, ()),
        ("2026-03-03T03:59:59+01:00", "today", 0, ()),
        ("2026-03-03T04:00:00+01:00", "today", 1, ("early",)),
        ("2026-03-03T17:59:59+01:00", "today", 1, ("early",)),
        ("2026-03-03T04:00:00+01:00", "yesterday", 0, ("late",)),
        ("2026-03-03T11:59:59+01:00", "yesterday", 0, ("late",)),
        ("2026-03-03T12:00:00+01:00", "yesterday", None, ("outside",)),
        ("2026-03-03T02:00:00+01:00", "yesterday", None, ("outside",)),
        ("2026-03-01T20:00:00+01:00", "today", None, ("outside",)),
        ("2026-03-02T08:00:00+01:00", "yesterday", None, ("late", "outside")),
    ],
)
def test_an_entry_belongs_to_the_evening_of_the_wall(moment, about, day, marks):
    found = place(at(moment), about, NONE, START)
    assert (found.day, found.marks) == (day, marks)


@pytest.mark.parametrize("change", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
@pytest.mark.parametrize("hour", [18, 20, 23, 25, 27])
def test_both_changes_of_the_clocks_leave_every_evening_on_its_day(change, hour):
    zone = ZoneInfo("Europe/Berlin")
    for days in (-1, 0, 1):
        evening = change + dt.timedelta(days=days)
        later, clock = divmod(hour, 24)
        wall = dt.datetime.combine(evening + dt.timedelta(days=later), dt.time(clock), zone)
        shown = dt.datetime.fromisoformat(wall.isoformat())
        assert place(shown, "today", NONE, START).day == (evening - START).days


def test_a_traveller_writes_about_the_evening_where_she_is():
    assert place(at("2026-03-10T20:00:00+13:00"), "today", NONE, START).day == 8
    assert place(at("2026-03-10T20:00:00-10:00"), "today", NONE, START).day == 8


@pytest.mark.parametrize("hours", [-48, -24, 24, 48])
def test_a_clock_that_is_off_is_put_right_and_marked(hours):
    off = dt.timedelta(hours=hours)
    found = place(at("2026-03-05T20:00:00+01:00") + off, "today", -off, START)
    assert (found.day, found.marks) == (3, ("clock",))


@given(st.timedeltas(min_value=-SKEW, max_value=SKEW))
def test_what_an_answer_is_on_its_way_is_no_wrong_clock(skew):
    assert place(at("2026-03-05T20:00:00+01:00"), "today", skew, START).marks == ()


@given(st.integers(4 * 60, 3650 * 24 * 60), st.integers(-14, 14))
def test_the_same_wall_is_the_same_day_in_every_zone(minutes, hours):
    zone = dt.timezone(dt.timedelta(hours=hours))
    moment = dt.datetime(2026, 3, 2, tzinfo=zone) + dt.timedelta(minutes=minutes)
    assert moment.utcoffset() == dt.timedelta(hours=hours)
    assert place(moment, "today", NONE, START).day == (evening_of(moment) - START).days >= 0


def test_an_evening_of_a_trial_is_eight_in_the_evening_by_its_own_offset():
    start = at("2026-03-02T00:00:00+01:00")
    assert nominal(start, 40).isoformat() == "2026-04-11T20:00:00+01:00"
