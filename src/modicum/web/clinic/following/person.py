"""The page on one person: what she needs, her diary, where her trial is, what was decided, her phones."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from modicum.services.diary import Story
from modicum.services.diary.answering import is_left
from modicum.services.diary.keeping import is_kept
from modicum.services.enrolling import enrolment_of
from modicum.services.enrolling.stages import stage
from modicum.services.following import known_of, maintained_of, marks_of, needs_of, note
from modicum.services.following.overview import Overview, overview_of
from modicum.services.following.reviews import reviews_of
from modicum.services.revealing import REVEALED
from modicum.web.accounts.models import Device, Invitation, Participant, Person, Role
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clinic import words
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling.closing import closed_said
from modicum.web.clinic.following import course
from modicum.web.clinic.following.evenings import complaints_said, evenings_said
from modicum.web.clinic.following.keeping import upkeep_of
from modicum.web.clinic.following.marking import mark_one
from modicum.web.clinic.following.opened import Followed, of_trial, to_person
from modicum.web.clinic.following.words import decision_said, need_said, rule_named
from modicum.web.clinic.following.worklist import address_of, address_of_need
from modicum.web.clock import now
from modicum.web.language import inside, said
from modicum.web.stories import STORE, keep, story_of

_NOTED = ("severe", "complaint", "medicine", "wrote", "opened", "gone", "missed", "looked")


@require_safe
@asked_by(Role.PRESCRIBER)
def page(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """One participant; before her trial begins, the way into it and her phones."""
    found = found_or_missing(participants_visible_to(person), participant)
    story = story_of(found.trial)
    context = _phones(found)
    if story.begun is None:
        known = enrolment_of(story.beside)
        stands = stage(known, found.date_at(now()))
        context |= {"enrol": address_of(f"clinic:{stands.page}", found), "heading": context["phones_said"]}
        context |= {"closed": closed_said(known)}
        return render(request, "clinic/person.html", context)
    return render(request, "clinic/following/person.html", context | _trial(found, story))


@require_POST
@of_trial
def noted(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """Take note of all that the page showed."""
    shown = request.POST.get("shown", "")
    if shown.isdecimal() and len(shown) < 16:
        mark_one(keep(note(STORE, followed.story, int(shown), now=now(), actor=followed.actor)))
    return to_person(followed.participant)


def _phones(found: Participant) -> dict[str, Any]:
    phones = list(Device.objects.filter(participant=found))
    waiting = Invitation.objects.filter(participant=found, used_at=None, withdrawn_at=None, expires_at__gt=now())
    living = sum(1 for phone in phones if phone.revoked_at is None)
    return {
        "participant": found,
        "phones": phones,
        "phones_said": words.phones_kept(living),
        "waiting": waiting.first(),
        "language": dict(settings.LANGUAGES).get(found.language, found.language),
    }


def _trial(found: Participant, story: Story) -> dict[str, Any]:
    at = now()
    overview, known, maintained = overview_of(story, at), known_of(story), maintained_of(story, at)
    upkeep = upkeep_of(maintained) if maintained else None
    needs = needs_of(marks_of(story), at)
    needed = [(need_said(need), address_of_need(found, need)) for need in needs]
    over = bool(story.left or story.stopped or story.answered or story.ended)
    decisions = [(one, decision_said(one.said), rule_named(one.said)) for one in reversed(reviews_of(story, overview))]
    return {
        "story": story,
        "overview": overview,
        "heading": needed[0][0].what if needed else upkeep.heading if upkeep else _quiet(overview, over=over),
        "upkeep": upkeep,
        "kicker": _kicker(overview),
        "needs": needed,
        "notable": any(need.what in _NOTED for need in needs),
        "over": over,
        "courses": course.courses(overview),
        "course_words": course.course_in_words(overview),
        "strips": course.strips(overview, over=over),
        "strip_words": course.strip_in_words(overview),
        "decisions": decisions,
        "openings": known.openings,
        "answered": overview.answered(),
        "revealed": any(event.kind == REVEALED for event in story.beside),
        "taken": overview.taken(),
        "complaints": complaints_said(overview),
        "report": address_of("clinic:answer", found) if story.answered else "",
        "unasked": is_left(story),
        "kept": is_kept(story),
        "days": evenings_said(overview),
    }


def _quiet(overview: Overview, *, over: bool) -> str:
    period = overview.period
    if over:
        return _("This trial asks for nothing more.")
    if period is None:
        return _("The trial begins on its first day.")
    share = overview.answered(period.first_day, period.last_day)
    words_of_period = _("%(part)s of %(whole)s evenings of this period are in.")
    return words_of_period % {"part": share.part, "whole": share.whole}


def _kicker(overview: Overview) -> str:
    period = overview.period
    parts = [said(overview.protocol.title), _("day %(day)s") % {"day": overview.today}]
    if period is not None:
        parts.append(inside(course.period_said(period)))
        parts += [inside(said(period.title))] * bool(period.place)
    return ", ".join(parts)
