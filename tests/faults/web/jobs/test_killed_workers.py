"""A worker of the jobs is killed (SIGKILL) in the middle of a review, a binding and an answer, and the next goes on.

What comes of it is what comes of an undisturbed worker: the same decisions, each once; every dose bound once; one
answer, whose page is the one on the disk; and an allocation in which nothing is forged.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from clinic_people import cheap_passwords, database, migrated, populate
from modicum.allocation import Binding
from modicum.services.allocating import verify_folder
from modicum.services.diary.openings import OPENED
from modicum.services.diary.reviewing import stand_at
from modicum.services.folders import read_evidence
from modicum.services.unblinding import unblind
from modicum.web import trials
from modicum.web.store.appending import checked
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun, place, write_evenings

SCRIPT = Path(__file__).with_name("killed_worker.py")
BOUND = 14 + 3 * 14  # days: enough for a titration with a clear effect to be left
REVIEW = (
    "the opening is told, the seal is shut",
    "a binding is half written",
    "the first decision is told",
    "everything is bound",
    "before the opening is told",
    "the seal is open",
    "a binding is written",
)
STOPPED = 16  # day on which the other one is stopped, after two nights on capsules
ANSWER = ("both pages are written", "one page is written", "the answer is told")
SMALL = {"template": 3, "over": 1}  # how many of them are tried in make test


@contextmanager
def begun_clinic(folder):
    """A clinic with one trial that begins."""
    path = folder / "clinic.sqlite3"
    migrated(str(path))
    with database(str(path)), place(folder), cheap_passwords():
        yield begun(populate().ines)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A trial that has been lived for some weeks and never been reviewed."""
    folder = tmp_path_factory.mktemp("template")
    with begun_clinic(folder) as trial:
        opened = trials.open_trial(story_of(trial), at(0))
        doses = stand_at(story_of(trial), opened.roles, at(0)).roles.sequences["titration"]
        pain = random.Random(7)
        for day in range(BOUND):
            dose = doses[(day - 15) // 14] if day > 14 else 0.0  # of the night before
            level = (2.0 if dose > 0 else 7.0) + pain.choice((-1.0, 0.0, 1.0))
            write_evenings(trial, range(day, day + 1), folder, [level])
    return folder, trial


@pytest.fixture(scope="module")
def over(tmp_path_factory):
    """A trial that was stopped by a severe complaint of its first capsules, and has no answer yet."""
    folder = tmp_path_factory.mktemp("over")
    with begun_clinic(folder) as trial:
        write_evenings(trial, range(STOPPED), folder, [5.0, 7.0] * (STOPPED // 2))
        write_evenings(trial, range(STOPPED, STOPPED + 1), folder, [6.0], side_effects={"headache": 3})
        trials.review_trial(trial, at(STOPPED + 1))
    return folder, trial


@contextmanager
def worker(folder):
    told = {
        "DJANGO_SETTINGS_MODULE": "modicum.web.settings",
        "MODICUM_DATA": str(folder),
        "MODICUM_DATABASE": str(folder / "clinic.sqlite3"),
        "MODICUM_CLOCK_FILE": str(folder / "clock"),
        "OPENBLAS_NUM_THREADS": "1",
    }
    words, pipe = [sys.executable, str(SCRIPT)], subprocess.PIPE
    with subprocess.Popen(words, env={**os.environ, **told}, stdin=pipe, stdout=pipe, text=True) as process:

        def ask(point):
            print(json.dumps({"point": point}), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


def outcome(folder, trial):
    """All that came of the work but when: decisions, bindings with their doses, the answer, pages, faults."""
    with database(str(folder / "clinic.sqlite3")), place(folder):
        events = STORE.events_of(trial)
        allocation = trials.allocation_of(trial)
        heads = [Binding.from_bytes(one.document).head for one in read_evidence(allocation).bindings]
        asked = {"who": "t", "why": "to see", "now": at(0), "randomness": os.urandom}
        course = unblind(allocation, trials.key_of("pharmacist"), "supply", **asked).course
        answers = [event.said for event in events if event.kind == "answered"]
        page = trials.page_of(trial)
        return {
            "decided": [(event.said, event.conflict) for event in events if event.kind == "decided"],
            "bound": [(one.phase, one.from_period) for one in heads],
            "course": [vars(one) for one in course],
            "answers": [one["result"] for one in answers],
            "page is the one told of": [
                one["page_sha256"] == hashlib.sha256(page.read_bytes()).hexdigest() for one in answers
            ],
            "verified": verify_folder(allocation)["result"],
            "chain": checked().broken,
            "openings": len([event for event in events if event.kind == OPENED]) > 0,
        }


def live_again(template, folder, day):
    """The folder as the template has it, its clock at a day."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    (folder / "clock").write_text(at(day).isoformat())


@pytest.mark.parametrize(("start", "points", "day"), [("template", REVIEW, BOUND), ("over", ANSWER, STOPPED + 1)])
def test_what_a_killed_worker_began_is_done_once_and_rightly_by_the_next(start, points, day, request, tmp_path):
    before, trial = request.getfixturevalue(start)
    folder = tmp_path / "clinic"
    live_again(before, folder, day)
    with worker(folder) as ask:
        assert ask("")[0] == 0
        undisturbed = outcome(folder, trial)
        assert undisturbed["verified"] == "sound"
        assert (undisturbed["chain"], undisturbed["openings"]) == ((), True)
        assert len(undisturbed["answers"]) == (start == "over")
        assert (("confirmation", 1) in undisturbed["bound"]) == (start == "template")
        for point in points if os.environ.get("MODICUM_COUNTS") == "full" else points[: SMALL[start]]:
            live_again(before, folder, day)
            ended, interrupted, went_on = ask(point)
            assert (ended, len(interrupted), went_on) == (-signal.SIGKILL, 1, 0), point
            found = outcome(folder, trial)
            assert found == undisturbed, point
            assert all(found["page is the one told of"])
