"""The page of the analyst, and the archive that she takes with her."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from modicum.services.sharing import SMALLEST, gate
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.recording import staff
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.words import counted
from modicum.web.research.exports import Exported, exports_known_to
from modicum.web.research.offers import Offered, offered_to
from modicum.web.research.tasks import archive_of, ask_for_export, is_kept, waiting_for

FILE = "modicum-trials.zip"
AGES = (
    gettext_noop("under 20"),
    gettext_noop("20 to 29"),
    gettext_noop("30 to 39"),
    gettext_noop("40 to 49"),
    gettext_noop("50 to 59"),
    gettext_noop("60 to 69"),
    gettext_noop("70 to 79"),
    gettext_noop("80 or more"),
    gettext_noop("not told"),
)


class GroupForm(forms.Form):
    """How many trials have to be alike."""

    k = forms.IntegerField(
        label=_("Smallest group"),
        help_text=_("A trial leaves only where so many share protocol and age. Five is the least."),
        min_value=SMALLEST,
        max_value=50,
    )


@dataclass(frozen=True)
class Cell:
    """Trials that are alike from outside.

    Args:
        protocol: their name.
        age: of their persons, in words.
        virtual: whether they are of virtual patients.
        trials: how many.
    """

    protocol: str
    age: str
    virtual: bool
    trials: int


@require_safe
@asked_by(Role.ANALYST)
def page(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What may leave, and what was exported before."""
    form = GroupForm(request.GET if "k" in request.GET else {"k": SMALLEST})
    k = form.cleaned_data["k"] if form.is_valid() else SMALLEST
    return _shown(request, person, form, offered_to(person), k=k)


@require_POST
@asked_by(Role.ANALYST)
def export(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Have the archive made; that it was is on the record before it can be taken."""
    form, offered = GroupForm(request.POST), offered_to(person)
    if not form.is_valid():
        return _shown(request, person, form, offered, k=SMALLEST, status=400)
    k = form.cleaned_data["k"]
    if not any(gate([one.traits for one in offered.offers], k)):
        return _shown(request, person, form, offered, k=k, status=409)
    ask_for_export(person, k)
    return HttpResponseRedirect(reverse("research:page"))


@require_safe
@asked_by(Role.ANALYST)
def archive(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The archive that this person asked for, for a day; not there for anybody else, nor once she may not have it."""
    key = request.GET.get("export", "")
    if not key:
        return _shown(request, person, GroupForm({"k": SMALLEST}), offered_to(person), k=SMALLEST, status=400)
    found = next((one for one in exports_known_to(person) if one.key == key), None)
    if found is None or not _may_take(person, found):
        raise Http404
    content = archive_of(key).read_bytes()
    return HttpResponse(
        content, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{FILE}"'}
    )


def _may_take(person: Person, found: Exported) -> bool:
    """Whether somebody asked for an archive, is analyst of all of its sites still, and it is kept still."""
    own = found.actor == staff(person) and found.sites <= set(person.sites_as(Role.ANALYST))
    return own and is_kept(found.key)


def _shown(
    request: HttpRequest, person: Person, form: GroupForm, offered: Offered, *, k: int, status: int = 200
) -> HttpResponse:
    cells = Counter(gate([one.traits for one in offered.offers], k))
    withheld = cells.pop(None, 0)
    leaving = sum(cells.values())
    shown = [
        Cell(one.protocol, gettext(one.age_band), one.virtual, number)
        for one, number in cells.items()
        if one is not None
    ]
    context = {
        "heading": _leaving(leaving),
        "form": form,
        "k": k,
        "cells": sorted(shown, key=lambda one: (one.protocol, one.age, one.virtual)),
        "leaving": leaving,
        "withheld": withheld,
        "agreed": len(offered.offers),
        "begun": offered.begun,
        "exports": [(one, _may_take(person, one)) for one in exports_known_to(person)],
        "waiting": waiting_for(person),
    }
    return render(request, "research/page.html", context, status=status)


def _leaving(number: int) -> str:
    """How many trials may leave."""
    words = ngettext("One trial can be exported.", "%(number)s trials can be exported.", number)
    return words % {"number": counted(number)} if number else gettext("No trial can be exported yet.")
