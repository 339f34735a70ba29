"""Offering a blinded re-challenge of the dose that is kept: drawn and sealed anew, accepted before its first day.

What it found is told on the same page when it is over.
"""

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modicum.foundation.errors import InputError, Problem
from modicum.services.diary import Story
from modicum.services.diary.beginning import Beginning
from modicum.services.diary.keeping import is_kept
from modicum.services.diary.kept_dose import standing_of
from modicum.services.diary.story import RECHALLENGE
from modicum.services.following import maintained_of
from modicum.web.clinic.following.again import begin_again
from modicum.web.clinic.following.first import Late, by_whom, late_of
from modicum.web.clinic.following.forms import AgainForm
from modicum.web.clinic.following.keeping import again_said, dates_said
from modicum.web.clinic.following.looked import shown_of
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial, to_person
from modicum.web.clock import now
from modicum.web.store.models import Event
from modicum.web.stories import story_of


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def page(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """What a re-challenge is, and its first day; the one to come or under way; what those that are over found."""
    story, begun = followed.story, followed.story.begun
    if begun is None or not is_kept(story):
        return to_person(followed.participant)
    tomorrow = now().astimezone(ZoneInfo(begun.zone)).date() + dt.timedelta(days=1)
    form = AgainForm(
        request.POST if request.method == "POST" else None, earliest=tomorrow, initial={"first_day": tomorrow}
    )
    problems, offered = tuple[Problem, ...](), standing_of(story, now()).stage == "offered"
    if request.method == "POST" and offered and form.is_valid():
        try:
            after = begin_again(followed.participant, story, actor=followed.actor, now=now(), **form.cleaned_data)
        except InputError as error:
            problems = error.problems
        except ValueError:  # somebody else has accepted one at the same moment
            story, offered = story_of(story.trial), False
        else:
            mark_one(after)
            return to_person(followed.participant)
    context = {"participant": followed.participant, "form": form, "problems": problems, **_shown(story, begun)}
    if request.method != "POST" or offered:
        return render(request, "clinic/following/rechallenge.html", context)
    late = _late(followed, story, form)
    if late is None:
        return to_person(followed.participant)
    return render(request, "clinic/following/rechallenge.html", context | {"late": late, "story": story}, status=409)


def _shown(story: Story, begun: Beginning) -> dict[str, Any]:
    """Where the maintenance of the dose stands, and what earlier re-challenges found."""
    standing, kept = standing_of(story, now()), maintained_of(story, now())
    again, found = kept.again if kept else None, shown_of(story, now())
    finding = found[0] if found and standing.stage == "kept" and again is None else None
    return {
        "standing": standing,
        "plan": begun.protocol.maintenance,
        "reason": _("Half of the benefit seems lost.") if standing.reason == "effect lost" else "",
        "again": again,
        "again_words": again_said(again) if again else "",
        "again_dates": dates_said(again) if again else "",
        "found": found,
        "finding": finding,
        "caveat": any(one.sentence for one in found) and not (finding and finding.sentence),
    }


def _late(followed: Followed, story: Story, form: AgainForm) -> Late | None:
    """What was entered for a re-challenge that is not offered any more; None where it is the one that was accepted."""
    day, words = (str(form.data.get(name, "")) for name in ("first_day", "contribution"))
    first = Event.objects.filter(trial=story.trial, kind=RECHALLENGE, conflict=False).order_by("-sequence").first()
    if first is None:
        return replace(late_of(story, _("No re-challenge is offered now."), "", day, words), may_stop=False)
    if first.actor == followed.actor and first.said["begun"].startswith(day):
        return None
    at = dt.datetime.fromisoformat(first.received_at)
    said = _("Already accepted by %(who)s on %(day)s.")
    why = by_whom(said, followed.participant, first.actor, at)
    return replace(late_of(story, why, "", day, words), may_stop=False)
