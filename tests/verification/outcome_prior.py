"""Diaries drawn from the prior for outcomes that are not Gaussian, with the truth of every reported quantity.

Truth, linear predictor and reported quantities are those of the second writing (``independent_outcomes``), so that
simulation-based calibration also tests the engine's columns and its way back to the outcome's own scale. Nothing of the
prior is left out. Answers are drawn at linear predictors held to 40 on either side: no float holds a count of e^40.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from verification import independent_outcomes as density
from verification.prior_predictive import stream

Calendar = Callable[[np.random.Generator], dict[str, Any]]
_MOST = 40.0
_MISSING = 0.12
_KITS = ("run-in", "A", "B", "C", "D", "E", "F", "G")


@dataclass(frozen=True)
class OutcomeVariant:
    """A question, and a maker of trials to ask it of."""

    name: str
    question: dict[str, Any]
    calendar: Calendar


@dataclass(frozen=True)
class OutcomeDrawn:
    """The truth of every reported quantity, and the stored diary that it made."""

    truth: dict[str, float]
    diary: dict[str, Any]


def draw_outcome(variant: OutcomeVariant, index: int, *, effect: bool = True) -> OutcomeDrawn:
    """Draw one truth and its diary.

    Only scores that were given are categories, so of an ordinal outcome a diary without one of them is drawn again: to
    choose by the diary leaves what is said of it calibrated.

    Args:
        variant: whose priors are drawn from.
        index: of the random stream.
        effect: whether the doses do anything.
    """
    rng = stream(f"outcome-{variant.name}", index)
    while True:
        drawn = _drawn(variant, rng, effect=effect)
        if variant.question["kind"] != "ordinal" or set(_scores(variant)) <= set(drawn.diary["score"]):
            return drawn


def _scores(variant: OutcomeVariant) -> tuple[float, ...]:
    low, high = variant.question["low"], variant.question["high"]
    return tuple(np.arange(low, high + 1.0).tolist())


def _drawn(variant: OutcomeVariant, rng: np.random.Generator, *, effect: bool) -> OutcomeDrawn:
    entries, question = variant.calendar(rng), variant.question
    m = density.model_of(
        entries, {**question, "scores": _scores(variant)} if question["kind"] == "ordinal" else question
    )
    shape = rng.standard_normal(m.size)
    if not effect:
        shape[[i for i, name in enumerate(m.names) if name.startswith("dose:")]] = 0.0
    if m.cuts:
        shape[m.size - m.cuts :] = _free_cuts(rng.dirichlet(np.ones(len(m.scores))))
    at = density.natural(m, shape)
    u = float(at["s"]) * np.asarray(density.residual_root(m.moments, at["ell"])) @ rng.standard_normal(len(m.moments))
    eta = np.asarray(m.design(at["tau"]) @ at["coefficients"]) + u[m.at]
    answers = _answers(m, np.clip(eta, -_MOST, _MOST), at, rng)
    score = np.array([np.nan if s is None else s for s in entries["score"]], float)
    score[np.isfinite(score)] = answers
    entries["score"] = [None if np.isnan(s) else float(s) for s in score]
    return OutcomeDrawn({name: float(value) for name, value in density.reported(m, shape).items()}, entries)


def _free_cuts(probabilities: np.ndarray) -> np.ndarray:
    """Coordinates of the cut points that give these probabilities at a linear predictor of 0."""
    below = np.cumsum(probabilities)[:-1]
    above = np.cumsum(probabilities[::-1])[::-1][1:]
    cuts = np.log(below) - np.log(above)
    return np.concatenate([cuts[:1], np.log(np.diff(cuts))])


def _answers(m: density.Model, eta: np.ndarray, at: dict[str, Any], rng: np.random.Generator) -> np.ndarray:
    if m.kind == "binary":
        return (rng.random(len(eta)) < 1.0 / (1.0 + np.exp(-eta))).astype(float)
    if m.kind == "ordinal":
        above = eta + rng.logistic(size=len(eta)) > np.asarray(at["cuts"])[:, None]
        return np.array(m.scores)[above.sum(axis=0)]
    mean = np.exp(eta)
    if m.kind == "negative-binomial":
        inverse_phi = float(np.exp(at["log_inverse_phi"]))
        mean = mean * rng.gamma(1.0 / inverse_phi, inverse_phi, len(eta))
    return rng.poisson(mean).astype(float)


def _entries(daily: list[tuple[float, float]], rng: np.random.Generator) -> dict[str, Any]:
    """One entry an evening; the same number is missing from every diary, so that what is compiled serves all."""
    days = len(daily)
    score: list[float | None] = [0.0] * days
    for missing in rng.choice(days, round(_MISSING * days), replace=False).tolist():
        score[missing] = None
    return {
        "time_days": (np.arange(days) + 20.0 / 24.0).tolist(),
        "dose_mg": [dose for dose, _ in daily],
        "announced": [told for _, told in daily],
        "score": score,
        "covariates": {},
    }


def _pairs(doses: tuple[float, ...], run_in: int, half: int) -> Calendar:
    """A run-in, then for each dose two blinded halves, drug and placebo, their order by a fair coin."""

    def calendar(rng: np.random.Generator) -> dict[str, Any]:
        daily = [(0.0, 0.0)] * run_in
        for dose in doses:
            halves = [(dose, 0.5), (0.0, 0.5)]
            for which in rng.permutation(2):
                daily += [halves[which]] * half
        return _entries(daily, rng)

    return calendar


def _kits(rng: np.random.Generator) -> dict[str, Any]:
    """Three doses ascending with one hidden placebo kit among them, 12 days each, after a run-in of 12."""
    doses = [0.5, 1.5, 4.5]
    doses.insert(int(rng.integers(0, 4)), 0.0)
    daily = [(0.0, 0.0)] * 12 + [(dose, 0.5) for dose in doses for _ in range(12)]
    return {**_entries(daily, rng), "phase": [_KITS[day // 12] for day in range(len(daily))]}


def question(kind: str, *ladder_mg: float, **change: Any) -> dict[str, Any]:
    """A stored question with the defaults of its kind."""
    return {
        "kind": kind,
        "outcome": "score",
        "label": "Score",
        "unit": "points",
        "better": "lower",
        "low": 0.0,
        "high": {"binary": 1.0, "ordinal": 4.0, "side-effect": 3.0}.get(kind, 1e6),
        "mcid": {"binary": 0.15}.get(kind, 0.5),
        "ladder_mg": list(ladder_mg),
        "onset": {"kind": "uncertain", "median_days": 4.0, "log_sd": 0.8},
        "planned_days": None,
        "expectation": kind != "side-effect",
        "covariates": [],
        **change,
    }


OUTCOME_VARIANTS = {
    v.name: v
    for v in (
        OutcomeVariant("binary", question("binary", 1.5, 4.5), _pairs((1.5, 4.5, 1.5), 8, 8)),
        OutcomeVariant("poisson", question("poisson", 4.5), _pairs((4.5, 4.5), 8, 8)),
        OutcomeVariant("negative-binomial", question("negative-binomial", 4.5), _pairs((4.5, 4.5), 8, 8)),
        OutcomeVariant("ordinal", question("ordinal", 4.5), _pairs((4.5, 4.5), 8, 8)),
        OutcomeVariant("side-effect", question("side-effect", 0.5, 1.5, 4.5), _kits),
    )
}
