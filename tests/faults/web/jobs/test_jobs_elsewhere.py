"""Reviews on another machine: the server runs without the review key, the jobs with it and with no other key."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from clinic_server import Clinic, free_port
from modicum.services.diary.openings import OPENED

PATIENCE_SECONDS = 60


@pytest.fixture
def server(tmp_path):
    """A server whose machine does the jobs that need no review key; its hands are another process of it."""
    data = tmp_path / "data"
    data.mkdir()
    found = Clinic(data, free_port(), settings={"MODICUM_JOBS": "default"})
    found.set_clock(dt.datetime.fromisoformat("2026-03-02T19:00:00+01:00"))
    try:
        yield found
    finally:
        found.close()


@contextmanager
def reviews(server, keys):
    """The other machine: it has the folder of the data, which holds no secret key of the reviews, and its own keys."""
    told = {**server.environment, "MODICUM_KEYS": str(keys)}
    words = [sys.executable, "-m", "modicum.web", "jobs", "sealed"]
    with subprocess.Popen(words, env=told, stdin=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def wait_for(holds):
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "nothing came of it"
        time.sleep(0.2)


def test_the_server_runs_without_the_review_key_and_the_jobs_with_no_other(server, tmp_path):
    keys = tmp_path / "elsewhere"
    server.start()
    in_data = server.data / "keys"
    assert sorted(one.name for one in in_data.iterdir()) == [
        "emergency.key",
        "emergency.pub",
        "pharmacist.key",
        "pharmacist.pub",
    ]
    with reviews(server, keys) as other:
        wait_for((in_data / "review.pub").exists)
        trial = server.do("begin", site="Test clinic")
        wait_for(lambda: server.do("kinds", trial=trial).count("decided") == 1)
        other.send_signal(signal.SIGKILL)
    assert server.do("kinds", trial=trial).count(OPENED) == 1
    assert [one.name for one in keys.iterdir()] == ["review.key"]
    assert not (in_data / "review.key").exists()
    assert server.answers()
    assert os.stat(keys / "review.key").st_mode & 0o077 == 0
