"""The first page of a new clinic: it makes the site and its first operator, as long as nobody is there.

Its address holds a mark that only this server can make. Whoever starts the server reads it there; it is good for two
days, and for nothing once there is anybody.
"""

import datetime as dt

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from modicum.web.accounts import staff
from modicum.web.accounts.forms import FoundingForm
from modicum.web.accounts.models import Person

VALID_FOR = dt.timedelta(hours=48)
_SIGNER = signing.TimestampSigner(salt="modicum.founding", sep=".")
_SAID = "new"


def founding_path() -> str:
    """The path of the page, for whoever starts the server; empty once there is anybody."""
    return "" if Person.objects.exists() else reverse("found", args=[_SIGNER.sign(_SAID)])


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest, mark: str) -> HttpResponseBase:
    """Ask for the site and its first operator, and make them."""
    if Person.objects.exists() or not _is_ours(mark):
        raise Http404
    form = FoundingForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "welcome/founding.html", {"form": form})
    given = form.cleaned_data
    invited = staff.found_site(
        name=given["site"],
        on_call=given["on_call"],
        pharmacy=given["pharmacy"],
        email=given["email"],
        operator=given["name"],
        language=given["language"],
    )
    person = staff.come_in(invited.token, name=given["name"], password=given["password"])
    login(request, person)
    reauthenticate_by_password(request)
    return HttpResponseRedirect(reverse("mfa_index"))


def _is_ours(mark: str) -> bool:
    try:
        return _SIGNER.unsign(mark, max_age=VALID_FOR) == _SAID
    except signing.BadSignature:
        return False
