"""Listing clinics: a table is looked through, shown as it would be, and taken only then."""

import uuid

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from modicum.foundation.errors import OptionsError, Problem
from modicum.services.directory import COLUMNS, MOST_BYTES, read_listings
from modicum.web.accounts.models import Person, Role, Site
from modicum.web.accounts.selectors import found_or_missing, sites_visible_to
from modicum.web.clinic.asking import asked_by
from modicum.web.directory.record import enlist, listings, strike
from modicum.web.operating import words


class TableForm(forms.Form):
    """A table, as a file or as text."""

    file = forms.FileField(label=_("A file (CSV)"), required=False)
    table = forms.CharField(
        label=_("Or the table itself"),
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "class": "in"}),
    )

    @property
    def content(self) -> bytes:
        """What was given: the file, or else the text."""
        file = self.cleaned_data.get("file")
        return file.read(MOST_BYTES + 1) if file else self.cleaned_data.get("table", "").encode()


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.OPERATOR)
def page(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Which of one's clinics can be found; and a table looked through."""
    if request.method != "POST":
        return _shown(request, person, TableForm())
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, person, form, status=400)
    content = form.content
    try:
        read = read_listings(content, _sites(person))
    except OptionsError as error:
        kept = TableForm({"table": content.decode(errors="replace")[:MOST_BYTES]})
        return _shown(request, person, kept, error.problems, status=422)
    context = {
        "heading": words.clinics_to_list(len(read)),
        "read": read,
        "text": content.decode("utf-8-sig"),
        "known": {one.name for one in listings(person.sites_as(Role.OPERATOR)).values()},
    }
    return render(request, "operating/take_clinics.html", context)


@require_POST
@asked_by(Role.OPERATOR)
def take(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Take a table that was shown; it is looked through again, since it comes from a page."""
    form, sites = TableForm(request.POST), _sites(person)
    if not form.is_valid():
        return _shown(request, person, form, status=400)
    try:
        read = read_listings(form.content, sites)
    except OptionsError as error:
        return _shown(request, person, form, error.problems, status=422)
    before = listings(person.sites_as(Role.OPERATOR))
    for one in read:
        enlist(sites[one.name], one, before.get(sites[one.name].pk), person)
    return HttpResponseRedirect(reverse("operating:clinics"))


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.OPERATOR)
def remove(request: HttpRequest, person: Person, site: uuid.UUID) -> HttpResponseBase:
    """Ask whether a clinic is to be taken off the list, and do it."""
    found = found_or_missing(sites_visible_to(person), site)
    listing = listings([found.pk]).get(found.pk)
    if request.method == "POST":
        if listing is not None:
            strike(found, listing, person)
        return HttpResponseRedirect(reverse("operating:clinics"))
    return render(request, "operating/remove_clinic.html", {"site": found, "listing": listing})


def _sites(person: Person) -> dict[str, Site]:
    return {site.name: site for site in sites_visible_to(person)}


def _shown(
    request: HttpRequest,
    person: Person,
    form: TableForm,
    problems: tuple[Problem, ...] = (),
    *,
    status: int = 200,
) -> HttpResponseBase:
    found = listings(person.sites_as(Role.OPERATOR))
    context = {
        "heading": words.clinics_listed(len(found)),
        "found": sorted(found.items(), key=lambda pair: pair[1].name),
        "form": form,
        "problems": problems,
        "columns": ",".join(COLUMNS),
        "example": _EXAMPLE,
    }
    return render(request, "operating/clinics.html", context, status=status)


_EXAMPLE = "Harbour Street,1 Harbour Street,Tilbury,RM18 7AA,GB,+44 20 7946 0000,https://clinic.example.org,en pl"
