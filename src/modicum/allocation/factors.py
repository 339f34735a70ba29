"""Factors drawn beside the doses: a diet with half of the pairs, openly, from the same two contributions.

Whoever keeps a diet knows it, so there is nothing to seal. The draw has nothing to do with that of the doses: it is
made from bytes of another purpose, and tells nothing of an arm. It can be drawn again by anybody once the contributions
are revealed.
"""

from collections.abc import Iterator
from itertools import combinations
from math import comb
from typing import ClassVar, Literal

from modicum.allocation.canonical import Count, Digest, Fingerprinted, UnreadableError, encode
from modicum.allocation.draws import Contributions, choose_index, derive_bytes, salt_of
from modicum.allocation.evidence import Check, judge
from modicum.protocol import Protocol
from modicum.protocol.factors import factors_of
from modicum.protocol.record import Name, Part, Words
from modicum.protocol.schema import Phase

Level = Literal[0, 1]


class DrawnFactor(Part):
    """A factor over the pairs of one phase.

    Args:
        factor: its column in the diary.
        phase: of the pairs.
        orders: number of orders that could come out.
        levels: 1 with, 0 without, for each pair; both halves of a pair have the same.
    """

    factor: Words
    phase: Name
    orders: Count
    levels: tuple[Level, ...]


class Factors(Fingerprinted):
    """The factors of an allocation, as anybody may see them: ``modicum.factors/1``.

    Args:
        allocation: fingerprint of the allocation that they were drawn beside.
        factors: one for each factor and phase with pairs.
    """

    SCHEMA: ClassVar[str] = "modicum.factors/1"

    allocation: Digest
    factors: tuple[DrawnFactor, ...]


def draw_factors(protocol: Protocol, contributions: Contributions, slot: str) -> tuple[DrawnFactor, ...]:
    """Draw every factor that a protocol asks for, over every phase that is made of pairs.

    Half of the pairs have it, of an odd number one more or one fewer; every such order is equally likely.

    Args:
        protocol: read from bytes.
        contributions: of system and participant; the draw follows from them.
        slot: whose order it is.
    """
    phases = [phase for phase in protocol.phases if phase.pairs > 1]
    return tuple(
        _draw(factor, phase, protocol.sha256, contributions, slot)
        for factor in factors_of(protocol)
        for phase in phases
    )


def check_factors(
    content: bytes, allocation: str, protocol: Protocol | None, contributions: Contributions | None, slot: str
) -> Iterator[Check]:
    """Look at the factors of an allocation.

    Args:
        content: bytes of the document; empty where there is none.
        allocation: fingerprint of the allocation.
        protocol: that it was drawn for; None where it is not at hand.
        contributions: where they were revealed; then the draw is made again.
        slot: whose order it is.
    """
    wanted = protocol is not None and bool(draw_factors(protocol, Contributions(b"", ""), slot))
    if not content and not wanted:
        return
    try:
        document = Factors.from_bytes(content)
    except UnreadableError as error:
        yield Check("factors.json", "forged", str(error))
        return
    sound = document.fingerprint == document.true_fingerprint and document.allocation == allocation
    otherwise = "They are not those that were drawn beside this allocation."
    yield judge("factors.json", sound, "They belong to this allocation.", otherwise)
    if protocol is not None and contributions is not None:
        agrees = draw_factors(protocol, contributions, slot) == document.factors
        otherwise = "They do not follow from the two contributions."
        yield judge("factors draw", agrees, "They follow from the two contributions.", otherwise)


def _draw(factor: str, phase: Phase, sha256: str, contributions: Contributions, slot: str) -> DrawnFactor:
    what = {"protocol_sha256": sha256, "slot": slot, "phase": phase.name, "factor": factor}
    purpose = encode({"schema": "modicum.factor-draw/1", **what})
    halves = sorted({phase.pairs // 2, (phase.pairs + 1) // 2})
    orders = sum(comb(phase.pairs, half) for half in halves)
    chosen = choose_index(orders, derive_bytes(contributions.system, salt_of(contributions), purpose))
    return DrawnFactor(factor=factor, phase=phase.name, orders=orders, levels=_order(phase.pairs, halves, chosen))


def _order(pairs: int, halves: list[int], chosen: int) -> tuple[Level, ...]:
    """The chosen one of all orders, in the order of combinations."""
    for half in halves:
        if chosen < comb(pairs, half):
            with_it = next(one for place, one in enumerate(combinations(range(pairs), half)) if place == chosen)
            return tuple(1 if pair in with_it else 0 for pair in range(pairs))
        chosen -= comb(pairs, half)
    raise AssertionError("chosen is below the number of orders")
