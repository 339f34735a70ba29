"""What the pages of enrolment read: a participant that the person may see, and where she stands, in one query."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from modicum.services.diary import StoredEvent
from modicum.services.enrolling import KINDS, Enrolment, Stage, enrolment_of
from modicum.services.enrolling.stages import stage
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clock import now
from modicum.web.store.models import Event


@dataclass(frozen=True)
class Enrolling:
    """Somebody on the way into a trial.

    Args:
        participant: who.
        known: what is known of it.
        today: where she lives.
    """

    participant: Participant
    known: Enrolment
    today: dt.date

    @property
    def stage(self) -> Stage:
        """Where she stands today."""
        return stage(self.known, self.today)


def enrolling(person: Person, participant: uuid.UUID) -> Enrolling:
    """A participant and her enrolment, if the person may see her.

    Args:
        person: of the staff.
        participant: key of hers.

    Raises:
        Http404: there is none, or none for this person.
    """
    found = found_or_missing(participants_visible_to(person), participant)
    events = Event.objects.filter(trial=found.trial, kind__in=KINDS).order_by("sequence")
    return Enrolling(found, enrolment_of(cast("Iterable[StoredEvent]", events)), today_of(found))


def today_of(participant: Participant) -> dt.date:
    """The date where a participant lives."""
    return participant.date_at(now())
