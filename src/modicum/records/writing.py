"""From a diary to a CSV file in the documented form, which reads back equal."""

import csv
import datetime as dt
import io
import math
import os
from pathlib import Path

import numpy as np

from modicum.foundation.errors import DiaryError
from modicum.records.clock import EVENING
from modicum.records.diary import Diary
from modicum.records.options import SIDE_EFFECT
from modicum.records.problems import Code, problem

FLAGS = ("blinded", "opioid", "stopped", "red_flag")
NUMBERS = ("announced", "guess", "rescue")
WORDS = ("guess_reason", "phase")


def write_diary(diary: Diary, path: "str | os.PathLike[str]") -> None:
    """Write a diary as CSV (UTF-8). It reads back equal, given its outcomes and the same ``dose_hour``.

    Raises:
        DiaryError: the file cannot be written.
    """
    try:
        Path(path).write_text(diary_csv(diary), encoding="utf-8", newline="")
    except OSError as error:
        fix = "Give a path in a folder that is there and can be written to."
        unwritten = problem(Code.NO_FILE, str(path), "", f"The file cannot be written ({error.strerror})", fix)
        raise DiaryError([unwritten]) from error


def diary_csv(diary: Diary) -> str:
    """The text of the CSV file: ``day`` always, ``time`` where the date of day 0 is known, then every other column.

    Example:
        >>> two = Diary(np.array([20 / 24, 1.5]), np.array([20 / 24, 1.5]), np.array([0, 1]), np.array([0.0, 0.5]))
        >>> diary_csv(two).splitlines()
        ['day,dose_mg', '0,0', '1.5,0.5']
    """
    columns = _columns(diary)
    out = io.StringIO()
    # A name with another separator in it must not decide how the file is split when it is read.
    quoted = any(mark in name for name in columns for mark in ";\t")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerow(columns)
    csv.writer(out, lineterminator="\n").writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def _columns(diary: Diary) -> dict[str, list[str]]:
    columns = {"day": [_day(value) for value in diary.time_days.tolist()]}
    if diary.start is not None:
        columns["time"] = [_time(diary.start, value) for value in diary.time_days.tolist()]
    if not np.array_equal(diary.received_days, diary.time_days):
        columns["received_at"] = [_day(value) for value in diary.received_days.tolist()]
    numbers = {"dose_mg": diary.dose_mg, "planned_mg": diary.planned_mg, **diary.scores, **diary.covariates}
    numbers |= {f"{SIDE_EFFECT}{name}": severity for name, severity in diary.side_effects.items()}
    numbers |= {name: getattr(diary, name) for name in NUMBERS}
    for name, values in numbers.items():
        if values is not None:
            columns[name] = [_number(value) for value in values.tolist()]
    for name in FLAGS:
        if (values := getattr(diary, name)) is not None:
            columns[name] = ["" if math.isnan(value) else "true" if value else "false" for value in values.tolist()]
    for name in WORDS:
        if (words := getattr(diary, name)) is not None:
            columns[name] = list(words)
    if diary.virtual:
        columns["virtual"] = ["true"] * len(diary)
    return columns


def _number(value: float) -> str:
    return "" if math.isnan(value) else repr(float(value)).removesuffix(".0")


def _day(value: float) -> str:
    """A time as a day number: whole where it is 20:00; midnight, which whole numbers cannot say, one step after it."""
    whole = math.floor(value)
    if value == whole + EVENING:
        return str(whole)
    return repr(math.nextafter(value, math.inf) if value == whole else value)


def _time(start: dt.date, value: float) -> str:
    day = start + dt.timedelta(days=math.floor(value))
    share = value - math.floor(value)
    if value == math.floor(value) + EVENING:
        return day.isoformat()
    microseconds = min(int(share * 86_400_000_000), 86_399_999_999)
    return (dt.datetime.combine(day, dt.time()) + dt.timedelta(microseconds=microseconds)).isoformat()
