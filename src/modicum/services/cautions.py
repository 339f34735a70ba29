"""What a person should know before trusting an analysis of this diary with these options."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule, schedule_of
from modicum.foundation.errors import Problem
from modicum.records.diary import Diary

if TYPE_CHECKING:
    from modicum.protocol import Protocol

RUNS_PER_ONSET = 3.0  # after three time constants 95 % of a first-order effect is there
NOTICED = 0.02  # a fiftieth of a posterior standard deviation, or of the standard deviation itself


def cautions(
    diary: Diary, question: Question, protocol: "Protocol | None" = None, *, onset_given: bool
) -> tuple[Problem, ...]:
    """The warnings that this diary deserves under this question.

    Args:
        diary: as read.
        question: about its deciding outcome.
        protocol: the trial, or None.
        onset_given: whether the person stated the onset.
    """
    found: list[Problem] = []
    if not onset_given and question.onset.kind != "immediate":
        found += _short_runs(diary, question.onset.median_days)
    return (*found, *_doses(diary), *_phases(diary, protocol))


def run_lengths(diary: Diary) -> list[int]:
    """Lengths of the runs of one dose, dosing days: as scheduled, where there is a schedule, else as taken.

    Days without a known dose belong to the run before them.
    """
    course = diary.dose_mg if diary.planned_mg is None else diary.planned_mg
    known = np.isfinite(course)
    days, doses = diary.dosing_day[known], course[known]
    if not days.size:
        return []
    starts = days[np.concatenate([[True], np.diff(doses) != 0])]
    return [int(after - before) for before, after in pairwise([*starts, diary.dosing_day[-1] + 1])]


def inexact(mean_in_sd: float, sd_relative: float, p_no_effect: float) -> tuple[Problem, ...]:
    """A warning where two grids of the integration differ by more than a reader would notice.

    Args:
        mean_in_sd: largest difference of a mean, posterior sds.
        sd_relative: largest difference of an sd, as a share.
        p_no_effect: difference of the chance of no effect.
    """
    if max(mean_in_sd, sd_relative, p_no_effect) <= NOTICED:
        return ()
    return (
        Problem(
            "MOD-ASSUME-12",
            "diary",
            f"{mean_in_sd:.2g} of the standard deviation of a mean, {100 * sd_relative:.2g} % of a standard deviation, "
            f"{p_no_effect:.2g} in the chance of no effect",
            "Two computations of different fineness differ, so the numbers are less exact than they look",
            "Treat chances near a limit as undecided; more entries, or a stated --onset, make it easier to compute.",
        ),
    )


def _short_runs(diary: Diary, onset_days: float) -> list[Problem]:
    lengths = run_lengths(diary)
    if len(lengths) < 2 or (typical := float(np.median(lengths))) >= RUNS_PER_ONSET * onset_days:
        return []
    return [
        Problem(
            "MOD-ASSUME-02",
            "--onset",
            "",
            f"Doses change every {typical:g} days (median), but an onset of about {onset_days:g} days is assumed, "
            "so their effects overlap and can hardly be told apart",
            "If the effect comes and goes within a day, say so with --onset immediate; else give --onset MEDIAN_DAYS.",
        )
    ]


def _doses(diary: Diary) -> list[Problem]:
    """What is assumed of doses that nobody wrote down."""
    schedule = schedule_of(diary)
    found: list[Problem] = []
    if not schedule.has_schedule and schedule.assigned_mg.any():
        found.append(
            Problem(
                "MOD-ASSUME-07",
                "planned_mg",
                "",
                "The diary does not say what was planned, so doses are analysed as taken: where they are skipped on bad"
                " days a useless drug looks effective, in a design study in about 18 of 100 trials instead of 3",
                "Write the planned dose of every day in a column planned_mg.",
            )
        )
    if assumed := int(schedule.assumed_none.sum()):
        found.append(
            Problem(
                "MOD-ASSUME-08",
                "dose_mg",
                _days(assumed),
                "No dose is said before the first known one; these days were taken to be without drug",
                "Write 0 where nothing was taken; such days do not count as a blinded comparison.",
            )
        )
    if unknown := _carried_on(diary, schedule):
        found.append(
            Problem(
                "MOD-ASSUME-15",
                "dose_mg",
                f"{_days(unknown)} of {len(schedule)}",
                "No dose is said on these days, and nothing was planned; the last known dose was taken to be in force",
                "Write the dose of every day, 0 where nothing was taken.",
            )
        )
    if carried := int(schedule.plan_carried.sum()) if schedule.has_schedule else 0:
        found.append(
            Problem(
                "MOD-ASSUME-09",
                "planned_mg",
                _days(carried),
                "The plan changed around these days, which have none of their own; that of the day before was"
                " carried over",
                "Write the planned dose of every day, also of days without an entry.",
            )
        )
    return found


def _carried_on(diary: Diary, schedule: Schedule) -> int:
    """Days without a known dose that took the last one, where there is no schedule.

    Days without an entry count where another dose comes next; else nothing was carried that could be wrong.
    """
    if schedule.has_schedule:
        return 0
    dose = schedule.taken_mg
    written = np.isin(np.arange(len(schedule)), schedule.index(diary.dosing_day))
    starts = np.flatnonzero(~schedule.unknown)
    after = np.searchsorted(starts, np.arange(len(schedule)))
    coming = dose[starts[np.minimum(after, len(starts) - 1)]] if len(starts) else dose
    return int((schedule.unknown & ~schedule.assumed_none & (written | (coming != dose))).sum())


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _phases(diary: Diary, protocol: "Protocol | None") -> list[Problem]:
    """Phases that the protocol does not know decide what was announced, and whether there was a confirmation."""
    if protocol is None:
        return []
    known = [phase.name for phase in protocol.phases]
    named = {name for name in diary.phase or () if name}
    confirmed = not protocol.has_confirmation or any(
        phase.name in named for phase in protocol.phases if phase.kind == "confirmation"
    )
    strange = sorted(named - set(known))
    if not strange and confirmed:
        return []
    message = (
        "The protocol has no such phase, so that what was announced in it is not known"
        if strange
        else "The diary names no confirmation phase, so that no dose can be confirmed yet"
    )
    return [Problem("MOD-ASSUME-10", "phase", ", ".join(strange), message, f"Name the phases {', '.join(known)}.")]
