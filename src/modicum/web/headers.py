"""What is believed of a request, and the headers that every answer carries."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from modicum.web.environment import within

Answer = Callable[[HttpRequest], HttpResponseBase]

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def forwarded(answer: Answer) -> Answer:
    """Take what a proxy says of the caller from the proxies of the setting MODICUM_PROXIES, and from nobody else."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if within(meta.get("REMOTE_ADDR", ""), settings.MODICUM_PROXIES):
            callers = [word.strip() for word in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if word.strip()]
            strangers = [word for word in callers if not within(word, settings.MODICUM_PROXIES)]
            if strangers:
                meta["REMOTE_ADDR"] = strangers[-1]
            if meta.get("HTTP_X_FORWARDED_PROTO") == "https":
                meta["wsgi.url_scheme"] = "https"
        for name in FORWARDED:
            meta.pop(name, None)
        return answer(request)

    return middleware


def guarded(answer: Answer) -> Answer:
    """Pages are kept by nobody on the way and in no history, and may use no device of the machine they are seen on."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
