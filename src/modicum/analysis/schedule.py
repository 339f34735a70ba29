"""The dose course: what was in force on every dosing day, what was assigned, and what the person was told."""

import itertools
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.estimate import DoseBlock
from modicum.records.diary import Diary

EVENING_HOUR = 20.0  # docs/diary-file.md, When: an entry that says only its day was made at 20:00
DAYS_TO_COMPARE = 7  # a verdict counts a dose as tried after a week; a blinded comparison needs as much of either side


@dataclass(frozen=True)
class Schedule:
    """One value for every dosing day from that of the first entry to that of the last.

    Args:
        first_day: number of the first dosing day.
        assigned_mg: dose assigned (the schedule where there is one, else the dose taken), mg.
        taken_mg: dose taken; where that is unknown the planned dose, else the last known, else none.
        announced: probability of active drug the person was told, 0-1.
        belief: the same with guesses given for side effects in the place of the announcement.
        phase: name of the phase, or "".
        unknown: whether no entry of the day says the dose.
        assumed_none: whether the day lies before the first dose that is said or planned, and was taken to be without.
        plan_carried: whether the plan of the day was carried over from the day before, although it changes after.
        has_schedule: whether the diary says what was planned.
        dose_hour: hour at which a dose is taken.
    """

    first_day: int
    assigned_mg: Float[np.ndarray, " day"]
    taken_mg: Float[np.ndarray, " day"]
    announced: Float[np.ndarray, " day"]
    belief: Float[np.ndarray, " day"]
    phase: tuple[str, ...]
    unknown: Bool[np.ndarray, " day"]
    assumed_none: Bool[np.ndarray, " day"]
    plan_carried: Bool[np.ndarray, " day"]
    has_schedule: bool
    dose_hour: float = 22.0

    def __len__(self) -> int:
        return len(self.assigned_mg)

    @property
    def starts_days(self) -> Float[np.ndarray, " day"]:
        """Clock time at which each dosing day begins: the dose hour of the calendar day before."""
        return self.first_day + np.arange(len(self)) - (24.0 - self.dose_hour) / 24.0

    def evenings(self, index: Int[np.ndarray, " day"]) -> Float[np.ndarray, " day"]:
        """The moment within each dosing day at which the clock shows 20:00."""
        return self.starts_days[index] + ((EVENING_HOUR - self.dose_hour) % 24.0) / 24.0

    def dose(self, assumptions: Assumptions) -> Float[np.ndarray, " day"]:
        """The doses that the estimand looks at, mg."""
        return self.assigned_mg if assumptions.dose == "assigned" else self.taken_mg

    def told(self, assumptions: Assumptions) -> Float[np.ndarray, " day"]:
        """What drives expectation: the announcement, or the belief."""
        return self.belief if assumptions.belief_adjusted else self.announced

    def index(self, dosing_day: Int[np.ndarray, " entry"]) -> Int[np.ndarray, " entry"]:
        """Positions of dosing days in the arrays."""
        return dosing_day - self.first_day

    def blinded_drug_free(self, dosing_day: Int[np.ndarray, " entry"]) -> bool:
        """Whether these days hold a blinded comparison: a week without drug and a week on it under one announcement.

        The announcement lies strictly between 0 and 1; days assumed to be without drug do not count
        (docs/decisions/0005).
        """
        levels = self._compared(dosing_day, self.announced)
        return bool(((levels > 0) & (levels < 1)).any())

    def moves_apart(self, dosing_day: Int[np.ndarray, " entry"], assumptions: Assumptions) -> bool:
        """Whether drug and announcement, or belief, ever move apart on these days, by as much as a comparison needs."""
        return len(self._compared(dosing_day, self.told(assumptions))) > 0

    def _compared(self, dosing_day: np.ndarray, told: np.ndarray) -> np.ndarray:
        """Levels of what was told under which there was both a week without drug and a week on it."""
        at = np.unique(self.index(dosing_day))
        at = at[~self.assumed_none[at]]
        level, without = told[at], self.assigned_mg[at] == 0
        return np.array(
            [
                one
                for one in np.unique(level)
                if min((without & (level == one)).sum(), (~without & (level == one)).sum()) >= DAYS_TO_COMPARE
            ]
        )


def schedule_of(diary: Diary, announced_by_phase: dict[str, float] | None = None) -> Schedule:
    """Read the dose course off a diary (docs/diary-file.md).

    Args:
        diary: at least one entry.
        announced_by_phase: what each phase of the protocol announces; "" is used for days of no named phase.

    Returns:
        The schedule over the dosing days from the first entry to the last.
    """
    first = int(diary.dosing_day.min())
    n_days = int(diary.dosing_day.max()) - first + 1
    at = diary.dosing_day - first
    stated = _per_day(diary.dose_mg, at, n_days)
    planned = _per_day(diary.planned_mg, at, n_days) if diary.planned_mg is not None else np.full(n_days, np.nan)
    has_schedule = bool(np.isfinite(planned).any())
    said = np.where(np.isnan(stated), planned, stated)
    taken = _last_known(said)
    before_plan = np.cumsum(np.isfinite(planned)) == 0
    assigned = _last_known(np.where(before_plan, stated, planned)) if has_schedule else taken
    phase = _phases(diary, at, n_days)
    announced = _announced(diary, at, assigned, phase, announced_by_phase)
    return Schedule(
        first_day=first,
        assigned_mg=assigned,
        taken_mg=taken,
        announced=announced,
        belief=_belief(diary, at, announced, assigned, phase),
        phase=phase,
        unknown=np.isnan(stated),
        assumed_none=np.cumsum(np.isfinite(said)) == 0,
        plan_carried=np.isnan(planned) & ~before_plan & (_last_known(planned) != _next_known(planned)),
        has_schedule=has_schedule,
        dose_hour=diary.dose_hour,
    )


def blocks_of(schedule: Schedule) -> tuple[DoseBlock, ...]:
    """The schedule as runs of days with one assigned dose, one phase and one announcement."""
    starts = schedule.starts_days
    cuts = [0, *_changes(schedule.assigned_mg, schedule.announced, schedule.phase), len(schedule)]
    return tuple(
        DoseBlock(
            start_days=float(starts[a]),
            end_days=float(starts[b - 1] + 1),
            dose_mg=float(schedule.assigned_mg[a]),
            announced=float(schedule.announced[a]),
            phase=schedule.phase[a],
        )
        for a, b in itertools.pairwise(cuts)
    )


def _changes(dose: np.ndarray, announced: np.ndarray, phase: tuple[str, ...]) -> list[int]:
    return [
        i
        for i in range(1, len(dose))
        if dose[i] != dose[i - 1] or announced[i] != announced[i - 1] or phase[i] != phase[i - 1]
    ]


def _per_day(column: np.ndarray, at: np.ndarray, n_days: int) -> np.ndarray:
    """The last stated value of each day; NaN for a day without one."""
    out = np.full(n_days, np.nan)
    known = np.isfinite(column)
    out[at[known]] = column[known]
    return out


def _last_known(column: np.ndarray, before: float = 0.0) -> np.ndarray:
    """Carry the last known value forward; ``before`` holds until the first one."""
    known = np.isfinite(column)
    last = np.maximum.accumulate(np.where(known, np.arange(len(column)), -1))
    return np.where(last >= 0, column[np.maximum(last, 0)], before)


def _next_known(column: np.ndarray) -> np.ndarray:
    """The next known value, and the last one after it."""
    known = np.flatnonzero(np.isfinite(column))
    if len(known) == 0:
        return np.zeros(len(column))
    at = np.searchsorted(known, np.arange(len(column)))
    return column[known[np.minimum(at, len(known) - 1)]]


def _phases(diary: Diary, at: np.ndarray, n_days: int) -> tuple[str, ...]:
    names = [""] * n_days
    for i, name in zip(at, diary.phase or (), strict=False):
        names[i] = name or names[i]
    for i in range(1, n_days):
        names[i] = names[i] or names[i - 1]
    return tuple(names)


def _announced(
    diary: Diary, at: np.ndarray, assigned: np.ndarray, phase: tuple[str, ...], by_phase: dict[str, float] | None
) -> np.ndarray:
    """The column; else the phase's announcement; else 0.5 where blinded; else 1 with a dose in force and 0 without."""
    n_days = len(assigned)
    out = (assigned > 0).astype(float)
    if diary.blinded is not None:
        out = np.where(_last_known(_per_day(diary.blinded, at, n_days)) > 0, 0.5, out)
    if by_phase is not None:
        told = np.array([by_phase.get(name, by_phase.get("", np.nan)) for name in phase])
        out = np.where(np.isnan(told), out, told)
    if diary.announced is not None:
        told = _per_day(diary.announced, at, n_days)
        if np.isfinite(told).any():
            out = _last_known(told, before=float(out[0]))
    return out


def _belief(
    diary: Diary, at: np.ndarray, announced: np.ndarray, assigned: np.ndarray, phase: tuple[str, ...]
) -> np.ndarray:
    """The announcement, replaced over the whole period by a guess that was given for side effects."""
    out = announced.copy()
    if diary.guess is None or diary.guess_reason is None:
        return out
    cuts = np.array([0, *_changes(assigned, announced, phase), len(assigned)])
    for i in np.flatnonzero(np.isfinite(diary.guess)):
        if diary.guess_reason[i] == "side-effect":
            period = int(np.searchsorted(cuts, at[i], side="right"))
            out[cuts[period - 1] : cuts[period]] = diary.guess[i]
    return out
