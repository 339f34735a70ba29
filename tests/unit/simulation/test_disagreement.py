"""How far clinicians disagree, against counting all pairs by hand and against drawing clinicians anew."""

import numpy as np
import pytest

from modicum.simulation.disagreement import distribution, pairs


def by_hand(nothing, most):
    n = len(nothing)
    return np.mean([nothing[i] >= most[j] for i in range(n) for j in range(n) if i != j])


def clinicians(rng, n):
    """Reports on 20 patients with a useless drug and with a better one, alike within a clinician."""
    share = rng.beta(6, 4, n)
    return rng.binomial(20, share), rng.binomial(20, share + (1 - share) / 3)


@pytest.mark.parametrize("n", [2, 3, 10, 57])
def test_pairs_are_those_of_different_clinicians(n):
    nothing, most = clinicians(np.random.default_rng(n), n)
    assert pairs(nothing, most)["p"] == pytest.approx(by_hand(nothing, most))


def test_where_every_report_of_the_useless_drug_is_lower_no_pair_counts():
    assert pairs(np.array([0, 1, 2]), np.array([5, 6, 7]))["p"] == 0.0
    assert pairs(np.array([5, 6, 7]), np.array([5, 5, 4]))["p"] == 1.0


def test_one_clinician_makes_no_pair_and_two_tell_nothing_of_its_error():
    assert pairs(np.array([3]), np.array([9])) is None
    assert pairs(np.array([3, 4]), np.array([9, 1]))["mcse"] is None


def test_the_error_of_the_share_of_pairs_is_the_spread_over_runs():
    runs = [pairs(*clinicians(np.random.default_rng([7, k]), 80)) for k in range(400)]
    spread = np.std([run["p"] for run in runs], ddof=1)
    # Relative error of an sd of 400 runs is 3.5 %; four of them and the bias of the projection.
    assert np.mean([run["mcse"] for run in runs]) == pytest.approx(spread, rel=0.15)


def test_an_error_that_forgot_that_each_clinician_is_in_many_pairs_would_be_found():
    """The sabotage twin: the error of a share of independent pairs."""
    runs = [pairs(*clinicians(np.random.default_rng([7, k]), 80)) for k in range(400)]
    spread = np.std([run["p"] for run in runs], ddof=1)
    naive = np.sqrt(0.25 * 0.75 / (80 * 79))
    assert naive < 0.5 * spread


def test_a_distribution_counts_clinicians_by_what_they_report():
    found = distribution(np.array([0, 2, 2, 4]), 4)
    assert found["counts"] == [1, 0, 2, 0, 1]
    assert found["mean"] == 0.5
    assert found["sd"] == pytest.approx(np.std([0, 0.5, 0.5, 1], ddof=1))
    assert found["mcse"] == pytest.approx(found["sd"] / 2)


def test_the_range_leaves_out_a_twentieth_at_either_end():
    assert distribution(np.arange(100), 99)["range90"] == pytest.approx([4 / 99, 94 / 99])


def test_of_one_clinician_there_is_a_report_and_no_error():
    found = distribution(np.array([1]), 1)
    assert (found["mean"], found["mcse"], found["sd"]) == (1.0, None, None)
    assert (found["range90"], found["counts"]) == ([1.0, 1.0], [0, 1])


def test_the_error_of_the_mean_is_by_clinician_and_not_by_patient():
    reported = np.array([0, 20] * 50)
    found = distribution(reported, 20)
    assert found["mcse"] == pytest.approx(0.05, rel=0.02)
    assert np.sqrt(0.25 / 2000) < 0.3 * found["mcse"]
