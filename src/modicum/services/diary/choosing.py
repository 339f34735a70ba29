"""Choosing: the doses that reviews have chosen so far, as they are sealed for the pharmacist.

A candidate is sealed anew for every pair, whether or not it changed, so that what anybody sees of the seals (the phase,
the period, the time) says no more than that the pair is coming.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from modicum.allocation.orders import list_orders
from modicum.protocol import Phase
from modicum.trial.block import Block
from modicum.trial.running import Trial

CANDIDATE, BELOW = "candidate", "below candidate"


@dataclass(frozen=True)
class Chosen:
    """Doses of a phase.

    Args:
        phase: its name.
        from_period: first place of the phase's order for which they hold.
        doses_mg: one for a phase of the candidate; for a step-down those that are tried below it, ascending.
    """

    phase: str
    from_period: int
    doses_mg: tuple[float, ...]


def chosen_doses(trial: Trial) -> tuple[Chosen, ...]:
    """What is known at the moment of the doses that reviews choose, in the order in which it became known.

    Args:
        trial: as it stands. One that was cut off has no more to choose for.
    """
    later = [phase for phase in trial.protocol.phases if phase.doses_mg in (CANDIDATE, BELOW)]
    if not later:
        return ()
    drawn = {one.phase for one in list_orders(trial.protocol)}
    return tuple(one for phase in later if phase.name in drawn for one in _of(phase, trial.state.blocks))


def _of(phase: Phase, blocks: tuple[Block, ...]) -> Iterator[Chosen]:
    doses = [block.capsule_mg for block in blocks if block.phase == phase.name]
    if phase.doses_mg == BELOW:
        tried = tuple(sorted({dose for dose in doses if dose > 0}))
        if tried:
            yield Chosen(phase.name, 1, tried)
        return
    together = 2 if phase.pairs else len(doses)
    for first in range(0, len(doses), together or 1):
        dose = max(doses[first : first + together])
        if dose > 0:
            yield Chosen(phase.name, first + 1, (dose,))
