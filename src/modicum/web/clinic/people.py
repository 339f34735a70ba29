"""People in a trial: the list, adding one, and the link for a phone."""

import uuid

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from modicum.web.accounts import participants
from modicum.web.accounts.codes import drawn
from modicum.web.accounts.invitations import invite
from modicum.web.accounts.models import Person, Role, Site
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clinic import words
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.forms import PersonForm, zones


@require_safe
@asked_by(Role.PRESCRIBER)
def listed(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Everybody whom this prescriber may see."""
    living = Q(devices__revoked_at=None)
    people = participants_visible_to(person).annotate(
        phones=Count("devices", filter=living), heard=Max("devices__last_seen", filter=living)
    )
    return render(request, "clinic/people.html", {"people": people, "heading": words.people_known(len(people))})


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Add a participant; the zone of whoever was added last at the site is suggested."""
    sites = Site.objects.filter(pk__in=person.sites_as(Role.PRESCRIBER)).order_by("name")
    last = participants_visible_to(person).filter(site=sites.first()).order_by("-number").first()
    suggested = {"site": sites.first(), "language": person.language, "zone": last.zone if last else ""}
    form = PersonForm(request.POST or None, initial=suggested)
    form.fields["site"].queryset = sites  # pyright: ignore[reportAttributeAccessIssue] - a field of choices
    if request.method == "POST" and form.is_valid():
        added = participants.register(**form.cleaned_data, prescriber=person, by=person)
        return HttpResponseRedirect(reverse("clinic:person", args=[added.pk]))
    return render(request, "clinic/add_person.html", {"form": form, "zones": zones()})


@require_POST
@asked_by(Role.PRESCRIBER)
def invite_phone(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Make a link and show it, this once: it is kept nowhere."""
    found = found_or_missing(participants_visible_to(person), participant)
    invitation, token = invite(found, person)
    link = request.build_absolute_uri(reverse("join", args=[token]))
    context = {"participant": found, "link": link, "code": drawn(link), "until": invitation.expires_at}
    return render(request, "clinic/invited.html", context)
