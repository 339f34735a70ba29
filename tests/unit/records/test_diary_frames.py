import datetime as dt
import io
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

from modicum.foundation.errors import DiaryError
from modicum.records import read_diary
from modicum.records.problems import Code

CELLS = {
    "day": [0, 1, 2, 3],
    "dose_mg": [0.0, None, 1.5, 1.5],
    "pain": [6, None, 4, 3],
    "flare": [True, False, None, True],
}


def parquet(frame):
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


SOURCES = {
    "pandas": lambda: pd.DataFrame(CELLS),
    "pandas with nullable types": lambda: pd.DataFrame(CELLS).convert_dtypes(),
    "polars": lambda: pl.DataFrame(CELLS),
    "polars, lazy": lambda: pl.LazyFrame(CELLS),
    "arrow": lambda: pl.DataFrame(CELLS).to_arrow(),
    "Parquet": lambda: parquet(pl.DataFrame(CELLS)),
    "CSV": lambda: pl.DataFrame(CELLS).write_csv().encode(),
    "text buffer": lambda: io.StringIO(pl.DataFrame(CELLS).write_csv()),
    "byte buffer": lambda: io.BytesIO(pl.DataFrame(CELLS).write_csv().encode()),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_every_source_gives_the_same_diary(source):
    diary = read_diary(source(), outcomes=["pain"])
    assert diary.time_days == pytest.approx(np.arange(4) + 20 / 24)
    assert np.array_equal(diary.dose_mg, [0, np.nan, 1.5, 1.5], equal_nan=True)
    assert np.array_equal(diary.scores["pain"], [6, np.nan, 4, 3], equal_nan=True)
    assert np.array_equal(diary.covariates["flare"], [1, 0, np.nan, 1], equal_nan=True)
    assert len(diary.sha256) == 64


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_moments_of_a_frame_keep_their_time_and_zone(library):
    zone = dt.timezone(dt.timedelta(hours=2))
    times = [dt.datetime(2026, 2, 18, 9, 30, tzinfo=zone), dt.datetime(2026, 2, 19, 9, 30, tzinfo=zone)]
    frame = library({"time": times, "pain": [1, 2]})
    diary = read_diary(frame)
    clock = 9.5 if library is pd.DataFrame else 7.5  # polars keeps instants in UTC
    assert diary.time_days == pytest.approx([clock / 24, 1 + clock / 24])


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_dates_and_columns_of_midnights_are_days(library):
    for times in ([dt.date(2026, 2, 18)], [dt.datetime(2026, 2, 18)]):  # noqa: DTZ001  a date as frames hold it
        assert read_diary(library({"time": times, "pain": [1]})).time_days.tolist() == [20 / 24]


def test_one_midnight_among_times_is_midnight():
    times = pd.to_datetime(["2026-02-18 12:00", "2026-02-19 00:00"])
    assert read_diary(pd.DataFrame({"time": times, "pain": [1, 2]})).time_days.tolist() == [0.5, 1.0]


def test_problems_of_a_frame_name_the_row():
    with pytest.raises(DiaryError) as error:
        read_diary(pd.DataFrame({"day": [0, 1], "pain": [1, np.inf]}), outcomes=["pain"])
    (problem,) = error.value.problems
    assert (problem.code, problem.where) == (Code.NUMBER.value, "frame, row 2, column pain")


def test_categories_are_read_as_their_texts():
    frame = pd.DataFrame({"day": [0, 1], "dose_mg": pd.Categorical(["tea", "none"])})
    assert read_diary(frame, levels={"tea": 1, "none": 0}).dose_mg.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (pd.DataFrame(), Code.NO_ROWS),
        (pd.DataFrame({"day": []}), Code.NO_ROWS),
        (pd.DataFrame([[1, 2]], columns=["day", "day"]), Code.SOURCE),
        (pd.DataFrame({"day": [1], " ": [1]}), Code.HEADER),
        (pd.DataFrame({0: [1], 1: [2]}), Code.NO_TIME_COLUMN),
        (pl.Series([1]), Code.SOURCE),
        (np.zeros((2, 2)), Code.SOURCE),
        ({"day": [1]}, Code.SOURCE),
    ],
)
def test_frames_that_are_no_diary_are_problems(frame, code):
    with pytest.raises(DiaryError) as error:
        read_diary(frame)
    assert error.value.problems[0].code == code.value


def test_a_path_is_read_by_its_content(tmp_path):
    frame = pl.DataFrame(CELLS)
    frame.write_parquet(tmp_path / "diary.dat")
    frame.write_csv(tmp_path / "diary.csv")
    assert len(read_diary(tmp_path / "diary.dat")) == len(read_diary(str(tmp_path / "diary.csv"))) == 4


def test_a_name_that_says_parquet_over_a_text_is_a_problem(tmp_path):
    (tmp_path / "diary.parquet").write_text("day,pain\n0,1\n")
    with pytest.raises(DiaryError) as error:
        read_diary(tmp_path / "diary.parquet")
    assert error.value.problems[0].code == Code.NOT_A_TABLE.value


def test_reading_a_csv_loads_no_library_of_frames():
    script = (
        "import sys, modicum.records as r; r.read_diary(b'day,dose_mg,pain\\n0,0,1\\n');"
        "print(sorted({'polars', 'narwhals', 'pandas', 'pydantic', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("library", [pd, pl])
def test_a_column_of_booleans_is_a_yes_or_no_outcome(library):
    frame = library.DataFrame({"day": [0, 1, 2], "dose_mg": [0, 0, 1], "flare": [True, False, True]})
    assert read_diary(frame, outcomes=["flare"]).scores["flare"].tolist() == [1, 0, 1]
