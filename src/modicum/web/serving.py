"""Serving: the database brought up to date, keys made where there are none, then one server and one process of jobs."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import django

from modicum.allocation.keys import ROLES

JOBS = "MODICUM_JOBS"  # which jobs are done here: all, default (those without the review key), or none
AGAIN_AFTER_SECONDS = 2.0
THREADS = 8  # writers wait together for one sync of the disk, so that some more than cores are of use


@dataclass(frozen=True)
class Place:
    """Where a clinic runs.

    Args:
        data: folder of database, keys, allocations and backups.
        database: file or address; "" for a file in ``data``.
        address: of the network interface.
        port: on it.
        hosts: names under which it is reached, as ``MODICUM_HOSTS`` has them.
        clock: file that holds the time, for virtual clinics; "" for the real time.
    """

    data: Path
    database: str = ""
    address: str = "127.0.0.1"
    port: int = 8000
    hosts: str = ""
    clock: str = ""

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return f"http://{self.address}:{self.port}/"

    def to_environment(self) -> None:
        """Have the settings know."""
        self.data.mkdir(parents=True, exist_ok=True)
        os.environ["DJANGO_SETTINGS_MODULE"] = "modicum.web.settings"
        os.environ["MODICUM_DATA"] = str(self.data.resolve())
        os.environ["MODICUM_DATABASE"] = self.database or str((self.data / "modicum.sqlite3").resolve())
        os.environ["MODICUM_CLOCK_FILE"] = self.clock
        if self.hosts:
            os.environ["MODICUM_HOSTS"] = self.hosts


def prepare(place: Place) -> None:
    """Bring the database up to date and make the keys that the clinic holds; what is there stays.

    The review key is made where the reviews are done. Whoever takes another key away leaves its public one.

    Args:
        place: where it runs.
    """
    from modicum.web.secret import kept_in

    place.to_environment()
    kept_in(place.data.resolve())
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from modicum.web.api.keys import signer
    from modicum.web.trials import make_key

    call_command("migrate", verbosity=0)
    for role in ROLES:
        if role != "review" or jobs_done_here() == "all":
            make_key(role)
    signer()
    connections.close_all()


def serve(place: Place) -> None:
    """Serve until told to stop; the process of jobs ends with it.

    Args:
        place: prepared.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    duties = jobs_done_here()
    jobs = Jobs(duties) if duties != "none" else None
    try:
        Granian(
            "modicum.web.wsgi:application",
            address=place.address,
            port=place.port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            log_level=LogLevels.error,
            websockets=False,
        ).serve()
    finally:
        if jobs is not None:
            jobs.stop()
        _settle()


class Jobs:
    """The process of the jobs beside a server, begun again where it ends.

    Args:
        duties: which jobs it does.
    """

    def __init__(self, duties: str):
        self._duties = duties
        self._stopping = threading.Event()
        self._process = self._begin()
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """End it for good."""
        self._stopping.set()
        while self._watch.is_alive():
            self._process.send_signal(signal.SIGTERM)
            self._watch.join(0.1)

    def _begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - one of two words
            [sys.executable, "-m", "modicum.web", "jobs", self._duties, "beside"], stdin=subprocess.PIPE
        )

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(AGAIN_AFTER_SECONDS):
                self._process = self._begin()
        self._process.wait()


def jobs_done_here() -> str:
    """Which jobs a server begins.

    Raises:
        ValueError: the setting says something else.
    """
    said = os.environ.get(JOBS) or "all"
    if said not in ("all", "default", "none"):
        raise ValueError(f"{JOBS} is {said!r}: write all, default or none.")
    return said


def _settle() -> None:
    """Copy SQLite's log back into its file, now that nobody writes; where that cannot be, the log keeps it all."""
    from django.db import DatabaseError, connections

    from modicum.web.store.appending import checkpoint

    with suppress(DatabaseError):
        checkpoint()
    connections.close_all()
