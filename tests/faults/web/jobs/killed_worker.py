"""A worker of the jobs that kills itself (SIGKILL) at a given point of its work; run as a process of its own.

For each point of a list it forks twice: a worker that is killed there, and one that goes on. What it prints is one line
of JSON for each of them: how the first ended.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402 - Django has to be set up first

from modicum.services import binding, folders, unblinding  # noqa: E402
from modicum.web import trials  # noqa: E402
from modicum.web.clock import now  # noqa: E402
from modicum.web.jobs import queue, reviews  # noqa: E402
from modicum.web.store.port import EventStore  # noqa: E402


def die(*_given: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(act: Callable[..., Any], times: int = 1) -> Callable[..., Any]:
    """Do something so many times, and be killed when the last is done."""
    left = [times]

    def done(*given: Any, **named: Any) -> Any:
        found = act(*given, **named)
        left[0] -= 1
        if not left[0]:
            die()
        return found

    return done


def telling(kind: str, *, first: bool) -> Callable[..., Any]:
    """Be killed when an event of a kind is to be told, or as soon as it is."""
    append = EventStore.append

    def told(store: EventStore, **event: Any) -> Any:
        if event["kind"] == kind and first:
            die()
        found = append(store, **event)
        if event["kind"] == kind:
            die()
        return found

    return told


POINTS = {
    "before the opening is told": lambda: setattr(EventStore, "append", telling("opened", first=True)),
    "the opening is told, the seal is shut": lambda: setattr(unblinding, "_open", die),
    "the seal is open": lambda: setattr(trials, "chosen_doses", die),
    "a binding is half written": lambda: setattr(folders, "_take_name", die),
    "a binding is written": lambda: setattr(trials, "bind", after(binding.bind)),
    "everything is bound": lambda: setattr(trials, "decide", die),
    "the first decision is told": lambda: setattr(EventStore, "append", telling("decided", first=False)),
    "one page is written": lambda: setattr(trials, "put_file", after(folders.put_file)),
    "both pages are written": lambda: setattr(EventStore, "append", telling("answered", first=True)),
    "the answer is told": lambda: setattr(EventStore, "append", telling("answered", first=False)),
}


def work(point: str = "") -> int:
    """Fork a worker of the sealed queue; how it ended."""
    connections.close_all()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if point:
        POINTS[point]()
    queue.take_up(queue.SEALED)
    reviews.ask_for_what_is_due(now())
    queue.work_off(queue.SEALED)
    os._exit(0)


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        ended = work(asked["point"])
        interrupted = [row.task_path.rpartition(".")[2] for row in queue.rows().filter(status="RUNNING")]
        went_on = work()
        print(json.dumps([ended, interrupted, went_on]), flush=True)
