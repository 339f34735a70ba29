"""What the rules look at: one posterior and the facts of the trial that produced it."""

from dataclasses import dataclass, replace

import numpy as np

from modicum.analysis.design import observed
from modicum.analysis.estimate import DoseEffect
from modicum.analysis.inference import Inference
from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule
from modicum.decision.looks import LATE_DAYS, early_look, look_due
from modicum.protocol.schema import Protocol, Rules
from modicum.records.diary import Diary

SEVERE = 3  # severity scale 0-3 (docs/diary-file.md, Columns): 3 is severe, and stops the trial


@dataclass(frozen=True)
class Facts:
    """Facts of a trial that a rule needs and no posterior holds.

    Args:
        rules: thresholds.
        confirmation: whether the protocol has a confirmation phase.
        candidate: position on the ladder of the dose in confirmation, or None.
        look_due: whether "works" may be said: at a planned look, or where none was planned.
        early_look: whether the diary ends at an efficacy look before the last of its confirmation.
        blinded_drug_free: whether there was a blinded drug-free period.
        severe: names of side effects that were rated severe, and "red flag" for a red-flag entry.
        days_left: planned days after the last entry, or None without a planned end.
        titration_over: whether the titration has run its length and nothing came after it.
        constant: whether every score is the same.
        n_observed: scores used.
        room: what there is to gain without drug, outcome units; infinite where nothing bounds it, or nobody asked.
    """

    rules: Rules
    confirmation: bool
    candidate: int | None
    look_due: bool
    early_look: bool
    blinded_drug_free: bool
    severe: tuple[str, ...]
    days_left: float | None
    titration_over: bool
    constant: bool
    n_observed: int
    room: float = np.inf


def facts_of(posterior: Inference, diary: Diary, protocol: Protocol | None, *, level: float | None = None) -> Facts:
    """Read the facts off a diary and its protocol.

    Args:
        posterior: of the primary analysis.
        diary: that it analysed.
        protocol: the trial, or None.
        level: mean level without drug, outcome units, where the room to improve is to be looked at.
    """
    used = observed(posterior.question, diary)
    scores = diary.scores[posterior.question.outcome][used]
    return Facts(
        rules=protocol.rules if protocol is not None else Rules(),
        confirmation=protocol is not None and protocol.has_confirmation,
        candidate=_candidate(posterior, protocol),
        look_due=look_due(posterior, protocol),
        early_look=early_look(posterior.schedule, protocol),
        blinded_drug_free=bool(len(scores)) and posterior.schedule.blinded_drug_free(diary.dosing_day[used]),
        severe=_severe(diary, posterior.schedule),
        days_left=_days_left(posterior, diary, protocol),
        titration_over=_titration_over(posterior, protocol),
        constant=len(scores) > 1 and bool(np.all(scores == scores[0])),
        n_observed=len(scores),
        room=np.inf if level is None else room_to_improve(posterior.question, level),
    )


def agreeing(facts: Facts) -> Facts:
    """The facts with the thresholds by which the belief-adjusted analysis agrees (docs/decisions/0015)."""
    rules, enough = facts.rules, facts.rules.p_agree
    if enough is None:
        return facts
    own = rules.confirmation and rules.confirmation.model_copy(update={"p_better": enough, "p_early": enough})
    return replace(facts, rules=rules.model_copy(update={"p_better": enough, "confirmation": own}))


def room_to_improve(question: Question, level: float) -> float:
    """What there is to gain from a mean level to the best end of the outcome's scale, outcome units, at least 0."""
    counted = question.kind in ("poisson", "negative-binomial")
    best = {"lower": 0.0 if counted else question.low, "higher": np.inf if counted else question.high}[question.better]
    return max(question.sign * (best - level), 0.0)


def too_little_to_gain(question: Question, facts: Facts) -> bool:
    """Whether no drug could help by the MCID, so that a verdict about reaching it would be empty."""
    return facts.room < question.mcid


def taken_doses(posterior: Inference) -> list[tuple[int, DoseEffect]]:
    """Taken doses with their positions on the ladder, ascending."""
    return [(k, dose) for k, dose in enumerate(posterior.doses) if dose.taken]


def tried_doses(posterior: Inference, rules: Rules) -> list[tuple[int, DoseEffect]]:
    """Doses assigned for as long as a verdict needs before it may name them, ascending."""
    tried = were_tried(posterior, rules)
    return [(k, dose) for k, dose in taken_doses(posterior) if tried[k]]


def were_tried(posterior: Inference, rules: Rules) -> np.ndarray:
    """Which doses were assigned for long enough, with a score on any of their days."""
    return (posterior.days >= rules.min_days_assigned) & (posterior.scored_days > 0)


def last_in_force(posterior: Inference) -> int | None:
    """Position of the last dose in force (assigned), or None where there never was one."""
    _, rung = np.nonzero(posterior.question.rungs(posterior.schedule.dose(posterior.assumptions)))
    return int(rung[-1]) if len(rung) else None


def most_promising(posterior: Inference, p_mcid: float) -> int | None:
    """The lowest taken dose that reaches the MCID with this probability, else the most probable one."""
    taken = taken_doses(posterior)
    if not taken:
        return None
    likely = [k for k, dose in taken if dose.p_mcid_given_effect >= p_mcid]
    return likely[0] if likely else max(taken, key=lambda pair: pair[1].p_mcid_given_effect)[0]


def in_view(posterior: Inference, facts: Facts) -> int | None:
    """The dose that sentences speak of where the verdict names none: in an open diary the one with the most promise."""
    taken = taken_doses(posterior)
    if taken and not facts.blinded_drug_free:
        return max(taken, key=lambda pair: pair[1].p_mcid_with_expectation)[0]
    return most_promising(posterior, facts.rules.p_mcid)


def _phases(protocol: Protocol | None, kind: str) -> set[str]:
    return {phase.name for phase in protocol.phases if phase.kind == kind} if protocol is not None else set()


def _candidate(posterior: Inference, protocol: Protocol | None) -> int | None:
    names = _phases(protocol, "confirmation")
    within = np.array([name in names for name in posterior.schedule.phase])
    _, rung = np.nonzero(posterior.question.rungs(posterior.schedule.assigned_mg[within]))
    return int(rung[-1]) if len(rung) else None


def _severe(diary: Diary, schedule: Schedule) -> tuple[str, ...]:
    """What was rated severe once the drug had been taken (before, it is not the drug's), and a red flag on any day."""
    taken = np.maximum.accumulate(schedule.taken_mg > 0)[schedule.index(diary.dosing_day)]
    names = [n for n, severity in diary.side_effects.items() if np.any(taken & (np.nan_to_num(severity) >= SEVERE))]
    if diary.red_flag is not None and np.any(np.nan_to_num(diary.red_flag) > 0):
        names.append("red flag")
    return tuple(names)


def _days_left(posterior: Inference, diary: Diary, protocol: Protocol | None) -> float | None:
    if protocol is None or len(diary) == 0:
        return None
    return protocol.planned_days - float(diary.time_days[-1] - np.floor(diary.time_days[0]))


def _titration_over(posterior: Inference, protocol: Protocol | None) -> bool:
    """At the end of the titration, its last days allowed to be missing; the top dose was then tried for its block."""
    titration = [phase for phase in protocol.phases if phase.kind == "titration"] if protocol is not None else []
    schedule = posterior.schedule
    if not titration or schedule.phase[-1] != titration[-1].name:
        return False
    run = sum(name == titration[-1].name for name in schedule.phase)
    top_days = posterior.days[-1] + LATE_DAYS >= (titration[-1].block_days or 1)
    return bool(run + LATE_DAYS >= titration[-1].max_days and top_days)
