"""A power cut, as the log of SQLite sees it: copies whose log ends anywhere, with or without rubbish after the end.

What was synced is there, whatever came after the last sync. A log that is cut before it (a disk that lied) loses the
end of the chain and never its middle: it opens, is sound, and holds exactly the events whose commit is whole.
"""

import random
import sqlite3
import struct
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from modicum.services.store_checking import check_store
from verification.finding import Finding
from verification.store_server import Server, clients

_HEADER, _FRAME_HEADER, _SECTOR = 32, 24, 512
_EVENTS = 120


@dataclass(frozen=True)
class Commit:
    """A commit in a log: where its last frame ends, and how many events the store has by then."""

    end: int
    events: int


@dataclass(frozen=True)
class Store:
    """The files of a store whose server was killed: the database, its log, and the commits in that."""

    database: bytes
    log: bytes
    commits: tuple[Commit, ...]
    acknowledged: int


def run_cuts(count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """So many copies of one store, each with a log that ends at another byte; half of them after the last sync."""
    chance, wrong, after = random.Random(20261130), list[str](), 0
    with TemporaryDirectory(prefix="modicum-cuts-") as folder:
        store = _filled(Path(folder) / "store.sqlite3")
        last = store.commits[-1].end
        for number in range(count):
            end = chance.randint(last, len(store.log)) if number % 2 else chance.randint(0, last - 1)
            log = store.log[:end] + _rest(store, end, chance)
            same = _same(log, store.log)
            expected = max(one.events for one in store.commits if one.end <= same)
            if why := _examined(store, log, expected, Path(folder)):
                wrong.append(f"log of {len(store.log)} bytes cut at {end}: {why}")
            after += end >= last
            if progress:
                progress(number + 1, count)
    whole = store.commits[-1].events == store.acknowledged
    return Finding(
        passed=whole and not wrong and len(store.commits) > 3 and len(store.log) > last,
        bound="opens, sound, chain whole, exactly the events whose commit was synced before the cut",
        summary=f"{count - len(wrong)} of {count} logs, {after} of them cut after the last sync",
        figures={
            "cuts": count,
            "after_the_last_sync": after,
            "commits": len(store.commits),
            "events": store.acknowledged,
            "stale_bytes": len(store.log) - last,
            "wrong": wrong[:9],
        },
    )


def commits_of(log: bytes) -> list[int]:
    """Where each commit of a log ends, read off the frames alone. Frames of an older log behind them have other salts.

    Source:
        SQLite, Database File Format, 4.1 WAL File Format.
    """
    page = struct.unpack(">I", log[8:12])[0]
    ends, at = list[int](), _HEADER
    while at + _FRAME_HEADER + page <= len(log) and log[at + 8 : at + 16] == log[16:24]:
        committed = struct.unpack(">I", log[at + 4 : at + 8])[0] > 0
        at += _FRAME_HEADER + page
        ends += [at] if committed else []
    return ends


def _filled(database: Path) -> Store:
    """A store that real clients filled through a real server, which has copied its log back more than once."""
    server = Server(str(database))
    server.start()
    with clients(server.port) as sending:
        while sum(len(client.acknowledged) for client in sending) < _EVENTS:
            time.sleep(0.005)
    server.kill()
    acknowledged = {one.sequence for client in sending for one in client.acknowledged}
    content, log = database.read_bytes(), Path(f"{database}-wal").read_bytes()
    raw = Store(content, log, (), len(acknowledged))
    commits = [Commit(end, _events(raw, log[:end], database.parent)) for end in (0, *commits_of(log))]
    return Store(content, log, tuple(commits), len(acknowledged))


def _rest(store: Store, end: int, chance: random.Random) -> bytes:
    """What may stand behind the cut: nothing, zeros, noise, or a hole and then the log as it was."""
    behind = len(store.log) - end
    return chance.choice(
        [
            b"",
            bytes(behind),
            chance.randbytes(chance.randint(1, 9000)),
            chance.randbytes(min(behind, _SECTOR)) + store.log[end + _SECTOR :],
        ]
    )


def _same(log: bytes, original: bytes) -> int:
    """Bytes from the beginning that are alike: zeros behind a cut may be the zeros that were there."""
    pairs = zip(log, original, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(log), len(original)))


def _events(store: Store, log: bytes, folder: Path) -> int:
    with closing(sqlite3.connect(_copied(store, log, folder))) as copy:
        return int(copy.execute("SELECT count(*) FROM store_event").fetchone()[0])


def _examined(store: Store, log: bytes, expected: int, folder: Path) -> str:
    """What is wrong with one copy; "" where nothing is."""
    path = _copied(store, log, folder)
    with closing(sqlite3.connect(path)) as copy:
        sound = copy.execute("PRAGMA integrity_check").fetchone()[0]
        events = copy.execute("SELECT count(*) FROM store_event").fetchone()[0]
        chain = check_store(path)["result"]
    if (sound, chain) != ("ok", "whole"):
        return f"{sound}, chain {chain}"
    return "" if events == expected else f"{events} events, where {expected} were synced"


def _copied(store: Store, log: bytes, folder: Path) -> str:
    path = folder / "copy.sqlite3"
    Path(f"{path}-shm").unlink(missing_ok=True)
    path.write_bytes(store.database)
    Path(f"{path}-wal").write_bytes(log)
    return str(path)
