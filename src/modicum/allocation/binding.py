"""Binding: the doses that a review chose are sealed into a phase whose order was drawn long before."""

from typing import ClassVar

from modicum.allocation.canonical import Count, Digest, Fingerprinted, Moment, digest
from modicum.allocation.document import Sealed
from modicum.protocol.record import Name, Part


class BindingHead(Part):
    """What a binding is about; its commitment hangs on its hash.

    Args:
        number: of the binding within the allocation, from 1.
        phase: whose doses are bound.
        from_period: first place of the phase's order for which they hold.
        bound_at: time of the binding, UTC, to the second.
        allocation: fingerprint of the allocation.
        previous: fingerprint of the binding before; that of the allocation for the first.
        request_sha256: of the request that it answers, so that a retried request is known again; None without one.
    """

    number: Count
    phase: Name
    from_period: Count
    bound_at: Moment
    allocation: Digest
    previous: Digest
    request_sha256: Digest | None

    @property
    def sha256(self) -> str:
        """Hash of the head, which the commitment holds."""
        return digest(self.model_dump(mode="json"))


class Binding(Fingerprinted):
    """The public document of a binding: ``modicum.binding/1``.

    Args:
        head: what it is about.
        commitment: to the doses.
        sealed: the files that hold them, one for each recipient.
    """

    SCHEMA: ClassVar[str] = "modicum.binding/1"

    head: BindingHead
    commitment: Digest
    sealed: tuple[Sealed, ...]
