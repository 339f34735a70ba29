"""A listing: how one clinic is found and reached, as the record of its site last said it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

LISTED, UNLISTED = "listed", "unlisted"
KINDS = (LISTED, UNLISTED)


@dataclass(frozen=True)
class Listing:
    """One clinic.

    Args:
        name: of the site.
        street: with its number.
        place: town.
        postcode: as it is written there.
        country: two letters, ISO 3166.
        telephone: for appointments.
        website: https or http; may be empty.
        languages: that are spoken, as BCP 47 has them.
    """

    name: str
    street: str
    place: str
    postcode: str
    country: str
    telephone: str
    website: str
    languages: tuple[str, ...]

    def to_content(self) -> dict[str, Any]:
        """As the event says it."""
        return {"schema": "modicum.listed/1", **asdict(self), "languages": list(self.languages)}

    @classmethod
    def of(cls, content: dict[str, Any]) -> "Listing":
        """As an event said it."""
        said: dict[str, Any] = {name: content[name] for name in COLUMNS}
        said["languages"] = tuple(said["languages"])
        return cls(**said)


COLUMNS = tuple(one.name for one in fields(Listing))


class Said(Protocol):
    """An event of the record of a site."""

    @property
    def trial(self) -> str:
        """Whose record it is in."""
        ...

    @property
    def kind(self) -> str:
        """Of event."""
        ...

    @property
    def said(self) -> dict[str, Any]:
        """Its content."""
        ...


def listed(events: Iterable[Said]) -> dict[str, Listing]:
    """The clinics that are listed, by the record of their site.

    Args:
        events: of the kinds :data:`KINDS`, in their order.
    """
    found: dict[str, Listing] = {}
    for event in events:
        if event.kind == LISTED:
            found[event.trial] = Listing.of(event.said)
        else:
            found.pop(event.trial, None)
    return found
