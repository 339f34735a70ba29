"""Values before a period: what a column was in the week before each period of a dose, which that dose cannot change."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from modicum.analysis.schedule import blocks_of, schedule_of
from modicum.records.diary import Diary

if TYPE_CHECKING:
    from modicum.protocol import Protocol

BEFORE = "before."  # before.vegetables: the mean of vegetables over the week before the period
WEEK_DAYS = 7


def source_column(name: str) -> str:
    """The column that a covariate is made from: itself, or the one whose values before a period are asked for."""
    return name.removeprefix(BEFORE)


def named(covariates: Iterable[str], protocol: "Protocol | None") -> tuple[str, ...]:
    """The covariates of options and protocol together, each once."""
    return tuple(dict.fromkeys((*covariates, *(protocol.covariates if protocol else ()))))


def period_of_entries(diary: Diary) -> tuple[Int[np.ndarray, " entry"], Float[np.ndarray, " period"]]:
    """The period that each entry lies in, and the clock time at which each period starts, days.

    A period is a run of days with one assigned dose, one phase and one announcement; two halves of different pairs with
    the same dose are one period.
    """
    starts = np.array([block.start_days for block in blocks_of(schedule_of(diary))])
    return np.searchsorted(starts, diary.time_days, side="right") - 1, starts


def with_values_before(diary: Diary, covariates: Iterable[str]) -> Diary:
    """The diary with a column for every covariate ``before.NAME`` that it can be made for.

    Args:
        diary: at least one entry.
        covariates: names; those without the prefix, or whose column is not there, add nothing.

    Returns:
        The diary. A value is the mean over the seven days before the period began; a period without entries then, the
        first one among them, has a missing value, which the model takes as the mean.
    """
    made: dict[str, np.ndarray] = {}
    for name in covariates:
        column = diary.covariates.get(source_column(name), diary.scores.get(source_column(name)))
        if not name.startswith(BEFORE) or column is None or not len(diary):
            continue
        period, starts = period_of_entries(diary)
        values = [_mean(column[(diary.time_days >= at - WEEK_DAYS) & (diary.time_days < at)]) for at in starts]
        made[name] = np.array(values)[period]
    return replace(diary, covariates={**diary.covariates, **made}) if made else diary


def changes_within(diary: Diary, name: str) -> bool:
    """Whether a column changes within the periods of a dose, more than once a period in the mean."""
    column = diary.covariates.get(name)
    if column is None or not len(diary):
        return False
    known = np.isfinite(column)
    period = period_of_entries(diary)[0][known]
    changed = (np.diff(column[known]) != 0) & (np.diff(period) == 0)
    return bool(changed.sum() > len(np.unique(period)))


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")
