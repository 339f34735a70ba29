"""Writers that come together are written together: one commit, and one sync of the disk, for all who wait.

The first to come writes for everybody who has come by then; those who come meanwhile are the next group. Nobody waits
for a timer, so that a single writer is as fast as before.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from modicum.foundation.errors import InternalError

Said = TypeVar("Said")
Kept = TypeVar("Kept")


@dataclass(eq=False)
class _Waiting(Generic[Said, Kept]):
    said: Said
    outcome: Kept | Exception | None = None


@dataclass(eq=False)
class Groups(Generic[Said, Kept]):
    """The queue of those who want something written.

    Args:
        write: writes a group in its order, and hands back for each what became of it, or why it could not be written.
    """

    write: Callable[[Sequence[Said]], Sequence[Kept | Exception]]
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _waiting: list[_Waiting[Said, Kept]] = field(default_factory=list[_Waiting[Said, Kept]])
    _writing: bool = False

    def submit(self, said: Said) -> Kept:
        """Have something written, and return when it is.

        Args:
            said: by this writer.

        Raises:
            Exception: whatever kept it from being written; the others of its group are not concerned.
        """
        mine = _Waiting[Said, Kept](said)
        with self._changed:
            self._waiting.append(mine)
            while self._writing and mine.outcome is None:
                self._changed.wait()
            if mine.outcome is None:
                self._writing = True
        if mine.outcome is None:
            self._write_for_all()
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        if mine.outcome is None:
            raise InternalError("a writer was told that its turn is over, and nothing was written")
        return mine.outcome

    def alone(self, act: Callable[[], None]) -> None:
        """Do something while nobody writes.

        Args:
            act: what is done.
        """
        with self._changed:
            while self._writing:
                self._changed.wait()
            self._writing = True
        try:
            act()
        finally:
            self._hand_on()

    def _write_for_all(self) -> None:
        """One group. Whatever happens, each of it is told what became of it, and the next may write."""
        with self._changed:
            group, self._waiting = self._waiting, []
        outcomes: Sequence[Kept | Exception] = ()
        try:
            outcomes = self.write([one.said for one in group])
        finally:
            told = [*outcomes, *(InternalError("the writer of the group was stopped") for _ in group[len(outcomes) :])]
            for one, outcome in zip(group, told, strict=True):
                one.outcome = outcome
            self._hand_on()

    def _hand_on(self) -> None:
        with self._changed:
            self._writing = False
            self._changed.notify_all()
