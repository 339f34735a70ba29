"""What is asked of a diary: one outcome, its scale, the ladder, and every prior as a number."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float

Better = Literal["lower", "higher"]
Kind = Literal["gaussian", "binary", "poisson", "negative-binomial", "ordinal"]
SAME_DOSE = 1e-4  # doses nearer than 1 in 10,000 differ by the rounding of a spreadsheet, not by a capsule


@dataclass(frozen=True)
class Onset:
    """First-order onset and washout of a dose's effect, with time constant tau.

    Args:
        kind: "uncertain" (log-normal prior on tau), "fixed" (tau = ``median_days``) or "immediate" (tau = 0).
        median_days: median of the prior, days, > 0.
        log_sd: sd of log tau.
    """

    kind: Literal["uncertain", "fixed", "immediate"] = "uncertain"
    median_days: float = 4.0
    log_sd: float = 0.8


@dataclass(frozen=True)
class Priors:
    """Every prior of docs/model.md as a number, in outcome units and days. Defaults: :func:`default_priors`."""

    intercept_mean: float
    intercept_sd: float
    trend_sd: float
    ebb_sd: float
    covariate_sd: float
    expectation_mean: float
    expectation_sd: float
    top_dose_sd: float
    sd_median: float
    sd_log_sd: float = 0.7
    correlation_median_days: float = 4.0
    correlation_log_sd: float = 1.2
    white_share_a: float = 1.0
    white_share_b: float = 1.0
    odds_no_effect: float = 1.0


@dataclass(frozen=True)
class Question:
    """One outcome and what is assumed about it before the diary is seen.

    Args:
        outcome: column of the diary.
        label: words for it in reports, for example "Pain, last 24 hours".
        unit: word for its units, for example "points".
        better: "lower" or "higher".
        low, high: ends of the instrument's range, outcome units.
        mcid: smallest difference that matters, outcome units, > 0.
        ladder_mg: the doses asked about, ascending, mg, all > 0.
        onset: see :class:`Onset`.
        priors: see :class:`Priors`.
        planned_days: planned length of the trial, days, or None (then the span of the diary).
        expectation: whether the expectation term is in the model.
        covariates: names of columns of the diary that enter as covariates ("weekend" and "cycle" are made from dates).
        kind: how the answers come about. Priors of all but "gaussian" are on the link scale.
        mcid_source: where the MCID comes from.
        dose_unit: "mg", or "" for a treatment without a dose.
    """

    outcome: str
    label: str
    unit: str
    better: Better
    low: float
    high: float
    mcid: float
    ladder_mg: tuple[float, ...]
    priors: Priors
    onset: Onset = field(default_factory=Onset)
    planned_days: float | None = None
    expectation: bool = True
    covariates: tuple[str, ...] = ()
    mcid_source: str = ""
    dose_unit: str = "mg"
    low_label: str = ""
    high_label: str = ""
    kind: Kind = "gaussian"

    @property
    def sign(self) -> int:
        """+1 where higher is better, -1 where lower is: benefit = sign * effect."""
        return 1 if self.better == "higher" else -1

    @property
    def effect_unit(self) -> float:
        """What makes the MCID on the scale that dose effects are modelled on: itself, or the link change for it."""
        return self.mcid if self.kind == "gaussian" else self.priors.top_dose_sd / 2

    @property
    def ladder(self) -> Float[np.ndarray, " dose"]:
        """The ladder as an array, mg."""
        return np.asarray(self.ladder_mg, float)

    def rungs(self, dose_mg: Float[np.ndarray, " day"]) -> Bool[np.ndarray, "day dose"]:
        """Which rung of the ladder each dose is, if any."""
        return np.isclose(dose_mg[:, None], self.ladder, rtol=SAME_DOSE, atol=0.0)


def default_priors(low: float, high: float, mcid: float, *, with_protocol: bool = False) -> Priors:
    """The priors of docs/model.md for an instrument of range ``high - low``.

    Without a protocol the sd of the top dose's effect is at least a fifth of the range.
    """
    span = high - low
    top = 2 * mcid if with_protocol else max(2 * mcid, span / 5)
    return Priors(
        intercept_mean=(low + high) / 2,
        intercept_sd=span,
        trend_sd=span / 10,
        ebb_sd=span / 5,
        covariate_sd=span / 10,
        expectation_mean=0.0,
        expectation_sd=0.16 * span,
        top_dose_sd=top,
        sd_median=span / 6,
    )
