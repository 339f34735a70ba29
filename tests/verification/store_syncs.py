"""Every acknowledgement of a store has a sync of the disk behind it, as the kernel saw it.

The sync has to begin after the entry was sent and to be done before its receipt came.
"""

import os
import re
import shutil
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from verification.finding import Finding
from verification.store_server import CLIENTS, Acknowledged, Server, clients, kept

_LOG = r"f(?:data)?sync\(\d+<[^>]*-wal>"
_WHOLE = re.compile(rf"^(\d+) +([\d.]+) {_LOG}\) += 0 <([\d.]+)>")
_BEGUN = re.compile(rf"^(\d+) +([\d.]+) {_LOG} <unfinished \.\.\.>")
_ENDED = re.compile(r"^(\d+) +[\d.]+ <\.\.\. f(?:data)?sync resumed>\) += 0 <([\d.]+)>")
Sync = tuple[float, float]


def missing() -> str:
    """Why syncs cannot be watched here; "" where they can."""
    return "" if shutil.which("strace") else "strace is not installed"


def run_syncs(count: int, progress: Callable[[int, int], None] | None = None, weakened: str = "") -> Finding:
    """So many entries by clients at once, each held against the syncs of SQLite's log.

    Args:
        count: of entries at least.
        progress: told how many are done.
        weakened: NORMAL or OFF, to see that it is noticed.
    """
    if why := missing():
        return Finding(False, "a sync behind every receipt", f"not run: {why}")
    with TemporaryDirectory(prefix="modicum-syncs-") as folder:
        trace, database = Path(folder) / "trace", str(Path(folder) / "store.sqlite3")
        watched = ("strace", "-f", "-ttt", "-T", "-y", "-e", "trace=fsync,fdatasync", "-o", str(trace))
        server = Server(database, environment={"MODICUM_SYNCHRONOUS": weakened}, under=watched)
        server.start()
        with clients(server.port) as sending:
            while (done := sum(len(client.acknowledged) for client in sending)) < count:
                if progress:
                    progress(done, count)
                time.sleep(0.02)
        server.kill()
        told = [one for client in sending for one in client.acknowledged]
        syncs = read_syncs(trace.read_text(encoding="utf-8", errors="replace"))
        found = kept(database, told)
    without = unsynced(told, syncs)
    return Finding(
        passed=not without and found.whole,
        bound="a sync begun after each entry was sent and done before its receipt came",
        summary=f"{len(told) - len(without)} of {len(told)} receipts, {len(syncs)} syncs, {CLIENTS} clients",
        figures={"receipts": len(told), "without": len(without), "syncs": len(syncs), "cores": os.cpu_count()},
    )


def read_syncs(trace: str) -> list[Sync]:
    """Begin and end of every sync of a log that succeeded, by its begin."""
    found, begun = list[Sync](), dict[str, float]()
    for line in trace.splitlines():
        if whole := _WHOLE.match(line):
            found.append((float(whole[2]), float(whole[2]) + float(whole[3])))
        elif half := _BEGUN.match(line):
            begun[half[1]] = float(half[2])
        elif (rest := _ENDED.match(line)) and rest[1] in begun:
            start = begun.pop(rest[1])
            found.append((start, start + float(rest[2])))
    return sorted(found)


def unsynced(told: list[Acknowledged], syncs: list[Sync]) -> list[Acknowledged]:
    """The receipts between whose entry and whose coming no sync lies whole. Syncs of one log never overlap."""
    begins = [begin for begin, _ in syncs]
    return [one for one in told if not _within(one, syncs[bisect_left(begins, one.sent) :][:1])]


def _within(one: Acknowledged, following: list[Sync]) -> bool:
    return bool(following) and following[0][1] <= one.told
