"""Counting: where the capsules of kits are, and how many of those planned were used. For the pharmacist."""

from collections.abc import Iterable
from dataclasses import dataclass

from modicum.services.dispensing.supplies import Supplied


@dataclass(frozen=True)
class Counted:
    """Capsules of some kits, in whole numbers: made = in stock + with patients + used + returned.

    Args:
        made: in kits that were made, spare ones included.
        in_stock: in kits that were not handed out.
        with_patients: in kits that were handed out and have not come back.
        used: of kits that came back, those that did not: taken, or lost.
        returned: that came back.
        planned: to be taken, of kits that came back.
    """

    made: int
    in_stock: int
    with_patients: int
    used: int
    returned: int
    planned: int

    @property
    def balanced(self) -> bool:
        """Whether every capsule is in one account."""
        return self.made == self.in_stock + self.with_patients + self.used + self.returned


def count_capsules(kits: Iterable[Supplied]) -> Counted:
    """Where the capsules of kits are.

    Args:
        kits: any.
    """
    made = [kit for kit in kits if kit.made_on is not None]
    back = [kit for kit in made if kit.returned_at is not None]
    returned = sum(kit.left or 0 for kit in back)
    return Counted(
        made=sum(kit.capsules for kit in made),
        in_stock=sum(kit.capsules for kit in made if kit.dispensed_at is None),
        with_patients=sum(kit.capsules for kit in made if kit.with_patient),
        used=sum(kit.capsules for kit in back) - returned,
        returned=returned,
        planned=sum(kit.capsules - kit.spare for kit in back),
    )
