import io

import numpy as np
import pytest

from modicum.protocol import read_protocol
from modicum.records import read_diary
from modicum.services.asking import ask
from modicum.services.options import check_options


def diary_of(doses, scores):
    rows = "".join(f"{day},{dose},{score}\n" for day, (dose, score) in enumerate(zip(doses, scores, strict=True)))
    return read_diary(io.StringIO(f"day,dose_mg,y\n{rows}"), outcomes=["y"])


def asked(diary, kind=None, scale=(0, 10), mcid=1.0):
    return ask(check_options(outcome="y", better="lower", scale=scale, mcid=mcid, kind=kind), None, diary)


def kind_of(diary, kind=None, scale=(0, 10), mcid=1.0):
    return asked(diary, kind, scale, mcid).questions[0].kind


def codes(problems):
    return [problem.code for problem in problems]


def test_many_answers_on_one_end_before_the_first_dose_make_an_ordinal_outcome_and_it_is_said():
    found = asked(diary_of([0] * 12 + [1] * 12, [10, 10, 5] * 4 + [5, 6] * 6))
    assert found.questions[0].kind == "ordinal"
    assert codes(found.warnings) == ["MOD-ASSUME-03"]


def test_answers_on_the_ends_after_the_first_dose_do_not_count_where_there_was_a_run_in():
    assert kind_of(diary_of([0] * 12 + [1] * 12, [5, 6] * 6 + [0] * 12)) == "gaussian"


def test_without_a_run_in_the_whole_file_counts():
    assert kind_of(diary_of([1] * 12 + [0] * 12, [5, 6] * 6 + [0] * 12)) == "ordinal"


def test_exactly_fifteen_in_a_hundred_on_one_end_is_not_too_many():
    assert kind_of(diary_of([0] * 20 + [1] * 20, [0, 0, 0, *([5] * 17), *([5] * 20)])) == "gaussian"


def test_a_stated_kind_stays_and_gets_no_warning():
    found = asked(diary_of([0] * 12 + [1] * 12, [10] * 12 + [5] * 12), kind="gaussian")
    assert found.questions[0].kind == "gaussian"
    assert not found.warnings


def test_answers_between_the_steps_are_never_taken_for_ordinal():
    assert kind_of(diary_of([0] * 12 + [1] * 12, [10, 10, 5.5] * 4 + [5, 6] * 6)) == "gaussian"


def test_a_scale_of_many_steps_is_never_taken_for_ordinal():
    assert kind_of(diary_of([0] * 12 + [1] * 12, [0] * 24), scale=(0, 100)) == "gaussian"


def test_zeros_and_ones_on_a_scale_from_zero_to_one_are_yes_or_no():
    assert kind_of(diary_of([0, 1] * 6, [0, 1, 1] * 4), scale=(0, 1), mcid=0.1) == "binary"


def test_yes_or_no_needs_no_range():
    found = asked(diary_of([0, 1] * 6, [0, 1, 1] * 4), kind="binary", scale=None, mcid=0.2).questions[0]
    assert (found.kind, found.low, found.high) == ("binary", 0.0, 1.0)


def test_even_counts_are_poisson_and_uneven_ones_negative_binomial():
    even, uneven = [3, 4, 5, 4] * 6, [0, 0, 14, 1, 0, 20] * 4
    doses = [0] * 12 + [1] * 12
    assert kind_of(diary_of(doses, even), kind="count", scale=None) == "poisson"
    assert kind_of(diary_of(doses, uneven), kind="count", scale=None) == "negative-binomial"


def test_a_count_without_a_smallest_difference_gets_a_quarter_of_its_mean_and_it_is_said():
    found = asked(diary_of([0, 1] * 6, [4] * 12), kind="count", scale=None, mcid=None)
    assert found.questions[0].mcid == 1.0
    assert codes(found.warnings) == ["MOD-ASSUME-01"]
    assert "a quarter of the mean count" in found.warnings[0].message


@pytest.mark.parametrize(
    ("kind", "scores", "received"),
    [
        ("binary", [0, 1, 2, 5], "2, 5"),
        ("count", [0, 1, 2.5, 3], "2.5"),
        ("ordinal", [0, 1, 2.5, 3], "2.5"),
    ],
)
def test_answers_of_another_kind_are_refused_with_their_values(kind, scores, received):
    scale, mcid = (None, 0.1) if kind == "binary" else ((0, 10), 1.0)
    problems = asked(diary_of([0, 1, 0, 1], scores), kind=kind, scale=scale, mcid=mcid).problems
    assert codes(problems) == ["MOD-OPT-21"]
    assert problems[0].value == received


@pytest.mark.parametrize("scale", [(0, 1), (0.5, 9.5), (0, 100)])
def test_a_range_that_is_no_ordinal_scale_is_refused(scale):
    problems = asked(diary_of([0, 1, 0, 1], [1, 1, 1, 1]), kind="ordinal", scale=scale, mcid=0.3).problems
    assert codes(problems) == ["MOD-OPT-22"]


@pytest.mark.parametrize(("usual", "mcid"), [([0, 1, 1, 0, 0], 0.4), ([0, 0, 0, 0, 0], 0.3)])
def test_the_top_dose_is_given_twice_the_link_change_that_makes_the_smallest_difference(usual, mcid):
    """From the usual chance, with one prior answer of 0.2, upwards; answers with drug are not asked."""
    scores = [*usual, 1, 1, 1, 1]
    question = asked(diary_of([0] * 5 + [1] * 4, scores), kind="binary", scale=None, mcid=mcid).questions[0]
    base = (sum(usual) + 0.2) / 6
    change = np.log((base + mcid) / (1 - base - mcid)) - np.log(base / (1 - base))
    assert question.priors.top_dose_sd == pytest.approx(2 * change)
    assert question.effect_unit == pytest.approx(change)


@pytest.mark.parametrize("with_drug", [0, 5, 40])
def test_the_assumed_smallest_difference_of_counts_does_not_depend_on_answers_with_drug(with_drug):
    scores = [8, 7, 9, 8, 8] + [with_drug] * 9
    question = asked(diary_of([0] * 5 + [1] * 9, scores), kind="count", scale=None, mcid=None).questions[0]
    assert question.mcid == 2.0


def test_a_range_that_is_not_one_of_chances_is_refused_for_yes_or_no():
    problems = asked(diary_of([0, 1, 0, 1], [0, 1, 1, 0]), kind="binary", scale=(0, 10), mcid=1.0).problems
    assert codes(problems) == ["MOD-OPT-22"]
    assert problems[0].value == "0 to 10"


def test_a_smallest_difference_of_a_whole_chance_is_refused():
    problems = asked(diary_of([0, 1, 0, 1], [0, 1, 1, 0]), kind="binary", scale=None, mcid=1.0).problems
    assert codes(problems) == ["MOD-OPT-06"]


@pytest.mark.parametrize("kind", ["binary", "count"])
def test_the_outcome_of_a_protocol_is_not_read_as_another_kind_with_its_smallest_difference(kind):
    rows = "".join(f"{day},{4.5 * (day // 14 % 2)},{day % 2}\n" for day in range(56))
    diary = read_diary(io.StringIO(f"day,dose_mg,pain\n{rows}"), outcomes=["pain"])
    plan = read_protocol("ldn-crossover")
    problems = ask(check_options(kind=kind), plan, diary).problems
    assert [p.code for p in problems if p.where == "--kind (pain)"] == ["MOD-OPT-24"]
    own = ask(check_options(kind=kind, mcid=0.2), plan, diary)
    assert own.questions[0].kind == {"binary": "binary", "count": "poisson"}[kind]
    assert own.questions[0].mcid == 0.2


def test_yes_or_no_is_told_in_chances_whether_stated_or_seen():
    answers = diary_of([0, 1] * 10, [0, 1, 1, 0] * 5)
    for kind, scale in (("binary", None), (None, (0, 1))):
        assert asked(answers, kind=kind, scale=scale, mcid=0.1).questions[0].unit == "in chance"
