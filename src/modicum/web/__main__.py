"""``python -m modicum.web serve|demo|fill|jobs``: what the commands start; the environment says where.

``fill`` makes the demo. ``jobs sealed`` does those that need the review key, ``jobs default`` the others, ``jobs`` all
of them, until it is ended. A further word ``beside`` ends either when the other end of its standard input is closed.
"""

import os
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from contextlib import suppress
from pathlib import Path

from modicum.web.serving import Place, prepare, serve


def main(words: list[str]) -> None:
    """Serve, or do the jobs."""
    place = Place(
        data=Path(os.environ["MODICUM_DATA"]),
        database=os.environ.get("MODICUM_DATABASE", ""),
        address=os.environ.get("MODICUM_ADDRESS", "127.0.0.1"),
        port=int(os.environ.get("MODICUM_PORT", "8000")),
        clock=os.environ.get("MODICUM_CLOCK_FILE", ""),
    )
    if words[-1] == "beside":
        threading.Thread(target=_end_with_standard_input, daemon=True).start()
    if words[0] == "jobs":
        _jobs(place, words[1] if words[1:] else "all")
        return
    if words[0] == "fill":
        _fill(place)
        return
    prepare(place)
    if words == ["demo"]:
        _have_filled()
        if os.environ.get("MODICUM_OPEN") == "1":
            threading.Thread(target=_open, args=(place,), daemon=True).start()
    else:
        _greet(place)
    serve(place)


def _have_filled() -> None:
    """Have the demo made by a process of its own.

    What computes leaves threads behind, and a server that is forked from a process with threads may never answer.
    """
    command = [sys.executable, "-m", "modicum.web", "fill", "beside"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as filling:  # noqa: S603 - these words alone
        fault = filling.wait()
    if fault:
        sys.exit(fault)


def _fill(place: Place) -> None:
    """Make the demo, and say how to enter it."""
    import django

    place.to_environment()
    django.setup()
    from modicum.web.demo.making import make_demo

    made = make_demo(lambda words: print(f"  {words}", file=sys.stderr, flush=True))
    print(f"An example clinic with virtual patients: {place.url}")
    for one in made.log_ins:
        codes = " or ".join(one.codes)
        print(f"  {one.role}: {one.email}, password {one.password}, second factor (each once) {codes}")
    print(f"A patient's phone: {place.url.rstrip('/')}{made.phone}", flush=True)


def _greet(place: Place) -> None:
    """Say where the clinic is, and, as long as nobody can log in, the page on which its first operator is made."""
    from modicum.web.accounts.founding import founding_path

    print(f"The clinic: {place.url}", flush=True)
    if path := founding_path():
        print(
            f"Nobody can log in yet. Its site and first operator, within 48 hours: {place.url.rstrip('/')}{path}",
            flush=True,
        )


def _open(place: Place) -> None:
    """Open the start page, as soon as something listens there."""
    for _ in range(150):
        with suppress(OSError), socket.create_connection((place.address, place.port), timeout=1):
            webbrowser.open(place.url)
            return
        time.sleep(0.2)


def _jobs(place: Place, duties: str) -> None:
    import django

    place.to_environment()
    django.setup()
    from django.conf import settings

    from modicum.services.backups import BackupSchedule
    from modicum.web.jobs.queue import SEALED
    from modicum.web.jobs.running import DUTIES, run
    from modicum.web.trials import make_key

    queues = DUTIES[duties]
    if SEALED in queues:
        make_key("review")
    run(queues, BackupSchedule(os.environ["MODICUM_DATABASE"], settings.MODICUM_DATA / "backups"))


def _end_with_standard_input() -> None:
    """Whoever began this process holds the other end: it closes when that ends, however it ends."""
    while os.read(0, 1024):  # not by a buffer, whose lock would be in the way of an end in the ordinary way
        pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
