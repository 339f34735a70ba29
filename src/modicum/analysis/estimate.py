"""What an analysis finds: numbers given that the drug does something, and the weight of its doing nothing."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Interval = tuple[float, float]


@dataclass(frozen=True)
class Summary:
    """Mean, sd and equal-tailed intervals of one quantity, outcome units unless said; given H1."""

    mean: float
    sd: float
    interval95: Interval
    interval80: Interval | None = None
    interval50: Interval | None = None


@dataclass(frozen=True)
class DoseEffect:
    """Steady-state effect of one dose against no drug (dose minus no drug, outcome units).

    Args:
        dose_mg: the dose.
        taken: whether it was in force on any day.
        days: dosing days in force between the first and the last entry.
        effect: posterior given H1.
        with_expectation: effect plus the whole effect of expectation (theta + kappa), or None where that term is off.
        p_better: P(benefit > 0 | H1).
        p_mcid_given_effect: P(benefit >= MCID | H1).
        p_mcid: the same, averaged over H0 and H1.
        p_harm: P(benefit < -MCID | H1).
        link: the effect on the link scale, for outcomes that have one.
    """

    dose_mg: float
    taken: bool
    days: int
    effect: Summary
    with_expectation: Summary | None
    p_better: float
    p_mcid_given_effect: float
    p_mcid: float
    p_harm: float
    p_better_with_expectation: float
    p_mcid_with_expectation: float
    link: Summary | None = None


@dataclass(frozen=True)
class Noise:
    """The parameters of time and noise, given H1; None where a model has no such parameter.

    ``sd`` is that of the residual: outcome units, or link scale for outcomes that are not Gaussian.
    ``overdispersion`` is 1/phi of the negative binomial.
    """

    onset_days: Summary | None
    correlation_days: Summary | None
    white_share: Summary | None
    sd: Summary
    overdispersion: Summary | None = None


@dataclass(frozen=True)
class Course:
    """The fitted course: the mean of the outcome without its noise, on a time grid, given H1 (axis: day).

    ``mean``, ``low95`` ... are x'beta + ebb + doses + expectation, outcome units; ``without_drug`` has theta = 0.
    """

    time_days: Float[np.ndarray, " day"]
    mean: Float[np.ndarray, " day"]
    low95: Float[np.ndarray, " day"]
    high95: Float[np.ndarray, " day"]
    low50: Float[np.ndarray, " day"]
    high50: Float[np.ndarray, " day"]
    without_drug: Float[np.ndarray, " day"]


@dataclass(frozen=True)
class DoseBlock:
    """A run of days on one dose: from ``start_days`` to ``end_days`` (clock time), with what the person was told."""

    start_days: float
    end_days: float
    dose_mg: float
    announced: float
    phase: str
