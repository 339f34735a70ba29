"""When a medicine was last taken, where its line says so."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from anyascii import anyascii

from modicum.screening.rulebook import library

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_WORDED = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})\b")
_WORDED_FIRST = re.compile(r"\b([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_AGO = re.compile(r"\b(\d{1,3}|an?|one|two|three|four|five|six)\s+(day|week|month|year)s?\s+ago\b")
_PART_OF_A_FIGURE = re.compile(r"(?:\d\s*[.,/–-]|\bor|\bto|\bhalf)\s*$")  # "1.5", "1-2", "one or two"
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_FEWEST_DAYS = {"day": 1, "week": 7, "month": 28, "year": 365}  # never more than has passed


def last_taken(line: str, today: date) -> date | None:
    """The day of the last dose, or None where the line does not say it without doubt.

    A date counts where the line says that something ended ("stopped", "last dose", ...), and of several the latest.
    Where it also says that something began ("prescribed 2 years ago"), only what stands after the end counts. There is
    none where it goes on ("back on it"), or is nearly a date ("about 2 weeks ago"). 01/02/2026 is read as neither of
    its two dates, and a day to come as none.

    Example:
        >>> last_taken("codeine, last dose 2026-11-01", date(2026, 11, 23))
        datetime.date(2026, 11, 1)
        >>> last_taken("codeine, prescribed 2 years ago", date(2026, 11, 23)) is None
        True
    """
    plain = line if line.isascii() else anyascii(line)
    text = " ".join(plain.lower().split())
    ends = [said.start() for said in _said("stopped").finditer(text)]
    if not ends or "?" in text or _said("in_doubt").search(text):
        return None
    begins = [said.start() for said in _said("began").finditer(_said("stopped").sub(_blank, text))]
    if begins and begins[-1] > ends[-1]:
        return None
    days = list(_days(text[ends[-1] :] if begins else text, today))
    found = [day for day in days if day is not None and day <= today]
    return max(found) if found and len(found) == len(days) else None


@cache
def _said(words: str) -> re.Pattern[str]:
    """The words of the library that say so, as they stand in a line."""
    phrases = sorted(library("words")[words], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b")


def _blank(said: re.Match[str]) -> str:
    return " " * len(said[0])


def _days(text: str, today: date) -> Iterator[date | None]:
    """Every day that the text speaks of; None for one that it leaves open."""
    for said in _AGO.finditer(text):
        open_ended = _PART_OF_A_FIGURE.search(text[: said.start()]) is not None
        count = _NUMBERS.get(said[1]) or int(said[1])
        yield None if open_ended else today - timedelta(days=count * _FEWEST_DAYS[said[2]])
    for word, days in (("yesterday", 1), ("today", 0), ("this morning", 0)):
        if word in text:
            yield today - timedelta(days=days)
    yield from (day for day in map(_valid, _dates(text)) if day is not None)


def _dates(text: str) -> Iterator[tuple[str, str | int | None, str]]:
    """Year, month and day of every date in the text."""
    yield from ((one[1], one[2], one[3]) for one in _ISO.finditer(text))
    yield from ((one[3], one[2], one[1]) for one in _DOTTED.finditer(text))
    yield from ((one[3], _MONTHS.get(one[2]), one[1]) for one in _WORDED.finditer(text))
    yield from ((one[3], _MONTHS.get(one[1]), one[2]) for one in _WORDED_FIRST.finditer(text))


def _valid(parts: tuple[str, str | int | None, str]) -> date | None:
    year, month, day = parts
    try:
        return None if month is None else date(int(year), int(month), int(day))
    except ValueError:
        return None
