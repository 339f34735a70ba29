"""Kinds of outcome: what the answers of one outcome are, chosen once, and whether they are such answers."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Bool, Float

from modicum.analysis.question import Kind
from modicum.foundation.errors import Problem
from modicum.records.diary import Diary

SHARE_AT_ONE_END = 0.15  # docs/model.md, Answers that are not scores: above it a 0-10 item is treated as ordinal
MOST_CATEGORIES = 31
_FEWEST_BEFORE = 5  # answers before the first dose, or without drug: with fewer the whole file decides
_OVERDISPERSED = 1.5  # variance over mean from which counts are negative binomial
_SHOWN = 5
UNITS = {"binary": "in chance", "poisson": "events", "negative-binomial": "events"}  # of an effect on each kind


def unlike_kinds(stated: str | None, own: str) -> bool:
    """Whether two kinds measure in different units: scores, chances, events."""
    return stated is not None and (stated != own) and not {stated, own} <= {"gaussian", "ordinal"}


def range_of(kind: str | None, scores: Float[np.ndarray, " entry"]) -> tuple[float, float] | None:
    """The ends that a kind of answer has by itself: 0 and 1 for yes or no, 0 and the largest seen for counts."""
    if kind == "binary":
        return 0.0, 1.0
    if kind == "count":
        known = scores[np.isfinite(scores)]
        return 0.0, max(float(known.max(initial=1.0)), 1.0)
    return None


def choose_kind(stated: str | None, diary: Diary, name: str, low: float, high: float) -> tuple[Kind, float]:
    """The kind of an outcome, and the share of its deciding answers that sit on one end.

    Stated, it is what was stated; a count is Poisson, or negative binomial where it varies more. Unstated, a scale from
    0 to 1 with only those answers is yes or no, one of whole numbers with more than 15 % of the answers before the
    first dose (see :func:`answers_without_drug`) on one end is ordinal, and anything else Gaussian.
    """
    scores = diary.scores[name]
    deciding = _deciding(diary, scores)
    share = 0.0 if not deciding.size else max(float(np.mean(deciding == low)), float(np.mean(deciding == high)))
    if stated == "count":
        spread = deciding.var(ddof=1) / deciding.mean() if deciding.size > 1 and deciding.mean() > 0 else 1.0
        return ("negative-binomial" if spread > _OVERDISPERSED else "poisson"), share
    if stated in ("gaussian", "binary", "ordinal"):
        return stated, share
    known = scores[np.isfinite(scores)]
    if (low, high) == (0.0, 1.0) and known.size and np.isin(known, (0.0, 1.0)).all():
        return "binary", share
    whole = not list(_not_whole(low, high)) and np.all(known == np.rint(known))
    return ("ordinal" if whole and share > SHARE_AT_ONE_END else "gaussian"), share


def kind_problems(kind: str | None, name: str, diary: Diary | None, low: float, high: float) -> Iterable[Problem]:
    """What keeps the answers of an outcome from being of the kind that was stated."""
    if kind == "binary" and (low, high) != (0.0, 1.0):
        message, fix = "Chances run from 0 to 1", "Leave --range away, and give --mcid as a difference of chances."
        yield Problem("MOD-OPT-22", f"--range ({name})", f"{low:g} to {high:g}", message, fix)
    if kind == "ordinal":
        yield from (
            Problem("MOD-OPT-22", f"--range ({name})", f"{low:g} to {high:g}", message, fix)
            for message, fix in _not_whole(low, high)
        )
    if diary is None or name not in diary.scores:
        return
    known = diary.scores[name][np.isfinite(diary.scores[name])]
    message, fix, wrong = _wanted(kind, known)
    if wrong.any():
        values = np.unique(known[wrong])
        more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
        received = ", ".join(f"{value:g}" for value in values[:_SHOWN]) + more
        yield Problem("MOD-OPT-21", f"--kind ({name})", received, message, fix)


def _wanted(kind: str | None, known: np.ndarray) -> tuple[str, str, Bool[np.ndarray, " entry"]]:
    if kind == "binary":
        fix = "Write 1 for yes and 0 for no, or say --kind count, ordinal or gaussian."
        return "A yes-or-no outcome holds 0 and 1 only", fix, ~np.isin(known, (0.0, 1.0))
    if kind == "count":
        fix = "Write how often it happened, or say --kind gaussian."
        return "A count holds whole numbers from 0 upwards only", fix, (known < 0) | (known != np.rint(known))
    if kind == "ordinal":
        fix = "Write whole numbers, or say --kind gaussian."
        return "An ordinal outcome holds whole numbers only", fix, known != np.rint(known)
    return "", "", np.zeros(len(known), bool)


def _not_whole(low: float, high: float) -> Iterable[tuple[str, str]]:
    if low != np.rint(low) or high != np.rint(high):
        yield "The ends of an ordinal scale are whole numbers", "Give whole numbers, or say --kind gaussian."
    elif not 2 <= high - low < MOST_CATEGORIES:
        message = f"An ordinal scale has 3 to {MOST_CATEGORIES} steps"
        yield message, "Say --kind binary for two answers, and --kind gaussian for a scale of many steps."


def answers_without_drug(diary: Diary, scores: Float[np.ndarray, " entry"]) -> Float[np.ndarray, " answer"]:
    """The answers before the first dose; with too few of them those of days without drug; else none."""
    dosed = np.flatnonzero(np.nan_to_num(diary.dose_mg) > 0)
    known = np.isfinite(scores)
    before = known & (np.arange(len(scores)) < (dosed[0] if dosed.size else 0))
    for some in (before, known & (diary.dose_mg == 0)):
        if some.sum() >= _FEWEST_BEFORE:
            return scores[some]
    return np.empty(0)


def _deciding(diary: Diary, scores: np.ndarray) -> np.ndarray:
    """The answers that decide on the kind: those without drug, else all."""
    without = answers_without_drug(diary, scores)
    return without if len(without) else scores[np.isfinite(scores)]
