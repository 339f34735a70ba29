"""Priors on the link scale, and the link change that makes the smallest difference that matters (docs/model.md).

The same difference is a large change of a rare event and a small one of a common one, so that change is taken at the
answers without drug, not at one base rate for everybody (docs/decisions/0012).
"""

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq
from scipy.special import expit, logit

from modicum.analysis.question import Kind, Priors

BASE_RATE = 0.2  # docs/model.md: the intercept's prior is centred on this chance of a yes, or on one event a day
_BASE_COUNT = 1.0
_INTERCEPT_SD, _SLOPE_SD = 2.5, 1.0
_LEAST_DOSE_SD = 1.0  # a dose may do what hope may
_SD_MEDIAN = 0.7
_FURTHEST = 30.0
_MOST_OF_THE_ROOM = 0.98  # of what lies between usual and the farther end; an MCID beyond it counts as this

Answers = Float[np.ndarray, " answer"]


def link_priors(kind: Kind, low: float, high: float, mcid: float, usual: Answers) -> Priors:
    """The priors of docs/model.md for an outcome that is not Gaussian.

    Args:
        kind: not "gaussian".
        low: lower end of the instrument.
        high: upper end.
        mcid: smallest difference that matters, reported units: a difference of chances, of events a day, of scores.
        usual: answers without drug; none where there are none.
    """
    return Priors(
        intercept_mean=float(logit(BASE_RATE)) if kind == "binary" else 0.0,
        intercept_sd=_INTERCEPT_SD,
        trend_sd=_SLOPE_SD,
        ebb_sd=_SLOPE_SD,
        covariate_sd=_SLOPE_SD,
        expectation_mean=0.0,
        expectation_sd=_SLOPE_SD,
        top_dose_sd=max(2.0 * link_mcid(kind, low, high, mcid, usual), _LEAST_DOSE_SD),
        sd_median=_SD_MEDIAN,
    )


def link_mcid(kind: Kind, low: float, high: float, mcid: float, usual: Answers) -> float:
    """The size of the link change that makes the MCID where answers are as usual, towards where there is more room.

    The prior answers weigh as much as one answer more. Grows with the MCID.

    Example:
        >>> round(link_mcid("poisson", 0, 10, 0.5, np.array([])), 3)
        0.405
        >>> round(link_mcid("poisson", 0, 50, 0.5, np.full(27, 20.0)), 3)
        0.026
    """
    if kind == "ordinal":
        return _ordinal(low, high, mcid, usual)
    base = float((usual.sum() + (BASE_RATE if kind == "binary" else _BASE_COUNT)) / (len(usual) + 1.0))
    if kind == "binary":
        more = min(mcid, _MOST_OF_THE_ROOM * max(base, 1.0 - base))
        return float(abs(logit(base + more if base <= 0.5 else base - more) - logit(base)))
    return float(np.log1p(mcid / base))


def _ordinal(low: float, high: float, mcid: float, usual: Answers) -> float:
    """What moves the mean score by the MCID; without answers every category is as likely as any other."""
    steps = round(high - low)
    seen = np.bincount(np.rint(usual - low).astype(int), minlength=steps + 1) + 1.0 / (steps + 1)
    passed = 1.0 - np.cumsum(seen / seen.sum())[:-1]  # chance of each score above the lowest, or a higher one
    mean = passed.sum()
    up = mean <= steps / 2
    aim = min(mcid, _MOST_OF_THE_ROOM * max(mean, steps - mean))
    places = logit(passed)

    def excess(eta: float) -> float:
        return abs(float(expit(places + (eta if up else -eta)).sum()) - mean) - aim

    return float(np.asarray(brentq(excess, 0.0, _FURTHEST)))
