import io
from types import SimpleNamespace

import numpy as np
import pytest

from modicum.foundation.errors import DiaryError, OptionsError
from modicum.records import read_diary
from modicum.records.problems import Code

LADDER = SimpleNamespace(
    outcomes=[], drug=SimpleNamespace(ladder_mg=(0.5, 1.5, 3.0, 4.5), dose_time="22:00"), covariates=(), side_effects=()
)


def read(text, **options):
    return read_diary(io.StringIO(text), **options)


def problems(text, **options):
    with pytest.raises(DiaryError) as error:
        read(text, **options)
    return error.value.problems


def test_an_empty_dose_takes_the_value_of_its_dosing_day():
    diary = read("day,dose_mg\n0.5,\n0.75,1.5\n0.99,\n1.5,3\n2,\n")
    assert np.array_equal(diary.dose_mg, [1.5, 1.5, 3, 3, np.nan], equal_nan=True)


def test_rows_of_one_dosing_day_must_agree_and_all_are_named():
    found = problems("day,dose_mg\n0,0\n1,0\n1,1.5\n1,\n2,1.5\n")
    assert [(p.code, p.where) for p in found] == [
        (Code.DAYS_DISAGREE.value, "open file, line 3, column dose_mg"),
        (Code.DAYS_DISAGREE.value, "open file, line 4, column dose_mg"),
    ]
    assert "lines 3, 4" in found[0].message


def test_a_disagreement_skips_the_rows_that_state_a_dose():
    diary = read("day,dose_mg\n0,0\n1,0\n1,1.5\n1,\n2,1.5\n", skip_bad_rows=True)
    assert np.array_equal(diary.dose_mg, [0, np.nan, 1.5], equal_nan=True)
    assert len(diary.refused) == 2


def test_a_misplaced_row_does_not_make_the_doses_of_its_wrong_day_disagree():
    text = "day,dose_mg\n0,0\n1,0\n2,0\n30,3\n1,3\n31,3\n"
    assert [p.code for p in problems(text)] == [Code.BACKWARDS.value]


def test_an_evening_entry_has_the_dose_of_the_next_dosing_day():
    found = problems("time,dose_mg\n2026-02-18T22:30,0\n2026-02-19T10:00,1\n")
    assert {p.code for p in found} == {Code.DAYS_DISAGREE.value}


def test_a_negative_dose_is_a_problem():
    assert [(p.code, p.value) for p in problems("day,dose_mg\n0,-1\n")] == [(Code.NEGATIVE_DOSE.value, "-1")]


def test_texts_without_levels_are_one_problem_that_shows_the_option():
    (found,) = problems("day,dose_mg\n0,Herbal tea\n1,No tea\n2,Herbal tea\n3,NA\n")
    assert found.code == Code.LEVEL.value
    assert '"Herbal tea", "No tea"' in found.message
    assert '--levels "No tea=0,Herbal tea=1"' in found.fix


def test_levels_translate_texts_in_any_case_and_leave_numbers():
    diary = read("day,dose_mg\n0,Herbal tea\n1,no tea\n2,0.5\n", levels={"herbal tea": 1, "No tea": 0})
    assert diary.dose_mg.tolist() == [1, 0, 0.5]


def test_a_slip_among_numbers_is_no_level():
    assert [(p.code, p.where) for p in problems("day,dose_mg\n0,1\n1,1 mg\n")] == [
        (Code.NUMBER.value, "open file, line 3, column dose_mg")
    ]


@pytest.mark.parametrize("dose", [-1, float("nan"), float("inf"), "x"])
def test_a_level_must_be_a_dose(dose):
    with pytest.raises(OptionsError) as error:
        read("day,dose_mg\n0,tea\n", levels={"tea": dose})
    assert error.value.problems[0].code == Code.OPTION.value


def test_a_dose_above_the_ladder_asks_for_the_unit():
    (found,) = problems("day,dose_mg\n0,0\n1,4500\n", protocol=LADDER)
    assert (found.code, "micrograms" in found.fix) == (Code.ABOVE_LADDER.value, True)


def test_a_dose_between_the_rungs_is_kept_with_a_warning():
    diary = read("day,dose_mg\n0,0\n1,1\n2,4.5\n", protocol=LADDER)
    assert diary.dose_mg.tolist() == [0, 1, 4.5]
    (warning,) = [w for w in diary.warnings if w.code == Code.OFF_LADDER.value]
    assert warning.value == "1"


def test_a_schedule_is_read_like_the_dose():
    diary = read("day,planned_mg\n0.5,0\n0.6,\n1,0.5\n")
    assert diary.planned_mg.tolist() == [0, 0, 0.5]
    assert np.isnan(diary.dose_mg).all()


def test_a_file_without_doses_is_read_with_a_warning():
    diary = read("day,dose,pain\n0,1,2\n")
    (warning,) = [w for w in diary.warnings if w.code == Code.NO_DOSE.value]
    assert "Did you mean" in warning.fix
    assert diary.planned_mg is None


def test_the_hour_of_the_dose_is_the_protocols_unless_said():
    protocol = SimpleNamespace(outcomes=[], drug=SimpleNamespace(ladder_mg=(1.0,), dose_time="21:30"))
    assert read("day,dose_mg\n0,0\n", protocol=protocol).dose_hour == 21.5
    assert read("day,dose_mg\n0,0\n", protocol=protocol, dose_hour=23).dose_hour == 23


@pytest.mark.parametrize("hour", [-1, 25, float("nan"), "late"])
def test_an_hour_of_the_dose_outside_the_day_is_a_problem(hour):
    with pytest.raises(OptionsError):
        read("day,dose_mg\n0,0\n", dose_hour=hour)
