"""The papers: what a seal hides, and what proves an allocation once it is revealed."""

from typing import ClassVar, TypeVar

from modicum.allocation.arms import Place
from modicum.allocation.binding import BindingHead
from modicum.allocation.canonical import Digest, Document, encode
from modicum.allocation.document import Head
from modicum.foundation.errors import InternalError

_PLACE_BYTES = 256  # a place has at most about 220: a name of 60, a nonce of 64, a dose of up to 24 characters
_REST_BYTES = 2048  # 200 characters of the participant, two hashes, field names
_BINDING_BYTES = 2048  # at most 30 doses of up to 25 characters, and the names of the fields


class AllocationPapers(Document):
    """What a sealed allocation hides.

    Args:
        head: as in the public document.
        system: the system's contribution to the draw, 32 bytes, hexadecimal.
        participant: the participant's contribution.
        places: every place of every drawn phase, with its arm and nonce.
        padding: blanks that make all allocations of a protocol equally long.
    """

    SCHEMA: ClassVar[str] = "modicum.allocation-papers/1"

    head: Head
    system: Digest
    participant: str
    places: tuple[Place, ...]
    padding: str = ""

    @property
    def length(self) -> int:
        """Bytes of the papers once they are padded; follows from what is public alone."""
        return len(encode(self.head.model_dump(mode="json"))) + _PLACE_BYTES * len(self.places) + _REST_BYTES


class BindingPapers(Document):
    """What a sealed binding hides.

    Args:
        head: as in the public document.
        doses_mg: bound to the phase, ascending, in the unit of the drug.
        nonce: 32 bytes of chance, hexadecimal.
        padding: blanks that make all bindings of a protocol equally long.
    """

    SCHEMA: ClassVar[str] = "modicum.binding-papers/1"

    head: BindingHead
    doses_mg: tuple[float, ...]
    nonce: Digest
    padding: str = ""

    @property
    def length(self) -> int:
        """Bytes of the papers once they are padded; follows from what is public alone."""
        return len(encode(self.head.model_dump(mode="json"))) + _BINDING_BYTES


class Papers(Document):
    """An allocation and its bindings, revealed: ``modicum.papers/1``.

    Args:
        allocation: what its seal hid.
        bindings: what theirs hid, in order.
    """

    SCHEMA: ClassVar[str] = "modicum.papers/1"

    allocation: AllocationPapers
    bindings: tuple[BindingPapers, ...]


_Padded = TypeVar("_Padded", AllocationPapers, BindingPapers)


def pad(papers: _Padded) -> _Padded:
    """The papers with as many blanks as their public length asks for.

    Args:
        papers: not padded yet.

    Raises:
        InternalError: they are longer than that, so that their length would tell something.
    """
    short = papers.length - len(papers.to_bytes())
    if short < 0:
        raise InternalError(f"Papers are {-short} bytes longer than {papers.length}: their length would tell.")
    return papers.model_copy(update={"padding": " " * short})


def is_padded(papers: AllocationPapers | BindingPapers) -> bool:
    """Whether papers are padded as :func:`pad` does it."""
    return not papers.padding.strip(" ") and len(papers.to_bytes()) == papers.length
