"""``modicum serve`` and ``modicum demo``: the clinic in a browser, of your own or with virtual patients."""

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from modicum.foundation.errors import OptionsError, problem

SERVE = "Example: modicum serve --data clinic --port 8000"
DEMO = "Example: modicum demo"
_MARK = "this-is-a-demo"
_STORE = "modicum.sqlite3"

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder of database, keys and allocations.")]
Database = Annotated[str, typer.Option("--database", metavar="FILE|ADDRESS", help="Instead of a file in that folder.")]
Address = Annotated[str, typer.Option("--address", help="Of the network interface to listen on.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="To listen on.")]
Hosts = Annotated[str, typer.Option("--hosts", metavar="NAMES", help="Under which it is reached, parted by commas.")]
Show = Annotated[bool, typer.Option("--open", help="Open it in a browser of this machine.")]


def serve(
    data: Data = Path("clinic"),
    database: Database = "",
    address: Address = "127.0.0.1",
    port: Port = 8000,
    hosts: Hosts = "",
) -> int:
    """Serve a clinic: staff, phones and the jobs of every minute. Nothing leaves this machine by itself."""
    return _become("serve", data, {"MODICUM_DATABASE": database, "MODICUM_HOSTS": hosts}, address, port)


def demo(
    data: Data = Path("out") / "demo", address: Address = "127.0.0.1", port: Port = 8000, show: Show = False
) -> int:
    """Serve an example clinic with virtual patients at every stage, made anew; prints its address and log-ins."""
    if data.exists() and any(data.iterdir()):
        if not (data / _MARK).exists():
            fix = "Name another folder: the demo makes its folder anew."
            raise OptionsError([problem("MOD-OPT-32", "--data", data, "This folder holds something else", fix)])
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / _MARK).touch()
    return _become("demo", data, {"MODICUM_OPEN": "1" if show else ""}, address, port)


def _become(what: str, data: Path, told: dict[str, str], address: str, port: int) -> int:
    """Become the process of the web, which is told by its environment where it runs."""
    place = {"MODICUM_DATA": str(data.resolve()), "MODICUM_ADDRESS": address, "MODICUM_PORT": str(port)}
    database = told.get("MODICUM_DATABASE") or str(data.resolve() / _STORE)
    given = {name: value for name, value in told.items() if value}
    settings = {"DJANGO_SETTINGS_MODULE": "modicum.web.settings", "MODICUM_CLOCK_FILE": ""}
    os.environ.update({**given, **place, **settings, "MODICUM_DATABASE": database})
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "modicum.web", what])  # noqa: S606 - the same Python
