"""Jobs: what the clinic does by itself, once a minute and off the path of every request."""

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.db import close_old_connections

from modicum.web.accounts.models import Participant
from modicum.web.clock import now
from modicum.web.trials import review_trial

EVERY_SECONDS = 60.0
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


def run(also: Callable[[dt.datetime], object], every_seconds: float = EVERY_SECONDS) -> None:
    """Tick for ever.

    Args:
        also: called at every tick too, with the time.
        every_seconds: between ticks.
    """
    while True:
        close_old_connections()
        tick(now())
        also(now())
        time.sleep(every_seconds)
