"""Offering a blinded re-challenge of the dose that is kept: drawn and sealed anew, accepted before its first day.

What it found is told on the same page when it is over.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modicum.foundation.errors import InputError
from modicum.services.diary import Story
from modicum.services.diary.keeping import is_kept
from modicum.services.diary.kept_dose import standing_of
from modicum.web.clinic.following.again import begin_again
from modicum.web.clinic.following.forms import AgainForm
from modicum.web.clinic.following.looked import shown_of
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial, to_person
from modicum.web.clock import now


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def page(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """What a re-challenge is, and its first day; what those that are over found."""
    story, begun = followed.story, followed.story.begun
    standing = standing_of(story, now()) if is_kept(story) else None
    if begun is None or standing is None:
        return to_person(followed.participant)
    tomorrow = now().astimezone(ZoneInfo(begun.zone)).date() + dt.timedelta(days=1)
    form = AgainForm(
        request.POST if request.method == "POST" else None, earliest=tomorrow, initial={"first_day": tomorrow}
    )
    context: dict[str, Any] = {
        "participant": followed.participant,
        "form": form,
        "standing": standing,
        "plan": begun.protocol.maintenance,
        "reason": _("Half of the benefit seems lost.") if standing.reason == "effect lost" else "",
        "next": _next(story, tomorrow),
        "found": shown_of(story, now()),
    }
    if standing.stage == "kept" and context["next"] is None and context["found"]:
        context["finding"] = context["found"][0]
    if request.method == "POST" and standing.stage == "offered" and form.is_valid():
        try:
            after = begin_again(followed.participant, story, actor=followed.actor, now=now(), **form.cleaned_data)
        except InputError as error:
            context["problems"] = error.problems
        except ValueError:  # somebody else has accepted one at the same moment: what she accepted is shown
            return HttpResponseRedirect(request.path)
        else:
            mark_one(after)
            return to_person(followed.participant)
    return render(request, "clinic/following/rechallenge.html", context)


def _next(story: Story, tomorrow: dt.date) -> dt.date | None:
    """First day of a re-challenge that is still to come."""
    days = (one.begun.date() for one in story.rechallenges)
    return next((day for day in days if day >= tomorrow), None)
