"""The database by one setting: a file for SQLite, or the address of a PostgreSQL.

SQLite keeps what was acknowledged through a power cut: a write-ahead log that is forced to disk at every commit
(``synchronous=FULL``), and writers that take their turn from the start (IMMEDIATE). It is never copied back by
itself (``wal_autocheckpoint=0``), since SQLite up to 3.51.2 can lose commits when two connections do so at once; the
store does that under the lock of its one writer. Connections stay open between requests: the last one to close copies
the log back, which would cost every request several syncs of the disk.

PostgreSQL lets nobody wait longer for a turn either, and ends one whose holder has fallen silent: a machine that lost
its power in the middle would else hold the chain until its connection is given up, by default for two hours.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

_AT_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=ON;"
_SECONDS = 20.0
_POSTGRESQL_OPTIONS = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=20s"


def configured(where: str) -> dict[str, Any]:
    """The settings of one database.

    Args:
        where: path of a SQLite file, or ``postgresql://user:password@host:port/name``; the host may be the folder of a
            socket.

    Raises:
        ValueError: an address of another kind.

    Example:
        >>> configured("clinic.sqlite3")["ENGINE"]
        'django.db.backends.sqlite3'
        >>> configured("postgresql://me@localhost/clinic")["NAME"]
        'clinic'
    """
    if "://" not in where:
        options = {"init_command": _AT_START, "transaction_mode": "IMMEDIATE", "timeout": _SECONDS}
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": where,
            "CONN_MAX_AGE": None,
            "OPTIONS": options,
        }
    address = urlsplit(where)
    if address.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"MODICUM_DATABASE names {address.scheme!r}: use a path, or postgresql://user@host/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.path.lstrip("/"),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": unquote(address.hostname or ""),
        "PORT": str(address.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": _POSTGRESQL_OPTIONS},
    }
