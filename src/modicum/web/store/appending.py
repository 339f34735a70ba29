"""Appending events: one writer at a time, each event forced to disk before it is acknowledged, the same again the same.

An entry that comes twice gets the receipt of the first time. Another content under an id that is known is kept too, and
flagged: nothing that a person wrote is ever a dead end.
"""

import datetime as dt
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from modicum.records.chain import GENESIS, Checked, canonical, check, content_hash, link
from modicum.web.store.models import Event

_WRITING = threading.RLock()  # SQLite polls for its turn, and starves writers; a lock queues them
_POSTGRESQL_LOCK = 0x6D6F6469  # any number, the same for all writers of the chain


@dataclass(frozen=True)
class Receipt:
    """Where an event is.

    Args:
        sequence: its number in the chain.
        content_hash: of what was said.
        hash: of the event.
        repeated: whether it had been there already.
        conflict: whether another content had come under the same id before.
    """

    sequence: int
    content_hash: str
    hash: str
    repeated: bool
    conflict: bool


def append(
    *,
    trial: str,
    kind: str,
    client_id: str,
    content: Mapping[str, Any],
    actor: str,
    received_at: dt.datetime,
    using: str = "default",
) -> Receipt:
    """Append an event, and return when it is on disk.

    Args:
        trial: that it belongs to.
        kind: of event.
        client_id: given by whoever wrote it; the same entry sent again has the same.
        content: JSON values.
        actor: who.
        received_at: with its zone.
        using: the database.
    """
    text = canonical(content)
    said = content_hash(text)
    with _turn(using):
        under_id = list(Event.objects.using(using).filter(trial=trial, client_id=client_id).order_by("sequence"))
        same = next((event for event in under_id if event.content_hash == said), None)
        if same is not None:
            return _receipt(same, repeated=True)
        last = Event.objects.using(using).order_by("-sequence").first()
        body = {
            "trial": trial,
            "kind": kind,
            "client_id": client_id,
            "content": text,
            "content_hash": said,
            "conflict": bool(under_id),
            "actor": actor,
            "received_at": received_at.astimezone(dt.UTC).isoformat(timespec="milliseconds"),
        }
        following = link(last.sequence + 1 if last else 1, body, last.hash if last else GENESIS)
        event = Event(**body, sequence=following.sequence, previous_hash=following.previous_hash, hash=following.hash)
        event.save(using=using, force_insert=True)
    return _receipt(event, repeated=False)


def events_of(trial: str, using: str = "default") -> list[Event]:
    """The events of a trial, in the order in which they were received."""
    return list(Event.objects.using(using).filter(trial=trial).order_by("sequence"))


def checked(using: str = "default") -> Checked:
    """The whole chain, gone through from its first event."""
    return check(event.link for event in Event.objects.using(using).order_by("sequence").iterator())


def checkpoint(using: str = "default") -> None:
    """Copy what SQLite has in its log back into the file, while nobody writes; nothing for PostgreSQL."""
    if connections[using].vendor != "sqlite":
        return
    with _WRITING, connections[using].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _turn(using: str) -> Generator[None]:
    """The turn of one writer: of this process for SQLite, of all processes for PostgreSQL."""
    if connections[using].vendor == "sqlite":
        with _WRITING, transaction.atomic(using=using):
            yield
        return
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_POSTGRESQL_LOCK])
        yield


def _receipt(event: Event, *, repeated: bool) -> Receipt:
    return Receipt(event.sequence, event.content_hash, event.hash, repeated, event.conflict)
