import numpy as np
import pytest
from scipy.special import expit

from modicum.analysis.outcomes.cut_points import CutPoints

COUNTS = {
    "even": np.array([5, 5, 5, 5]),
    "one category": np.array([0, 0, 40, 0]),
    "never the ends": np.array([0, 3, 9, 20, 2, 0]),
    "none at all": np.array([0, 0, 0]),
    "many": np.array([900, 50, 30, 15, 5]),
}


def coordinates(cuts, n=12):
    return np.random.default_rng(3).normal(0.0, 2.0, (n, len(cuts)))


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
def test_cut_points_ascend_and_give_chances_that_add_up(counts):
    cuts = CutPoints(counts)
    places = cuts.places(coordinates(cuts))
    assert np.all(np.diff(places, axis=1) > 0)
    assert np.isfinite(places).all()


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
def test_the_derivatives_of_cut_points_are_those_of_small_steps(counts):
    cuts, h = CutPoints(counts), 1e-5
    at = coordinates(cuts, 4)
    steps = h * np.eye(len(cuts))
    wanted = np.stack([(cuts.places(at + e) - cuts.places(at - e)) / (2 * h) for e in steps], axis=-1)
    np.testing.assert_allclose(cuts.jacobian(at), wanted, rtol=1e-5, atol=1e-7)
    first, second = cuts.prior_slope(at)
    slope = np.stack([(cuts.log_prior(at + e) - cuts.log_prior(at - e)) / (2 * h) for e in steps], axis=-1)
    np.testing.assert_allclose(first, slope, rtol=1e-4, atol=1e-5)
    bent = np.stack([(cuts.prior_slope(at + e)[0] - cuts.prior_slope(at - e)[0]) / (2 * h) for e in steps], axis=-1)
    np.testing.assert_allclose(-second, np.diagonal(bent, axis1=1, axis2=2), rtol=1e-3, atol=1e-4)


def test_the_bend_is_the_second_derivative_of_a_weighted_sum_of_cut_points():
    cuts, h = CutPoints(COUNTS["even"]), 1e-3
    at, pull = coordinates(cuts, 1), np.array([[0.3, -1.0, 2.0]])

    def total(x):
        return float((pull * cuts.places(x)).sum())

    wanted = [
        [
            (total(at + e + f) - total(at + e - f) - total(at - e + f) + total(at - e - f)) / (4 * h * h)
            for f in h * np.eye(3)
        ]
        for e in h * np.eye(3)
    ]
    np.testing.assert_allclose(cuts.bend(at, pull)[0], wanted, atol=1e-3)


@pytest.mark.parametrize("counts", [COUNTS["none at all"], COUNTS["even"], np.array([9, 1, 0])])
def test_the_prior_is_dirichlet_whatever_was_counted(counts):
    """Its mean chance of every category is 1/C; counts choose the coordinates, not the prior."""
    cuts = CutPoints(counts)
    rng = np.random.default_rng(8)
    at = rng.standard_t(5, (40_000, len(cuts))) * 1.5
    drawing = np.sum(np.log(np.exp(_log_t(at / 1.5)) / 1.5), axis=1)
    weight = np.exp(cuts.log_prior(at) - drawing)
    chances = np.diff(np.column_stack([np.zeros(len(at)), expit(cuts.places(at)), np.ones(len(at))]), axis=1)
    error = np.sqrt((weight**2).sum()) / weight.sum()
    assert error < 0.02
    np.testing.assert_allclose(weight @ chances / weight.sum(), 1 / (len(cuts) + 1), atol=5 * error)
    assert weight.mean() == pytest.approx(1.0, abs=5 * error)


def test_nothing_is_lost_far_out():
    cuts = CutPoints(COUNTS["never the ends"])
    for far in (-14.0, 14.0):
        places = cuts.places(np.full((1, len(cuts)), far))
        assert np.isfinite(places).all()
        assert np.isfinite(cuts.log_prior(np.full((1, len(cuts)), far))).all()
    assert cuts.log_prior(np.full((1, len(cuts)), 14.5))[0] == -np.inf


def _log_t(x, freedom=5.0):
    from scipy.stats import t

    return t.logpdf(x, freedom)
