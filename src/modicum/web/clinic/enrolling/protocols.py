"""Choosing a protocol: the shipped ones side by side, one of them with its course, adapted and chosen."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from modicum.protocol import Protocol
from modicum.services.enrolling.adapting import Adapted
from modicum.services.enrolling.choosing import choosable, chosen_content, is_random
from modicum.services.enrolling.enrolment import CHOSEN
from modicum.services.enrolling.figures import Figures, shipped_figures
from modicum.services.enrolling.outline import outline_of
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.recording import record_of, staff
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling import chances, halves, looks_ahead, planning
from modicum.web.clinic.enrolling.consent_text import figures_for
from modicum.web.clinic.enrolling.courses import course_heading, course_rows, difference_words, strip
from modicum.web.clinic.enrolling.protocol_forms import AdaptingForm
from modicum.web.clinic.enrolling.reading import Enrolling, enrolling
from modicum.web.clinic.enrolling.steps import reached, steps, to_next
from modicum.web.clock import now


@require_safe
@asked_by(Role.PRESCRIBER)
def protocols(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """The shipped protocols side by side: how long, who knows, what each finds; and which one is chosen."""
    found = enrolling(person, participant)
    chosen = found.known.chosen
    context = {
        **_around(found),
        "plans": [_beside(plan) for plan in choosable()],
        "heading": chances.heading([judged for plan in choosable() if (judged := _judged(plan)) is not None]),
        "chosen": chosen.said if chosen else None,
        "ready": reached(found, "screened"),
        "closed": found.known.closed is not None,
        "begun": found.stage.name == "begun",
    }
    return render(request, "clinic/enrolling/protocols.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def protocol(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """One protocol: its course, what it finds, what may be changed; shown with the changes, or chosen with them."""
    found = enrolling(person, participant)
    name = request.GET.get("of", choosable()[0].name)
    base = next((plan for plan in choosable() if plan.name == name), None)
    if base is None:
        raise Http404
    form = AdaptingForm(request.POST or None, base=base)
    chooses = request.POST.get("do") == "choose"
    if chooses and not (reached(found, "screened") and found.stage.name != "begun"):
        return to_next(found)
    if chooses and form.is_valid() and form.adapted is not None:
        _choose(found, person, form.adapted)
        return HttpResponseRedirect(reverse("clinic:consent", args=[participant]))
    adapted = form.adapted if form.is_bound and form.is_valid() else None
    course = _course(found, adapted.protocol if adapted else base)
    unknown = not course["known"] and not course["computing"]
    context = {
        **_around(found),
        **course,
        "base": base,
        "form": form,
        "differences": difference_words(adapted.differences, base) if adapted else [],
        "refused": form.is_bound and not form.is_valid(),
        "awaited": adapted is not None and unknown and looks_ahead.is_awaited(person, adapted),
        "ready": reached(found, "screened") and found.stage.name != "begun",
    }
    return render(request, "clinic/enrolling/protocol.html", context)


def _choose(found: Enrolling, person: Person, adapted: Adapted) -> None:
    """Record the choice and fix the computer's half of the draw; a changed protocol is planned at once."""
    half = halves.fix(found.participant.trial) if is_random(adapted.protocol) else ""
    content = chosen_content(adapted, half)
    record_of(found.participant, CHOSEN, staff(person), **content)
    before = found.known.planned if found.known.chosen else None
    same = before is not None and before.said["protocol_sha256"] == content["protocol_sha256"]
    if not same and not shipped_figures(adapted.protocol):
        planning.ask(found.participant, content["protocol_sha256"], person)


def _beside(plan: Protocol) -> dict[str, Any]:
    """One protocol beside others."""
    return {"plan": plan, "outline": outline_of(plan), **chances.cells(plan, _judged(plan))}


def _judged(plan: Protocol) -> Figures | None:
    """Its figures as it judges itself: usual practice by eye."""
    figures = shipped_figures(plan)
    return next((one for one in figures if chances.by_eye(one)), figures[0] if figures else None)


def _course(found: Enrolling, plan: Protocol) -> dict[str, Any]:
    outline, chosen = outline_of(plan), found.known.chosen
    is_chosen = chosen is not None and chosen.said["protocol_sha256"] == plan.sha256
    figures, own = figures_for(found, plan) if is_chosen else (shipped_figures(plan), False)
    ahead = () if figures else looks_ahead.seen_of(plan)
    return {
        "plan": plan,
        "outline": outline,
        "heading": course_heading(outline),
        "rows": course_rows(outline),
        "strip": strip(outline),
        "known": [_known(plan, one, own=own) for one in figures or ahead],
        "ahead": bool(ahead),
        "nothing_known": chances.nothing_known(),
        "computing": is_chosen and planning.is_awaited(found.known, now()),
    }


def _known(plan: Protocol, figures: Figures, *, own: bool) -> dict[str, Any]:
    return {
        "by_eye": chances.by_eye(figures),
        "sentences": chances.sentences(plan, figures),
        "basis": chances.basis(figures, own=own),
    }


def _around(found: Enrolling) -> dict[str, Any]:
    return {"participant": found.participant, "steps": steps(found, 2)}
