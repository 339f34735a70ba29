"""Packing: designs of many trials into the flat arrays of the kernel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from modicum.analysis.axes import Axes, Axis
from modicum.analysis.batch.kernel import Packed
from modicum.analysis.batch.nodes import axis_row
from modicum.analysis.design import Design
from modicum.analysis.question import Priors


@dataclass(frozen=True)
class Trial:
    """One trial to fit: its design, its priors, the windows to begin with, and what a benefit is.

    Args:
        design: under H1.
        priors: of the question; only sigma's are read, the others are in the design and the axes.
        axes: under H1, normally the whole prior (:func:`modicum.analysis.axes.prior_axes`).
        axes_no_effect: under H0 (:func:`modicum.analysis.fitting.axes_without_doses`).
        mcid: smallest difference that matters, outcome units.
        sign: +1 where higher is better, -1 where lower is.
    """

    design: Design
    priors: Priors
    axes: Axes
    axes_no_effect: Axes
    mcid: float
    sign: int


@dataclass(frozen=True)
class _Parts:
    """The arrays of one trial."""

    columns: np.ndarray
    drive: np.ndarray
    since: np.ndarray
    loadings: np.ndarray
    centre: np.ndarray
    numbers: tuple[int, int, int, int, int]
    shared_mean: float


def pack(trials: Sequence[Trial], *, every_coefficient: bool = False) -> Packed:
    """Pack trials; ``every_coefficient`` reports all of them after doses and expectation, for the numerical error."""
    parts = [_parts(trial.design, every_coefficient) for trial in trials]
    designs = [trial.design for trial in trials]
    centre = np.zeros((len(trials), max((part.numbers[3] for part in parts), default=0)))
    for row, part in zip(centre, parts, strict=True):
        row[: len(part.centre)] = part.centre
    priors = [
        (np.log(t.priors.sd_median), t.priors.sd_log_sd, p.shared_mean) for t, p in zip(trials, parts, strict=True)
    ]
    return Packed(
        entry_at=_starts([len(design) for design in designs]),
        day_at=_starts([len(design.doses) for design in designs]),
        column_at=_starts([part.columns.size for part in parts]),
        drive_at=_starts([part.drive.size for part in parts]),
        loading_at=_starts([part.loadings.size for part in parts]),
        time=_joined([design.time_days for design in designs]),
        since=_joined([part.since for part in parts]),
        day_index=_joined([design.day_index for design in designs]).astype(np.int64),
        columns=_joined([part.columns.ravel() for part in parts]),
        drive=_joined([part.drive.ravel() for part in parts]),
        loadings=_joined([part.loadings.ravel() for part in parts]),
        numbers=np.array([part.numbers for part in parts], np.int64).reshape(-1, 5),
        axes=_joined([rows for t in trials for rows in (_rows(t.axes), _rows(t.axes_no_effect))]).reshape(-1, 2, 3, 5),
        prior=np.array(priors, float).reshape(-1, 3),
        asked=np.array([(t.mcid, t.sign, t.priors.odds_no_effect) for t in trials], float).reshape(-1, 3),
        centre=centre,
    )


def _parts(design: Design, every_coefficient: bool) -> _Parts:
    """Columns and loadings in units in which every coefficient is a priori standard normal."""
    n_fixed, n_doses, size = design.fixed.shape[1], len(design.ladder_mg), len(design.mean)
    factor = _factor(design.covariance.tobytes(), size)
    sd = factor.diagonal()[:n_fixed]
    columns = np.empty((1 + n_fixed, len(design)))
    columns[0] = design.score - design.fixed @ design.mean[:n_fixed]
    columns[1:] = design.fixed.T * sd[:, None]
    drive = design.doses if design.told is None else np.column_stack([design.doses, design.told])
    reported = _reported(design, every_coefficient)
    return _Parts(
        columns=columns,
        drive=drive @ factor[n_fixed:, n_fixed:],
        since=np.maximum(design.time_days - design.starts_days[design.day_index], 0.0),
        loadings=factor[reported],
        centre=design.mean[reported],
        numbers=(n_fixed, size - n_fixed, n_doses, len(reported), int(design.expectation_at is not None)),
        shared_mean=0.0 if design.told is None else float(design.mean[-1] / factor[-1, -1]),
    )


@lru_cache(maxsize=64)
def _factor(covariance: bytes, size: int) -> np.ndarray:
    """Cholesky factor of a prior covariance; most trials of a batch share one."""
    return np.linalg.cholesky(np.frombuffer(covariance).reshape(size, size))


def _reported(design: Design, every_coefficient: bool) -> list[int]:
    """Positions of the doses, of expectation, and of the rest where that is wanted."""
    first = [*range(design.dose_at.start, design.dose_at.stop)]
    if design.expectation_at is not None:
        first.append(design.expectation_at)
    rest = [i for i in range(len(design.mean)) if i not in first] if every_coefficient else []
    return first + rest


@lru_cache(maxsize=64)
def _rows(axes: Axes) -> np.ndarray:
    """The three axes as rows; most trials of a batch share them."""
    return np.array([_row(axis) for axis in (axes.tau, axes.ell, axes.omega)])


def _row(axis: Axis) -> np.ndarray:
    return axis_row(axis.kind, axis.low, axis.high, axis.first, axis.second)


def _starts(lengths: list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(arrays) if arrays else np.empty(0)
