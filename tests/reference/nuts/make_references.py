"""Make the stored references: long NUTS runs of NumPyro on the density of ``verification/independent_model.py``.

    python tests/reference/nuts/make_references.py [NAME ...]

References that are there already are kept; delete one to have it made anew. Each takes one core two minutes or so.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

import arviz  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import numpyro  # noqa: E402
from numpyro.infer import MCMC, NUTS  # noqa: E402

from verification import independent_columns  # noqa: E402
from verification import independent_model as model  # noqa: E402
from verification.reference_trials import JOINT, TRIALS, Trial, diary_of, question_document, question_of  # noqa: E402

SEED = 20240611
CHAINS, WARMUP = 4, 500
LEAST_ESS, LEAST_ESS_NOISE = 20_000, 2_000  # of coefficients and log tau; of the other three
FIRST, MORE, MOST = 7_000, 1_500, 20  # draws a chain, draws a chain added while ESS is short, times added

# Target acceptance and depth of trees. Short trees with long steps are the quickest in four dimensions.
QUICK, CAREFUL = (0.65, 2), (0.95, 10)


def main(names: list[str]) -> None:
    """Make every reference that is asked for and not there."""
    jobs = [(t.name, t, False) for t in TRIALS] + [(f"joint-{t.name}", t, True) for t in TRIALS if t.name in JOINT]
    for name, trial, joint in jobs:
        path = HERE / f"{name}.json"
        if (names and name not in names) or path.exists():
            continue
        path.write_text(json.dumps(reference(name, trial, joint=joint), indent=None, separators=(",", ":")) + "\n")
        print(name, "done", flush=True)
        jax.clear_caches()  # compiled code is kept otherwise, until there is no memory for more


def reference(name: str, trial: Trial, *, joint: bool) -> dict[str, object]:
    """Sample one trial and summarise it, with everything needed to judge and to repeat it."""
    began = datetime.now(UTC)
    diary, question = diary_of(trial, SEED), question_document(question_of(trial))
    p = independent_columns.problem(diary, question)
    for setting in (CAREFUL,) if joint else (QUICK, CAREFUL):
        figures, draws, divergences = _sampled(p, setting, joint=joint)
        few = divergences <= draws * CHAINS / 10_000
        if few:
            break
    rhat = max(f["r_hat"] for f in figures.values())
    return {
        "schema": "modicum.nuts-reference/1",
        "name": name,
        "virtual": True,
        "made": began.strftime("%Y-%m-%d"),
        "seconds": round((datetime.now(UTC) - began).total_seconds()),
        "method": "NUTS, coefficients sampled with the rest"
        if joint
        else "NUTS over time and noise, coefficients drawn exactly given them",
        "versions": {"numpyro": numpyro.__version__, "jax": jax.__version__, "numpy": np.__version__},
        "seed": SEED,
        "chains": CHAINS,
        "warmup": WARMUP,
        "draws_a_chain": draws,
        "divergences": divergences,
        "target_accept": setting[0],
        "checks": {
            "r_hat_below_1.01": rhat < 1.01,
            "ess_bulk_of_effects_and_onset_at_least_20000": _shortfall(figures) <= 0,
            "at_most_1_divergence_in_10000": few,
        },
        "figures": figures,
        "question": question,
        "diary": diary,
    }


def _sampled(
    p: independent_columns.Problem, setting: tuple[float, int], *, joint: bool
) -> tuple[dict[str, dict[str, float]], int, int]:
    free, linear = len(p.free), len(p.mean)
    size = free + linear if joint else free

    def potential(x):
        return -(model.log_joint(p, x[:free], x[free:]) if joint else model.log_marginal(p, x))

    key = jax.random.PRNGKey(SEED)
    target, depth = setting
    kernel = NUTS(potential_fn=potential, dense_mass=True, target_accept_prob=target, max_tree_depth=depth)
    runner = MCMC(kernel, num_warmup=WARMUP, num_samples=FIRST, num_chains=CHAINS, chain_method="sequential",
                  progress_bar=False)  # fmt: skip
    start = 0.5 * jax.random.normal(key, (CHAINS, size))
    runner.run(key, init_params=start, extra_fields=("diverging",))
    parts, figures, divergences = [], {}, 0
    for _ in range(MOST + 1):
        parts.append(_draws(p, np.asarray(runner.get_samples(group_by_chain=True)), joint=joint, part=len(parts)))
        divergences += int(runner.get_extra_fields()["diverging"].sum())
        figures = {name: _figures(np.concatenate([part[name] for part in parts], axis=1)) for name in parts[0]}
        if _shortfall(figures) <= 0:
            break
        runner.post_warmup_state = runner.last_state
        runner.num_samples = MORE
        runner.run(runner.post_warmup_state.rng_key, extra_fields=("diverging",))
    return figures, sum(part["white_share"].shape[1] for part in parts), divergences


def _shortfall(figures: dict[str, dict[str, float]]) -> float:
    """How far the least effective sample size is from what is wanted of it."""
    noise = ("log correlation_days", "log sd", "white_share")
    return max((LEAST_ESS_NOISE if name in noise else LEAST_ESS) - f["ess_bulk"] for name, f in figures.items())


def _draws(p: independent_columns.Problem, chains: np.ndarray, *, joint: bool, part: int) -> dict[str, np.ndarray]:
    free = len(p.free)
    psi = jax.vmap(jax.vmap(lambda x: model.natural(p, x)))(jnp.asarray(chains[:, :, :free]))
    out = {f"log {n}": np.log(np.asarray(psi[n])) for n in p.free if n != "white_share"}
    out["white_share"] = np.asarray(psi["white_share"])
    coefficients = p.mean + chains[:, :, free:] @ p.prior_root.T if joint else _exact(p, chains, part)
    return out | {name: coefficients[:, :, i] for i, name in enumerate(p.names)}


def _exact(p: independent_columns.Problem, chains: np.ndarray, part: int) -> np.ndarray:
    mean, root = jax.jit(lambda flat: jax.lax.map(lambda x: model.conditional(p, x), flat))(
        chains.reshape(-1, chains.shape[-1])
    )
    normal = np.random.default_rng([SEED, part]).standard_normal(mean.shape)
    out = np.asarray(mean) + np.einsum("nij,nj->ni", np.asarray(root), normal)
    return out.reshape(*chains.shape[:2], -1)


def _figures(values: np.ndarray) -> dict[str, float]:
    kept = {"d": values}
    return {
        "mean": _short(values.mean()),
        "sd": _short(values.std()),
        "mcse_mean": _short(arviz.mcse(kept, method="mean")["d"].item()),
        "ess_bulk": round(arviz.ess(kept, method="bulk")["d"].item()),
        "ess_tail": round(arviz.ess(kept, method="tail")["d"].item()),
        "r_hat": round(arviz.rhat(kept, method="rank")["d"].item(), 5),
    }


def _short(value: float) -> float:
    return float(f"{value:.7g}")


if __name__ == "__main__":
    main(sys.argv[1:])
