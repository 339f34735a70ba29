"""Brute-force quadrature over the full prior box, with the covariance of the scores as a dense matrix at every node.

The second oracle of the engine: no filter, no closing in, no shared algebra between nodes; for short diaries only.
"""

from dataclasses import dataclass, replace
from math import lgamma

import numpy as np
from jaxtyping import Float

from verification.agreement import Moments
from verification.independent_columns import Problem, columns

_REACH = 4.5  # prior sds of each log
_BATCH = 4096
_LIGHT = 1e-10  # nodes lighter than this share of the heaviest do not enter the moments


@dataclass(frozen=True)
class Nodes:
    """Nodes on every axis of the box: many, since nothing closes in."""

    tau: int = 28
    ell: int = 32
    omega: int = 20
    sigma: int = 48


@dataclass(frozen=True)
class Reference:
    """Moments of the coefficients, and the log marginal likelihood."""

    moments: Moments
    log_evidence: float


def reference(p: Problem, nodes: Nodes) -> Reference:
    """Integrate one diary."""
    tau, tau_weight = _tau(p, nodes.tau)
    ell, ell_weight = _log_axis(p.priors["correlation_median_days"], p.priors["correlation_log_sd"], nodes.ell)
    omega, omega_weight = _omega(p, nodes.omega)
    sigma, sigma_weight = _log_axis(p.priors["sd_median"], p.priors["sd_log_sd"], nodes.sigma)
    apart = np.abs(p.time[:, None] - p.time[None, :])
    noise = [(1 - w) * np.exp(-apart / length) + w * np.eye(len(p.time)) for length in ell for w in omega]
    noise_weight = (ell_weight[:, None] + omega_weight).ravel()
    correlation = np.array([s * s * matrix for matrix in noise for s in sigma])
    weight = (noise_weight[:, None] + sigma_weight).ravel()
    logs, means, covariances = [], [], []
    for at, at_weight in zip(tau, tau_weight, strict=True):
        design = columns(p, at)
        for begin in range(0, len(weight), _BATCH):
            chunk = slice(begin, begin + _BATCH)
            logs.append(at_weight + weight[chunk] + _log_density(p, design, correlation[chunk]))
    log_mass = np.concatenate(logs).reshape(len(tau), -1)
    top = log_mass.max()
    mass = np.exp(log_mass - top)
    for t, at in enumerate(tau):
        heavy = np.flatnonzero(mass[t] > _LIGHT)
        mean, covariance = _conditional(p, columns(p, at), correlation[heavy])
        means.append(mean)
        covariances.append(covariance)
    share = np.concatenate([m[m > _LIGHT] for m in mass])
    mean, within = np.concatenate(means), np.concatenate(covariances)
    share = share / share.sum()
    middle = share @ mean
    sd = np.sqrt(share @ (within + (mean - middle) ** 2))
    moments = {n: (float(m), float(s)) for n, m, s in zip(p.names, middle, sd, strict=True)}
    return Reference(moments, float(top + np.log(mass.sum())))


def without_doses(p: Problem) -> Problem:
    """The same diary under the hypothesis that no dose does anything."""
    keep = [i for i, name in enumerate(p.names) if not name.startswith("dose:")]
    timed = [i - p.fixed.shape[1] for i in keep if i >= p.fixed.shape[1]]
    root = p.prior_root[np.ix_(keep, keep)]
    return replace(
        p,
        names=tuple(p.names[i] for i in keep),
        step_jumps=p.step_jumps[:, timed],
        levels=p.levels[:, timed],
        mean=p.mean[keep],
        prior_root=root,
    )


def log_density_at(p: Problem, tau: float, ell: float, omega: float, sigma: float) -> float:
    """Log density of the scores given psi, coefficients integrated out."""
    apart = np.abs(p.time[:, None] - p.time[None, :])
    noise = sigma**2 * ((1 - omega) * np.exp(-apart / ell) + omega * np.eye(len(p.time)))
    return float(_log_density(p, columns(p, tau), noise[None])[0])


def _log_density(
    p: Problem, design: np.ndarray, noise: Float[np.ndarray, "node entry entry"]
) -> Float[np.ndarray, " node"]:
    root = design @ p.prior_root
    factor = np.linalg.cholesky(noise + root @ root.T)
    residual = np.broadcast_to((p.score - design @ p.mean)[:, None], (len(noise), len(p.score), 1))
    white = np.linalg.solve(factor, residual)[:, :, 0]
    log_det = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(1)
    return -0.5 * (white**2).sum(1) - log_det - 0.5 * len(p.score) * np.log(2 * np.pi)


def _conditional(p: Problem, design: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means and variances of the coefficients by conditioning the joint Gaussian of scores and coefficients."""
    prior = p.prior_root @ p.prior_root.T
    cross = design @ prior
    means, variances = np.empty((len(noise), len(p.mean))), np.empty((len(noise), len(p.mean)))
    for begin in range(0, len(noise), _BATCH):
        chunk = slice(begin, begin + _BATCH)
        gain = np.linalg.solve(
            noise[chunk] + cross @ design.T, np.broadcast_to(cross, (len(noise[chunk]), *cross.shape))
        )
        means[chunk] = p.mean + np.einsum("nij,i->nj", gain, p.score - design @ p.mean)
        variances[chunk] = np.diagonal(prior) - np.einsum("nij,ij->nj", gain, cross)
    return means, variances


def _log_axis(median: float, log_sd: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    z = np.linspace(-_REACH, _REACH, count)
    return median * np.exp(log_sd * z), -0.5 * z * z - 0.5 * np.log(2 * np.pi) + np.log(z[1] - z[0])


def _tau(p: Problem, count: int) -> tuple[np.ndarray, np.ndarray]:
    if p.onset["kind"] == "uncertain" and p.levels.shape[1]:
        return _log_axis(p.onset["median_days"], p.onset["log_sd"], count)
    return np.array([p.onset["median_days"]]), np.zeros(1)


def _omega(p: Problem, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre in the angle of omega = sin^2(angle): dense at both ends."""
    x, width = np.polynomial.legendre.leggauss(count)
    angle = (x + 1) * np.pi / 4
    omega = np.sin(angle) ** 2
    a, b = p.priors["white_share_a"], p.priors["white_share_b"]
    density = (a - 1) * np.log(omega) + (b - 1) * np.log1p(-omega) + lgamma(a + b) - lgamma(a) - lgamma(b)
    return omega, density + np.log(np.sin(2 * angle)) + np.log(width * np.pi / 4)
