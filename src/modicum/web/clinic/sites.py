"""Sites and their staff, for the operators who run them."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from modicum.web.accounts import staff
from modicum.web.accounts.codes import drawn
from modicum.web.accounts.models import Person, Role, Site
from modicum.web.accounts.recording import record_at
from modicum.web.accounts.recording import staff as staff_actor
from modicum.web.accounts.rules import may_renew
from modicum.web.accounts.selectors import (
    found_or_missing,
    memberships_visible_to,
    sites_visible_to,
    staff_visible_to,
)
from modicum.web.accounts.staff import RoleRefused
from modicum.web.clinic import words
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.forms import SiteForm, StaffForm


@require_safe
@asked_by(Role.OPERATOR)
def listed(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The sites that this person runs."""
    sites = list(sites_visible_to(person))
    return render(request, "clinic/sites.html", {"sites": sites, "heading": words.sites_run(len(sites))})


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.OPERATOR)
def add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Add a site; who adds it runs it."""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        site = form.save()
        staff.give_role(person=person, site=site, role=Role.OPERATOR, by=person)
        return HttpResponseRedirect(reverse("clinic:site", args=[site.pk]))
    return render(request, "clinic/add_site.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.OPERATOR)
def page(request: HttpRequest, person: Person, site: uuid.UUID) -> HttpResponseBase:
    """One site: its particulars, and who works there."""
    found = found_or_missing(sites_visible_to(person), site)
    form = SiteForm(request.POST or None, instance=Site.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        if changed := sorted(form.changed_data):
            before, after = ({name: said.get(name) for name in changed} for said in (form.initial, form.cleaned_data))
            record_at(found, "site-changed", staff_actor(person), changed=changed, before=before, after=after)
        form.save()
        return HttpResponseRedirect(reverse("clinic:site", args=[found.pk]))
    memberships = list(memberships_visible_to(person).filter(site=found))
    people = {one.person.pk: one.person for one in memberships}
    context = {
        "site": found,
        "form": form,
        "memberships": memberships,
        "renewable": {key for key, other in people.items() if may_renew(person, other)},
        "heading": words.staff_here(len(people)),
    }
    return render(request, "clinic/site.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.OPERATOR)
def add_staff(request: HttpRequest, person: Person, site: uuid.UUID) -> HttpResponseBase:
    """Give somebody a role at a site, and show the link to come in by."""
    found = found_or_missing(sites_visible_to(person), site)
    form = StaffForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invited = staff.invite(
                site=found,
                email=given["email"],
                name=given["name"],
                role=Role(given["role"]),
                by=person,
                language=given["language"],
            )
        except RoleRefused as refused:
            form.add_error("role", str(refused))
        else:
            return _handed_over(request, found, invited.person, invited.token)
    return render(request, "clinic/add_staff.html", {"form": form, "site": found})


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.OPERATOR)
def end_role(request: HttpRequest, person: Person, membership: uuid.UUID) -> HttpResponseBase:
    """Ask whether a role is to be taken away, and do it."""
    found = found_or_missing(memberships_visible_to(person), membership)
    back = reverse("clinic:site", args=[found.site.pk])
    context: dict[str, object] = {"membership": found, "role": Role(found.role).label, "back": back}
    if request.method == "POST":
        try:
            staff.take_role(found, by=person)
        except RoleRefused as refused:
            return render(request, "clinic/end_role.html", {**context, "refused": str(refused)}, status=409)
        own = found.person.pk == person.pk and found.role == Role.OPERATOR.value
        return HttpResponseRedirect(reverse("start") if own else back)
    return render(request, "clinic/end_role.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.OPERATOR)
def renew(request: HttpRequest, person: Person, other: uuid.UUID) -> HttpResponseBase:
    """Ask whether somebody is to get in anew, and show the link for it."""
    found = found_or_missing(staff_visible_to(person), other)
    if not may_renew(person, found):
        raise Http404
    membership = memberships_visible_to(person).filter(person=found).select_related("site")[0]
    if request.method == "POST":
        return _handed_over(request, membership.site, found, staff.renew(found, by=person))
    return render(request, "clinic/renew.html", {"other": found, "site": membership.site})


def _handed_over(request: HttpRequest, site: Site, person: Person, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("welcome", args=[token])) if token else ""
    context = {"site": site, "other": person, "link": link, "code": drawn(link) if link else ""}
    return render(request, "clinic/staff_invited.html", context)
