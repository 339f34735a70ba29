"""The timeline of a table: what tells the time, rows out of order, copies, day 0, and when entries were received."""

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from modicum.foundation.errors import DiaryError
from modicum.records.cells import Fault, Numerals
from modicum.records.clock import (
    EVENING,
    MAX_DAY,
    Moments,
    day_moments,
    dosing_days,
    out_of_order,
    read_time,
    time_moments,
)
from modicum.records.diary import Column
from modicum.records.layout import Layout, absent_fields
from modicum.records.problems import Code, problem
from modicum.records.sheet import Sheet
from modicum.records.table import is_missing

Positions = Int[np.ndarray, " row"]
AGREE_DAYS = 0.5 / 86_400
"""Times closer than half a second agree: what is left of a day number that was written with few decimals."""


@dataclass(frozen=True)
class Timeline:
    """When each row happened, from midnight of day 0.

    Args:
        time_days: clock time, days; NaN where unreadable.
        dosing_day: number of the dosing day, 0 where the time is unreadable.
        placed: whether the time is known and in order, and the row is no copy.
        whole: whether the row names a day only.
        offset: of the row's clock from UTC, days, or NaN.
        start: calendar date of day 0, or None.
    """

    time_days: Column
    dosing_day: Int[np.ndarray, " entry"]
    placed: Bool[np.ndarray, " entry"]
    whole: Bool[np.ndarray, " entry"]
    offset: Column
    start: dt.date | None


def read_timeline(sheet: Sheet, layout: Layout) -> Timeline:
    """When each row happened; rows out of order and unreadable times go to the findings.

    Raises:
        DiaryError: no column tells the time.
    """
    options = sheet.options
    moments = _moments(sheet, layout)
    readable = ~np.isnan(moments.local)
    readable[_set_copies_aside(sheet, moments)] = False
    rows = _refuse_disorder(sheet, moments, np.flatnonzero(readable))
    local, start = moments.local, options.start
    if moments.origin is not None:
        shift = math.floor(local[rows[0]]) if len(rows) and start is None else 0
        start = start or dt.date.fromordinal(moments.origin + shift)
        local = local + (moments.origin - start.toordinal())
    elif "time" in layout.fields:
        start = start or _start_beside_days(sheet, layout.fields["time"], local)
    local = _forwards(sheet, local, rows)
    dosing_day = dosing_days(np.nan_to_num(local), options.dose_hour)
    placed = np.isin(np.arange(len(local)), rows)
    return Timeline(local, dosing_day, placed, moments.whole, moments.offset, start)


def received_days(sheet: Sheet, column: str, line: Timeline) -> Column:
    """When each entry was received, on the clock of the entry (days); the time of the entry where the file is empty."""
    out = line.time_days.copy()
    early = []
    for row, cell in enumerate(sheet.table.columns[column]):
        if is_missing(cell):
            continue
        found = _received(cell, line, row, sheet.numerals)
        if isinstance(found, Fault):
            sheet.refuse(row, column, found)
            continue
        out[row] = found
        if found < line.time_days[row] - AGREE_DAYS and not line.whole[row]:
            early.append(row)
    if early:
        message = "Entries were received before they happened; the rows are kept"
        sheet.warn(Code.RECEIVED, early, message, "Check the clock of the device that wrote them.", column=column)
    return out


def _received(cell: str, line: Timeline, row: int, numerals: Numerals) -> "float | Fault":
    number = numerals(cell)
    if not isinstance(number, Fault) and abs(number) <= MAX_DAY:
        return number + EVENING if number == math.floor(number) else number
    reading = read_time(cell)
    if reading is None:
        fix = "Write the time like 2026-02-18T20:15+01:00, or the number of the day."
        return Fault(Code.TIME, "The time of receipt cannot be read", fix)
    if line.start is None:
        fix = "Write received_at as the number of the day, or give a column time."
        return Fault(Code.TIME, "A date of receipt cannot be placed: the file does not say which date day 0 is", fix)
    shift = line.offset[row] - reading.offset_days
    return reading.day - line.start.toordinal() + reading.share + (0.0 if math.isnan(shift) else shift)


def _moments(sheet: Sheet, layout: Layout) -> Moments:
    options, rows = sheet.options, np.arange(len(sheet.table), dtype=float)
    if options.day_from_row:
        return Moments(rows + EVENING, rows, np.ones(len(rows), bool), np.full(len(rows), math.nan))
    day, time = layout.fields.get("day"), layout.fields.get("time")
    if day and not (time and "time" in options.mapping and "day" not in options.mapping):
        return day_moments(sheet, day)
    if time is None:
        raise DiaryError([*absent_fields(sheet, layout), *sheet.findings.listing()])
    moments = time_moments(sheet, time)
    offsets = sorted(set(moments.offset[~np.isnan(moments.offset)].tolist()))
    if len(offsets) > 1:
        shown = ", ".join(f"{24 * offset:+g} h" for offset in offsets)
        message = "Times have different offsets from UTC; each entry counts on its own local clock"
        sheet.warn(
            Code.OFFSETS,
            (),
            message,
            "Nothing, if the person travelled or the clocks changed.",
            column=time,
            value=shown,
        )
    return moments


def _set_copies_aside(sheet: Sheet, moments: Moments) -> list[int]:
    """Timed rows that equal an earlier row in every cell; a day alone may have two equal entries."""
    table = sheet.table
    first: dict[tuple[str, ...], int] = {}
    copies = []
    timed = ~moments.whole & ~np.isnan(moments.local)
    for row, cells in enumerate(zip(*table.columns.values(), strict=True)):
        if not timed[row] or row in table.broken:
            continue
        original = first.setdefault(cells, row)
        if original != row:
            message = f"The row repeats {table.lines([original])} in every cell and was set aside"
            fix = "Delete the copy; if there were two entries, give each its time."
            sheet.findings.set_aside[row] = problem(Code.DUPLICATE, table.where(row), "", message, fix)
            copies.append(row)
    return copies


def _refuse_disorder(sheet: Sheet, moments: Moments, rows: Positions) -> Positions:
    """Refuse the fewest rows without which time runs forwards; the positions of the others."""
    order = moments.order[rows]
    wrong = out_of_order(order)
    kept = np.setdiff1d(np.arange(len(rows)), wrong)
    newest_first = len(order) > 2 and bool(np.all(np.diff(order) <= 0))
    for place in wrong:
        following = int(np.searchsorted(kept, place))
        before, after = kept[max(following - 1, 0)], kept[min(following, len(kept) - 1)]
        fix = "Correct the time or sort the rows by time; of a file with several people, choose one with --where."
        if moments.whole[rows[place]] and not moments.whole[rows].all():
            fix = "A day without a time of day means 20:00; write the time of day too (midnight as 3.00001). " + fix
        if newest_first:
            fix = "Sort the file by time, oldest first, for example in a spreadsheet: Sort, ascending."
            fault = Fault(Code.NEWEST_FIRST, "The rows run from the newest to the oldest", fix)
        elif following and order[place] < order[before]:
            near = sheet.table.lines([int(rows[before])])
            fault = Fault(Code.BACKWARDS, f"Time goes backwards: the row is earlier than {near} before it", fix)
        else:
            near = sheet.table.lines([int(rows[after])])
            fault = Fault(Code.BACKWARDS, f"Time goes backwards after this row: it is later than {near} below it", fix)
        sheet.refuse(int(rows[place]), "", fault)
    return rows[kept]


def _start_beside_days(sheet: Sheet, column: str, local: Column) -> dt.date | None:
    """Date of day 0 from a column of times beside the day numbers; warns where the two do not agree."""
    starts: dict[int, int] = {}
    for row, cell in enumerate(sheet.table.columns[column]):
        reading = read_time(cell)
        if reading is not None and not math.isnan(local[row]):
            starts.setdefault(int(reading.day - math.floor(local[row])), row)
    if not starts:
        return None
    first, *further = starts
    if further:
        rows = [starts[other] for other in further]
        fix = "The day was used. Correct one of them, or name the one to use with --map."
        sheet.warn(Code.DAY_AND_TIME, rows, "The day and the time of these rows do not agree", fix, column=column)
    return dt.date.fromordinal(first) if 0 < first <= dt.date.max.toordinal() else None


def _forwards(sheet: Sheet, local: Column, rows: Positions) -> Column:
    """Local clocks that never run backwards: an entry after a clock was put back keeps the time of the one before."""
    latest = np.maximum.accumulate(local[rows])
    moved = rows[latest > local[rows]]
    if len(moved):
        message = "The local clock was put back; the rows keep the time of the row before them"
        fix = "Nothing, if the person travelled or the clocks changed."
        sheet.warn(Code.CLOCK_BACK, moved.tolist(), message, fix)
    out = local.copy()
    out[rows] = latest
    return out
