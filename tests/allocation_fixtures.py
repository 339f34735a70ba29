"""Allocations for tests: chance from a written seed, a clock that stands still, papers without a key."""

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

from modicum.allocation import Contributions, PhaseOrders, SealedAllocation, seal_allocation
from modicum.allocation.keys import ROLES, generate_key, read_identity
from modicum.allocation.opening import open_allocation
from modicum.allocation.papers import AllocationPapers
from modicum.protocol import read_protocol
from modicum.services.allocating import randomise
from modicum.services.unblinding import Unblinded, unblind

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
FLAGSHIP = "ldn-smallest-dose"
PAIRS = {role: generate_key(role) for role in ROLES}
RECIPIENTS = [PAIRS[role][0] for role in ROLES]
PUBLIC = {role: PAIRS[role][0].public_key for role in ROLES}


def chance(seed: int | str) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes  # the same in every run


def sealed(seed: int, name: str = FLAGSHIP, participant: str = "3 6 1 1 5", slot: str = "person-7") -> SealedAllocation:
    source = chance(seed)
    return seal_allocation(
        read_protocol(name),
        slot=slot,
        contributions=Contributions(source(32), participant),
        recipients=RECIPIENTS,
        request_sha256=None,
        now=NOW,
        randomness=source,
    )


def opened(found: SealedAllocation) -> AllocationPapers:
    identity = read_identity(PAIRS["review"][1], "review.key")
    return open_allocation(found.files["review"], identity, "review")


def order_of(papers: AllocationPapers, phase: str) -> tuple[float | None, ...]:
    return tuple(place.arm.dose_mg for place in papers.places if place.phase == phase)


def drawn(folder: Path, seed: int = 1, name: str | Path = FLAGSHIP, **options: object) -> Path:
    """A folder with an allocation of which the tests hold the keys."""
    source = chance(seed)
    contributions = Contributions(source(32), "3 6 1 1 5")
    given = {"public_keys": PUBLIC, "now": NOW, "randomness": source, **options}
    randomise(name, folder, contributions, **given)
    return folder


def key_file(folder: Path, role: str) -> Path:
    file = folder / f"{role}.key"
    file.write_bytes(PAIRS[role][1])
    return file


def reveal(folder: Path, path: str = "final", role: str = "pharmacist", seed: int = 9) -> Unblinded:
    key = key_file(folder.parent, role)
    return unblind(folder, key, path, who="A. Tester", why="to see", now=NOW, randomness=chance(seed))


def first(found: tuple[PhaseOrders, ...], phase: str) -> PhaseOrders:
    return next(one for one in found if one.phase == phase)
