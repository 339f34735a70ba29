"""The port of the store: what the diary asks of whatever keeps its events."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class StoredEvent(Protocol):
    """One event, as it was kept."""

    @property
    def sequence(self) -> int:
        """Its number in the chain."""
        ...

    @property
    def kind(self) -> str:
        """Of event."""
        ...

    @property
    def client_id(self) -> str:
        """Given by whoever wrote it."""
        ...

    @property
    def content_hash(self) -> str:
        """SHA-256 of what was said, in its canonical form."""
        ...

    @property
    def actor(self) -> str:
        """Who said it."""
        ...

    @property
    def conflict(self) -> bool:
        """Whether another content had come under the same id before."""
        ...

    @property
    def received_at(self) -> str:
        """ISO 8601, UTC."""
        ...

    @property
    def hash(self) -> str:
        """Of the event."""
        ...

    @property
    def previous_hash(self) -> str:
        """Of the event before it, of whichever trial: the head of the chain when it was kept."""
        ...

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as JSON values."""
        ...


class StoredReceipt(Protocol):
    """Where an event is."""

    @property
    def sequence(self) -> int:
        """Its number in the chain."""
        ...

    @property
    def repeated(self) -> bool:
        """Whether it had been there already."""
        ...


class Store(Protocol):
    """Keeps events for ever."""

    def append(
        self,
        *,
        trial: str,
        kind: str,
        client_id: str,
        content: Mapping[str, Any],
        actor: str,
        received_at: dt.datetime,
    ) -> StoredReceipt:
        """Keep an event, and return when it is on the disk. The same again gets the receipt of the first time."""
        ...

    def head(self) -> str:
        """Hash of the last event of all, to be printed on what is made from the store."""
        ...

    def events_of(self, trial: str, after: int = 0) -> Sequence[StoredEvent]:
        """The events of a trial whose number is larger, in the order in which they were received."""
        ...
