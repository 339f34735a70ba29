"""Commitments: a hash that fixes what a period holds, and tells nothing of it before it is opened."""

from collections.abc import Sequence

from modicum.allocation.arms import Arm
from modicum.allocation.canonical import digest

NONCE_BYTES = 32  # trying all orders is useless as long as nobody can try all nonces


def commit_place(head_sha256: str, phase: str, period: int, arm: Arm, nonce: str) -> str:
    """The commitment to what one place of the order holds.

    Args:
        head_sha256: of the head of the allocation, so that nothing in it can change later.
        phase: name of the phase.
        period: place in its order, from 1.
        arm: what it holds.
        nonce: 32 bytes of chance, hexadecimal.

    Returns:
        SHA-256 of the canonical JSON of all of these, hexadecimal.
    """
    return digest(
        {
            "schema": "modicum.commitment/1",
            "head_sha256": head_sha256,
            "phase": phase,
            "period": period,
            "arm": arm.model_dump(mode="json"),
            "nonce": nonce,
        }
    )


def commit_doses(head_sha256: str, doses_mg: Sequence[float], nonce: str) -> str:
    """The commitment to the doses that are bound to a phase.

    Args:
        head_sha256: of the head of the binding.
        doses_mg: the doses, ascending.
        nonce: 32 bytes of chance, hexadecimal.
    """
    content = {"schema": "modicum.dose-commitment/1", "head_sha256": head_sha256, "nonce": nonce}
    return digest({**content, "doses_mg": list(doses_mg)})
