"""The variants of the model that are calibrated, each with the kind of trial that it is for."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from modicum.analysis.question import Onset, Question, default_priors
from verification.prior_predictive import Calendar

_EVENING = 20.0 / 24.0


@dataclass(frozen=True)
class Variant:
    """A question, and a maker of trials to ask it of."""

    name: str
    question: Question
    calendar: Calendar


def question(*ladder_mg: float, **change: Any) -> Question:
    """Pain 0-10 with an MCID of 1, priors as under a protocol."""
    asked: dict[str, Any] = {
        "outcome": "score",
        "label": "Score",
        "unit": "points",
        "better": "lower",
        "low": 0.0,
        "high": 10.0,
        "mcid": 1.0,
        "ladder_mg": ladder_mg,
        "priors": default_priors(0.0, 10.0, 1.0, with_protocol=True),
    }
    return Question(**asked | change)


def _entries(
    daily: list[tuple[float, float]],
    rng: np.random.Generator,
    hours: tuple[float, ...] = (20.0,),
    missing: float = 0.12,
) -> dict[str, Any]:
    time = np.array([d + h / 24 for d in range(len(daily)) for h in hours])
    if len(hours) > 1:
        time = np.sort(time + rng.uniform(-0.04, 0.04, len(time)))
    day = np.floor(time + 2 / 24).astype(int)
    made = rng.random(len(time)) >= missing
    return {
        "time_days": time.tolist(),
        "dose_mg": [daily[d][0] for d in day],
        "announced": [daily[d][1] for d in day],
        "score": [0.0 if m else None for m in made],
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


def _titration(rng: np.random.Generator) -> dict[str, Any]:
    """Four doses ascending with two hidden placebo blocks in different gaps, 12 days each, after a run-in of 12."""
    gaps = set(rng.choice(5, 2, replace=False).tolist())
    daily = [(0.0, 0.0)] * 12
    for k, dose in enumerate((0.5, 1.5, 3.0, 4.5, None)):
        daily += [(0.0, 0.5)] * 12 if k in gaps else []
        daily += [(dose, 0.5)] * 12 if dose else []
    return _entries(daily, rng)


def _open(rng: np.random.Generator) -> dict[str, Any]:
    daily = [(0.0, 0.0)] * 10 + [(1.5, 1.0)] * 14 + [(4.5, 1.0)] * 14 + [(0.0, 0.0)] * 10
    return _entries(daily, rng)


def _nightly(rng: np.random.Generator) -> dict[str, Any]:
    return _entries([(float(4.5 * on), 0.5) for on in rng.integers(0, 2, 49)], rng)


def _several(rng: np.random.Generator) -> dict[str, Any]:
    daily = [(0.0, 0.0)] * 5 + [(4.5, 0.5)] * 7 + [(0.0, 0.5)] * 7 + [(4.5, 0.5)] * 5
    return _entries(daily, rng, hours=(8.0, 14.0, 20.0), missing=0.3)


def _with_covariates(rng: np.random.Generator) -> dict[str, Any]:
    entries = _pairs((4.5, 4.5), 8, 9)(rng)
    day = np.floor(np.array(entries["time_days"])).astype(int)
    stress = np.round(rng.gamma(3.0, 1.0, len(day)), 1)
    stress[rng.random(len(day)) < 0.1] = np.nan
    entries["covariates"] = {
        "weekend": (day % 7 >= 5).astype(float).tolist(),
        "stress": [None if np.isnan(s) else float(s) for s in stress],
    }
    return entries


VARIANTS = {
    v.name: v
    for v in (
        Variant("default", question(1.5, 4.5), _pairs((1.5, 4.5, 1.5), 8, 8)),
        Variant("no-expectation", question(1.5, 4.5, expectation=False), _pairs((1.5, 4.5, 1.5), 8, 8)),
        Variant("open-shared-onset", question(1.5, 4.5), _open),
        Variant("immediate", question(4.5, onset=Onset("immediate")), _nightly),
        Variant("covariates", question(4.5, covariates=("weekend", "stress")), _with_covariates),
        Variant("several-a-day", question(4.5), _several),
        Variant("titration", question(0.5, 1.5, 3.0, 4.5), _titration),
    )
}
