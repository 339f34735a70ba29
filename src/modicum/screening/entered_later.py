"""A medicine that is entered while a trial runs: the same rules, and dosing stops before anybody is told."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from modicum.screening.clearance import clear
from modicum.screening.record import Screening

Step = Literal["stop-dosing", "tell-participant", "tell-prescriber"]


@dataclass(frozen=True)
class Consequence:
    """What follows from a medicine that was entered later.

    Args:
        screening: of that medicine.
        steps: in the order in which they are taken.
    """

    screening: Screening
    steps: tuple[Step, ...]


def entered_later(medication: str, today: date) -> Consequence:
    """Screen a medicine that was entered while the trial runs.

    Whatever is not clear, a name that is not recognised included, stops dosing first; the participant is told at once,
    on the same screen, and the prescriber after. A note is passed on and stops nothing.

    Example:
        >>> entered_later("codeine linctus", date(2026, 11, 23)).steps
        ('stop-dosing', 'tell-participant', 'tell-prescriber')
    """
    screening = clear(medication, today)
    if screening.result != "may-start":
        return Consequence(screening, ("stop-dosing", "tell-participant", "tell-prescriber"))
    return Consequence(screening, ("tell-prescriber",))
