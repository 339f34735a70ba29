"""Waiting: how many kits ask for something in the pharmacy, and for what."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass

from modicum.services.dispensing.supplies import ORDERED, PREPARED, Supplied


@dataclass(frozen=True)
class Waits:
    """Kits that ask for something, in whole numbers. Each is counted once, but for those that were recalled.

    Args:
        recalled: that a patient has and must not take from.
        to_replace: that nothing can be taken from any more, though their evenings are not over.
        to_make: that were ordered and are not made.
        to_hand_out: that are made and not handed out.
        left_over: of a trial or a re-challenge that is over, that were not handed out.
    """

    recalled: int = 0
    to_replace: int = 0
    to_make: int = 0
    to_hand_out: int = 0
    left_over: int = 0

    def __add__(self, other: "Waits") -> "Waits":
        """What waits for two patients."""
        return Waits(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


def waits_of(
    kits: Iterable[Supplied], *, over: Collection[int] = (), past: Collection[str] = (), today: dt.date
) -> Waits:
    """What kits ask for.

    Args:
        kits: of one patient.
        over: numbers of the courses that are.
        past: codes of kits whose evenings are over.
        today: date at the pharmacy.
    """
    known = tuple(kits)
    needed = [kit for kit in known if kit.course not in over and kit.code not in past]
    spent = {kit.code for kit in needed if kit.to_replace(today)}
    return Waits(
        recalled=sum(bool(kit.recalled) and kit.with_patient for kit in known),
        to_replace=len(spent),
        to_make=sum(kit.state == ORDERED for kit in needed),
        to_hand_out=sum(kit.state == PREPARED and kit.code not in spent for kit in needed),
        left_over=sum(kit.state in (ORDERED, PREPARED) and kit.course in over for kit in known),
    )
