import numpy as np
import pytest

from verification.counts import OUTCOMES, count
from verification.outcome_quantities import weighted
from verification.outcome_references import (
    PROBABILITY_BOUND,
    by_places,
    distances,
    error_of_sd,
    fitted,
    names,
    probabilities,
    read,
    within,
)
from verification.outcome_trials import TRIALS, diary_of, question_of

CHOSEN = [name for kind in OUTCOMES for name in names(kind, count(f"nuts-{kind}"))]
ALL = [name for kind in OUTCOMES for name in names(kind)]
NOISE = ("log onset_days", "log correlation_days", "log sd", "log inverse_phi")


@pytest.mark.parametrize("name", CHOSEN)
def test_the_engine_agrees_with_a_long_nuts_run_on_a_link_scale(name):
    apart = distances(read(name), fitted(name))
    assert within(apart), {quantity: pair for quantity, pair in apart.items() if max(pair) > 0.04}


@pytest.mark.parametrize("name", CHOSEN)
def test_chances_of_benefit_agree_with_a_long_nuts_run(name):
    apart = probabilities(read(name), fitted(name))
    assert max(apart.values(), default=0.0) <= PROBABILITY_BOUND, apart


@pytest.mark.parametrize("name", ALL)
def test_a_reference_on_a_link_scale_passed_its_own_checks(name):
    document = read(name)
    assert all(document["checks"].values()), document["checks"]
    assert max(f["r_hat"] for f in document["figures"].values()) < 1.01
    assert min(f["ess_bulk"] for n, f in document["figures"].items() if n not in NOISE) >= 4_000
    assert min(f["ess_bulk"] for f in document["figures"].values()) >= 2_000
    assert document["divergences"] <= document["chains"] * document["draws_a_chain"] / 1_000


@pytest.mark.parametrize("name", ALL)
def test_a_reference_on_a_link_scale_belongs_to_the_trial_it_names(name):
    document = read(name)
    kind = document["question"]["kind"]
    trial = next(t for t in TRIALS[kind] if f"{kind}-{t.name}" == name)
    assert document["question"] == question_of(kind, trial)
    assert document["diary"] == diary_of(kind, trial, document["seed"])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("binary-crossover-strong-residual", {"autocorrelation": False}),
        ("binary-crossover", {"prior_scale": 0.5}),
        ("binary-titration", {"carry_over": False}),
        ("poisson-mean-30", {"autocorrelation": False}),
        ("poisson-crossover", {"prior_scale": 0.5}),
        ("poisson-crossover-strong-residual", {"carry_over": False}),
        ("negative-binomial-crossover", {"prior_scale": 0.5}),
        ("negative-binomial-crossover-strong-residual", {"autocorrelation": False}),
        ("ordinal-crossover", {"prior_scale": 0.5}),
        ("ordinal-titration", {"carry_over": False}),
        ("ordinal-crossover-strong-residual", {"autocorrelation": False}),
        ("side-effect-titration", {"carry_over": False}),
        ("side-effect-titration", {"prior_scale": 0.5}),
        ("side-effect-common-strong-residual", {"autocorrelation": False}),
    ],
)
def test_an_engine_on_a_link_scale_without_a_part_of_the_model_does_not_agree(name, change):
    document = read(name)
    kept = {quantity: figure for quantity, figure in document["figures"].items() if quantity not in NOISE}
    found = weighted(document["question"], document["diary"], 2048, **change)
    assert not within(distances(document | {"figures": kept}, found))


def test_a_reference_with_a_light_tail_is_compared_by_its_moments():
    document, found = read("binary-crossover"), fitted("binary-crossover")
    assert error_of_sd(document, "effect:4.5", found) < 0.017
    assert not any(by_places(document, quantity, found) for quantity in document["figures"])


def test_a_shift_shows_in_places_of_quantiles_too():
    document, found = read("poisson-crossover"), fitted("poisson-crossover")
    shifted = {**document["figures"]["effect:4.5"]}
    for level in ("q2.5", "q50", "q97.5"):
        shifted[level] += 0.2 * (shifted["q97.5"] - shifted["q2.5"]) / 4
    figures = {"effect:4.5": shifted}
    assert by_places(document, "effect:4.5", found)
    assert not within(distances(document | {"figures": figures}, found))
    assert np.isfinite(distances(document, found)["effect:4.5"]).all()
