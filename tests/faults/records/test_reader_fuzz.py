"""Whatever is given: a diary in which every row is accounted for, or a list of problems; never a traceback."""

import io

import numpy as np
import pandas as pd
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modicum.foundation.errors import InputError
from modicum.records import read_diary
from modicum.records.problems import Code
from modicum.records.text import read_text

EXAMPLES = 100
KNOWN = {code.value for code in Code}
NAMES = [
    "day", "time", "dose_mg", "planned_mg", "pain", "steps", "blinded", "announced", "guess", "guess_reason", "phase",
    "rescue", "opioid", "stopped", "red_flag", "virtual", "received_at", "side_effect:headache", "note", "",
]  # fmt: skip
CELLS = [
    "", "NA", "null", "0", "1", "2", "3.0", "0.5", "1.25", "2,5", "-1", "99", "1e400", "inf", "abc", "true", "No",
    "tea", "none", "benefit", "2026-02-18", "2026-02-18T22:30+01:00", "2026-02-19 06:00:00Z", "2026-02-18T22:30-11:30",
    "1e5", "9999-12-31T23:59+00:01", "0001-01-01T00:00+14:00", "1e7", '"', "'", "\x00", "\n", "ü", "٣",
]  # fmt: skip
FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

cells = st.sampled_from(CELLS) | st.text(max_size=6) | st.floats().map(repr) | st.integers(-3, 40).map(str)
rows = st.lists(st.lists(cells, min_size=0, max_size=6), max_size=12)
headers = st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True)
columns = st.sampled_from([*NAMES, "other"])
options = st.fixed_dictionaries(
    {},
    optional={
        "outcomes": st.lists(columns, max_size=2),
        "mapping": st.dictionaries(columns, columns, max_size=2),
        "levels": st.dictionaries(st.sampled_from(CELLS), st.floats() | st.integers(), max_size=3),
        "day_from_row": st.booleans(),
        "covariates": st.lists(columns, max_size=2),
        "ranges": st.dictionaries(columns, st.tuples(st.floats() | st.none(), st.floats() | st.none()), max_size=1),
        "skip_bad_rows": st.booleans(),
        "dose_hour": st.floats(0, 24) | st.none() | st.floats(),
        "where": st.dictionaries(columns, st.sampled_from(CELLS), max_size=1),
        "start": st.dates() | st.none(),
    },
)


def read(source, **chosen):
    try:
        return read_diary(source, **chosen), ()
    except InputError as error:
        return None, error.problems


def check(source, **chosen):
    diary, problems = read(source, **chosen)
    if diary is None:
        assert problems
        assert all(problem.code in KNOWN and problem.message and problem.fix for problem in problems)
        return None
    assert diary.rows_read == len(diary) + len(diary.refused)
    assert len(diary) > 0
    assert np.all(np.diff(diary.time_days) >= 0)
    lengths = {len(column) for column in (*diary.scores.values(), *diary.covariates.values(), diary.dose_mg)}
    assert lengths <= {len(diary)}
    assert np.isfinite(diary.time_days).all()
    assert np.isfinite(diary.received_days).all()
    assert not np.isinf(np.concatenate([*diary.scores.values(), diary.dose_mg])).any()
    for day in set(diary.dosing_day.tolist()):
        assert len(set(map(repr, diary.dose_mg[diary.dosing_day == day].tolist()))) == 1
    return diary


@FUZZ
@given(st.binary(max_size=300), options)
def test_any_bytes_give_a_diary_or_problems(content, chosen):
    check(content, **chosen)


@FUZZ
@given(st.sampled_from([b"PAR1", b"\xff\xfe", b"\xef\xbb\xbf", b"day,dose_mg,pain\n"]), st.binary(max_size=200))
def test_any_bytes_after_a_known_beginning_give_a_diary_or_problems(beginning, content):
    check(beginning + content)


@FUZZ
@given(headers, rows, st.sampled_from(",;\t"), options)
def test_any_table_under_any_options_gives_a_diary_or_problems(header, body, mark, chosen):
    content = "\n".join(mark.join(line) for line in (header, *body))
    check(content.encode("utf-8", "surrogatepass"), **chosen)


@FUZZ
@given(st.lists(st.lists(st.sampled_from(CELLS[:26]), min_size=4, max_size=4), min_size=1, max_size=12))
def test_no_row_is_dropped_without_a_reason(body):
    header = ["day", "dose_mg", "pain", "phase"]
    content = "\n".join(",".join(f'"{cell}"' for cell in line) for line in (header, *body))
    expected = len(read_text(content.encode(), "diary"))
    assert expected == len(body)
    diary = check(content.encode(), outcomes=["pain"], skip_bad_rows=True)
    if diary is not None:
        assert diary.rows_read == expected


@FUZZ
@given(st.lists(st.lists(st.sampled_from(CELLS[:26]), min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_is_skipped_is_what_would_have_been_refused(body):
    content = "\n".join(";".join(line) for line in (["day", "dose_mg", "pain"], *body)).encode()
    whole, problems = read(content, outcomes=["pain"])
    skipped = check(content, outcomes=["pain"], skip_bad_rows=True)
    if whole is not None:
        assert skipped is not None
        assert skipped.time_days.tolist() == whole.time_days.tolist()
    elif skipped is not None:
        said = {problem.code for problem in problems}
        assert {problem.code for problem in skipped.refused} <= said | {Code.DUPLICATE.value}
        assert len(skipped.refused) > 0


values = (
    st.none() | st.booleans() | st.integers(-5, 50) | st.floats() | st.text(max_size=4) | st.dates() | st.datetimes()
)


@FUZZ
@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(values, min_size=3, max_size=3), min_size=1, max_size=5), options
)
def test_any_pandas_frame_gives_a_diary_or_problems(content, chosen):
    check(pd.DataFrame(content, dtype=object), **chosen)
    check(pd.DataFrame(content), **chosen)


typed = st.sampled_from(
    [st.booleans(), st.integers(-5, 50), st.floats(), st.text(max_size=4), st.dates(), st.datetimes()]
)
columns_of_one_type = typed.flatmap(lambda kind: st.lists(st.none() | kind, min_size=3, max_size=3))


@FUZZ
@given(st.dictionaries(st.sampled_from(NAMES), columns_of_one_type, min_size=1, max_size=5), options, st.booleans())
def test_any_polars_frame_and_any_parquet_file_give_a_diary_or_problems(content, chosen, stored):
    frame = pl.DataFrame(content)
    buffer = io.BytesIO()
    if stored:
        frame.write_parquet(buffer)
    check(buffer.getvalue() if stored else frame, **chosen)


@FUZZ
@given(st.text(max_size=100))
def test_any_text_in_an_open_file_gives_a_diary_or_problems(content):
    check(io.StringIO(content))
