"""Drawing roles: the order of a trial's blocks, uniformly over what its protocol admits."""

import numpy as np

from modicum.protocol.schema import Protocol
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
        if phase.kind == "step-down" or (phase.order == "any order" and isinstance(phase.doses_mg, str)):
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
