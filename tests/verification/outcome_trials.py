"""Eighty-eight diaries of virtual people whose outcomes are not Gaussian: what differs is what can go wrong."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Block = tuple[float, int, float]  # dose (mg), days, announced probability of active drug
_DOSE_HOUR_BEFORE_MIDNIGHT = 2.0 / 24.0
_HOPE_DAYS = 9.4


@dataclass(frozen=True)
class Trial:
    """One diary to make: its course, its truth on the link scale, and what is missing from it.

    Args:
        blocks: dose, days and announcement of each stretch.
        effects: true steady effect of each dose of the ladder.
        level: linear predictor without drug, hope and residual.
        tau, s, ell: time constant of the onset (0: immediate), sd and correlation time of the residual.
        kappa: true effect of expectation at certainty.
        inverse_phi: overdispersion of counts; 0 is Poisson.
        shares: of the categories of an ordinal outcome at a linear predictor of 0.
        steps: (c, n, tau_s) of side effects: what a rise of g by 1 and any new kit adds at first, and for how long.
        always: the only answer ever given.
        hours: hours of the day at which entries are due.
        missing, unknown: share of entries not made, and of doses not written down.
        told_by: "announced", "blinded" or "" (no such column).
        kits: whether each stretch has a name of its own in the column "phase".
        covariates: name to kind, "weekend" or "numeric".
        question: fields of the question that differ from the default of its kind.
    """

    name: str
    blocks: tuple[Block, ...]
    effects: dict[float, float]
    level: float = 0.0
    tau: float = 4.0
    s: float = 0.7
    ell: float = 3.0
    kappa: float = -0.3
    inverse_phi: float = 0.0
    shares: tuple[float, ...] = ()
    steps: tuple[float, float, float] | None = None
    always: float | None = None
    hours: tuple[float, ...] = (20.0,)
    missing: float = 0.1
    unknown: float = 0.0
    told_by: str = "announced"
    kits: bool = False
    covariates: dict[str, str] = field(default_factory=dict)
    question: dict[str, Any] = field(default_factory=dict)


def pairs(dose: float, days: int, order: str, run_in: int = 7) -> tuple[Block, ...]:
    """A run-in and blinded halves in this order of A (active) and P (placebo)."""
    return ((0.0, run_in, 0.0), *((dose if half == "A" else 0.0, days, 0.5) for half in order))


def ladder(*doses: float, days: int, told: float = 0.5, run_in: int = 7) -> tuple[Block, ...]:
    """A run-in, then one stretch a dose."""
    return ((0.0, run_in, 0.0), *((dose, days, told) for dose in doses))


def nightly(days: int, dose: float, seed: int, told: float = 0.5) -> tuple[Block, ...]:
    """Drug or none by a fair coin every night."""
    return tuple((dose * int(c), 1, told) for c in np.random.default_rng(seed).integers(0, 2, days))


_CROSSOVER = pairs(4.5, 8, "APPA")  # 39 days
_LONG = pairs(4.5, 9, "PAAPAP", 9)  # 63 days
_VERY_LONG = pairs(4.5, 12, "APPAPA", 12)  # 84 days
_SHORT = pairs(4.5, 7, "PAPA", 6)  # 34 days
_TITRATION = ladder(0.5, 0.0, 1.5, 3.0, 0.0, 4.5, days=7)  # 49 days
_TAPER = ladder(0.5, 1.5, 3.0, 4.5, days=9, told=1.0)  # 43 days
_STEP = ((0.0, 14, 0.0), (4.5, 28, 1.0))
_TWO_DOSES = ladder(1.5, 0.0, 4.5, 0.0, 4.5, days=8)  # 47 days
_ABAB = pairs(3.0, 10, "APAP", 5)  # 45 days
_IMMEDIATE = {"onset": {"kind": "immediate", "median_days": 4.0, "log_sd": 0.8}}
_FIXED = {"onset": {"kind": "fixed", "median_days": 3.0, "log_sd": 0.8}}
_HIGHER = {"better": "higher"}


def _four(top: float) -> dict[float, float]:
    return {0.5: 0.3 * top, 1.5: top, 3.0: top, 4.5: top}


BINARY = (
    Trial("crossover", _CROSSOVER, {4.5: -1.5}),
    Trial("rare-2-in-100", _VERY_LONG, {4.5: -0.5}, level=-3.8, missing=0.0, question={"mcid": 0.1}),
    Trial("titration", _TITRATION, _four(-1.5), level=0.5),
    Trial("nightly-immediate", nightly(45, 1.0, 11, 0.5), {1.0: 1.2}, tau=0.0, told_by="", kappa=0.0,
          question=_IMMEDIATE | _HIGHER | {"expectation": False, "mcid": 0.2}),
    Trial("crossover-strong-residual", _LONG, {4.5: -1.5}, s=1.5, ell=5.0),
    Trial("all-zero", _CROSSOVER, {4.5: 0.0}, always=0.0),
    Trial("open-step", _STEP, {4.5: -1.5}, told_by=""),
    Trial("crossover-large-effect", _CROSSOVER, {4.5: -4.0}, level=2.0, question={"mcid": 0.2}),
    Trial("two-a-day", pairs(4.5, 6, "PAPA", 4), {4.5: -1.0}, hours=(8.0, 20.0), ell=1.0),
    Trial("all-one", _CROSSOVER, {4.5: 0.0}, always=1.0),
    Trial("common-9-in-10", _CROSSOVER, {4.5: -2.0}, level=2.5),
    Trial("open-taper-four-doses", _TAPER, _four(-1.5), told_by="", level=0.5),
    Trial("crossover-no-residual", _CROSSOVER, {4.5: 0.0}, s=0.05),
    Trial("rare-5-in-100", _LONG, {4.5: -0.5}, level=-2.6, question={"mcid": 0.1}),
    Trial("weekend-two-doses", _TWO_DOSES, {1.5: -0.5, 4.5: -1.5}, covariates={"weekend": "weekend"}),
    Trial("abab-fixed-onset", _ABAB, {3.0: -1.5}, question=_FIXED),
    Trial("titration-slow-onset", _TITRATION, _four(-2.0), tau=12.0, told_by="blinded"),
    Trial("nightly-blinded-immediate", nightly(42, 4.5, 12), {4.5: -1.0}, tau=0.0, ell=8.0, question=_IMMEDIATE),
    Trial("twice-at-one-time", pairs(4.5, 6, "AP", 6), {4.5: -1.0}, hours=(20.0, 20.0), s=1.2),
    Trial("many-missing-unknown-doses", pairs(4.5, 9, "APPAPA", 9), {4.5: -1.5}, missing=0.45, unknown=0.3,
          covariates={"stress": "numeric"}, told_by="blinded"),
)  # fmt: skip

POISSON = (
    Trial("crossover", _CROSSOVER, {4.5: -0.7}, level=0.7),
    Trial("rare-1-in-20", _VERY_LONG, {4.5: 0.0}, level=-3.0, question={"mcid": 0.3}),
    Trial("titration", _TITRATION, _four(-0.6), level=1.2, question={"mcid": 0.8}),
    Trial("mean-30", _SHORT, {4.5: -0.3}, level=3.4, s=0.3, question={"mcid": 5.0}),
    Trial("crossover-strong-residual", _CROSSOVER, {4.5: -0.7}, level=0.7, s=1.5),
    Trial("nightly-immediate", nightly(45, 1.0, 21, 0.5), {1.0: 0.5}, tau=0.0, told_by="", kappa=0.0, level=0.3,
          question=_IMMEDIATE | _HIGHER | {"expectation": False}),
    Trial("open-step", _STEP, {4.5: -0.8}, told_by="", level=1.0),
    Trial("crossover-no-residual", _CROSSOVER, {4.5: 0.0}, s=0.05, level=1.1),
    Trial("mean-30-strong-residual", _SHORT, {4.5: -0.7}, level=3.4, s=1.0, question={"mcid": 5.0}),
    Trial("crossover-large-effect", _CROSSOVER, {4.5: -2.5}, level=1.5, question={"mcid": 2.0}),
    Trial("two-a-day", pairs(4.5, 6, "PAPA", 4), {4.5: -0.5}, hours=(8.0, 20.0), ell=1.0),
    Trial("open-taper-four-doses", _TAPER, _four(-0.7), told_by="", level=0.7),
    Trial("common-with-none", _LONG, {4.5: 0.0}, level=1.6, s=0.4, question={"mcid": 1.5}),
    Trial("weekend-two-doses", _TWO_DOSES, {1.5: -0.3, 4.5: -0.8}, covariates={"weekend": "weekend"}, level=0.5),
    Trial("abab-fixed-onset", _ABAB, {3.0: -0.7}, question=_FIXED, level=0.3),
    Trial("titration-slow-onset", _TITRATION, _four(-1.0), tau=12.0, told_by="blinded", level=0.8),
    Trial("three-a-day-irregular", pairs(1.5, 5, "APPA", 4), {1.5: -0.5}, hours=(9.0, 14.0, 21.0), ell=0.6,
          missing=0.3, level=-0.5),
    Trial("rare-harmful", _LONG, {4.5: 1.0}, level=-2.3, question={"mcid": 0.4}),
    Trial("twice-at-one-time", pairs(4.5, 6, "PA", 6), {4.5: -0.7}, hours=(20.0, 20.0), s=1.0),
    Trial("many-missing-unknown-doses", pairs(4.5, 9, "APPAPA", 9), {4.5: -0.7}, missing=0.45, unknown=0.3, level=0.8,
          covariates={"stress": "numeric"}, told_by="blinded"),
)  # fmt: skip

NEGATIVE_BINOMIAL = (
    Trial("crossover", _CROSSOVER, {4.5: -0.7}, level=0.9, inverse_phi=0.5),
    Trial("rare-1-in-20", _LONG, {4.5: 0.0}, level=-3.0, inverse_phi=1.0, question={"mcid": 0.3}),
    Trial("titration", _TITRATION, _four(-0.8), level=1.4, inverse_phi=0.4, question={"mcid": 0.8}),
    Trial("mean-30", _SHORT, {4.5: -0.4}, level=3.4, s=0.3, inverse_phi=0.2, question={"mcid": 5.0}),
    Trial("nightly-immediate", nightly(45, 1.0, 31, 0.5), {1.0: 0.7}, tau=0.0, told_by="", kappa=0.0, level=0.5,
          inverse_phi=1.0, question=_IMMEDIATE | _HIGHER | {"expectation": False}),
    Trial("crossover-strong-residual", _LONG, {4.5: -0.7}, level=0.7, s=1.5, ell=5.0, inverse_phi=0.3),
    Trial("open-step", _STEP, {4.5: -0.8}, told_by="", level=1.2, inverse_phi=0.5),
    Trial("crossover-no-residual", _CROSSOVER, {4.5: 0.0}, s=0.05, level=1.1, inverse_phi=1.5),
    Trial("hardly-overdispersed", _CROSSOVER, {4.5: -0.6}, level=1.4, s=0.4, inverse_phi=0.02),
    Trial("very-overdispersed", _LONG, {4.5: -0.8}, level=1.5, inverse_phi=4.0, question={"mcid": 1.5}),
    Trial("two-a-day", pairs(4.5, 6, "PAPA", 4), {4.5: -0.5}, hours=(8.0, 20.0), ell=1.0, inverse_phi=0.5),
    Trial("open-taper-four-doses", _TAPER, _four(-0.7), told_by="", level=1.0, inverse_phi=0.5),
    Trial("crossover-large-effect", _CROSSOVER, {4.5: -2.5}, level=2.0, inverse_phi=0.4, question={"mcid": 2.0}),
    Trial("weekend-two-doses", _TWO_DOSES, {1.5: -0.3, 4.5: -0.8}, covariates={"weekend": "weekend"}, level=0.8,
          inverse_phi=0.6),
    Trial("abab-fixed-onset", _ABAB, {3.0: -0.7}, question=_FIXED, level=0.5, inverse_phi=0.8),
    Trial("titration-slow-onset", _TITRATION, _four(-1.0), tau=12.0, told_by="blinded", level=1.2, inverse_phi=0.3),
    Trial("three-a-day-irregular", pairs(1.5, 5, "APPA", 4), {1.5: -0.5}, hours=(9.0, 14.0, 21.0), ell=0.6,
          missing=0.3, inverse_phi=0.8),
    Trial("mean-30-strong-residual", _SHORT, {4.5: -0.7}, level=3.4, s=1.0, inverse_phi=0.5, question={"mcid": 5.0}),
    Trial("nightly-blinded-immediate", nightly(42, 4.5, 32), {4.5: -0.6}, tau=0.0, ell=8.0, level=0.6,
          inverse_phi=0.5, question=_IMMEDIATE),
    Trial("many-missing-unknown-doses", pairs(4.5, 9, "APPAPA", 9), {4.5: -0.7}, missing=0.45, unknown=0.3, level=1.0,
          inverse_phi=0.5, covariates={"stress": "numeric"}, told_by="blinded"),
)  # fmt: skip

_FIVE = (0.15, 0.25, 0.25, 0.2, 0.15)
_HALF, _NINE_TENTHS = (0.5, 0.2, 0.15, 0.1, 0.05), (0.9, 0.04, 0.03, 0.02, 0.01)
_ELEVEN = (0.04, 0.06, 0.1, 0.1, 0.15, 0.15, 0.15, 0.1, 0.08, 0.04, 0.03)
_MIDDLE = (0.0, 0.0, 0.05, 0.15, 0.3, 0.25, 0.15, 0.1, 0.0, 0.0, 0.0)
_EVEN = (0.1, 0.0, 0.15, 0.0, 0.2, 0.0, 0.25, 0.0, 0.2, 0.0, 0.1)

ORDINAL = (
    Trial("crossover", _CROSSOVER, {4.5: -1.5}, shares=_FIVE),
    Trial("half-at-the-floor", _CROSSOVER, {4.5: -1.0}, shares=_HALF),
    Trial("eleven-categories", _CROSSOVER, {4.5: -1.5}, shares=_ELEVEN, question={"mcid": 1.0}),
    Trial("titration", _TITRATION, _four(-1.5), shares=_FIVE),
    Trial("nightly-immediate", nightly(45, 1.0, 41, 0.5), {1.0: 1.0}, tau=0.0, told_by="", kappa=0.0, shares=_FIVE,
          question=_IMMEDIATE | _HIGHER | {"expectation": False}),
    Trial("nine-in-ten-at-the-floor", _LONG, {4.5: -0.5}, shares=_NINE_TENTHS),
    Trial("three-categories", _CROSSOVER, {4.5: -1.0}, shares=(0.3, 0.4, 0.3)),
    Trial("open-step", _STEP, {4.5: -1.5}, told_by="", shares=_FIVE),
    Trial("eleven-never-the-ends", _CROSSOVER, {4.5: -1.0}, shares=_MIDDLE, question={"mcid": 1.0}),
    Trial("crossover-strong-residual", _LONG, {4.5: -1.5}, s=1.5, ell=5.0, shares=_FIVE),
    Trial("half-at-the-ceiling", _CROSSOVER, {4.5: 1.0}, shares=_HALF[::-1], question=_HIGHER),
    Trial("crossover-no-residual", _CROSSOVER, {4.5: 0.0}, s=0.05, shares=_FIVE),
    Trial("eleven-even-only", _CROSSOVER, {4.5: -1.0}, shares=_EVEN, question={"mcid": 1.0}),
    Trial("two-a-day", pairs(4.5, 6, "PAPA", 4), {4.5: -1.0}, hours=(8.0, 20.0), ell=1.0, shares=_FIVE),
    Trial("open-taper-four-doses", _TAPER, _four(-1.5), told_by="", shares=_FIVE),
    Trial("crossover-large-effect", _CROSSOVER, {4.5: -4.0}, level=1.5, shares=_FIVE),
    Trial("weekend-two-doses", _TWO_DOSES, {1.5: -0.5, 4.5: -1.5}, covariates={"weekend": "weekend"}, shares=_FIVE),
    Trial("abab-fixed-onset-three", _ABAB, {3.0: -1.5}, question=_FIXED, shares=(0.4, 0.35, 0.25)),
    Trial("nine-in-ten-at-the-ceiling", _CROSSOVER, {4.5: -0.5}, kappa=0.0, shares=_NINE_TENTHS[::-1]),
    Trial("many-missing-unknown-doses", pairs(4.5, 9, "APPAPA", 9), {4.5: -1.5}, missing=0.45, unknown=0.3,
          covariates={"stress": "numeric"}, told_by="blinded", shares=_ELEVEN, question={"mcid": 1.0}),
)  # fmt: skip

# Effects are b, the steady effect of g(dose) = 1, at every dose.
SIDE_EFFECTS = (
    Trial("crossover-kits", _CROSSOVER, {4.5: 1.0}, level=-2.0, steps=(1.0, 0.5, 4.0), kits=True),
    Trial("titration", ladder(0.5, 1.5, 3.0, 4.5, days=12), dict.fromkeys((0.5, 1.5, 3.0, 4.5), 1.5), level=-2.5,
          steps=(2.0, 0.0, 4.0)),
    Trial("all-zero", _CROSSOVER, {4.5: 0.0}, steps=(0.0, 0.0, 4.0), always=0.0, kits=True),
    Trial("rare", ladder(1.5, 4.5, days=20, run_in=14), {1.5: 0.5, 4.5: 0.5}, level=-3.5, steps=(1.0, 0.5, 4.0)),
    Trial("common-strong-residual", _TITRATION, dict.fromkeys((0.5, 1.5, 3.0, 4.5), 1.0), level=0.0, s=1.5,
          steps=(1.0, 0.5, 6.0), kits=True),
    Trial("all-one", _SHORT, {4.5: 0.0}, steps=(0.0, 0.0, 4.0), always=1.0),
    Trial("steps-only-drug-from-the-first-day", ladder(0.5, 1.5, 4.5, days=14, run_in=0)[1:],
          {0.5: 0.0, 1.5: 0.0, 4.5: 0.0}, level=-2.0, steps=(3.0, 1.0, 5.0), kits=True),
    Trial("two-a-day-missing", pairs(4.5, 9, "APAP"), {4.5: 1.0}, level=-1.0, steps=(1.0, 1.0, 3.0), kits=True,
          hours=(8.0, 20.0), missing=0.35, ell=1.5),
)  # fmt: skip

TRIALS = {
    "binary": BINARY,
    "poisson": POISSON,
    "negative-binomial": NEGATIVE_BINOMIAL,
    "ordinal": ORDINAL,
    "side-effect": SIDE_EFFECTS,
}


def question_of(kind: str, trial: Trial) -> dict[str, Any]:
    """What is asked of a trial: a dict of the fields of a question, with its kind."""
    high = {"binary": 1.0, "ordinal": len(trial.shares) - 1.0, "side-effect": 3.0}.get(kind, 1000.0)
    return {
        "kind": kind,
        "outcome": "score",
        "label": "Score",
        "unit": "points" if kind == "ordinal" else "nights" if kind in {"binary", "side-effect"} else "events",
        "better": "lower",
        "low": 0.0,
        "high": high,
        "mcid": {"binary": 0.15, "side-effect": 0.1}.get(kind, 0.5),
        "ladder_mg": list(trial.effects),
        "onset": {"kind": "uncertain", "median_days": 4.0, "log_sd": 0.8},
        "planned_days": None,
        "expectation": kind != "side-effect",
        "covariates": list(trial.covariates),
        **trial.question,
    }


def diary_of(kind: str, trial: Trial, seed: int) -> dict[str, Any]:
    """Make the diary: a dict of lists, as it is stored."""
    rng = np.random.default_rng([seed, sum(map(ord, kind + trial.name))])
    daily = [(dose, told, f"kit {i}") for i, (dose, days, told) in enumerate(trial.blocks) for _ in range(days)]
    time = np.array([d + h / 24 for d in range(len(daily)) for h in trial.hours])
    if len(set(trial.hours)) > 2:
        time = np.sort(time + rng.uniform(-0.05, 0.05, len(time)))
    day = np.floor(time + _DOSE_HOUR_BEFORE_MIDNIGHT).astype(int)
    time, day = time[day < len(daily)], day[day < len(daily)]
    dose, told = np.array([daily[d][:2] for d in day]).T
    extra = {name: _covariate(how, day, rng) for name, how in trial.covariates.items()}
    eta = _predictor(trial, [d[:2] for d in daily], time) + trial.s * _residual(trial.ell, time, rng)
    eta += sum(0.3 * np.nan_to_num(values) for values in extra.values())
    score = _answers(kind, trial, eta, rng) if trial.always is None else np.full(len(time), trial.always)
    score = np.where(rng.random(len(time)) < trial.missing, np.nan, score)
    written = np.where(rng.random(len(time)) < trial.unknown, np.nan, dose)
    out = {"time_days": np.round(time, 6), "dose_mg": written, "score": score}
    if trial.told_by == "announced":
        out["announced"] = told
    elif trial.told_by == "blinded":
        out["blinded"] = (told == 0.5).astype(float)
    listed: dict[str, Any] = {name: _nulls(values) for name, values in out.items()}
    if trial.kits:
        listed["phase"] = [daily[d][2] for d in day]
    return listed | {"covariates": {name: _nulls(values) for name, values in extra.items()}}


def _predictor(trial: Trial, daily: list[tuple[float, float]], time: np.ndarray) -> np.ndarray:
    """The linear predictor without the residual, every change of dose and announcement counted from its own start."""
    dose, told = np.array(daily).T
    since = time[:, None] - (np.arange(len(daily)) - _DOSE_HOUR_BEFORE_MIDNIGHT)
    begun = since >= 0
    if trial.steps:
        rise, new, tau = trial.steps
        half = np.sqrt(min(trial.effects) * max(trial.effects))
        g = np.log1p(dose / half)
        starts = np.diff(g, prepend=0.0) != 0
        felt = np.where(begun, np.exp(-np.maximum(since, 0.0) / tau), 0.0)
        steps = felt @ (rise * np.maximum(np.diff(g, prepend=0.0), 0.0) + new * starts)
        return trial.level + begun @ np.diff(g, prepend=0.0) * max(trial.effects.values()) + steps
    aim = np.array([trial.effects.get(mg, 0.0) for mg in dose])
    reached = -np.expm1(-np.maximum(since, 0.0) / trial.tau) if trial.tau > 0 else begun.astype(float)
    hoped = -np.expm1(-np.maximum(since, 0.0) / _HOPE_DAYS)
    drug = reached @ np.diff(aim, prepend=0.0)
    return trial.level + 0.3 * np.exp(-time / 14) + drug + trial.kappa * (hoped @ np.diff(told, prepend=0.0))


def _answers(kind: str, trial: Trial, eta: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if kind == "ordinal":
        below = np.cumsum(trial.shares)[:-1]
        with np.errstate(divide="ignore"):
            cuts = np.log(below) - np.log1p(-np.minimum(below, 1.0))
        return (eta + rng.logistic(size=len(eta)) > cuts[:, None]).sum(axis=0).astype(float)
    if kind in {"poisson", "negative-binomial"}:
        mean = np.exp(eta)
        if trial.inverse_phi > 0:
            mean = mean * rng.gamma(1 / trial.inverse_phi, trial.inverse_phi, len(eta))
        return rng.poisson(mean).astype(float)
    event = rng.random(len(eta)) < 1 / (1 + np.exp(-eta))
    severity = 1 + rng.binomial(2, 0.25, len(eta)) if kind == "side-effect" else 1
    return np.where(event, severity, 0).astype(float)


def _residual(ell: float, time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    out = rng.standard_normal(len(time))
    for i in range(1, len(time)):
        keep = np.exp(-(time[i] - time[i - 1]) / ell)
        out[i] = keep * out[i - 1] + np.sqrt(1 - keep**2) * out[i]
    return out


def _covariate(how: str, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if how == "weekend":
        return (day % 7 >= 5).astype(float)
    stress = np.round(rng.gamma(4.0, 1.0, len(day)) - 4.0, 1)
    return np.where(rng.random(len(day)) < 0.1, np.nan, stress)


def _nulls(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in values]
