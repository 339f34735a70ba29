"""Worsening: what the words of "nothing that matters" may not hide (docs/decisions/0011)."""

from modicum.analysis.estimate import DoseEffect
from modicum.analysis.inference import Inference
from modicum.decision.finding import Facts, tried_doses

TOLD_FROM = 0.05  # chance of a worsening by the MCID from which the sentence speaks of it: 1 in 20


def p_worse(posterior: Inference, dose: DoseEffect) -> float:
    """The chance that a dose makes it worse by the MCID or more, averaged over H0 and H1."""
    return (1.0 - posterior.p_no_effect()) * dose.p_harm


def worsening(posterior: Inference, facts: Facts) -> DoseEffect | None:
    """The tried dose with the largest chance of making it worse by the MCID, where that chance must be told.

    It must from 1 in 20 on, or where the 95 % interval of the effect lies wholly on the harmful side.
    """
    told = [
        dose
        for _, dose in tried_doses(posterior, facts.rules)
        if p_worse(posterior, dose) >= TOLD_FROM or _wholly_harmful(posterior, dose)
    ]
    return max(told, key=lambda dose: dose.p_harm, default=None)


def _wholly_harmful(posterior: Inference, dose: DoseEffect) -> bool:
    return max(posterior.question.sign * end for end in dose.effect.interval95) < 0
