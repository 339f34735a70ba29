"""Sealing: draw, commit and encrypt in one step, so that nothing but the sealed form ever leaves it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyrage

from modicum.allocation.arms import Place
from modicum.allocation.binding import Binding, BindingHead
from modicum.allocation.canonical import digest_bytes, write_moment
from modicum.allocation.commitments import NONCE_BYTES, commit_doses, commit_place
from modicum.allocation.document import Allocation, Commitment, DrawnFrom, DrawnPhase, Head, Sealed
from modicum.allocation.draws import Contributions, Randomness, draw_order
from modicum.allocation.keys import KeyRole, Recipient
from modicum.allocation.orders import PhaseOrders, list_orders
from modicum.allocation.papers import AllocationPapers, BindingPapers, pad
from modicum.protocol import Protocol


@dataclass(frozen=True)
class SealedAllocation:
    """An allocation as it is kept; nobody without a key learns an arm from it.

    Args:
        document: what anybody may see.
        files: what each recipient can open.
    """

    document: Allocation
    files: Mapping[KeyRole, bytes]


@dataclass(frozen=True)
class SealedBinding:
    """A binding as it is kept; nobody without a key learns a dose from it.

    Args:
        document: what anybody may see.
        files: what each recipient can open.
    """

    document: Binding
    files: Mapping[KeyRole, bytes]


def seal_allocation(
    protocol: Protocol,
    *,
    slot: str,
    contributions: Contributions,
    recipients: Sequence[Recipient],
    request_sha256: str | None,
    now: dt.datetime,
    randomness: Randomness,
) -> SealedAllocation:
    """Draw the order of every phase, once, and seal it.

    Args:
        protocol: read from bytes, so that it has a hash.
        slot: whose order it is.
        contributions: of system and participant; the draw follows from them.
        recipients: who can open it.
        request_sha256: of the request that it answers, or None.
        now: time of the draw, with its zone.
        randomness: number of bytes to that many bytes of chance, for the nonces. What age itself needs for encrypting
            it takes from the operating system.

    Raises:
        AllocationError: the protocol draws nothing, or its orders cannot be listed.
    """
    phases = list_orders(protocol)
    head = Head(
        slot=slot,
        request_sha256=request_sha256,
        protocol=DrawnFrom(name=protocol.name, version=protocol.version, sha256=protocol.sha256),
        drawn_at=write_moment(now),
        system_sha256=contributions.system_sha256,
        participant_sha256=contributions.participant_sha256,
        phases=tuple(DrawnPhase.of(found) for found in phases),
        recipients=tuple(recipients),
    )
    places = _draw_places(phases, contributions, head, randomness)
    papers = AllocationPapers(
        head=head, system=contributions.system.hex(), participant=contributions.participant, places=places
    )
    files = _encrypt(pad(papers).to_bytes(), recipients)
    commitments = tuple(
        Commitment(
            phase=place.phase,
            period=place.period,
            sha256=commit_place(head.sha256, place.phase, place.period, place.arm, place.nonce),
        )
        for place in places
    )
    return SealedAllocation(Allocation.complete(head=head, commitments=commitments, sealed=_list(files)), files)


def seal_binding(
    head: BindingHead,
    doses_mg: Sequence[float],
    *,
    recipients: Sequence[Recipient],
    randomness: Randomness,
) -> SealedBinding:
    """Seal the doses that a review chose; no order is drawn.

    Args:
        head: what the binding is about.
        doses_mg: ascending, in the unit of the drug.
        recipients: of the allocation.
        randomness: number of bytes to that many bytes of chance, for the nonce.
    """
    nonce = randomness(NONCE_BYTES).hex()
    papers = BindingPapers(head=head, doses_mg=tuple(doses_mg), nonce=nonce)
    files = _encrypt(pad(papers).to_bytes(), recipients)
    commitment = commit_doses(head.sha256, doses_mg, nonce)
    return SealedBinding(Binding.complete(head=head, commitment=commitment, sealed=_list(files)), files)


def _draw_places(
    phases: Sequence[PhaseOrders], contributions: Contributions, head: Head, randomness: Randomness
) -> tuple[Place, ...]:
    return tuple(
        Place(phase=found.phase, period=period, arm=arm, nonce=randomness(NONCE_BYTES).hex())
        for found in phases
        for period, arm in enumerate(draw_order(found, contributions, head.protocol.sha256, head.slot), 1)
    )


def _encrypt(plain: bytes, recipients: Sequence[Recipient]) -> dict[KeyRole, bytes]:
    """One file for each recipient: who holds one of them can do nothing with the others."""
    return {one.role: pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(one.public_key)]) for one in recipients}


def _list(files: Mapping[KeyRole, bytes]) -> tuple[Sealed, ...]:
    return tuple(Sealed(role=role, sha256=digest_bytes(content)) for role, content in files.items())
