"""The jobs: what is due is asked for once, done off the path of requests, and what fails is tried with patience."""

import datetime as dt
import threading

import pytest
from django.test import override_settings
from django.utils import timezone

from clinic_databases import on_both
from modicum.foundation.errors import AllocationError
from modicum.services.backups import BackupSchedule
from modicum.services.diary.openings import OPENED
from modicum.services.folders import read_records
from modicum.web import trials
from modicum.web.clinic.enrolling import planning
from modicum.web.jobs import health, queue, reviews, running
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun, place, write_evenings


@pytest.fixture
def clinic(world, tmp_path):
    with place(tmp_path):
        yield world


def openings(trial):
    return [event.said for event in STORE.events_of(trial) if event.kind == OPENED]


def states(queue_name=queue.SEALED):
    return list(queue.rows().filter(queue_name=queue_name).order_by("enqueued_at").values_list("status", flat=True))


def hours_pass(hours):
    """Have every task be as much older."""
    for row in queue.rows():
        row.finished_at -= dt.timedelta(hours=hours)
        row.save()


@on_both
def test_a_trial_that_begins_is_reviewed_by_the_jobs_and_not_by_the_request(clinic):
    trial = begun(clinic.ines)
    assert (story_of(trial).decided, openings(trial), states()) == ((), [], ["READY"])
    queue.work_off(queue.SEALED)
    assert [one["said"] for one in story_of(trial).decided] == ["begin"]
    assert [said["path"] for said in openings(trial)] == ["review"]
    assert len(read_records(trials.allocation_of(trial))) == 1
    assert reviews.ask_for_what_is_due(at(1)) == 0
    assert reviews.ask_for_what_is_due(at(14)) == 1
    assert reviews.ask_for_what_is_due(at(14)) == 0, "it was asked for already"


def test_a_trial_begins_without_any_secret_key_but_never_without_the_public_one_of_the_reviews(clinic, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "keys").rename(elsewhere)
    with pytest.raises(AllocationError, match="MOD-WEB-20"):
        begun(clinic.ines)
    (tmp_path / "keys").mkdir()
    for public in elsewhere.glob("*.pub"):
        public.rename(tmp_path / "keys" / public.name)
    trial = begun(clinic.ines)
    queue.work_off(queue.SEALED)
    assert states() == ["FAILED"]
    assert openings(trial) == [], "without the key nothing is opened"
    with override_settings(MODICUM_KEYS=elsewhere):
        hours_pass(1)
        reviews.ask_for_what_is_due(at(0))
        queue.work_off(queue.SEALED)
    assert [one["said"] for one in story_of(trial).decided] == ["begin"]


def test_what_fails_waits_longer_each_time_and_no_seal_is_opened_meanwhile(clinic, tmp_path):
    trial = begun(clinic.ines)
    kits = trials.allocation_of(trial) / "sealed" / "review.age"
    content = kits.read_bytes()
    kits.write_bytes(content[:-20])
    queue.work_off(queue.SEALED)
    for failures, minutes in ((1, 1), (2, 2), (3, 4)):
        assert [one.times for one in health.failing()] == [failures]
        assert len(openings(trial)) == failures
        assert reviews.ask_for_what_is_due(at(0)) == 0, "at once is too soon"
        hours_pass((minutes - 0.1) / 60)
        assert reviews.ask_for_what_is_due(at(0)) == 0
        hours_pass(0.2 / 60)
        assert reviews.ask_for_what_is_due(at(0)) == 1
        queue.work_off(queue.SEALED)
    (fault,) = health.failing()
    assert (fault.name, fault.trial, fault.again - fault.last) == ("review", trial, dt.timedelta(minutes=8))
    assert fault.fault.startswith("modicum.web.jobs.reviews.JobFailed: AllocationError MOD-ALLOC-")
    kits.write_bytes(content)
    hours_pass(1)
    reviews.ask_for_what_is_due(at(0))
    queue.work_off(queue.SEALED)
    assert health.failing() == []


def test_what_a_fault_says_is_kept_nowhere(clinic, monkeypatch):
    def fail(*_given, **_named):
        raise ValueError("the capsules hold 1.5 mg")

    monkeypatch.setattr(reviews, "review_trial", fail)
    begun(clinic.ines)
    queue.work_off(queue.SEALED)
    (row,) = queue.rows()
    assert "1.5 mg" not in row.traceback + row.exception_class_path
    assert "JobFailed: ValueError in " in row.traceback


def test_what_a_fault_of_a_plan_says_is_not_told_to_whoever_runs_the_clinic(clinic, monkeypatch):
    """A plan reads the evenings of the run-in, and a fault may repeat one of them; its kind is told."""

    def fail(*_given, **_named):
        raise ValueError("on day 3 pain was 7")

    monkeypatch.setattr(planning, "compute", fail)
    planning.plan_trial.enqueue(trial=begun(clinic.ines))
    queue.work_off(queue.DEFAULT)
    (fault,) = [one for one in health.failing() if one.name == "plan_trial"]
    assert fault.fault == "builtins.ValueError"


def test_one_story_that_cannot_be_told_keeps_no_other_from_its_turn(clinic, monkeypatch):
    first, second = begun(clinic.ines), begun(clinic.jonas)
    queue.rows().delete()
    real = reviews.story_of
    monkeypatch.setattr(reviews, "story_of", lambda trial: 1 / 0 if trial == first else real(trial))
    assert reviews.ask_for_what_is_due(at(0)) == 1
    assert queue.rows().get().args_kwargs["kwargs"] == {"trial": second}


def test_what_was_interrupted_is_done_again_and_given_up_in_the_end(clinic):
    trial = begun(clinic.ines)
    row = queue.rows().get()
    for kills, minutes in ((1, 0), (2, 1), (3, 2), (4, 4)):
        row.claim(f"worker {kills}")
        assert queue.take_up(queue.SEALED) == 1
        row.refresh_from_db()
        wait = row.run_after - timezone.now()
        assert row.status == "READY"
        assert abs(wait - dt.timedelta(minutes=minutes)) < dt.timedelta(seconds=20)
    row.claim("worker 5")
    queue.take_up(queue.SEALED)
    assert [(one.trial, one.times) for one in health.failing()] == [(trial, 1)]


def test_a_queue_has_one_worker_at_a_time(tmp_path):
    order = []
    entered = threading.Event()

    def second():
        entered.set()
        with queue.turn(tmp_path, "sealed"):
            order.append("second")

    with queue.turn(tmp_path, "sealed"), queue.turn(tmp_path, "default"):
        waiting = threading.Thread(target=second)
        waiting.start()
        entered.wait()
        waiting.join(0.3)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_each_tick_notes_who_is_awake_and_backs_up_where_the_database_is(clinic, tmp_path):
    assert [one.asleep for one in health.workers()] == [True, True]
    backups = tmp_path / "backups"
    running.Clock(("sealed",), BackupSchedule("nowhere", backups)).tick()
    assert [one.asleep for one in health.workers()] == [False, True]
    assert not backups.exists()
    database = tmp_path / "clinic.sqlite3"
    running.Clock(("default",), BackupSchedule(str(database), backups)).tick()
    assert len(list(backups.glob("*.sqlite3"))) == 1
    assert [one.asleep for one in health.workers()] == [False, False]


def test_what_was_severe_before_the_first_capsule_asks_for_no_review(clinic, tmp_path):
    trial = begun(clinic.ines)
    queue.work_off(queue.SEALED)
    write_evenings(trial, range(3), tmp_path, [5.0] * 3, side_effects={"headache": 3})
    assert reviews.ask_for_what_is_due(at(4)) == 0
    assert reviews.ask_for_what_is_due(at(14)) == 1
