"""Dumps of a PostgreSQL, by its own programs: made, read without a database, and loaded."""

import glob
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from modicum.foundation.errors import OptionsError, problem
from modicum.records.chain import Link
from modicum.services.store_checking import COLUMNS, read_links
from modicum.services.store_turns import POSTGRESQL_LOCK

if TYPE_CHECKING:
    from psycopg import Connection

_HEAD = re.compile(r"COPY \S*store_event \((?P<columns>.*)\) FROM stdin;")
_END = "\\.\n"
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PATIENCE = "-c lock_timeout=20s"


def dump(database: str, target: Path) -> None:
    """A whole dump as of one moment, in PostgreSQL's custom format. Nobody who writes has to wait.

    Args:
        database: address.
        target: file to be written.

    Raises:
        OptionsError: a program is missing, or failed.
    """
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", database=database)


def dumped_links(file: Path) -> Iterator[Link]:
    """The events in a dump by their sequence, read from its text; no PostgreSQL is needed.

    A dump has them as they lie on the disk, so that they are sorted in a file of their own meanwhile.

    Args:
        file: that was dumped.

    Raises:
        OptionsError: it is no dump, or a program is missing.
    """
    with tempfile.TemporaryDirectory(prefix="modicum-dump-") as folder:
        text, place = Path(folder) / "events.sql", str(Path(folder) / "events.sqlite3")
        _run("pg_restore", "--data-only", "--table=store_event", f"--file={text}", str(file))
        with closing(sqlite3.connect(place)) as sorting, text.open(encoding="utf-8", newline="\n") as lines:
            sorting.execute(f"CREATE TABLE store_event ({', '.join(COLUMNS)}, PRIMARY KEY (sequence))")
            insert = f"INSERT INTO store_event VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own columns
            sorting.executemany(insert, _rows(lines))
            sorting.commit()
        text.unlink()
        yield from read_links(place)


def load(file: Path, database: str) -> None:
    """Put a dump into the place of what a database holds, in one transaction: whole or not at all.

    Args:
        file: that was dumped.
        database: address.

    Raises:
        OptionsError: a program is missing, or failed; then the database is as it was.
    """
    how = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *how, str(file), database=database)


@contextmanager
def turn(database: str) -> Generator[None]:
    """Keep everybody from appending for as long as it lasts."""
    with _connected(database) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [POSTGRESQL_LOCK])
        yield


@contextmanager
def scratch(database: str) -> Generator[str]:
    """The address of an empty database on the same server, which is dropped afterwards.

    Raises:
        OptionsError: the user may not create one.
    """
    import psycopg
    from psycopg import sql

    name = f"modicum_drill_{token_hex(6)}"
    with _connected(database) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.Error as error:
            fix = "Let the user create databases (ALTER ROLE ... CREATEDB): a drill needs one of its own."
            message = f"No database can be made to restore into: {str(error).splitlines()[0]}"
            raise OptionsError([problem("MOD-STORE-08", "--database", hidden(database), message, fix)]) from error
        try:
            yield urlunsplit(urlsplit(database)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def hidden(database: str) -> str:
    """An address without its password, to be shown."""
    return re.sub(r"(?<=:)[^:@/]+(?=@)", "...", database)


def holds_no_store(error: Exception) -> bool:
    """Whether a store could not be read because the database has none yet."""
    import psycopg

    return isinstance(error.__cause__, psycopg.errors.UndefinedTable)


@contextmanager
def _connected(database: str) -> "Generator[Connection[Any]]":
    import psycopg

    try:
        connection = psycopg.connect(database, autocommit=True)
    except psycopg.Error as error:
        fix = "Give the address as postgresql://user@host/name, and see that the server runs."
        message = f"The database does not answer: {str(error).splitlines()[0]}"
        raise OptionsError([problem("MOD-STORE-01", "--database", hidden(database), message, fix)]) from error
    with connection:
        yield connection


def _rows(lines: Iterable[str]) -> Iterator[list[object]]:
    """The rows of the events in the text of a dump, in the order of the store's columns."""
    columns = list[str]()
    for line in lines:
        if head := _HEAD.match(line):
            columns = [name.strip(' "') for name in head["columns"].split(",")]
        elif line == _END:
            columns = []
        elif columns:
            row: dict[str, object] = dict(zip(columns, map(_plain, line.rstrip("\n").split("\t")), strict=True))
            row |= {"sequence": int(str(row["sequence"])), "conflict": row["conflict"] == "t"}
            yield [row[name] for name in COLUMNS]


def _plain(cell: str) -> str:
    return re.sub(r"\\(.)", lambda one: _ESCAPED.get(one[1], one[1]), cell)


def _run(program: str, *arguments: str, database: str = "") -> str:
    """What a program prints. A password goes through its environment, where other users do not see it."""
    command, environment = [_found(program), *arguments], {**os.environ, "PGOPTIONS": _PATIENCE}
    if database:
        from psycopg import conninfo

        said = conninfo.conninfo_to_dict(database)
        environment["PGPASSWORD"] = str(said.pop("password", os.environ.get("PGPASSWORD", "")) or "")
        command.append(f"--dbname={conninfo.make_conninfo('', **said)}")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - found here
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[0]
        fix = "See what it says; its version must not be older than the server's."
        message = f"{program} failed: {why}"
        raise OptionsError([problem("MOD-STORE-06", "--database", hidden(database), message, fix)])
    return done.stdout


def _found(program: str) -> str:
    places = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"))
    found = shutil.which(program) or (places[-1] if places else None)
    if found is None:
        fix = "Install the client programs of PostgreSQL (on Debian: postgresql-client)."
        raise OptionsError([problem("MOD-STORE-06", "--database", program, "The program is not installed", fix)])
    return found
