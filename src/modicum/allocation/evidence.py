"""What a verification looks at, and what it says of each part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Finding = Literal["sound", "forged", "sealed"]


@dataclass(frozen=True)
class BindingEvidence:
    """One binding as it is kept.

    Args:
        document: bytes of the public document.
        sealed: bytes of each sealed file by role.
    """

    document: bytes
    sealed: Mapping[str, bytes]


@dataclass(frozen=True)
class Evidence:
    """One allocation as it is kept, and the papers where it was revealed.

    Args:
        document: bytes of the public document.
        protocol: bytes of the protocol that it was drawn for.
        sealed: bytes of each sealed file by role.
        bindings: in order.
        records: bytes of the record of each opening, in order.
        papers: bytes of the papers, or None where nothing was revealed.
        factors: bytes of the factors that were drawn beside it; empty where there are none.
    """

    document: bytes
    protocol: bytes
    sealed: Mapping[str, bytes]
    bindings: tuple[BindingEvidence, ...] = ()
    records: tuple[bytes, ...] = ()
    papers: bytes | None = None
    factors: bytes = b""


@dataclass(frozen=True)
class Check:
    """What was found of one part.

    Args:
        part: what was looked at.
        result: "sound", "forged", or "sealed" where only the papers can tell.
        message: one sentence.
    """

    part: str
    result: Finding
    message: str


def judge(part: str, sound: bool, message: str, otherwise: str) -> Check:
    """A check with the sentence that fits its result.

    Args:
        part: what was looked at.
        sound: whether it is as it must be.
        message: where it is.
        otherwise: where it is not.
    """
    return Check(part, "sound" if sound else "forged", message if sound else otherwise)
