"""Consent: the text is read together, the participant adds a half of the draw, and the sheet is printed and signed."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from modicum.services.enrolling.enrolment import CONSENTED, UNSHARED, Told
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.recording import record_of, staff
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling.consent_forms import OTHERS, ConsentForm
from modicum.web.clinic.enrolling.consent_text import ConsentText, has_figures, text_for
from modicum.web.clinic.enrolling.planning import is_awaited
from modicum.web.clinic.enrolling.reading import Enrolling, enrolling
from modicum.web.clinic.enrolling.steps import steps, to_next
from modicum.web.clock import now


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def consent(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Show the text and record that it was consented to; what was recorded is shown as it was, and not asked again.

    That the trial may leave for research is taken back there, at any time.
    """
    found = enrolling(person, participant)
    told = found.known.consented
    if told is not None:
        if request.method == "POST":
            if found.known.shares and request.POST.get("share") == "no":
                record_of(found.participant, UNSHARED, staff(person), schema="modicum.unshared/1")
            return HttpResponseRedirect(reverse("clinic:consent", args=[participant]))
        context = {"share": found.known.shares, "begun": found.stage.name == "begun"}
        return render(request, "clinic/enrolling/consented.html", {**_around(found), **_given(told), **context})
    chosen = found.known.chosen
    if chosen is None or found.stage.missing != "consent":
        return to_next(found)
    text, random = text_for(found), bool(chosen.said["half_sha256"])
    figures = has_figures(found)
    form = ConsentForm(request.POST or None, shown=text.sha256, random=random, figures=figures)
    if request.method == "POST" and form.is_valid():
        content = consent_content(chosen, text, form.cleaned_data, staff(person))
        record_of(found.participant, CONSENTED, staff(person), **content)
        return HttpResponseRedirect(reverse("clinic:consent", args=[participant]))
    if form.is_bound:
        form.show_again(request.POST)
    context = {
        **_around(found),
        "text": text,
        "chosen": chosen.said,
        "form": form,
        "figures": figures,
        "computing": is_awaited(found.known, now()),
    }
    return render(request, "clinic/enrolling/consent.html", context)


@require_safe
@asked_by(Role.PRESCRIBER)
def sheet(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """The text as one page to be printed and signed: as it was consented to, else as it is now."""
    found = enrolling(person, participant)
    if found.known.chosen is None:
        return to_next(found)
    told = found.known.consented
    text = ConsentText.of(told.said["text"]) if told else text_for(found)
    context = {
        "participant": found.participant,
        "text": text,
        "told": told,
        "chosen": found.known.chosen.said,
        "prescriber": person.name,
    }
    return render(request, "clinic/enrolling/sheet.html", context)


def consent_content(chosen: Told, text: ConsentText, given: dict[str, Any], by: str) -> dict[str, Any]:
    """What the event of a consent says.

    Args:
        chosen: the protocol that it is to.
        text: as it was shown.
        given: the participant's half of the draw, who was there, whether the trial may leave for research, and
            whether it was signed without figures.
        by: who records it.
    """
    return {
        "schema": "modicum.consented/1",
        "chosen": chosen.sequence,
        "protocol_sha256": chosen.said["protocol_sha256"],
        "text": text.content,
        "text_sha256": text.sha256,
        "contribution": given.get("contribution", ""),
        "half_sha256": chosen.said["half_sha256"],
        "present": ["participant", "prescriber", *given["present"]],
        "share": given["share"],
        "without_figures": given.get("without_figures", False),
        "by": by,
    }


def _given(told: Told) -> dict[str, Any]:
    said = told.said
    others = dict(OTHERS)
    return {
        "told": told,
        "text": ConsentText.of(said["text"]),
        "others": [others[one] for one in said["present"] if one in others],
        "without_figures": said.get("without_figures", False),
    }


def _around(found: Enrolling) -> dict[str, Any]:
    return {"participant": found.participant, "steps": steps(found, 3)}
