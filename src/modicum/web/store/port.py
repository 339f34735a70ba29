"""The store as the services ask for it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from modicum.services.diary import StoredEvent
from modicum.web.store import appending
from modicum.web.store.models import Event

# Asked with every entry that comes in, and written out: to put it together anew took longer than to answer it.
_EVENTS_AFTER = "SELECT * FROM store_event WHERE trial = %s AND sequence > %s ORDER BY sequence"


@dataclass(frozen=True)
class EventStore:
    """The table of events, as a :class:`modicum.services.diary.Store`.

    Args:
        using: the database.
    """

    using: str = "default"

    def append(
        self,
        *,
        trial: str,
        kind: str,
        client_id: str,
        content: Mapping[str, Any],
        actor: str,
        received_at: dt.datetime,
    ) -> appending.Receipt:
        """Keep an event, and return when it is on the disk."""
        return appending.append(
            trial=trial,
            kind=kind,
            client_id=client_id,
            content=content,
            actor=actor,
            received_at=received_at,
            using=self.using,
        )

    def head(self) -> str:
        """Hash of the last event of all."""
        return appending.head_of(self.using)

    def events_of(self, trial: str, after: int = 0) -> Sequence[StoredEvent]:
        """The events of a trial whose number is larger, in their order."""
        found = Event.objects.using(self.using).raw(_EVENTS_AFTER, [trial, after])
        return cast("list[StoredEvent]", list(found))

    def events_of_all(self, trials: Sequence[str], after: int = 0) -> Sequence[Event]:
        """The events of several trials whose number is larger, in their order."""
        found = Event.objects.using(self.using).filter(trial__in=trials, sequence__gt=after)
        return list(found.order_by("sequence"))
