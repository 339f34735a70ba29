"""The review of a period: what the rules decided, and the prescriber's answer to it."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modicum.services.diary import Story
from modicum.services.following import accept, override
from modicum.services.following.overview import Overview, overview_of
from modicum.services.following.reviews import Review, ground_of, reviews_of
from modicum.web.clinic.following import course
from modicum.web.clinic.following.actors import actors_said
from modicum.web.clinic.following.first import Late, by_whom, late_of, over_said
from modicum.web.clinic.following.forms import ACCEPT, HOLD, STOP, ReviewForm
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial, to_person
from modicum.web.clinic.following.words import decision_said, names, response_said, rule_named, rules_said
from modicum.web.clock import now
from modicum.web.language import said
from modicum.web.stories import STORE, keep

_HOW = {ACCEPT: "accepted", HOLD: "hold", STOP: "stop"}  # a choice, as an answer is kept


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def page(request: HttpRequest, followed: Followed, number: int) -> HttpResponseBase:
    """One decision, and what may be answered to it; whoever answers second is told who was first."""
    story, late = followed.story, None
    overview, reviews = _told(story)
    if not 1 <= number <= len(reviews):
        raise Http404
    review = reviews[number - 1]
    form = ReviewForm(request.POST if request.method == "POST" else None, only_accepted=review.after is None)
    if request.method == "POST" and review.standing == "open" and form.is_valid():
        story = _answer(followed, review, **form.cleaned_data)
        overview, reviews = _told(story)
        review = reviews[number - 1]
    if request.method == "POST" and review.standing != "open":
        late = _late(followed, story, review, form)
        if late is None:
            return to_person(followed.participant)
    ground = ground_of(review, overview)
    before = review.before.phase if review.before else ""
    context = {
        "participant": followed.participant,
        "review": review,
        "form": form,
        "ground": ground,
        "severe": names([said(label) for label in ground.severe]) if ground else "",
        "medicines": names(ground.medicines) if ground else "",
        "heading": decision_said(review.said),
        "rule": rule_named(review.said),
        "rules": rules_said(overview.protocol, review.said, before),
        "before": course.period_said(review.before) if review.before else "",
        "after": course.period_said(review.after) if review.after else "",
        "overview": overview,
        "response": _response(review),
        "late": late,
        "story": story,
        "earlier": [one for one in reviews[1 : number - 1] if one.response is not None],
    }
    return render(request, "clinic/following/review.html", context, status=409 if late else 200)


def _told(story: Story) -> tuple[Overview, tuple[Review, ...]]:
    overview = overview_of(story, now())
    return overview, reviews_of(story, overview)


def _answer(followed: Followed, review: Review, decision: str, reason: str = "") -> Story:
    """Answer a decision; whoever was first is left to stand."""
    given: dict[str, Any] = {"now": now(), "actor": followed.actor}
    if decision == ACCEPT:
        story = accept(STORE, followed.story, review.number, **given)
    else:
        how = "hold" if decision == HOLD else "stop"
        story = override(STORE, followed.story, review.number, how, reason, **given)
    story = keep(story)
    mark_one(story)
    return story


def _late(followed: Followed, story: Story, review: Review, form: ReviewForm) -> Late | None:
    """What was chosen and does not count; None where nothing was, or it is the very answer that counts."""
    chosen, reason = form.data.get("decision", ""), form.data.get("reason", "").strip()
    choices = {ACCEPT: _("Accept this decision"), HOLD: _("Hold the capsules"), STOP: _("Stop the trial")}
    response = review.response
    counts = response is not None and (response.how, response.actor) == (_HOW.get(chosen), followed.actor)
    is_hers = response is not None and counts and (response.how == "accepted" or response.reason == reason)
    if chosen not in choices or is_hers or review.standing == "nothing to answer":
        return None
    if response is not None:
        why = by_whom(_("Already answered by %(who)s on %(day)s."), followed.participant, response.actor, response.at)
        given = response.reason
    else:
        why, given = over_said(followed.participant, story)
    late = late_of(story, why or _("The next decision was taken since."), given, choices[chosen], reason)
    return replace(late, may_stop=False, may_hold=False) if chosen == ACCEPT else late


def _response(review: Review) -> str:
    response = review.response
    if response is None:
        return ""
    return response_said(response.how, actors_said([response.actor])[response.actor])
