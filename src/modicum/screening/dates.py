"""When a medicine was last taken, where its line says so."""

import re
from datetime import date, timedelta

from modicum.screening.names import tokens_of
from modicum.screening.rulebook import words

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_WORDED = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})\b")
_WORDED_FIRST = re.compile(r"\b([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_AGO = re.compile(r"\b(\d{1,3}|an?|one|two|three|four|five|six)\s+(day|week|month|year)s?\s+ago\b")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_FEWEST_DAYS = {"day": 1, "week": 7, "month": 28, "year": 365}  # never more than has passed
_STARTED = ("start", "since", "began", "seit", "depuis", "desde")


def last_taken(line: str, today: date) -> date | None:
    """The day of the last dose, or None where the line does not say it without doubt.

    A date counts where the line says that something ended ("stopped", "last dose", ...); "3 weeks ago" counts unless it
    says when something began. 01/02/2026 is read as neither of its two dates, and a day to come as none.

    Example:
        >>> last_taken("codeine, last dose 2026-11-01", date(2026, 11, 23))
        datetime.date(2026, 11, 1)
    """
    text = line.lower()
    if "ago" not in text and not words().stopped.stand_in(tokens_of(line)):
        return None
    if any(word in text for word in _STARTED) and not words().stopped.stand_in(tokens_of(line)):
        return None
    found = _ago(text, today)
    if found is None and words().stopped.stand_in(tokens_of(line)):
        found = _dated(text) or _near(text, today)
    return found if found is not None and found <= today else None


def _ago(text: str, today: date) -> date | None:
    said = _AGO.search(text)
    if said is None:
        return None
    count = _NUMBERS.get(said[1]) or int(said[1])
    return today - timedelta(days=count * _FEWEST_DAYS[said[2]])


def _near(text: str, today: date) -> date | None:
    for word, days in (("yesterday", 1), ("today", 0), ("this morning", 0)):
        if word in text:
            return today - timedelta(days=days)
    return None


def _dated(text: str) -> date | None:
    """The latest date in the text."""
    parts = [(one[1], one[2], one[3]) for one in _ISO.finditer(text)]
    parts += [(one[3], one[2], one[1]) for one in _DOTTED.finditer(text)]
    parts += [(one[3], _MONTHS.get(one[2]), one[1]) for one in _WORDED.finditer(text)]
    parts += [(one[3], _MONTHS.get(one[1]), one[2]) for one in _WORDED_FIRST.finditer(text)]
    return max((day for day in map(_valid, parts) if day is not None), default=None)


def _valid(parts: tuple[str, str | int | None, str]) -> date | None:
    year, month, day = parts
    try:
        return None if month is None else date(int(year), int(month), int(day))
    except ValueError:
        return None
