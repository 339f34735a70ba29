"""Diaries drawn from the prior: a truth from every prior of a question, and the scores it makes.

The columns are those of the independent model, so that simulation-based calibration also tests the engine's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from modicum.analysis.question import Question
from modicum.records.diary import Diary
from verification.independent_columns import columns, problem
from verification.reference_trials import question_document
from verification.stored import diary_from

SEED = 20240611
Calendar = Callable[[np.random.Generator], dict[str, Any]]  # entries of one trial, scores still to be made


@dataclass(frozen=True)
class Truth:
    """What a drawn diary was made from.

    Args:
        effect: whether the doses do anything (H1).
        coefficients: by name; dose effects are 0 under H0.
        noise: onset_days, correlation_days, white_share and sd.
    """

    effect: bool
    coefficients: dict[str, float]
    noise: dict[str, float]


@dataclass(frozen=True)
class Drawn:
    """A truth and its diary."""

    truth: Truth
    diary: Diary


def stream(name: str, index: int) -> np.random.Generator:
    """The random stream of one named draw; no draw shares it with another."""
    return np.random.default_rng([SEED, crc32(name.encode()), index])


def draw(name: str, index: int, question: Question, calendar: Calendar, p_effect: float = 1.0) -> Drawn:
    """Draw one truth and its diary.

    Args:
        name, index: of the random stream.
        question: whose priors are drawn from.
        calendar: makes times, doses and announcements (and may leave scores missing).
        p_effect: prior probability of H1.
    """
    rng = stream(name, index)
    entries = calendar(rng)
    p = problem(entries, question_document(question))
    noise = _noise(question, rng)
    effect = bool(rng.random() < p_effect)
    values = p.mean + p.prior_root @ rng.standard_normal(len(p.mean))
    if not effect:
        values = np.array([0.0 if n.startswith("dose:") else v for n, v in zip(p.names, values, strict=True)])
    mean = columns(p, noise["onset_days"]) @ values
    score = mean + noise["sd"] * unit_residual(p.time, noise["correlation_days"], noise["white_share"], rng)
    full = np.array([np.nan if s is None else s for s in entries["score"]], float)
    full[np.isfinite(full)] = score
    entries["score"] = [None if np.isnan(s) else float(s) for s in full]
    return Drawn(Truth(effect, dict(zip(p.names, values.tolist(), strict=True)), noise), diary_from(entries))


def unit_residual(time: np.ndarray, ell: float, omega: float, rng: np.random.Generator) -> np.ndarray:
    """Ornstein-Uhlenbeck plus white noise of total variance 1."""
    fresh, white = rng.standard_normal(len(time)), rng.standard_normal(len(time))
    keep = np.exp(-np.diff(time, prepend=time[0]) / ell)
    smooth = np.empty(len(time))
    last = fresh[0]
    for i, (k, f) in enumerate(zip(keep, fresh, strict=True)):
        last = last if i == 0 else k * last + np.sqrt(1 - k * k) * f
        smooth[i] = last
    return np.sqrt(1 - omega) * smooth + np.sqrt(omega) * white


def _noise(question: Question, rng: np.random.Generator) -> dict[str, float]:
    onset, priors = question.onset, question.priors
    z = rng.standard_normal(3)
    tau = {"uncertain": onset.median_days * np.exp(onset.log_sd * z[0]), "fixed": onset.median_days, "immediate": 0.0}
    return {
        "onset_days": float(tau[onset.kind]),
        "correlation_days": float(priors.correlation_median_days * np.exp(priors.correlation_log_sd * z[1])),
        "white_share": float(rng.beta(priors.white_share_a, priors.white_share_b)),
        "sd": float(priors.sd_median * np.exp(priors.sd_log_sd * z[2])),
    }
