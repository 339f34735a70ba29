"""The density of one diary as plain arrays, for the peers: the same columns and priors, no algorithm of Modicum's."""

from dataclasses import dataclass

import numpy as np

from modicum.analysis.posterior import Posterior


@dataclass(frozen=True)
class Density:
    """y = X(tau) beta + OU + white noise, beta ~ N(mean, root root').

    The exposure columns are sums of step responses: 1 - exp(-since/tau), one for every change of dose.
    """

    score: np.ndarray
    gaps: np.ndarray
    fixed: np.ndarray
    since: np.ndarray
    jumps: np.ndarray
    mean: np.ndarray
    root: np.ndarray
    dose_at: slice
    tau: tuple[float, float]
    ell: tuple[float, float]
    omega: tuple[float, float]
    sigma: tuple[float, float]

    @classmethod
    def of(cls, posterior: Posterior) -> "Density":
        """The density that a posterior was computed from."""
        design, question = posterior.design, posterior.question
        priors, onset = question.priors, question.onset
        drive = design.doses if design.told is None else np.column_stack([design.doses, design.told])
        jumps = np.diff(drive, axis=0, prepend=0.0)
        moved = np.any(jumps != 0, axis=1)
        return cls(
            score=design.score,
            gaps=np.diff(design.time_days, prepend=design.time_days[0] - 1e6),
            fixed=design.fixed,
            since=np.maximum(design.time_days[:, None] - design.starts_days[moved], 0.0),
            jumps=jumps[moved],
            mean=design.mean,
            root=np.linalg.cholesky(design.covariance),
            dose_at=design.dose_at,
            tau=(onset.median_days, onset.log_sd),
            ell=(priors.correlation_median_days, priors.correlation_log_sd),
            omega=(priors.white_share_a, priors.white_share_b),
            sigma=(priors.sd_median, priors.sd_log_sd),
        )
