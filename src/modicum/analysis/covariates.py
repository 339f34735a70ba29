"""Covariates: columns of the diary, the weekend, and the menstrual cycle, as regressors."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from jaxtyping import Bool

from modicum.records.diary import Diary

CYCLE_DAYS = 28.0  # used only until a diary shows the length of one cycle


def covariate_columns(
    names: tuple[str, ...], diary: Diary, used: Bool[np.ndarray, " entry"]
) -> list[tuple[str, np.ndarray]]:
    """Columns for the covariates asked for, at the entries used.

    A column of only 0 and 1 enters as it is, any other is standardised; a missing value counts as the mean. "cycle"
    makes two harmonics from the column ``cycle_day`` (1 is the first day of a cycle); "weekend" comes from the dates
    where the diary has no such column.

    Args:
        names: covariates of the question.
        diary: the diary they are in.
        used: which entries are used.

    Returns:
        Pairs of name and column.
    """
    columns: list[tuple[str, np.ndarray]] = []
    for name in names:
        if name == "cycle" and "cycle_day" in diary.covariates:
            columns += _harmonics(diary.covariates["cycle_day"], used)
        elif name in diary.covariates:
            columns.append((name, _standardised(diary.covariates[name][used])))
        elif name == "weekend" and diary.start is not None:
            columns.append((name, _weekend(diary.time_days[used], diary.start)))
    return columns


def available(name: str, diary: Diary) -> bool:
    """Whether a covariate can be made from the diary."""
    from_dates = name == "weekend" and diary.start is not None
    return name in diary.covariates or from_dates or (name == "cycle" and "cycle_day" in diary.covariates)


def _standardised(column: np.ndarray) -> np.ndarray:
    known = column[np.isfinite(column)]
    if len(known) == 0:
        return np.zeros(len(column))
    if set(np.unique(known)) <= {0.0, 1.0}:
        return np.where(np.isfinite(column), column, known.mean())
    spread = known.std()
    return np.nan_to_num((column - known.mean()) / (spread if spread > 0 else 1.0))


def _weekend(time_days: np.ndarray, start: date) -> np.ndarray:
    days = np.floor(time_days).astype(int)
    return np.array([(start + timedelta(days=int(day))).weekday() >= 5 for day in days], float)


def _harmonics(cycle_day: np.ndarray, used: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Two harmonics over the length of the cycle: its own once it is complete, else the median of complete ones."""
    filled = np.where(np.isfinite(cycle_day), cycle_day, 0.0)
    begins = np.flatnonzero((filled > 0) & (filled < np.r_[np.inf, filled[:-1]]))
    complete = np.array([filled[a:b].max() for a, b in pairwise(begins)])
    usual = float(np.median(complete)) if len(complete) else max(CYCLE_DAYS, float(filled.max()))
    length = np.full(len(filled), usual)
    for (a, b), days in zip(pairwise(begins), complete, strict=True):
        length[a:b] = days
    angle = 2 * np.pi * (filled - 1) / length
    known = np.isfinite(cycle_day)
    waves = [(f"cycle {kind}{k}", wave(k * angle)) for k in (1, 2) for kind, wave in (("sin", np.sin), ("cos", np.cos))]
    return [(name, np.where(known, column, 0.0)[used]) for name, column in waves]
