import pytest

from modicum.analysis.question import Onset
from modicum.services.options import check_options, parse_onset
from modicum.services.places import REPORT


@pytest.mark.parametrize(
    ("text", "onset"),
    [
        ("immediate", Onset("immediate")),
        ("IMMEDIATE", Onset("immediate")),
        ("6", Onset("uncertain", 6.0)),
        ("6,0.5", Onset("uncertain", 6.0, 0.5)),
        ("fixed=2.5", Onset("fixed", 2.5)),
    ],
)
def test_an_onset_is_read(text, onset):
    assert parse_onset(text) == onset


@pytest.mark.parametrize(
    "text", ["", "soon", "0", "-1", "4,0", "4,1,1", "fixed=", "fixed=2,1", "nan", "inf", "fixed=0"]
)
def test_an_onset_in_another_form_is_refused(text):
    assert parse_onset(text) is None
    assert [p.code for p in check_options(onset=text).problems] == ["MOD-OPT-01"]


@pytest.mark.parametrize("scale", [(10, 0), (0, 0), (0, float("inf")), (float("nan"), 1), ("a", 1), (1,), (1, 2, 3)])
def test_a_range_must_run_upwards_between_finite_numbers(scale):
    assert [p.code for p in check_options(scale=scale).problems] == ["MOD-OPT-05"]


@pytest.mark.parametrize("mcid", [0, -1, float("nan"), float("inf"), 10, 11])
def test_the_smallest_difference_lies_between_zero_and_the_range(mcid):
    assert [p.code for p in check_options(mcid=mcid, scale=(0, 10)).problems] == ["MOD-OPT-06"]


def test_words_that_are_not_choices_are_refused_with_the_choices():
    problems = check_options(kind="normal", better="up").problems
    assert [(p.where, p.value) for p in problems] == [("--kind", "normal"), ("--better", "up")]
    assert problems[1].fix == "Write lower or higher."


def test_all_problems_come_at_once():
    options = check_options(kind="x", better="y", scale=(1, 0), mcid=-1, onset="z")
    assert {p.where for p in options.problems} == {"--range", "--kind", "--better", "--mcid", "--onset"}


def test_one_outcome_or_several_may_be_named():
    assert check_options(outcome="pain").outcomes == ("pain",)
    assert check_options(outcome=["pain", "sleep"]).outcomes == ("pain", "sleep")


def test_the_range_is_given_to_the_reader_for_each_named_outcome():
    options = check_options(outcome=["pain", "sleep"], primary="pain", scale=(0, 10))
    assert options.ranges == {"pain": (0, 10), "sleep": (0, 10)}
    assert check_options(outcome="pain").ranges == {}


def test_a_folder_that_is_not_there_is_found_before_a_report_is_made(tmp_path):
    found = REPORT.problems(tmp_path / "none" / "report.pdf")
    assert [(p.code, p.where, p.message) for p in found] == [("MOD-OPT-11", "--report", "There is no such folder")]
    assert REPORT.problems(tmp_path / "report.pdf") == []


def test_a_place_that_may_not_be_written_to_is_found_before_a_report_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert [p.message for p in REPORT.problems(tmp_path / "report.pdf")] == ["This place may not be written to"]


@pytest.mark.parametrize("name", [".pdf", ".HTML", "report"])
def test_a_report_without_a_name_or_an_ending_is_offered_both(tmp_path, name):
    assert REPORT.problems(tmp_path / name)[0].fix == "Write report.html or report.pdf."


@pytest.mark.parametrize(
    ("option", "value"),
    [("outcome", 3), ("outcome", [3]), ("primary", 3), ("covariates", 5), ("mcid", "0.1"), ("mcid", [0.1])],
)
def test_a_value_of_another_type_is_a_problem_and_no_traceback(option, value):
    (problem,) = check_options(**{option: value}).problems
    assert problem.where == f"--{option}"
    assert str(value).strip("[]") in problem.value


def test_no_covariates_may_be_said_as_none():
    assert check_options(covariates=None).covariates == ()
