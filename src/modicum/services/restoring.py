"""Restoring a backup: looked through before it replaces anything, and never to lose an event without a reason given."""

import datetime as dt
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modicum.foundation.errors import OptionsError, problem
from modicum.foundation.version import version
from modicum.records.chain import Checked, Link
from modicum.services import postgresql_dumps, sqlite_copies
from modicum.services.backups import (
    Manifest,
    digest,
    engine_of,
    force,
    links_in,
    listed,
    make_backup,
    read_manifest,
)
from modicum.services.store_checking import examine, read_links
from modicum.services.store_turns import file_turn


@dataclass(frozen=True)
class _Held:
    """The events of a database, and how many of them a backup lacks; None where it cannot be read."""

    count: int
    lost: int | None


def restore(source: Path, database: str, now: dt.datetime, shorten: str = "") -> dict[str, Any]:
    """Put a backup into the place of a database, which is kept aside.

    Args:
        source: a backup, its manifest, or a folder of backups, of which the newest whole one is taken.
        database: path of a SQLite file, or the address of a PostgreSQL; it need not hold anything yet.
        now: the time, with its zone.
        shorten: why events may be lost that the database holds and the backup does not; "" where none may.

    Returns:
        The ``modicum.restore/1`` document.

    Raises:
        OptionsError: there is no whole backup, events would be lost, or the database is in use.
    """
    began = time.monotonic()
    file, manifest = found(source)
    hashes = checked_hashes(file, manifest, database)
    with _turn(database):
        held = _compared(database, hashes)
        if held.lost != 0 and not shorten:
            raise _would_lose(database, held, manifest)
        note = f"replaced by the backup of {manifest.made_at}" + (f": {shorten}" if shorten else "")
        replace = _replace_sqlite if manifest.engine == "sqlite" else _replace_postgresql
        aside = replace(file, database, now, note, held)
        _expect(examine(read_links(database)), manifest, file)
    return {**_document(file, manifest, began), "drill": False, "reason": shorten, "lost": held.lost, "aside": aside}


def drill(source: Path, database: str = "") -> dict[str, Any]:
    """Restore the newest backup to a place of its own, look at what came out, and remove it.

    Args:
        source: as for a restore.
        database: that the backup is of, to see how many events it lacks; for PostgreSQL, where the drill is held too.

    Returns:
        The ``modicum.restore/1`` document.

    Raises:
        OptionsError: there is no whole backup, it did not come out as it was written, or the database has events, and
            none of them is in it.
    """
    began = time.monotonic()
    file, manifest = found(source)
    hashes = checked_hashes(file, manifest, database or _any_of(manifest))
    with _scratch(manifest, database) as place:
        if manifest.engine == "sqlite":
            shutil.copyfile(file, place)
        else:
            postgresql_dumps.load(file, place)
        _expect(examine(read_links(place)), manifest, file)
    held = _compared(database, hashes) if database else _Held(0, None)
    if held.count and held.lost == held.count:
        raise _of_another(file, held)
    lost = held.lost
    return {**_document(file, manifest, began), "drill": True, "reason": "", "lost": lost, "aside": ""}


def found(source: Path) -> tuple[Path, Manifest]:
    """The file and the manifest of a backup.

    Args:
        source: a backup, its manifest, or a folder of backups.

    Raises:
        OptionsError: there is none.
    """
    if source.is_dir():
        whole = [one for one in listed(source) if one.result == "whole"]
        manifest = whole[-1] if whole else None
    else:
        manifest = read_manifest(source.with_suffix(".json"))
    if manifest is None:
        fix = "Give a folder that modicum backup wrote, or a backup with its manifest beside it."
        raise OptionsError([problem("MOD-STORE-04", "BACKUP", source, "There is no whole backup here", fix)])
    folder = source if source.is_dir() else source.parent
    return folder / manifest.file, manifest


def checked_hashes(file: Path, manifest: Manifest, database: str) -> set[str]:
    """The hashes of the events of a backup, after everything about it was held against its manifest.

    Args:
        file: of the backup.
        manifest: of it.
        database: that it is meant for.

    Raises:
        OptionsError: it is not as it was written, or not of this kind of database.
    """
    if manifest.engine != engine_of(database):
        fix = "Restore it into a database of its own kind."
        message = f"The backup is of {manifest.engine}, and the database is not"
        raise OptionsError([problem("MOD-STORE-05", "BACKUP", file, message, fix)])
    if digest(file) != manifest.sha256:
        raise _other(file, "its bytes are not those that were written")
    hashes = set[str]()

    def noted() -> Generator[Link]:
        for one in links_in(file, manifest.engine):
            hashes.add(one.hash)
            yield one

    _expect(examine(noted()), manifest, file)
    return hashes


def _expect(result: Checked, manifest: Manifest, file: Path) -> None:
    if result.broken:
        raise _other(file, f"event {result.broken[0].sequence}: {result.broken[0].why}")
    if (result.count, result.head) != (manifest.count, manifest.head):
        raise _other(file, f"it holds {result.count} events, and its manifest says {manifest.count}")


def _other(file: Path, why: str) -> OptionsError:
    fix = "Take an older backup, and keep this one: somebody or something has changed it."
    return OptionsError([problem("MOD-STORE-05", "BACKUP", file, f"The backup is not as it was written: {why}", fix)])


def _compared(database: str, hashes: set[str]) -> _Held:
    if engine_of(database) == "sqlite" and not Path(database).exists():
        return _Held(0, 0)
    count = lost = 0
    try:
        for one in read_links(database):
            count += 1
            lost += one.hash not in hashes
    except OptionsError as error:
        return _Held(0, 0 if postgresql_dumps.holds_no_store(error) else None)
    return _Held(count, lost)


def _of_another(file: Path, held: _Held) -> OptionsError:
    message = f"The backup came out whole, and holds none of the {held.count} events of the database: it is of another"
    fix = "See that modicum backup is given the database of the clinic, and that a backup of it is here."
    return OptionsError([problem("MOD-STORE-05", "BACKUP", file, message, fix)])


def _would_lose(database: str, held: _Held, manifest: Manifest) -> OptionsError:
    what = f"holds {held.count} events, {held.lost} of which are not in the backup of {manifest.made_at}"
    if held.lost is None:
        what = "cannot be read, so that nobody can say what would be lost"
    fix = 'Make a backup of it first; --shorten "WHY" restores all the same, and keeps what is there aside.'
    where = postgresql_dumps.hidden(database)
    return OptionsError([problem("MOD-STORE-07", "--database", where, f"The database {what}", fix)])


def _replace_sqlite(file: Path, database: str, now: dt.datetime, note: str, held: _Held) -> str:
    """Copy the backup beside the database and change them over; where the old one is kept."""
    path = os.path.realpath(database)
    new, aside = Path(f"{path}.restoring"), f"{path}.replaced-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}"
    was_there = os.path.exists(path)
    if was_there and held.lost is not None:  # a damaged one is kept as it is, log and all
        sqlite_copies.close_log(path)
    try:
        shutil.copyfile(file, new)
        os.chmod(new, 0o600)
        if was_there:
            with suppress(PermissionError):
                os.chown(new, os.stat(path).st_uid, os.stat(path).st_gid)
        force(new)
        sqlite_copies.replace(path, new, aside)
        if was_there:
            Path(f"{aside}.txt").write_text(f"{note}\n", encoding="utf-8")
        force(new.parent)
    except OSError as error:
        fix = "Make room, or let this user write there; the database is as it was."
        message = f"The backup cannot be written there: {error.strerror or error}"
        raise OptionsError([problem("MOD-STORE-08", "--database", database, message, fix)]) from error
    finally:
        new.unlink(missing_ok=True)
    return aside if was_there else ""


def _replace_postgresql(file: Path, database: str, now: dt.datetime, note: str, held: _Held) -> str:
    """Load the backup in one transaction, after a backup of what is there; where that is."""
    aside = make_backup(database, file.parent, now, note) if held.count else None
    postgresql_dumps.load(file, database)
    return str(file.parent / aside.file) if aside else ""


@contextmanager
def _turn(database: str) -> Generator[None]:
    if engine_of(database) == "sqlite" and not Path(database).resolve().parent.is_dir():
        fix = "Make the folder first."
        raise OptionsError([problem("MOD-STORE-08", "--database", database, "Its folder is not there", fix)])
    turn = file_turn(database) if engine_of(database) == "sqlite" else postgresql_dumps.turn(database)
    with turn:
        yield


@contextmanager
def _scratch(manifest: Manifest, database: str) -> Generator[str]:
    if manifest.engine == "postgresql":
        if not database:
            fix = "Give the address of the server with --database; the drill makes a database of its own there."
            raise OptionsError([problem("MOD-STORE-08", "--database", "", "A drill needs a PostgreSQL", fix)])
        with postgresql_dumps.scratch(database) as place:
            yield place
        return
    with tempfile.TemporaryDirectory(prefix="modicum-drill-") as folder:
        yield str(Path(folder) / "store.sqlite3")


def _any_of(manifest: Manifest) -> str:
    return "postgresql://" if manifest.engine == "postgresql" else "file"


def _document(file: Path, manifest: Manifest, began: float) -> dict[str, Any]:
    return {
        "schema": "modicum.restore/1",
        "backup": str(file),
        "made_at": manifest.made_at,
        "count": manifest.count,
        "head": manifest.head,
        "seconds": round(time.monotonic() - began, 3),
        "version": version(),
    }
