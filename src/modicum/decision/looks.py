"""When "works" may be said: at the looks that the protocol planned (docs/decisions/0008)."""

from collections.abc import Iterable

import numpy as np

from modicum.analysis.inference import Inference
from modicum.analysis.schedule import Schedule
from modicum.protocol.schema import Phase, Protocol

LATE_DAYS = 3  # evenings that may be missing at the end of a block before its review


def look_due(posterior: Inference, protocol: Protocol | None) -> bool:
    """Whether "works" may be said now: at a planned look, or after the last; always where none was planned.

    A look falls at the end of a pair; three evenings may be missing before it or written after it. With a confirmation
    phase only its looks count, else those of the crossover that the diary ends in.
    """
    if protocol is None:
        return True
    if protocol.has_confirmation:
        return _confirmation_due(posterior, protocol)
    return _crossover_due(posterior.schedule, protocol)


def early_look(schedule: Schedule, protocol: Protocol | None) -> bool:
    """Whether a diary ends in a confirmation before its last look, where more may be asked of "works"."""
    if protocol is None or not protocol.has_confirmation:
        return False
    phase = _confirmation(protocol)
    if schedule.phase[-1] != phase.name or not phase.half_days or not phase.looks:
        return False
    return _pairs_done(schedule, phase)[0] < max(phase.looks)


def _confirmation(protocol: Protocol) -> Phase:
    return [phase for phase in protocol.phases if phase.kind == "confirmation"][-1]


def _pairs_done(schedule: Schedule, phase: Phase) -> tuple[int, int]:
    """Pairs of a confirmation that are done, a few last evenings allowed to be missing, and days beyond them."""
    return divmod(schedule.phase.count(phase.name) + LATE_DAYS, 2 * int(phase.half_days or 1))


def _confirmation_due(posterior: Inference, protocol: Protocol) -> bool:
    """A candidate chosen again needs pairs of its own."""
    phase = _confirmation(protocol)
    schedule, confirmation = posterior.schedule, protocol.rules.confirmation
    if phase.name not in schedule.phase:
        return False
    if schedule.phase[-1] != phase.name or not phase.half_days:
        return True
    doses = schedule.assigned_mg[np.array([name == phase.name for name in schedule.phase])]
    pair_days = 2 * int(phase.half_days)
    pairs, beyond = _pairs_done(schedule, phase)
    other = np.flatnonzero((doses > 0) & ~np.isclose(doses, doses[doses > 0][-1])) if (doses > 0).any() else doses[:0]
    own = pairs - (int(other[-1]) // pair_days + 1 if len(other) else 0)
    needed = confirmation.own_pairs if confirmation is not None and len(other) else 0
    return (pairs in phase.looks or not phase.looks) and beyond <= 2 * LATE_DAYS and own >= needed


def _crossover_due(schedule: Schedule, protocol: Protocol) -> bool:
    """Without a planned look the researcher looks when they like; a crossover that is over is at its last look."""
    crossovers = {phase.name: phase for phase in protocol.phases if phase.kind == "crossover"}
    if not any(phase.looks for phase in crossovers.values()):
        return True
    last = schedule.phase[-1]
    if last in crossovers:
        return not crossovers[last].looks or _at_a_look(schedule.phase.count(last), [crossovers[last]])
    if last in {phase.name for phase in protocol.phases}:
        return any(name in crossovers for name in schedule.phase)
    blinded = np.flatnonzero((schedule.announced > 0) & (schedule.announced < 1))
    phases = [phase for phase in protocol.phases if 0 < phase.announced < 1]
    return len(blinded) > 0 and _at_a_look(len(schedule) - int(blinded[0]), phases)


def _at_a_look(days: int, phases: Iterable[Phase]) -> bool:
    """Whether so many days after the first of these phases began is a look in one of them, or the end of the last."""
    begun, looks = 0.0, list[float]()
    for phase in phases:
        pair_days = 2 * (phase.half_days or 0)
        looks += [begun + pair_days * pair for pair in phase.looks]
        begun += pair_days * phase.pairs or phase.max_days
    return days >= begun - LATE_DAYS or any(abs(days - look) <= LATE_DAYS for look in looks)
