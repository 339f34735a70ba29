"""The pages of the operator: how the clinic is, and what is on the record."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from modicum.services.auditing import SEARCHED
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.selectors import sites_visible_to, staff_visible_to
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.forms import DateInput
from modicum.web.operating import words
from modicum.web.operating.health import examine
from modicum.web.operating.trail import Asked, Line, trail


class TrailForm(forms.Form):
    """What is looked for on the record."""

    number = forms.IntegerField(label=_("Number of the person"), min_value=1, max_value=10**9, required=False)
    kind = forms.ChoiceField(label=_("What"), required=False)
    actor = forms.ChoiceField(label=_("By whom"), required=False)
    day = forms.DateField(label=_("Day (UTC)"), required=False, widget=DateInput())
    site = forms.ChoiceField(label=_("Site"), required=False)

    def __init__(self, asked: Any, person: Person):
        super().__init__(asked)
        everything, anybody = [("", _("everything"))], [("", _("anybody"))]
        kinds = sorted(((kind, words.happened(kind)) for kind in SEARCHED), key=lambda pair: pair[1])
        staff = staff_visible_to(person).order_by("name").values_list("pk", "name")
        sites = [(str(site.pk), site.name) for site in sites_visible_to(person)]
        self._choose("kind", [*everything, *kinds])
        self._choose("actor", [*anybody, *((f"staff:{key}", name) for key, name in staff)])
        self._choose("site", [("", _("all of yours")), *sites])
        if len(sites) < 2:
            del self.fields["site"]

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # pyright: ignore[reportAttributeAccessIssue] - a field of choices


@require_safe
@asked_by(Role.OPERATOR)
def health(request: HttpRequest, person: Person) -> HttpResponseBase:
    """How the clinic is."""
    found = examine()
    context = {"health": found, "heading": words.needs(len(found.needs)), "free_gb": found.free[0] / 1e9}
    return render(request, "operating/health.html", {**context, "total_gb": found.free[1] / 1e9})


@require_safe
@asked_by(Role.OPERATOR)
def audit(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What is on the record."""
    form = TrailForm(request.GET, person)
    valid = form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if value} if valid else {}
    lines, more = trail(person, Asked(**given, before=_before(request))) if valid else ([], False)
    context = {
        "form": form,
        "days": _by_day(lines),
        "narrowed": bool(given),
        "newest": not _before(request),
        "first_page": f"?{urlencode(given)}" if given else "?",
        "older": f"?{urlencode({**given, 'before': lines[-1].event.sequence})}" if more else "",
    }
    return render(request, "operating/audit.html", context, status=200 if valid else 400)


def _before(request: HttpRequest) -> int:
    said = request.GET.get("before", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else 0


def _by_day(lines: list[Line]) -> list[tuple[dt.date, list[dict[str, Any]]]]:
    """The lines of each day, as the page shows them."""
    days: dict[dt.date, list[dict[str, Any]]] = {}
    for line in lines:
        days.setdefault(line.at.date(), []).append(_said(line))
    return list(days.items())


def _said(line: Line) -> dict[str, Any]:
    shown = line.shown
    return {
        "line": line,
        "what": words.happened(line.event.kind),
        "who": words.actor(line.actor),
        "facts": [(words.field(name), words.value(value)) for name, value in shown.facts],
        "why": words.value(shown.why),
        "changes": [(words.field(one.field), one.before, one.after) for one in shown.changes],
    }
