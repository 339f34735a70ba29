"""Priors on the link scale, and the link change that makes the smallest difference that matters (MODEL.md 1)."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from modicum.analysis.question import Better, Kind, Priors

BASE_RATE = 0.2  # MODEL.md 1: the intercept's prior is centred on this chance of a yes, or on one event a day
_RATE_ENDS = 0.01  # a chance nearer to 0 or 1 has no use as the place of a difference that matters
_FEWEST = 0.05  # events a day, the same
_INTERCEPT_SD, _SLOPE_SD = 2.5, 1.0
_SD_MEDIAN = 0.7
_FURTHEST = 30.0


def link_priors(kind: Kind, low: float, high: float, mcid: float, better: Better) -> Priors:
    """The priors of MODEL.md section 1 for an outcome that is not Gaussian.

    Args:
        kind: not "gaussian".
        low: lower end of the instrument.
        high: upper end.
        mcid: smallest difference that matters, reported units: a difference of chances, of events a day, of scores.
        better: which way is better.
    """
    return Priors(
        intercept_mean=float(logit(BASE_RATE)) if kind == "binary" else 0.0,
        intercept_sd=_INTERCEPT_SD,
        trend_sd=_SLOPE_SD,
        ebb_sd=_SLOPE_SD,
        covariate_sd=_SLOPE_SD,
        expectation_mean=0.0,
        expectation_sd=_SLOPE_SD,
        top_dose_sd=2.0 * link_mcid(kind, low, high, mcid, better),
        sd_median=_SD_MEDIAN,
    )


def link_mcid(kind: Kind, low: float, high: float, mcid: float, better: Better) -> float:
    """The size of the link change that gives the MCID at the prior intercept, in the direction of benefit.

    Where that direction has no room (a chance of 0.2 cannot fall by 0.3) the other one is used.

    Example:
        >>> round(link_mcid("poisson", 0, 10, 0.5, "lower"), 3)
        0.693
    """
    sign = 1.0 if better == "higher" else -1.0
    if kind == "binary":
        to = BASE_RATE + sign * mcid
        to = to if _RATE_ENDS < to < 1.0 - _RATE_ENDS else BASE_RATE - sign * mcid
        return float(abs(logit(np.clip(to, _RATE_ENDS, 1.0 - _RATE_ENDS)) - logit(BASE_RATE)))
    if kind == "ordinal":
        return _ordinal(low, high, mcid)
    to = 1.0 + sign * mcid
    return float(abs(np.log(to if to > _FEWEST else 1.0 + mcid)))


def _ordinal(low: float, high: float, mcid: float) -> float:
    """Where every category is as likely as any other at first, what moves the mean score by the MCID."""
    steps = round(high - low)
    cuts = logit(np.arange(1, steps + 1) / (steps + 1))
    wanted = min(mcid, 0.98 * steps / 2)

    def excess(eta: float) -> float:
        return float(expit(eta - cuts).sum()) - steps / 2 - wanted

    return float(np.asarray(brentq(excess, 0.0, _FURTHEST)))
