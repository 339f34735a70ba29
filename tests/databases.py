"""Real databases for tests: a SQLite file, and a PostgreSQL that is started for the run and thrown away after it."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modicum.web.settings")
os.environ.setdefault("MODICUM_DATABASE", ":memory:")

_UNPRIVILEGED = "postgres"  # PostgreSQL refuses to run as root


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs, or None where there is none."""
    found = shutil.which("initdb")
    folders = (
        [Path(found).resolve().parent] if found else [Path(p) for p in sorted(glob.glob("/usr/lib/postgresql/*/bin"))]
    )
    return folders[-1] if folders else None


def require() -> Path:
    """Those programs; without them the test is skipped loudly, and in CI it fails."""
    folder = binaries()
    if folder is None:
        message = "NOT CHECKED: PostgreSQL is not installed"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return folder


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL that listens on a socket of its own."""
    programs = require()
    with tempfile.TemporaryDirectory(prefix="modicum-pg-") as place:
        folder = Path(place)
        _hand_over(folder)
        data, log = folder / "data", folder / "log"
        _run(programs / "initdb", "-D", data, "-U", "modicum", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        options = f"-c listen_addresses='' -k {folder} -c fsync=on -c max_connections=40"
        _run(programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield f"postgresql://modicum@{str(folder).replace('/', '%2F')}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _hand_over(folder: Path) -> None:
    if os.getuid() == 0:
        user = pwd.getpwnam(_UNPRIVILEGED)
        os.chown(folder, user.pw_uid, user.pw_gid)


def _run(*words: object) -> None:
    command = [str(word) for word in words]
    if os.getuid() == 0:
        command = ["setpriv", "--reuid", _UNPRIVILEGED, "--regid", _UNPRIVILEGED, "--clear-groups", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
