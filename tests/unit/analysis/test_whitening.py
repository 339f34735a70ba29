import numpy as np
import pytest

from modicum.analysis.whitening import gram


def dense(columns, time, ell, omega):
    gap = np.abs(time[:, None] - time)
    covariance = (1 - omega) * np.exp(-gap / ell) + omega * np.eye(len(time))
    factor = np.linalg.cholesky(covariance)
    whitened = np.linalg.solve(factor, columns)
    return whitened.T @ whitened, 2 * np.log(np.diag(factor)).sum()


@pytest.mark.parametrize(("ell", "omega"), [(0.3, 0.0), (4.0, 0.3), (150.0, 0.01), (4.0, 1.0)])
def test_the_filter_equals_a_dense_cholesky_on_irregular_times(ell, omega):
    rng = np.random.default_rng(1)
    time = np.cumsum(rng.exponential(1.0, 60))
    columns = rng.normal(size=(60, 4))
    products, log_det = gram(columns, time, np.array([ell]), np.array([omega]))
    expected, expected_log_det = dense(columns, time, ell, omega)
    np.testing.assert_allclose(products[0], expected, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(log_det[0], expected_log_det, rtol=1e-10)


def test_the_filter_goes_on_over_its_chunks():
    rng = np.random.default_rng(2)
    time = np.arange(600.0)
    columns = rng.normal(size=(600, 2))
    products, _ = gram(columns, time, np.array([5.0]), np.array([0.2]))
    np.testing.assert_allclose(products[0], dense(columns, time, 5.0, 0.2)[0], rtol=1e-9)


def test_several_entries_at_one_moment_are_possible_with_white_noise():
    time = np.array([0.0, 0.0, 1.0, 1.0])
    columns = np.array([[1.0], [2.0], [3.0], [5.0]])
    products, _ = gram(columns, time, np.array([2.0]), np.array([0.5]))
    np.testing.assert_allclose(products[0], dense(columns, time, 2.0, 0.5)[0], rtol=1e-12)


def test_a_diary_without_entries_gives_zeros():
    products, log_det = gram(np.zeros((0, 3)), np.zeros(0), np.array([2.0]), np.array([0.5]))
    assert products.shape == (1, 3, 3)
    assert not products.any()
    assert log_det[0] == 0
