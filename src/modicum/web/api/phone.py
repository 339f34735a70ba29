"""What a phone may ask: to keep entries, what has arrived, and what is to be asked and advised."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.security import APIKeyCookie
from pydantic import AwareDatetime, Field

from modicum.foundation.errors import problem
from modicum.services.diary import Contacts, receipts_since, receive, schedule_of
from modicum.services.diary.form import MOST_BYTES
from modicum.web.accounts.devices import COOKIE, actor_of, device_of
from modicum.web.accounts.models import Device, Participant
from modicum.web.api.keys import signer
from modicum.web.api.refusals import refuse, teach
from modicum.web.clock import now
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, keep, known, story_of

MOST_ENTRIES = 50
_MOST_BODY = MOST_ENTRIES * MOST_BYTES
_OWN_PAGE = "X-Modicum"


class Phone(APIKeyCookie):
    """A phone, by its cookie. What it sends must come from a page of this clinic: a form elsewhere sets no header."""

    param_name = COOKIE

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Device | None:
        """The phone of a request, None where it is not known.

        Raises:
            Refused: it comes from elsewhere, or is larger than is taken at once.
        """
        if request.method not in ("GET", "HEAD"):
            _check_sent(request)
        return device_of(request)


class Flush(Schema):
    """What a phone hands in at once.

    Args:
        sent_at: clock of the phone, with its offset.
        entries: ``modicum.entry/1``; whatever else comes is kept too.
    """

    sent_at: AwareDatetime
    entries: Annotated[list[Any], Field(max_length=MOST_ENTRIES)]


api = NinjaAPI(
    title="Modicum: the interface for phones",
    version="1",
    urls_namespace="phone-1",
    auth=Phone(),
    docs_url=None,
)
teach(api)


@api.get("/health", auth=None, summary="Whether the clinic answers")
def health(request: HttpRequest) -> dict[str, str]:
    """Without log-in; touches no record."""
    return {"status": "ok"}


@api.post("/entries", summary="Hand entries in; every one gets a signed receipt")
def entries(request: HttpRequest, flush: Flush) -> HttpResponse:
    """Answers a modicum.sync/1 document. The same entries again get the same receipts."""
    device = _device(request)
    participant = device.participant
    document, story = receive(
        STORE,
        participant.trial,
        flush.entries,
        sent_at=flush.sent_at,
        now=now(),
        actor=actor_of(device),
        signer=signer(),
        language=participant.language,
        before=known(participant.trial),
    )
    keep(story)
    return JsonResponse(document)


@api.get("/receipts", summary="What has arrived since")
def receipts(request: HttpRequest, since: Annotated[int, Field(ge=0, le=2**53)] = 0) -> HttpResponse:
    """Answers a modicum.sync/1 document: receipts of everything after an event's number."""
    story = story_of(_device(request).participant.trial)
    return JsonResponse(receipts_since(story, since, now=now(), signer=signer()))


@api.get("/schedule", summary="What is asked, and what is advised")
def schedule(request: HttpRequest) -> HttpResponse:
    """Answers a modicum.schedule/1 document."""
    participant = _device(request).participant
    story = story_of(participant.trial)
    if story.begun is None:
        fix = "Ask again tomorrow; the clinic begins it."
        refuse(404, problem("MOD-WEB-06", "trial", "", "The trial of this phone has not begun", fix))
    contacts = contacts_of(participant)
    found = schedule_of(
        story,
        now=now(),
        contacts=contacts,
        signer=signer(),
        language=participant.language,
        supplies=supplies_of(participant.trial),
    )
    return JsonResponse(found)


def contacts_of(participant: Participant) -> Contacts:
    """Whom a participant's phone names."""
    site = participant.site
    return Contacts(prescriber=participant.prescriber.name, on_call=site.on_call, pharmacy=site.pharmacy)


def _check_sent(request: HttpRequest) -> None:
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin not in _own_origins(request)
    if foreign or request.headers.get(_OWN_PAGE) != "1":
        fix = f"Send it from the diary, with the header {_OWN_PAGE}: 1."
        message = "This does not come from a page of this clinic"
        refuse(403, problem("MOD-WEB-02", "header", origin or "", message, fix))
    if len(request.body) > _MOST_BODY:
        fix = f"Send at most {MOST_ENTRIES} entries at once."
        refuse(413, problem("MOD-WEB-04", "body", len(request.body), "This is more than is taken at once", fix))


def _device(request: HttpRequest) -> Device:
    """The phone that was let in."""
    device: Device = request.auth  # pyright: ignore[reportAttributeAccessIssue]
    return device


def _own_origins(request: HttpRequest) -> tuple[str, ...]:
    scheme = "https" if request.is_secure() else "http"
    return (f"{scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)
