"""The density of binary, count and ordinal outcomes, and of side effects, written a second time, in JAX.

Nothing here comes from ``modicum.analysis``. Everything is sampled jointly: nothing is integrated out and nothing is
approximated. The residual is non-centred, u = s L(ell) z with z standard normal, where L is the Cholesky factor of
exp(-|dt|/ell) over the distinct moments. Diaries and questions are those of ``independent_columns``, with a ``kind``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import log_sigmoid, sigmoid
from jax.scipy.special import gammaln

from verification import independent_columns
from verification.independent_columns import column
from verification.outcome_scale import BASE_COUNT, BASE_RATE, logit, top_dose_sd

jax.config.update("jax_enable_x64", True)

Point = dict[str, jax.Array]  # "shape": all but the residual; "z": the residual, standardised
_INTERCEPT_SD = 2.5
_SPREAD_MEDIAN, _SPREAD_LOG_SD = 0.7, 0.7  # s, the sd of u
_CORRELATION_MEDIAN_DAYS, _CORRELATION_LOG_SD = 4.0, 1.2
_STEP_MEDIAN_DAYS, _STEP_LOG_SD = 4.0, 0.6  # tau_s: how long a step is felt
_SIDE_EFFECT_MEAN, _SIDE_EFFECT_SD = (-2.5, 0.0, 0.0, 0.0), (1.5, 1.5, 1.5, 1.0)
_DOSE_HOUR_BEFORE_MIDNIGHT = 2.0 / 24.0
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(48)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class Model:
    """Everything about one diary and outcome that does not depend on what is sampled.

    Args:
        kind: "binary", "poisson", "negative-binomial" or "ordinal".
        names: names of the coefficients.
        score: the entries.
        moments: the distinct times of entries, days; ``at`` says which of them each entry has.
        mean, prior_root: prior of the coefficients.
        design: from tau to the regressors, entries x coefficients.
        onset: median and log sd of the prior of tau; sd 0 where tau is known.
        scores: of the categories of an ordinal outcome: those that were given, unless the question lists them.
        rungs: the ladder, mg, and g of each rung (side effects only).
    """

    kind: str
    names: tuple[str, ...]
    score: np.ndarray
    moments: np.ndarray
    at: np.ndarray
    mean: np.ndarray
    prior_root: np.ndarray
    design: Callable[[Any], Any]
    onset: tuple[float, float]
    rungs: dict[float, float]
    scores: tuple[float, ...] = (0.0, 1.0)
    side_effect: bool = False

    @property
    def cuts(self) -> int:
        """How many cut points there are."""
        return len(self.scores) - 1 if self.kind == "ordinal" else 0

    @property
    def size(self) -> int:
        """Length of ``Point["shape"]``."""
        return len(self.names) + (self.onset[1] > 0) + 2 + (self.kind == "negative-binomial") + self.cuts


def model_of(diary: dict[str, Any], question: dict[str, Any]) -> Model:
    """The model of a stored diary under a stored question."""
    if question["kind"] == "side-effect":
        return _side_effect(diary, question)
    priors = {
        "intercept_mean": logit(BASE_RATE) if question["kind"] == "binary" else np.log(BASE_COUNT),
        "intercept_sd": _INTERCEPT_SD,
        "ebb_sd": 1.0,
        "trend_sd": 1.0,
        "covariate_sd": 1.0,
        "expectation_mean": 0.0,
        "expectation_sd": 1.0,
        "top_dose_sd": top_dose_sd(question),
    }
    p = independent_columns.problem(diary, {**question, "priors": priors})
    kept = slice(1 if question["kind"] == "ordinal" else 0, None)  # cut points take the place of the intercept
    moments, at = np.unique(p.time, return_inverse=True)
    uncertain = question["onset"]["kind"] == "uncertain"
    return Model(
        kind=question["kind"],
        names=p.names[kept],
        score=p.score,
        moments=moments,
        at=at,
        mean=p.mean[kept],
        prior_root=p.prior_root[kept, kept],
        design=lambda tau: independent_columns.columns(p, tau, jnp)[:, kept],
        onset=(question["onset"]["median_days"], question["onset"]["log_sd"] if uncertain else 0.0),
        rungs=dict.fromkeys(question["ladder_mg"], np.nan),
        scores=tuple(question.get("scores", np.unique(p.score).tolist())),
    )


def _side_effect(diary: dict[str, Any], question: dict[str, Any]) -> Model:
    ladder = np.array(question["ladder_mg"], float)
    half = np.sqrt(ladder[0] * ladder[-1])
    time = column(diary, "time_days")
    day = np.floor(time + _DOSE_HOUR_BEFORE_MIDNIGHT).astype(int)
    days = np.arange(day.min(), day.max() + 1)
    g = np.log1p(independent_columns._course(diary, day, days) / half)
    before = np.concatenate([[0.0], g[:-1]])
    new = g != before
    if "phase" in diary:
        by_day = dict(zip(day.tolist(), diary["phase"], strict=True))
        phase = [by_day[days[0]]]
        for d in days[1:].tolist():
            phase.append(by_day.get(d, phase[-1]))
        new |= np.array([False, *(a != b for a, b in pairwise(phase))])
    starts, rises = days[new] - _DOSE_HOUR_BEFORE_MIDNIGHT, np.maximum(g - before, 0.0)[new]
    score = column(diary, "score")
    used = np.isfinite(score)
    since = time[used][:, None] - starts[None, :]
    level = g[day[used] - days[0]]

    def design(tau):
        felt = jnp.where(since >= 0, jnp.exp(-jnp.maximum(since, 0.0) / tau), 0.0)
        return jnp.column_stack([jnp.ones(len(level)), level, felt @ rises, felt.sum(axis=1)])

    moments, at = np.unique(time[used], return_inverse=True)
    return Model(
        kind="binary",
        names=("a", "b", "c", "n"),
        score=(score[used] >= 1).astype(float),
        moments=moments,
        at=at,
        mean=np.array(_SIDE_EFFECT_MEAN),
        prior_root=np.diag(_SIDE_EFFECT_SD),
        design=design,
        onset=(_STEP_MEDIAN_DAYS, _STEP_LOG_SD),
        rungs={mg: float(np.log1p(mg / half)) for mg in ladder.tolist()},
        side_effect=True,
    )


def natural(m: Model, shape: jax.Array) -> dict[str, jax.Array]:
    """Coefficients, tau, ell, s, log 1/phi and cut points from unconstrained coordinates."""
    linear, rest = shape[: len(m.names)], shape[len(m.names) :]
    tau = jnp.asarray(m.onset[0])
    if m.onset[1] > 0:
        tau, rest = m.onset[0] * jnp.exp(m.onset[1] * rest[0]), rest[1:]
    return {
        "coefficients": m.mean + m.prior_root @ linear,
        "tau": tau,
        "ell": _CORRELATION_MEDIAN_DAYS * jnp.exp(_CORRELATION_LOG_SD * rest[0]),
        "s": _SPREAD_MEDIAN * jnp.exp(_SPREAD_LOG_SD * rest[1]),
        "log_inverse_phi": rest[2] if m.kind == "negative-binomial" else jnp.asarray(-jnp.inf),
        "cuts": cut_points(rest[2:]) if m.cuts else jnp.zeros(0),
    }


def cut_points(free: jax.Array) -> jax.Array:
    """Ascending cut points: the first, and the logs of the gaps."""
    return jnp.cumsum(jnp.concatenate([free[:1], jnp.exp(free[1:])]))


def log_cut_prior(free: jax.Array) -> jax.Array:
    """Log density of the coordinates of the cut points: categories Dirichlet(1, ..., 1) at eta = 0."""
    c = cut_points(free)
    return gammaln(len(c) + 1.0) + (log_sigmoid(c) + log_sigmoid(-c)).sum() + free[1:].sum()


def log_joint(m: Model, x: Point) -> jax.Array:
    """Log density of everything sampled and of the scores, all constants included."""
    shape, z = x["shape"], x["z"]
    normal = shape[: m.size - m.cuts]
    prior = -0.5 * (normal @ normal + z @ z) - 0.5 * (len(normal) + len(z)) * jnp.log(2 * jnp.pi)
    if m.cuts:
        prior += log_cut_prior(shape[m.size - m.cuts :])
    at = natural(m, shape)
    u = at["s"] * (residual_root(m.moments, at["ell"]) @ z)[m.at]
    eta = m.design(at["tau"]) @ at["coefficients"] + u
    return prior + log_likelihood(m, eta, at["log_inverse_phi"], at["cuts"])


def residual_root(moments: np.ndarray, ell: jax.Array) -> jax.Array:
    """The lower Cholesky factor of exp(-|dt|/ell), which has a closed form because u is a Markov process."""
    apart = moments[:, None] - moments[None, :]
    gaps = jnp.asarray(np.diff(moments))
    new = jnp.concatenate([jnp.ones(1), jnp.sqrt(-jnp.expm1(-2 * gaps / ell))])
    return jnp.where(apart >= 0, jnp.exp(-jnp.abs(apart) / ell), 0.0) * new


def log_likelihood(m: Model, eta: jax.Array, log_inverse_phi: Any = -np.inf, cuts: Any = ()) -> jax.Array:
    """Log probability of the scores at these linear predictors."""
    y = jnp.asarray(m.score)
    if m.kind == "binary":
        return jnp.where(y > 0, log_sigmoid(eta), log_sigmoid(-eta)).sum()
    if m.kind == "poisson":
        return (y * eta - jnp.exp(eta) - gammaln(y + 1)).sum()
    if m.kind == "negative-binomial":
        x, phi = log_inverse_phi, jnp.exp(-log_inverse_phi)
        ways = gammaln(y + phi) - gammaln(phi) - gammaln(y + 1)
        total = jnp.logaddexp(-x, eta)  # log(phi + mu)
        return (ways + phi * (-x - total) + y * (eta - total)).sum()
    k = np.argmin(np.abs(np.subtract.outer(m.score, np.array(m.scores))), axis=1)
    c, last = jnp.asarray(cuts), len(m.scores) - 1
    upper, lower = c[np.minimum(k, last - 1)] - eta, c[np.maximum(k - 1, 0)] - eta
    # sigmoid(u) - sigmoid(l) = sigmoid(u) sigmoid(-l) (1 - exp(l - u)): no difference of nearly equal numbers.
    inside = (k > 0) & (k < last)
    narrow = jnp.log(-jnp.expm1(jnp.where(inside, lower - upper, -1.0)))
    above, below = jnp.where(k < last, log_sigmoid(upper), 0.0), jnp.where(k > 0, log_sigmoid(-lower), 0.0)
    return (above + below + jnp.where(inside, narrow, 0.0)).sum()


def mean_outcome(m: Model, a: jax.Array, s: jax.Array, cuts: jax.Array) -> jax.Array:
    """m(a): the mean outcome where the linear predictor is a + u and u is N(0, s^2)."""
    if m.kind in {"poisson", "negative-binomial"}:
        return jnp.exp(a + s**2 / 2)
    u = s * jnp.asarray(_NODES)
    if m.kind == "binary":
        return sigmoid(a[..., None] + u) @ _WEIGHTS
    over = sigmoid(a[..., None, None] + u[:, None] - cuts)  # P(y above the k-th score), k = 1 .. C-1
    return m.scores[0] + (over @ jnp.asarray(np.diff(m.scores))) @ _WEIGHTS


def reported(m: Model, shape: jax.Array) -> dict[str, jax.Array]:
    """Every reported quantity of one draw: on the link scale by name, on the outcome scale per dose."""
    at = natural(m, shape)
    coefficient = dict(zip(m.names, at["coefficients"], strict=True))
    out = {n: c for n, c in coefficient.items() if m.side_effect or n == "expectation" or n.startswith("dose:")}
    if m.onset[1] > 0:
        out["log onset_days"] = jnp.log(at["tau"])
    out |= {"log correlation_days": jnp.log(at["ell"]), "log sd": jnp.log(at["s"])}
    if m.kind == "negative-binomial":
        out["log inverse_phi"] = at["log_inverse_phi"]

    def gain(start, change):
        return (
            mean_outcome(m, start + change, at["s"], at["cuts"]) - mean_outcome(m, start, at["s"], at["cuts"])
        ).mean()

    if m.side_effect:
        a, b = coefficient["a"][None], coefficient["b"]
        return out | {f"attributable:{mg!r}": gain(a, b * g) for mg, g in m.rungs.items()}
    design = m.design(at["tau"])
    fixed = np.array([not name.startswith("dose:") for name in m.names])
    hope = np.array([name == "expectation" for name in m.names])
    without = design @ jnp.where(fixed, at["coefficients"], 0.0)
    unhoped = design @ jnp.where(fixed & ~hope, at["coefficients"], 0.0)
    for mg in m.rungs:
        theta = coefficient[f"dose:{mg!r}"]
        out[f"effect:{mg!r}"] = gain(without, theta)
        if hope.any():
            out[f"with_expectation:{mg!r}"] = gain(unhoped, theta + coefficient["expectation"])
    return out
