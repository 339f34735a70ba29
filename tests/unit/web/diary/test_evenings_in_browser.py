"""Which evening it is: tables of hard cases, and the clinic's own placing as the oracle."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from modicum.services.diary.evenings import place

WINDOW = {"opens": "18:00", "day_ends": "04:00", "late_until": "12:00"}
ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Honolulu",
    "Atlantic/Azores",
)


def ms(text):
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


CASES = [
    # an ordinary evening, to the minute
    ("2026-03-20T17:59:59+01:00", "Europe/Berlin", "closed", "2026-03-20", "today"),
    ("2026-03-20T18:00:00+01:00", "Europe/Berlin", "open", "2026-03-20", "today"),
    ("2026-03-21T00:30:00+01:00", "Europe/Berlin", "open", "2026-03-20", "today"),
    ("2026-03-21T03:59:59+01:00", "Europe/Berlin", "open", "2026-03-20", "today"),
    ("2026-03-21T04:00:00+01:00", "Europe/Berlin", "late", "2026-03-20", "yesterday"),
    ("2026-03-21T11:59:59+01:00", "Europe/Berlin", "late", "2026-03-20", "yesterday"),
    ("2026-03-21T12:00:00+01:00", "Europe/Berlin", "closed", "2026-03-21", "today"),
    # clocks go forward in the night: two o'clock is three
    ("2026-03-29T01:59:59+01:00", "Europe/Berlin", "open", "2026-03-28", "today"),
    ("2026-03-29T03:00:00+02:00", "Europe/Berlin", "open", "2026-03-28", "today"),
    ("2026-03-29T04:00:00+02:00", "Europe/Berlin", "late", "2026-03-28", "yesterday"),
    ("2026-03-29T18:00:00+02:00", "Europe/Berlin", "open", "2026-03-29", "today"),
    # clocks go back: the hour from two to three comes twice
    ("2026-10-25T02:30:00+02:00", "Europe/Berlin", "open", "2026-10-24", "today"),
    ("2026-10-25T02:30:00+01:00", "Europe/Berlin", "open", "2026-10-24", "today"),
    ("2026-10-25T03:59:59+01:00", "Europe/Berlin", "open", "2026-10-24", "today"),
    ("2026-10-25T04:00:00+01:00", "Europe/Berlin", "late", "2026-10-24", "yesterday"),
    # ends of months and years, a leap day, and the date line
    ("2028-03-01T02:00:00+01:00", "Europe/Berlin", "open", "2028-02-29", "today"),
    ("2028-02-29T09:00:00+01:00", "Europe/Berlin", "late", "2028-02-28", "yesterday"),
    ("2027-01-01T01:00:00+01:00", "Europe/Berlin", "open", "2026-12-31", "today"),
    ("2026-03-20T18:00:00+13:00", "Pacific/Apia", "open", "2026-03-20", "today"),
    ("2026-03-20T18:00:00-10:00", "Pacific/Honolulu", "open", "2026-03-20", "today"),
    # the same moment in two zones is two evenings
    ("2026-03-20T20:00:00+01:00", "Pacific/Honolulu", "late", "2026-03-19", "yesterday"),
    ("2026-03-20T20:00:00+01:00", "Asia/Kolkata", "open", "2026-03-20", "today"),
]


def test_every_hard_hour_belongs_to_its_evening(call):
    found = call("evenings", "evening", [[ms(at), zone, WINDOW] for at, zone, *_ in CASES])
    assert [(one["state"], one["date"], one["about"]) for one in found] == [tuple(case[2:]) for case in CASES]


def moments(count):
    """Moments of three years, half of them within a day of a change of clocks, in every zone."""
    chance = random.Random(20260320)
    changes = [
        ms(f"{day}T01:00:00+00:00") for day in ("2026-03-29", "2026-10-25", "2026-03-08", "2026-04-05", "2026-11-01")
    ]
    for number in range(count):
        near = chance.choice(changes) + chance.randint(-86_400_000, 86_400_000)
        far = chance.randint(ms("2025-06-01T00:00:00+00:00"), ms("2028-06-01T00:00:00+00:00"))
        yield (near if number % 2 else far), ZONES[number % len(ZONES)]


def test_phone_and_clinic_place_every_moment_on_the_same_day(call):
    start = dt.date(2024, 1, 1)
    rows = list(moments(2_000))
    evenings = call("evenings", "evening", [[at, zone, WINDOW] for at, zone in rows])
    stamps = call("evenings", "stamp", [[at, zone] for at, zone in rows])
    answered = 0
    for (at, zone), one, text in zip(rows, evenings, stamps, strict=True):
        moment = dt.datetime.fromisoformat(text)
        local = dt.datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
        assert moment.timestamp() == local.timestamp()
        assert moment.utcoffset() == local.utcoffset(), (text, zone)
        if one["state"] != "closed":
            placed = place(moment, one["about"], dt.timedelta(0), start)
            assert placed.day == (dt.date.fromisoformat(one["date"]) - start).days, (text, zone)
            assert ("late" in placed.marks) == (one["state"] == "late")
            answered += 1
    assert answered > 1_000


@pytest.mark.parametrize("hours", [-48, -3, 3, 48])
def test_a_clock_that_is_off_is_seen_through_once_the_clinic_has_answered(call, hours):
    true = ms("2026-03-20T20:00:00+01:00")
    phone = true + hours * 3_600_000
    offset = call("evenings", "learnOffset", [["2026-03-20T20:00:01+01:00", phone, phone + 2_000]])[0]
    assert offset == -hours * 3_600_000
    clock = {"offset_ms": offset, "learned_ms": phone}
    assert call("evenings", "trueTime", [[phone + 60_000, clock]]) == [true + 60_000]
    found = call("evenings", "evening", [[true, "Europe/Berlin", WINDOW]])[0]
    placed = place(
        dt.datetime.fromtimestamp(phone / 1000, ZoneInfo("Europe/Berlin")),
        found["about"],
        dt.timedelta(hours=-hours),
        dt.date(2026, 3, 2),
    )
    assert placed.day == 18
    assert "clock" in placed.marks


def test_a_clock_that_is_nearly_right_is_believed_and_so_is_one_that_was_set_back(call):
    at = ms("2026-03-20T20:00:00+01:00")
    rows = [["2026-03-20T20:01:30+01:00", at, at], ["2026-03-20T19:58:30+01:00", at, at], ["nonsense", at, at]]
    assert call("evenings", "learnOffset", rows) == [0, 0, 0]
    fast = {"offset_ms": -172_800_000, "learned_ms": at + 172_800_000}
    assert call("evenings", "trueTime", [[at, fast], [at, None]]) == [at, at]


def test_an_evening_is_named_today_yesterday_or_not_at_all(call):
    at = ms("2026-03-21T01:00:00+01:00")
    dates = ["2026-03-20", "2026-03-19", "2026-03-18", "2026-03-21"]
    assert call("evenings", "aboutOf", [[date, at, "Europe/Berlin", WINDOW] for date in dates]) == [
        "today",
        "yesterday",
        None,
        None,
    ]
