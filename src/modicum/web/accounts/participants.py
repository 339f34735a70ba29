"""Participants: how one is added at a site."""

import datetime as dt
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.db.models import Max

from modicum.foundation.errors import InternalError
from modicum.web.accounts.models import Participant, Person, Site
from modicum.web.accounts.participant_models import new_trial
from modicum.web.accounts.recording import record_at, staff
from modicum.web.clock import now

_TRIES = 5


def register(
    *,
    site: Site,
    surname: str,
    given: str,
    born: dt.date,
    prescriber: Person,
    by: Person | None = None,
    language: str = "en",
    zone: str = "Europe/London",
    virtual: bool = False,
    trial: str = "",
) -> Participant:
    """Add a participant, under the next number of the site. The trial has no protocol yet.

    Args:
        site: where.
        surname: name.
        given: given names.
        born: date of birth.
        prescriber: who decides with her.
        by: who adds her; None for the server itself, as in the demo.
        language: of the diary.
        zone: IANA name of the zone she lives in.
        virtual: whether she is no person.
        trial: name of the trial in the store; a new one where none is given.
    """
    named = trial or new_trial()
    record_at(site, "added", staff(by), trial=named, virtual=virtual)
    for _ in range(_TRIES):
        largest = Participant.objects.filter(site=site).aggregate(largest=Max("number"))["largest"] or 0
        with suppress(IntegrityError), transaction.atomic():
            return Participant.objects.create(
                site=site,
                number=largest + 1,
                trial=named,
                surname=surname,
                given=given,
                born=born,
                language=language,
                zone=zone,
                virtual=virtual,
                prescriber=prescriber,
                added_at=now(),
            )
    raise InternalError(f"Nobody could be added to the trial {named}: it is taken, or too many were added at once.")
