"""Processes: one that was begun by another does not outlive it, however the other ends."""

import os
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """Called first in a new process: it ends as soon as the one that began it is gone, even where that was killed.

    A worker of a pool would otherwise wait for work for ever: it holds both ends of the pipe that work comes through.
    """
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent.sentinel,), name="end with parent", daemon=True).start()


def _wait_for(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
