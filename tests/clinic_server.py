"""A clinic for tests: the real server as a process of its own, its time in a file, on SQLite or PostgreSQL."""

import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START_SECONDS, STOP_SECONDS = 60, 10
_HANDS = """
import datetime as dt, json, sys
import django
django.setup()
from modicum.web import trials
from modicum.web.accounts import devices, invitations, participants
from modicum.web.accounts.models import Person, Site
from modicum.web.clinic.answering.giving import answer_trial
from modicum.web.clock import now
from modicum.web.stories import STORE as story_store, story_of

def enrol(site, language, zone, protocol, first_day):
    told = {"on_call": "+49 30 1234567", "pharmacy": "Test pharmacy"}
    place, _ = Site.objects.get_or_create(name=site, defaults=told)
    doctor, _ = Person.objects.get_or_create(email="doctor@example.org", defaults={"name": "Dr Test"})
    born = dt.date(1970, 1, 1)
    someone = participants.register(site=place, surname="Test", given="Virtual", born=born, prescriber=doctor,
        language=language, zone=zone, virtual=True)
    if protocol:
        day = dt.date.fromisoformat(first_day)
        trials.make_key("review")
        trials.begin_trial(someone, protocol, day, contribution="test", now=now(), actor="test")
        trials.review_trial(someone.trial, now())
    token = invitations.invite(someone, doctor)[1]
    return {"participant": str(someone.pk), "trial": someone.trial, "join": f"/join/{token}/"}

def begin(site):
    # Left to the jobs.
    place, _ = Site.objects.get_or_create(name=site)
    doctor, _ = Person.objects.get_or_create(email="doctor@example.org", defaults={"name": "Dr Test"})
    born = dt.date(1970, 1, 1)
    someone = participants.register(site=place, surname="Test", given="Virtual", born=born, prescriber=doctor)
    trials.begin_trial(someone, "ldn-smallest-dose", now().date(), contribution="test", now=now(), actor="test")
    return someone.trial

def kinds(trial):
    return [event.kind for event in story_store.events_of(trial)]

def join(token):
    return devices.enrol(token, kind="test")[1]

def review(trial):
    return trials.review_trial(trial, now()) is not None

def answer(trial):
    found = answer_trial(trial, now(), "test")
    return {"diary": found.diary, "result": found.result.document}

def decided(trial):
    return [one["block"] for one in story_of(trial).decided]

for line in sys.stdin:
    name, asked = json.loads(line)
    try:
        said = [True, globals()[name](**asked)]
    except Exception as error:
        said = [False, repr(error)]
    print(json.dumps(said), flush=True)
"""


@dataclass
class Enrolled:
    """A virtual participant: its trial in the store, and the link that joins a phone."""

    participant: str
    trial: str
    join: str


@dataclass
class Clinic:
    """A clinic that runs, or can be started again where it stopped."""

    data: Path
    port: int
    database: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    hands: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def clock(self) -> Path:
        return self.data / "clock"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "modicum.web.settings",
            "MODICUM_DATA": str(self.data),
            "MODICUM_DATABASE": self.database or str(self.data / "modicum.sqlite3"),
            "MODICUM_PORT": str(self.port),
            "MODICUM_CLOCK_FILE": str(self.clock),
            "MODICUM_JOBS": "none",
            "OPENBLAS_NUM_THREADS": "1",
            **self.settings,
        }

    def set_clock(self, moment: dt.datetime) -> None:
        """Whole or not at all: the server reads it at every request."""
        partial = self.clock.with_suffix(".new")
        partial.write_text(moment.isoformat())
        partial.replace(self.clock)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "modicum.web", "serve"], env=self.environment, start_new_session=True
        )
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, "the server ended at once"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2) as answer:  # noqa: S310 - of our own server
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it and all that it began; SIGKILL for a crash."""
        if self.process is not None and self.process.poll() is None:
            kill = os.killpg if how == signal.SIGKILL else os.kill
            kill(self.process.pid, how)
            try:
                self.process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process = None

    def do(self, name: str, **asked: Any) -> Any:
        """Have the staff's side do something, in one process with the clinic's settings."""
        if self.hands is None:
            words = [sys.executable, "-c", _HANDS]
            pipe = subprocess.PIPE
            self.hands = subprocess.Popen(words, env=self.environment, stdin=pipe, stdout=pipe, text=True)
        assert self.hands.stdin is not None
        assert self.hands.stdout is not None
        print(json.dumps([name, asked]), file=self.hands.stdin, flush=True)
        done, said = json.loads(self.hands.stdout.readline())
        assert done, said
        return said

    def close(self) -> None:
        """Stop everything."""
        self.stop()
        if self.hands is not None:
            self.hands.kill()
            self.hands.wait()
            self.hands = None

    def enrol(
        self,
        protocol: str = "ldn-smallest-dose",
        first_day: str = "2026-03-02",
        *,
        language: str = "en",
        zone: str = "Europe/Berlin",
        site: str = "Test clinic",
    ) -> Enrolled:
        """Add a virtual participant, begin her trial, and invite her phone."""
        asked = {"protocol": protocol, "first_day": first_day, "language": language, "zone": zone, "site": site}
        return Enrolled(**self.do("enrol", **asked))

    def joined(self, enrolled: Enrolled) -> str:
        """Join a phone to a participant; the token that its cookie holds."""
        return self.do("join", token=enrolled.join.strip("/").split("/")[-1])

    def ask(self, token: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Ask the interface for phones; status and JSON of the answer."""
        sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        said = {"Cookie": f"modicum_device={token}", "X-Modicum": "1", "Content-Type": "application/json", **headers}
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data=sent, headers=said)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def clinic(data: Path, *, database: str = "", now: str = "2026-03-02T19:00:00+01:00") -> Iterator[Clinic]:
    """A clinic that answers, with its time stopped at a moment."""
    data.mkdir(parents=True, exist_ok=True)
    found = Clinic(data, free_port(), database)
    found.set_clock(dt.datetime.fromisoformat(now))
    try:
        found.start()
        yield found
    finally:
        found.close()
