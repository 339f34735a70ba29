"""How far apart the stored trials let an effect of the top dose be: fixed with them, whatever the engine would choose.

An analysis takes this scale from the answers without drug. The stored trials and the draws from the prior have none
when it is fixed: twice the link change that makes the MCID at a base of one in five, or of one event a day.
"""

from typing import Any

import numpy as np

BASE_RATE, BASE_COUNT = 0.2, 1.0


def top_dose_sd(question: dict[str, Any]) -> float:
    """Prior sd of the effect of the top dose, link scale."""
    return 2.0 * link_mcid(question)


def link_mcid(question: dict[str, Any]) -> float:
    """The change on the link scale that gives the MCID at the prior intercept, > 0."""
    mcid, sign = question["mcid"], 1.0 if question["better"] == "higher" else -1.0
    if question["kind"] == "ordinal":
        return _ordinal_link_mcid(round(question["high"] - question["low"]) + 1, mcid)
    if question["kind"] == "binary":
        aim = BASE_RATE + sign * mcid
        aim = aim if 0.01 < aim < 0.99 else BASE_RATE - sign * mcid
        return float(abs(logit(aim) - logit(BASE_RATE)))
    aim = BASE_COUNT + sign * mcid
    return float(abs(np.log(aim if aim > 0.05 else BASE_COUNT - sign * mcid)))


def _ordinal_link_mcid(categories: int, mcid: float) -> float:
    cuts = logit(np.arange(1, categories) / categories)
    low, high = 0.0, 50.0
    for _ in range(200):  # halving: the mean score grows with eta
        middle = (low + high) / 2
        gain = (1 / (1 + np.exp(cuts - middle))).sum() - (categories - 1) / 2
        low, high = (middle, high) if gain < mcid else (low, middle)
    return (low + high) / 2


def logit(p: Any) -> Any:
    """Log odds of a chance."""
    return np.log(p) - np.log1p(-np.asarray(p))
