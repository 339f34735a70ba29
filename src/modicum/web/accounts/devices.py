"""Phones: joined by an invitation, known by a token in a cookie, refused from the request after they are revoked."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from modicum.web.accounts.invitations import InvitationRefused, State, find
from modicum.web.accounts.models import Device, Invitation, Participant, Person
from modicum.web.accounts.recording import record_of, staff
from modicum.web.accounts.tokens import fingerprint, new_token
from modicum.web.clock import now

COOKIE = "modicum_device"
_COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one; given anew as the phone is used
_SEEN_EVERY = dt.timedelta(hours=1)
_KINDS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac", "Mac"))

# Asked with everything that a phone sends, and written out: to put them together anew took longer than to answer them.
_DEVICE_OF = "SELECT * FROM accounts_device WHERE token_sha256 = %s AND revoked_at IS NULL"
_PARTICIPANT_OF = (
    "SELECT accounts_participant.* FROM accounts_participant"
    " JOIN accounts_device ON accounts_device.participant_id = accounts_participant.id WHERE token_sha256 = %s"
)


def device_of(request: HttpRequest) -> Device | None:
    """The phone that a request comes from, or None where it is not, or no longer, known.

    That it was seen is noted at most once an hour, and its cookie is then given anew.
    """
    if not hasattr(request, "modicum_device"):
        request.modicum_device = _known(request)  # pyright: ignore[reportAttributeAccessIssue]
    return request.modicum_device  # pyright: ignore[reportAttributeAccessIssue]


def enrol(token: str, *, kind: str = "") -> tuple[Device, str]:
    """Join a phone to the participant of an invitation, which works no more after it.

    Args:
        token: of the invitation.
        kind: of phone, in a word; see :func:`kind_of`.

    Returns:
        The device, and the token that its cookie holds, which is kept nowhere else.

    Raises:
        InvitationRefused: the invitation does not work, or another phone was quicker.
    """
    found = find(token)
    if found.invitation is None or found.state is not State.OPEN:
        raise InvitationRefused(found.state)
    at, secret = now(), new_token()
    with transaction.atomic():
        taken = Invitation.objects.filter(pk=found.invitation.pk, used_at=None, withdrawn_at=None).update(used_at=at)
        if not taken:
            raise InvitationRefused(State.USED)
        device = Device.objects.create(
            participant=found.invitation.participant,
            token_sha256=fingerprint(secret),
            kind=kind,
            made_at=at,
            last_seen=at,
        )
    record_of(device.participant, "joined", actor_of(device), device=str(device.pk))
    return device, secret


def revoke(device: Device, by: Person | None = None) -> None:
    """Have a phone refused from its next request on; what it has not sent stays on it.

    Args:
        device: that phone.
        by: who asks for it; None where the phone itself does.
    """
    record_of(device.participant, "revoked", staff(by) if by else actor_of(device), device=str(device.pk))
    Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now())
    device.refresh_from_db()


def actor_of(device: Device) -> str:
    """A phone as the store names it."""
    return f"device:{device.pk}"


def kind_of(request: HttpRequest) -> str:
    """What sort of phone a request comes from, so that its owner knows it in a list."""
    said = request.headers.get("User-Agent", "")
    return next((name for word, name in _KINDS if word in said), "")


def living(participant: Participant) -> list[Device]:
    """The phones of a participant that are not revoked."""
    return list(Device.objects.filter(participant=participant, revoked_at=None))


def keep(response: HttpResponseBase, token: str) -> None:
    """Give a phone its cookie."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=_COOKIE_SECONDS,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=settings.MODICUM_HTTPS,
    )


def forget(response: HttpResponseBase) -> None:
    """Take the cookie of a phone away."""
    response.delete_cookie(COOKIE, path="/", samesite="Strict")  # pyright: ignore[reportCallIssue]


def renewed(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Give a phone its cookie anew whenever it was noted as seen, so that one in use is never forgotten."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if getattr(request, "modicum_device_seen", False) and COOKIE not in response.cookies:
            keep(response, request.COOKIES[COOKIE])
        return response

    return middleware


def _known(request: HttpRequest) -> Device | None:
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return None
    known = [fingerprint(token)]
    device = next(iter(Device.objects.raw(_DEVICE_OF, known)), None)
    if device is None:
        return None
    device.participant = next(iter(Participant.objects.raw(_PARTICIPANT_OF, known)))
    at = now()
    if not dt.timedelta(0) <= at - device.last_seen < _SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen=at)
        device.last_seen = at
        request.modicum_device_seen = True  # pyright: ignore[reportAttributeAccessIssue]
    return device
