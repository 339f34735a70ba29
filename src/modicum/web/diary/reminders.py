"""Reminders as a file for the phone's own calendar. Its words tell nobody who sees them anything."""

import datetime as dt

from icalendar import Alarm, Calendar, Event

MINUTES = 5  # as long as the entry in the calendar is
WORDS = {"en": "Your diary is ready.", "de": "Ihr Tagebuch ist bereit."}


def reminder(*, at: dt.time, first_day: dt.date, days: int, uid: str, stamp: dt.datetime, language: str) -> bytes:
    r"""A reminder on every evening, by the clock on the wall wherever the phone is.

    Args:
        at: time on the wall.
        first_day: of the reminders.
        days: how many.
        uid: of the entry; the same one again replaces it.
        stamp: when the file was made, with its zone.
        language: of the words; English where they are not in it.

    Returns:
        An iCalendar file.

    Example:
        >>> made = reminder(at=dt.time(20), first_day=dt.date(2026, 3, 2), days=14, uid="a", language="en",
        ...     stamp=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        >>> [line for line in made.decode().split("\r\n") if line.startswith(("DTSTART", "RRULE"))]
        ['DTSTART:20260302T200000', 'RRULE:FREQ=DAILY;COUNT=14']
    """
    words = WORDS.get(language, WORDS["en"])
    event, alarm, calendar = Event(), Alarm(), Calendar()
    begins = dt.datetime.combine(first_day, at)
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", begins)
    event.add("dtend", begins + dt.timedelta(minutes=MINUTES))
    event.add("rrule", {"freq": "daily", "count": days})
    event.add("summary", words)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", dt.timedelta(0))
    alarm.add("description", words)
    event.add_component(alarm)
    calendar.add("prodid", "-//Diary//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()
