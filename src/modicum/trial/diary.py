"""The diary of a trial as it was known at a moment: every planned day a row, with the entry that had arrived."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary
from modicum.records.events import Entry, as_known_at
from modicum.trial.block import Block

EVENING = 20.0 / 24.0
_DAY = 86_400.0


@dataclass(frozen=True)
class Plan:
    """What was planned on every day.

    Args:
        capsule_mg: by day.
        announced: by day.
        phase: by day.
    """

    capsule_mg: tuple[float, ...]
    announced: tuple[float, ...]
    phase: tuple[str, ...]

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> "Plan":
        """Blocks, day by day."""
        days = [(b.capsule_mg, b.announced, b.phase) for b in blocks for _ in range(b.days)]
        dose, announced, phase = zip(*days, strict=True) if days else ((), (), ())
        return cls(dose, announced, phase)


def diary_of(
    protocol: Protocol,
    blocks: Sequence[Block],
    entries: Iterable[Entry],
    start: dt.datetime,
    now: dt.datetime,
    *,
    virtual: bool = False,
) -> Diary:
    """The diary as known at a moment.

    Days without an entry that had arrived are rows with the plan alone, so that the plan is known of every day.

    Args:
        protocol: of the trial.
        blocks: of the trial so far.
        entries: of the participant, corrections among them.
        start: midnight of day 0.
        now: the moment; days whose evening is after it are left out.
        virtual: whether the participant is.
    """
    plan = Plan.of(blocks)
    rows = [
        (*_clock(entry.happened_at, start), *_clock(entry.received_at, start), entry)
        for entry in as_known_at(entries, now)
    ]
    written = {row[0] for row in rows}
    until = (now - start).total_seconds() / _DAY
    blank = [(day, EVENING, day, EVENING, None) for day in range(len(plan.phase)) if day not in written]
    every = sorted((row for row in (*rows, *blank) if row[0] + row[1] <= until), key=lambda row: (row[0], row[1]))
    kept = [row for row in every if 0 <= row[0] < len(plan.phase)]
    return _columns(protocol, plan, kept, virtual=virtual)


def _clock(moment: dt.datetime, start: dt.datetime) -> tuple[int, float]:
    """Calendar day from the start, and the share of it that has passed."""
    since = moment - start
    return since.days, (since.seconds + since.microseconds / 1e6) / _DAY


_Row = tuple[int, float, int, float, Entry | None]


def _columns(protocol: Protocol, plan: Plan, rows: Sequence[_Row], *, virtual: bool) -> Diary:
    days = np.array([row[0] for row in rows], int)
    entries = [row[4] for row in rows]
    planned = np.array([plan.capsule_mg[row[0]] for row in rows])
    took = np.array([np.nan if e is None or e.took is None else float(e.took) for e in entries])
    guess = np.array([np.nan if e is None or e.guess is None else e.guess for e in entries])
    stops = np.array([0.0 if e is None else float(e.stops) for e in entries])
    return Diary(
        time_days=days + np.array([row[1] for row in rows], float),
        received_days=np.array([row[2] for row in rows], int) + np.array([row[3] for row in rows], float),
        dosing_day=days,
        dose_mg=planned * took,
        planned_mg=planned,
        scores={item.name: _scores(entries, item.name) for item in protocol.outcomes},
        side_effects={item.name: _severity(entries, item.name) for item in protocol.side_effects},
        announced=np.array([plan.announced[row[0]] for row in rows], float),
        guess=guess if np.isfinite(guess).any() else None,
        guess_reason=tuple("" if e is None else e.guess_reason for e in entries) if np.isfinite(guess).any() else None,
        phase=tuple(plan.phase[row[0]] for row in rows),
        stopped=stops if stops.any() else None,
        rows_read=len(rows),
        virtual=virtual,
    )


def _scores(entries: Sequence[Entry | None], name: str) -> np.ndarray:
    return np.array([np.nan if e is None else e.scores.get(name, np.nan) for e in entries], float)


def _severity(entries: Sequence[Entry | None], name: str) -> np.ndarray:
    return np.array([np.nan if e is None else e.side_effects.get(name, np.nan) for e in entries], float)
