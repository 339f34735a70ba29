"""The clock of the web: real time, or, for the demo and for tests, the time that a file holds.

Everything that a trial, an invitation or a device is dated by comes from here. What guards a door (idle log-off, codes
of a second factor) goes by the real time whatever the file says.
"""

import datetime as dt
from pathlib import Path

from django.conf import settings


def now() -> dt.datetime:
    """The time, in UTC.

    Raises:
        ValueError: the file of the setting MODICUM_CLOCK_FILE holds no time with a zone.
    """
    where: str = settings.MODICUM_CLOCK_FILE
    if not where:
        return actual()
    held = dt.datetime.fromisoformat(Path(where).read_text(encoding="utf-8").strip())
    if held.tzinfo is None:
        raise ValueError(f"{where}: a time needs its zone, as in 2026-03-02T20:00:00+00:00.")
    return held.astimezone(dt.UTC)


def actual() -> dt.datetime:
    """The real time, in UTC, whatever a file says."""
    return dt.datetime.now(dt.UTC)
