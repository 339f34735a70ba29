"""The draw: two contributions, neither of which alone decides, to one of the admissible orders."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from modicum.allocation.arms import ArmOrder
from modicum.allocation.canonical import encode
from modicum.allocation.orders import PhaseOrders

CONTRIBUTION_BYTES = 32  # of the system: as many as SHA-256 has, so that it cannot be guessed
LONGEST_CONTRIBUTION = 200  # characters of the participant; a few dice or words are plenty
Randomness = Callable[[int], bytes]


@dataclass(frozen=True)
class Contributions:
    """What the draw is made from.

    Args:
        system: 32 bytes of the system's randomness, fixed (and its hash shown) before the participant adds anything.
        participant: any text of up to 200 characters; "" where the participant adds nothing.
    """

    system: bytes
    participant: str

    @property
    def system_sha256(self) -> str:
        """Hash of the system's half, to be shown before the participant's is known."""
        return hashlib.sha256(self.system).hexdigest()

    @property
    def participant_sha256(self) -> str:
        """Hash of the participant's half."""
        return hashlib.sha256(self.participant.encode()).hexdigest()


def salt_of(contributions: Contributions) -> bytes:
    """The participant's half, as every draw uses it."""
    return hashlib.sha256(contributions.participant.encode()).digest()


def derive_bytes(secret: bytes, salt: bytes, info: bytes) -> Iterator[int]:
    """Bytes that follow from a secret, a salt and a purpose, at most 8160.

    Args:
        secret: input keying material.
        salt: need not be secret.
        info: what the bytes are for; another purpose gives bytes that have nothing to do with these.

    Source:
        Krawczyk H, Eronen P 2010, RFC 5869, HKDF with SHA-256.
    """
    key = hmac.digest(salt, secret, "sha256")
    block = b""
    for number in range(1, 256):
        block = hmac.digest(key, block + info + bytes([number]), "sha256")
        yield from block


def choose_index(count: int, numbers: Iterator[int]) -> int:
    """A whole number below ``count``, each equally likely where the bytes are.

    Takes just enough bytes for ``count`` and rejects what would favour the small numbers; a remainder alone would.

    Args:
        count: of things to choose from, from 1.
        numbers: bytes, 0 to 255.

    Example:
        >>> choose_index(10, iter([255, 250, 249]))
        9
    """
    width = max(1, ((count - 1).bit_length() + 7) // 8)
    fair = 256**width // count * count
    while True:
        number = int.from_bytes(bytes(next(numbers) for _ in range(width)), "big")
        if number < fair:
            return number % count


def draw_order(found: PhaseOrders, contributions: Contributions, protocol_sha256: str, slot: str) -> ArmOrder:
    """The order of one phase that follows from the contributions.

    Args:
        found: the phase with its admissible orders.
        contributions: of system and participant.
        protocol_sha256: of the protocol's bytes, hexadecimal.
        slot: whose order it is.
    """
    info = encode(
        {"schema": "modicum.draw/1", "protocol_sha256": protocol_sha256, "slot": slot, "phase": found.phase},
    )
    return found.orders[
        choose_index(len(found.orders), derive_bytes(contributions.system, salt_of(contributions), info))
    ]
