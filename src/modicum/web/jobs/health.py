"""How the jobs are: when each worker was last awake, what waits, and what keeps failing. For the page on health.

Nothing here tells an arm: a task is named by its kind, its trial and its fault's kind.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone
from django_tasks.base import TaskResultStatus

from modicum.web.jobs.patience import pause_after
from modicum.web.jobs.queue import DEFAULT, SEALED, Row, ready, rows

_AWAKE = "modicum-jobs-"
ASLEEP_AFTER = dt.timedelta(minutes=10)  # a plan may keep a worker for some minutes


@dataclass(frozen=True)
class Waking:
    """A worker.

    Args:
        queue: that it works off.
        seen: when it was last awake, by the real time; None where it never was.
        waiting: tasks that are ready to be done.
    """

    queue: str
    seen: dt.datetime | None
    waiting: int

    @property
    def asleep(self) -> bool:
        """Whether it should have been awake by now."""
        return self.seen is None or timezone.now() - self.seen > ASLEEP_AFTER


@dataclass(frozen=True)
class Failing:
    """A task that failed and was not done since.

    Args:
        name: of the task.
        trial: that it is for; "" where it is for none.
        times: it failed on end.
        last: when it failed last.
        again: when it is tried again; None where it is not.
        fault: kind of the last fault, and nothing that it says of a diary.
    """

    name: str
    trial: str
    times: int
    last: dt.datetime
    again: dt.datetime | None
    fault: str


def wake(queue: str) -> None:
    """Note that a worker is awake."""
    cache.set(f"{_AWAKE}{queue}", timezone.now().isoformat(), timeout=None)


def workers() -> list[Waking]:
    """Both workers."""
    return [_worker(queue) for queue in (SEALED, DEFAULT)]


def failing() -> list[Failing]:
    """What keeps failing, the longest first."""
    finished = rows().exclude(finished_at=None).order_by("finished_at")
    found: dict[tuple[str, str], list[Row]] = {}
    for row in finished:
        one = (row.task_path, str(row.args_kwargs["kwargs"].get("trial", "")))
        if row.status == TaskResultStatus.FAILED:
            found.setdefault(one, []).append(row)
        else:
            found.pop(one, None)
    return sorted(_failing(found), key=lambda one: -one.times)


def _worker(queue: str) -> Waking:
    seen = cache.get(f"{_AWAKE}{queue}")
    waiting = ready(queue).count()
    return Waking(queue, dt.datetime.fromisoformat(seen) if seen else None, waiting)


def _failing(found: dict[tuple[str, str], list[Row]]) -> Iterator[Failing]:
    for (path, trial), times in found.items():
        last = times[-1]
        if last.finished_at is None:
            continue
        again = last.finished_at + pause_after(len(times)) if last.queue_name == SEALED else None
        # Only a job of the sealed queue says nothing by its text that might be of a diary; of others the kind is told.
        said = last.traceback.strip().rpartition("\n")[2] if last.queue_name == SEALED else ""
        fault = said or last.exception_class_path
        yield Failing(path.rpartition(".")[2], trial, len(times), last.finished_at, again, fault)
