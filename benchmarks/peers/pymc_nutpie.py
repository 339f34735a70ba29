"""PyMC with nutpie's NUTS on the density of one diary.

Of the forms tried, the one that reached the same precision soonest on the bundled diary: the OU state of every entry is
sampled too, under nutpie's low-rank mass matrix.
"""

from collections.abc import Callable

import numpy as np
import nutpie
import pymc as pm
import pytensor.tensor as pt

from peers.density import Density

NAME = f"PyMC {pm.__version__} with nutpie {nutpie.__version__} (NUTS)"
WARMUP, DRAWS = 400, 1500


def prepare(density: Density, draws: int) -> Callable[[int], np.ndarray]:
    """Compile; what comes back takes a seed and gives draws of the dose effects, axes (draw, dose)."""
    compiled = nutpie.compile_pymc_model(_model(density))

    def run(seed: int) -> np.ndarray:
        found = nutpie.sample(
            compiled,
            draws=draws,
            tune=WARMUP,
            chains=1,
            cores=1,
            seed=seed,
            low_rank_modified_mass_matrix=True,
            progress_bar=False,
            save_warmup=False,
        )
        scaled = found.posterior["scaled"].to_numpy()[0]
        return (density.mean + scaled @ density.root.T)[:, density.dose_at]

    run(0)
    return run


def _model(density: Density) -> pm.Model:
    with pm.Model() as model:
        tau, ell, sigma = (
            pt.exp(pm.Normal(f"log_{name}", np.log(median), log_sd))
            for name, (median, log_sd) in (("tau", density.tau), ("ell", density.ell), ("sigma", density.sigma))
        )
        omega = pm.Beta("omega", *density.omega)
        scaled = pm.Normal("scaled", 0, 1, shape=len(density.mean))
        timed = -pt.expm1(-density.since / tau) @ density.jumps
        columns = pt.concatenate([pt.as_tensor(density.fixed), timed], axis=1)
        middle = columns @ (density.mean + density.root @ scaled)
        state = pm.Flat("state", shape=len(density.score))
        before = pt.concatenate([pt.zeros(1), state[:-1]])
        keep = pt.exp(-density.gaps / ell)
        kick = 1 - keep**2
        pm.Potential("course", pt.sum(-0.5 * (state - keep * before) ** 2 / kick - 0.5 * pt.log(2 * np.pi * kick)))
        pm.Normal("score", middle + sigma * pt.sqrt(1 - omega) * state, sigma * pt.sqrt(omega), observed=density.score)
    return model
