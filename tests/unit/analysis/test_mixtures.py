import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from modicum.analysis.mixtures import below, first_to_reach, quantiles, summary

WEIGHT = np.array([0.2, 0.5, 0.3])
MEAN = np.array([-4.0, 0.0, 1.0])
SD = np.array([0.3, 1.0, 2.0])


def test_a_quantile_is_where_the_probability_says():
    levels = np.array([0.001, 0.025, 0.25, 0.5, 0.975, 0.999])
    at = quantiles(levels, WEIGHT, MEAN, SD)
    np.testing.assert_allclose(below(at, WEIGHT, MEAN, SD), levels, atol=1e-9)


def test_quantiles_of_one_gaussian_are_exact_also_far_out():
    at = quantiles(np.array([1e-6, 0.5, 1 - 1e-6]), np.ones(1), np.array([3.0]), np.array([2.0]))
    np.testing.assert_allclose(at, norm.ppf([1e-6, 0.5, 1 - 1e-6], 3, 2), atol=1e-7)


def test_a_constant_has_all_its_quantiles_in_one_place():
    found = summary(np.ones(1), np.array([2.0]), np.array([0.0]))
    assert (found.mean, found.sd, found.interval95) == (2.0, 0.0, (2.0, 2.0))


@pytest.mark.parametrize("k", [1, 2, 4, 9])
def test_the_first_dose_to_reach_agrees_with_brute_force(k):
    rng = np.random.default_rng(k)
    n = 40
    root = rng.normal(size=(n, k, k)) * 0.7 + 0.5
    covariance = root @ root.transpose(0, 2, 1) + 0.2 * np.eye(k)
    mean, weight = rng.normal(size=(n, k)), rng.dirichlet(np.ones(n))
    draws = np.concatenate(
        [rng.multivariate_normal(m, c, int(400_000 * w) + 1) for m, c, w in zip(mean, covariance, weight, strict=True)]
    )
    hit = draws >= 1.0
    brute = np.array([(hit[:, j] & ~hit[:, :j].any(1)).mean() for j in range(k)])
    reached, none = first_to_reach(1.0, weight, mean, covariance)
    np.testing.assert_allclose(reached, brute, atol=5e-3)
    assert none == pytest.approx((~hit.any(1)).mean(), abs=5e-3)
    assert reached.sum() + none == pytest.approx(1.0, abs=1e-12)


def test_an_orthant_of_one_component_agrees_with_an_independent_integral():
    covariance = np.array([[[1.0, 0.6, 0.2], [0.6, 2.0, 0.9], [0.2, 0.9, 1.5]]])
    mean = np.array([[0.2, -0.4, 0.9]])
    expected = multivariate_normal(mean[0], covariance[0]).cdf(np.ones(3))
    many = 200  # the same component many times: the lattice's shifts average out
    found = first_to_reach(1.0, np.full(many, 1 / many), np.repeat(mean, many, 0), np.repeat(covariance, many, 0))[1]
    assert found == pytest.approx(expected, abs=1e-3)


def test_no_dose_means_that_none_reaches():
    assert first_to_reach(1.0, np.ones(1), np.zeros((1, 0)), np.zeros((1, 0, 0)))[1] == 1.0
