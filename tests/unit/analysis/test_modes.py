"""The mode and its curvature beside the same found by brute force over coefficients and every u at once."""

import numpy as np
import pytest
from scipy.optimize import minimize

from modicum.analysis.outcomes.cut_points import CutPoints
from modicum.analysis.outcomes.families import Binary, NegativeBinomial, Ordinal, Poisson
from modicum.analysis.outcomes.modes import Search, find_modes
from modicum.analysis.outcomes.residual import ResidualProcess

TIME = np.array([0.0, 0.5, 1.5, 2.0, 4.0, 5.0, 6.5, 7.0, 9.0, 10.0])
COLUMNS = np.column_stack([np.ones(10), np.arange(10) % 4 > 1]).astype(float)
MEAN, COVARIANCE = np.array([0.2, 0.0]), np.array([[4.0, 0.3], [0.3, 1.0]])
SD, ELL = 0.8, 3.0
ANSWERS = {
    "binary": np.array([0, 1, 1, 0, 0, 1, 1, 1, 0, 1.0]),
    "poisson": np.array([0, 3, 1, 7, 2, 0, 0, 1, 4, 2.0]),
    "negative-binomial": np.array([0, 3, 1, 17, 2, 0, 0, 1, 4, 2.0]),
    "ordinal": np.array([0, 1, 2, 2, 1, 0, 3, 2, 1, 1.0]),
}
FAMILIES = {
    "binary": Binary(),
    "poisson": Poisson(),
    "negative-binomial": NegativeBinomial(),
    "ordinal": Ordinal(np.arange(4.0), CutPoints(np.array([2, 4, 3, 1]))),
}


def found(name):
    process = ResidualProcess(np.array([SD]), np.array([ELL]), np.diff(TIME, prepend=TIME[:1]))
    search = Search(FAMILIES[name], ANSWERS[name], COLUMNS[None], MEAN, COVARIANCE, process)
    return find_modes(search, begin(name)[None])


def begin(name):
    return np.full(1, -0.5) if name == "negative-binomial" else np.zeros(FAMILIES[name].shapes)


def brute_force(name):
    """Minus the log joint density of coefficients, shapes and u, its minimum and the Hessian there."""
    family, shapes = FAMILIES[name], FAMILIES[name].shapes
    residual = SD**2 * np.exp(-np.abs(TIME[:, None] - TIME) / ELL)
    inner = [np.linalg.inv(COVARIANCE), np.linalg.inv(residual)]

    def value(x):
        beta, shape, u = np.split(x, [2, 2 + shapes])
        shape = shape if shapes else begin(name)
        eta = (COLUMNS @ beta + u)[None]
        log_joint = family.log_likelihood(ANSWERS[name], eta, family.natural(shape[None])).sum()
        log_joint += float(family.log_prior(shape[None])[0]) if shapes else 0.0
        return -log_joint + 0.5 * ((beta - MEAN) @ inner[0] @ (beta - MEAN) + u @ inner[1] @ u)

    size = 2 + shapes + len(TIME)
    best = minimize(value, np.zeros(size), method="BFGS", options={"gtol": 1e-7}).x
    h = 1e-4
    steps = h * np.eye(size)
    hessian = np.array(
        [
            [
                (value(best + e + f) - value(best + e - f) - value(best - e + f) + value(best - e - f)) / (4 * h * h)
                for f in steps
            ]
            for e in steps
        ]
    )
    constants = 0.5 * np.linalg.slogdet(COVARIANCE)[1] + 0.5 * np.linalg.slogdet(residual)[1]
    evidence = -value(best) - constants - 0.5 * np.linalg.slogdet(hessian)[1] + 0.5 * shapes * np.log(2 * np.pi)
    return best[: 2 + shapes], np.linalg.inv(hessian)[: 2 + shapes, : 2 + shapes], evidence


@pytest.mark.parametrize("name", FAMILIES)
def test_mode_covariance_and_evidence_are_those_of_brute_force(name):
    centre, covariance, evidence = brute_force(name)
    modes = found(name)
    np.testing.assert_allclose(modes.centre[0], centre, atol=2e-3)
    np.testing.assert_allclose(modes.covariance[0], covariance, rtol=0.01, atol=2e-3)
    assert modes.log_evidence[0] == pytest.approx(evidence, abs=5e-3)


@pytest.mark.parametrize("name", FAMILIES)
def test_many_places_at_once_give_what_each_gives_alone(name):
    sd, ell = np.array([0.1, SD, 2.0]), np.array([0.5, ELL, 20.0])
    process = ResidualProcess(sd, ell, np.diff(TIME, prepend=TIME[:1]))
    columns = np.broadcast_to(COLUMNS, (3, *COLUMNS.shape))
    search = Search(FAMILIES[name], ANSWERS[name], columns, MEAN, COVARIANCE, process)
    together = find_modes(search, np.tile(begin(name), (3, 1)))
    np.testing.assert_allclose(together.centre[1], found(name).centre[0], atol=1e-3)
    np.testing.assert_allclose(together.log_evidence[1], found(name).log_evidence[0], atol=1e-3)


def test_answers_of_one_kind_only_have_a_mode_too():
    process = ResidualProcess(np.array([3.0]), np.array([30.0]), np.diff(TIME, prepend=TIME[:1]))
    for family, y in ((Binary(), np.ones(10)), (Poisson(), np.zeros(10)), (Poisson(), np.full(10, 1e6))):
        modes = find_modes(Search(family, y, COLUMNS[None], MEAN, COVARIANCE, process), np.zeros((1, 0)))
        assert np.isfinite(modes.centre).all()
        assert np.all(np.linalg.eigvalsh(modes.covariance[0]) > 0)
