"""The review of a period: what the rules decided, and the prescriber's answer to it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from modicum.services.following import accept, override
from modicum.services.following.overview import overview_of
from modicum.services.following.reviews import Review, ground_of, reviews_of
from modicum.web.clinic.following import course
from modicum.web.clinic.following.actors import actors_said
from modicum.web.clinic.following.forms import ACCEPT, ReviewForm
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial, to_person
from modicum.web.clinic.following.words import decision_said, names, response_said, rule_named, rules_said
from modicum.web.clock import now
from modicum.web.language import said
from modicum.web.stories import STORE, keep


@require_http_methods(["GET", "HEAD", "POST"])
@of_trial
def page(request: HttpRequest, followed: Followed, number: int) -> HttpResponseBase:
    """One decision, and what may be answered to it."""
    overview = overview_of(followed.story, now())
    reviews = reviews_of(followed.story, overview)
    if not 1 <= number <= len(reviews):
        raise Http404
    review = reviews[number - 1]
    form = ReviewForm(request.POST if request.method == "POST" else None, only_accepted=review.after is None)
    if request.method == "POST" and review.standing != "open":
        return to_person(followed.participant)
    if request.method == "POST" and form.is_valid():
        _answer(followed, review, **form.cleaned_data)
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
        "earlier": [one for one in reviews[1 : number - 1] if one.response is not None],
    }
    return render(request, "clinic/following/review.html", context)


def _answer(followed: Followed, review: Review, decision: str, reason: str = "") -> None:
    """Answer a decision; whoever was first is left to stand."""
    given: dict[str, Any] = {"now": now(), "actor": followed.actor}
    if decision == ACCEPT:
        story = accept(STORE, followed.story, review.number, **given)
    else:
        how = "hold" if decision == "hold" else "stop"
        story = override(STORE, followed.story, review.number, how, reason, **given)
    mark_one(keep(story))


def _response(review: Review) -> str:
    response = review.response
    if response is None:
        return ""
    return response_said(response.how, actors_said([response.actor])[response.actor])
