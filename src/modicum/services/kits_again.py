"""Codes of kits that are made again: drawn when they are asked for, kept beside the allocation, never drawn twice."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import ClassVar

from modicum.allocation.canonical import Digest, Document, UnreadableError
from modicum.allocation.draws import Randomness, derive_bytes
from modicum.foundation.errors import SupplyError, problem
from modicum.services import folders
from modicum.services.kit_codes import StoredCode
from modicum.supply import Period, draw_codes

FOLDER = "kits-again"  # beside the allocation; a file for each kit that was replaced, named by its code
_PURPOSE = b"modicum.kit-again/1"


class StoredAgain(Document):
    """The code of a kit that is made again, ``modicum.kit-again/1``. Nothing in it depends on what a kit holds.

    Args:
        allocation: fingerprint of the allocation that it belongs to.
        instead_of: code of the kit that it replaces.
        code: of the kit that is made again, with the period that both are for.
    """

    SCHEMA: ClassVar[str] = "modicum.kit-again/1"

    allocation: Digest
    instead_of: str
    code: StoredCode


def read_again(folder: Path, fingerprint: str) -> tuple[StoredAgain, ...]:
    """The codes of all kits of an allocation that were asked for again, in no order that says anything.

    Args:
        folder: of the allocation.
        fingerprint: of the allocation.

    Raises:
        SupplyError: one cannot be read, or belongs to another allocation.
    """
    return tuple(_read(one, fingerprint) for one in sorted((folder / FOLDER).glob("[!.]*.json")))


def keep_again(
    folder: Path,
    fingerprint: str,
    period: Period,
    instead_of: str,
    randomness: Randomness,
    *,
    others: Collection[str],
) -> str:
    """The code of a kit that is made again: the one that is kept, or, asked for first, one that is drawn now and kept.

    Args:
        folder: of the allocation.
        fingerprint: of the allocation.
        period: that both kits are for.
        instead_of: code of the kit that it replaces.
        randomness: number of bytes to that many bytes of chance.
        others: every code that the person has, or could have, a kit of.

    Raises:
        SupplyError: it cannot be read or written, or belongs to something else.
    """
    file = folder / FOLDER / f"{instead_of}.json"
    while not file.exists():
        kept = (one.code.code for one in read_again(folder, fingerprint))
        code = StoredCode(**vars(draw_codes((period,), randomness, {*others, *kept})[0]))
        drawn = StoredAgain(allocation=fingerprint, instead_of=instead_of, code=code)
        try:
            folders.add_file(file, drawn.to_bytes(), randomness(8).hex())
        except OSError as error:
            message = f"The kit code cannot be kept: {error.strerror or error}"
            fix = "Make the folder of the allocation writable: a code that is not kept would be drawn again."
            raise SupplyError([problem("MOD-SUPPLY-14", str(file), "", message, fix)]) from error
    return _read(file, fingerprint).code.code


def _read(file: Path, fingerprint: str) -> StoredAgain:
    fix = "Take the file from a copy: the code may be on a label already."
    try:
        stored = StoredAgain.from_bytes(file.read_bytes())
    except (OSError, UnreadableError) as error:
        message = f"The code of a kit that is made again cannot be read: {error}".rstrip(".")
        raise SupplyError([problem("MOD-SUPPLY-14", str(file), "", message, fix)]) from error
    if stored.allocation != fingerprint or stored.instead_of != file.stem:
        message = "This kit code belongs to another allocation, or to another kit"
        raise SupplyError([problem("MOD-SUPPLY-14", str(file), "", message, fix)])
    return stored


def open_again(slot: str, protocol_sha256: str, period: Period, instead_of: str, *, others: Collection[str]) -> str:
    """The code of a kit that is made again where nothing is drawn: it follows from whose it is and what it replaces.

    Args:
        slot: whose order it is.
        protocol_sha256: of the protocol's bytes.
        period: that both kits are for.
        instead_of: code of the kit that it replaces.
        others: every code that the person has, or could have, a kit of.
    """
    secret = hashlib.sha256(slot.encode()).digest()
    numbers = derive_bytes(secret, protocol_sha256.encode(), _PURPOSE + instead_of.encode())
    return draw_codes((period,), lambda count: bytes(next(numbers) for _ in range(count)), others)[0].code
