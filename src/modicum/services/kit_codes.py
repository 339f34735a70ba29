"""Kit codes as they are kept: drawn once for the whole trial, beside its allocation, and never drawn again."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from modicum.allocation.canonical import Count, Digest, Document, UnreadableError
from modicum.allocation.draws import Randomness, derive_bytes
from modicum.foundation.errors import SupplyError, problem
from modicum.protocol.record import Name, Part
from modicum.services import folders
from modicum.supply import KitCode, Period, draw_codes
from modicum.supply.codes import say_code
from modicum.supply.strengths import MOST_A_NIGHT

FILE = "kits.json"


class StoredCode(Part):
    """The code of one kit; see :class:`modicum.supply.KitCode`.

    Args:
        phase: name of the phase.
        period: block or half of a pair within the phase, from 1.
        part: of a stretch too long for one kit, from 1.
        code: on its label.
    """

    phase: Name
    period: Count
    part: Count
    code: str


class StoredKits(Document):
    """The codes of one trial, ``modicum.kits/1``. Nothing in it depends on what a kit holds, and anybody may see it.

    Args:
        allocation: fingerprint of the allocation that they belong to.
        capsules: capsules a night that the first order asked for; None where the protocol decides.
        codes: of every kit, in order.
    """

    SCHEMA: ClassVar[str] = "modicum.kits/1"

    allocation: Digest
    capsules: Annotated[int, Field(ge=1, le=MOST_A_NIGHT)] | None
    codes: tuple[StoredCode, ...]


def read_kits(folder: Path, fingerprint: str) -> StoredKits | None:
    """The codes beside an allocation; None before the first order.

    Args:
        folder: of the allocation.
        fingerprint: of the allocation.

    Raises:
        SupplyError: they cannot be read, or belong to another allocation.
    """
    file = folder / FILE
    fix = "Take the file from a copy: the codes are on labels already."
    try:
        stored = StoredKits.from_bytes(file.read_bytes()) if file.exists() else None
    except (OSError, UnreadableError) as error:
        message = f"The kit codes cannot be read: {error}".rstrip(".")
        raise SupplyError([problem("MOD-SUPPLY-14", str(file), "", message, fix)]) from error
    if stored is not None and stored.allocation != fingerprint:
        message = "These kit codes belong to another allocation"
        raise SupplyError([problem("MOD-SUPPLY-14", str(file), "", message, fix)])
    return stored


def keep_kits(
    folder: Path,
    fingerprint: str,
    periods: Sequence[Period],
    capsules: int | None,
    randomness: Randomness,
    *,
    others: Collection[str] = (),
) -> StoredKits:
    """The codes of a trial: those that are kept, or, for the first order, drawn now and kept.

    Args:
        folder: of the allocation.
        fingerprint: of the allocation.
        periods: of the whole trial.
        capsules: capsules a night that were asked for, or None.
        randomness: number of bytes to that many bytes of chance.
        others: codes that the same person has kits of already, from another allocation.

    Raises:
        SupplyError: they cannot be read or written, or belong to something else.
    """
    while True:
        stored = read_kits(folder, fingerprint)
        if stored is not None:
            _check(stored, periods, folder / FILE)
            return stored
        codes = tuple(StoredCode(**vars(one)) for one in draw_codes(periods, randomness, others))
        drawn = StoredKits(allocation=fingerprint, capsules=capsules, codes=codes)
        try:
            folders.add_file(folder / FILE, drawn.to_bytes(), randomness(8).hex())
        except OSError as error:
            message = f"The kit codes cannot be kept: {error.strerror or error}"
            fix = "Make the folder of the allocation writable: codes that are not kept would be drawn again."
            raise SupplyError([problem("MOD-SUPPLY-14", str(folder / FILE), "", message, fix)]) from error


def _check(stored: StoredKits, periods: Sequence[Period], file: Path) -> None:
    wanted = [(one.phase, one.period, one.part) for one in periods]
    if wanted != [(one.phase, one.period, one.part) for one in stored.codes]:
        message = "These kit codes are for other kits than this order needs"
        fix = "Give the formulation of the first order: a trial keeps its kits."
        raise SupplyError([problem("MOD-SUPPLY-14", str(file), "", message, fix)])


def kit_codes(stored: StoredKits) -> tuple[KitCode, ...]:
    """The codes as an order takes them.

    Args:
        stored: as kept.
    """
    return tuple(KitCode(one.phase, one.period, one.part, one.code) for one in stored.codes)


def codes_by_period(codes: Iterable[StoredCode]) -> dict[tuple[str, int], str]:
    """The codes of each period as they are read aloud: what ties a label to what an opened allocation says.

    Args:
        codes: as kept; of a kit that was made again, both.
    """
    found: dict[tuple[str, int], list[str]] = {}
    for one in codes:
        found.setdefault((one.phase, one.period), []).append(say_code(one.code))
    return {place: ", ".join(said) for place, said in found.items()}


def open_codes(slot: str, protocol_sha256: str, periods: Sequence[Period]) -> tuple[KitCode, ...]:
    """Codes where nothing is drawn and everybody knows what a kit holds: they follow from whose it is.

    Args:
        slot: whose order it is.
        protocol_sha256: of the protocol's bytes.
        periods: of the whole trial.
    """
    secret = hashlib.sha256(slot.encode()).digest()
    numbers = derive_bytes(secret, protocol_sha256.encode(), b"modicum.kits/1")
    return draw_codes(periods, lambda count: bytes(next(numbers) for _ in range(count)))
