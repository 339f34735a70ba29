"""What is checked before the store is used: the version of SQLite, and that it forces commits to disk."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))  # versions in which the WAL-reset defect is mended, by branch
_FULL = 2  # as SQLite numbers it


@checks.register("database")
def sqlite_version(databases: Sequence[str] | None = None, **_options: Any) -> list[checks.CheckMessage]:
    """Warn of a SQLite in which two connections that checkpoint at once can lose commits."""
    version = sqlite3.sqlite_version_info
    if not affected(version):
        return []
    hint = "Use SQLite 3.51.3 or later, or PostgreSQL. Until then open the file with nothing but Modicum while it runs."
    message = f"SQLite {sqlite3.sqlite_version} has the WAL-reset defect; the store never checkpoints without its lock."
    return [checks.Warning(message, hint=hint, id="modicum.W001")]


@checks.register("database")
def commits_reach_the_disk(databases: Sequence[str] | None = None, **_options: Any) -> list[checks.CheckMessage]:
    """Refuse a database that acknowledges a commit before it is on disk."""
    return [message for using in databases or () for message in _weak(using)]


def _weak(using: str) -> list[checks.CheckMessage]:
    with connections[using].cursor() as cursor:
        if connections[using].vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            strong = {"synchronous": all(level >= _FULL for (level,) in cursor.fetchall())}
        else:
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')")
            strong = {name: setting != "off" for name, setting in cursor.fetchall()}
    hint = "Set it back to what it is by default; a power cut could lose what was acknowledged."
    return [
        checks.Error(f"The database of the store runs with a weak {name}.", hint=hint, id="modicum.E001")
        for name, holds in strong.items()
        if not holds
    ]


def affected(version: tuple[int, int, int]) -> bool:
    """Whether a version has the defect: 3.7.0 to 3.51.2, without the branches in which it was mended.

    Example:
        >>> affected((3, 40, 1)), affected((3, 50, 7)), affected((3, 51, 3))
        (True, False, False)
    """
    mended = any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED)
    return (3, 7, 0) <= version < (3, 51, 3) and not mended
