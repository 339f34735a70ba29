"""Columns and priors of one diary written a second time, from the model's description alone.

Nothing here comes from ``modicum.analysis``: no recursion over days, no filter. Onset is the sum of the step responses
of every change of dose. A diary is a dict of lists as stored in ``reference/nuts``: ``time_days``, ``dose_mg``,
``score`` and optionally ``planned_mg``, ``announced``, ``blinded`` and ``covariates`` (null where unknown). A question
is a dict of the fields of ``modicum.analysis.question.Question``, nested.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

_DOSE_HOUR_BEFORE_MIDNIGHT = 2.0 / 24.0  # the dose of day n acts from 22:00 of day n - 1
_EXPECTATION_ONSET_DAYS = 9.4
_EBB_DAYS = 14.0
_WEEK = 7


@dataclass(frozen=True)
class Problem:
    """Everything about one diary that does not depend on psi.

    ``steps`` holds, for every change of dose or announcement, its time and the jumps of all timed columns.
    """

    names: tuple[str, ...]
    time: np.ndarray
    score: np.ndarray
    fixed: np.ndarray
    step_times: np.ndarray
    step_jumps: np.ndarray
    levels: np.ndarray
    mean: np.ndarray
    prior_root: np.ndarray
    onset: dict[str, Any]
    priors: dict[str, float]

    @property
    def free(self) -> tuple[str, ...]:
        """Names of the parameters of time and noise that are not known."""
        tau = ("onset_days",) if self.onset["kind"] == "uncertain" else ()
        return (*tau, "correlation_days", "white_share", "sd")


def column(diary: dict[str, Any], name: str) -> np.ndarray:
    """A column with NaN where the file has null."""
    return np.array([np.nan if cell is None else cell for cell in diary[name]], float)


def problem(diary: dict[str, Any], question: dict[str, Any]) -> Problem:
    """Columns and priors of a stored diary under a stored question."""
    time = column(diary, "time_days")
    day = np.floor(time + _DOSE_HOUR_BEFORE_MIDNIGHT).astype(int)
    days = np.arange(day.min(), day.max() + 1)
    dose = _course(diary, day, days)
    told = _told(diary, day, days, dose)
    score = column(diary, "score")
    used = np.isfinite(score)
    priors = question["priors"]
    length = question["planned_days"] or max(time[-1] - time[0], 1.0)
    terms = [
        ("intercept", np.ones(used.sum()), priors["intercept_mean"], priors["intercept_sd"]),
        ("ebb", np.exp(-(time[used] - np.floor(time[0])) / _EBB_DAYS), 0.0, priors["ebb_sd"]),
        ("trend", (time[used] - time[0]) / length - 0.5, 0.0, priors["trend_sd"]),
    ]
    for name in question["covariates"]:
        terms.append((name, _covariate(np.array(diary["covariates"][name], float)[used]), 0.0, priors["covariate_sd"]))
    stated = np.isfinite(column(diary, "dose_mg"))
    if "planned_mg" in diary:
        stated |= np.isfinite(column(diary, "planned_mg"))
    said_from = day[stated].min() if stated.any() else days[-1] + 1
    hidden = _moves_apart(dose, told, np.isin(days, day[used]) & (days >= said_from))
    starts = days - _DOSE_HOUR_BEFORE_MIDNIGHT
    kappa = ("expectation", priors["expectation_mean"], priors["expectation_sd"])
    if question["expectation"] and hidden:
        own = _step_response(
            starts, np.diff(told[:, None], axis=0, prepend=0.0), time[used], _EXPECTATION_ONSET_DAYS, np
        )
        terms.append((kappa[0], own[:, 0], *kappa[1:]))
    ladder = np.array(question["ladder_mg"], float)
    drive = (dose[:, None] == ladder).astype(float)
    coefficients = [(t[0], t[2], t[3] ** 2) for t in terms] + [(f"dose:{mg!r}", 0.0, 0.0) for mg in ladder.tolist()]
    if question["expectation"] and not hidden:
        drive = np.column_stack([drive, told])
        coefficients.append((kappa[0], kappa[1], kappa[2] ** 2))
    covariance = np.diag([c[2] for c in coefficients])
    at = slice(len(terms), len(terms) + len(ladder))
    covariance[at, at] = _ladder_prior(ladder, priors["top_dose_sd"])
    jumps = np.diff(drive, axis=0, prepend=0.0)
    moved = np.any(jumps != 0, axis=1)
    return Problem(
        names=tuple(c[0] for c in coefficients),
        time=time[used],
        score=score[used],
        fixed=np.column_stack([t[1] for t in terms]),
        step_times=starts[moved],
        step_jumps=jumps[moved],
        levels=drive[day[used] - days[0]],
        mean=np.array([c[1] for c in coefficients]),
        prior_root=np.linalg.cholesky(covariance),
        onset=question["onset"],
        priors=priors,
    )


def columns(p: Problem, tau: Any, numbers: Any = np) -> Any:
    """The regressors at one onset time; ``numbers`` is NumPy or its namesake in JAX."""
    if p.onset["kind"] == "immediate":
        timed = p.levels
    else:
        timed = _step_response(p.step_times, p.step_jumps, p.time, tau, numbers)
    return numbers.concatenate([p.fixed, timed], axis=1)


def _step_response(starts: np.ndarray, jumps: np.ndarray, time: np.ndarray, tau: Any, numbers: Any) -> Any:
    since = np.maximum(time[:, None] - starts[None, :], 0.0)
    return -numbers.expm1(-since / tau) @ jumps


def _course(diary: dict[str, Any], day: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Assigned dose of every day: planned, else stated, else the last known, else none."""
    stated = _by_day(column(diary, "dose_mg"), day)
    planned = _by_day(column(diary, "planned_mg"), day) if "planned_mg" in diary else {}
    out, last = [], 0.0
    for d in days.tolist():
        last = planned.get(d, stated.get(d, last))
        out.append(last)
    return np.array(out)


def _told(diary: dict[str, Any], day: np.ndarray, days: np.ndarray, dose: np.ndarray) -> np.ndarray:
    if "announced" in diary:
        by_day, last = _by_day(column(diary, "announced"), day), float(dose[0] > 0)
        return np.array([last := by_day.get(d, last) for d in days.tolist()])
    if "blinded" in diary:
        by_day, last = _by_day(column(diary, "blinded"), day), 0.0
        blind = np.array([last := by_day.get(d, last) for d in days.tolist()])
        return np.where(blind > 0, 0.5, (dose > 0).astype(float))
    return (dose > 0).astype(float)


def _moves_apart(dose: np.ndarray, told: np.ndarray, counts: np.ndarray) -> bool:
    """Whether drug and announcement move apart: a week with and a week without drug under one announcement."""
    for level in set(told[counts].tolist()):
        here = counts & (told == level)
        if (here & (dose > 0)).sum() >= _WEEK and (here & (dose == 0)).sum() >= _WEEK:
            return True
    return False


def _by_day(values: np.ndarray, day: np.ndarray) -> dict[int, float]:
    return {int(d): float(v) for d, v in zip(day, values, strict=True) if np.isfinite(v)}


def _covariate(values: np.ndarray) -> np.ndarray:
    known = values[np.isfinite(values)]
    if not set(known.tolist()) <= {0.0, 1.0}:
        values = (values - known.mean()) / known.std()
    return np.where(np.isfinite(values), values, 0.0)


def _ladder_prior(ladder: np.ndarray, top_sd: float) -> np.ndarray:
    half = np.sqrt(ladder[0] * ladder[-1])
    g = [np.log(1 + d / half) for d in ladder]
    return np.array([[top_sd**2 * min(a, b) / g[-1] for b in g] for a in g])
