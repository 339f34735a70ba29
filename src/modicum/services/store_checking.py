"""The separate verifier of a store: it reads the database by itself, without the code that wrote it.

It needs no web, no accounts and no keys: only the rows, and the head of the chain as it was printed on a report.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from modicum.foundation.errors import OptionsError, Problem
from modicum.foundation.version import version
from modicum.records.chain import Broken, Checked, Link, check, content_hash

_BODY = ("trial", "kind", "client_id", "content", "content_hash", "conflict", "actor", "received_at")
COLUMNS = ("sequence", *_BODY, "previous_hash", "hash")
_QUERY = f"SELECT {', '.join(COLUMNS)} FROM store_event ORDER BY sequence"  # noqa: S608 - names of our own columns


def check_store(database: str, head: str = "") -> dict[str, Any]:
    """Go through the chain of a store.

    Args:
        database: path of a SQLite file, or the address of a PostgreSQL.
        head: of the chain, as it was printed; a chain that does not hold it was cut off or written anew.

    Returns:
        The ``modicum.store-check/1`` document.

    Raises:
        OptionsError: the database cannot be read, or is no store.
    """
    found = examine(read_links(database), head)
    return {
        "schema": "modicum.store-check/1",
        "result": "changed" if found.broken else "whole",
        "count": found.count,
        "head": found.head,
        "broken": [{"sequence": one.sequence, "why": one.why} for one in found.broken],
        "version": version(),
    }


def examine(links: list[Link], head: str = "") -> Checked:
    """Go through a chain that was read, and through what each of its events says.

    Args:
        links: of a whole store.
        head: as it was printed, to be looked for.
    """
    found = check(links)
    return Checked(found.count, found.head, (*found.broken, *_contents(links), *_missing_head(links, head)))


def read_links(database: str) -> list[Link]:
    """The events of a store.

    Args:
        database: path of a SQLite file, or the address of a PostgreSQL.

    Raises:
        OptionsError: it cannot be read, or is no store.
    """
    rows = _sqlite(database) if "://" not in database else _postgresql(database)
    return [link_of(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def link_of(row: dict[str, Any]) -> Link:
    """An event from the columns of its row."""
    body = {**{name: row[name] for name in _BODY}, "conflict": bool(row["conflict"])}
    return Link(row["sequence"], body, row["previous_hash"], row["hash"])


def _contents(links: list[Link]) -> Iterator[Broken]:
    for one in links:
        try:
            json.loads(one.body["content"])
            same = content_hash(one.body["content"]) == one.body["content_hash"]
        except ValueError:
            same = False
        if not same:
            yield Broken(one.sequence, "its content is not the one that its receipt is of")


def _missing_head(links: list[Link], head: str) -> Iterator[Broken]:
    if head and head not in {one.hash for one in links}:
        yield Broken(len(links), "the head that was printed is not in the chain: it was cut off or written anew")


def _sqlite(path: str) -> list[Any]:
    if not Path(path).is_file():
        raise _unreadable(path, "there is no such file")
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as connection:
            return connection.execute(_QUERY).fetchall()
    except sqlite3.Error as error:
        raise _unreadable(path, str(error)) from error


def _postgresql(address: str) -> list[Any]:
    import psycopg

    try:
        with psycopg.connect(address, autocommit=True) as connection:
            return connection.execute(_QUERY).fetchall()
    except psycopg.Error as error:
        raise _unreadable(address, str(error).splitlines()[0]) from error


def _unreadable(database: str, why: str) -> OptionsError:
    fix = "Give the path of a SQLite file, or postgresql://user@host/name, of a store."
    return OptionsError([Problem("MOD-STORE-01", "--database", database, f"This store cannot be read: {why}", fix)])
