"""Stopping a trial, holding its capsules, and ending a hold: each a page of its own, at most three presses away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modicum.records.chain import canonical, content_hash
from modicum.services.diary import Store, Story
from modicum.services.following import end_trial, hold, resume
from modicum.services.following.earlier import Earlier, held_before, resumed_before, stopped_before
from modicum.services.following.overview import overview_of
from modicum.supply import shipped_formulation
from modicum.web.accounts.models import Participant
from modicum.web.clinic.following.first import Late, by_whom, late_of, over_said
from modicum.web.clinic.following.forms import ReasonForm, ResumeForm
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial, to_person
from modicum.web.clinic.following.words import names
from modicum.web.clock import now
from modicum.web.language import marked
from modicum.web.stories import STORE, keep


@dataclass(frozen=True)
class Step:
    """Something that staff do with a reason.

    Args:
        do: has the store told of it.
        template: of the page that asks for the reason.
        first: who has done it already; None where nobody has.
        past: why it cannot be done any more, and the reason of that; "" where it can.
    """

    do: Callable[..., Story]
    template: str
    first: Callable[[Story], Earlier | None]
    past: Callable[[Participant, Story], tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def stop(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """Stop the trial, or the dose that was kept."""
    return _asked(request, followed, _STOP, warnings=_warnings(followed.story))


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def pause(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """Hold the capsules."""
    return _asked(request, followed, _HOLD)


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def go_on(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """End a hold, whoever or whatever began it."""
    story = followed.story
    seen = content_hash(canonical({"halted": list(story.halted), "held": list(story.held)}))
    form = ResumeForm(request.POST if request.method == "POST" else None, seen=seen)
    context = {"medicines": names(story.halted), "reasons": story.held}
    return _asked(request, followed, _RESUME, form, **context)


def _asked(
    request: HttpRequest, followed: Followed, step: Step, asking: ReasonForm | None = None, **context: Any
) -> HttpResponseBase:
    """Ask for a reason, and then do it; whoever comes second is told who was first."""
    participant, story, done = followed.participant, followed.story, False
    form = asking or ReasonForm(request.POST if request.method == "POST" else None)
    past = step.past(participant, story)
    if request.method == "POST" and not past[0] and form.is_valid():
        store: Store = STORE
        story = keep(step.do(store, story, form.cleaned_data["reason"], now=now(), actor=followed.actor))
        mark_one(story)
        done, past = True, step.past(participant, story)
    given = {"participant": participant, "form": form, "overview": overview_of(story, now()), "story": story}
    if not done and not past[0]:
        return render(request, step.template, given | context)
    late = _late(request, followed, story, step, past)
    if late is None:
        return to_person(participant)
    return render(request, "clinic/following/late.html", given | {"late": late}, status=409)


def _late(request: HttpRequest, followed: Followed, story: Story, step: Step, past: tuple[str, str]) -> Late | None:
    """What was entered and does not count; None where nothing was, or it is the same that was done already."""
    entered, first = request.POST.get("reason", "").strip(), step.first(story)
    is_hers = first is not None and first.is_of(followed.actor, entered)
    return late_of(story, *past, entered) if entered and past[0] and not is_hers else None


def _past_hold(participant: Participant, story: Story) -> tuple[str, str]:
    held = held_before(story)
    if held is None or story.stopped is not None or story.left:
        return over_said(participant, story)
    return by_whom(_("Already held by %(who)s, since %(day)s."), participant, held.actor, held.at), held.reason


def _past_resume(participant: Participant, story: Story) -> tuple[str, str]:
    if story.halted or story.held:
        return "", ""
    ended = resumed_before(story)
    if ended is None:
        return _("No capsule is on hold."), ""
    return by_whom(_("The hold was ended by %(who)s on %(day)s."), participant, ended.actor, ended.at), ended.reason


def _warnings(story: Story) -> list[str]:
    """What the drug's own warnings say, among them those on stopping."""
    if story.begun is None:
        return []
    formulation = shipped_formulation(story.begun.protocol.drug.name)
    return [marked(one.text) for one in formulation.warnings if "stopping" in one.text.lower()]


_STOP = Step(end_trial, "clinic/following/stop.html", stopped_before, over_said)
_HOLD = Step(hold, "clinic/following/hold.html", held_before, _past_hold)
_RESUME = Step(resume, "clinic/following/resume.html", resumed_before, _past_resume)
