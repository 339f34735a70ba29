"""A drug that does nothing, at small counts; each test fails by chance in at most 1 of 1,000 repetitions."""

import pytest

from modicum.analysis.batch.fitting import BATCH_COUNTS
from verification import open_label
from verification.agreement import fitted
from verification.counts import USELESS_OUTCOMES, count
from verification.useless_drug import (
    HARDEST,
    LADDER,
    cell_name,
    crossover,
    fitted_many,
    run_cell,
    run_ladder,
    run_reviews,
    useless_crossover,
    useless_ladder,
    verdict,
)
from verification.useless_outcome import run_outcome
from verification.variants import question

SOME_CELLS = [(0.9, 0.6, 1.0), (0.9, 0.0, 2.0), (0.3, 0.3, 2.0), (0.0, 0.0, 1.0)]  # the first two are the hardest


@pytest.mark.parametrize("cell", SOME_CELLS, ids=lambda cell: cell_name(*cell))
def test_a_useless_drug_works_in_at_most_five_of_a_hundred_crossovers(cell):
    finding = run_cell(cell, count(cell_name(*cell)))
    assert finding.passed, finding.summary


def test_reviews_after_every_pair_declare_no_more_than_the_planned_look():
    finding = run_reviews(HARDEST[0], count(cell_name(*HARDEST[0], "type-one-reviews")))
    assert finding.passed, finding.summary


def test_reviews_that_may_all_declare_say_too_often_that_it_works():
    assert not run_reviews(HARDEST[2], 1000, any_day=True).passed


def test_no_dose_of_a_useless_ladder_works_in_more_than_five_of_a_hundred():
    finding = run_ladder(HARDEST[0], count(cell_name(*HARDEST[0], "type-one-ladder")))
    assert finding.passed, finding.summary


def test_the_compiled_form_judges_a_ladder_as_the_readable_one():
    asked = question(*LADDER)
    diaries = [useless_ladder(*HARDEST[0], 100_000 + index, asked) for index in range(4)]
    for found, diary in zip(fitted_many(asked, diaries), diaries, strict=True):
        assert verdict(found, diary, None) == verdict(fitted(asked, diary, BATCH_COUNTS), diary, None)


@pytest.mark.parametrize("kind", USELESS_OUTCOMES)
def test_a_useless_drug_works_in_at_most_five_of_a_hundred_on_a_link_scale(kind):
    finding = run_outcome(kind, count(f"type-one-{kind}"))
    assert finding.passed, finding.summary


def test_without_autocorrelation_useless_drugs_lessen_counts_too_often():
    assert not run_outcome("count", 60, autocorrelation=False).passed


def test_an_engine_without_autocorrelation_says_too_often_that_it_works():
    assert not run_cell((0.9, 0.0, 2.0), 200, autocorrelation=False).passed


@pytest.mark.parametrize("cell", SOME_CELLS, ids=lambda cell: cell_name(*cell))
def test_the_compiled_form_gives_the_verdicts_of_the_readable_one(cell):
    protocol, asked = crossover()
    diaries = [useless_crossover(*cell, 100_000 + index, asked) for index in range(8)]
    for found, diary in zip(fitted_many(asked, diaries), diaries, strict=True):
        readable = fitted(asked, diary, BATCH_COUNTS)
        assert verdict(found, diary, protocol) == verdict(readable, diary, protocol)
        assert found.doses[0].p_better == pytest.approx(readable.doses[0].p_better, rel=1e-9)
        fine = fitted(asked, diary).doses[0].effect
        assert found.doses[0].effect.mean == pytest.approx(fine.mean, abs=0.02 * fine.sd)
        assert found.doses[0].effect.sd == pytest.approx(fine.sd, rel=0.02)


def test_no_two_draws_share_their_chance():
    _, asked = crossover()
    diaries = [useless_crossover(*cell, index, asked) for cell in SOME_CELLS[:2] for index in (0, 1)]
    assert len({diary.scores["score"].tobytes() for diary in diaries}) == len(diaries)


def test_an_open_course_comes_out_uncertain():
    finding = open_label.run(count("open-taper"))
    assert finding.passed, finding.summary


def test_an_engine_that_knows_no_hope_is_surer_than_an_open_course_can_be():
    assert not open_label.run(10, expectation=False).passed
