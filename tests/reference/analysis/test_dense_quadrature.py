import numpy as np
import pytest

from modicum.analysis.whitening import gram
from verification.agreement import fitted
from verification.dense_quadrature import log_density_at
from verification.independent_columns import columns, problem
from verification.quadrature import FEW, compared, within
from verification.reference_trials import TRIALS, diary_of, question_document, question_of
from verification.small_diaries import SMALL, quick
from verification.stored import diary_from, question_from

SMALLEST = [t for t in SMALL if t.name in ("nightly-12-rows", "fixed-onset-20-rows", "three-doses-nightly")]
SMALLEST += [quick(t) for t in SMALL if t.name in ("pair-16-rows", "open-step-18-rows", "two-a-day-24-rows")]


@pytest.mark.parametrize("trial", SMALLEST, ids=lambda t: t.name)
def test_the_engine_agrees_with_brute_force(trial):
    found = compared(trial, FEW)
    assert within(found), found


@pytest.mark.parametrize(
    "change",
    [{"prior_scale": 1.2}, {"autocorrelation": False}, {"white_noise": False}, {"trend": True, "dose": "taken"}],
)
def test_only_an_engine_of_another_model_disagrees_with_brute_force(change):
    """The last change is none for this diary (doses are as assigned), and must agree."""
    trial = next(t for t in SMALL if t.name == "three-doses-nightly")
    assert within(compared(trial, FEW, **change)) is ("trend" in change)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda t: t.name)
def test_columns_priors_and_density_are_those_of_the_independent_model(trial):
    """At a fixed tau, ell, omega and sigma the two densities are the same number, to rounding."""
    document, asked = diary_of(trial, 7), question_document(question_of(trial))
    p = problem(document, asked)
    design = fitted(question_from(asked), diary_from(document)).design
    tau, ell, omega, sigma = (0.0 if p.onset["kind"] == "immediate" else 3.1), 2.3, 0.35, 1.4
    whole = np.column_stack([design.fixed, design.timed(np.array([tau]))[0]])
    assert design.names == p.names
    np.testing.assert_allclose(whole, columns(p, tau), atol=1e-10)
    np.testing.assert_allclose(design.covariance, p.prior_root @ p.prior_root.T, atol=1e-10)
    scaled = np.column_stack([design.score - whole @ design.mean, whole])
    products, log_det = gram(scaled, design.time_days, np.array([ell]), np.array([omega]))
    ours = marginal(products[0] / sigma**2, float(log_det[0]), design.covariance, len(design), sigma)
    assert ours == pytest.approx(log_density_at(p, tau, ell, omega, sigma), abs=1e-7)


def marginal(products, log_det, covariance, n, sigma):
    """Log density of the scores from the products of whitened columns, the scores first."""
    shift, precision = products[1:, 0], products[1:, 1:] + np.linalg.inv(covariance)
    explained = shift @ np.linalg.solve(precision, shift)
    grown = np.linalg.slogdet(precision)[1] + np.linalg.slogdet(covariance)[1]
    return -0.5 * (products[0, 0] - explained + grown + log_det + n * np.log(2 * np.pi * sigma**2))
