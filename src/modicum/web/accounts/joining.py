"""The two links that somebody is handed: by one a phone is joined, by the other a member of the staff comes in.

Looking at a link never uses it up, since messengers and mail look at links before people do.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from modicum.web.accounts import devices
from modicum.web.accounts.invitations import Found, InvitationRefused, State, find

DIARY = "/diary/"
_GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say what the link is for; on the press of its button, make this phone one that keeps the diary."""
    found = find(token)
    language = found.invitation.participant.language if found.invitation else translation.get_language()
    with translation.override(language):
        response = _joined(request, token, found)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _joined(request: HttpRequest, token: str, found: Found) -> HttpResponseBase:
    held = devices.device_of(request)
    if held is not None and found.invitation is not None:
        if held.participant == found.invitation.participant:
            return HttpResponseRedirect(DIARY)
        return render(request, "join/other_diary.html", status=409)
    if found.state is not State.OPEN or found.invitation is None:
        return _refused(request, found.state)
    if request.method != "POST":
        return render(request, "join/join.html", {"participant": found.invitation.participant})
    try:
        _device, secret = devices.enrol(token, kind=devices.kind_of(request))
    except InvitationRefused as refused:
        return _refused(request, refused.state)
    response = HttpResponseRedirect(f"{DIARY}#new")
    devices.keep(response, secret)
    return response


def _refused(request: HttpRequest, state: State) -> HttpResponse:
    return render(request, "join/refused.html", {"state": state}, status=404 if state is State.UNKNOWN else _GONE)
