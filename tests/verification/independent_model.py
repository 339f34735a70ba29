"""The density of one diary written a second time, in JAX with dense matrices: what the stored references sample.

Nothing here comes from ``modicum.analysis``. The residual is an n x n matrix and gradients are automatic: slow, plain.
"""

import jax
import jax.numpy as jnp

from verification import independent_columns
from verification.independent_columns import Problem

jax.config.update("jax_enable_x64", True)


def columns(p: Problem, tau: jax.Array) -> jax.Array:
    """The regressors at one onset time."""
    return independent_columns.columns(p, tau, jnp)


def residual_correlation(p: Problem, ell: jax.Array, omega: jax.Array) -> jax.Array:
    """(1 - omega) exp(-|dt|/ell) + omega I."""
    apart = jnp.abs(p.time[:, None] - p.time[None, :])
    return (1 - omega) * jnp.exp(-apart / ell) + omega * jnp.eye(len(p.time))


def natural(p: Problem, x: jax.Array) -> dict[str, jax.Array]:
    """psi from unconstrained coordinates: standardised logs, and the logit of omega."""
    at = dict(zip(p.free, x, strict=True))
    tau = jnp.asarray(p.onset["median_days"])
    if "onset_days" in at:
        tau = p.onset["median_days"] * jnp.exp(p.onset["log_sd"] * at["onset_days"])
    return {
        "onset_days": tau,
        "correlation_days": p.priors["correlation_median_days"]
        * jnp.exp(p.priors["correlation_log_sd"] * at["correlation_days"]),
        "white_share": jax.nn.sigmoid(at["white_share"]),
        "sd": p.priors["sd_median"] * jnp.exp(p.priors["sd_log_sd"] * at["sd"]),
    }


def log_prior(p: Problem, x: jax.Array) -> jax.Array:
    """Log prior density of the unconstrained coordinates, all constants included."""
    at = dict(zip(p.free, x, strict=True))
    normal = sum(-0.5 * at[name] ** 2 - 0.5 * jnp.log(2 * jnp.pi) for name in p.free if name != "white_share")
    a, b = p.priors["white_share_a"], p.priors["white_share_b"]
    constant = jax.scipy.special.gammaln(a + b) - jax.scipy.special.gammaln(a) - jax.scipy.special.gammaln(b)
    logit = at["white_share"]
    return normal + constant + a * jax.nn.log_sigmoid(logit) + b * jax.nn.log_sigmoid(-logit)


def log_marginal(p: Problem, x: jax.Array) -> jax.Array:
    """Log density of psi and the scores, coefficients integrated out through the dense covariance of the scores."""
    psi = natural(p, x)
    root = columns(p, psi["onset_days"]) @ p.prior_root
    residual = p.score - columns(p, psi["onset_days"]) @ p.mean
    noise = psi["sd"] ** 2 * residual_correlation(p, psi["correlation_days"], psi["white_share"])
    return log_prior(p, x) + gaussian(noise + root @ root.T, residual)


def log_joint(p: Problem, x: jax.Array, standardised: jax.Array) -> jax.Array:
    """Log density of psi, the standardised coefficients and the scores: nothing linear integrated out."""
    psi = natural(p, x)
    coefficients = p.mean + p.prior_root @ standardised
    residual = p.score - columns(p, psi["onset_days"]) @ coefficients
    noise = psi["sd"] ** 2 * residual_correlation(p, psi["correlation_days"], psi["white_share"])
    prior = -0.5 * standardised @ standardised - 0.5 * len(standardised) * jnp.log(2 * jnp.pi)
    return log_prior(p, x) + prior + gaussian(noise, residual)


def conditional(p: Problem, x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Mean and lower root of the covariance of the coefficients given psi (Gaussian conditioning on the scores)."""
    psi = natural(p, x)
    design = columns(p, psi["onset_days"])
    root = design @ p.prior_root
    noise = psi["sd"] ** 2 * residual_correlation(p, psi["correlation_days"], psi["white_share"])
    whole = jnp.linalg.cholesky(noise)
    white_root = jax.scipy.linalg.solve_triangular(whole, root, lower=True)
    white_residual = jax.scipy.linalg.solve_triangular(whole, p.score - design @ p.mean, lower=True)
    factor = jnp.linalg.cholesky(jnp.eye(len(p.mean)) + white_root.T @ white_root)
    pulled = jax.scipy.linalg.cho_solve((factor, True), white_root.T @ white_residual)
    back = jax.scipy.linalg.solve_triangular(factor, p.prior_root.T, lower=True).T
    return p.mean + p.prior_root @ pulled, back


@jax.custom_vjp
def gaussian(covariance: jax.Array, residual: jax.Array) -> jax.Array:
    """Log density of N(0, covariance) at the residual."""
    return _gaussian(covariance, residual)[0]


def _gaussian(covariance, residual):
    factor = jnp.linalg.cholesky(covariance)
    solved = jax.scipy.linalg.cho_solve((factor, True), residual)
    log_det = 2 * jnp.log(jnp.diagonal(factor)).sum()
    value = -0.5 * (residual @ solved + log_det + len(residual) * jnp.log(2 * jnp.pi))
    return value, (factor, solved)


def _gaussian_back(kept, cotangent):
    factor, solved = kept
    inverse = jax.scipy.linalg.cho_solve((factor, True), jnp.eye(len(solved)))
    return cotangent * 0.5 * (jnp.outer(solved, solved) - inverse), -cotangent * solved


gaussian.defvjp(_gaussian, _gaussian_back)
