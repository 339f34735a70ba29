import datetime as dt
import io
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modicum.foundation.errors import DiaryError
from modicum.records import Diary, diary_csv, read_diary, write_diary
from modicum.records.clock import EVENING, dosing_days

# Midnight is written one step of a double after itself; everything else is exact.
TIME_TOLERANCE = 1e-9


@st.composite
def diaries(draw):
    steps = draw(st.lists(st.sampled_from([0.0, 0.001, 0.25, 0.4, 1.0, 2.0, 9.0]), min_size=1, max_size=15))
    first = draw(st.sampled_from([EVENING, 0.0, 0.3, 5 + EVENING, -2.0]))
    time_days = first + np.cumsum([0.0, *steps])
    time_days = np.where(
        np.abs(time_days - np.floor(time_days) - EVENING) < 1e-9, np.floor(time_days) + EVENING, time_days
    )
    n = len(time_days)
    numbers = st.floats(-1e6, 1e6) | st.just(float("nan")) | st.integers(0, 10).map(float)

    def column(values=numbers):
        return np.array(draw(st.lists(values, min_size=n, max_size=n)), float)

    def maybe(values):
        return None if draw(st.booleans()) else column(values)

    flags, shares = st.sampled_from([0.0, 1.0, np.nan]), st.floats(0, 1) | st.just(np.nan)
    days = dosing_days(time_days, 22.0)
    by_day = {day: draw(st.sampled_from([0.0, 0.5, 1.5, np.nan])) for day in sorted(set(days.tolist()))}
    words = draw(st.none() | st.lists(st.sampled_from(["", "run-in", 'a "b", c', "x;y"]), min_size=n, max_size=n))
    return Diary(
        time_days=time_days,
        received_days=time_days + draw(st.sampled_from([0.0, 0.5, 1.0])),
        dosing_day=days,
        dose_mg=np.array([by_day[day] for day in days.tolist()]),
        planned_mg=maybe(st.just(1.5)),
        # Never twice the same, so that no entry is the copy of another.
        scores={"pain": column() , "serial": np.arange(n, dtype=float)},
        covariates={"steps; a day": column(st.integers(0, 9).map(float))},
        side_effects={"vivid dreams": column(st.sampled_from([0.0, 1.0, 3.0, np.nan]))},
        blinded=maybe(flags),
        announced=maybe(shares),
        guess=maybe(shares),
        guess_reason=None if words is None else tuple("benefit" if word else "" for word in words),
        phase=None if words is None else tuple(words),
        rescue=maybe(numbers),
        opioid=maybe(flags),
        stopped=maybe(flags),
        red_flag=maybe(flags),
        start=draw(st.none() | st.just(dt.date(2026, 2, 18))),
        rows_read=n,
        virtual=draw(st.booleans()),
    )  # fmt: skip


def differences(written, read):
    out = []
    for name in (field.name for field in fields(Diary)):
        old, new = getattr(written, name), getattr(read, name)
        if name in {"source", "sha256", "warnings"}:
            continue
        if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
            tolerance = TIME_TOLERANCE if name in {"time_days", "received_days"} else 0.0
            same = old.shape == new.shape and np.allclose(old, new, rtol=0, atol=tolerance, equal_nan=True)
        elif isinstance(old, dict):
            same = old.keys() == new.keys() and all(np.array_equal(old[key], new[key], equal_nan=True) for key in old)
        else:
            same = old == new
        if not same:
            out.append((name, old, new))
    return out


@settings(max_examples=150, deadline=None)
@given(diaries())
def test_a_diary_that_is_written_reads_back_equal(diary):
    text = io.StringIO(diary_csv(diary))
    read = read_diary(text, outcomes=list(diary.scores), covariates=list(diary.covariates))
    assert differences(diary, read) == []


def test_a_difference_would_be_seen():
    diary = read_diary(b"day,dose_mg,pain\n0,0,1\n1,0.5,2\n")
    other = read_diary(b"day,dose_mg,pain\n0,0,1\n1,0.5,2.5\n")
    assert [name for name, *_ in differences(diary, other)] == ["scores"]


@pytest.mark.parametrize(
    "text",
    [
        "time,dose_mg,pain\n2026-02-18T00:00,0,1\n2026-02-18T21:15:30.5,0,2\n2026-02-20,1,3\n",
        "day,time,received_at,pain\n3,2026-02-21,2026-02-23T08:00,1\n4,2026-02-22,,2\n",
    ],
)
def test_a_file_survives_reading_writing_and_reading(text, tmp_path):
    once = read_diary(io.StringIO(text), outcomes=["pain"])
    write_diary(once, tmp_path / "diary.csv")
    twice = read_diary(tmp_path / "diary.csv", outcomes=["pain"])
    assert differences(once, twice) == []
    assert diary_csv(twice) == (tmp_path / "diary.csv").read_text()


def test_a_folder_that_is_not_there_is_a_problem(tmp_path):
    diary = read_diary(b"day,pain\n0,1\n")
    with pytest.raises(DiaryError):
        write_diary(diary, tmp_path / "missing" / "diary.csv")
