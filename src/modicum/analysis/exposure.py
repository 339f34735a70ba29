"""Exposure: how far first-order onset and washout have brought a dose, or an expectation, into effect."""

import numpy as np
from jaxtyping import Float, Int


def exposure(
    drive: Float[np.ndarray, "day dose"],
    starts_days: Float[np.ndarray, " day"],
    time_days: Float[np.ndarray, " entry"],
    day_index: Int[np.ndarray, " entry"],
    tau_days: Float[np.ndarray, " node"],
) -> Float[np.ndarray, "node entry dose"]:
    """Solve z' = (drive - z)/tau exactly for a drive that is constant over each dosing day, from z = 0.

    Args:
        drive: level driven towards on each dosing day, for example 1 where dose k is in force.
        starts_days: clock time at which each dosing day starts, one day apart.
        time_days: clock times at which z is wanted.
        day_index: the dosing day of each time.
        tau_days: time constants, days; 0 means at once (z = drive).

    Returns:
        z in [0, 1] for each time constant, time and column.

    Source: docs/model.md, Onset; first-order onset as in Sheiner, Stanski, Vozeh, Miller & Ham (1979), eq. 2.
    """
    tau = np.asarray(tau_days, float)
    keep = np.where(tau > 0, np.exp(-1.0 / np.where(tau > 0, tau, 1.0)), 0.0)[:, None]
    at_start = np.zeros((len(drive) + 1, len(tau), drive.shape[1]))
    for day, level in enumerate(drive):
        at_start[day + 1] = level + keep * (at_start[day] - level)
    since = np.clip(time_days - starts_days[day_index], 0.0, None)
    left = np.where(tau[:, None] > 0, np.exp(-since / np.where(tau > 0, tau, 1.0)[:, None]), 0.0)
    level, before = drive[day_index], at_start[day_index].transpose(1, 0, 2)
    return level + left[:, :, None] * (before - level)
