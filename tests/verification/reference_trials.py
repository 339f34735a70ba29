"""Twenty-four varied diaries of virtual people for the stored references: what differs is what can go wrong."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from modicum.analysis.question import Onset, Question, default_priors

Block = tuple[float, int, float | None]  # dose (mg), days, announced probability of active drug
_EVENING = 20.0 / 24.0


@dataclass(frozen=True)
class Trial:
    """One diary to make: its course, its truth, and what is missing from it.

    Args:
        blocks: dose, days and announcement of each stretch.
        effects: true steady effect of each dose of the ladder, points.
        tau, ell, omega, sigma: truth of time and noise.
        kappa: true effect of expectation at certainty.
        hours: hours of the day at which entries are due.
        missing, unknown: share of entries not made, and of doses not written down.
        planned: whether the file says what was planned.
        told_by: "announced", "blinded" or "" (no such column).
        covariates: name to kind, "weekend" or "numeric".
        question: fields of the question that differ from the default.
    """

    name: str
    blocks: tuple[Block, ...]
    effects: dict[float, float]
    tau: float = 4.0
    ell: float = 3.0
    omega: float = 0.3
    sigma: float = 1.5
    kappa: float = -0.8
    hours: tuple[float, ...] = (20.0,)
    missing: float = 0.1
    unknown: float = 0.0
    planned: bool = False
    told_by: str = "announced"
    covariates: dict[str, str] = field(default_factory=dict)
    question: dict[str, Any] = field(default_factory=dict)


def pairs(dose: float, days: int, order: str, run_in: int = 14) -> tuple[Block, ...]:
    """A run-in and blinded halves in this order of A (active) and P (placebo)."""
    return ((0.0, run_in, 0.0), *((dose if half == "A" else 0.0, days, 0.5) for half in order))


def nightly(days: int, dose: float, seed: int, told: float | None) -> tuple[Block, ...]:
    """Drug or none by a fair coin every night."""
    return tuple((dose * int(c), 1, told) for c in np.random.default_rng(seed).integers(0, 2, days))


def ladder(*doses: float, days: int = 14, told: float = 0.5) -> tuple[Block, ...]:
    """A run-in of 14 days, then one stretch a dose."""
    return ((0.0, 14, 0.0), *((dose, days, told) for dose in doses))


_FOUR = {0.5: -0.4, 1.5: -1.5, 3.0: -1.5, 4.5: -1.5}
_NINE = {0.5 * k: -0.15 * k for k in range(1, 10)}
_TITRATION = ladder(0.5, 0.0, 1.5, 3.0, 0.0, 4.5, days=12)

TRIALS = (
    Trial("crossover", pairs(4.5, 10, "APPAPAAP", 10), {4.5: -1.5}),
    Trial("crossover-correlated", pairs(4.5, 10, "PAAPAPPA", 10), {4.5: -1.5}, ell=9.5),
    Trial("crossover-white", pairs(4.5, 10, "APAPPAPA", 10), {4.5: -1.0}, ell=8.0, omega=0.85, missing=0.0),
    Trial("crossover-no-white", pairs(4.5, 10, "PAPAAPAP", 10), {4.5: -1.0}, ell=12.0, omega=0.0),
    Trial("crossover-uncorrelated", pairs(4.5, 10, "PAAPPAAP", 10), {4.5: 0.0}, omega=1.0, sigma=1.0, missing=0.4),
    Trial("crossover-168-days", pairs(4.5, 18, "APPAPAAP", 24), {4.5: -0.5}, ell=5.0, missing=0.6),
    Trial("titration", _TITRATION, _FOUR, missing=0.35),
    Trial("titration-correlated", _TITRATION, _FOUR, ell=9.5, omega=0.1, missing=0.4),
    Trial("titration-small-effects", _TITRATION, {0.5: 0.0, 1.5: -0.2, 3.0: -0.3, 4.5: -0.4}, omega=0.6, missing=0.4),
    Trial("titration-slow-onset", _TITRATION, _FOUR, tau=14.0, missing=0.4),
    Trial("titration-blinded-column", _TITRATION, _FOUR, told_by="blinded", missing=0.45),
    Trial("open-taper-nine-doses", ladder(*_NINE, days=8, told=1.0), _NINE, told_by="", missing=0.35),
    Trial(
        "open-taper-no-expectation",
        ladder(0.5, 1.5, 3.0, 4.5, days=18, told=1.0),
        _FOUR,
        told_by="",
        missing=0.4,
        question={"expectation": False},
    ),
    Trial("open-step", ((0.0, 28, 0.0), (4.5, 56, 1.0)), {4.5: -1.5}, told_by="", missing=0.4),
    Trial(
        "nightly-immediate",
        nightly(84, 1.0, 11, None),
        {1.0: 4.0},
        tau=0.0,
        sigma=10.0,
        told_by="",
        question={"onset": Onset("immediate"), "expectation": False, "better": "higher", "high": 100.0, "mcid": 5.0},
    ),
    Trial(
        "nightly-blinded-immediate",
        nightly(98, 4.5, 12, 0.5),
        {4.5: -1.0},
        tau=0.0,
        ell=6.0,
        missing=0.4,
        question={"onset": Onset("immediate")},
    ),
    Trial("abab-fixed-onset", pairs(3.0, 21, "AP") + pairs(3.0, 21, "AP", 0)[1:], {3.0: -1.5}, missing=0.4, question={
        "onset": Onset("fixed", 3.0)
    }),
    Trial("two-a-day", pairs(4.5, 12, "APPAPA", 12), {4.5: -1.5}, ell=1.5, hours=(8.0, 20.0), missing=0.6),
    Trial("three-a-day-irregular", pairs(1.5, 12, "PAPAAP", 12), {1.5: -1.0}, ell=0.8, hours=(9.0, 14.0, 21.0),
          missing=0.7),
    Trial("many-missing-days", pairs(4.5, 18, "APPAPA", 14), {4.5: -1.5}, missing=0.45),
    Trial("unknown-doses", pairs(4.5, 12, "PAPAPA", 12), {4.5: -1.5}, unknown=0.3, told_by="blinded", missing=0.4),
    Trial("unknown-doses-planned", ladder(1.5, 0.0, 4.5, 0.0, 1.5, days=14), {1.5: -1.0, 4.5: -1.5}, unknown=0.4,
          planned=True, missing=0.4),
    Trial(
        "two-doses-weekend",
        ((0.0, 14, 0.0), *((d, 12, 0.5) for d in (1.5, 0.0, 4.5, 0.0, 4.5, 1.5))),
        {1.5: -0.5, 4.5: -1.5},
        covariates={"weekend": "weekend"},
        missing=0.4,
    ),
    Trial(
        "untaken-dose-numeric-covariate",
        ((0.0, 14, 0.0), *((d, 14, 0.5) for d in (3.0, 0.0, 0.5, 0.0, 3.0))),
        {0.5: 0.0, 3.0: -1.5, 4.5: -1.5},
        covariates={"stress": "numeric"},
        missing=0.4,
        question={"planned_days": 168.0},
    ),
)  # fmt: skip

JOINT = ("crossover", "titration", "open-step", "two-a-day")  # sampled once more with nothing linear integrated out


def question_of(trial: Trial) -> Question:
    """What is asked of a trial: pain 0-10 with an MCID of 1 where the trial says nothing else."""
    low, high, mcid = 0.0, trial.question.get("high", 10.0), trial.question.get("mcid", 1.0)
    question = Question(
        outcome="score",
        label="Score",
        unit="points",
        better="lower",
        low=low,
        high=high,
        mcid=mcid,
        ladder_mg=tuple(trial.effects),
        priors=default_priors(low, high, mcid, with_protocol=True),
        covariates=tuple(trial.covariates),
    )
    return replace(question, **trial.question)


def diary_of(trial: Trial, seed: int) -> dict[str, Any]:
    """Make the diary: a dict of lists, as it is stored.

    The scores are made by stepping through every quarter of an hour: neither the engine nor the oracle does so.
    """
    rng = np.random.default_rng([seed, sum(map(ord, trial.name))])
    daily = [(dose, told) for dose, days, told in trial.blocks for _ in range(days)]
    time = np.array([d + h / 24 for d in range(len(daily)) for h in trial.hours])
    if len(trial.hours) > 1:
        time = np.sort(time + rng.uniform(-0.05, 0.05, len(time)))
    day = np.floor(time + 2 / 24).astype(int)
    time, day = time[day < len(daily)], day[day < len(daily)]
    dose = np.array([daily[d][0] for d in day])
    told = np.array([np.nan if daily[d][1] is None else daily[d][1] for d in day])
    extra = {name: _covariate(kind, day, rng) for name, kind in trial.covariates.items()}
    score = _level(trial, daily, time) + _noise(trial, time, rng)
    score += sum(0.4 * np.nan_to_num(values) for values in extra.values())
    score = np.where(rng.random(len(time)) < trial.missing, np.nan, np.round(score, 2))
    written = np.where(rng.random(len(time)) < trial.unknown, np.nan, dose)
    out = {"time_days": np.round(time, 6), "dose_mg": written, "score": score}
    if trial.planned:
        out["planned_mg"] = dose
    if trial.told_by == "announced":
        out["announced"] = told
    elif trial.told_by == "blinded":
        out["blinded"] = (told == 0.5).astype(float)
    listed = {name: _nulls(values) for name, values in out.items()}
    return listed | {"covariates": {name: _nulls(values) for name, values in extra.items()}}


def question_document(question: Question) -> dict[str, Any]:
    """The question as nested dicts and lists; all these outcomes are Gaussian, so the kind is not stored."""
    return {name: value for name, value in asdict(question).items() if name != "kind"}


def _level(trial: Trial, daily: list[Block], time: np.ndarray) -> np.ndarray:
    step = 1 / 96
    clock = np.arange(-8, round((len(daily) + 1) / step)) * step
    day = np.clip(np.floor(clock + 2 / 24).astype(int), 0, len(daily) - 1)
    aim = np.array([trial.effects.get(d[0], 0.0) for d in daily])[day]
    told = np.array([float(d[0] > 0) if d[1] is None else d[1] for d in daily])[day]
    aim[clock < -2 / 24], told[clock < -2 / 24] = 0.0, 0.0
    effect, hope = np.zeros(len(clock)), np.zeros(len(clock))
    for i in range(1, len(clock)):
        pull = min(step / trial.tau, 1.0) if trial.tau > 0 else 1.0
        effect[i] = effect[i - 1] + pull * (aim[i] - effect[i - 1])
        hope[i] = hope[i - 1] + step / 9.4 * (told[i] - hope[i - 1])
    high = trial.question.get("high", 10.0)
    base = 0.6 * high + 0.05 * high * np.exp(-time / 14)
    return base + np.interp(time, clock, effect) + trial.kappa * high / 10 * np.interp(time, clock, hope)


def _noise(trial: Trial, time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    smooth = np.zeros(len(time))
    smooth[0] = rng.standard_normal()
    for i in range(1, len(time)):
        keep = np.exp(-(time[i] - time[i - 1]) / trial.ell)
        smooth[i] = keep * smooth[i - 1] + np.sqrt(1 - keep**2) * rng.standard_normal()
    white = rng.standard_normal(len(time))
    return trial.sigma * (np.sqrt(1 - trial.omega) * smooth + np.sqrt(trial.omega) * white)


def _covariate(kind: str, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if kind == "weekend":
        return (day % 7 >= 5).astype(float)
    stress = np.round(rng.gamma(4.0, 1.0, len(day)), 1)
    return np.where(rng.random(len(day)) < 0.1, np.nan, stress)


def _nulls(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in values]
