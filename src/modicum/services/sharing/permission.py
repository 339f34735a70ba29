"""Permission: whether a trial may leave, as its own events say it.

Silence is no. A person agrees with her consent, to be asked apart from it (``share``), and may take it back at any
time; a consent that was given anew counts as it was given then.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from modicum.services.diary import Beginning, StoredEvent
from modicum.services.diary.beginning import KIND as BEGUN
from modicum.services.enrolling.enrolment import CHOSEN, CONSENTED, UNSHARED, enrolment_of
from modicum.services.revealing import REVEALED

EXPORTED = "exported"
KINDS = (CHOSEN, CONSENTED, UNSHARED, BEGUN, REVEALED)


@dataclass(frozen=True)
class Candidate:
    """A trial whose person agreed.

    Args:
        begun: what it began with.
        revealed: whether its arms were.
    """

    begun: Beginning
    revealed: bool


def candidate_of(events: Iterable[StoredEvent]) -> Candidate | None:
    """A trial that may leave; None where it has not begun, nobody agreed, or it was taken back.

    Args:
        events: of the kinds :data:`KINDS`, in their order; others may be among them.
    """
    told = tuple(events)
    begun = next((Beginning.of(one.said) for one in told if one.kind == BEGUN), None)
    if begun is None or not enrolment_of(told).shares:
        return None
    return Candidate(begun, any(one.kind == REVEALED for one in told))
