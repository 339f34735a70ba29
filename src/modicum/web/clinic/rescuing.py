"""Putting a rescue file in: what waits on a phone that cannot hand it in by itself, brought to the clinic as a file."""

import json
import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from modicum.services.diary import receive
from modicum.web.accounts.models import Participant, Person, Role
from modicum.web.accounts.recording import staff
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.api.keys import signer
from modicum.web.clinic import words
from modicum.web.clinic.asking import asked_by
from modicum.web.clock import now
from modicum.web.stories import STORE, keep, known

_SCHEMA = "modicum.rescue/1"
_MOST_BYTES, _MOST_ENTRIES = 4 * 2**20, 500


class RescueForm(forms.Form):
    """The file that the phone saved."""

    file = forms.FileField(label=_("Rescue file"), help_text=_("The phone saved it as modicum-rescue.json."))

    def __init__(self, *given: Any, trial: str, **named: Any):
        super().__init__(*given, **named)
        self._trial = trial

    def clean_file(self) -> list[Any]:
        """The entries in the file."""
        given = self.cleaned_data["file"]
        try:
            read = json.loads(given.read()) if given.size <= _MOST_BYTES else None
        except (ValueError, RecursionError):
            read = None
        said: dict[str, Any] = read if isinstance(read, dict) else {}
        entries = said.get("entries")
        if said.get("schema") != _SCHEMA or not isinstance(entries, list) or len(entries) > _MOST_ENTRIES:
            raise forms.ValidationError(_("This is no rescue file of a diary."))
        if said.get("trial") != self._trial:
            raise forms.ValidationError(_("This file is of the diary of somebody else."))
        return entries


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def put_in(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Keep what a rescue file holds as if the phone had handed it in; the same file again changes nothing."""
    found = found_or_missing(participants_visible_to(person), participant)
    form = RescueForm(*((request.POST, request.FILES) if request.method == "POST" else ()), trial=found.trial)
    context: dict[str, Any] = {"participant": found, "form": form}
    if request.method == "POST" and form.is_valid():
        entries = form.cleaned_data["file"]
        context["heading"] = words.answers_put_in(_kept(found, person, entries))
    return render(request, "clinic/rescue.html", context)


def _kept(found: Participant, person: Person, entries: list[Any]) -> int:
    """Hand entries in for a person; how many were not there before."""
    at = now()
    document, story = receive(
        STORE,
        found.trial,
        entries,
        sent_at=at,
        now=at,
        actor=staff(person),
        signer=signer(),
        before=known(found.trial),
    )
    keep(story)
    receipts = [json.loads(one["payload"]) for one in document["receipts"]]
    return sum(not one["repeated"] for one in receipts)
