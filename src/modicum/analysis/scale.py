"""The scale sigma: conjugate algebra at a cell, in a basis in which every value of sigma costs O(p)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from modicum.analysis.question import Priors

FLOOR_SDS = 6.0  # sigma stays within 6 prior sds; only scores that never change come near (docs/decisions/0004)
SPAN = 4.2  # sigma's nodes cover its conditional posterior to 4.2 sd
NEWTON_STEPS = 80  # halving a bracket of 12 prior sds to SETTLED takes 37
SETTLED = 1e-10  # of log sigma: every cell has its own end, so that no cell's nodes depend on another's


@dataclass(frozen=True)
class ScaleFit:
    """Cells (tau, ell, omega), each diagonalised so that the posterior at any sigma is diagonal.

    With prior covariance P = L L', A = X'R^-1 X and b = X'R^-1(y - X m), let L'A L = U diag(values) U'. Then the
    posterior precision of U'L^-1(coefficients - m) is values/sigma^2 + 1 (conjugate algebra: Lindley & Smith 1972).

    Args:
        values: eigenvalues, >= 0.
        rotated: U'L'b.
        quadratic: (y - Xm)'R^-1(y - Xm).
        log_det: log det R.
        basis: L U.
        n: number of scores.
    """

    values: Float[np.ndarray, "cell coefficient"]
    rotated: Float[np.ndarray, "cell coefficient"]
    quadratic: Float[np.ndarray, " cell"]
    log_det: Float[np.ndarray, " cell"]
    basis: Float[np.ndarray, "cell coefficient coefficient"]
    n: int

    @classmethod
    def of(
        cls,
        *,
        precision: Float[np.ndarray, "cell coefficient coefficient"],
        shift: Float[np.ndarray, "cell coefficient"],
        quadratic: Float[np.ndarray, " cell"],
        log_det: Float[np.ndarray, " cell"],
        n: int,
        prior_covariance: Float[np.ndarray, "coefficient coefficient"],
    ) -> "ScaleFit":
        """Diagonalise A against the prior, for all cells at once."""
        factor = np.linalg.cholesky(prior_covariance)
        values, vectors = np.linalg.eigh(factor.T @ precision @ factor)
        rotated = np.einsum("cij,ci->cj", vectors, shift @ factor)
        return cls(np.maximum(values, 0.0), rotated, np.maximum(quadratic, 0.0), log_det, factor @ vectors, n)

    def posterior(
        self, cell: Int[np.ndarray, " node"], sigma: Float[np.ndarray, " node"]
    ) -> tuple[Float[np.ndarray, "node coefficient"], Float[np.ndarray, "node coefficient coefficient"]]:
        """Posterior mean (less the prior mean) and covariance of the coefficients at cells and values of sigma."""
        per_variance = 1.0 / sigma[:, None] ** 2
        spread = 1.0 / (1.0 + self.values[cell] * per_variance)
        basis = self.basis[cell]
        mean = np.einsum("nij,nj->ni", basis, spread * self.rotated[cell] * per_variance)
        return mean, (basis * spread[:, None, :]) @ basis.transpose(0, 2, 1)


def log_evidence(fit: ScaleFit, sigma: Float[np.ndarray, "cell scale"]) -> Float[np.ndarray, "cell scale"]:
    """Log marginal likelihood at every cell and sigma, all constants included."""
    v = 1.0 / sigma**2
    grown = 1.0 + fit.values[:, None, :] * v[:, :, None]
    explained = (fit.rotated[:, None, :] ** 2 * v[:, :, None] ** 2 / grown).sum(-1)
    constant = -0.5 * fit.n * np.log(2 * np.pi) - 0.5 * fit.log_det[:, None]
    return (
        constant
        + 0.5 * fit.n * np.log(v)
        - 0.5 * np.log(grown).sum(-1)
        - 0.5 * (fit.quadratic[:, None] * v - explained)
    )


def scale_nodes(
    fit: ScaleFit, priors: Priors, count: int
) -> tuple[Float[np.ndarray, "cell scale"], Float[np.ndarray, "cell scale"]]:
    """Nodes of sigma for each cell, centred on its conditional mode, with the log of prior density times node width."""
    middle, log_sd = np.log(priors.sd_median), priors.sd_log_sd
    low, high = middle - FLOOR_SDS * log_sd, middle + FLOOR_SDS * log_sd
    mode, spread = _mode(fit, middle, log_sd, low, high)
    begin = np.maximum(mode - SPAN * spread, low)
    step = (np.minimum(mode + SPAN * spread, high) - begin) / count
    at = begin[:, None] + step[:, None] * (np.arange(count) + 0.5)
    z = (at - middle) / log_sd
    return np.exp(at), -0.5 * z * z - np.log(log_sd * np.sqrt(2 * np.pi)) + np.log(step)[:, None]


def _mode(fit: ScaleFit, middle: float, log_sd: float, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Mode and curvature sd of log sigma given each cell: Newton steps from the residual sd, kept inside a bracket."""
    ridge = fit.rotated**2 / (fit.values + np.exp(2 * middle))
    residual = np.maximum(fit.quadratic - ridge.sum(1), 1e-12 * fit.quadratic + 1e-300)
    at = np.clip(0.5 * np.log(residual / max(fit.n, 1)), low, high)
    left, right = np.full(len(at), low), np.full(len(at), high)
    moving = np.ones(len(at), bool)
    for _ in range(NEWTON_STEPS):
        slope, curve = _derivatives(fit, at, middle, log_sd)
        left, right = np.where(slope > 0, at, left), np.where(slope > 0, right, at)
        newton = at - slope / np.where(curve < 0, curve, -np.inf)
        moved = np.where((newton >= left) & (newton <= right) & (curve < 0), newton, 0.5 * (left + right))
        apart = np.abs(moved - at)
        at = np.where(moving, moved, at)
        moving &= apart > SETTLED
        if not moving.any():
            break
    _, curve = _derivatives(fit, at, middle, log_sd)
    return at, 1.0 / np.sqrt(np.maximum(-curve, log_sd**-2))


def _derivatives(fit: ScaleFit, at: np.ndarray, middle: float, log_sd: float) -> tuple[np.ndarray, np.ndarray]:
    """First and second derivative of the log posterior of log sigma at one point a cell (chain rule through v)."""
    v = np.exp(-2 * at)[:, None]
    a, b2 = fit.values, fit.rotated**2
    grown = 1.0 + a * v
    first = 0.5 * fit.n / v[:, 0] - 0.5 * (a / grown).sum(1)
    first -= 0.5 * (fit.quadratic - (b2 * v * (2 + a * v) / grown**2).sum(1))
    second = -0.5 * fit.n / v[:, 0] ** 2 + 0.5 * (a**2 / grown**2).sum(1) + (b2 / grown**3).sum(1)
    v = v[:, 0]
    slope = -2 * v * first - (at - middle) / log_sd**2
    return slope, 4 * v * first + 4 * v * v * second - log_sd**-2
