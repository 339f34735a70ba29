"""Permission: whether a trial may leave, as its own events say it.

Silence is no. A person agrees with her consent, to be asked apart from it (``share``); a consent that was given anew
counts as it was given then.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from modicum.services.diary import Beginning, StoredEvent
from modicum.services.diary.beginning import KIND as BEGUN
from modicum.services.enrolling.enrolment import CHOSEN, CONSENTED, enrolment_of
from modicum.services.revealing import REVEALED

EXPORTED = "exported"
KINDS = (CHOSEN, CONSENTED, BEGUN, REVEALED)


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
    """A trial that may leave; None where it has not begun, or nobody agreed.

    Args:
        events: of the kinds :data:`KINDS`, in their order; others may be among them.
    """
    told = tuple(events)
    consented = enrolment_of(told).consented
    begun = next((Beginning.of(one.said) for one in told if one.kind == BEGUN), None)
    if begun is None or consented is None or consented.said.get("share") is not True:
        return None
    return Candidate(begun, any(one.kind == REVEALED for one in told))
