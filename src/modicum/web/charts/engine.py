"""The engine that lets a browser read a chart: Vega-Embed with its interpreter, as vl-convert has it inside.

It is made once for each version, kept in the folder of the clinic, and asked for only when somebody points at a chart.
"""

import gzip
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from modicum.services.folders import add_file

_SNIPPET = "window.vegaEmbed = vegaEmbed;"  # what of it a page asks for
FOR_EVER = "private, max-age=31536000, immutable"


@require_safe
def engine(request: HttpRequest) -> HttpResponseBase:
    """The script."""
    packed = made().read_bytes()
    accepted = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if accepted else gzip.decompress(packed), content_type="text/javascript")
    if accepted:
        response["Content-Encoding"] = "gzip"
    response["Vary"], response["Cache-Control"] = "Accept-Encoding", FOR_EVER
    return response


def address() -> str:
    """Where a page finds it; another version has another address."""
    return reverse("charts:engine", query={"v": _version()})


def made() -> Path:
    """The file of the script, compressed; made where it is not there yet, which takes some seconds."""
    place = settings.MODICUM_DATA / "charts" / f"engine-{_version()}.js.gz"
    if not place.exists():
        from vl_convert import javascript_bundle

        place.parent.mkdir(parents=True, exist_ok=True)
        add_file(place, gzip.compress(javascript_bundle(_SNIPPET).encode(), mtime=0), os.urandom(8).hex())
    return place


@cache
def _version() -> str:
    return version("vl-convert-python")
