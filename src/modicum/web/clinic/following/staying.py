"""Stopping a trial, holding its capsules, and ending a hold: each a page of its own, at most three presses away."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from modicum.records.chain import canonical, content_hash
from modicum.services.diary import Store, Story
from modicum.services.following import end_trial, hold, resume
from modicum.services.following.overview import overview_of
from modicum.supply import shipped_formulation
from modicum.web.clinic.following.forms import ReasonForm, ResumeForm
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial, to_person
from modicum.web.clinic.following.words import names
from modicum.web.clock import now
from modicum.web.language import marked
from modicum.web.stories import STORE, keep

Act = Callable[..., Story]


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def stop(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """Stop the trial, or the dose that was kept."""
    story = followed.story
    if story.stopped is not None or story.left:
        return to_person(followed.participant)
    return _asked(request, followed, end_trial, "clinic/following/stop.html", warnings=_warnings(story))


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def pause(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """Hold the capsules."""
    story = followed.story
    if story.stopped is not None or story.left or story.held:
        return to_person(followed.participant)
    return _asked(request, followed, hold, "clinic/following/hold.html")


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def go_on(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """End a hold, whoever or whatever began it."""
    story = followed.story
    if not story.halted and not story.held:
        return to_person(followed.participant)
    seen = content_hash(canonical({"halted": list(story.halted), "held": list(story.held)}))
    form = ResumeForm(request.POST if request.method == "POST" else None, seen=seen)
    context = {"medicines": names(story.halted), "reasons": story.held}
    return _asked(request, followed, resume, "clinic/following/resume.html", form, **context)


def _asked(
    request: HttpRequest,
    followed: Followed,
    act: Act,
    template: str,
    asking: ReasonForm | None = None,
    **context: Any,
) -> HttpResponseBase:
    """Ask for a reason, and then do it."""
    form = asking or ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        store: Store = STORE
        story = act(store, followed.story, form.cleaned_data["reason"], now=now(), actor=followed.actor)
        mark_one(keep(story))
        return to_person(followed.participant)
    overview = overview_of(followed.story, now())
    given = {"participant": followed.participant, "form": form, "overview": overview, "story": followed.story}
    return render(request, template, given | context)


def _warnings(story: Story) -> list[str]:
    """What the drug's own warnings say, among them those on stopping."""
    if story.begun is None:
        return []
    formulation = shipped_formulation(story.begun.protocol.drug.name)
    return [marked(one.text) for one in formulation.warnings if "stopping" in one.text.lower()]
