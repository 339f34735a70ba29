"""The record of a trial: every event, when it arrived, who said it and what, as the chain holds it."""

import json
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modicum.web.clinic.following.actors import actors_said
from modicum.web.clinic.following.opened import Followed, of_trial
from modicum.web.operating.words import HAPPENED
from modicum.web.store.models import Event

PAGE = 100
_LEFT_OUT = ("protocol_text", "result")  # long documents that have pages of their own
_NOT_YET = ("guess", "guess_reason")  # of what the capsules hold: opened with the rest
_OF_THE_PHARMACY = ("lot", "lots", "left")  # a lot may tell what a kit holds, and capsules are counted by who hands out


@dataclass(frozen=True)
class Line:
    """One event.

    Args:
        sequence: its number in the chain.
        at: when it arrived, ISO 8601.
        who: said it.
        kind: of event, in words.
        said: the content, JSON.
        conflict: whether another content had come under the same id before.
    """

    sequence: int
    at: str
    who: str
    kind: str
    said: str
    conflict: bool


@require_safe
@of_trial
def page(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """A hundred events, the newest first."""
    before = request.GET.get("before", "")
    events = Event.objects.filter(trial=followed.participant.trial).order_by("-sequence")
    if before.isdecimal() and len(before) < 16:
        events = events.filter(sequence__lt=int(before))
    shown = list(events[: PAGE + 1])
    actors = actors_said(event.actor for event in shown)
    lines = [
        Line(one.sequence, one.received_at, actors[one.actor], kind_said(one.kind), _said(one), one.conflict)
        for one in shown[:PAGE]
    ]
    more = lines[-1].sequence if len(shown) > PAGE else 0
    context = {"participant": followed.participant, "lines": lines, "more": more, "first": not before}
    return render(request, "clinic/following/record.html", context)


def kind_said(kind: str) -> str:
    """A kind of event in words: those of a trial that is followed, else those of the operator's record."""
    words = {
        "begun": _("The trial began"),
        "entry": _("An evening came in"),
        "clock": _("The phone's clock is off"),
        "screened": _("A new medicine was checked"),
        "decided": _("A decision was taken"),
        "accepted": _("A decision was accepted"),
        "overridden": _("A decision was overridden"),
        "stopped": _("Stopped by staff"),
        "held": _("Capsules were held"),
        "resumed": _("A hold was ended"),
        "noted": _("Somebody took note"),
        "opened": _("A seal was opened"),
        "answered": _("The answer was given"),
        "re-challenge": _("A re-challenge was accepted"),
    }
    return words.get(kind) or gettext(HAPPENED.get(kind, kind))


def _said(event: Event) -> str:
    hidden = {*_LEFT_OUT, *_NOT_YET, *_OF_THE_PHARMACY}
    said = {name: "…" if name in hidden else value for name, value in event.said.items() if name != "schema"}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
