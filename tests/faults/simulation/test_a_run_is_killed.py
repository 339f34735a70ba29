"""A run is killed: what was finished is kept, nobody works on, and memory never grew with the number of people."""

import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

import modicum
from modicum.simulation import sweep as sweeping

PATIENCE_SECONDS = 60
LEAST_OF_A_TRIAL_BYTES = 3_000  # a trial that is held on to after its first review takes thirty times as much


def running(pids):
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and "Z" not in _state(pid)]


def _state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def workers_of(pid):
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=", "-o", "args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return [int(one) for one, command in lines if "spawn_main" in command]


def until(what):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("It did not come to that in time.")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_workers_of_a_run_that_was_killed_end_too_and_finished_parts_are_used_again(tmp_path):
    kept = tmp_path / "kept"
    asked = ["simulate", "ldn-open-fast", "--participants", "260", "--archetypes", "emax", "--seed", "3", "--json"]
    command = [sys.executable, "-m", "modicum", *asked, "--kept", str(kept)]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: len(list(kept.glob("*.json"))) >= 1 if kept.exists() else False)
    workers = workers_of(run.pid)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert workers, "the run had no workers that could be left over"
    until(lambda: not running(workers))
    finished = {path: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    alone = modicum.simulate("ldn-open-fast", participants=260, archetypes=["emax"], seed=3, processes=1)
    assert json.loads(again.stdout)["protocols"] == alone.document["protocols"]


def test_memory_does_not_grow_with_the_number_of_people(monkeypatch):
    monkeypatch.setattr(sweeping, "CHUNK", 4)

    def peak(participants):
        tracemalloc.start()
        modicum.simulate("ldn-open-fast", participants=participants, archetypes=["none"], seed=1, processes=1)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(4)  # what is loaded once
    assert (peak(32) - peak(8)) / 24 < LEAST_OF_A_TRIAL_BYTES
