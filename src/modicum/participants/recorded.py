"""Recorded participants: they answer from the records of a trial that was lived before."""

import datetime as dt
from collections.abc import Iterable

from modicum.participants.task import Task
from modicum.records.events import Entry


class Recorded:
    """Answers every evening with what was written on it, however late it arrived.

    Args:
        entries: of the trial; of each evening the entry itself, or the correction that was sent instead of one.
    """

    def __init__(self, entries: Iterable[Entry]):
        self._entries = sorted(entries, key=lambda entry: entry.received_at)
        self._by_evening = {entry.happened_at: entry for entry in self._entries if entry.corrects is None}
        self._given: set[str] = set()

    def answer(self, task: Task) -> Entry | None:
        """The entry of this evening; without one, a correction that had been received by its end."""
        found = self._by_evening.get(task.due) or self._correction(task.due)
        if found is not None:
            self._given.add(found.id)
        return found

    def _correction(self, due: dt.datetime) -> Entry | None:
        waiting = (e for e in self._entries if e.corrects in self._given and e.id not in self._given)
        return next((entry for entry in waiting if entry.received_at <= due), None)
