"""The pages of an answer: read and sign it, then have the order opened and see that it is the one that was sealed."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from modicum.services.diary.answering import is_left, want_answer
from modicum.services.revealing import ask_for_reveal, sign
from modicum.web.accounts.models import Participant, Person, Role
from modicum.web.accounts.recording import staff
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clinic.answering.forms import WantForm
from modicum.web.clinic.answering.held import reviews_of, rows_of
from modicum.web.clinic.answering.papers import commands_of
from modicum.web.clinic.answering.sheets import read_sheet
from modicum.web.clinic.answering.standing import Standing, not_yet, standing_of
from modicum.web.clinic.answering.tasks import is_whole, make_again, open_order, progress_of
from modicum.web.clinic.asking import asked_by
from modicum.web.clock import now
from modicum.web.language import language
from modicum.web.stories import STORE, keep, story_of


@require_safe
@asked_by(Role.PRESCRIBER)
def answer(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """The answer, as far as it may be shown: before the reveal without anything of a period."""
    standing = _standing(person, participant)
    if standing.closing.answered is None:
        return _without_answer(request, standing)
    sheet = read_sheet(standing.trial, language()) if is_whole(standing.trial) else None
    if sheet is None:
        context = {**_context(standing), "progress": progress_of(make_again, standing.trial)}
        return render(request, "clinic/answering/lost.html", context)
    parts = sheet.after if standing.opened is not None else sheet.before
    return render(request, "clinic/answering/answer.html", {**_context(standing), "sheet": sheet, "parts": parts})


@require_POST
@asked_by(Role.PRESCRIBER)
def want(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Have the trial of a person who left answered, since she wants to know what it shows."""
    standing = _standing(person, participant)
    story = story_of(standing.trial)
    if not is_left(story):
        return _to("answer", standing)
    form = WantForm(request.POST)
    if not form.is_valid():
        return _without_answer(request, standing, form)
    keep(want_answer(STORE, story, now=now(), actor=staff(person)))
    return _to("answer", standing)


@require_POST
@asked_by(Role.PRESCRIBER)
def sign_answer(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Sign the answer; who has not been asked for long who she is is asked again."""
    standing = _standing(person, participant)
    if standing.closing.answered is None or not is_whole(standing.trial):
        return _to("answer", standing)

    def signed(_request: HttpRequest) -> HttpResponseBase:
        sign(STORE, standing.trial, standing.closing, now=now(), actor=staff(person))
        return _to("reveal", standing)

    asked_again = cast("Callable[[HttpRequest], HttpResponseBase]", reauthentication_required(signed))
    return asked_again(request)


@require_POST
@asked_by(Role.PRESCRIBER)
def make_pages_again(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Have the pages of an answer made again, where they are lost."""
    standing = _standing(person, participant)
    lost = standing.closing.answered is not None and not is_whole(standing.trial)
    if lost and not progress_of(make_again, standing.trial).waiting:
        make_again.enqueue(trial=standing.trial)
    return _to("answer", standing)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def reveal(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """The order: still sealed, being opened, or open and proved. Before the signature there is no such page."""
    standing = _standing(person, participant)
    if standing.closing.signed is None:
        return _to("answer", standing)
    if request.method == "POST":
        if standing.opened is None:
            ask_for_reveal(STORE, standing.trial, standing.closing, now=now(), actor=staff(person))
            if not progress_of(open_order, standing.trial).waiting:  # each time that it is done the seal is opened
                open_order.enqueue(trial=standing.trial)
        return _to("reveal", standing)
    if standing.opened is None:
        context = {**_context(standing), "progress": progress_of(open_order, standing.trial)}
        return render(request, "clinic/answering/sealed.html", context)
    reviews = reviews_of(standing.opened.held, standing.closing.result, standing.begun.protocol)
    context = {
        **_context(standing),
        "heading": _said_of(standing),
        "rows": rows_of(standing.opened.held, standing.closing.result),
        "reviews": reviews,
        "by_chances": any(one.chances for one in reviews),
        "commands": commands_of(standing),
        "head": STORE.head(),
    }
    return render(request, "clinic/answering/revealed.html", context)


def _standing(person: Person, participant: uuid.UUID) -> Standing:
    found: Participant = found_or_missing(participants_visible_to(person), participant)
    return standing_of(found)


def _without_answer(request: HttpRequest, standing: Standing, form: WantForm | None = None) -> HttpResponseBase:
    """Why there is no answer yet; of a trial that was left, the question whether its person wants one."""
    story = story_of(standing.trial)
    heading, lead = not_yet(story)
    asking = (form or WantForm()) if is_left(story) else None
    context = {"participant": standing.participant, "heading": heading, "lead": lead, "form": asking}
    return render(request, "clinic/answering/not_yet.html", context)


def _to(name: str, standing: Standing) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"clinic:{name}", args=[standing.participant.pk]))


def _context(standing: Standing) -> dict[str, Any]:
    return {"participant": standing.participant, "standing": standing, **standing.acts}


def _said_of(standing: Standing) -> str:
    """The finding of the reveal."""
    if standing.forged:
        return _("Not everything is as it was sealed.")
    return (
        _("The seal is intact.") if standing.begun.allocation else _("Nothing was sealed, and the diary is the same.")
    )
