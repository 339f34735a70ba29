"""Evenings: where a fitted course is drawn, day by day over a diary."""

import numpy as np
from jaxtyping import Float

from modicum.analysis.design import Design, design_at
from modicum.analysis.estimate import Course
from modicum.analysis.inference import Inference
from modicum.records.diary import Diary

LEVELS = (0.025, 0.25, 0.75, 0.975)  # of the 95 and the 50 % band
_MOST_DAYS = 400


def evenings(posterior: Inference, diary: Diary) -> Design:
    """The columns of a posterior at 20:00 of the days of its diary, covariates at their mean.

    Args:
        posterior: of the same diary.
        diary: the entries.

    Returns:
        At most 400 evenly spaced evenings, none before the first entry or after the last.
    """
    schedule = posterior.schedule
    day_index = np.unique(np.linspace(0, len(schedule) - 1, min(len(schedule), _MOST_DAYS)).round().astype(int))
    time = np.clip(schedule.evenings(day_index), diary.time_days[0], diary.time_days[-1])
    return design_at(posterior.question, diary, schedule, posterior.assumptions, time_days=time, day_index=day_index)


def course(
    at: Design,
    mean: Float[np.ndarray, " evening"],
    band: Float[np.ndarray, "evening level"],
    without_drug: Float[np.ndarray, " evening"],
) -> Course:
    """A course from its mean, its quantiles at ``LEVELS`` and its mean without the drug."""
    low95, low50, high50, high95 = band.T
    return Course(at.time_days, mean, low95, high95, low50, high50, without_drug)
