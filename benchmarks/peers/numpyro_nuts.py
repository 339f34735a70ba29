"""NumPyro's NUTS on the density of one diary: a scalar Kalman filter under ``jax.lax.scan``.

Of the forms tried, the one that reached the same precision soonest on the bundled diary: coefficients integrated out by
whitening, then drawn exactly given each draw of the four parameters of time and noise.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.linalg import solve_triangular
from numpyro.infer import MCMC, NUTS

from peers.density import Density

NAME = f"NumPyro {numpyro.__version__} (NUTS)"
WARMUP, DRAWS = 400, 700
jax.config.update("jax_enable_x64", True)


def prepare(density: Density, draws: int) -> Callable[[int], np.ndarray]:
    """Compile; what comes back takes a seed and gives draws of the dose effects, axes (draw, dose)."""
    kernel = NUTS(_model, dense_mass=True, target_accept_prob=0.8)
    runner = MCMC(kernel, num_warmup=WARMUP, num_samples=draws, num_chains=1, progress_bar=False)
    coefficients = jax.jit(jax.vmap(lambda psi, normal: _drawn(density, psi, normal)))

    def run(seed: int) -> np.ndarray:
        runner.run(jax.random.PRNGKey(seed), density)
        normal = np.random.default_rng(seed).standard_normal((draws, len(density.mean)))
        return np.asarray(coefficients(runner.get_samples(), normal))[:, density.dose_at]

    run(0)
    return run


def _model(density: Density) -> None:
    psi = {
        name: numpyro.sample(name, dist.Normal(np.log(median), log_sd))
        for name, (median, log_sd) in (("tau", density.tau), ("ell", density.ell), ("sigma", density.sigma))
    }
    psi["omega"] = numpyro.sample("omega", dist.Beta(*density.omega))
    columns, log_det = _whitened(density, psi)
    factor, pulled = _conjugate(columns)
    explained = columns[:, -1] @ columns[:, -1] - pulled @ pulled
    numpyro.factor(
        "scores",
        -0.5 * (explained + log_det) - jnp.log(jnp.diagonal(factor)).sum() - len(density.score) * psi["sigma"],
    )


def _whitened(density: Density, psi: dict[str, jax.Array]) -> tuple[jax.Array, jax.Array]:
    """Columns times the root of their prior, then the scores, whitened; and the log determinant of the correlation."""
    timed = -jnp.expm1(-density.since / jnp.exp(psi["tau"])) @ density.jumps
    design = jnp.concatenate([density.fixed, timed], axis=1)
    rows = jnp.column_stack([design @ density.root, density.score - design @ density.mean]) * jnp.exp(-psi["sigma"])
    keep, omega = jnp.exp(-density.gaps / jnp.exp(psi["ell"])), psi["omega"]
    signal = jnp.sqrt(1 - omega)

    def widths(variance, decay):
        variance = decay**2 * variance + 1 - decay**2
        spread = (1 - omega) * variance + omega
        return variance * omega / spread, (spread, variance * signal / spread)

    def surprises(mean, now):
        decay, gain, row = now
        surprise = row - signal * decay * mean
        return decay * mean + gain * surprise, surprise

    _, (spread, gain) = jax.lax.scan(widths, 1.0, keep)
    _, surprise = jax.lax.scan(surprises, jnp.zeros(rows.shape[1]), (keep, gain, rows))
    return surprise / jnp.sqrt(spread)[:, None], jnp.log(spread).sum()


def _conjugate(columns: jax.Array) -> tuple[jax.Array, jax.Array]:
    design, score = columns[:, :-1], columns[:, -1]
    factor = jnp.linalg.cholesky(jnp.eye(design.shape[1]) + design.T @ design)
    return factor, solve_triangular(factor, design.T @ score, lower=True)


def _drawn(density: Density, psi: dict[str, jax.Array], normal: jax.Array) -> jax.Array:
    factor, pulled = _conjugate(_whitened(density, psi)[0])
    return density.mean + density.root @ solve_triangular(factor.T, pulled + normal, lower=False)
