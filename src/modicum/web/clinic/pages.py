"""The first page of the staff, and the page on oneself."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from modicum.web.accounts.models import Membership, Person, Role
from modicum.web.clinic import words
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.following.worklist import behind_said, more_said, quiet_said, worklist_for
from modicum.web.clinic.forms import AccountForm
from modicum.web.clinic.shell import rooms_of
from modicum.web.clock import now
from modicum.web.pharmacy.orders import said_of, waiting_for

_DIGITS = 7  # of a number of people


@require_safe
@asked_by()
def start(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Who needs this person today, and why."""
    given = request.GET.get("after", "")
    skipped = int(given) if given.isdecimal() and len(given) < _DIGITS else 0
    found = worklist_for(person, now(), skipped)
    left = found.people - skipped - len(found.rows)
    prescribes = bool(person.sites_as(Role.PRESCRIBER))
    heading, *also = [*([words.people_needing(found.people)] if prescribes else []), *_of_pharmacy(person)] or [
        _("Your work is here.")
    ]
    context = {
        "heading": heading,
        "also": also,
        "rooms": [] if prescribes else rooms_of(request),
        "more": more_said(left) if found.rows and left > 0 else "",
        "after": skipped + len(found.rows),
        "waiting": found.rows,
        "behind": behind_said(found.behind) if found.behind else "",
        "quiet": quiet_said(found.running) if found.running else "",
        "today": now(),
        "prescribes": prescribes,
    }
    return render(request, "clinic/start.html", context)


def _of_pharmacy(person: Person) -> list[str]:
    """What waits for a pharmacist, the most urgent first; nothing for anybody else."""
    if not person.sites_as(Role.PHARMACIST):
        return []
    return said_of(waiting_for(person)) or [_("Nothing is to be made or handed out.")]


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by()
def account(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Name, language, password and second factors of the person who asks."""
    form = AccountForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        return HttpResponseRedirect(reverse("clinic:account"))
    return render(request, "clinic/account.html", {"form": form, "roles": _roles(person)})


def _roles(person: Person) -> list[str]:
    memberships = Membership.objects.filter(person=person).select_related("site").order_by("site__name", "role")
    return [f"{Role(one.role).label}, {one.site.name}" for one in memberships]
