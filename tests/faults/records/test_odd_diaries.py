"""Every case of the page's table "What happens when ...", and every code of the catalogue at least once."""

import datetime as dt
import io
import time
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from modicum.foundation.errors import InputError
from modicum.records import Dose, read_diary, source, table, text
from modicum.records.problems import Code

PLAN = SimpleNamespace(
    outcomes=(
        SimpleNamespace(name="total", low=0, high=20, sum_of=("a", "b"), kind="gaussian"),
        SimpleNamespace(name="mood", low=0, high=10, sum_of=(), kind="gaussian"),
    ),
    drug=SimpleNamespace(ladder_mg=(1.0, 3.0), dose_time="22:00"),
    covariates=(),
    side_effects=(SimpleNamespace(name="nausea"),),
)

REFUSED = {
    Code.NO_FILE: ("no/such/file.csv", {}),
    Code.SOURCE: (3.5, {}),
    Code.NOT_A_TABLE: (b"PK\x03\x04rest", {}),
    Code.NO_ROWS: (b"day,pain\n", {}),
    Code.HEADER: (b"day,,pain,pain\n0,1,2,3\n", {}),
    Code.RAGGED: (b"day,pain\n0,1,2\n", {}),
    Code.QUOTES: (b'day,pain\n0,"a"b\n', {}),
    Code.CONTROL: (b"day,pain\n0,1\x00\n", {}),
    Code.NO_TIME_COLUMN: (b"tag,pain\n0,1\n", {}),
    Code.TIME: (b"day,pain\n,1\n", {}),
    Code.BACKWARDS: (b"day,pain\n1,1\n0,1\n1,1\n", {}),
    Code.NEWEST_FIRST: (b"day,pain\n2,1\n1,1\n0,1\n", {}),
    Code.NUMBER: (b"day,pain\n0,x\n", {"outcomes": ["pain"]}),
    Code.RANGE: (b"day,pain\n0,11\n", {"ranges": {"pain": (0, 10)}}),
    Code.DECIMAL_COMMA: (b'day,pain\n0,"5,5"\n', {"outcomes": ["pain"]}),
    Code.NEGATIVE_DOSE: (b"day,dose_mg\n0,-1\n", {}),
    Code.ABOVE_LADDER: (b"day,dose_mg\n0,4\n", {"protocol": PLAN}),
    Code.DAYS_DISAGREE: (b"day,dose_mg\n0,0\n0,1\n", {}),
    Code.LEVEL: (b"day,dose_mg\n0,tea\n", {}),
    Code.FLAG: (b"day,blinded\n0,perhaps\n", {}),
    Code.WORD: (b"day,guess_reason\n0,weather\n", {}),
    Code.NO_COLUMN: (b"day,pain\n0,1\n", {"outcomes": ["sleep"]}),
    Code.OPTION: (b"day,dose_mg\n0,tea\n", {"levels": {"tea": -1}}),
    Code.NOTHING_LEFT: (b"day,pain\nx,1\n", {"skip_bad_rows": True}),
    Code.NONE_CHOSEN: (b"day,pain\n0,1\n", {"where": {"day": "9"}}),
}
WARNED = {
    Code.LATIN: ("day,pain,note\n0,1,ö\n".encode("latin-1"), {}),
    Code.COMMAS_READ: (b"day;pain\n0;1,5\n", {}),
    Code.OFFSETS: (b"time,pain\n2026-02-18T08:00Z,1\n2026-02-19T08:00+01:00,1\n", {}),
    Code.DAY_AND_TIME: (b"day,time,pain\n0,2026-02-18,1\n1,2026-02-20,1\n", {}),
    Code.OFF_LADDER: (b"day,dose_mg\n0,2\n", {"protocol": PLAN}),
    Code.IGNORED: (b"day,note\n0,fine\n", {}),
    Code.NO_DOSE: (b"day,pain\n0,1\n", {}),
    Code.ITEM_ABSENT: (b"day,mood\n0,1\n", {"protocol": PLAN}),
    Code.RECEIVED: (b"day,received_at\n0.5,0.25\n", {}),
    Code.SUM: (b"day,a,b,total\n0,1,1,3\n", {"protocol": PLAN}),
    Code.NEAR_TITLE: (b"day,Dose MG,pain\n0,1,1\n", {}),
    Code.NOT_ASKED: (b"day,mood,side_effect:rash\n0,1,0\n", {"protocol": PLAN}),
    Code.CLOCK_BACK: (b"time,pain\n2026-10-25T02:50+02:00,1\n2026-10-25T02:10+01:00,1\n", {}),
}
ELSEWHERE = {Code.TOO_LARGE, Code.DUPLICATE, Code.RECORD}


def codes(problems):
    return {problem.code for problem in problems}


def test_every_code_is_shown_here():
    assert set(REFUSED) | set(WARNED) | ELSEWHERE == set(Code)


@pytest.mark.parametrize("code", REFUSED)
def test_a_code_that_refuses_is_raised_with_a_place_a_message_and_a_fix(code):
    given, options = REFUSED[code]
    with pytest.raises(InputError) as error:
        read_diary(given, **options)
    (problem, *_) = [problem for problem in error.value.problems if problem.code == code.value]
    assert problem.where
    assert problem.message.strip(". ")
    assert problem.fix.endswith(".")


@pytest.mark.parametrize("code", WARNED)
def test_a_code_that_warns_keeps_every_row(code):
    given, options = WARNED[code]
    diary = read_diary(given, **options)
    assert code.value in codes(diary.warnings)
    assert len(diary) == diary.rows_read


def test_a_copy_is_set_aside_without_refusing_the_file():
    diary = read_diary(b"day,pain\n0.5,1\n0.5,1\n")
    assert codes(diary.refused) == {Code.DUPLICATE.value}


def test_a_record_without_a_zone_is_refused():
    moment = dt.datetime(2026, 2, 18)  # noqa: DTZ001  the fault under test
    with pytest.raises(InputError) as error:
        Dose(id="a", happened_at=moment, received_at=moment, dose_mg=1.0)
    assert codes(error.value.problems) == {Code.RECORD.value}


def test_more_rows_or_bytes_than_a_person_can_write_are_refused(monkeypatch, tmp_path):
    content = b"day,pain\n" + b"0,1\n" * 40
    monkeypatch.setattr(text, "MAX_ROWS", 30)
    path = tmp_path / "diary.csv"
    path.write_bytes(content)
    found = []
    with pytest.raises(InputError) as error:
        read_diary(content)
    found += error.value.problems
    monkeypatch.setattr(source, "MAX_BYTES", 100)
    for given in (content, path):
        with pytest.raises(InputError) as error:
            read_diary(given)
        found += error.value.problems
    assert [problem.code for problem in found] == [Code.TOO_LARGE.value] * 3
    assert table.MAX_ROWS == 2_000_000


def test_a_file_that_is_too_large_is_not_even_loaded(monkeypatch, tmp_path):
    path = tmp_path / "diary.csv"
    with path.open("wb") as file:
        file.truncate(source.MAX_BYTES + 1)
    monkeypatch.setattr(type(path), "read_bytes", lambda _: pytest.fail("the file was loaded"))
    with pytest.raises(InputError) as error:
        read_diary(path)
    assert codes(error.value.problems) == {Code.TOO_LARGE.value}


def days(count, per_day=1, **columns):
    shares = np.linspace(0.30, 0.90, per_day) if per_day > 1 else [20 / 24]
    clock = [day + share for day in range(count) for share in shares]
    cells = {"day": [f"{value:.5f}" for value in clock], **columns}
    return pl.DataFrame(cells)


@pytest.mark.parametrize(("count", "per_day", "seconds"), [(3650, 1, 0.15), (365, 50, 0.6)])
def test_ten_years_and_fifty_entries_a_day_are_read_in_time_that_grows_with_the_rows(count, per_day, seconds):
    rows = count * per_day
    frame = days(count, per_day, pain=[row % 11 for row in range(rows)], dose_mg=[0.5] * rows)
    content = frame.write_csv().encode()
    best = np.inf
    for _ in range(3):
        began = time.process_time()
        diary = read_diary(content, outcomes=["pain"])
        best = min(best, time.process_time() - began)
    assert len(diary) == rows
    # The goal is for a 2-core machine; four times it still catches work that grows with the square of the rows.
    assert best < 4 * seconds


@pytest.mark.parametrize("pain", ["", "5"])
def test_all_missing_and_constant_outcomes_are_read(pain):
    content = "day,dose_mg,pain\n" + "".join(f"{day},0,{pain}\n" for day in range(30))
    diary = read_diary(io.StringIO(content), outcomes=["pain"])
    assert (len(diary), diary.refused) == (30, ())


def test_a_file_in_which_nothing_is_right_lists_a_problem_for_every_row():
    content = "day,dose_mg,pain\n" + "a,b,c\n" * 500
    with pytest.raises(InputError) as error:
        read_diary(io.StringIO(content), outcomes=["pain"], levels={"x": 1})
    assert len([problem for problem in error.value.problems if problem.code == Code.TIME.value]) == 500


@pytest.mark.parametrize(
    "junk", [b"\x00" * 50, b"\x89PNG\r\n\x1a\n", b"\xff\xfe\x00", b"%PDF-1.7", b"\x1f\x8b\x08", b"PAR1"]
)
def test_what_is_no_table_is_told(junk):
    with pytest.raises(InputError) as error:
        read_diary(junk)
    assert codes(error.value.problems) == {Code.NOT_A_TABLE.value}


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_rows_even_where_bad_rows_are_skipped():
    with pytest.raises(InputError) as error:
        read_diary(b'day,pain\n0,1\n1,"2\n2,3\n', skip_bad_rows=True)
    (problem,) = error.value.problems
    assert (problem.code, problem.where) == (Code.QUOTES.value, "bytes, line 3")


def test_a_very_long_cell_is_a_bad_row_and_no_traceback():
    diary = read_diary(b"day,pain\n0,1\n1," + b"9" * 200_000 + b"\n2,3\n", outcomes=["pain"], skip_bad_rows=True)
    assert (diary.rows_read, len(diary.refused)) == (3, 1)


@pytest.mark.parametrize("path", ["", ".", "a\0b", "x" * 5000, "~nobody/diary.csv"])
def test_a_path_that_cannot_be_opened_is_a_problem(path):
    with pytest.raises(InputError) as error:
        read_diary(path)
    assert codes(error.value.problems) == {Code.NO_FILE.value}
