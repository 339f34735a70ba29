import io

import numpy as np
import pytest

from modicum.analysis.question import Onset
from modicum.protocol import read_protocol
from modicum.records import read_diary
from modicum.services.asking import ask
from modicum.services.options import check_options

CSV = "day,dose_mg,pain,fatigue\n0,0,6,5\n1,0.5,5,4\n2,1.5,4,4\n3,2,4,3\n"
PLAIN = {"outcome": "pain", "better": "lower", "scale": (0, 10), "mcid": 1.5}


@pytest.fixture(scope="module")
def diary():
    return read_diary(io.StringIO(CSV), outcomes=["pain"])


@pytest.fixture(scope="module")
def flagship():
    return read_protocol("ldn-smallest-dose")


def read(csv, outcomes=("pain",)):
    return read_diary(io.StringIO(csv), outcomes=list(outcomes))


def codes(problems):
    return [problem.code for problem in problems]


def test_without_a_protocol_the_options_describe_the_scale(diary):
    asked = ask(check_options(**PLAIN), None, diary)
    question = asked.questions[0]
    assert (question.outcome, question.better, question.low, question.high) == ("pain", "lower", 0, 10)
    assert (question.mcid, question.ladder_mg, question.dose_unit) == (1.5, (0.5, 1.5, 2.0), "mg")
    assert question.priors.top_dose_sd == 3.0
    assert question.priors.expectation_mean == 0
    assert asked.problems == asked.warnings == ()


def test_without_a_protocol_everything_that_is_missing_is_said_at_once(diary):
    asked = ask(check_options(), None, diary)
    assert codes(asked.problems) == ["MOD-OPT-02", "MOD-OPT-03", "MOD-OPT-04"]
    assert asked.questions == ()


def test_a_missing_range_is_refused_with_what_was_observed(diary):
    problem = ask(check_options(outcome="pain", better="lower"), None, diary).problems[0]
    assert problem.code == "MOD-OPT-04"
    assert "from 4 to 6" in problem.fix


def test_a_missing_smallest_difference_is_a_tenth_of_the_range_and_said(diary):
    asked = ask(check_options(outcome="pain", better="lower", scale=(0, 50)), None, diary)
    assert asked.questions[0].mcid == 5
    assert codes(asked.warnings) == ["MOD-ASSUME-01"]


def test_of_several_outcomes_one_must_decide(diary):
    options = {**PLAIN, "outcome": ["pain", "fatigue"]}
    assert codes(ask(check_options(**options), None, diary).problems)[0] == "MOD-OPT-08"
    asked = ask(check_options(**options, primary="fatigue"), None, diary)
    assert [question.outcome for question in asked.questions] == ["fatigue", "pain"]


def test_a_diary_without_a_dose_has_nothing_to_ask_about():
    asked = ask(check_options(**PLAIN), None, read("day,dose_mg,pain\n0,0,6\n1,0,5\n"))
    assert codes(asked.problems) == ["MOD-OPT-09"]


def test_planned_doses_belong_to_the_ladder():
    asked = ask(check_options(**PLAIN), None, read("day,dose_mg,planned_mg,pain\n0,0,0,6\n1,0,3,5\n"))
    assert asked.questions[0].ladder_mg == (3.0,)


@pytest.mark.parametrize(("extra", "on"), [("", False), (",blinded", True), (",announced", True)])
def test_expectation_is_in_the_model_only_where_the_diary_says_who_knew_what(extra, on):
    cell = ",1" if extra else ""
    asked = ask(check_options(**PLAIN), None, read(f"day,dose_mg,pain{extra}\n0,0,6{cell}\n1,2,5{cell}\n"))
    assert asked.questions[0].expectation is on


@pytest.mark.parametrize(("doses", "unit"), [((0, 1), ""), ((0, 2), "mg"), ((1, 2), "mg")])
def test_a_ladder_of_nought_and_one_is_a_treatment_without_a_dose(doses, unit):
    rows = "".join(f"{day},{dose},5\n" for day, dose in enumerate(doses))
    assert ask(check_options(**PLAIN), None, read(f"day,dose_mg,pain\n{rows}")).questions[0].dose_unit == unit


def test_the_protocol_gives_scale_ladder_onset_and_priors(flagship):
    diary = read_diary(io.StringIO("day,dose_mg,pain\n0,0,6\n1,0.5,5\n"), protocol=flagship)
    question = ask(check_options(), flagship, diary).questions[0]
    assert question.ladder_mg == flagship.drug.ladder_mg
    assert question.mcid == flagship.primary_outcome.mcid
    assert question.planned_days == flagship.planned_days
    assert question.expectation
    assert question.priors.expectation_mean == -0.8
    assert question.onset == Onset("uncertain", flagship.onset.median_days, flagship.onset.log_sd)


def test_options_override_the_protocol(flagship):
    diary = read_diary(io.StringIO("day,dose_mg,pain\n0,0,6\n1,0.5,5\n"), protocol=flagship)
    options = check_options(mcid=2.5, onset="immediate")
    question = ask(options, flagship, diary).questions[0]
    assert (question.mcid, question.onset.kind, question.mcid_source) == (2.5, "immediate", "given with the analysis")
    assert question.better == flagship.primary_outcome.better


def test_priors_of_another_scale_are_not_used_and_that_is_said(flagship):
    diary = read_diary(io.StringIO("day,dose_mg,pain\n0,0,6\n1,0.5,5\n"), protocol=flagship)
    asked = ask(check_options(scale=(0, 100), mcid=10), flagship, diary)
    assert asked.questions[0].priors.expectation_mean == 0
    assert asked.questions[0].priors.expectation_sd == 16
    assert "MOD-ASSUME-05" in codes(asked.warnings)


def test_a_dose_off_the_ladder_is_asked_about_and_said(flagship):
    diary = read_diary(io.StringIO("day,dose_mg,pain\n0,0,6\n1,1,5\n"), protocol=flagship)
    asked = ask(check_options(), flagship, diary)
    assert asked.questions[0].ladder_mg == (0.5, 1.0, 1.5, 3.0, 4.5)
    assert "MOD-ASSUME-04" in codes(asked.warnings)


def test_items_of_the_protocol_that_the_diary_holds_are_secondary(flagship):
    names = [item.name for item in flagship.outcomes if item.name != flagship.primary and not item.sum_of]
    csv = f"day,dose_mg,pain,{names[0]}\n0,0,6,5\n1,0.5,5,5\n"
    asked = ask(check_options(), flagship, read_diary(io.StringIO(csv), protocol=flagship))
    held = [question.outcome for question in asked.questions]
    assert held[0] == flagship.primary
    assert names[0] in held
    assert np.isfinite([question.mcid for question in asked.questions]).all()


def test_an_outcome_that_is_no_item_of_the_protocol_must_be_described(flagship):
    csv = "day,dose_mg,pain,steps\n0,0,6,100\n1,0.5,5,200\n"
    diary = read_diary(io.StringIO(csv), protocol=flagship, outcomes=["steps"])
    assert codes(ask(check_options(outcome="steps"), flagship, diary).problems) == ["MOD-OPT-03", "MOD-OPT-04"]


def test_an_unreadable_diary_still_has_its_options_checked():
    asked = ask(check_options(outcome="pain"), None, None)
    assert codes(asked.problems) == ["MOD-OPT-03", "MOD-OPT-04"]


def test_doses_that_differ_by_rounding_alone_are_one_dose():
    asked = ask(check_options(**PLAIN), None, read("day,dose_mg,pain\n0,0,6\n1,1.5,5\n2,1.50001,5\n3,1.6,5\n"))
    assert asked.questions[0].ladder_mg == (1.5, 1.6)


def test_a_dose_that_is_a_rung_but_for_rounding_is_not_added_to_the_ladder(flagship):
    diary = read_diary(io.StringIO("day,dose_mg,pain\n0,0,6\n1,1.50001,5\n"), protocol=flagship)
    asked = ask(check_options(), flagship, diary)
    assert asked.questions[0].ladder_mg == flagship.drug.ladder_mg
    assert "MOD-ASSUME-04" not in codes(asked.warnings)


@pytest.mark.parametrize("name", ["pain", "dose_mg", "blinded"])
def test_an_outcome_or_a_field_is_no_covariate(diary, name):
    asked = ask(check_options(**PLAIN, covariates=name), None, diary)
    assert [(problem.code, problem.value) for problem in asked.problems] == [("MOD-OPT-17", name)]


def test_a_part_of_the_outcome_is_no_covariate(flagship):
    first = flagship.primary_outcome.model_copy(update={"sum_of": ("left", "right")})
    summed = flagship.model_copy(update={"outcomes": (first,)})
    assert codes(ask(check_options(covariates="left"), summed, None).problems) == ["MOD-OPT-17"]


@pytest.mark.parametrize("name", ["weekend", "cycle", "weather"])
def test_a_covariate_that_the_diary_cannot_give_is_refused_with_what_it_holds(diary, name):
    problem = ask(check_options(**PLAIN, covariates=name), None, diary).problems[0]
    assert (problem.code, problem.value) == ("MOD-OPT-18", name)
    assert "fatigue" in problem.message


def test_a_covariate_that_the_diary_holds_enters_the_question(diary):
    assert ask(check_options(**PLAIN, covariates="fatigue"), None, diary).questions[0].covariates == ("fatigue",)


def test_a_covariate_that_only_the_protocol_names_is_left_out_and_said(flagship):
    planned = flagship.model_copy(update={"covariates": ("weather",)})
    diary = read_diary(io.StringIO("day,dose_mg,pain\n0,0,6\n1,0.5,5\n"), protocol=flagship)
    asked = ask(check_options(), planned, diary)
    assert asked.questions[0].covariates == ()
    assert ("MOD-ASSUME-06", "weather") in [(warning.code, warning.value) for warning in asked.warnings]


@pytest.mark.parametrize("name", ["day", "time", "dose_mg", "planned_mg", "announced", "blinded", "guess", "phase"])
def test_a_field_of_the_diary_is_no_outcome(diary, name):
    asked = ask(check_options(**{**PLAIN, "outcome": name}), None, diary)
    assert ("MOD-OPT-19", name) in [(problem.code, problem.value) for problem in asked.problems]


@pytest.mark.parametrize("name", ["received_at", "opioid", "stopped", "red_flag"])
def test_what_ends_or_stamps_a_diary_is_no_outcome_either(diary, name):
    assert "MOD-OPT-19" in codes(ask(check_options(**{**PLAIN, "outcome": name}), None, diary).problems)


def test_rescue_may_be_an_outcome(diary):
    assert codes(ask(check_options(**{**PLAIN, "outcome": "rescue"}), None, diary).problems) == []


@pytest.mark.parametrize(("high", "warned"), [(0.9, []), (1.1, ["MOD-ASSUME-13"])])
def test_doses_that_span_more_than_two_hundred_fold_get_a_hint_about_units(high, warned):
    diary = read(f"day,dose_mg,pain\n0,0,6\n1,0.005,5\n2,{high},5\n")
    assert codes(ask(check_options(**PLAIN), None, diary).warnings) == warned


def test_a_wide_ladder_that_a_protocol_states_gets_no_hint(flagship):
    diary = read_diary(io.StringIO("day,dose_mg,pain\n0,0,6\n1,0.004,5\n"), protocol=flagship)
    assert "MOD-ASSUME-13" not in codes(ask(check_options(), flagship, diary).warnings)


@pytest.mark.parametrize("doses", [("1e-4", "1000"), ("1e-7", "1e-6"), ("1", "2e6")])
def test_doses_beyond_any_unit_are_refused(doses):
    diary = read(f"day,dose_mg,pain\n0,0,6\n1,{doses[0]},5\n2,{doses[1]},5\n")
    assert codes(ask(check_options(**PLAIN), None, diary).problems) == ["MOD-OPT-20"]


def test_a_side_effect_as_a_covariate_is_said_to_follow_the_drug():
    diary = read_diary(
        io.StringIO("day,dose_mg,pain,side_effect:nausea\n0,0,6,0\n1,1,5,2\n"),
        outcomes=["pain"],
        covariates=["side_effect:nausea"],
    )
    asked = ask(check_options(**PLAIN, covariates="side_effect:nausea"), None, diary)
    assert asked.questions[0].covariates == ("side_effect:nausea",)
    assert codes(asked.warnings) == ["MOD-ASSUME-11"]
