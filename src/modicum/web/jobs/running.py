"""Running: the worker of one queue or of both, for ever."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from modicum.services.backups import BackupSchedule
from modicum.web.accounts.tidying import tidy
from modicum.web.clinic.following.marking import mark_all
from modicum.web.clock import actual, now
from modicum.web.jobs.health import wake
from modicum.web.jobs.queue import DEFAULT, SEALED, take_up, turn, work_off
from modicum.web.jobs.reviews import ask_for_what_is_due

DUTIES = {"all": (SEALED, DEFAULT), "sealed": (SEALED,), "default": (DEFAULT,)}
EVERY_SECONDS = 60.0
ASKED_EVERY_SECONDS = 1.0
_CLEANED_EVERY = dt.timedelta(days=1)
_LOG = logging.getLogger("modicum.jobs")


class Clock:
    """What is done once a minute, and once a day.

    Args:
        queues: whose worker this is.
        backups: of the database.
    """

    def __init__(self, queues: Sequence[str], backups: BackupSchedule):
        self._queues, self._backups = queues, backups
        self._cleaned: dt.datetime | None = None

    def tick(self) -> None:
        """Everything that is due by now; what fails is logged, and keeps nothing else from its turn."""
        for queue in self._queues:
            _guarded(lambda queue=queue: wake(queue), "That the jobs are awake could not be noted.")
        if SEALED in self._queues:
            _guarded(lambda: ask_for_what_is_due(now()), "What is due could not be looked up.")
        if DEFAULT in self._queues:
            _guarded(mark_all, "The marks of the worklist could not be brought up to date.")
            _guarded(self._back_up, "No backup was made; it is tried again in a minute.")
            _guarded(self._clean, "What has run out was not taken away; it is tried again in a minute.")

    def _back_up(self) -> None:
        made = self._backups.tick(actual())
        if made is not None and made.result != "whole":
            _LOG.error("The chain in the backup %s is not as it was written.", made.file)

    def _clean(self) -> None:
        """Take away log-ins, marks and finished tasks that have run out, once a day by the real time."""
        at = actual()
        if self._cleaned is None or at - self._cleaned >= _CLEANED_EVERY:
            tidy()
            call_command("prune_db_task_results", queue_name="*", min_age_days=1, verbosity=0)
            self._cleaned = at


def run(queues: Sequence[str], backups: BackupSchedule) -> None:
    """Work off queues for ever, one at a time: a review goes before what people ask for.

    Args:
        queues: whose worker this is.
        backups: of the database.
    """
    clock, ticked = Clock(queues, backups), float("-inf")
    with ExitStack() as turns:
        for queue in queues:
            turns.enter_context(turn(settings.MODICUM_DATA, queue))
            _guarded(lambda queue=queue: take_up(queue), "What was interrupted could not be taken up.")
        while True:
            _guarded(close_old_connections, "A connection could not be closed.")
            if time.monotonic() - ticked >= EVERY_SECONDS:
                ticked = time.monotonic()
                clock.tick()
            for queue in queues:
                _guarded(lambda queue=queue: work_off(queue), "The queue could not be read; it is tried again.")
            time.sleep(ASKED_EVERY_SECONDS)


def _guarded(act: Callable[[], object], words: str) -> None:
    """Do something; a fault is logged, and keeps nothing else from its turn."""
    try:
        act()
    except Exception:
        _LOG.exception(words)
