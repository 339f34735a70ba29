"""Reviews and answers: the work of whoever holds the review key.

Each is a task for one trial. Once a minute it is looked up, without opening a seal, where one is due. One that has
failed is due again after a pause, so that a seal is not opened every minute for a fault that stays.
"""

import datetime as dt
import logging
import traceback
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus

from modicum.foundation.errors import InputError
from modicum.services.diary.answering import is_answerable
from modicum.services.diary.looking_again import due_again
from modicum.services.diary.reviewing import is_due
from modicum.web.accounts.models import Participant
from modicum.web.clinic.answering.giving import answer_trial
from modicum.web.clinic.following.again import answer_again
from modicum.web.clock import now
from modicum.web.jobs.patience import pause_after
from modicum.web.jobs.queue import SEALED, rows
from modicum.web.stories import story_of
from modicum.web.trials import review_trial

_LOG = logging.getLogger("modicum.jobs")


class JobFailed(Exception):  # noqa: N818 - what happened; its text is kept, and read by people who may know no arm
    """A job failed. Its text is the kind of the fault and nothing that the fault says, which might tell an arm."""


@task(queue_name=SEALED)
def review(trial: str) -> bool:
    """Decide what is due in a trial; whether anything was."""
    with _telling_no_arm():
        return review_trial(trial, now()) is not None


@task(queue_name=SEALED)
def answer(trial: str) -> bool:
    """Answer a trial that is over; whether it was to be answered."""
    with _telling_no_arm():
        if not is_answerable(story_of(trial)):
            return False
        answer_trial(trial, now())
        return True


@task(queue_name=SEALED)
def look_again(trial: str) -> bool:
    """Answer a re-challenge that is over; whether there was one."""
    with _telling_no_arm():
        return answer_again(trial, now())


@contextmanager
def _telling_no_arm() -> Generator[None]:
    """Say of a fault its kind, its codes and its place in the code, and nothing of what it says.

    Raises:
        JobFailed: in place of whatever was raised.
    """
    try:
        yield
    except Exception as error:
        raise JobFailed(_kind_of(error)) from None


def _kind_of(error: Exception) -> str:
    codes = ", ".join(dict.fromkeys(one.code for one in error.problems)) if isinstance(error, InputError) else ""
    place = traceback.extract_tb(error.__traceback__)[-1]
    file = place.filename.rpartition("/modicum/")[2]
    return f"{type(error).__name__} {codes}".strip() + f" in {file}:{place.lineno}"


def ask_for_what_is_due(at: dt.datetime) -> int:
    """Ask for every review and answer that is due, a re-challenge's too, unless it was asked for, or has just failed.

    Args:
        at: the time, with its zone.

    Returns:
        How many were asked for.
    """
    held_back = {one.name: set(_held_back(one)) for one in (review, answer, look_again)}
    due = [
        (one, trial)
        for trial in Participant.objects.values_list("trial", flat=True)
        for one in _due(trial, at)
        if trial not in held_back[one.name]
    ]
    for one, trial in due:
        one.enqueue(trial=trial)
    return len(due)


def _due(trial: str, at: dt.datetime) -> list[Task[..., Any]]:
    """What is due in a trial; a story that cannot be told is logged, and keeps no other from its turn."""
    try:
        story = story_of(trial)
        again = due_again(story, at) is not None
        held = ((review, is_due(story, at)), (answer, is_answerable(story)), (look_again, again))
        return [one for one, holds in held if holds]
    except Exception:
        _LOG.exception("What is due in the trial %s could not be told.", trial)
        return []


def _held_back(one: Task[..., Any]) -> Iterator[str]:
    """Trials for which a task waits to be done, or to be tried again."""
    own = rows().filter(task_path=one.module_path)
    waiting = own.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    yield from (arguments["kwargs"]["trial"] for arguments in waiting.values_list("args_kwargs", flat=True))
    failed: dict[str, list[dt.datetime]] = {}
    finished = own.exclude(finished_at=None).order_by("finished_at")
    for status, arguments, at in finished.values_list("status", "args_kwargs", "finished_at"):
        trial = arguments["kwargs"]["trial"]
        if status == TaskResultStatus.FAILED:
            failed.setdefault(trial, []).append(at)
        else:
            failed.pop(trial, None)
    moment = timezone.now()
    yield from (trial for trial, times in failed.items() if moment < times[-1] + pause_after(len(times)))
