"""The first day: all steps looked at once more, then the order is drawn and sealed and the trial begins."""

import datetime as dt
import os
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modicum.foundation.errors import InputError
from modicum.protocol import read_protocol
from modicum.services.enrolling.choosing import is_random
from modicum.services.enrolling.stages import last_day
from modicum.services.folders import add_file
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.recording import staff
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling import halves
from modicum.web.clinic.enrolling.consent_forms import FirstDayForm
from modicum.web.clinic.enrolling.reading import Enrolling, enrolling
from modicum.web.clinic.enrolling.steps import steps, to_next
from modicum.web.clock import now
from modicum.web.language import refusal
from modicum.web.stories import story_of
from modicum.web.trials import begin_trial


class HalfLost(Exception):  # noqa: N818 - what happened to it
    """The computer's half of the draw, whose hash was told, is not kept here."""


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def begin(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Begin the trial on its first day. Pressed again it changes nothing: what has begun is shown."""
    found = enrolling(person, participant)
    if found.stage.name == "begun":
        halves.forget(found.participant.trial)
        return HttpResponseRedirect(request.path) if request.method == "POST" else _begun(request, found)
    if found.stage.name != "consented":
        return to_next(found)
    form = FirstDayForm(request.POST or None, today=found.today, last_day=last_day(found.known))
    if request.method == "POST" and form.is_valid():
        try:
            begin_consented(found, person, form.cleaned_data["first_day"], now())
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, refusal(problem))
        except HalfLost:
            if enrolling(person, participant).stage.name == "begun":  # by another press, which has sealed it meanwhile
                return HttpResponseRedirect(request.path)
            form.add_error(
                None, _("The computer's half of the draw is not here. Choose the protocol again, and consent.")
            )
        else:
            halves.forget(found.participant.trial)
            return HttpResponseRedirect(reverse("clinic:begin", args=[participant]))
    context = {
        **_around(found),
        "form": form,
        "last_day": last_day(found.known),
        "known": found.known,
        "now": now(),
    }
    return render(request, "clinic/enrolling/begin.html", context)


def begin_consented(found: Enrolling, person: Person, first_day: dt.date, at: dt.datetime) -> None:
    """Draw and seal with the two halves, and begin.

    Args:
        found: somebody who has consented.
        person: who begins it.
        first_day: date of day 0.
        at: the time, with its zone.

    Raises:
        HalfLost: the computer's half is not here.
        InputError: with every problem at once; then nothing has begun.
    """
    chosen, consented = found.known.chosen, found.known.consented
    if chosen is None or consented is None:
        raise ValueError("Without a protocol and consent nothing begins.")
    trial, text = found.participant.trial, chosen.said["protocol_text"]
    half = halves.kept(trial, chosen.said["half_sha256"])
    if half is None and is_random(read_protocol(text.encode())):
        raise HalfLost(chosen.said["half_sha256"])
    begin_trial(
        found.participant,
        protocol_file(chosen.said["protocol_sha256"], text),
        first_day,
        contribution=consented.said["contribution"],
        now=at,
        actor=staff(person),
        randomness=lambda count: (half or b"")[:count],
    )


def protocol_file(sha256: str, text: str) -> Path:
    """The file of a protocol that was chosen, under the hash of its bytes.

    Args:
        sha256: of the text.
        text: of the protocol.
    """
    file = settings.MODICUM_DATA / "protocols" / f"{sha256}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        add_file(file, text.encode(), os.urandom(8).hex())
    return file


def _begun(request: HttpRequest, found: Enrolling) -> HttpResponseBase:
    story = story_of(found.participant.trial)
    begun = story.begun
    context = {
        **_around(found),
        "begun": begun,
        "first_day": begun.start.date() if begun else None,
        "started": begun is not None and begun.start.date() <= found.today,
        "known": found.known,
    }
    return render(request, "clinic/enrolling/begun.html", context)


def _around(found: Enrolling) -> dict[str, Any]:
    return {"participant": found.participant, "steps": steps(found, 4)}
