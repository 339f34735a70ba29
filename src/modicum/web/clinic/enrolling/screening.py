"""Screening in the browser: the list and the questions, and what the rules say to them."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modicum.services.enrolling.clearing import (
    Query,
    earliest_start,
    open_questions,
    queries,
    screening_content,
    signed_content,
)
from modicum.services.enrolling.enrolment import SCREENING, SIGNED
from modicum.services.enrolling.stages import last_day, missing_of_screening
from modicum.web.accounts.models import Participant, Person, Role
from modicum.web.accounts.recording import record_of, staff
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling.findings import heading_of, shown_findings
from modicum.web.clinic.enrolling.forms import ScreeningForm, SigningForm, given_before
from modicum.web.clinic.enrolling.questions import given_words
from modicum.web.clinic.enrolling.reading import Enrolling, enrolling
from modicum.web.clinic.enrolling.steps import next_of, reached, steps, to_next
from modicum.web.clinic.enrolling.words import age_on


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def screen(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Ask for the list and the history; what the rules say is recorded, and shown on a page of its own."""
    found = enrolling(person, participant)
    if found.stage.name == "begun" or found.stage.missing == "closed":
        return to_next(found)
    form = ScreeningForm(request.POST or None, today=found.today, initial=_initial(found))
    if request.method == "POST" and form.is_valid() and form.screened is not None:
        content = screening_content(form.screened, form.cleaned_data["medications"], form.answers)
        record_of(found.participant, SCREENING, staff(person), **content)
        return HttpResponseRedirect(reverse("clinic:screening", args=[participant]))
    return render(request, "clinic/enrolling/screen.html", {**_around(found), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def screening(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """What the last screening found, each with its rule and source; and the prescriber's word on what it asks."""
    found = enrolling(person, participant)
    told = found.known.screening
    if told is None:
        return to_next(found)
    document = told.said["document"]
    begun = found.stage.name == "begun" or found.stage.missing == "closed"
    missing = "" if begun else missing_of_screening(found.known, found.today)
    form = _signing(request, found, document)
    if request.method == "POST":
        if form is None:
            return HttpResponseRedirect(request.path)
        if form.is_valid():
            content = signed_content(told.sequence, form.words, form.cleaned_data["reason"], staff(person))
            record_of(found.participant, SIGNED, staff(person), **content)
            return HttpResponseRedirect(request.path)
    context = {
        **_around(found),
        "heading": heading_of(document, missing),
        "document": document,
        "told": told,
        "findings": shown_findings(document, missing=missing),
        "form": form,
        "paired": [(*_worded(one), form[one.key]) for one in queries(document)] if form else [],
        "open": len(open_questions(document)),
        "earliest": earliest_start(document),
        "last_day": last_day(found.known),
        "next": next_of(found.participant, found.stage) if reached(found, "screened") else None,
        "signed": _signed(found),
        "begun": begun,
    }
    return render(request, "clinic/enrolling/screening.html", context)


def _signing(request: HttpRequest, found: Enrolling, document: dict[str, Any]) -> SigningForm | None:
    """The form of the prescriber's word, where that is what is missing."""
    if found.stage.missing != "signature":
        return None
    return SigningForm(request.POST or None, queries=queries(document))


def _signed(found: Enrolling) -> dict[str, Any] | None:
    """The word that was given, who gave it and when."""
    told, screened = found.known.signed, found.known.screening
    if told is None or screened is None:
        return None
    by = Person.objects.filter(pk=told.said["by"].partition(":")[2]).first()
    asked = queries(screened.said["document"])
    words = [(*_worded(one), told.said["words"].get(one.key, "")) for one in asked]
    name = by.name if by else _("somebody who works here no longer")
    return {"by": name, "at": told.at, "words": words, "reason": told.said["reason"]}


def _worded(query: Query) -> tuple[str, bool]:
    """What a question is about, in words, and whether they are as they were typed."""
    words = None if query.finding is None else given_words(query.finding)
    return (query.given, True) if words is None else (words, False)


def _initial(found: Enrolling) -> dict[str, str]:
    told = found.known.screening
    return {"age": str(age_on(found.participant.born, found.today)), **(given_before(told.said) if told else {})}


def _around(found: Enrolling) -> dict[str, Participant | Any]:
    return {"participant": found.participant, "steps": steps(found, 1)}
