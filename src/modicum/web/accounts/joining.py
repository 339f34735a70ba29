"""The two links that somebody is handed: by one a phone is joined, by the other a member of the staff comes in.

Looking at a link never uses it up, since messengers and mail look at links before people do.
"""

from collections.abc import Mapping

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from modicum.web.accounts import devices, staff
from modicum.web.accounts.forms import WelcomeForm
from modicum.web.accounts.invitations import Found, InvitationRefused, State, find
from modicum.web.accounts.models import Person

DIARY = "/diary/"  # the page of the app, which is the same for everybody
_GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say what the link is for; on the press of its button, make this phone one that keeps the diary."""
    found = find(token)
    language = found.invitation.participant.language if found.invitation else translation.get_language()
    with translation.override(language):
        response = _joined(request, token, found)
        response["Content-Language"] = language
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponseBase:
    """Let a member of the staff set a password; then she is logged in, and sets up a second factor."""
    invitation, state = staff.find(token)
    language = invitation.person.language if invitation else translation.get_language()
    with translation.override(language):
        if invitation is None or state is not State.OPEN:
            response = _refused(request, state, "welcome/refused.html", {})
        else:
            response = _welcomed(request, token, invitation.person)
        response["Content-Language"] = language
    return response


def _welcomed(request: HttpRequest, token: str, person: Person) -> HttpResponseBase:
    form = WelcomeForm(request.POST or None, person=person, initial={"name": person.name})
    if request.method != "POST" or not form.is_valid():
        return render(request, "welcome/welcome.html", {"form": form, "person": person})
    try:
        person = staff.come_in(token, **form.cleaned_data)
    except InvitationRefused as refused:
        return _refused(request, refused.state, "welcome/refused.html", {})
    login(request, person)
    reauthenticate_by_password(request)
    return HttpResponseRedirect(reverse("mfa_index"))


def _joined(request: HttpRequest, token: str, found: Found) -> HttpResponseBase:
    held = devices.device_of(request)
    participant = found.invitation.participant if found.invitation else None
    if held is not None and participant is not None:
        if held.participant == participant:
            return HttpResponseRedirect(DIARY)
        return render(request, "join/other_diary.html", {"site": participant.site}, status=409)
    context = {"participant": participant, "site": participant.site if participant else None, "diary": DIARY}
    if found.state is not State.OPEN:
        return _refused(request, found.state, "join/refused.html", context)
    if request.method != "POST":
        apple = devices.kind_of(request) in ("iPhone", "iPad")
        return render(request, "join/join.html", {**context, "apple": apple})
    try:
        _device, secret = devices.enrol(token, kind=devices.kind_of(request))
    except InvitationRefused as refused:
        return _refused(request, refused.state, "join/refused.html", context)
    response = HttpResponseRedirect(f"{DIARY}#new")
    devices.keep(response, secret)
    return response


def _refused(request: HttpRequest, state: State, template: str, context: Mapping[str, object]) -> HttpResponse:
    status = 404 if state is State.UNKNOWN else _GONE
    return render(request, template, {**context, "reason": state.reason}, status=status)
