from dataclasses import replace

import pytest

from modicum.reports import prescriber, wording
from modicum.reports.tongue import ENGLISH
from unit.reports.synthetic_answers import build, gallery, question


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "fewer than 1 in 100"),
        (0.0099, "fewer than 1 in 100"),
        (0.01, "1 in 100"),
        (0.125, "13 in 100"),
        (0.92, "92 in 100"),
        (0.99, "99 in 100"),
        (0.9901, "more than 99 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_a_chance_is_said_as_people_out_of_100(p, said):
    assert ENGLISH.chance(p) == said


@pytest.mark.parametrize(
    ("mcid", "value", "said"),
    [(1, -1.75, "−1.8"), (5, 7.25, "+7.2"), (10, -18.3, "−18"), (0.1, 0.184, "+0.18"), (0.05, 0.0501, "+0.050")],
)
def test_decimals_show_a_tenth_of_the_difference_that_matters(mcid, value, said):
    assert wording.signed(question(mcid=mcid), value) == said


def test_a_difference_that_rounds_to_nothing_has_no_sign():
    assert wording.signed(question(), -0.04) == "0.0"
    assert wording.size(question(), -0.04) == "no different"


def test_one_point_is_singular_and_two_are_plural():
    assert wording.unit(question(), "1") == "1\u00a0point"
    assert wording.unit(question(), "1.8") == "1.8\u00a0points"
    assert wording.unit(question(unit=""), "1.8") == "1.8"


@pytest.mark.parametrize(
    ("label", "said"),
    [("Pain, last 24 hours", "pain"), ("PROMIS fatigue", "PROMIS fatigue"), ("Mood (morning)", "mood"), ("", "pain")],
)
def test_the_outcome_is_a_word_inside_a_sentence(label, said):
    assert wording.noun(question(label=label)) == said


def test_a_chance_is_said_of_100():
    asked = question(mcid=0.1, low=0.0, high=1.0, unit="in chance", kind="binary", label="Headache")
    assert wording.signed(asked, -0.316) == "−32"
    assert wording.size(asked, -0.316) == "32\u00a0in 100 lower"
    assert wording.mcid(asked) == "10\u00a0in 100"
    assert ENGLISH.axis_title(asked, "Change") == "Change, in 100 (left is better)"
    assert wording.subject(asked, "the ") == "the chance of headache"
    assert wording.subject(question()) == "pain"
    assert (wording.level(asked, 0.4), wording.level(question(), 4.2)) == ("40\u00a0in 100", "4.2")


def test_a_chance_is_lowered_or_raised_and_a_score_made_better_or_worse():
    asked = question(mcid=0.1, low=0.0, high=1.0, kind="binary", label="Headache")
    wanted = question(mcid=0.1, low=0.0, high=1.0, kind="binary", label="Restful night", better="higher")
    assert (wording.improve(asked), wording.worsens(asked)) == (
        "lower your chance of headache",
        "raises your chance of headache",
    )
    assert (wording.improve(wanted), wording.worsens(wanted)) == (
        "raise your chance of restful night",
        "lowers your chance of restful night",
    )
    assert (wording.improve(question()), wording.worsens(question())) == (
        "make your pain better",
        "makes your pain worse",
    )


def test_numbers_of_thousands_are_written_in_full_and_marked():
    asked = question(mcid=223932.14, high=1e6)
    assert wording.mcid(asked) == "223,932.1\u00a0points"
    assert wording.signed(asked, -259052.2) == "−259,052"
    assert wording.signed(asked, -0.2) == "0"


def test_a_treatment_without_a_dose_is_not_called_a_drug():
    asked = question((1.0,), dose_unit="")
    assert wording.dose(asked, 1.0) == "the treatment"
    assert wording.treatment(asked) == "the treatment"


@pytest.mark.parametrize("name", gallery())
def test_marks_add_up_to_100(name):
    assert sum(wording.marks(gallery()[name]).values()) == 100


def test_marks_of_no_dose_are_parted_into_no_effect_and_too_little():
    answer = build("cannot-tell", p_no_effect=0.38)
    counts = wording.marks(answer)
    none = 100 * answer.smallest_dose.probabilities["none"]
    assert counts[wording.NOTHING] == pytest.approx(38, abs=1)
    assert counts[wording.NOTHING] + counts[wording.TOO_LITTLE] == pytest.approx(none, abs=1)


def test_largest_remainders_give_the_missing_marks():
    assert wording.hundred({"a": 0.335, "b": 0.335, "c": 0.33}) == {"a": 34, "b": 33, "c": 33}


def test_open_label_shows_the_drug_and_hope_together():
    answer = gallery()["open-label"]
    dose = wording.focus(answer)
    assert wording.shown(answer, dose) == dose.with_expectation
    assert wording.shown_chance(answer, dose) == dose.p_mcid_with_expectation


def test_any_other_verdict_shows_the_effect_alone_and_the_averaged_chance():
    answer = gallery()["works"]
    dose = wording.focus(answer)
    assert wording.shown(answer, dose) == dose.effect
    assert wording.shown_chance(answer, dose) == dose.p_mcid


def test_without_a_named_dose_the_one_that_the_answer_points_to_is_in_view():
    answer = gallery()["cannot-tell"]
    assert wording.focus(replace(answer, focus_mg=1.5)).dose_mg == 1.5
    assert wording.focus(replace(answer, focus_mg=None)) is None
    assert wording.focus(replace(answer, doses=())) is None


def test_the_dose_that_the_verdict_names_is_in_view_before_any_other():
    assert wording.focus(replace(gallery()["works"], focus_mg=3.0)).dose_mg == 1.5


def test_chances_that_it_helps_and_that_it_harms_count_the_same_possibility_that_it_does_nothing():
    answer = gallery()["open-harm-no-term"]
    dose = wording.focus(answer)
    assert wording.p_worse(answer, dose) == pytest.approx(0.7 * dose.p_harm)
    assert wording.shown_chance(answer, dose) == pytest.approx(0.7 * dose.p_mcid_given_effect)


def test_a_number_stays_on_one_line_with_its_unit():
    assert wording.unbroken("2 mg helps by 1 point in 92 in 100") == "2\u00a0mg helps by 1\u00a0point in 92\u00a0in 100"
    assert wording.unbroken("4 mgs of 3 geese") == "4 mgs of 3 geese"


def test_the_level_without_the_drug_is_that_of_the_dotted_line():
    answer = gallery()["works"]
    hope = replace(answer.course, without_drug=answer.course.without_drug - 0.5)
    assert wording.level_without(replace(answer, course=hope)) == pytest.approx(wording.level_without(answer) - 0.5)
    opened = gallery()["open-label"]
    assert wording.level_without(opened) == opened.level_without_drug.mean


def test_the_variant_that_takes_guesses_into_account_is_said_to_be_judged_more_mildly_only_where_there_is_one():
    answer = build("works")
    milder = "may agree with less certainty, where the protocol says so"
    assert milder in prescriber.variant_words(answer)
    without = tuple(row for row in answer.sensitivity if row.change != "belief adjusted")
    assert milder not in prescriber.variant_words(replace(answer, sensitivity=without))
