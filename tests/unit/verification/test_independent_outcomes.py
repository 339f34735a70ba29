import json
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats

from verification.independent_outcomes import (
    cut_points,
    log_cut_prior,
    log_joint,
    log_likelihood,
    mean_outcome,
    model_of,
    natural,
    reported,
    residual_root,
)
from verification.outcome_scale import link_mcid
from verification.outcome_trials import TRIALS, diary_of, question_of

STORED = sorted((Path(__file__).parents[2] / "reference" / "nuts" / "outcomes").glob("*.json"))
EVERY = [(kind, trial) for kind, trials in TRIALS.items() for trial in trials]
ETA = np.array([-3.0, -0.4, 0.0, 1.3])
CUTS = np.array([-1.0, -0.9, 0.2, 2.0])


def named(kind, name="crossover"):
    return next(trial for trial in TRIALS[kind] if trial.name == name)


def model(kind, name="crossover", **change):
    trial = named(kind, name)
    return replace(model_of(diary_of(kind, trial, 7), question_of(kind, trial)), **change)


def point(m, seed=3):
    rng = np.random.default_rng(seed)
    return {"shape": jnp.array(rng.normal(size=m.size)), "z": jnp.array(rng.normal(size=len(m.moments)))}


def residual(m, x):
    """u by a numerical Cholesky factor of the correlation of the distinct moments."""
    at = natural(m, x["shape"])
    apart = np.abs(m.moments[:, None] - m.moments)
    return float(at["s"]) * (np.linalg.cholesky(np.exp(-apart / float(at["ell"]))) @ np.array(x["z"]))[m.at]


def test_the_likelihood_of_an_event_is_that_of_scipy():
    m = model("binary", score=np.array([0.0, 1.0, 1.0, 0.0]))
    expected = stats.bernoulli.logpmf([0, 1, 1, 0], 1 / (1 + np.exp(-ETA))).sum()
    assert float(log_likelihood(m, ETA)) == pytest.approx(expected, rel=1e-12)


def test_the_likelihood_of_a_count_is_that_of_scipy():
    y = np.array([0.0, 2.0, 7.0, 31.0])
    expected = stats.poisson.logpmf(y, np.exp(ETA)).sum()
    assert float(log_likelihood(model("poisson", score=y), ETA)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("inverse_phi", [0.02, 0.5, 4.0])
def test_the_likelihood_of_an_overdispersed_count_is_that_of_scipy(inverse_phi):
    y, phi = np.array([0.0, 2.0, 7.0, 31.0]), 1 / inverse_phi
    expected = stats.nbinom.logpmf(y, phi, phi / (phi + np.exp(ETA))).sum()
    found = log_likelihood(model("negative-binomial", score=y), ETA, np.log(inverse_phi))
    assert float(found) == pytest.approx(expected, rel=1e-10)


def test_a_count_has_the_variance_that_is_said():
    mean, phi = 3.0, 1.6
    y = np.arange(2000.0)
    m = model("negative-binomial")
    log_p = [float(log_likelihood(replace(m, score=y[k : k + 1]), jnp.log(mean), -np.log(phi))) for k in range(150)]
    p = np.exp(log_p)
    assert p.sum() == pytest.approx(1.0, abs=1e-9)
    assert p @ y[:150] ** 2 - (p @ y[:150]) ** 2 == pytest.approx(mean + mean**2 / phi, rel=1e-6)


def test_the_categories_have_the_probabilities_between_their_cut_points():
    m = model("ordinal")
    edges = np.concatenate([[-np.inf], CUTS, [np.inf]])
    for eta in ETA:
        log_p = [float(log_likelihood(replace(m, score=np.array([k])), eta, cuts=CUTS)) for k in range(5)]
        assert np.exp(log_p) == pytest.approx(np.diff(stats.logistic.cdf(edges - eta)), rel=1e-10)


def test_a_category_between_two_cut_points_that_almost_meet_keeps_its_digits():
    m = model("ordinal", score=np.array([1.0]), scores=(0.0, 1.0, 2.0))
    found = float(log_likelihood(m, np.array([0.0]), cuts=np.array([0.3, 0.3 + 1e-13])))
    assert found == pytest.approx(np.log(1e-13) + stats.logistic.logpdf(0.3), abs=2e-3)


def test_the_prior_of_the_cut_points_is_uniform_over_the_category_probabilities():
    grid = np.linspace(-25, 12, 1481)
    first, gap = np.meshgrid(grid, grid, indexing="ij")
    free = jnp.array([first.ravel(), gap.ravel()])
    weight = np.exp(np.array(_vector(log_cut_prior, free))) * (grid[1] - grid[0]) ** 2
    p = np.diff(stats.logistic.cdf(np.array(_vector(cut_points, free))), axis=0, prepend=0.0)
    p = np.vstack([p, 1 - p.sum(axis=0)])
    assert weight.sum() == pytest.approx(1.0, abs=2e-4)
    assert p @ weight == pytest.approx([1 / 3] * 3, abs=2e-4)
    second = p @ (weight * p).T  # Dirichlet(1, 1, 1): E p_j p_k = (1 + [j = k]) / 12
    assert second == pytest.approx((np.ones((3, 3)) + np.eye(3)) / 12, abs=2e-4)


def _vector(function, free):
    return jax.vmap(function, in_axes=1, out_axes=-1)(free)


@pytest.mark.parametrize(
    ("kind", "better", "mcid", "high", "expected"),
    [
        ("binary", "lower", 0.15, 1.0, np.log(19 / 4)),  # logit 0.2 - logit 0.05
        ("binary", "higher", 0.2, 1.0, np.log(4 * 2 / 3)),  # logit 0.4 - logit 0.2
        ("binary", "lower", 0.2, 1.0, np.log(4 * 2 / 3)),  # nothing is left: the other direction
        ("poisson", "lower", 0.5, 1000.0, np.log(2)),
        ("poisson", "higher", 0.5, 1000.0, np.log(1.5)),
        ("negative-binomial", "lower", 0.97, 1000.0, np.log(1.97)),
        ("poisson", "lower", 5.0, 1000.0, np.log(6)),
        # Cut points at -log 2 and log 2; with t = exp(eta): t/(t+2) + 2t/(2t+1) = 1.5, so t^2 - 2.5 t - 3 = 0.
        ("ordinal", "lower", 0.5, 2.0, np.log((2.5 + np.sqrt(18.25)) / 2)),
    ],
)
def test_the_mcid_on_the_link_scale_is_that_worked_by_hand(kind, better, mcid, high, expected):
    question = {"kind": kind, "better": better, "mcid": mcid, "low": 0.0, "high": high}
    assert link_mcid(question) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("s", [0.05, 0.7, 1.5, 4.0])
@pytest.mark.parametrize("kind", ["binary", "poisson", "ordinal"])
def test_the_mean_outcome_is_the_integral_over_the_residual(kind, s):
    m = model(kind)
    a = np.array([-2.3, 0.4])
    plain = {
        "binary": stats.logistic.cdf,
        "poisson": np.exp,
        "ordinal": lambda eta: stats.logistic.cdf(eta - CUTS).sum(),
    }[kind]
    found = mean_outcome(m, jnp.array(a), jnp.array(s), jnp.array(CUTS))
    for start, value in zip(a, np.array(found), strict=True):
        whole = integrate.quad(
            lambda u, at: plain(at + s * u) * stats.norm.pdf(u), -12, 12, args=(start,), limit=400, epsabs=1e-11
        )
        assert value == pytest.approx(whole[0], rel=2e-4 if s > 3 else 1e-6)


def test_the_residual_has_the_root_of_its_correlation():
    times = np.array([0.3, 0.9, 1.0, 7.0, 7.5])
    root = np.array(residual_root(times, jnp.array(2.5)))
    assert np.triu(root, 1) == pytest.approx(np.zeros((5, 5)))
    assert root @ root.T == pytest.approx(np.exp(-np.abs(times[:, None] - times) / 2.5), rel=1e-12)


def test_entries_at_one_moment_share_the_residual():
    m = model("binary", "twice-at-one-time")
    assert len(m.moments) < len(m.score) == len(m.at)
    assert (np.diff(m.moments) > 0).all()


@pytest.mark.parametrize(("kind", "name"), [
    ("binary", "twice-at-one-time"), ("poisson", "titration"), ("negative-binomial", "mean-30"),
    ("ordinal", "eleven-even-only"), ("side-effect", "two-a-day-missing"),
])  # fmt: skip
def test_the_joint_density_is_prior_and_likelihood(kind, name):
    m = model(kind, name)
    x = point(m)
    at = natural(m, x["shape"])
    eta = np.array(m.design(at["tau"])) @ np.array(at["coefficients"]) + residual(m, x)
    normal = np.concatenate([x["shape"][: m.size - m.cuts], x["z"]])
    prior = stats.norm.logpdf(normal).sum() + (float(log_cut_prior(x["shape"][-m.cuts :])) if m.cuts else 0.0)
    likelihood = float(log_likelihood(m, jnp.array(eta), at["log_inverse_phi"], at["cuts"]))
    assert float(log_joint(m, x)) == pytest.approx(prior + likelihood, rel=1e-8)


def test_the_priors_are_those_of_the_model():
    question = question_of("binary", named("binary", "titration"))
    m = model("binary", "titration")
    covariance = dict(zip(m.names, m.prior_root @ m.prior_root.T, strict=True))
    at = {name: i for i, name in enumerate(m.names)}
    assert m.mean[at["intercept"]] == pytest.approx(np.log(0.25))
    sds = {name: np.sqrt(covariance[name][at[name]]) for name in m.names}
    expected = {"intercept": 2.5, "ebb": 1.0, "trend": 1.0, "expectation": 1.0, "dose:4.5": 2 * link_mcid(question)}
    assert {name: sds[name] for name in expected} == pytest.approx(expected)
    g = np.log1p(np.array([0.5, 1.5, 3.0, 4.5]) / 1.5)
    assert covariance["dose:0.5"][at["dose:3.0"]] == pytest.approx((2 * link_mcid(question)) ** 2 * g[0] / g[3])
    x = natural(m, jnp.zeros(m.size).at[-3:].set(1.0))
    logs = [float(jnp.log(x[name])) for name in ("tau", "ell", "s")]
    assert logs == pytest.approx([np.log(4) + 0.8, np.log(4) + 1.2, np.log(0.7) + 0.7])


def test_an_ordinal_outcome_has_cut_points_and_no_intercept():
    m = model("ordinal", "eleven-categories")
    assert m.cuts == len(set(m.score)) - 1
    assert "intercept" not in m.names
    assert (np.diff(natural(m, point(m)["shape"])["cuts"]) > 0).all()


def test_the_effect_is_the_mean_over_entries_of_what_the_dose_changes():
    m = model("binary", "open-taper-four-doses")
    shape = point(m)["shape"]
    at = natural(m, shape)
    value = dict(zip(m.names, np.array(at["coefficients"]), strict=True))
    column = dict(zip(m.names, np.array(m.design(at["tau"])).T, strict=True))
    found = reported(m, shape)
    bare = sum(value[name] * column[name] for name in ("intercept", "ebb", "trend"))
    hoped = bare + value["expectation"] * column["expectation"]

    def mean(a):
        return np.array(mean_outcome(m, jnp.array(a), at["s"], at["cuts"])).mean()

    effect = mean(hoped + value["dose:1.5"]) - mean(hoped)
    assert float(found["effect:1.5"]) == pytest.approx(effect, rel=1e-12)
    both = mean(bare + value["dose:1.5"] + value["expectation"]) - mean(bare)
    assert float(found["with_expectation:1.5"]) == pytest.approx(both, rel=1e-12)


def side_effect(dose, phase=None, ladder=(4.5,)):
    diary = {
        "time_days": [d + 20 / 24 for d in range(len(dose))],
        "dose_mg": list(dose),
        "score": [0.0, 1.0, 2.0] * (len(dose) // 3) + [0.0] * (len(dose) % 3),
        "covariates": {},
    }
    return model_of(diary | ({"phase": phase} if phase else {}), {"kind": "side-effect", "ladder_mg": list(ladder)})


def test_a_first_day_with_the_drug_is_a_step_and_one_without_is_not():
    drug, none = side_effect([4.5] * 3), side_effect([0.0] * 3)
    age = np.arange(3) + 22 / 24
    g = np.log(2.0)  # one dose: d_half is that dose
    assert np.array(drug.design(2.0)) == pytest.approx(
        np.column_stack([np.ones(3), np.full(3, g), g * np.exp(-age / 2), np.exp(-age / 2)])
    )
    assert np.array(none.design(2.0))[:, 1:] == pytest.approx(np.zeros((3, 3)))
    assert drug.score == pytest.approx([0.0, 1.0, 1.0])


def test_a_new_kit_is_a_step_without_a_rise_and_so_is_a_smaller_dose():
    m = side_effect([0.0, 0.0, 4.5, 0.5], ["run-in", "kit 1", "kit 1", "kit 1"], (0.5, 4.5))
    columns = np.array(m.design(3.0))
    g = np.log1p(np.array([0.5, 4.5]) / 1.5)
    age = np.maximum(np.arange(4)[:, None] + 20 / 24 - (np.arange(1, 4) - 2 / 24), 0.0)
    felt = np.exp(-age / 3) * (np.arange(4)[:, None] >= np.arange(1, 4))
    assert columns[:, 1] == pytest.approx([0.0, 0.0, g[1], g[0]])
    assert columns[:, 2] == pytest.approx(g[1] * felt[:, 1])
    assert columns[:, 3] == pytest.approx(felt.sum(axis=1))


def test_the_attributable_rate_leaves_out_the_steps():
    m = side_effect([0.0] * 5 + [4.5] * 5)
    shape = point(m)["shape"]
    found, at = reported(m, shape), natural(m, shape)
    a, b = np.array(at["coefficients"])[:2]
    rates = mean_outcome(m, jnp.array([a, a + b * np.log(2)]), at["s"], at["cuts"])
    assert float(found["attributable:4.5"]) == pytest.approx(float(rates[1] - rates[0]), rel=1e-12)


def test_there_are_enough_trials_of_every_kind():
    assert [kind for kind, trials in TRIALS.items() if len(trials) < (8 if kind == "side-effect" else 20)] == []
    assert len({(kind, trial.name) for kind, trial in EVERY}) == len(EVERY)


@pytest.mark.parametrize(("kind", "trial"), EVERY, ids=[f"{kind}-{trial.name}" for kind, trial in EVERY])
def test_a_diary_holds_what_its_kind_allows(kind, trial):
    diary, question = diary_of(kind, trial, 7), question_of(kind, trial)
    score = np.array([v for v in diary["score"] if v is not None])
    assert 20 <= len(score) <= 84
    assert set(score) <= set(np.arange(question["low"], question["high"] + 1))
    assert {len(diary[name]) for name in diary if name != "covariates"} == {len(diary["score"])}
    assert (np.diff(diary["time_days"]) >= 0).all()


@pytest.mark.parametrize("path", STORED, ids=[path.stem for path in STORED])
def test_a_stored_reference_passed_its_checks_and_belongs_to_its_trial(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    kind = document["question"]["kind"]
    trial = named(kind, path.stem.removeprefix(f"{kind}-"))
    assert document["question"] == question_of(kind, trial)
    assert document["diary"] == diary_of(kind, trial, document["seed"])
    assert all(document["checks"].values())
    assert max(f["r_hat"] for f in document["figures"].values()) < 1.01
    noise = ("log onset_days", "log correlation_days", "log sd", "log inverse_phi")
    assert min(f["ess_bulk"] for name, f in document["figures"].items() if name not in noise) >= 4_000
    assert document["divergences"] <= document["chains"] * document["draws_a_chain"] / 1_000
