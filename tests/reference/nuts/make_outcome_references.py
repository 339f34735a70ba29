"""Make the stored references of outcomes that are not Gaussian: NUTS on ``verification/independent_outcomes.py``.

    python tests/reference/nuts/make_outcome_references.py [KIND-NAME ...]

References that are there already are kept; delete one to have it made anew. Each takes one core a minute or so. One
that does not pass its checks is not written. Trials come in turn from every kind, so one may stop at any time.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

import arviz  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402
import numpyro  # noqa: E402
from numpyro.infer import MCMC, NUTS  # noqa: E402

from verification import independent_outcomes as density  # noqa: E402
from verification.outcome_scale import link_mcid  # noqa: E402
from verification.outcome_trials import TRIALS, Trial, diary_of, question_of  # noqa: E402

FOLDER = HERE / "outcomes"
SEED = 20240611
CHAINS, WARMUP, DRAWS = 8, 600, 750  # draws a chain, added again while the effective sample size is short
MOST = 8  # times
LEAST_ESS, LEAST_ESS_NOISE = 4_000, 2_000  # of theta, kappa and effects; of the parameters of time and noise
ACCEPT = (0.95, 0.99)  # target acceptance, and that of a second attempt where there are divergences
# Trials whose first runs were further from the engine than bounds allow, by no more than a few of their own standard
# errors: these are made with so many times the effective draws, so that it is not chance that decides.
LONGER = {
    "poisson-many-missing-unknown-doses": 6,
    "negative-binomial-very-overdispersed": 6,
    "side-effect-common-strong-residual": 6,
}
NOISE = ("log onset_days", "log correlation_days", "log sd", "log inverse_phi")
Figures = dict[str, dict[str, float]]


def main(names: list[str]) -> None:
    """Make every reference that is asked for and not there."""
    jobs = [((i + 0.5) / len(trials), kind, t) for kind, trials in TRIALS.items() for i, t in enumerate(trials)]
    for _, kind, trial in sorted(jobs, key=lambda job: job[0]):
        name = f"{kind}-{trial.name}"
        path = FOLDER / f"{name}.json"
        if (names and name not in names) or path.exists():
            continue
        try:
            document = reference(name, kind, trial)
        except (RuntimeError, ValueError, FloatingPointError) as problem:  # the other trials do not wait for this one
            print(name, "FAILED", problem, flush=True)
            continue
        checks = document["checks"]
        if all(checks.values()):
            path.write_text(json.dumps(document, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
        print(name, "done" if all(checks.values()) else f"NOT CLEAN {checks}", document["seconds"],
              document["draws_a_chain"], document["divergences"], flush=True)  # fmt: skip
        jax.clear_caches()  # compiled code is kept otherwise, until there is no memory for more


def reference(name: str, kind: str, trial: Trial) -> dict[str, Any]:
    """Sample one trial and summarise it, with everything needed to judge and to repeat it."""
    began = datetime.now(UTC)
    diary, question = diary_of(kind, trial, SEED), question_of(kind, trial)
    times = LONGER.get(name, 1)
    for accept in ACCEPT[-1:] if times > 1 else ACCEPT:
        values, divergences = _sampled(density.model_of(diary, question), accept, times)
        draws = next(iter(values.values())).shape[1]
        few = divergences <= draws * CHAINS / 1_000
        if few:
            break
    figures = {n: _figures(v, quantiles=":" in n and not n.startswith("dose:")) for n, v in values.items()}
    return {
        "schema": "modicum.nuts-reference/1",
        "name": name,
        "virtual": True,
        "made": began.strftime("%Y-%m-%d"),
        "seconds": round((datetime.now(UTC) - began).total_seconds()),
        "method": "NUTS, everything sampled jointly, residual non-centred",
        "versions": {"numpyro": numpyro.__version__, "jax": jax.__version__, "numpy": np.__version__},
        "seed": SEED,
        "chains": CHAINS,
        "warmup": WARMUP,
        "draws_a_chain": draws,
        "divergences": divergences,
        "target_accept": accept,
        "checks": {
            "r_hat_below_1.01": max(f["r_hat"] for f in figures.values()) < 1.01,
            "ess_bulk_of_effects_at_least_4000": _shortfall(values) <= 0,
            "at_most_1_divergence_in_1000": few,
        },
        "link_mcid": _short(link_mcid(question)) if kind != "side-effect" else None,
        "figures": figures,
        "probabilities": _probabilities(values, question),
        "question": question,
        "diary": diary,
    }


def _sampled(m: density.Model, accept: float, times: int) -> tuple[dict[str, np.ndarray], int]:
    """Reported quantities, chain x draw, and how many transitions diverged."""
    key, start = jax.random.split(jax.random.PRNGKey(SEED))
    kernel = NUTS(potential_fn=lambda x: -density.log_joint(m, x), dense_mass=[("shape",)], target_accept_prob=accept)
    runner = MCMC(kernel, num_warmup=WARMUP, num_samples=DRAWS, num_chains=CHAINS, chain_method="vectorized",
                  progress_bar=False)  # fmt: skip
    begin = 0.3 * jax.random.normal(start, (CHAINS, m.size + len(m.moments)))
    runner.run(key, init_params={"shape": begin[:, : m.size], "z": begin[:, m.size :]}, extra_fields=("diverging",))
    report = jax.jit(lambda shapes: jax.lax.map(lambda shape: density.reported(m, shape), shapes))
    parts, divergences = [], 0
    while True:
        shapes = runner.get_samples(group_by_chain=True)["shape"].reshape(CHAINS * DRAWS, m.size)
        parts.append({name: np.asarray(v).reshape(CHAINS, DRAWS) for name, v in report(shapes).items()})
        divergences += int(runner.get_extra_fields()["diverging"].sum())
        values = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}
        hopeless = accept < ACCEPT[-1] and divergences > 2 * len(parts) * CHAINS * DRAWS / 1_000
        if hopeless or _shortfall(values, times) <= 0 or len(parts) == MOST * times:
            return values, divergences
        runner.post_warmup_state = runner.last_state
        runner.run(runner.post_warmup_state.rng_key, extra_fields=("diverging",))


def _shortfall(values: dict[str, np.ndarray], times: int = 1) -> float:
    """How far the least effective sample size is from what is wanted of it, or from so many times that."""
    ess = {name: arviz.ess({"d": v}, method="bulk")["d"].item() for name, v in values.items()}
    return max(times * (LEAST_ESS_NOISE if name in NOISE else LEAST_ESS) - n for name, n in ess.items())


def _figures(values: np.ndarray, *, quantiles: bool) -> dict[str, float]:
    kept = {"d": values}
    out = {
        "mean": _short(values.mean()),
        "sd": _short(values.std()),
        "mcse_mean": _short(arviz.mcse(kept, method="mean")["d"].item()),
        "ess_bulk": round(arviz.ess(kept, method="bulk")["d"].item()),
        "ess_tail": round(arviz.ess(kept, method="tail")["d"].item()),
        "r_hat": round(arviz.rhat(kept, method="rank")["d"].item(), 5),
    }
    if quantiles:
        for percent in (2.5, 50, 97.5):
            out[f"q{percent}"] = _short(np.quantile(values, percent / 100))
            error = arviz.mcse(kept, method="quantile", prob=percent / 100)["d"].item()
            out[f"mcse_q{percent}"] = _short(error)
        out["k_hat"] = round(_tail_shape(values.ravel()), 3)
    return out


def _tail_shape(values: np.ndarray) -> float:
    """Shape of the heavier tail (generalised Pareto, as in PSIS): from 0.5 the sd, from 0.7 the mean says little."""
    away = values - np.median(values)
    shapes = [arviz.psislw(np.log(np.maximum(side * away, 1e-300)))[1] for side in (1, -1)]
    return max(float(shape) for shape in shapes if np.isfinite(shape))


def _probabilities(values: dict[str, np.ndarray], question: dict[str, Any]) -> Figures:
    sign, out = 1 if question["better"] == "higher" else -1, {}
    for name, effect in values.items():
        kind, _, mg = name.partition(":")
        if kind == "effect":
            out[f"p_better:{mg}"] = _share(sign * effect > 0)
            out[f"p_mcid:{mg}"] = _share(sign * effect >= question["mcid"])
    return out


def _share(happened: np.ndarray) -> dict[str, float]:
    """Share of draws, and its error (0 where all draws agree)."""
    error = arviz.mcse({"d": happened.astype(float)})["d"].item() if 0 < happened.mean() < 1 else 0.0
    return {"mean": _short(happened.mean()), "mcse_mean": _short(error)}


def _short(value: float) -> float:
    return float(f"{value:.6g}")


if __name__ == "__main__":
    main(sys.argv[1:])
