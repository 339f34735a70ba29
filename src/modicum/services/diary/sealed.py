"""Roles from a sealed allocation, for the process that computes the reviews: opened by its own key, on the record."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from modicum.allocation.draws import Randomness
from modicum.allocation.keys import read_identity
from modicum.protocol import read_protocol
from modicum.services import folders
from modicum.services.diary.looks import KeptLooks
from modicum.services.unblinding import Witness, unblind
from modicum.trial.block import Roles
from modicum.trial.roles import roles_of

WHO, WHY = "reviews", "a review is due"


@dataclass(frozen=True)
class Opened:
    """What the reviews know.

    Args:
        roles: drawn before the first capsule.
        looks: what earlier reviews saw.
    """

    roles: Roles
    looks: KeptLooks | None = None


def open_for_review(
    folder: Path,
    key: Path,
    *,
    now: dt.datetime,
    randomness: Randomness,
    why: str = WHY,
    witness: Witness | None = None,
) -> Opened:
    """Open an allocation on the path of review, which leaves a record.

    Args:
        folder: of the allocation.
        key: file of the review key.
        now: with its zone.
        randomness: number of bytes to that many bytes of chance.
        why: it is opened.
        witness: told before it is opened; None where there is no store.

    Raises:
        AllocationError: it cannot be opened, or was changed.
    """
    opened = unblind(folder, key, "review", who=WHO, why=why, now=now, randomness=randomness, witness=witness)
    protocol = read_protocol(folders.read_evidence(folder).protocol)
    looks = KeptLooks(folder, read_identity(key.read_bytes(), str(key)), randomness)
    return Opened(roles_of(protocol, opened.papers.allocation.places), looks)
