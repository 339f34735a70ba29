"""What is answered where nothing is shown: no such page, a form that is too old, or a fault of ours.

An object that a person may not see is answered as one that does not exist, to the byte; so nothing of the request and
nothing of the person stands on these pages.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _


def missing(request: HttpRequest, exception: Exception | None = None, **_named: Any) -> HttpResponse:
    """There is no such page; or none for this person."""
    return _page(404, _("There is no such page."), _("It may have been moved, or it is not for you to see."))


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request makes no sense."""
    return _page(400, _("That could not be read."), _("Go back, load the page again, and try once more."))


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """As if there were no such page."""
    return missing(request)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the mark of the page that it was on."""
    what = _("This form is too old, or came from another place.")
    return _page(403, what, _("Go back, load the page again, and send it once more. Nothing was saved."))


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    what = _("Something went wrong here, not with you.")
    return _page(500, what, _("Try again in a minute. What was saved before is safe."))


def _page(status: int, what: str, then: str) -> HttpResponse:
    response = HttpResponse(render_to_string("refusal.html", {"what": what, "then": then}), status=status)
    for header in ("Accept-Language", "Cookie"):  # whether anybody was asked for is not told either
        patch_vary_headers(response, (header,))
    return response
