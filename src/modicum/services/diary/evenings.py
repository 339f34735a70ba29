"""Evenings: which day of the trial an entry is about, by the clock on the wall where the person is.

A day of the diary lasts until 04:00, so that whoever writes at one o'clock at night writes about the evening before.
Yesterday's evening may be filled in until noon, marked late; nothing older is. What comes all the same is kept, and
does not count. Of tonight's no phone asks before 18:00: an entry that says it was written earlier counts, marked early.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

OPENS, DAY_ENDS, LATE_UNTIL = dt.time(18), dt.time(4), dt.time(12)
DUE_HOUR = 20  # a day of a trial means its 20:00
SKEW = dt.timedelta(minutes=2)  # more than an answer is ever on its way; a clock off by more is corrected and marked

Mark = Literal["late", "early", "clock", "second", "unread", "outside"]


@dataclass(frozen=True)
class Placed:
    """Where an entry belongs.

    Args:
        day: of the trial; None where it belongs to none.
        marks: what has to be said of it.
    """

    day: int | None
    marks: tuple[Mark, ...] = ()


def evening_of(moment: dt.datetime) -> dt.date:
    """The date whose evening a moment belongs to, by the moment's own offset.

    Example:
        >>> evening_of(dt.datetime.fromisoformat("2026-12-01T01:30:00+01:00"))
        datetime.date(2026, 11, 30)
    """
    return (moment - dt.timedelta(hours=DAY_ENDS.hour)).date()


def place(
    happened_at: dt.datetime, about: str, skew: dt.timedelta, start: dt.date, received_at: dt.datetime | None = None
) -> Placed:
    """The day of the trial that an entry is about. One that says that it was written after it arrived is about none.

    Args:
        happened_at: by the clock of the phone, with its offset.
        about: "today" or "yesterday", seen from there.
        skew: what the clinic's clock showed more than the phone's when it was sent; up to two minutes count as none.
        start: date of day 0.
        received_at: by the clock of the clinic; None where that does not matter.

    Example:
        >>> at = dt.datetime.fromisoformat("2026-12-03T08:00:00+01:00")
        >>> place(at, "yesterday", dt.timedelta(0), dt.date(2026, 11, 30))
        Placed(day=2, marks=('late',))
        >>> place(at, "today", dt.timedelta(hours=-48), dt.date(2026, 11, 30))
        Placed(day=1, marks=('clock', 'early'))
    """
    off = abs(skew) > SKEW
    moment = happened_at + skew if off else happened_at
    marks: list[Mark] = ["clock"] if off else []
    if received_at is not None and moment > received_at + SKEW:
        return Placed(None, (*marks, "outside"))
    evening = evening_of(moment)
    if about == "yesterday":
        evening -= dt.timedelta(days=1)
        if moment.time() >= LATE_UNTIL or moment.time() < DAY_ENDS:
            return Placed(None, (*marks, "outside"))
        marks.append("late")
    elif DAY_ENDS <= moment.time() < OPENS:
        marks.append("early")
    day = (evening - start).days
    return Placed(day, tuple(marks)) if day >= 0 else Placed(None, (*marks, "outside"))


def nominal(start: dt.datetime, day: int) -> dt.datetime:
    """The moment that stands for the evening of a day of the trial.

    Args:
        start: midnight of day 0, with its offset: the trial keeps it through every change of clocks and zones.
        day: of the trial.
    """
    return start + dt.timedelta(days=day, hours=DUE_HOUR)
