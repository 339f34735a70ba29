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
        self._by_date: dict[dt.date, Entry] | None = None
        self._given: set[str] = set()

    def answer(self, task: Task) -> Entry | None:
        """The entry of this evening; without one, a correction of an entry given before.

        A correction of an entry that was itself late may be received days after it was written: when it arrives is
        written on it, and is for whoever delivers it.
        """
        if self._by_date is None:
            self._by_date = self._dated(task.due.tzinfo)
        found = self._by_date.get(task.due.date()) or self._correction()
        if found is not None:
            self._given.add(found.id)
        return found

    def _dated(self, zone: dt.tzinfo | None) -> dict[dt.date, Entry]:
        """What was written, by its date where the trial is: of two on one date the first that was received."""
        own = (entry for entry in reversed(self._entries) if entry.corrects is None)
        return {entry.happened_at.astimezone(zone).date(): entry for entry in own}

    def _correction(self) -> Entry | None:
        return next((e for e in self._entries if e.corrects in self._given and e.id not in self._given), None)
