"""Entries a second that a clinic can take: checked, appended with who sent them, on disk before each is acknowledged.

Sixteen clients on loopback, each sending its next entry when it has the receipt of the last; granian with one worker.
Once as phones hand them in, through the whole of the clinic: known by their cookie, screened, placed in the story of
the trial, receipts signed. And once through an endpoint that holds the store alone: the same with SQLite's syncs off
says what the disk costs, and a bare sync what it could at most.
``benchmarks/run.py`` takes the rows of its table from here; ``python benchmarks/store.py`` measures these alone.
"""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from clinic_server import Clinic, clinic
from diary_fixtures import written
from modicum.services.store_checking import check_store
from verification.store_server import Server

CLIENTS, SECONDS, SYNCS = 16, 3.0, 200
LEAST, SLOWEST_P99 = 300.0, 0.100  # entries a second; seconds. The goals
SLOWER = 2.0  # times the same endpoint with syncs off, at most, where the disk does not allow the first goal
EVENING = "2026-03-02T20:10:00+01:00"
_END = b"0\r\n\r\n"  # of a reply in chunks
_LENGTH = b"content-length:"


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


def handed_in(times: int, seconds: float = SECONDS) -> Taken:
    """The fastest of several runs of phones on one clinic, each phone with a trial of its own.

    Args:
        times: runs.
        seconds: that each lasts.
    """
    with TemporaryDirectory(prefix="modicum-speed-") as folder, clinic(Path(folder), now=EVENING) as found:
        cookies = [found.joined(found.enrol()) for _ in range(CLIENTS)]
        asked = [_evenings(found, cookie, number) for number, cookie in enumerate(cookies)]
        _run(found.port, _of(found), asked, 0.5)
        runs = [_run(found.port, _of(found), asked, seconds) for _ in range(times)]
        found.stop()
        _check(str(found.data / "modicum.sqlite3"), runs)
    return max(runs, key=lambda run: run.rate)


def taken(times: int, synchronous: str = "", seconds: float = SECONDS) -> Taken:
    """The fastest of several runs on one server that holds the store alone.

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
            asked = [_plain(number) for number in range(CLIENTS)]
            _run(server.port, [server.worker], asked, 0.5)
            runs = [_run(server.port, [server.worker], asked, seconds) for _ in range(times)]
        finally:
            server.kill()
        _check(path, runs)
    return max(runs, key=lambda run: run.rate)


def sync_often() -> None:
    """Have the disk keep four more kilobytes at the end of a file, so many times."""
    with TemporaryDirectory(prefix="modicum-speed-") as folder, (Path(folder) / "file").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            getattr(os, "fdatasync", os.fsync)(file.fileno())


def _check(path: str, runs: list[Taken]) -> None:
    found = check_store(path)
    if found["result"] != "whole" or found["count"] < sum(run.entries for run in runs):
        raise SystemExit("The store does not hold what it acknowledged: this is not a speed.")


def _run(port: int, processes: list[int], asked: list[Iterator[bytes]], seconds: float) -> Taken:
    waits: list[float] = []
    used, began = _used(processes), time.perf_counter()
    clients = [threading.Thread(target=_client, args=(port, one, seconds, waits)) for one in asked]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    lasted = time.perf_counter() - began
    if not waits:
        raise SystemExit("No entry was acknowledged.")
    waits.sort()
    return Taken(len(waits), lasted, _used(processes) - used, waits[len(waits) // 2], waits[int(0.99 * len(waits))])


def _of(found: Clinic) -> list[int]:
    """The processes of a clinic: its server, the worker, and the jobs."""
    assert found.process is not None
    running = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [one for one in running if _group(one) == found.process.pid]


def _group(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return 0


def _used(processes: list[int]) -> float:
    """Seconds of the processor that processes have used."""
    every = [Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split() for one in processes]
    return sum(int(fields[11]) + int(fields[12]) for fields in every) / os.sysconf("SC_CLK_TCK")


def _client(port: int, asked: Iterator[bytes], seconds: float, waits: list[float]) -> None:
    """Send entries one after another; bare sockets, since the clients share the two cores with the server."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            line.sendall(next(asked))
            reply = b""
            while not _whole(reply):
                reply += line.recv(65536)
            if not reply.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"An entry was not taken: {reply[:200]!r}")
            waits.append(time.perf_counter() - began)


def _whole(reply: bytes) -> bool:
    head, _, body = reply.partition(b"\r\n\r\n")
    _, told, after = head.lower().partition(_LENGTH)
    return len(body) == int(after.split(b"\r\n")[0]) if told else reply.endswith(_END)


def _evenings(found: Clinic, cookie: str, phone: int) -> Iterator[bytes]:
    """What a phone hands in: ids of its own, all of its first evening."""
    own = f"POST /api/v1/entries HTTP/1.1\r\nHost: 127.0.0.1:{found.port}\r\nCookie: modicum_device={cookie}\r\n"
    own += "X-Modicum: 1\r\nContent-Type: application/json\r\nContent-Length: "
    for number in count():
        body = json.dumps({"sent_at": EVENING, "entries": [written(0, number=(phone, number))]})
        yield f"{own}{len(body)}\r\n\r\n{body}".encode()


def _plain(client: int) -> Iterator[bytes]:
    for number in count():
        yield _request(f"{client}", number)


def _request(name: str, number: int) -> bytes:
    scores = {"pain": number % 11, "sleep": 3, "fatigue": 4, "mood": 5, "function": 6, "stiffness": 2}
    entry = {"trial": f"trial-{name}", "client_id": f"{name}-{number}", "day": number % 900, "scores": scores}
    body = json.dumps(entry).encode()
    return b"POST /entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body


if __name__ == "__main__":
    for name, best in (("phones", handed_in(3)), ("store", taken(3)), ("syncs off", taken(3, "OFF"))):
        spent = 1e3 * best.cpu_seconds / best.entries
        print(
            f"{name:10}{best.rate:6.0f}/s  p50 {1e3 * best.p50:.0f} ms  p99 {1e3 * best.p99:.0f} ms  CPU {spent:.2f} ms"
        )
