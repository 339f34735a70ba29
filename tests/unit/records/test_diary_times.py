import io
from datetime import date
from itertools import combinations, product

import numpy as np
import pytest

from modicum.foundation.errors import DiaryError
from modicum.records import read_diary
from modicum.records.clock import dosing_days, out_of_order
from modicum.records.problems import Code


def read(text, **options):
    return read_diary(io.StringIO(text), **options)


def codes(found):
    return [problem.code for problem in found]


def test_a_whole_day_is_eight_in_the_evening_and_any_other_is_clock_time():
    diary = read("day,pain\n0,1\n1.0,2\n2.25,3\n2.9,4\n")
    assert diary.time_days == pytest.approx([20 / 24, 1 + 20 / 24, 2.25, 2.9], abs=1e-12)
    assert diary.start is None


def test_a_time_counts_from_midnight_of_the_first_day_on_its_own_clock():
    diary = read("time,pain\n2026-02-18T20:15+01:00,1\n2026-02-19,2\n2026-02-20 06:00:00+01:00,3\n")
    assert diary.time_days == pytest.approx([20.25 / 24, 1 + 20 / 24, 2.25], abs=1e-12)
    assert str(diary.start) == "2026-02-18"


@pytest.mark.parametrize(
    "cell", ["2023-07-28 05:47:44.603Z", "2023-07-28T05:47:44.603+00:00", "2023-07-28 05:47:44.603"]
)
def test_a_space_a_z_and_no_offset_are_read(cell):
    assert read(f"time,pain\n{cell},1\n").time_days[0] == pytest.approx(
        (5 * 3600 + 47 * 60 + 44.603) / 86400, abs=1e-12
    )


@pytest.mark.parametrize("cell", ["18.02.2026", "2026-02-30", "yesterday", "", "NA", "46071.4", "2026-02-18T25:00"])
def test_a_time_that_cannot_be_read_is_a_problem_with_its_line(cell):
    with pytest.raises(DiaryError) as error:
        read(f"time,pain\n2026-02-17,1\n{cell},2\n")
    (problem,) = error.value.problems
    assert (problem.code, problem.where) == (Code.TIME.value, "open file, line 3, column time")


def test_an_entry_after_the_hour_of_the_dose_belongs_to_the_next_dosing_day():
    times = "time,pain\n2026-02-18T21:59,1\n2026-02-18T22:00,1\n2026-02-18T23:30,1\n2026-02-19T08:00,1\n2026-02-19,1\n"
    assert read(times).dosing_day.tolist() == [0, 1, 1, 1, 1]
    assert read(times, dose_hour=24).dosing_day.tolist() == [0, 0, 0, 1, 1]
    assert read(times, dose_hour=8).dosing_day.tolist() == [1, 1, 1, 2, 2]


@pytest.mark.parametrize("day", [0, 1, 7, 365, 3650, 36500])
def test_rounding_does_not_move_an_entry_at_the_hour_of_the_dose(day):
    at, before = day + 22 / 24, day + (22 * 3600 - 1) / 86400
    assert dosing_days(np.array([at, before]), 22.0).tolist() == [day + 1, day]


def test_rows_can_be_numbered_whatever_the_file_says():
    diary = read("day,pain\n9,1\n3,2\nx,3\n", day_from_row=True)
    assert diary.time_days == pytest.approx([20 / 24, 1 + 20 / 24, 2 + 20 / 24])


def test_a_numbered_row_that_is_skipped_still_counts_as_a_day():
    diary = read("pain\n1\nbad\n3\n", day_from_row=True, outcomes=["pain"], skip_bad_rows=True)
    assert diary.dosing_day.tolist() == [0, 2]


def test_an_empty_line_in_a_file_of_one_column_is_a_day_without_an_answer():
    diary = read("pain\n1\n\n3\n\n\n", day_from_row=True, outcomes=["pain"])
    assert np.array_equal(diary.scores["pain"], [1, np.nan, 3], equal_nan=True)


def test_an_empty_line_in_a_wider_file_is_no_row():
    assert read("day,pain\n\n1,1\n  \n2,3\n\n").rows_read == 2


def test_the_day_wins_over_the_time_and_the_time_gives_the_date():
    diary = read("day,time,pain\n3,2026-02-21,1\n4,2026-02-22,2\n")
    assert diary.dosing_day.tolist() == [3, 4]
    assert str(diary.start) == "2026-02-18"
    assert Code.DAY_AND_TIME.value not in codes(diary.warnings)


def test_a_day_and_a_time_that_disagree_are_warned_of():
    diary = read("day,time,pain\n3,2026-02-21,1\n4,2026-02-25,2\n")
    assert Code.DAY_AND_TIME.value in codes(diary.warnings)


def test_a_time_that_is_mapped_goes_before_a_day_that_is_merely_there():
    diary = read("day,clock,pain\n3,2026-02-21,1\n9,2026-02-22,2\n", mapping={"time": "clock"})
    assert diary.dosing_day.tolist() == [0, 1]


def test_a_start_places_day_0():
    assert read("time,pain\n2026-02-21,1\n", start=date(2026, 2, 18)).dosing_day.tolist() == [3]


def test_a_start_gives_dates_to_a_file_of_day_numbers():
    diary = read("day,received_at,pain\n3,2026-02-23T06:00,1\n", start=date(2026, 2, 18))
    assert (diary.start, diary.dosing_day.tolist(), diary.received_days.tolist()) == (date(2026, 2, 18), [3], [5.25])


def test_mixed_offsets_count_on_the_local_clock_and_are_warned_of():
    diary = read("time,pain\n2026-02-18T20:00+01:00,1\n2026-02-19T20:00-05:00,2\n")
    assert diary.time_days == pytest.approx([20 / 24, 1 + 20 / 24])
    assert Code.OFFSETS.value in codes(diary.warnings)


def test_a_clock_put_back_is_no_time_going_backwards():
    diary = read("time,pain\n2026-10-25T02:50+02:00,1\n2026-10-25T02:10+01:00,2\n2026-10-25T09:00+01:00,2\n")
    assert diary.time_days.tolist() == [diary.time_days[0], diary.time_days[0], pytest.approx(9 / 24)]
    assert Code.CLOCK_BACK.value in codes(diary.warnings)


def test_a_file_with_several_people_is_told_how_to_choose_one():
    with pytest.raises(DiaryError) as error:
        read("who,day,pain\na,1,1\na,2,1\nb,1,1\nb,2,1\n")
    assert "--where" in error.value.problems[0].fix


def test_the_same_local_time_going_back_at_one_offset_is_a_problem():
    with pytest.raises(DiaryError) as error:
        read("time,pain\n2026-10-25T02:50+02:00,1\n2026-10-25T02:10+02:00,2\n")
    assert codes(error.value.problems) == [Code.BACKWARDS.value]


def test_one_slip_far_ahead_costs_one_row_and_not_all_that_follow():
    diary = read("day,pain\n0,1\n1,1\n20,1\n3,1\n4,1\n", skip_bad_rows=True)
    assert diary.dosing_day.tolist() == [0, 1, 3, 4]
    assert [problem.where for problem in diary.refused] == ["open file, line 4"]


def test_of_two_rows_that_are_swapped_the_later_is_named():
    assert out_of_order(np.array([1.0, 2.0, 4.0, 3.0, 5.0])) == [3]


def test_the_fewest_rows_are_out_of_order_by_exhaustion():
    for values in product(range(4), repeat=5):
        wrong = out_of_order(np.array(values, float))
        kept = [value for place, value in enumerate(values) if place not in wrong]
        assert kept == sorted(kept)
        longest = max(n for n in range(1, 6) for c in combinations(values, n) if list(c) == sorted(c))
        assert len(kept) == longest


def test_the_newest_row_first_is_one_problem_that_says_how_to_sort():
    text = "day,pain\n" + "".join(f"{day},1\n" for day in range(30, 0, -1))
    with pytest.raises(DiaryError) as error:
        read(text)
    (problem,) = error.value.problems
    assert problem.code == Code.NEWEST_FIRST.value
    assert problem.where == "open file, line 3 and 28 more rows"
    assert "Sort the file by time, oldest first" in problem.fix


def test_a_whole_day_after_a_time_of_that_evening_is_told_what_whole_means():
    with pytest.raises(DiaryError) as error:
        read("day,pain\n0.25,1\n1,1\n1.25,1\n1.5,1\n")
    assert "means 20:00" in error.value.problems[0].fix


def test_receipt_is_a_time_or_a_day_and_defaults_to_the_entry():
    diary = read("time,received_at,pain\n2026-02-18,2026-02-20T06:00,1\n2026-02-19,,2\n2026-02-20,5,3\n")
    assert diary.received_days == pytest.approx([2.25, 1 + 20 / 24, 5 + 20 / 24])


def test_receipt_is_brought_to_the_clock_of_the_entry():
    diary = read("time,received_at,pain\n2026-02-18T20:00+01:00,2026-02-18T19:30Z,1\n")
    assert diary.received_days == pytest.approx([20.5 / 24])


def test_receipt_before_the_entry_is_warned_of():
    diary = read("day,received_at,pain\n1.5,1.25,1\n")
    assert Code.RECEIVED.value in codes(diary.warnings)


def test_a_date_of_receipt_needs_the_date_of_day_0():
    with pytest.raises(DiaryError) as error:
        read("day,received_at,pain\n1,2026-02-18,1\n")
    assert codes(error.value.problems) == [Code.TIME.value]
