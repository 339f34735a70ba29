"""The plan of a trial as a page: what it can find for this person, once it is computed, and asking for it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from modicum.protocol import Protocol, read_protocol
from modicum.services.enrolling.planning import FEWEST_EVENINGS, cautions, is_told, run_in
from modicum.web.accounts.models import Person, Role
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling import chances, planning
from modicum.web.clinic.enrolling.consent_text import figures_for
from modicum.web.clinic.enrolling.reading import Enrolling, enrolling
from modicum.web.clinic.enrolling.steps import steps, to_next
from modicum.web.clock import now
from modicum.web.language import refusal
from modicum.web.stories import story_of


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def plan(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """What is known of the chosen protocol, and asking for more: for typical people, then for one's own noise."""
    found = enrolling(person, participant)
    if found.known.chosen is None or found.stage.missing == "closed":
        return to_next(found)
    if request.method == "POST":
        if not planning.is_awaited(found.known, now()):
            planning.ask(found.participant, found.known.chosen.said["protocol_sha256"], person)
        return HttpResponseRedirect(request.path)
    protocol = read_protocol(found.known.chosen.said["protocol_text"].encode())
    return render(request, "clinic/enrolling/plan.html", {**_known(found, protocol), "steps": steps(found, 2)})


def _known(found: Enrolling, protocol: Protocol) -> dict[str, Any]:
    figures, own = figures_for(found, protocol)
    evenings = run_in(story_of(found.participant.trial))
    return {
        "participant": found.participant,
        "plan": protocol,
        "known": [
            {
                "by_eye": chances.by_eye(one),
                "sentences": chances.sentences(protocol, one),
                "basis": chances.basis(one, own=own),
            }
            for one in figures
        ],
        "nothing_known": chances.nothing_known(),
        "warnings": _warnings(found),
        "own": own,
        "asked": found.known.asked,
        "computing": planning.is_awaited(found.known, now()),
        "evenings": len(evenings),
        "fewest": FEWEST_EVENINGS,
        "enough": len(evenings) >= FEWEST_EVENINGS,
        "told": is_told(protocol, evenings),
    }


def _warnings(found: Enrolling) -> list[str]:
    """What the plan that is shown says should be known before its figures are trusted."""
    planned = found.known.planned
    said = () if planned is None else planned.said.get("warnings", ())  # plans of before have none
    return [refusal(one) for one in cautions(said)]
