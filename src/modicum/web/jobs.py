"""Jobs: what the clinic does by itself, once a minute and off the path of every request."""

import datetime as dt
import logging
import time

from django.db import close_old_connections

from modicum.foundation.errors import InputError
from modicum.services.backups import BackupSchedule
from modicum.web.accounts.models import Participant
from modicum.web.accounts.tidying import tidy
from modicum.web.clock import actual, now
from modicum.web.trials import review_trial

EVERY_SECONDS = 60.0
_CLEANED_EVERY = dt.timedelta(days=1)
_LOG = logging.getLogger("modicum.jobs")


def tick(at: dt.datetime) -> int:
    """Review every trial in which something is due.

    Args:
        at: the time, with its zone.

    Returns:
        How many were reviewed. One that fails is logged, and keeps no other from its turn.
    """
    done = 0
    for trial in Participant.objects.values_list("trial", flat=True):
        try:
            done += review_trial(trial, at) is not None
        except Exception:
            _LOG.exception("A review failed; it is tried again in a minute. Trial %s", trial)
    return done


def back_up(backups: BackupSchedule) -> None:
    """Make a backup if one is due by the real time; one that fails is logged, and stays due."""
    try:
        made = backups.tick(actual())
    except InputError:
        _LOG.exception("No backup was made; it is tried again in a minute.")
    else:
        if made is not None and made.result != "whole":
            _LOG.error("The chain in the backup %s is not as it was written.", made.file)


def clean(last: dt.datetime | None) -> dt.datetime:
    """Take away log-ins and marks that have run out, once a day by the real time; when that was last done."""
    at = actual()
    if last is None or at - last >= _CLEANED_EVERY:
        tidy()
        return at
    return last


def run(backups: BackupSchedule, every_seconds: float = EVERY_SECONDS) -> None:
    """Tick for ever.

    Args:
        backups: of the database.
        every_seconds: between ticks.
    """
    cleaned = None
    while True:
        close_old_connections()
        tick(now())
        back_up(backups)
        cleaned = clean(cleaned)
        time.sleep(every_seconds)
