"""What one period can hold, and how a drawn order turns into what is given once the doses are bound."""

from typing import Literal

from modicum.allocation.canonical import Count, Digest
from modicum.protocol.record import Name, Part

Role = Literal["placebo", "dose", "candidate"]


class Arm(Part):
    """What a period holds.

    Args:
        role: "placebo", "dose" (the dose is known when the order is drawn) or "candidate" (bound later).
        dose_mg: in the unit of the protocol's drug; 0 for placebo, None for a candidate.
    """

    role: Role
    dose_mg: float | None


PLACEBO = Arm(role="placebo", dose_mg=0.0)
CANDIDATE = Arm(role="candidate", dose_mg=None)

ArmOrder = tuple[Arm, ...]


class Place(Part):
    """One place of a drawn order, with the secret number that its commitment hides behind.

    Args:
        phase: name of the phase.
        period: place in the order of the phase, from 1.
        arm: what it holds.
        nonce: 32 bytes of chance, hexadecimal.
    """

    phase: Name
    period: Count
    arm: Arm
    nonce: Digest
