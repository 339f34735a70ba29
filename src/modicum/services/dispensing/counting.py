"""Counting: where the capsules of kits are, and how many of those planned were used. For the pharmacist."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

from modicum.services.dispensing.supplies import Supplied


@dataclass(frozen=True)
class Counted:
    """Capsules of some kits, in whole numbers: made = in stock + with patients + used + returned + lost.

    Args:
        made: in kits that were made, spare ones included.
        in_stock: in kits that were not handed out, and are not lost.
        with_patients: in kits that were handed out, have not come back and are not lost.
        used: of kits that came back, those that did not: taken, or lost one by one.
        returned: that came back.
        planned: to be taken, of kits that came back; the nights of a kit and of those made again for it count once.
        lost: in kits that were replaced because they were lost, and have not come back all the same.
    """

    made: int
    in_stock: int
    with_patients: int
    used: int
    returned: int
    planned: int
    lost: int

    def __add__(self, other: "Counted") -> "Counted":
        """The capsules of two patients, in one account."""
        return Counted(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def balanced(self) -> bool:
        """Whether every capsule is in one account."""
        return self.made == self.in_stock + self.with_patients + self.used + self.returned + self.lost


def count_capsules(kits: Iterable[Supplied]) -> Counted:
    """Where the capsules of kits are.

    Args:
        kits: of one patient.
    """
    made = {kit.code: kit for kit in kits if kit.made_on is not None}
    back = [kit for kit in made.values() if kit.returned_at is not None]
    returned = sum(kit.left or 0 for kit in back)
    firsts = {first.code: first for first in (_first(kit, made) for kit in back)}
    return Counted(
        made=sum(kit.capsules for kit in made.values()),
        in_stock=sum(kit.capsules for kit in made.values() if kit.dispensed_at is None and not kit.lost),
        with_patients=sum(kit.capsules for kit in made.values() if kit.with_patient),
        used=sum(kit.capsules for kit in back) - returned,
        returned=returned,
        planned=sum(kit.capsules - kit.spare for kit in firsts.values()),
        lost=sum(kit.capsules for kit in made.values() if kit.lost),
    )


def _first(kit: Supplied, kits: Mapping[str, Supplied]) -> Supplied:
    """The kit that was made first for the nights of a kit, as far as it is among these."""
    while kit.instead_of in kits:
        kit = kits[kit.instead_of]
    return kit
