"""Modes: at each node of psi the joint mode of coefficients, shapes and residual, and the Laplace approximation there.

Newton's method is a least-squares fit of a working response under an Ornstein-Uhlenbeck residual with known white
noise of its own at each entry, so that one Kalman filter serves all columns (Rue, Martino & Chopin 2009, section 2).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from modicum.analysis.outcomes.families import Family
from modicum.analysis.outcomes.residual import ResidualProcess

_STEPS = 30
_SETTLED = 1e-4  # of the largest change of eta
_LONGEST = 4.0  # largest change of eta in one step
_LEAST_INFORMATION = 1e-8
_FARTHEST_SHAPE = 13.0


@dataclass(frozen=True)
class Modes:
    """The Laplace approximation at each node.

    Args:
        centre: mode of coefficients and shapes.
        covariance: of the same, the residual integrated.
        log_evidence: log of prior of the coefficients times likelihood, both integrated.
    """

    centre: Float[np.ndarray, "node parameter"]
    covariance: Float[np.ndarray, "node parameter parameter"]
    log_evidence: Float[np.ndarray, " node"]


@dataclass(frozen=True)
class Search:
    """What a mode is searched for: one diary at every node.

    Args:
        family: how an answer comes about.
        y: the answers.
        columns: regressors at each node.
        mean, covariance: prior of the coefficients; the covariance may differ from node to node.
        process: the residual at each node.
    """

    family: Family
    y: Float[np.ndarray, " entry"]
    columns: Float[np.ndarray, "node entry coefficient"]
    mean: Float[np.ndarray, " coefficient"]
    covariance: Float[np.ndarray, "*node coefficient coefficient"]
    process: ResidualProcess


@dataclass(frozen=True)
class _Step:
    """Where one Newton step leads, with the curvature of coefficients and shapes, and log det of (1 + R W)."""

    coefficients: np.ndarray
    moved: np.ndarray
    residual: np.ndarray
    curvature: np.ndarray
    log_det: np.ndarray


def find_modes(search: Search, shape: Float[np.ndarray, "node shape"]) -> Modes:
    """Find the mode at every node at once.

    Args:
        search: see there.
        shape: shape parameters; where the family finds them itself, the place to begin.

    Returns:
        The modes; where Newton's method has not settled in 30 steps, its last place.
    """
    family, columns = search.family, search.columns
    precision = np.linalg.inv(search.covariance)
    eta = np.tile(np.clip(family.start(search.y), -5.0, 8.0), (len(columns), 1))
    step = _newton(search, precision, eta, shape)
    for _ in range(_STEPS):
        new_eta = np.einsum("nti,ni->nt", columns, step.coefficients) + step.residual
        change = np.maximum(np.abs(new_eta - eta).max(1, initial=0.0), np.abs(step.moved).max(1, initial=0.0))
        share = np.minimum(1.0, _LONGEST / np.maximum(change, 1e-300))[:, None]
        eta = eta + share * (new_eta - eta)
        if family.shapes:
            shape = np.clip(shape + share * step.moved, -_FARTHEST_SHAPE, _FARTHEST_SHAPE)
        if np.all(change < _SETTLED):
            break
        step = _newton(search, precision, eta, shape)
    apart = step.coefficients - search.mean
    log_prior = -0.5 * (apart * (precision @ apart[:, :, None])[:, :, 0]).sum(1) + 0.5 * np.linalg.slogdet(precision)[1]
    log_prior = log_prior + family.log_prior(shape) + 0.5 * family.shapes * np.log(2 * np.pi)
    value = family.log_likelihood(search.y, eta, family.natural(shape)).sum(1)
    value = value - 0.5 * search.process.penalty(step.residual)
    covariance = np.linalg.inv(step.curvature)
    return Modes(
        centre=np.concatenate([step.coefficients, shape[:, : family.shapes]], axis=1),
        covariance=0.5 * (covariance + covariance.transpose(0, 2, 1)),
        log_evidence=value + log_prior - 0.5 * step.log_det - 0.5 * np.linalg.slogdet(step.curvature)[1],
    )


def _newton(search: Search, precision: np.ndarray, eta: np.ndarray, shape: np.ndarray) -> _Step:
    family, y, size = search.family, search.y, search.columns.shape[2]
    slope, information = family.slope(y, eta, family.natural(shape))
    information = np.maximum(information, _LEAST_INFORMATION)
    response = eta + slope / information
    curves = family.shape_curves(y, eta, shape)
    pulls = curves.cross / information[:, :, None]  # completing the square in eta makes columns of the shapes
    table = np.concatenate([search.columns, pulls, response[:, :, None]], axis=2)
    process = search.process.given(information)
    gram, filtered = process.whiten(table)
    curvature, aim = gram[:, :-1, :-1].copy(), gram[:, :-1, -1].copy()
    curvature[:, :size, :size] += precision
    aim[:, :size] += precision @ search.mean
    if family.shapes:
        curvature[:, size:, size:] += curves.inner - curves.cross.transpose(0, 2, 1) @ pulls
        aim[:, size:] += curves.slope - np.einsum("ntk,nt->nk", pulls, slope)
        curvature = _positive(curvature, size)
    solved = np.linalg.solve(curvature, aim[:, :, None])[:, :, 0]
    loads = np.concatenate([-solved, np.ones((len(solved), 1))], axis=1)
    residual = process.smooth(np.einsum("ntc,nc->nt", filtered, loads))
    return _Step(solved[:, :size], solved[:, size:], residual, curvature, process.log_det)


def _positive(curvature: np.ndarray, size: int) -> np.ndarray:
    """The curvature with that of the shapes given the coefficients kept above a tenth: their prior's is about 1."""
    cross = curvature[:, size:, :size]
    through = cross @ np.linalg.solve(curvature[:, :size, :size], cross.transpose(0, 2, 1))
    left = curvature[:, size:, size:] - through
    values, vectors = np.linalg.eigh(0.5 * (left + left.transpose(0, 2, 1)))
    out = curvature.copy()
    out[:, size:, size:] = (vectors * np.maximum(values, 0.1)[:, None, :]) @ vectors.transpose(0, 2, 1) + through
    return out
