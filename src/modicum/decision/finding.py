"""What the rules look at: one posterior and the facts of the trial that produced it."""

from dataclasses import dataclass

import numpy as np

from modicum.analysis.design import observed
from modicum.analysis.estimate import DoseEffect
from modicum.analysis.posterior import Posterior
from modicum.protocol.schema import Protocol, Rules
from modicum.records.diary import Diary

SEVERE = 3  # severity scale 0-3 of INTERFACES: 3 is severe, and stops the trial


@dataclass(frozen=True)
class Facts:
    """Facts of a trial that a rule needs and no posterior holds.

    Args:
        rules: thresholds.
        confirmation: whether the protocol has a confirmation phase.
        candidate: position on the ladder of the dose in confirmation, or None.
        blinded_drug_free: whether there was a blinded drug-free period.
        severe: names of side effects that were rated severe, and "red flag" for a red-flag entry.
        days_left: planned days after the last entry, or None without a planned end.
        titration_over: whether the top dose of the titration was tried and nothing came after it.
        constant: whether every score is the same.
        n_observed: scores used.
    """

    rules: Rules
    confirmation: bool
    candidate: int | None
    blinded_drug_free: bool
    severe: tuple[str, ...]
    days_left: float | None
    titration_over: bool
    constant: bool
    n_observed: int


def facts_of(posterior: Posterior, diary: Diary, protocol: Protocol | None) -> Facts:
    """Read the facts off a diary and its protocol."""
    used = observed(posterior.question, diary)
    scores = diary.scores[posterior.question.outcome][used]
    return Facts(
        rules=protocol.rules if protocol is not None else Rules(),
        confirmation=protocol is not None and protocol.has_confirmation,
        candidate=_candidate(posterior, protocol),
        blinded_drug_free=bool(len(scores)) and posterior.schedule.blinded_drug_free(diary.dosing_day[used]),
        severe=_severe(diary),
        days_left=_days_left(posterior, diary, protocol),
        titration_over=_titration_over(posterior, protocol),
        constant=len(scores) > 1 and bool(np.all(scores == scores[0])),
        n_observed=len(scores),
    )


def taken_doses(posterior: Posterior) -> list[tuple[int, DoseEffect]]:
    """Taken doses with their positions on the ladder, ascending."""
    return [(k, dose) for k, dose in enumerate(posterior.doses) if dose.taken]


def last_in_force(posterior: Posterior) -> int | None:
    """Position of the last dose in force (assigned), or None where there never was one."""
    for dose_mg in posterior.schedule.dose(posterior.assumptions)[::-1]:
        match = np.flatnonzero(np.isclose(posterior.question.ladder, dose_mg))
        if len(match):
            return int(match[0])
    return None


def most_promising(posterior: Posterior, p_mcid: float) -> int | None:
    """The lowest taken dose that reaches the MCID with this probability, else the most probable one (FLAGSHIP.md)."""
    taken = taken_doses(posterior)
    if not taken:
        return None
    likely = [k for k, dose in taken if dose.p_mcid_given_effect >= p_mcid]
    return likely[0] if likely else max(taken, key=lambda pair: pair[1].p_mcid_given_effect)[0]


def _phases(protocol: Protocol | None, kind: str) -> set[str]:
    return {phase.name for phase in protocol.phases if phase.kind == kind} if protocol is not None else set()


def _candidate(posterior: Posterior, protocol: Protocol | None) -> int | None:
    names = _phases(protocol, "confirmation")
    schedule = posterior.schedule
    for name, dose_mg in zip(schedule.phase[::-1], schedule.assigned_mg[::-1], strict=True):
        match = np.flatnonzero(np.isclose(posterior.question.ladder, dose_mg))
        if name in names and len(match):
            return int(match[0])
    return None


def _severe(diary: Diary) -> tuple[str, ...]:
    names = [name for name, severity in diary.side_effects.items() if np.any(np.nan_to_num(severity) >= SEVERE)]
    if diary.red_flag is not None and np.any(np.nan_to_num(diary.red_flag) > 0):
        names.append("red flag")
    return tuple(names)


def _days_left(posterior: Posterior, diary: Diary, protocol: Protocol | None) -> float | None:
    if protocol is None or len(diary) == 0:
        return None
    return protocol.planned_days - float(diary.time_days[-1] - np.floor(diary.time_days[0]))


def _titration_over(posterior: Posterior, protocol: Protocol | None) -> bool:
    names = _phases(protocol, "titration")
    schedule = posterior.schedule
    top = np.isclose(schedule.assigned_mg, posterior.question.ladder.max())
    return bool(names) and schedule.phase[-1] in names and bool(top.any())
