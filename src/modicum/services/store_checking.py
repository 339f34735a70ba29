"""The separate verifier of a store: it reads the database by itself, without the code that wrote it.

It needs no web, no accounts and no keys: only the rows, and the head of the chain as it was printed on a report.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from modicum.foundation.errors import OptionsError, Problem
from modicum.foundation.version import version
from modicum.records.chain import Broken, Checked, Link, check, content_hash

_BODY = ("trial", "kind", "client_id", "content", "content_hash", "conflict", "actor", "received_at")
_ROWS_AT_ONCE = 1000
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


def examine(links: Iterable[Link], head: str = "") -> Checked:
    """Go through a chain, and through what each of its events says, once and without keeping it in memory.

    Args:
        links: of a whole store, by their sequence.
        head: as it was printed, to be looked for.
    """
    wrong, seen = list[Broken](), not head

    def looked_at() -> Iterator[Link]:
        nonlocal seen
        for one in links:
            seen = seen or one.hash == head
            if not _says_what_was_acknowledged(one):
                wrong.append(Broken(one.sequence, "its content is not the one that its receipt is of"))
            yield one

    found = check(looked_at())
    if not seen:
        why = "the head that was printed is not in the chain: it was cut off or written anew"
        wrong.append(Broken(found.count, why))
    return Checked(found.count, found.head, (*found.broken, *wrong))


def read_links(database: str) -> Iterator[Link]:
    """The events of a store, by their sequence.

    Args:
        database: path of a SQLite file, or the address of a PostgreSQL.

    Raises:
        OptionsError: it cannot be read, or is no store.
    """
    for row in _sqlite(database) if "://" not in database else _postgresql(database):
        yield link_of(dict(zip(COLUMNS, row, strict=True)))


def link_of(row: dict[str, Any]) -> Link:
    """An event from the columns of its row."""
    body = {**{name: row[name] for name in _BODY}, "conflict": bool(row["conflict"])}
    return Link(row["sequence"], body, row["previous_hash"], row["hash"])


def _says_what_was_acknowledged(one: Link) -> bool:
    try:
        json.loads(one.body["content"])
        return content_hash(one.body["content"]) == one.body["content_hash"]
    except ValueError:
        return False


def _sqlite(path: str) -> Iterator[Any]:
    if not Path(path).is_file():
        raise _unreadable(path, "there is no such file")
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as connection:
            yield from connection.execute(_QUERY)
    except sqlite3.Error as error:
        raise _unreadable(path, str(error)) from error


def _postgresql(address: str) -> Iterator[Any]:
    import psycopg

    try:
        with psycopg.connect(address) as connection, connection.cursor(name="chain") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(_QUERY)
            yield from cursor
    except psycopg.Error as error:
        raise _unreadable(address, str(error).splitlines()[0]) from error


def _unreadable(database: str, why: str) -> OptionsError:
    fix = "Give the path of a SQLite file, or postgresql://user@host/name, of a store."
    return OptionsError([Problem("MOD-STORE-01", "--database", database, f"This store cannot be read: {why}", fix)])
