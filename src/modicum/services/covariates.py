"""Which covariates enter the model: those of the options and the protocol that the diary can give."""

from typing import TYPE_CHECKING

from modicum.analysis.covariates import available
from modicum.foundation.errors import Problem
from modicum.protocol.factors import FACTOR
from modicum.records.diary import Diary
from modicum.records.options import SIDE_EFFECT
from modicum.services.options import Options
from modicum.services.periods import BEFORE, changes_within

if TYPE_CHECKING:
    from modicum.protocol import Protocol

# Fields of the diary that say what was done or believed, or that end it; rescue may be an outcome.
FIELDS = frozenset(
    {
        "day",
        "time",
        "dose_mg",
        "planned_mg",
        "announced",
        "blinded",
        "guess",
        "guess_reason",
        "phase",
        "received_at",
        "opioid",
        "stopped",
        "red_flag",
        "virtual",
    }
)

OF_THE_CALENDAR = frozenset({"weekend", "cycle", "cycle_day"})  # no treatment changes them


def choose_covariates(
    options: Options, protocol: "Protocol | None", diary: Diary | None, outcomes: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Problem], list[Problem]]:
    """The covariates that are used, problems with those asked for, and warnings.

    A warning is given for each that only the protocol names and the diary lacks, for each side effect, and for each
    that changes within the periods of a dose, so that it may follow from the treatment. Values before a period
    (``before.NAME``) and values drawn by chance (``factor.NAME``) are taken without one, as are weekend and cycle.

    Args:
        options: what was given.
        protocol: the trial, or None.
        diary: as read; None where it could not be read.
        outcomes: the outcomes that are estimated; none of them explains another.
    """
    problems = [
        _explains_itself(name) for name in options.covariates if name in FIELDS or _part_of(name, outcomes, protocol)
    ]
    if diary is None or problems:
        return (), problems, []
    wanted = [name for name in (protocol.covariates if protocol else ()) if name not in options.covariates]
    problems += [_not_there(name, diary) for name in options.covariates if not available(name, diary)]
    missing = [name for name in wanted if not available(name, diary)]
    used = [name for name in (*wanted, *options.covariates) if available(name, diary)]
    warnings = [_left_out(name) for name in missing]
    warnings += [_follows_drug(name) for name in used if name.removeprefix(SIDE_EFFECT) in diary.side_effects]
    warnings += [_may_follow(name) for name in used if _set_within(name, diary)]
    return tuple(dict.fromkeys(used)), problems, warnings


def _set_within(name: str, diary: Diary) -> bool:
    settled = name in OF_THE_CALENDAR or name.startswith((BEFORE, FACTOR))
    side_effect = name.removeprefix(SIDE_EFFECT) in diary.side_effects
    return not settled and not side_effect and changes_within(diary, name)


def _part_of(name: str, outcomes: tuple[str, ...], protocol: "Protocol | None") -> bool:
    parts = {part for item in (protocol.outcomes if protocol else ()) if item.name in outcomes for part in item.sum_of}
    return name in outcomes or name in parts


def _explains_itself(name: str) -> Problem:
    return Problem(
        "MOD-OPT-17",
        "--covariates",
        name,
        "This column is an outcome, a part of one, or a field of the diary, and cannot explain the outcome as well",
        "Leave it out; doses and announcements are in the model already.",
    )


def _not_there(name: str, diary: Diary) -> Problem:
    known = ", ".join(sorted(diary.covariates)) or "no numeric column besides the outcomes"
    return Problem(
        "MOD-OPT-18",
        "--covariates",
        name,
        f"The diary cannot give this covariate; it holds {known}",
        "Name a column it holds; weekend needs dates (a time column), cycle needs a column cycle_day, and before.NAME"
        " the column NAME.",
    )


def _left_out(name: str) -> Problem:
    return Problem(
        "MOD-ASSUME-06",
        "protocol (covariates)",
        name,
        "The protocol names this covariate, but the diary cannot give it; the model goes without",
        "Add its column to the diary; weekend needs dates (a time column), cycle needs a column cycle_day.",
    )


def _follows_drug(name: str) -> Problem:
    return Problem(
        "MOD-ASSUME-11",
        "--covariates",
        name,
        "A side effect can follow the drug, so that holding it fixed can take away a part of the drug's own effect",
        "Leave it out of the model; side effects are counted by dose in any case.",
    )


def _may_follow(name: str) -> Problem:
    return Problem(
        "MOD-ASSUME-16",
        "--covariates",
        name,
        "This column changes within the periods of a dose, so that it may follow from the treatment; holding it fixed"
        " can then take away a part of the drug's own effect",
        f"Take its values before each period ({BEFORE}{name}), or values drawn by chance ({FACTOR}NAME).",
    )
