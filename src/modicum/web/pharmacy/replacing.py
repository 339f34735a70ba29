"""Replacing: a kit that was recalled, is beyond its date, lost or damaged is asked for again. No seal is opened."""

import os
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.replacing import Wanted, replace_kit, replaceable
from modicum.services.dispensing.supplies import Supplied
from modicum.web.accounts.models import Person, Role
from modicum.web.clinic.asking import asked_by
from modicum.web.pharmacy import words
from modicum.web.pharmacy.finding import Supplying, did, of_one_patient, to_kits
from modicum.web.pharmacy.forms import ReplaceForm
from modicum.web.pharmacy.planning import folder_of_course
from modicum.web.pharmacy.supplies import supplies_of

Offered = Sequence[tuple[KitPlan, Supplied]]


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PHARMACIST)
@of_one_patient
def replaced(request: HttpRequest, person: Person, found: Supplying) -> HttpResponseBase:
    """Ask for a kit again, and say why; it then waits to be made among the others."""
    form = ReplaceForm(request.POST or None)
    offered = _offered(person, found, request.POST.get("code", ""))
    form.fields["code"].choices = [(kit.code, words.kit(plan, kit)) for plan, kit in offered]  # pyright: ignore[reportAttributeAccessIssue] - a field of choices
    form.fields["reason"].choices = words.reasons()  # pyright: ignore[reportAttributeAccessIssue] - a field of choices

    def ask() -> None:
        wanted = Wanted(**form.cleaned_data)
        plan = next(plan for plan, kit in offered if kit.code == wanted.code)
        folder = folder_of_course(found.trial, plan.course)
        replace_kit(found.deed(person), plan, found.story, wanted, folder=folder, randomness=os.urandom)

    if did(form, ask, kit_code="code", reason="reason", why="why"):
        return to_kits(found.participant)
    context = {"participant": found.participant, "form": form, "offered": offered}
    return render(request, "pharmacy/replace.html", context)


def _offered(person: Person, found: Supplying, asked: str) -> Offered:
    """The kits that can be replaced, with their plans; and the one that is asked for, which is refused in words."""
    supplies, deed = supplies_of(found.trial), found.deed(person)
    courses = sorted({kit.course for kit in supplies.kits.values()})
    return [
        (plan, kit)
        for plan in (replace(found, course=course).plan() for course in courses)
        for kit in supplies.kits.values()
        if kit.course == plan.course and (kit.code == asked or replaceable(deed, plan, found.story, kit))
    ]
