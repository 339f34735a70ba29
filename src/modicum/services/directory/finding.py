"""Finding a clinic by the beginning of its place or of its postcode, as typed. Nothing is looked up elsewhere."""

import unicodedata
from collections.abc import Iterable

from modicum.services.directory.listing import Listing


def find(listings: Iterable[Listing], words: str) -> list[Listing]:
    """The clinics whose place or postcode begins with some words; all of them for none.

    Args:
        listings: to look through.
        words: as typed; accents, capitals, blanks and hyphens do not matter.

    Returns:
        By country, place and name.

    Example:
        >>> clinic = Listing("Quay House", "2 Quay", "Bad Tölz", "83646", "DE", "+49 8041 1", "", ("de",))
        >>> [len(find([clinic], words)) for words in ("tolz", "BAD", "836", "olz", "")]
        [1, 1, 1, 0, 1]
    """
    wanted, code = _folded(words), _joined(words)
    found = [
        one
        for one in listings
        if not wanted or _begins(one.place, wanted) or (code and _joined(one.postcode).startswith(code))
    ]
    return sorted(found, key=lambda one: (one.country, _folded(one.place), one.postcode, _folded(one.name)))


def _begins(place: str, wanted: str) -> bool:
    """Whether a place, or one of its words and what follows it, begins with what is wanted."""
    words = _folded(place).split()
    return any(" ".join(words[first:]).startswith(wanted) for first in range(len(words)))


def _folded(text: str) -> str:
    """Letters without accents and capitals, words parted by one blank."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return " ".join(plain.replace("-", " ").split())


def _joined(text: str) -> str:
    return _folded(text).replace(" ", "")
