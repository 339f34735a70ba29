import io

import pytest

from modicum.protocol import read_protocol
from modicum.records import read_diary
from modicum.services.asking import ask
from modicum.services.cautions import cautions, inexact, run_lengths
from modicum.services.options import check_options


def diary_of(doses, scores):
    rows = "".join(f"{day},{dose},{score}\n" for day, (dose, score) in enumerate(zip(doses, scores, strict=True)))
    return read_diary(io.StringIO(f"day,dose_mg,pain\n{rows}"), outcomes=["pain"])


def found(diary, onset=None):
    options = check_options(outcome="pain", better="lower", scale=(0, 10), mcid=1, onset=onset)
    question = ask(options, None, diary).questions[0]
    codes = [caution.code for caution in cautions(diary, question, onset_given=onset is not None)]
    assert codes.pop() == "MOD-ASSUME-07"  # none of the diaries made by diary_of says what was planned
    return codes


def test_runs_are_counted_in_days():
    assert run_lengths(diary_of([0, 0, 1, 1, 1, 0], [5] * 6)) == [2, 3, 1]


def test_a_day_without_an_entry_belongs_to_the_run_before_it():
    csv = "day,dose_mg,pain\n0,0,5\n1,0,5\n4,1,5\n"
    assert run_lengths(read_diary(io.StringIO(csv), outcomes=["pain"])) == [4, 1]


def test_a_capsule_skipped_does_not_end_a_run_of_the_schedule():
    csv = "day,dose_mg,planned_mg,pain\n0,1,1,5\n1,0,1,5\n2,1,1,5\n3,0,0,5\n"
    assert run_lengths(read_diary(io.StringIO(csv), outcomes=["pain"])) == [3, 1]


def test_doses_that_change_every_night_get_a_caution_that_names_the_option():
    diary = diary_of([0, 1] * 10, [5, 6] * 10)
    assert found(diary) == ["MOD-ASSUME-02"]
    options = check_options(outcome="pain", better="lower", scale=(0, 10), mcid=1)
    question = ask(options, None, diary).questions[0]
    assert "--onset" in cautions(diary, question, onset_given=False)[0].fix


@pytest.mark.parametrize("onset", ["immediate", "1", "fixed=4"])
def test_a_stated_onset_gets_no_caution(onset):
    assert found(diary_of([0, 1] * 10, [5, 6] * 10), onset) == []


def test_blocks_of_two_weeks_get_no_caution():
    assert found(diary_of([0] * 14 + [1] * 14, [5, 6] * 14)) == []


def test_one_single_dose_throughout_gets_no_caution():
    assert found(diary_of([1] * 4, [5, 6] * 2)) == []


def about(csv, protocol=None):
    diary = read_diary(io.StringIO(csv), outcomes=["pain"], protocol=protocol)
    options = check_options(outcome="pain", better="lower", scale=(0, 10), mcid=1)
    question = ask(options, protocol, diary).questions[0]
    return {caution.code: caution for caution in cautions(diary, question, protocol, onset_given=True)}


def test_a_diary_with_a_plan_for_every_day_deserves_no_caution_about_doses():
    assert about("day,dose_mg,planned_mg,pain\n0,0,0,5\n1,1,1,4\n2,1,1,5\n") == {}


def test_doses_that_nobody_planned_are_said_to_be_analysed_as_taken():
    assert list(about("day,dose_mg,pain\n0,0,5\n1,1,4\n")) == ["MOD-ASSUME-07"]


def test_days_before_the_first_known_dose_are_said_to_be_without():
    found = about("day,dose_mg,pain\n0,,5\n1,,5\n2,1,4\n3,0,5\n")
    assert found["MOD-ASSUME-08"].value.startswith("2 ")


def test_days_whose_dose_nobody_wrote_down_are_said_to_have_the_last_known_one():
    found = about("day,dose_mg,pain\n0,0,5\n1,,5\n2,,5\n3,1,4\n4,1,5\n5,,5\n")
    assert found["MOD-ASSUME-15"].value == "3 days of 6"


def test_a_gap_in_the_diary_is_said_where_the_dose_changes_across_it_only():
    assert "MOD-ASSUME-15" not in about("day,dose_mg,pain\n0,0,5\n3,0,5\n4,1,4\n")
    assert about("day,dose_mg,pain\n0,0,5\n3,1,5\n4,1,4\n")["MOD-ASSUME-15"].value == "2 days of 5"


def test_a_dose_that_is_unknown_but_planned_is_not_carried():
    assert "MOD-ASSUME-15" not in about("day,dose_mg,planned_mg,pain\n0,0,0,5\n1,,1,5\n2,1,1,5\n")


def test_a_plan_that_changes_around_a_day_without_one_is_said_to_be_carried_over():
    found = about("day,dose_mg,planned_mg,pain\n0,0,0,5\n3,1,1,4\n4,1,1,5\n")
    assert found["MOD-ASSUME-09"].value.startswith("2 ")


def test_a_phase_that_the_protocol_lacks_is_named():
    flagship = read_protocol("ldn-smallest-dose")
    found = about("day,dose_mg,planned_mg,pain,phase\n0,0,0,5,baseline\n1,0.5,0.5,4,warm-up\n", flagship)
    assert "warm-up" in found["MOD-ASSUME-10"].value


def test_phases_that_the_protocol_has_with_its_confirmation_deserve_no_caution():
    flagship = read_protocol("ldn-smallest-dose")
    rows = "".join(f"{day},0.5,0.5,5,{phase.name}\n" for day, phase in enumerate(flagship.phases))
    assert "MOD-ASSUME-10" not in about(f"day,dose_mg,planned_mg,pain,phase\n{rows}", flagship)


def test_a_diary_that_names_no_confirmation_is_told_that_none_can_be_confirmed():
    flagship = read_protocol("ldn-smallest-dose")
    first = flagship.phases[0].name
    found = about(f"day,dose_mg,planned_mg,pain,phase\n0,0,0,5,{first}\n1,0.5,0.5,4,{first}\n", flagship)
    assert "confirmation" in found["MOD-ASSUME-10"].message


@pytest.mark.parametrize(
    ("error", "codes"),
    [
        ((0.02, 0.02, 0.02), []),
        ((0.021, 0.0, 0.0), ["MOD-ASSUME-12"]),
        ((0.0, 0.021, 0.0), ["MOD-ASSUME-12"]),
        ((0.0, 0.0, 0.021), ["MOD-ASSUME-12"]),
    ],
)
def test_numbers_that_two_grids_do_not_agree_on_are_said_to_be_less_exact(error, codes):
    assert [caution.code for caution in inexact(*error)] == codes
