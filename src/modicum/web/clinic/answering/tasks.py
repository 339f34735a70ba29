"""Tasks: what is done for a trial that was answered by the process that holds the review key."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks import task
from django_tasks.base import TaskResultStatus

from modicum.foundation.errors import InputError
from modicum.records.chain import content_hash
from modicum.services.diary.answering import ENGLISH, patient_page, reports
from modicum.services.folders import put_file
from modicum.services.revealing import Opened, answer_again, answered_story, reveal
from modicum.web.clinic.answering.sheets import keep_sheets, sheet_of
from modicum.web.clock import now
from modicum.web.jobs.queue import SEALED, rows
from modicum.web.stories import STORE
from modicum.web.trials import allocation_of, key_of, open_trial, page_of, report_of

AGAIN = "the pages of the answer are made again"


class TaskFailed(Exception):  # noqa: N818 - what happened
    """A task failed. Its text is the kind of the fault and its codes, and nothing that might tell an arm."""


@task(queue_name=SEALED)
def open_order(trial: str) -> None:
    """Open the order of a trial whose answer is signed, and keep what it shows beside the answer."""
    try:
        keep_opened(trial, now())
    except Exception as error:
        raise TaskFailed(_kind_of(error)) from None


@task(queue_name=SEALED)
def make_again(trial: str) -> None:
    """Make the pages of an answer again where they are lost, from the events alone."""
    try:
        story, closing = answered_story(STORE, trial)
        opened = open_trial(story, now(), why=AGAIN)
        answer = answer_again(STORE, trial, opened.roles, opened.looks)
        said = closing.answered.said if closing.answered is not None else {}
        page = patient_page(answer, said.get("language", ENGLISH))
        if content_hash(page) != said.get("page_sha256"):
            raise ValueError("The patient's page is not the one that was given.")
        _put(page_of(trial), page.encode())
        for language, report in reports(answer).items():
            _put(report_of(trial, language), report.encode())
        keep_sheets(trial, answer)
    except Exception as error:
        raise TaskFailed(_kind_of(error)) from None


def keep_opened(trial: str, at: dt.datetime) -> None:
    """Open the order of a trial whose answer is signed, and keep what it shows beside the answer, in this process.

    Args:
        trial: its name in the store.
        at: when, with its zone.

    Raises:
        NotYetError: it was not asked for.
        AllocationError: it cannot be opened.
    """
    opened = reveal(STORE, trial, allocation_of(trial), key_of("review"), now=at, randomness=os.urandom)
    _put(diary_of(trial), opened.diary.encode())
    _put(held_of(trial), opened.to_json())


def diary_of(trial: str) -> Path:
    """The file of the diary that was analysed, once the order is open."""
    return settings.MODICUM_DATA / "answers" / trial / "diary.csv"


def held_of(trial: str) -> Path:
    """The file of what every stretch of the trial held, once the order is open."""
    return settings.MODICUM_DATA / "answers" / trial / "held.json"


def read_opened(trial: str) -> Opened | None:
    """What the opened order showed; None where it is not there."""
    try:
        return Opened.of(diary_of(trial).read_text(encoding="utf-8"), held_of(trial).read_bytes())
    except (OSError, ValueError):
        return None


def is_whole(trial: str) -> bool:
    """Whether every page of an answer is on this disk; one that was given earlier may be there in English alone."""
    return all(place.exists() for place in (page_of(trial), report_of(trial), sheet_of(trial)))


@dataclass(frozen=True)
class Progress:
    """How a task that was asked for is getting on.

    Args:
        waiting: whether it is still to be done.
        fault: why it failed when it was last done; "" where it did not.
    """

    waiting: bool = False
    fault: str = ""


def progress_of(one: Any, trial: str) -> Progress:
    """How a task is getting on for a trial; nothing is said of one that was done, or never asked for."""
    asked = rows().filter(task_path=one.module_path, args_kwargs__kwargs__trial=trial)
    last = asked.order_by("-enqueued_at").first()
    if last is None or last.status == TaskResultStatus.SUCCESSFUL:
        return Progress()
    if last.status != TaskResultStatus.FAILED:
        return Progress(waiting=True)
    return Progress(fault=last.traceback.strip().rpartition("\n")[2].partition(": ")[2] or last.exception_class_path)


def _put(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    put_file(place, content, os.urandom(8).hex())


def _kind_of(error: Exception) -> str:
    codes = ", ".join(dict.fromkeys(one.code for one in error.problems)) if isinstance(error, InputError) else ""
    return f"{type(error).__name__} {codes}".strip()
