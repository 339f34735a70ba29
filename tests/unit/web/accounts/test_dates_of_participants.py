"""A day of somebody's trial is a day where she lives, wherever the clinic's machine stands."""

import datetime as dt

import pytest

import clinic_people
from modicum.web.accounts.models import Participant

assert clinic_people  # it sets Django up
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "hours", "day"),
    [("Pacific/Auckland", 0, 3), ("Pacific/Auckland", -2, 2), ("Europe/Berlin", 0, 2), ("America/Adak", -3, 1)],
)
def test_the_date_is_that_where_somebody_lives(zone, hours, day):
    moment = NOON + dt.timedelta(hours=hours)
    assert Participant(zone=zone).date_at(moment) == dt.date(2026, 3, day)
