"""What the person was told on each day, as far as a protocol says it (docs/model.md, Expectation)."""

from dataclasses import replace

import numpy as np

from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary

_RUN_IN, _AFTER = "run-in", "after the run-in"


def announcements(diary: Diary, protocol: Protocol | None) -> tuple[Diary, dict[str, float] | None]:
    """The announced probability of active drug by phase.

    A diary with a ``phase`` column takes each phase's field. One without it, ``announced`` or ``blinded`` can follow a
    protocol only where the run-in comes first and every later phase announces the same; it is then cut in two.

    Args:
        diary: at least one entry.
        protocol: the trial, or None.

    Returns:
        The diary, with phases where they could be filled in, and the announcement of each phase, or None.
    """
    if protocol is None:
        return diary, None
    by_phase = {phase.name: phase.announced for phase in protocol.phases}
    if diary.phase is not None and any(diary.phase):
        return diary, by_phase
    first, later = protocol.phases[0], {phase.announced for phase in protocol.phases[1:]}
    told = diary.announced is not None or diary.blinded is not None
    if told or first.kind != "run-in" or len(later) != 1:
        return diary, None
    days = diary.dosing_day - int(diary.dosing_day.min())
    dosed = np.nan_to_num(diary.planned_mg if diary.planned_mg is not None else diary.dose_mg) > 0
    first_dose = int(days[dosed].min()) if dosed.any() else len(days)
    run_in = (days < first.max_days) & (days < first_dose)
    names = tuple(_RUN_IN if early else _AFTER for early in run_in)
    return replace(diary, phase=names), {_RUN_IN: first.announced, _AFTER: later.pop()}
