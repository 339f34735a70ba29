"""A real server of the store that can be killed, and clients that send every entry until it is acknowledged."""

import atexit
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from modicum.services.store_checking import check_store

CLIENTS = 8
OFTEN = {"MODICUM_CHECKPOINT_EVERY": "50"}  # events: so that kills and faults meet SQLite copying its log back
_TESTS = Path(__file__).resolve().parents[1]
_START_SECONDS, _REPLY_SECONDS, _SEND_SECONDS, _RETRY_SECONDS = 120.0, 30.0, 300.0, 0.03
_OK, _REFUSED = 200, 503


@dataclass(frozen=True)
class Start:
    """How long a server took to answer: on the clock, and without the time that it stood in line for a processor."""

    seconds: float
    own_seconds: float


@dataclass
class Server:
    """Granian with one worker on loopback.

    Args:
        database: path, or address of a PostgreSQL.
        threads: of the worker.
        environment: beside that of this process.
        under: a command that runs it, such as strace with its options.
    """

    database: str
    threads: int = CLIENTS
    environment: dict[str, str] = field(default_factory=dict)
    under: tuple[str, ...] = ()
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", self.port))
            self.port = one.getsockname()[1]

    def start(self) -> Start:
        """Start it, and return when it has answered."""
        began = time.monotonic()
        options = ["--interface", "wsgi", "--port", str(self.port), "--workers", "1", "--no-ws", "--no-log"]
        command = [sys.executable, "-m", "granian", *options, "--blocking-threads", str(self.threads)]
        own = {"PYTHONPATH": str(_TESTS), "MODICUM_DATABASE": self.database}
        self._process = subprocess.Popen(
            [*self.under, *command, "verification.store_endpoint:application"],
            env={**os.environ, **OFTEN, **own, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        atexit.register(self.kill)  # also where a test fails in between
        while not self._answers():
            if time.monotonic() - began > _START_SECONDS or self._process.poll() is not None:
                raise RuntimeError("the server of the store did not start")
            time.sleep(0.005)
        seconds = time.monotonic() - began
        return Start(seconds, seconds - sum(_queued(one) for one in _descendants(self._process.pid)))

    def kill(self) -> None:
        """Kill it and all that it started, without a word before; strace writes its last lines and ends by itself."""
        atexit.unregister(self.kill)
        if self._process is None or self._process.poll() is not None:
            return
        all_of_it = _descendants(self._process.pid)
        for process in all_of_it[self.under[:1] == ("strace",) :]:
            os.kill(process, signal.SIGKILL)
        self._process.wait()
        while any(_lives(process) for process in all_of_it):
            time.sleep(0.002)

    @property
    def worker(self) -> int:
        """The process that writes the store: the last that this one started."""
        assert self._process is not None
        return _descendants(self._process.pid)[-1]

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("POST", "/entries", b"")
                return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False


@dataclass(frozen=True)
class Acknowledged:
    """An entry that a client was told is kept; times are those of the clock on the wall."""

    client_id: str
    sequence: int
    hash: str
    sent: float
    told: float


class Client(threading.Thread):
    """Sends entries one after another, each again and again until it is acknowledged."""

    def __init__(self, port: int, name: str, pause: float = 0.0) -> None:
        super().__init__(name=name, daemon=True)
        self.port, self.pause = port, pause
        self.acknowledged: list[Acknowledged] = []
        self.refused = self.resent = 0
        self.failure: Exception | None = None
        self.stopping = threading.Event()
        self._connection = self._new()

    def run(self) -> None:
        number = 0
        try:
            while not self.stopping.is_set():
                number += 1
                self._send(f"{self.name}-{number}", number)
                time.sleep(self.pause)
        except Exception as error:
            self.failure = error

    def _send(self, client_id: str, number: int) -> None:
        entry = {"trial": f"trial-{self.name}", "client_id": client_id, "day": number % 900}
        body = json.dumps({**entry, "scores": {"pain": number % 11, "sleep": 3}}).encode()
        until = time.monotonic() + _SEND_SECONDS
        while time.monotonic() < until:
            sent = time.time()
            try:
                self._connection.request("POST", "/entries", body)
                reply = self._connection.getresponse()
                said = reply.read()
            except (OSError, HTTPException):
                self._connection.close()
                self._connection = self._new()
                self.resent += 1
            else:
                if reply.status == _OK:
                    got = json.loads(said)
                    self.acknowledged.append(Acknowledged(client_id, got["sequence"], got["hash"], sent, time.time()))
                    return
                assert reply.status == _REFUSED, said
                self.refused += 1
            time.sleep(_RETRY_SECONDS)
        raise TimeoutError(f"{client_id} was not acknowledged within {_SEND_SECONDS:g} s")

    def _new(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=_REPLY_SECONDS)


@contextmanager
def clients(port: int, number: int = CLIENTS, pause: float = 0.0) -> Iterator[list[Client]]:
    """Clients that send until they are left; then each has its last entry acknowledged."""
    started = [Client(port, f"c{one}", pause) for one in range(number)]
    for client in started:
        client.start()
    yield started
    for client in started:
        client.stopping.set()
    for client in started:
        client.join(2 * _SEND_SECONDS)
        if client.failure or client.is_alive():
            raise RuntimeError(f"client {client.name} never got its receipt") from client.failure


@dataclass(frozen=True)
class Kept:
    """What became of all that was acknowledged: nothing may be lost or there twice, and the chain has to be whole."""

    acknowledged: int
    lost: int
    twice: int
    chain: str

    @property
    def whole(self) -> bool:
        """Whether it is as it was promised."""
        return self.acknowledged > 0 and (self.lost, self.twice, self.chain) == (0, 0, "whole")


def kept(database: str, acknowledged: list[Acknowledged]) -> Kept:
    """Look for everything that was acknowledged, with other code than that which wrote it."""
    rows = _rows(database)
    stored = {(sequence, digest, client_id) for sequence, digest, client_id in rows}
    lost = sum((one.sequence, one.hash, one.client_id) not in stored for one in acknowledged)
    twice = sum(count > 1 for count in Counter(client_id for _, _, client_id in rows).values())
    return Kept(len(acknowledged), lost, twice, check_store(database)["result"])


def wait(seconds: tuple[float, float], chance: random.Random) -> None:
    """Wait for a time between two bounds."""
    time.sleep(chance.uniform(*seconds))


def _rows(database: str) -> list[tuple[int, str, str]]:
    query = "SELECT sequence, hash, client_id FROM store_event"
    if "://" in database:
        with psycopg.connect(database) as connection:
            return connection.execute(query).fetchall()
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def _descendants(process: int) -> list[int]:
    """A process and all that it started, in the order in which they were."""
    found = [process]
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        for child in tasks.read_text(encoding="ascii").split():
            found += _descendants(int(child))
    return found


def _queued(process: int) -> float:
    """Seconds that the first thread of a process has stood in line for a processor that others used."""
    return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


def _lives(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
