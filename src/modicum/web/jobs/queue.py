"""The queues: one worker for each at a time, and what a killed one left behind is taken up by the next.

The worker of a queue holds the lock of a file beside the data, which goes with its process however that ends. A second
one waits for it, ready to go on. So whatever is marked as running when a worker begins was interrupted.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max

from modicum.web.jobs.patience import pause_after

SEALED, DEFAULT = "sealed", "default"
Row = DBTaskResult[..., Any]
MOST_TRIES = 5  # of what kills its worker again and again
KILLED = "The process that did it was killed, again and again."


def rows() -> QuerySet[Row]:
    """Every task that was asked for and is not yet forgotten."""
    return DBTaskResult.objects.all()


def ready(queue: str) -> QuerySet[Row]:
    """The tasks of a queue that can be done now."""
    now_or_any_time = Q(run_after=get_date_max()) | Q(run_after__lte=timezone.now())
    return rows().filter(now_or_any_time, queue_name=queue, status=TaskResultStatus.READY)


@contextmanager
def turn(folder: Path, queue: str) -> Generator[None]:
    """The turn of this process at a queue; waits for another to end.

    Args:
        folder: of the clinic's data.
        queue: name of it.
    """
    handle = os.open(folder / f"jobs-{queue}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def take_up(queue: str) -> int:
    """Have what was interrupted be done again, the first time at once, then with more and more patience.

    Args:
        queue: of which this process has the turn.

    Returns:
        How many were interrupted.
    """
    interrupted = list(rows().filter(queue_name=queue, status=TaskResultStatus.RUNNING))
    for one in interrupted:
        tries = len(one.worker_ids)
        if tries >= MOST_TRIES:
            one.set_failed(RuntimeError(KILLED))
            continue
        one.status, one.run_after = TaskResultStatus.READY, timezone.now() + pause_after(tries - 1)
        one.save(update_fields=["status", "run_after"])
    return len(interrupted)


def work_off(queue: str) -> None:
    """Do everything that is ready in a queue, one after the other.

    Args:
        queue: of which this process has the turn.
    """
    if not ready(queue).exists():
        return
    asked: dict[str, Any] = {"interval": 0, "batch": True, "startup_delay": False, "max_tasks": None}
    name = f"{os.uname().nodename[:40]}-{os.getpid()}"
    Worker(queue_names=[queue], excluded_queue_names=[], backend_name="default", worker_id=name, **asked).run()
