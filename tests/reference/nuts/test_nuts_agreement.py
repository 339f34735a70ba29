import jax.numpy as jnp
import pytest

from verification import independent_model
from verification.dense_quadrature import log_density_at
from verification.independent_columns import problem
from verification.reference_trials import TRIALS, diary_of, question_document, question_of
from verification.stored_references import MEAN_BOUND_SD, SD_BOUND, distances, names, read


@pytest.mark.parametrize("name", names())
def test_the_engine_agrees_with_a_long_nuts_run(name):
    linear, noise = distances(read(name))
    assert linear.mean_in_sd <= MEAN_BOUND_SD, linear
    assert linear.sd_relative <= SD_BOUND, linear
    assert noise.mean_in_sd <= MEAN_BOUND_SD, noise


@pytest.mark.parametrize("name", names())
def test_a_reference_passed_its_own_checks(name):
    document = read(name)
    figures = document["figures"].values()
    assert all(document["checks"].values()), document["checks"]
    named = ("log correlation_days", "log sd", "white_share")
    assert min(f["ess_bulk"] for name, f in document["figures"].items() if name not in named) >= 20_000
    assert min(f["ess_bulk"] for f in figures) >= 2_000
    assert max(f["r_hat"] for f in figures) < 1.01
    assert document["divergences"] <= document["chains"] * document["draws_a_chain"] / 10_000


@pytest.mark.parametrize("name", names())
def test_a_reference_belongs_to_the_trial_it_names(name):
    document = read(name)
    trial = next(t for t in TRIALS if t.name == name.removeprefix("joint-"))
    asked = {**question_document(question_of(trial)), "ladder_mg": list(trial.effects)}
    assert document["question"] == {**asked, "covariates": list(trial.covariates)}
    assert document["diary"] == diary_of(trial, document["seed"])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("crossover-white", {"white_noise": False}),
        ("crossover-correlated", {"autocorrelation": False}),
        ("titration", {"carry_over": False}),
        ("titration", {"prior_scale": 1.3}),
        ("crossover", {"trend": False}),
    ],
)
def test_an_engine_without_a_part_of_the_model_does_not_agree(name, change):
    if name not in names():
        pytest.skip(f"NOT CHECKED: there is no stored reference {name}")
    document = read(name)
    if change == {"trend": False}:
        document["figures"].pop("trend")
    linear, _ = distances(document, **change)
    assert linear.mean_in_sd > MEAN_BOUND_SD or linear.sd_relative > SD_BOUND


def test_the_density_that_nuts_samples_is_that_of_the_dense_quadrature():
    trial = TRIALS[0]
    p = problem(diary_of(trial, 7), question_document(question_of(trial)))
    x = jnp.array([0.3, -0.2, 0.4, 0.1])
    psi = {name: float(value) for name, value in independent_model.natural(p, x).items()}
    theirs = log_density_at(p, psi["onset_days"], psi["correlation_days"], psi["white_share"], psi["sd"])
    sampled = independent_model.log_marginal(p, x) - independent_model.log_prior(p, x)
    assert float(sampled) == pytest.approx(theirs, abs=1e-8)
