"""A drug that does nothing, for outcomes on a link scale: how often one blinded crossover says that it works.

The course is that of ``ldn-crossover``, without its rules, looked at once: the question is what anybody would ask of
such a diary. On the link scale the level is N(m, 0.5^2), m being logit 0.3, log 2 or 0, the drift N(0, 0.3^2) over the
trial, relief by hope N(0.4, 0.3^2) at certainty and never negative, with an onset of 9.4 days; the residual has sd 0.7
and a one-day correlation of 0.9. An ordinal score is the linear predictor with logistic noise, 1.5 points a unit about
5, in whole points from 0 to 10. All of these are assumptions.
"""

import numpy as np
from scipy.special import expit

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.outcomes.fitting import TABLE_POINTS, fit_points
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary
from modicum.services.asking import ask
from modicum.services.options import check_options
from verification.finding import Finding
from verification.prior_predictive import stream, unit_residual
from verification.stored import diary_from
from verification.useless_drug import WORKING, Progress, crossover_days, declared, verdict

MCID = {"binary": 0.1, "count": 0.5, "ordinal": 1.0}
_LEVEL = {"binary": np.log(0.3 / 0.7), "count": np.log(2.0), "ordinal": 0.0}
_SD, _CORRELATION, _HOPE_DAYS, _MISSING = 0.7, 0.9, 9.4, 0.12


def useless_outcome(kind: str, index: int) -> Diary:
    """One blinded crossover of a drug that does nothing, with this kind of outcome."""
    rng = stream(f"type-one-{kind}", index)
    daily = crossover_days(rng)
    time = np.arange(len(daily)) + 20 / 24
    told = np.array([announced for _, announced in daily])
    since = np.cumsum(told > 0)
    hope = max(0.0, 0.4 + 0.3 * rng.standard_normal()) * told * (1 - np.exp(-since / _HOPE_DAYS))
    level, drift = _LEVEL[kind] + 0.5 * rng.standard_normal(), 0.3 * rng.standard_normal()
    residual = _SD * unit_residual(time, -1 / np.log(_CORRELATION), 0.0, rng)
    answers = _answers(kind, level + drift * (time / len(daily) - 0.5) - hope + residual, rng)
    made = rng.random(len(daily)) >= _MISSING
    return diary_from(
        {
            "time_days": time.tolist(),
            "dose_mg": [dose for dose, _ in daily],
            "announced": told.tolist(),
            "score": [float(answer) if m else None for answer, m in zip(answers, made, strict=True)],
        }
    )


def _answers(kind: str, eta: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if kind == "binary":
        return rng.random(len(eta)) < expit(eta)
    if kind == "count":
        return rng.poisson(np.exp(eta))
    return np.clip(np.round(5 + 1.5 * (eta + rng.logistic(size=len(eta)))), 0, 10)


def question_of(kind: str, diary: Diary) -> Question:
    """What is asked of such a diary without a protocol; lower is better."""
    scale = (0.0, 10.0) if kind == "ordinal" else None
    options = check_options(outcome="score", scale=scale, mcid=MCID[kind], better="lower", kind=kind)
    return ask(options, None, diary).questions[0]


def run_outcome(kind: str, count: int, progress: Progress | None = None, **change: object) -> Finding:
    """P(works | no effect) for one kind of outcome. ``change`` breaks the engine on purpose."""
    codes: list[str] = []
    for index in range(count):
        diary = useless_outcome(kind, index)
        asked = question_of(kind, diary)
        assumptions = Assumptions(expectation=asked.expectation).but(**change)
        posterior = fit_points(asked, diary, schedule_of(diary), assumptions, TABLE_POINTS)
        codes.append(verdict(posterior, diary, None))
        if progress:
            progress(index + 1, count)
    return declared(sum(code in WORKING for code in codes), codes)
