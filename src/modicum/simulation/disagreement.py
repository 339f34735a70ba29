"""How far clinicians disagree: of how many patients each reports a benefit, and whose drug seems the better."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from modicum.participants.clinicians import Habits
from modicum.simulation.clinicians import NOBODY, TRUE_SHARES, TWO_THIRDS, Practice, Reports, Said, reports

_RANGE90 = (0.05, 0.95)
_FEWEST = 3  # clinicians whose pairs tell how far chance moves their share


def practice_row(
    practice: Practice, unhelped: Said, helped: Said, drawn: Float[np.ndarray, "clinician patient"]
) -> dict[str, Any]:
    """What clinicians who follow one protocol report, for a drug that helps nobody, a third of people, or two thirds.

    Args:
        practice: of either scenario.
        unhelped: of whom it was said that the drug works, where it helps nobody.
        helped: the same where it helps.
        drawn: see :func:`modicum.simulation.clinicians.reports`.
    """
    found = {true_share: reports(unhelped, helped, drawn, true_share) for true_share in TRUE_SHARES}
    nothing, most, protocol = found[NOBODY], found[TWO_THIRDS], practice.protocol
    return {
        "name": protocol.name,
        "title": protocol.title,
        "protocol_version": protocol.version,
        "judged_by": practice.judged_by,
        "blinded": any(phase.blinded for phase in protocol.phases),
        "protocol_sha256": protocol.sha256,
        "true_shares": [_share(true_share, one) for true_share, one in found.items()],
        "pairs": {
            "declared": pairs(nothing.declared, most.declared),
            "declared_unqualified": pairs(nothing.unqualified, most.unqualified),
        },
    }


def habits_part(habits: Habits) -> dict[str, Any]:
    """How clinicians differ: every habit with its value, unit, meaning, source and grade."""
    return {
        "name": habits.name,
        "title": habits.title,
        "summary": " ".join(habits.summary.split()),
        "parameters": [{"name": name, **parameter.model_dump()} for name, parameter in habits.parameters],
    }


def _share(true_share: Fraction, found: Reports) -> dict[str, Any]:
    return {
        "true_share": float(true_share),
        "helped": float(found.helped.sum() / (len(found.helped) * found.patients)),
        "declared": distribution(found.declared, found.patients),
        "declared_unqualified": distribution(found.unqualified, found.patients),
    }


def distribution(reported: Int[np.ndarray, " clinician"], patients: int) -> dict[str, Any]:
    """How reports of clinicians lie.

    Args:
        reported: of how many patients each says that the drug helped.
        patients: of each.

    Returns:
        Mean with its Monte Carlo standard error by clinician, sd between clinicians, the range without the lowest and
        the highest 5 % of clinicians, and how many clinicians report 0, 1, 2 ... patients.

    Example:
        >>> found = distribution(np.array([2, 3, 3, 4]), 4)
        >>> found["mean"], found["counts"]
        (0.75, [0, 0, 1, 2, 1])
    """
    shares, n = reported / patients, len(reported)
    sd = float(shares.std(ddof=1)) if n > 1 else None
    return {
        "mean": float(shares.mean()),
        "mcse": None if sd is None else sd / math.sqrt(n),
        "sd": sd,
        "range90": np.quantile(shares, _RANGE90, method="inverted_cdf").tolist(),
        "counts": np.bincount(reported, minlength=patients + 1).tolist(),
    }


def pairs(
    nothing: Int[np.ndarray, " clinician"], most: Int[np.ndarray, " clinician"]
) -> dict[str, float | None] | None:
    """The share of pairs in which one clinician's useless drug seems to help at least as many as another's good one.

    Args:
        nothing: reports of every clinician, for a drug that helps nobody.
        most: reports of the same clinicians, for one that helps most.

    Returns:
        The share, and its Monte Carlo standard error by clinician; None of fewer than two clinicians, who make no pair.

    Source:
        Hoeffding 1948, Ann Math Stat 19:293: a mean over all pairs, its error by what each clinician adds to it.

    Example:
        >>> pairs(np.array([1, 5]), np.array([4, 9]))["p"]
        0.5
    """
    n = len(nothing)
    if n <= 1:
        return None
    own = nothing >= most
    as_nothing = (np.searchsorted(np.sort(most), nothing, side="right") - own) / (n - 1)
    as_most = (n - np.searchsorted(np.sort(nothing), most, side="left") - own) / (n - 1)
    spread = float((as_nothing + as_most).std(ddof=1)) / math.sqrt(n) if n >= _FEWEST else None
    return {"p": float(as_nothing.mean()), "mcse": spread}


def rows(
    practices: Sequence[tuple[Practice, Practice]],
    said: Sequence[Said],
    drawn: Float[np.ndarray, "clinician patient"],
) -> list[dict[str, Any]]:
    """One row a protocol.

    Args:
        practices: of each protocol, the scenario in which the drug helps nobody and that in which it helps.
        said: of whom it was said that the drug works, in the order of all scenarios.
        drawn: see :func:`modicum.simulation.clinicians.reports`.
    """
    found = zip(said[::2], said[1::2], strict=True)
    return [practice_row(nothing, *both, drawn) for (nothing, _), both in zip(practices, found, strict=True)]
