"""Emergency unblinding: one person, by the emergency key, after one has said why and who one is; recorded, then shown.

What was opened is shown in the answer to the press of the button and kept nowhere: who wants to see it again opens it
again, on the record. A page that is loaded again sends the same form, and that opens nothing.
"""

import datetime as dt
import os
from pathlib import Path
from threading import Lock
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from modicum.foundation.errors import InputError
from modicum.services.diary import StoredEvent
from modicum.services.diary.openings import OPENED, witness_of
from modicum.services.unblinding import LONGEST_WHO, HeldKey, Unblinded, check_opening, unblind
from modicum.web.accounts.lines import on_one_line
from modicum.web.clinic.following.capsules import capsules_of, order_in_force
from modicum.web.clinic.following.forms import EmergencyForm
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial
from modicum.web.clock import now
from modicum.web.stories import STORE, story_of
from modicum.web.trials import key_of

_ONE_AT_A_TIME = Lock()  # of the one process that serves: a button that is pressed twice opens once
_HOLDER = "emergency.holder"  # a line of text beside the public keys: who holds the key, and their number


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def page(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """Ask why, and open the sealed order of one person.

    Raises:
        ReauthenticationRequired: whoever asks has not just said again who she is; she is asked, and comes back here.
    """
    raise_if_reauthentication_required(request, app="")
    held = key_of("emergency").exists()
    folder = order_in_force(followed.story, now())
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EmergencyForm(*given, held=held, seen=followed.story.sequence)
    context: dict[str, Any] = {
        "participant": followed.participant,
        "form": form,
        "held": held,
        "sealed": folder is not None,
        "holder": holder(followed),
    }
    if request.method == "POST" and folder is not None and form.is_valid():
        reason = form.cleaned_data["reason"]
        key = HeldKey(form.cleaned_data["key"]) if not held else key_of("emergency")
        with _ONE_AT_A_TIME:
            before = _opened_since(followed, form.cleaned_data["seen"])
            if before is not None:
                return _again(request, context, held=held, before=before)
            try:
                opened = _opened(followed, folder, key, reason)
            except InputError as error:
                return render(request, "clinic/following/emergency.html", context | {"problems": error.problems})
        mark_one(story_of(followed.participant.trial))
        shown = {"capsules": capsules_of(followed.story, opened, now()), "reason": reason, "at": now()}
        return render(request, "clinic/following/opened.html", context | shown | {"forged": opened.forged})
    return render(request, "clinic/following/emergency.html", context)


def holder(followed: Followed) -> str:
    """Who holds the emergency key, where the clinic does not: as it was written down, or whoever is on call."""
    file: Path = settings.MODICUM_DATA / "keys" / _HOLDER
    if file.exists():
        return file.read_text(encoding="utf-8").strip()
    return followed.participant.site.on_call


def _opened_since(followed: Followed, seen: int) -> StoredEvent | None:
    """The opening by the same person that came after her form was shown: then the form was sent before."""
    told = story_of(followed.participant.trial).beside
    own = (one for one in told if one.kind == OPENED and one.actor == followed.actor and one.sequence > seen)
    return next((one for one in own if one.said["path"] == "emergency"), None)


def _again(request: HttpRequest, context: dict[str, Any], *, held: bool, before: StoredEvent) -> HttpResponseBase:
    """A form that was sent before opens nothing: it says so, and asks anew."""
    told = story_of(context["participant"].trial)
    again = {"form": EmergencyForm(held=held, seen=told.sequence), "at": dt.datetime.fromisoformat(before.received_at)}
    return render(request, "clinic/following/emergency.html", context | again, status=409)


def _opened(followed: Followed, folder: Path, key: Any, reason: str) -> Unblinded:
    """Open an order on the path of emergency.

    Raises:
        InputError: it cannot be opened; then nothing was told and nothing recorded.
    """
    who = on_one_line(followed.person.name, LONGEST_WHO)
    problems = check_opening(folder, key, "emergency", who=who, why=reason)
    if problems:
        raise InputError(problems)
    witness = witness_of(STORE, followed.participant.trial, actor=followed.actor, randomness=os.urandom)
    return unblind(folder, key, "emergency", who=who, why=reason, now=now(), randomness=os.urandom, witness=witness)
