"""Emergency unblinding: one person, by the emergency key, after one has said why and who one is; recorded, then shown.

What was opened is shown in the answer to the press of the button and kept nowhere: who wants to see it again opens it
again, on the record.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from modicum.foundation.errors import InputError
from modicum.services.diary import Story
from modicum.services.diary.openings import witness_of
from modicum.services.following.overview import overview_of
from modicum.services.unblinding import HeldKey, Unblinded, check_opening, unblind
from modicum.supply.amounts import micrograms, say_mg
from modicum.web.clinic.following.forms import EmergencyForm
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial
from modicum.web.clock import now
from modicum.web.language import decimal, said
from modicum.web.stories import STORE, story_of
from modicum.web.trials import allocation_of, key_of

_HOLDER = "emergency.holder"  # a line of text beside the public keys: who holds the key, and their number


@dataclass(frozen=True)
class Held:
    """What the capsules of one period hold.

    Args:
        title: of its phase.
        period: within the phase.
        words: what they hold.
        now: whether it is the period of today.
    """

    title: str
    period: int
    words: str
    now: bool


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
    sealed = bool(followed.story.begun and followed.story.begun.allocation)
    form = EmergencyForm(*((request.POST, request.FILES) if request.method == "POST" else ()), held=held)
    context: dict[str, Any] = {
        "participant": followed.participant,
        "form": form,
        "held": held,
        "sealed": sealed,
        "holder": holder(followed),
    }
    if request.method == "POST" and sealed and form.is_valid():
        reason = form.cleaned_data["reason"]
        key = HeldKey(form.cleaned_data["key"]) if not held else key_of("emergency")
        try:
            opened = _opened(followed, key, reason)
        except InputError as error:
            return render(request, "clinic/following/emergency.html", context | {"problems": error.problems})
        mark_one(story_of(followed.participant.trial))
        periods = periods_of(followed.story, opened)
        shown = {"periods": periods, "heading": _heading(periods), "reason": reason, "at": now()}
        return render(request, "clinic/following/opened.html", context | shown | {"forged": opened.forged})
    return render(request, "clinic/following/emergency.html", context)


def _heading(periods: list[Held]) -> str:
    held = next((one.words for one in periods if one.now), "")
    return _("The capsules hold now: %(words)s") % {"words": held} if held else _("This is what each period held.")


def holder(followed: Followed) -> str:
    """Who holds the emergency key, where the clinic does not: as it was written down, or whoever is on call."""
    file: Path = settings.MODICUM_DATA / "keys" / _HOLDER
    if file.exists():
        return file.read_text(encoding="utf-8").strip()
    return followed.participant.site.on_call


def _opened(followed: Followed, key: Any, reason: str) -> Unblinded:
    """Open the order on the path of emergency.

    Raises:
        InputError: it cannot be opened; then nothing was told and nothing recorded.
    """
    folder, who = allocation_of(followed.participant.trial), followed.person.name[:100]
    problems = check_opening(folder, key, "emergency", who=who, why=reason)
    if problems:
        raise InputError(problems)
    witness = witness_of(STORE, followed.participant.trial, actor=followed.actor, randomness=os.urandom)
    return unblind(folder, key, "emergency", who=who, why=reason, now=now(), randomness=os.urandom, witness=witness)


def periods_of(story: Story, opened: Unblinded) -> list[Held]:
    """What each period with capsules holds, as far as it has begun.

    Args:
        story: of the trial.
        opened: its order.
    """
    overview = overview_of(story, now())
    given = {(one.phase, one.period): one.dose_mg for one in opened.course}
    roles = {(one.phase, one.period): one.arm.role for one in opened.papers.allocation.places}
    found, counted = list[Held](), dict[str, int]()
    for one in overview.periods:
        if not one.capsule:
            continue
        counted[one.phase] = place = counted.get(one.phase, 0) + 1
        dose, role = given.get((one.phase, place)), roles.get((one.phase, place), "")
        is_now = overview.period is not None and overview.period.number == one.number
        found.append(Held(said(one.title), place, _words(dose, role, overview.protocol), is_now))
    return found


def _words(dose_mg: float | None, role: str, protocol: Any) -> str:
    drug = said(protocol.drug.name)
    if dose_mg is None:
        if role == "placebo":
            return _("placebo")
        most = decimal(say_mg(micrograms(max(protocol.drug.ladder_mg)) or 0))
        return _("%(drug)s, at most %(most)s: the dose is not bound to the order yet") % {"drug": drug, "most": most}
    if dose_mg == 0:
        return _("placebo")
    return f"{drug}, {decimal(say_mg(micrograms(dose_mg) or 0))}"
