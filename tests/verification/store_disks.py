"""A disk that is full, and one that fails: entries are refused while it lasts, and taken again after it.

The disk is full in three ways: a small file system that somebody else fills (where mounting is allowed), a limit on the
size of files, and ENOSPC put in by libfiu. It fails by EIO at writes and at syncs, put in by libfiu too.
"""

import os
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from errno import EIO, ENOSPC
from pathlib import Path
from tempfile import TemporaryDirectory

from verification.finding import Finding
from verification.store_server import Client, Server, clients, kept, wait

_PATIENCE_SECONDS = 30.0
_ENOUGH = 8  # refusals, and then receipts, until a fault counts as met and as overcome
_TMPFS = "64m"  # room for all that the clients send meanwhile
_WRITES, _SYNCS = "posix/io/rw/pwrite", "posix/io/sync/*"
INJECTED = {"no-space": (_WRITES, ENOSPC), "write-error": (_WRITES, EIO), "sync-error": (_SYNCS, EIO)}
KINDS = ("full-disk", "file-limit", *INJECTED)


@dataclass(frozen=True)
class Fault:
    """One kind of fault: how a server is run that can have it, and what begins and ends it."""

    under: tuple[str, ...]
    begin: Callable[[Server], None]
    end: Callable[[Server], None]


def missing(kind: str) -> str:
    """Why a kind cannot be had here; "" where it can."""
    if kind in INJECTED and not shutil.which("fiu-run"):
        return "fiu-utils is not installed"
    return "file systems may not be mounted here" if kind == "full-disk" and not _may_mount() else ""


def run_faults(kind: str, count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """So many faults of one kind, met by one server that is not started again."""
    bound = "refused while it lasts, taken after it without a restart, 0 lost, 0 twice, chain whole"
    if why := missing(kind):
        return Finding(False, bound, f"not run: {why}")
    chance, met, overcome = random.Random(20261201), 0, 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="modicum-disks-")))
        fault = stack.enter_context(_FAULTS[kind](kind, folder))
        database = str(folder / "disk" / "store.sqlite3")
        server = Server(database, under=fault.under)
        server.start()
        with clients(server.port) as sending:
            for number in range(count):
                wait((0.05, 0.2), chance)
                fault.begin(server)
                met += _until(sending, "refused", _ENOUGH)
                fault.end(server)
                overcome += _until(sending, "receipts", 2 * _ENOUGH)
                if progress:
                    progress(number + 1, count)
        server.kill()
        found = kept(database, [one for client in sending for one in client.acknowledged])
    return Finding(
        passed=found.whole and met == overcome == count,
        bound=bound,
        summary=f"{found.lost} of {found.acknowledged} lost, {found.twice} twice, chain {found.chain}, "
        f"{overcome} of {count} overcome",
        figures={
            "faults": count,
            "met": met,
            "overcome": overcome,
            "refused": sum(client.refused for client in sending),
            "acknowledged": found.acknowledged,
            "lost": found.lost,
            "twice": found.twice,
            "chain": found.chain,
        },
    )


def _until(sending: list[Client], what: str, more: int) -> bool:
    """Whether so many more were refused, or acknowledged, before patience ended."""

    def now() -> int:
        return sum(client.refused if what == "refused" else len(client.acknowledged) for client in sending)

    wanted, until = now() + more, time.monotonic() + _PATIENCE_SECONDS
    while now() < wanted and time.monotonic() < until:
        time.sleep(0.005)
    return now() >= wanted


@contextmanager
def _full_disk(_kind: str, folder: Path) -> Iterator[Fault]:
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_TMPFS}", "tmpfs", str(disk)], check=True)
    filler = disk / "filler"

    def fill(_server: Server) -> None:
        with filler.open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 10, 1):
                with suppress(OSError):
                    while file.write(bytes(size)):
                        pass

    try:
        yield Fault((), fill, lambda _server: filler.unlink())
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextmanager
def _file_limit(_kind: str, folder: Path) -> Iterator[Fault]:
    disk = folder / "disk"
    disk.mkdir()

    def limit(server: Server) -> None:
        resource.prlimit(server.worker, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def lift(server: Server) -> None:
        resource.prlimit(server.worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    yield Fault((), limit, lift)


@contextmanager
def _injected(kind: str, folder: Path) -> Iterator[Fault]:
    (folder / "disk").mkdir()
    name, error = INJECTED[kind]
    pipe = str(folder / "control")

    def tell(server: Server, command: str) -> None:
        subprocess.run(["fiu-ctrl", "-f", pipe, "-c", command, str(server.worker)], check=True, capture_output=True)

    yield Fault(
        ("fiu-run", "-x", "-f", pipe),
        lambda server: tell(server, f"enable_random name={name},probability=0.7,failinfo={error}"),
        lambda server: tell(server, f"disable name={name}"),
    )


_FAULTS = {"full-disk": _full_disk, "file-limit": _file_limit, **dict.fromkeys(INJECTED, _injected)}


def _may_mount() -> bool:
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    with TemporaryDirectory(prefix="modicum-mount-") as folder:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
        )
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return done.returncode == 0
