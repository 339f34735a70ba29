"""Check what ``make run CHECK=1`` serves: the demo answers, a phone can be joined, the store is as it was written."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from modicum.services.store_checking import check_store

PATIENTS = 9
FEWEST_EVENTS = 300  # of all virtual patients together


def main(data: Path) -> None:
    """Raise where something is wrong; else print ok."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "modicum", "demo", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as demo:
        try:
            _look(_told(demo), f"http://127.0.0.1:{port}")
        finally:
            demo.send_signal(signal.SIGTERM)
    found = check_store(str(data / "modicum.sqlite3"))
    if found["result"] != "whole" or found["count"] < FEWEST_EVENTS:
        raise SystemExit(f"The store of the demo is not as it should be: {found}")
    print(f"An example clinic of {PATIENTS} virtual patients, {found['count']} events, a chain that holds.")
    print("ok")


def _told(demo: "subprocess.Popen[str]") -> str:
    """What it prints, up to the link of a phone."""
    said = ""
    for line in demo.stdout or ():
        said += line
        if "/join/" in line:
            return said
    raise SystemExit(f"The demo ended early. It said: {said}")


def _look(said: str, url: str) -> None:
    for role in ("prescriber", "pharmacist", "operator", "analyst"):
        if f"{role}@example.org" not in said:
            raise SystemExit(f"No log-in of the {role} is printed.")
    link = re.search(r"http://\S+/join/\S+", said)
    for address in (f"{url}/api/v1/health", f"{url}/accounts/login/", f"{url}/diary/", link.group() if link else url):
        with urllib.request.urlopen(_patiently(address), timeout=30) as answer:  # noqa: S310 - our own server
            if answer.status != 200:
                raise SystemExit(f"{address} answers {answer.status}.")


def _patiently(address: str) -> str:
    """The address, once something listens there."""
    import time

    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            break
    return address


main(Path(sys.argv[1]))
