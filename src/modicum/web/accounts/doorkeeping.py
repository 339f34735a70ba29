"""The door of the staff's pages: closed to all but those who are logged in with a second factor, and not for ever.

Every page is behind it, but for those that are named here as open. So a page that somebody adds is closed until it is
declared.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from modicum.web.accounts.models import Person
from modicum.web.clock import actual

# A phone is known by its cookie, and has no log-in; clinics and privacy are for everybody.
OPEN_ROOMS = ("join/", "welcome/", "found/", "diary/", "api/", "clinics/", "privacy/")
OPEN_NAMES = frozenset(
    {"account_login", "account_signup", "account_inactive", "mfa_authenticate", "mfa_login_webauthn"}
)
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_logout",
        "account_reauthenticate",
    }
)
_BEGUN, _SEEN = "modicum_begun", "modicum_seen"
_NOTED_EVERY_SECONDS = 30


class DoorMiddleware:
    """Sends away who may not enter."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]):
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass a request on, in the language of who is logged in; the door is kept once its page is known."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, Person):
            translation.activate(request.user.language)
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], arguments: Any, named: Any
    ) -> HttpResponseBase | None:
        """Let a request in, or answer it with the way to the log-in or to the second factor."""
        match = request.resolver_match
        if match is None or is_open(match):
            return None
        if isinstance(request.user, AnonymousUser):
            return _to_log_in(request)
        if _too_long(request):
            logout(request)
            return _to_log_in(request, ended=True)
        secured = is_mfa_enabled(request.user)
        if not secured and match.view_name not in WITHOUT_SECOND_FACTOR:
            return HttpResponseRedirect(reverse("mfa_index"))
        request.modicum_let_in = secured  # pyright: ignore[reportAttributeAccessIssue]
        return None


def is_open(match: ResolverMatch) -> bool:
    """Whether a page is for everybody."""
    return match.view_name in OPEN_NAMES or match.route.startswith(OPEN_ROOMS)


def _too_long(request: HttpRequest) -> bool:
    """Whether a log-in has lain idle, or has lasted, for too long; that it is used now is noted."""
    at = actual().timestamp()
    begun = request.session.setdefault(_BEGUN, at)
    seen = request.session.get(_SEEN, at)
    idle, lasting = at - seen, at - begun
    if idle > settings.MODICUM_IDLE_MINUTES * 60 or lasting > settings.MODICUM_HOURS_LOGGED_IN * 3600:
        return True
    if idle >= _NOTED_EVERY_SECONDS or _SEEN not in request.session:
        request.session[_SEEN] = at
    return False


def _to_log_in(request: HttpRequest, *, ended: bool = False) -> HttpResponseBase:
    """The way to the log-in and back. Of what nobody who is logged in has sent nothing is done, and that is said."""
    left = request.path == reverse("account_logout")
    sent = request.method not in ("GET", "HEAD") and not left
    back = _page_of_form(request) if sent else request.get_full_path() if request.method == "GET" else ""
    wanted = {"next": back} if back.strip("/") else {}
    query = {**wanted, **({"ended": "yes"} if ended or left else {}), **({"unsaved": "yes"} if sent else {})}
    return HttpResponseRedirect(reverse("account_login", query=query))


def _page_of_form(request: HttpRequest) -> str:
    """The page that a form was sent from, where what was typed is brought back; "" where the browser does not say."""
    found = urlsplit(request.headers.get("Referer", ""))
    if not url_has_allowed_host_and_scheme(found.geturl(), {request.get_host()}, require_https=request.is_secure()):
        return ""
    return f"{found.path}?{urlencode([*parse_qsl(found.query), ('again', 'yes')])}"
