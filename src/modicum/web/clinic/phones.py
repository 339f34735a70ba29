"""The phones of a site: the list, and revoking one."""

import uuid

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from modicum.web.accounts import devices
from modicum.web.accounts.models import Device, Person, Role
from modicum.web.accounts.rules import may
from modicum.web.accounts.selectors import devices_visible_to, found_or_missing
from modicum.web.clinic import words
from modicum.web.clinic.asking import asked_by


@require_safe
@asked_by(Role.PRESCRIBER, Role.OPERATOR)
def listed(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Every phone of the sites of this person; names for prescribers, numbers for everybody else."""
    phones = list(devices_visible_to(person).order_by("participant__site__name", "participant__number", "-made_at"))
    named = {phone.pk for phone in phones if may(person, "see_participant", phone)}
    living = sum(1 for phone in phones if phone.revoked_at is None)
    context = {"phones": phones, "named": named, "heading": words.phones_in_use(living)}
    return render(request, "clinic/phones.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER, Role.OPERATOR)
def revoke(request: HttpRequest, person: Person, device: uuid.UUID) -> HttpResponseBase:
    """Ask whether a phone is to be revoked, and do it."""
    found = found_or_missing(devices_visible_to(person), device)
    if request.method == "POST":
        devices.revoke(found, by=person)
        return HttpResponseRedirect(_back(person, found))
    context = {"phone": found, "named": may(person, "see_participant", found), "back": _back(person, found)}
    return render(request, "clinic/revoke.html", context)


def _back(person: Person, device: Device) -> str:
    if may(person, "see_participant", device):
        return reverse("clinic:person", args=[device.participant.pk])
    return reverse("clinic:phones")
