"""The public document of an allocation: everything that anybody may see, and no arm."""

from typing import ClassVar

from modicum.allocation.canonical import Count, Digest, Fingerprinted, Label, Moment, digest
from modicum.allocation.keys import KeyRole, Recipient
from modicum.allocation.orders import PhaseOrders
from modicum.protocol.record import Name, Part, Words


class DrawnFrom(Part):
    """The protocol that the order was drawn for.

    Args:
        name: of the protocol.
        version: of the protocol.
        sha256: of its bytes.
    """

    name: Name
    version: Words
    sha256: Digest


class DrawnPhase(Part):
    """A phase whose order was drawn.

    Args:
        phase: its name.
        order: how it was drawn, as the protocol says.
        sequences: number of orders that could come out.
        periods: number of places in each.
    """

    phase: Name
    order: str
    sequences: Count
    periods: Count

    @classmethod
    def of(cls, found: PhaseOrders) -> "DrawnPhase":
        """The public side of a phase with its orders."""
        return cls(phase=found.phase, order=found.kind, sequences=len(found.orders), periods=found.periods)


class Head(Part):
    """What an allocation is about; every commitment hangs on its hash.

    Args:
        slot: whose order it is.
        request_sha256: of the request that it answers, so that a retried request is known again; None without one.
        protocol: that it was drawn for.
        drawn_at: time of the draw, UTC, to the second.
        system_sha256: of the system's contribution to the draw.
        participant_sha256: of the participant's contribution; that of the empty text where there was none.
        phases: whose orders were drawn.
        recipients: who can open it.
    """

    slot: Label
    request_sha256: Digest | None
    protocol: DrawnFrom
    drawn_at: Moment
    system_sha256: Digest
    participant_sha256: Digest
    phases: tuple[DrawnPhase, ...]
    recipients: tuple[Recipient, ...]

    @property
    def sha256(self) -> str:
        """Hash of the head, which every commitment holds."""
        return digest(self.model_dump(mode="json"))


class Commitment(Part):
    """What one place holds, hidden behind a hash.

    Args:
        phase: name of the phase.
        period: place in its order, from 1.
        sha256: the commitment.
    """

    phase: Name
    period: Count
    sha256: Digest


class Sealed(Part):
    """One sealed file.

    Args:
        role: who can open it.
        sha256: of the file.
    """

    role: KeyRole
    sha256: Digest


class Allocation(Fingerprinted):
    """The public document: ``modicum.allocation/1``.

    Args:
        head: what it is about.
        commitments: one for each place of each drawn phase, in order.
        sealed: the files that hold the arms, one for each recipient.
    """

    SCHEMA: ClassVar[str] = "modicum.allocation/1"

    head: Head
    commitments: tuple[Commitment, ...]
    sealed: tuple[Sealed, ...]


class Unblinding(Fingerprinted):
    """The record of one opening: ``modicum.unblinding/1``.

    Args:
        number: of the record, from 1.
        path: "supply", "review", "emergency" or "final".
        key: role of the key that was used.
        who: opened it.
        why: it was opened.
        opened_at: time of the opening, UTC, to the second.
        allocation: fingerprint of what was opened.
        previous: fingerprint of the record before; that of the allocation for the first.
    """

    SCHEMA: ClassVar[str] = "modicum.unblinding/1"

    number: Count
    path: str
    key: KeyRole
    who: Label
    why: Words
    opened_at: Moment
    allocation: Digest
    previous: Digest
