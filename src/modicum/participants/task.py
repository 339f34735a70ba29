"""What a participant is asked on one evening, and the interface by which any of them answers."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from modicum.records.events import Entry


@dataclass(frozen=True)
class Task:
    """One evening: what was in the capsule of the night before, what was said about it, and what is asked.

    Args:
        day: calendar day of the trial, from 0.
        due: when the diary is asked for.
        phase: name of the phase in which that capsule was taken.
        announced: probability of active drug that the participant was told of it, 0 to 1; 0 on day 0.
        capsule_mg: what the capsule holds, mg; 0 is placebo or none. A person never sees this; a body does.
        guess: whether a guess of what the capsules hold is asked.
    """

    day: int
    due: dt.datetime
    phase: str
    announced: float
    capsule_mg: float
    guess: bool = False


class Participant(Protocol):
    """A person with a phone, a virtual person, or the record of either."""

    def answer(self, task: Task) -> Entry | None:
        """The entry of one evening, or None where none was made. Evenings come in order, each once."""
        ...
