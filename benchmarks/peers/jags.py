"""JAGS (Gibbs and slice sampling) on the density of one diary, as a process of its own.

The Ornstein-Uhlenbeck state of every entry is sampled too: JAGS knows no process whose state is integrated out.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from peers.density import Density

_PROGRAM = shutil.which("jags")
if _PROGRAM is None:
    raise ImportError("there is no program jags; on Debian: apt-get install jags")

NAME = "JAGS (Gibbs)"
WARMUP, DRAWS = 1000, 40_000
_MODEL = """
model {
  log_tau ~ dnorm(log(tau[1]), pow(tau[2], -2))
  log_ell ~ dnorm(log(ell[1]), pow(ell[2], -2))
  log_sigma ~ dnorm(log(sigma[1]), pow(sigma[2], -2))
  white ~ dbeta(omega[1], omega[2])
  for (i in 1:n_coefficients) { scaled[i] ~ dnorm(0, 1) }
  coefficient <- mean + root %*% scaled
  for (j in 1:n_jumps) { jump[j] <- inprod(jumps[j, ], coefficient[(n_fixed + 1):n_coefficients]) }
  state[1] ~ dnorm(0, 1)
  for (t in 2:n) {
    keep[t] <- exp(-gaps[t] / exp(log_ell))
    state[t] ~ dnorm(keep[t] * state[t - 1], 1 / (1 - pow(keep[t], 2)))
  }
  for (t in 1:n) {
    for (j in 1:n_jumps) { risen[t, j] <- 1 - exp(-since[t, j] / exp(log_tau)) }
    middle[t] <- inprod(fixed[t, ], coefficient[1:n_fixed]) + inprod(risen[t, ], jump)
    score[t] ~ dnorm(middle[t] + exp(log_sigma) * sqrt(1 - white) * state[t], exp(-2 * log_sigma) / white)
  }
}
"""


def prepare(density: Density, draws: int) -> Callable[[int], np.ndarray]:
    """Write the model; what comes back takes a seed and gives draws of the dose effects, axes (draw, dose)."""
    folder = Path(tempfile.mkdtemp(prefix="jags-"))
    (folder / "model.bug").write_text(_MODEL)
    (folder / "data.R").write_text("\n".join(_data(density)))

    def run(seed: int) -> np.ndarray:
        inits = folder / "inits.R"
        inits.write_text(f'".RNG.name" <- "base::Mersenne-Twister"\n".RNG.seed" <- {seed}\n')
        (folder / "run.cmd").write_text(
            "model in model.bug\ndata in data.R\ncompile\nparameters in inits.R\ninitialize\n"
            f"update {WARMUP}\nmonitor scaled\nupdate {draws}\ncoda *\n"
        )
        subprocess.run([_PROGRAM, "run.cmd"], cwd=folder, check=True, capture_output=True)
        values = np.loadtxt(folder / "CODAchain1.txt")[:, 1].reshape(len(density.mean), draws).T
        return (density.mean + values @ density.root.T)[:, density.dose_at]

    return run


def _data(density: Density) -> list[str]:
    """The density's arrays in R's notation, which JAGS reads: columns first."""
    arrays = {name: getattr(density, name) for name in ("score", "gaps", "fixed", "since", "jumps", "mean", "root")}
    arrays |= {name: np.array(getattr(density, name)) for name in ("tau", "ell", "omega", "sigma")}
    sizes = {"n": len(density.score), "n_jumps": len(density.jumps), "n_fixed": density.fixed.shape[1]}
    sizes["n_coefficients"] = len(density.mean)
    return [f'"{name}" <- {size}' for name, size in sizes.items()] + [
        f'"{name}" <- {_in_r(np.asarray(value, float))}' for name, value in arrays.items()
    ]


def _in_r(value: np.ndarray) -> str:
    listed = "c(" + ", ".join(repr(float(x)) for x in value.T.ravel()) + ")"
    return listed if value.ndim == 1 else f"structure({listed}, .Dim = c({', '.join(map(str, value.shape))}))"
