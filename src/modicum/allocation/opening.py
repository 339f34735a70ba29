"""Opening a seal with a secret key. Only ``modicum.services.unblinding`` may import this; the build checks it."""

from typing import TypeVar

import pyrage

from modicum.allocation.canonical import UnreadableError
from modicum.allocation.papers import AllocationPapers, BindingPapers
from modicum.foundation.errors import AllocationError, problem

_Hidden = TypeVar("_Hidden", AllocationPapers, BindingPapers)


def open_allocation(content: bytes, identity: pyrage.x25519.Identity, where: str) -> AllocationPapers:
    """What a sealed allocation hides.

    Args:
        content: of the sealed file.
        identity: the secret key.
        where: name of the file, for the problem.

    Raises:
        AllocationError: the file is damaged, or sealed for another key.
    """
    return _open(content, identity, where, AllocationPapers)


def open_binding(content: bytes, identity: pyrage.x25519.Identity, where: str) -> BindingPapers:
    """What a sealed binding hides.

    Args:
        content: of the sealed file.
        identity: the secret key.
        where: name of the file, for the problem.

    Raises:
        AllocationError: the file is damaged, or sealed for another key.
    """
    return _open(content, identity, where, BindingPapers)


def _open(content: bytes, identity: pyrage.x25519.Identity, where: str, kind: type[_Hidden]) -> _Hidden:
    try:
        return kind.from_bytes(pyrage.decrypt(content, [identity]))
    except (pyrage.DecryptError, UnreadableError) as error:
        message = f"The sealed file does not open: {str(error).rstrip('.')}"
        fix = "Take the file as it was sealed, from a copy; modicum verify says which part was changed."
        raise AllocationError([problem("MOD-ALLOC-13", where, "", message, fix)]) from None
