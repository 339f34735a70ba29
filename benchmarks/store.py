"""Entries a second that a clinic can take: checked, appended with who sent them, on disk before each is acknowledged.

Sixteen clients on loopback, each sending its next entry when it has the receipt of the last; granian with one worker.
The same endpoint with SQLite's syncs off says what the disk costs, and a bare sync what it could at most.
``benchmarks/run.py`` takes the rows of its table from here; ``python benchmarks/store.py`` measures these alone.
"""

import json
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from modicum.services.store_checking import check_store
from verification.store_server import Server

CLIENTS, SECONDS, SYNCS = 16, 3.0, 200
LEAST, SLOWEST_P99 = 300.0, 0.100  # entries a second; seconds. The goals
SLOWER = 2.0  # times the same endpoint with syncs off, at most, where the disk does not allow the first goal
_END = b"0\r\n\r\n"  # of a reply in chunks


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Args:
        entries: that were acknowledged.
        seconds: that it lasted.
        cpu_seconds: of the processor that the server used.
        p50: seconds that half of the clients waited at most.
        p99: the same of 99 in 100.
    """

    entries: int
    seconds: float
    cpu_seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Entries a second."""
        return self.entries / self.seconds


def taken(times: int, synchronous: str = "", seconds: float = SECONDS) -> Taken:
    """The fastest of several runs on one server.

    Args:
        times: runs.
        synchronous: OFF for a store that acknowledges what is not on disk.
        seconds: that each lasts.
    """
    with TemporaryDirectory(prefix="modicum-speed-") as folder:
        path = str(Path(folder) / "store.sqlite3")
        environment = {"MODICUM_SYNCHRONOUS": synchronous, "MODICUM_CHECKPOINT_EVERY": "1000"}
        server = Server(path, threads=CLIENTS, environment=environment)
        server.start()
        try:
            _run(server, "warm", 0.5)
            runs = [_run(server, f"run{number}", seconds) for number in range(times)]
        finally:
            server.kill()
        found = check_store(path)
        if found["result"] != "whole" or found["count"] < sum(run.entries for run in runs):
            raise SystemExit("The store does not hold what it acknowledged: this is not a speed.")
    return max(runs, key=lambda run: run.rate)


def sync_often() -> None:
    """Have the disk keep four more kilobytes at the end of a file, so many times."""
    with TemporaryDirectory(prefix="modicum-speed-") as folder, (Path(folder) / "file").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            getattr(os, "fdatasync", os.fsync)(file.fileno())


def _run(server: Server, name: str, seconds: float) -> Taken:
    waits: list[float] = []
    used, began = _used(server), time.perf_counter()
    given = [(server.port, f"{name}-{one}", seconds, waits) for one in range(CLIENTS)]
    clients = [threading.Thread(target=_client, args=one) for one in given]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    lasted = time.perf_counter() - began
    if not waits:
        raise SystemExit("No entry was acknowledged.")
    waits.sort()
    return Taken(len(waits), lasted, _used(server) - used, waits[len(waits) // 2], waits[int(0.99 * len(waits))])


def _used(server: Server) -> float:
    """Seconds of the processor that its worker has used."""
    fields = Path(f"/proc/{server.worker}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _client(port: int, name: str, seconds: float, waits: list[float]) -> None:
    """Send entries one after another; bare sockets, since the clients share the two cores with the server."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        until, number = time.perf_counter() + seconds, 0
        while (began := time.perf_counter()) < until:
            number += 1
            line.sendall(_request(name, number))
            reply = b""
            while not reply.endswith(_END):
                reply += line.recv(65536)
            if not reply.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"An entry was not taken: {reply[:200]!r}")
            waits.append(time.perf_counter() - began)


def _request(name: str, number: int) -> bytes:
    scores = {"pain": number % 11, "sleep": 3, "fatigue": 4, "mood": 5, "function": 6, "stiffness": 2}
    entry = {"trial": f"trial-{name}", "client_id": f"{name}-{number}", "day": number % 900, "scores": scores}
    body = json.dumps(entry).encode()
    return b"POST /entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body


if __name__ == "__main__":
    for name, level in (("on disk", ""), ("syncs off", "OFF")):
        best = taken(3, level)
        spent = 1e3 * best.cpu_seconds / best.entries
        print(
            f"{name:10}{best.rate:6.0f}/s  p50 {1e3 * best.p50:.0f} ms  p99 {1e3 * best.p99:.0f} ms  CPU {spent:.2f} ms"
        )
