"""Times of entries: day numbers and ISO 8601 to days from midnight of day 0, each on its own local clock."""

import datetime as dt
import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from modicum.records.cells import Fault
from modicum.records.diary import Column
from modicum.records.problems import Code
from modicum.records.sheet import Sheet
from modicum.records.table import is_missing

EVENING = 20 / 24
"""A whole-number day and a bare date mean 20:00, the hour at which the day is looked back on (the diary contract)."""
MAX_DAY = 1e6
MS_PER_DAY = 86_400_000
ISO_FIX = "Write the time like 2026-02-18T20:15+01:00, or the date like 2026-02-18; or delete the line."


class Reading(NamedTuple):
    """One time: ordinal of the calendar day, share of the day on the local clock, days from UTC, whether bare."""

    day: float
    share: float
    offset_days: float
    bare: bool


UNREADABLE = Reading(math.nan, math.nan, math.nan, False)


@dataclass(frozen=True)
class Moments:
    """Times of the rows of a table.

    Args:
        local: days on the local clock of each entry; NaN where unreadable.
        order: days on one clock for all, by which rows are put in order.
        whole: whether a row names a day only, so that equal rows are two entries and no copy.
        origin: ordinal of the date from whose midnight ``local`` counts, or None where it counts from day 0.
        offset: of each local clock from UTC, days; NaN where the file does not say.
    """

    local: Column
    order: Column
    whole: Bool[np.ndarray, " entry"]
    offset: Column
    origin: int | None = None


def day_moments(sheet: Sheet, column: str) -> Moments:
    """Times from a column of day numbers: whole d is d + 20/24, any other is clock time (days)."""

    def parse(cell: str) -> "float | Fault":
        value = sheet.numerals(cell)
        if isinstance(value, Fault):
            fix = "Write the number of the day, for example 3 (20:00 of day 3) or 3.25 (06:00 of day 3)."
            return Fault(Code.TIME, "The day cannot be read", fix)
        if math.isnan(value) or abs(value) > MAX_DAY:
            message = "The day is missing" if math.isnan(value) else f"The day is beyond {MAX_DAY:,.0f}"
            return Fault(Code.TIME, message, "Write the number of the day, or delete the line.")
        return value

    day = sheet.numbers(column, parse)
    whole = day == np.floor(day)
    local = np.where(whole, day + EVENING, day)
    return Moments(local, local, whole, np.full(len(local), math.nan))


def time_moments(sheet: Sheet, column: str) -> Moments:
    """Times from a column of ISO 8601 times and dates, counted from the first date in it."""
    cells = sheet.table.columns[column]
    parsed = {cell: read_time(cell) for cell in set(cells)}
    for row, cell in enumerate(cells):
        if parsed[cell] is None:
            message = "The time is missing" if is_missing(cell) else "The time cannot be read"
            sheet.refuse(row, column, Fault(Code.TIME, message, ISO_FIX))
    readings = [parsed[cell] or UNREADABLE for cell in cells]
    origin = int(next((reading.day for reading in readings if reading is not UNREADABLE), 1))
    local = np.array([(reading.day - origin) + reading.share for reading in readings], float)
    offset = np.array([reading.offset_days for reading in readings], float)
    bare = np.array([reading.bare for reading in readings], bool)
    known = ~np.isnan(local)
    one_clock = bool(known.any()) and not np.isnan(offset[known]).any()
    return Moments(local, local - offset if one_clock else local, bare, offset, origin)


def read_time(cell: str) -> Reading | None:
    """A time or date in ISO 8601, or None; without an offset it is the person's own clock.

    Example:
        >>> read_time("2026-02-18T06:00Z").share, read_time("2026-02-18").bare, read_time("18.2.2026")
        (0.25, True, None)
    """
    if is_missing(cell) or not cell.isascii():
        return None
    try:
        return Reading(dt.date.fromisoformat(cell).toordinal(), EVENING, math.nan, True)
    except ValueError:
        pass
    try:
        moment = dt.datetime.fromisoformat(cell)
    except ValueError:
        return None
    offset = moment.utcoffset()
    clock = moment.replace(tzinfo=None) - dt.datetime.combine(moment.date(), dt.time())
    shift = math.nan if offset is None else offset / dt.timedelta(days=1)
    return Reading(moment.toordinal(), clock / dt.timedelta(days=1), shift, False)


def dosing_days(time_days: Column, dose_hour: float) -> Int[np.ndarray, " entry"]:
    """Number of the dosing day of each entry: day n runs from ``dose_hour`` of day n - 1 to that of day n.

    Args:
        time_days: clock time from midnight of day 0, days.
        dose_hour: hour of the day at which the dose is taken, 0-24.

    Example:
        >>> dosing_days(np.array([3 + 20 / 24, 3 + 22 / 24, 3 + 23 / 24]), 22.0).tolist()
        [3, 4, 4]
    """
    shifted = np.round((time_days + (24 - dose_hour) / 24) * MS_PER_DAY)
    return np.floor(shifted / MS_PER_DAY).astype(np.int64)


def out_of_order(order: Float[np.ndarray, " entry"]) -> list[int]:
    """The fewest positions without which times never go backwards (ties are fine; of two, the later one is named).

    Source: Schensted, C. (1961), longest increasing subsequences, by patience sorting from the end.

    Example:
        >>> out_of_order(np.array([1.0, 2.0, 50.0, 3.0, 4.0])), out_of_order(np.array([1.0, 3.0, 2.0]))
        ([2], [2])
    """
    if np.all(order[1:] >= order[:-1]):
        return []
    tails: list[float] = []
    heads: list[int] = []
    after = [-1] * len(order)
    for position in range(len(order) - 1, -1, -1):
        value = -float(order[position])
        length = bisect_right(tails, value)
        after[position] = heads[length - 1] if length else -1
        tails[length : length + 1] = [value]
        heads[length : length + 1] = [position]
    kept = set()
    position = heads[-1]
    while position >= 0:
        kept.add(position)
        position = after[position]
    return [position for position in range(len(order)) if position not in kept]
