"""A small server around the store, for crashes and for speed: an entry is checked, appended and acknowledged.

MODICUM_DATABASE=FILE python -m granian --interface wsgi verification.store_endpoint:application
"""

import datetime as dt
import json
import os

import django
from django.http import HttpRequest, JsonResponse
from django.urls import path
from pydantic import BaseModel, ConfigDict, Field, ValidationError

os.environ["DJANGO_SETTINGS_MODULE"] = "verification.store_settings"
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import OperationalError  # noqa: E402

from modicum.web.store import appending  # noqa: E402

appending._CHECKPOINT_EVERY = int(os.environ.get("MODICUM_CHECKPOINT_EVERY", appending._CHECKPOINT_EVERY))


class Entry(BaseModel):
    """An entry as a phone sends it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    trial: str = Field(pattern="^[a-z0-9-]{1,64}$")
    client_id: str = Field(pattern="^[A-Za-z0-9-]{1,64}$")
    day: int = Field(ge=0, le=1000)
    scores: dict[str, int] = Field(max_length=12)
    note: str = Field(default="", max_length=2000)


def receive(request: HttpRequest) -> JsonResponse:
    """The receipt of an entry; 422 for what is none, 503 where the disk or the database cannot hold it now."""
    try:
        entry = Entry.model_validate_json(request.body)
    except ValidationError as error:
        return JsonResponse({"problems": json.loads(error.json())}, status=422)
    try:
        receipt = appending.append(
            trial=entry.trial,
            kind="entry",
            client_id=entry.client_id,
            content=entry.model_dump(),
            actor=entry.trial,
            received_at=dt.datetime.now(dt.UTC),
        )
    except OperationalError as error:
        return JsonResponse({"problem": str(error)}, status=503)
    return JsonResponse({"sequence": receipt.sequence, "hash": receipt.hash, "repeated": receipt.repeated})


urlpatterns = [path("entries", receive)]
call_command("migrate", verbosity=0)
application = get_wsgi_application()
