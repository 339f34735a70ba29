"""What is known of an enrolment, as a fold over its events: the last screening, protocol and consent, each in force.

A later event takes the place of an earlier one of its kind, and of what was built on that: another screening leaves no
word on the one before in force, another protocol no consent to the one before. Who does not take part has her enrolment
closed, until it is opened again where it stood. Nothing is taken back otherwise.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from modicum.services.diary import StoredEvent
from modicum.services.diary.beginning import KIND as BEGUN

SCREENING, SIGNED, CHOSEN, CONSENTED = "screening", "screening-signed", "protocol-chosen", "consented"
PLAN_ASKED, PLANNED = "plan-asked", "planned"
UNSHARED = "unshared"
CLOSED, REOPENED = "closed", "reopened"
KINDS = (SCREENING, SIGNED, CHOSEN, PLAN_ASKED, PLANNED, CONSENTED, UNSHARED, CLOSED, REOPENED, BEGUN)


@dataclass(frozen=True)
class Told:
    """One step, as an event told it.

    Args:
        sequence: number of the event.
        at: when it was received.
        said: its content.
    """

    sequence: int
    at: dt.datetime
    said: dict[str, Any]


@dataclass(frozen=True)
class Enrolment:
    """What is known of the way into a trial.

    Args:
        screening: the last one.
        signed: the prescriber's word on its questions, if they were answered.
        chosen: the protocol that was chosen last.
        asked: the last plan that was asked for, of that protocol.
        planned: what the last plan found, of that protocol.
        consented: to that protocol.
        shares: whether the trial may leave for research: she agreed to it with that consent, and has not taken it back.
        closed: that she does not take part, and why; None where it was opened again.
        begun_at: when the trial began.
    """

    screening: Told | None = None
    signed: Told | None = None
    chosen: Told | None = None
    asked: Told | None = None
    planned: Told | None = None
    consented: Told | None = None
    shares: bool = False
    closed: Told | None = None
    begun_at: dt.datetime | None = None

    @property
    def computing(self) -> bool:
        """Whether a plan was asked for and has not been found yet."""
        return self.asked is not None and (self.planned is None or self.planned.said["asked"] != self.asked.sequence)


def enrolment_of(events: Iterable[StoredEvent]) -> Enrolment:
    """What the events of a trial say of its enrolment.

    Args:
        events: in their order; those of other kinds than :data:`KINDS` need not be among them.
    """
    known = Enrolment()
    for event in events:
        after = _AFTER.get(event.kind)
        known = known if after is None else after(known, event)
    return known


def _told(event: StoredEvent) -> Told:
    return Told(event.sequence, dt.datetime.fromisoformat(event.received_at), event.said)


def _screened(known: Enrolment, event: StoredEvent) -> Enrolment:
    return replace(known, screening=_told(event), signed=None)


def _signed(known: Enrolment, event: StoredEvent) -> Enrolment:
    signed = _told(event)
    of_this = known.screening is not None and signed.said["screening"] == known.screening.sequence
    return replace(known, signed=signed) if of_this else known


def _chosen(known: Enrolment, event: StoredEvent) -> Enrolment:
    chosen = _told(event)
    same = known.chosen is not None and known.chosen.said["protocol_sha256"] == chosen.said["protocol_sha256"]
    kept = known if same else replace(known, asked=None, planned=None)
    return replace(kept, chosen=chosen, consented=None, shares=False)


def _asked(known: Enrolment, event: StoredEvent) -> Enrolment:
    asked = _told(event)
    return replace(known, asked=asked) if _of_chosen(known, asked) else known


def _planned(known: Enrolment, event: StoredEvent) -> Enrolment:
    planned = _told(event)
    return replace(known, planned=planned) if _of_chosen(known, planned) else known


def _of_chosen(known: Enrolment, told: Told) -> bool:
    return known.chosen is not None and told.said["protocol_sha256"] == known.chosen.said["protocol_sha256"]


def _consented(known: Enrolment, event: StoredEvent) -> Enrolment:
    consented = _told(event)
    of_this = known.chosen is not None and consented.said["chosen"] == known.chosen.sequence
    return replace(known, consented=consented, shares=consented.said.get("share") is True) if of_this else known


def _unshared(known: Enrolment, event: StoredEvent) -> Enrolment:
    return replace(known, shares=False)


def _closed(known: Enrolment, event: StoredEvent) -> Enrolment:
    return known if known.begun_at else replace(known, closed=_told(event))


def _reopened(known: Enrolment, event: StoredEvent) -> Enrolment:
    return replace(known, closed=None)


def _begun(known: Enrolment, event: StoredEvent) -> Enrolment:
    return known if known.begun_at else replace(known, begun_at=dt.datetime.fromisoformat(event.received_at))


_AFTER = {
    SCREENING: _screened,
    SIGNED: _signed,
    CHOSEN: _chosen,
    PLAN_ASKED: _asked,
    PLANNED: _planned,
    CONSENTED: _consented,
    UNSHARED: _unshared,
    CLOSED: _closed,
    REOPENED: _reopened,
    BEGUN: _begun,
}
