"""Roles: the order of a trial's blocks, drawn uniformly over what its protocol admits, or read from an allocation."""

from collections.abc import Iterable

import numpy as np

from modicum.allocation.arms import Place
from modicum.protocol.schema import Phase, Protocol
from modicum.protocol.sequences import list_sequences
from modicum.trial.block import Roles
from modicum.trial.maintenance import RECHALLENGE


def draw_roles(protocol: Protocol, rng: np.random.Generator) -> Roles:
    """Roles of a virtual trial; those of a real one come from a sealed allocation.

    Args:
        protocol: of the trial.
        rng: a stream of its own.
    """
    sequences, ranks = dict[str, tuple[float, ...]](), dict[str, tuple[int, ...]]()
    for phase in protocol.phases:
        if _takes_rungs(phase):
            places = len(protocol.drug.ladder_mg) + phase.placebo_blocks
            ranks[phase.name] = tuple(int(rank) for rank in rng.permutation(places))
        elif phase.order != "as listed":
            admissible = list_sequences(phase, protocol.drug.ladder_mg)
            if admissible is None:
                raise ValueError(f"The sequences of {phase.name} cannot be listed.")
            sequences[phase.name] = admissible[int(rng.integers(len(admissible)))]
    if protocol.maintenance is not None:
        sequences[RECHALLENGE] = ((1.0, 0.0), (0.0, 1.0))[int(rng.integers(2))]
    return Roles(sequences, ranks)


def roles_of(protocol: Protocol, places: Iterable[Place]) -> Roles:
    """The roles of an allocation that was opened: what a review of the real trial walks by.

    Args:
        protocol: that the order was drawn for.
        places: of the drawn order, every phase of it.
    """
    drawn = sorted(places, key=lambda place: place.period)
    sequences, ranks = dict[str, tuple[float, ...]](), dict[str, tuple[int, ...]]()
    for phase in protocol.phases:
        arms = [place.arm for place in drawn if place.phase == phase.name]
        if arms and _takes_rungs(phase):
            at = {arm.dose_mg: number for number, arm in enumerate(arms)}
            placebo = [number for number, arm in enumerate(arms) if arm.dose_mg == 0.0]
            ranks[phase.name] = (*(at.get(dose, len(arms)) for dose in protocol.drug.ladder_mg), *placebo)
        elif arms:
            sequences[phase.name] = tuple(1.0 if arm.dose_mg is None else arm.dose_mg for arm in arms)
    return Roles(sequences, ranks)


def _takes_rungs(phase: Phase) -> bool:
    """Whether the rungs that come are chosen later, so that ranks are drawn and no sequence."""
    return phase.kind == "step-down" or phase.doses_mg == "below candidate"
