"""The pages of the app. The shell is for everybody; the rest is for the phone that asks, known by its cookie."""

import datetime as dt
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from modicum.services.diary.evenings import DAY_ENDS, OPENS
from modicum.web.accounts import devices
from modicum.web.clock import now
from modicum.web.diary import shell
from modicum.web.diary.reminders import reminder

LONGEST_DAYS = 200  # of reminders; the longest shipped trial has fewer
OWN_PAGE = "X-Modicum"


def part(found: Callable[[], shell.Part], *, worker: bool = False) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view of one part of the shell. A browser asks each time whether it has changed, which costs no bytes.

    Args:
        found: gives the part.
        worker: whether it is the service worker, which says what it may answer for.
    """

    @require_safe
    def view(request: HttpRequest) -> HttpResponseBase:
        served = found()
        same = request.headers.get("If-None-Match") == served.etag
        response = HttpResponseNotModified() if same else HttpResponse(served.text, content_type=served.kind)
        response["ETag"], response["Cache-Control"] = served.etag, "no-cache"
        if worker:
            response["Service-Worker-Allowed"] = shell.PAGE
        return response

    return view


@require_safe
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The reminders of a phone, from today on, at the time that it asks for."""
    device = devices.device_of(request)
    if device is None:
        return HttpResponse(status=401)
    try:
        at = dt.time.fromisoformat(request.GET.get("at", "20:00")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return HttpResponse(status=400)
    if DAY_ENDS <= at < OPENS:
        return HttpResponse(status=400)
    participant, moment = device.participant, now()
    made = reminder(
        at=at,
        first_day=participant.date_at(moment),
        days=LONGEST_DAYS,
        uid=hashlib.sha256(f"diary {participant.pk}".encode()).hexdigest()[:32],
        stamp=moment,
        language=participant.language,
    )
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="diary.ics"'
    return response


@csrf_exempt  # the cookie is of SameSite=Strict, and a form of another page cannot set the header
@require_POST
def leave_device(request: HttpRequest) -> HttpResponseBase:
    """Have this phone forgotten. The app asks for it only once everything is at the clinic."""
    if request.headers.get(OWN_PAGE) != "1":
        return HttpResponse(status=403)
    device = devices.device_of(request)
    if device is not None:
        devices.revoke(device)
    response = HttpResponse(status=204)
    devices.forget(response)
    return response
