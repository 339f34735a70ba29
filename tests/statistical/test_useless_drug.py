"""A drug that does nothing, at small counts; each test fails by chance in at most 1 of 1,000 repetitions."""

import pytest

from verification import open_label
from verification.agreement import coefficient_moments, difference, fitted_given_effect
from verification.counts import count
from verification.useless_drug import COARSE, cell_name, crossover, run_cell, useless_crossover

SOME_CELLS = [(0.9, 0.6, 1.0), (0.9, 0.0, 2.0), (0.3, 0.3, 2.0), (0.0, 0.0, 1.0)]  # the first two are the hardest


@pytest.mark.parametrize("cell", SOME_CELLS, ids=lambda cell: cell_name(*cell))
def test_a_useless_drug_works_in_at_most_five_of_a_hundred_crossovers(cell):
    finding = run_cell(cell, count(cell_name(*cell)))
    assert finding.passed, finding.summary


def test_an_engine_without_autocorrelation_says_too_often_that_it_works():
    assert not run_cell((0.9, 0.0, 2.0), 60, autocorrelation=False).passed


@pytest.mark.parametrize("cell", SOME_CELLS, ids=lambda cell: cell_name(*cell))
def test_the_coarser_grid_of_the_simulation_is_within_the_promised_error(cell):
    _, asked = crossover()
    for index in range(3):
        diary = useless_crossover(*cell, 100_000 + index, asked)
        fine = coefficient_moments(fitted_given_effect(asked, diary).given_effect)
        apart = difference(coefficient_moments(fitted_given_effect(asked, diary, COARSE).given_effect), fine)
        assert apart.mean_in_sd <= 0.02, apart
        assert apart.sd_relative <= 0.02, apart


def test_no_two_draws_share_their_chance():
    _, asked = crossover()
    diaries = [useless_crossover(*cell, index, asked) for cell in SOME_CELLS[:2] for index in (0, 1)]
    assert len({diary.scores["score"].tobytes() for diary in diaries}) == len(diaries)


def test_an_open_course_comes_out_uncertain():
    finding = open_label.run(count("open-taper"))
    assert finding.passed, finding.summary


def test_an_engine_that_knows_no_hope_is_surer_than_an_open_course_can_be():
    assert not open_label.run(10, expectation=False).passed
