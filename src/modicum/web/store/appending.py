"""Appending events: each is forced to disk before it is acknowledged, and the same again is the same.

An entry that comes twice gets the receipt of the first time. Another content under an id that is known is kept too, and
flagged: nothing that a person wrote is ever a dead end.

All who append at once are one group: one transaction, one sync of the disk. Should a group fail for the sake of one
event, each is written by itself, so that only that one fails. On SQLite a turn is held against other processes too.

SQLite's log is copied back into its file (a checkpoint) by whoever wrote the group, still in its turn, after every
thousand events; and by :func:`checkpoint`, to be called when a server stops. SQLite up to 3.51.2 can lose commits when
a checkpoint starts on a log that was just copied back whole, while another connection commits. Neither is possible
here: a checkpoint of the store comes after a commit of its own, is the only one under way, and keeps SQLite's own lock
of writers while it reads the log. The one that SQLite makes by itself, when the last connection closes, comes when
nobody else is connected.
"""

import copy
import datetime as dt
import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import OperationalError, connections, transaction
from django.db.transaction import TransactionManagementError

from modicum.foundation.errors import OptionsError
from modicum.records.chain import GENESIS, Checked, canonical, check, content_hash, link
from modicum.services.store_turns import PATIENCE_SECONDS, POSTGRESQL_LOCK, file_turn
from modicum.web.store.groups import Groups
from modicum.web.store.models import Event

_CHECKPOINT_EVERY = 1000  # events: at most some 20 MB of log
_CHECKPOINT_SECONDS = 0.2  # a long reader puts it off, rather than have everybody wait
_LOG = logging.getLogger("modicum.store")
_Said = dict[str, str]


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

    Raises:
        OperationalError: the database cannot write now; nothing is lost by sending the same again later.
        TransactionManagementError: called inside a transaction, where nothing can be forced to disk.
    """
    if connections[using].in_atomic_block:
        raise TransactionManagementError("append() forces its event to disk: call it outside of transaction.atomic().")
    text = canonical(content)
    said = {
        "trial": trial,
        "kind": kind,
        "client_id": client_id,
        "content": text,
        "content_hash": content_hash(text),
        "actor": actor,
        "received_at": received_at.astimezone(dt.UTC).isoformat(timespec="milliseconds"),
    }
    return _writer(using).groups.submit(said)


def events_of(trial: str, using: str = "default") -> list[Event]:
    """The events of a trial, in the order in which they were received."""
    return list(Event.objects.using(using).filter(trial=trial).order_by("sequence"))


def checked(using: str = "default") -> Checked:
    """The whole chain, gone through from its first event."""
    return check(event.link for event in Event.objects.using(using).order_by("sequence").iterator())


def head_of(using: str = "default") -> str:
    """The hash of the last event, to be printed on what is made from the store; zeros where there is none."""
    last = Event.objects.using(using).order_by("-sequence").values_list("hash", flat=True).first()
    return last or GENESIS


def checkpoint(using: str = "default") -> None:
    """Copy what SQLite has in its log back into the file and empty the log; nothing for PostgreSQL."""
    writer = _writer(using)
    writer.groups.alone(partial(writer.checkpoint, "TRUNCATE"))


class _Writer:
    """The one who writes a database for this process, whichever thread lends itself to it."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.groups = Groups[_Said, Receipt](self._write)
        self._since_checkpoint = 0

    def checkpoint(self, how: str, patience: float = PATIENCE_SECONDS) -> None:
        """Copy the log back, if readers and other writers let it within so many seconds; what is left waits."""
        if connections[self.using].vendor != "sqlite":
            return
        with self._turn(), connections[self.using].cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")
            cursor.execute(f"PRAGMA wal_checkpoint({how})")
            cursor.execute(f"PRAGMA busy_timeout = {round(1000 * PATIENCE_SECONDS)}")

    def _write(self, group: Sequence[_Said]) -> Sequence[Receipt | Exception]:
        outcomes = self._together(group)
        written = sum(isinstance(one, Receipt) and not one.repeated for one in outcomes)
        self._since_checkpoint += written
        if written and self._since_checkpoint >= _CHECKPOINT_EVERY:
            self._since_checkpoint = 0
            try:
                self.checkpoint("FULL", _CHECKPOINT_SECONDS)
            except Exception:
                _LOG.exception("The log of SQLite could not be copied back; it is tried again after the next events.")
        return outcomes

    def _together(self, group: Sequence[_Said]) -> Sequence[Receipt | Exception]:
        """What became of each of a group: a fault of the database is everybody's, else each is tried alone."""
        try:
            with self._turn(), self._transaction():
                return _append_all(group, self.using)
        except OperationalError as error:
            return [copy.copy(error) for _ in group]
        except Exception as error:
            return [error] if len(group) == 1 else [outcome for one in group for outcome in self._together([one])]

    @contextmanager
    def _turn(self) -> Generator[None]:
        """The turn of this process, where other processes are kept out by a file."""
        name = str(connections[self.using].settings_dict["NAME"])
        if connections[self.using].vendor != "sqlite" or name == ":memory:" or "mode=memory" in name:
            yield
            return
        with ExitStack() as turn:
            try:
                turn.enter_context(file_turn(name))
            except (OptionsError, OSError) as error:
                raise OperationalError(str(error)) from error
            yield

    @contextmanager
    def _transaction(self) -> Generator[None]:
        """A transaction that is on disk when it is left, and on PostgreSQL the only one that appends."""
        with transaction.atomic(using=self.using, durable=True):
            if connections[self.using].vendor == "postgresql":
                with connections[self.using].cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [POSTGRESQL_LOCK])
            yield


_WRITERS: dict[str, _Writer] = {}


def _writer(using: str) -> _Writer:
    return _WRITERS.setdefault(using, _Writer(using))


def _append_all(group: Sequence[_Said], using: str) -> list[Receipt]:
    """What is new of a group, appended at once: three statements, however many they are."""
    last = Event.objects.using(using).order_by("-sequence").first()
    known, new, receipts = _known(group, using), list[Event](), list[Receipt]()
    for said in group:
        under_id = known.setdefault((said["trial"], said["client_id"]), [])
        same = next((event for event in under_id if event.content_hash == said["content_hash"]), None)
        if same is None:
            last = _following(last, {**said, "conflict": bool(under_id)})
            under_id.append(last)
            new.append(last)
        receipts.append(_receipt(same or new[-1], repeated=same is not None))
    Event.objects.using(using).bulk_create(new)
    return receipts


def _following(last: Event | None, body: Mapping[str, Any]) -> Event:
    """The event that comes next in the chain."""
    after = link(last.sequence + 1 if last else 1, body, last.hash if last else GENESIS)
    return Event(**body, sequence=after.sequence, previous_hash=after.previous_hash, hash=after.hash)


def _known(group: Sequence[_Said], using: str) -> dict[tuple[str, str], list[Event]]:
    """What is there already under the ids of a group, in its order."""
    trials, ids = {said["trial"] for said in group}, {said["client_id"] for said in group}
    found: dict[tuple[str, str], list[Event]] = {}
    for event in Event.objects.using(using).filter(trial__in=trials, client_id__in=ids).order_by("sequence"):
        found.setdefault((event.trial, event.client_id), []).append(event)
    return found


def _receipt(event: Event, *, repeated: bool) -> Receipt:
    return Receipt(event.sequence, event.content_hash, event.hash, repeated, event.conflict)
