"""Copies of a SQLite file, made while others write it, and put into its place while nobody does."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from modicum.foundation.errors import OptionsError, problem

_PATIENCE_SECONDS = 2.0
_OF_ITS_LOG = ("-wal", "-shm")


def copy(database: str, target: Path) -> None:
    """A whole copy as of one moment, in one file without a log. Nobody who writes has to wait.

    The file is never opened but by SQLite: closing it any other way would take SQLite's locks away from this process.

    Args:
        database: path.
        target: an empty file.

    Raises:
        OptionsError: it cannot be copied.
    """
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(database)}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as made,
        ):
            source.backup(made)
            made.execute("PRAGMA journal_mode=DELETE")
            sound = made.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        fix = "Give the path of a store, and a place with room for it."
        message = f"The database cannot be copied: {error}"
        raise OptionsError([problem("MOD-STORE-03", "--database", database, message, fix)]) from error
    if sound != "ok":
        fix = "Restore the last backup, and look after the disk; modicum restore keeps the damaged file."
        message = f"The database is damaged: {sound}"
        raise OptionsError([problem("MOD-STORE-03", "--database", database, message, fix)])


def close_log(database: str) -> None:
    """Fold the log of a database back into its file, which SQLite allows only while nobody has it open.

    Args:
        database: path.

    Raises:
        OptionsError: somebody has it open.
    """
    try:
        with closing(sqlite3.connect(database, timeout=_PATIENCE_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        message, fix = f"The database cannot be closed: {error}", "If somebody has it open, stop modicum serve first."
        raise OptionsError([problem("MOD-STORE-08", "--database", database, message, fix)]) from error


def replace(database: str, new: Path, aside: str) -> None:
    """Put a file into the place of a database; the old one, and what is left of its log, is kept under another name.

    Args:
        database: path, where there need not be a file yet.
        new: in the same folder, forced to disk.
        aside: path that the old one is kept under.
    """
    for end in _OF_ITS_LOG:  # first: an old log must never be taken for that of the new file
        with suppress(FileNotFoundError):
            os.rename(f"{database}{end}", f"{aside}{end}")
    with suppress(FileNotFoundError):
        os.link(database, aside)
    os.replace(new, database)
