"""Pages that were made to stand by themselves: without script or network, their only style is the one they carry."""

import base64
import hashlib
import re

from django.http import HttpResponse

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def page_with_own_style(page: bytes) -> HttpResponse:
    """Such a page, under a policy that lets in its own style by its hash and nothing else.

    Args:
        page: HTML.
    """
    found = _STYLE.search(page)
    digest = base64.b64encode(hashlib.sha256(found[1] if found else b"").digest()).decode()
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response._csp_replace = {  # pyright: ignore[reportAttributeAccessIssue] - as django-csp reads it
        "style-src": [f"'sha256-{digest}'"],
        "font-src": ["data:"],
        "img-src": ["data:"],
        "script-src": ["'none'"],
    }
    return response
