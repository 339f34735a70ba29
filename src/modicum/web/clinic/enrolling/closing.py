"""Who does not take part: an enrolment is closed with a reason, and opened again where it stood."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from modicum.services.enrolling.enrolment import CLOSED, REOPENED, Enrolment
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.recording import record_of, staff
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling.reading import enrolling
from modicum.web.store.models import Event

LONGEST_REASON = 400


class ClosingForm(forms.Form):
    """Why somebody does not take part."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stands on the record of the trial, which knows a number alone: no names."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3, "class": "in"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def close(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Ask why somebody does not take part, and close her enrolment. A trial that has begun is stopped, not closed."""
    found = enrolling(person, participant)
    to_person = HttpResponseRedirect(reverse("clinic:person", args=[participant]))
    if found.stage.name == "begun" or found.known.closed is not None:
        return to_person
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        record_of(found.participant, CLOSED, staff(person), schema="modicum.closed/1", reason=reason, by=staff(person))
        return to_person
    return render(request, "clinic/close.html", {"participant": found.participant, "form": form})


@require_POST
@asked_by(Role.PRESCRIBER)
def reopen(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Open an enrolment again; all that was known of it counts as before."""
    found = enrolling(person, participant)
    if found.known.closed is not None:
        record_of(found.participant, REOPENED, staff(person), schema="modicum.reopened/1")
    return HttpResponseRedirect(reverse("clinic:person", args=[participant]))


def closed_said(known: Enrolment) -> dict[str, Any] | None:
    """Why somebody does not take part, who wrote it and when; None for who does.

    Args:
        known: what is known of her enrolment.
    """
    if known.closed is None:
        return None
    said = known.closed.said
    by = Person.objects.filter(pk=said["by"].partition(":")[2]).first()
    name = by.name if by else _("somebody who works here no longer")
    return {"reason": said["reason"], "by": name, "at": known.closed.at}


def closed_trials() -> set[str]:
    """The trials whose enrolment is closed, of all sites, in one query of the index of kinds."""
    told = Event.objects.filter(kind__in=(CLOSED, REOPENED)).order_by("sequence").values_list("trial", "kind")
    last = dict(told)
    return {trial for trial, kind in last.items() if kind == CLOSED}
