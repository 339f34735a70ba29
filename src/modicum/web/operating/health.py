"""Health: everything that keeps a clinic running, and what of it needs somebody."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from modicum.allocation.keys import ROLES, KeyRole
from modicum.foundation.errors import AllocationError
from modicum.foundation.version import version
from modicum.services.backups import Manifest, listed
from modicum.services.drills import Drill, last_drill
from modicum.web.clock import actual, now
from modicum.web.jobs.health import Failing, Waking, failing, workers
from modicum.web.store.checks import affected, commits_reach_the_disk
from modicum.web.store.models import Event
from modicum.web.trials import key_of, public_key_of

BACKUP_LATE = dt.timedelta(hours=1)  # four that were due and were not made
SCANT_BYTES = 2**30


@dataclass(frozen=True)
class Need:
    """Something that needs the operator.

    Args:
        what: is the matter, a sentence.
        then: what to do, a sentence.
    """

    what: str
    then: str


@dataclass(frozen=True)
class Key:
    """A key that allocations are sealed for.

    Args:
        role: whose.
        secret: whether the secret one is on this machine.
        public: whether the public one is.
    """

    role: str
    secret: bool
    public: bool


@dataclass(frozen=True)
class Health:
    """How the clinic is.

    Args:
        workers: of the jobs.
        failing: tasks that failed and were not done since.
        backup: the last one; None where there is none.
        drill: the last trial of a backup; None where none is noted.
        events: how many the chain has.
        head: its last hash.
        free: bytes of disk that are free, and of how many.
        engine: name and version of the database.
        weak: whether its SQLite has the WAL-reset defect.
        keys: by role.
        time: of the clinic.
        stopped: whether that time is held by a file.
        version: of Modicum.
        needs: what needs the operator, the worst first.
    """

    workers: list[Waking]
    failing: list[Failing]
    backup: Manifest | None
    drill: Drill | None
    events: int
    head: str
    free: tuple[int, int]
    engine: str
    weak: bool
    keys: list[Key]
    time: dt.datetime
    stopped: bool
    version: str
    needs: tuple[Need, ...] = ()


def examine() -> Health:
    """How the clinic is now."""
    last = Event.objects.order_by("-sequence").values_list("sequence", "hash").first()
    backup = max(listed(folder()), key=lambda one: one.made, default=None)
    usage = shutil.disk_usage(settings.MODICUM_DATA)
    asleep, failed, keys = workers(), failing(), [_key(role) for role in ROLES]
    free = (usage.free, usage.total)
    return Health(
        workers=asleep,
        failing=failed,
        backup=backup,
        drill=last_drill(folder()),
        events=last[0] if last else 0,
        head=last[1] if last else "",
        free=free,
        engine=_engine(),
        weak=connection.vendor == "sqlite" and affected(sqlite3.sqlite_version_info),
        keys=keys,
        time=now(),
        stopped=bool(settings.MODICUM_CLOCK_FILE),
        version=version(),
        needs=(*_of_backup(backup), *_of_database(), *_of_disk(free), *_of_jobs(asleep, failed), *_of_keys(keys)),
    )


def folder() -> Path:
    """Where the backups are."""
    return settings.MODICUM_DATA / "backups"


def _of_backup(backup: Manifest | None) -> Iterator[Need]:
    if backup is None:
        yield Need(_("There is no backup."), _("The jobs make one every quarter of an hour: see whether they run."))
        return
    if backup.result != "whole":
        yield Need(
            _("The chain of events is not as it was written."),
            _("Stop the clinic, and have modicum store check say where; docs/store.md says what then."),
        )
    if actual() - backup.made > BACKUP_LATE:
        yield Need(
            _("The last backup is more than an hour old."), _("See whether the jobs run, and the disk has room.")
        )


def _of_database() -> Iterator[Need]:
    if commits_reach_the_disk(["default"]):
        yield Need(
            _("The database acknowledges what is not on disk."),
            _("Set it back to what it is by default; a power cut could lose entries."),
        )


def _of_disk(free: tuple[int, int]) -> Iterator[Need]:
    if free[0] < SCANT_BYTES:
        yield Need(
            _("The disk is nearly full."),
            _("Make room: once it is full, phones keep their answers until there is some."),
        )


def _of_jobs(found: list[Waking], failed: list[Failing]) -> Iterator[Need]:
    for one in found:
        if one.asleep:
            words = _("The jobs of the queue %(queue)s do not run.") % {"queue": one.queue}
            yield Need(words, _("Start them: modicum serve does, or python -m modicum.web jobs."))
    if failed:
        yield Need(_("Jobs fail again and again."), _("Their faults stand below; the log says where in the code."))


def _of_keys(keys: list[Key]) -> Iterator[Need]:
    for one in keys:
        if not one.public:
            words = _("There is no public key of the role %(role)s.") % {"role": one.role}
            yield Need(words, _("Nothing can be sealed for it: have whoever holds the key put its public part here."))


def _key(role: KeyRole) -> Key:
    try:
        public = bool(public_key_of(role))
    except AllocationError:
        public = False
    return Key(role, key_of(role).exists(), public)


def _engine() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        row = cursor.fetchone()
        return f"PostgreSQL {row[0] if row else ''}"
