"""Participants: how one is added at a site, and how her particulars are corrected."""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from modicum.foundation.errors import InternalError
from modicum.web.accounts.models import Correction, Participant, Person, Site
from modicum.web.accounts.participant_models import new_trial
from modicum.web.accounts.recording import record_at, record_of, staff
from modicum.web.clock import now

_TRIES = 5
CORRECTED = "person-changed"
_TOLD = ("language", "zone")  # what the store may know of a correction beside that there was one


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

    Asked twice under one name of a trial for one person, as by a press of a button that is repeated, it adds her once;
    asked for another person, it gives the other a trial of her own.

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
    who = {"site": site, "surname": surname, "given": given, "born": born}
    named = trial or new_trial()
    there = _of_trial(named)
    if there is not None and not _is(there, who):
        named, there = new_trial(), None
    if there is not None:
        return there
    record_at(site, "added", staff(by), once=named, trial=named, virtual=virtual)
    for _ in range(_TRIES):
        largest = Participant.objects.filter(site=site).aggregate(largest=Max("number"))["largest"] or 0
        with suppress(IntegrityError), transaction.atomic():
            return Participant.objects.create(
                **who,
                number=largest + 1,
                trial=named,
                language=language,
                zone=zone,
                virtual=virtual,
                prescriber=prescriber,
                added_at=now(),
            )
        there = _of_trial(named)
        if there is not None and _is(there, who):
            return there
    raise InternalError(f"Nobody could be added to the trial {named}: it is taken, or too many were added at once.")


def correct(participant: Participant, changed: Mapping[str, Any], *, by: Person) -> None:
    """Put the particulars of a participant right, after it was told that they were changed, by whom and which.

    What they were and are stands in a table beside her own. The store is told it of language and time zone alone, for
    it knows no names.

    Args:
        participant: as she was.
        changed: what is to be, by the name of the particular.
        by: who corrects it.
    """
    before = {name: getattr(participant, name) for name in changed}
    told = [name for name in _TOLD if name in changed]
    record_of(
        participant,
        CORRECTED,
        staff(by),
        name_corrected="surname" in changed or "given" in changed,
        birth_corrected="born" in changed,
        before={name: before[name] for name in told},
        after={name: changed[name] for name in told},
    )
    with transaction.atomic():
        kept = {"before": _written(before), "after": _written(changed)}
        Correction.objects.create(participant=participant, by=by, at=now(), **kept)
        Participant.objects.filter(pk=participant.pk).update(**changed)


def _written(particulars: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in particulars.items()}


def _of_trial(trial: str) -> Participant | None:
    return Participant.objects.filter(trial=trial).first()


def _is(participant: Participant, who: Mapping[str, Any]) -> bool:
    """Whether somebody is who is to be added."""
    return all(getattr(participant, name) == value for name, value in who.items())
