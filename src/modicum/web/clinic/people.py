"""People in a trial: the list, adding one, and the link for a phone."""

import datetime as dt
import uuid

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from modicum.web.accounts import participants
from modicum.web.accounts.codes import drawn
from modicum.web.accounts.invitations import invite
from modicum.web.accounts.models import Correction, Participant, Person, Role, Site
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clinic import words
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.enrolling.closing import closed_trials
from modicum.web.clinic.enrolling.reading import enrolling
from modicum.web.clinic.forms import AddingForm, ParticularsForm, new_token, zones


@require_safe
@asked_by(Role.PRESCRIBER)
def listed(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Everybody whom this prescriber may see."""
    living = Q(devices__revoked_at=None)
    people = participants_visible_to(person).annotate(
        phones=Count("devices", filter=living), heard=Max("devices__last_seen", filter=living)
    )
    context = {"people": people, "closed": closed_trials(), "heading": words.people_known(len(people))}
    return render(request, "clinic/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Add a participant, once for each form; the zone of whoever was added last at the site is suggested."""
    sites = Site.objects.filter(pk__in=person.sites_as(Role.PRESCRIBER)).order_by("name")
    last = participants_visible_to(person).filter(site=sites.first()).order_by("-number").first()
    suggested = {"site": sites.first(), "language": person.language, "zone": last.zone if last else ""}
    form = AddingForm(request.POST or None, initial={**suggested, "token": new_token()})
    form.fields["site"].queryset = sites  # pyright: ignore[reportAttributeAccessIssue] - a field of choices
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name in form.Meta.fields}
        added = participants.register(**given, trial=form.trial, prescriber=person, by=person)
        return HttpResponseRedirect(reverse("clinic:person", args=[added.pk]))
    return render(request, "clinic/add_person.html", {"form": form, "zones": zones()})


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def correct(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Correct name, date of birth, language or time zone; what they were stays on this page and on the record."""
    found = enrolling(person, participant)
    instance = Participant.objects.get(pk=participant)  # which the form fills in before anything is told
    begun = found.known.begun_at is not None
    form = ParticularsForm(request.POST or None, instance=instance, begun=begun)
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if changed:
            participants.correct(found.participant, changed, by=person)
        return HttpResponseRedirect(reverse("clinic:person", args=[participant]))
    context = {
        "participant": found.participant,
        "form": form,
        "zones": zones(),
        "begun": begun,
        "corrections": _corrections(found.participant),
    }
    return render(request, "clinic/correct.html", context)


def _corrections(participant: Participant) -> list[tuple[Correction, str, str, str]]:
    """Every particular that was corrected, the newest first: what it is called, what it was and what it is since."""
    found = Correction.objects.filter(participant=participant).select_related("by")
    return [
        (one, _named(name), _worded(name, one.before[name]), _worded(name, one.after[name]))
        for one in found
        for name in one.after
    ]


def _worded(particular: str, kept: str) -> str:
    """A particular as pages say it."""
    if particular == "born":
        return date_format(dt.date.fromisoformat(kept), "j F Y")
    return str(dict(settings.LANGUAGES).get(kept, kept)) if particular == "language" else kept


def _named(particular: str) -> str:
    return str(Participant._meta.get_field(particular).verbose_name)


@require_POST
@asked_by(Role.PRESCRIBER)
def invite_phone(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Make a link and show it, this once: it is kept nowhere."""
    found = found_or_missing(participants_visible_to(person), participant)
    invitation, token = invite(found, person)
    link = request.build_absolute_uri(reverse("join", args=[token]))
    context = {"participant": found, "link": link, "code": drawn(link), "until": invitation.expires_at}
    return render(request, "clinic/invited.html", context)
