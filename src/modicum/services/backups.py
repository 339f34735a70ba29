"""Backups of a store: each one file, looked through after it is written, with a manifest that is written last.

A file without a manifest is no backup: that of an interrupted one is left without. A backup holds the whole database,
accounts included, and nothing beside it: sealed allocations and keys are files of their own.
"""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from modicum.foundation.errors import OptionsError, Problem, problem
from modicum.foundation.version import version
from modicum.records.chain import Link
from modicum.services import postgresql_dumps, sqlite_copies
from modicum.services.store_checking import examine, read_links

SCHEMA = "modicum.backup/1"
ENDS = {"sqlite": ".sqlite3", "postgresql": ".dump"}
EVERY = dt.timedelta(minutes=15)
_ALL_FOR, _DAILY_FOR, _MONTHLY_FOR = dt.timedelta(days=1), dt.timedelta(days=30), dt.timedelta(days=730)
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup is, beside it as JSON.

    Args:
        made_at: when, in UTC.
        engine: ``sqlite`` or ``postgresql``.
        file: its name.
        bytes: its size.
        sha256: of the file.
        result: ``whole``, or ``changed`` where the chain in it is not as it was written.
        count: of events.
        head: of the chain.
        note: why it was made, where it was not for its time.
        version: of Modicum.
    """

    made_at: str
    engine: str
    file: str
    bytes: int
    sha256: str
    result: str
    count: int
    head: str
    note: str
    version: str

    @property
    def made(self) -> dt.datetime:
        """When it was made."""
        return dt.datetime.fromisoformat(self.made_at)

    def to_document(self) -> dict[str, Any]:
        """The ``modicum.backup/1`` document."""
        return {"schema": SCHEMA, **asdict(self)}


def make_backup(database: str, folder: Path, now: dt.datetime, note: str = "") -> Manifest:
    """Copy a store while it is in use, and look the copy through.

    Args:
        database: path of a SQLite file, or the address of a PostgreSQL.
        folder: of its backups; made where it is not there, for its owner alone.
        now: the time, with its zone.
        note: why, where it is not for its time.

    Returns:
        What was made. A store that is not as it was written is backed up too, and its manifest says so.

    Raises:
        OptionsError: nothing could be made, and nothing was left.
    """
    name = f"modicum-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}{ENDS[engine_of(database)]}"
    partial = folder / f".{name}.partial"
    with _written(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            return _made(database, partial, name, now, note)
        finally:
            partial.unlink(missing_ok=True)


def listed(folder: Path) -> list[Manifest]:
    """The backups in a folder, from the oldest to the newest."""
    found = [one for path in folder.glob("modicum-*.json") if (one := read_manifest(path)) is not None]
    return sorted(found, key=lambda one: one.made)


def read_manifest(path: Path) -> Manifest | None:
    """A manifest; None where the file is none, or the backup that it is of is not there."""
    try:
        said = json.loads(path.read_bytes())
        manifest = Manifest(**{name: said[name] for name in Manifest.__dataclass_fields__})
        there = said["schema"] == SCHEMA and (path.parent / manifest.file).is_file()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if there else None


def due(now: dt.datetime, last: dt.datetime | None, every: dt.timedelta = EVERY) -> bool:
    """Whether a backup is due: none yet, the last one too long ago, or from a future that a clock has left.

    Example:
        >>> noon = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
        >>> due(noon, None), due(noon, noon - dt.timedelta(minutes=14)), due(noon, noon - dt.timedelta(minutes=15))
        (True, False, True)
    """
    return last is None or not dt.timedelta() <= now - last < every


def keep(backups: Iterable[Manifest], now: dt.datetime) -> set[Manifest]:
    """Those to be kept: all of the last day, the last of each day for a month, the last of each month for two years.

    A mistake is seen within the day, a fault of a trial at one of its reviews, and a doubt about a result by the end of
    the longest course and a year. The longest chain is always kept, so that a store that was cut off does not in time
    drive out what it has lost; and so is the newest whole one.

    Args:
        backups: of one store.
        now: the time.
    """
    whole = [one for one in sorted(backups, key=lambda one: one.made) if one.result == "whole"]
    young = {one for one in backups if now - one.made < _ALL_FOR}
    daily = {one.made.date(): one for one in whole if now - one.made < _DAILY_FOR}
    monthly = {(one.made.year, one.made.month): one for one in whole if now - one.made < _MONTHLY_FOR}
    longest = max(whole, key=lambda one: (one.count, one.made), default=None)
    last = {one for one in (longest, *whole[-1:]) if one is not None}
    return young | set(daily.values()) | set(monthly.values()) | last


def prune(folder: Path, now: dt.datetime) -> list[Manifest]:
    """Remove the backups that need not be kept, the manifest of each first, and what interrupted ones left.

    Args:
        folder: of the backups.
        now: the time.

    Returns:
        Those that were removed.
    """
    backups = listed(folder)
    kept = keep(backups, now)
    removed = [one for one in backups if one not in kept]
    for one in removed:
        manifest_path(folder, one).unlink(missing_ok=True)
        (folder / one.file).unlink(missing_ok=True)
    for left in folder.glob(".modicum-*.partial"):
        if now.timestamp() - left.stat().st_mtime > _ALL_FOR.total_seconds():
            left.unlink(missing_ok=True)
    return removed


@dataclass(frozen=True)
class BackupSchedule:
    """A backup every quarter of an hour, for a server to ask about as often as it likes.

    Args:
        database: path of a SQLite file, or the address of a PostgreSQL.
        folder: of its backups.
        every: how often.
    """

    database: str
    folder: Path
    every: dt.timedelta = EVERY

    def tick(self, now: dt.datetime) -> Manifest | None:
        """Make a backup if one is due, and remove those no longer kept; when the last was made is read off the folder.

        It is made by a process of its own, ``modicum backup``, so that going through a long chain holds nobody up.

        Args:
            now: the time, with its zone.

        Returns:
            What was made, or None.

        Raises:
            OptionsError: it could not be made; it stays due.
        """
        last = max((one.made for one in listed(self.folder)), default=None)
        if not due(now, last, self.every):
            return None
        command = [sys.executable, "-m", "modicum", "backup", "--out", str(self.folder), "--prune", "--json"]
        environment = {**os.environ, "MODICUM_DATABASE": self.database}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        said: dict[str, Any] = json.loads(done.stdout) if done.stdout.startswith("{") else {"problems": []}
        if said.pop("schema", "") != SCHEMA:
            problems = [Problem(**one) for one in said["problems"]]
            why = done.stderr.strip() or f"exit code {done.returncode}"
            fix = "See why; it is tried again the next time."
            raise OptionsError(problems or [problem("MOD-STORE-03", "modicum backup", why, "No backup was made", fix)])
        return Manifest(**said)


def engine_of(database: str) -> str:
    """Which kind a database is, by how it is named."""
    return "postgresql" if "://" in database else "sqlite"


def links_in(file: Path, engine: str) -> Iterator[Link]:
    """The events in the file of a backup, by their sequence."""
    return read_links(str(file)) if engine == "sqlite" else postgresql_dumps.dumped_links(file)


def manifest_path(folder: Path, manifest: Manifest) -> Path:
    """Where the manifest of a backup is."""
    return (folder / manifest.file).with_suffix(".json")


def digest(file: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    made = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            made.update(block)
    return made.hexdigest()


def force(path: Path) -> None:
    """Force a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _written(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        fix = "Give a folder that can be written, with room for the whole database."
        message = f"The backup cannot be written: {error.strerror or error}"
        raise OptionsError([problem("MOD-STORE-03", "--out", folder, message, fix)]) from error


def _made(database: str, partial: Path, name: str, now: dt.datetime, note: str) -> Manifest:
    engine, folder = engine_of(database), partial.parent
    copy = sqlite_copies.copy if engine == "sqlite" else postgresql_dumps.dump
    copy(database, partial)
    found = examine(links_in(partial, engine))
    force(partial)
    manifest = Manifest(
        made_at=now.astimezone(dt.UTC).isoformat(),
        engine=engine,
        file=name,
        bytes=partial.stat().st_size,
        sha256=digest(partial),
        result="changed" if found.broken else "whole",
        count=found.count,
        head=found.head,
        note=note,
        version=version(),
    )
    os.replace(partial, folder / name)
    _write(manifest, folder)
    return manifest


def _write(manifest: Manifest, folder: Path) -> None:
    path = manifest_path(folder, manifest)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(manifest.to_document(), indent=1) + "\n", encoding="utf-8")
    force(partial)
    os.replace(partial, path)
    force(folder)
