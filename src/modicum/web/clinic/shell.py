"""What every page of the staff has around it: where one is, who one is, and the foot."""

from typing import Any

from django.http import HttpRequest

from modicum.foundation.version import version


def shell(request: HttpRequest) -> dict[str, Any]:
    """For the template of all pages."""
    return {"version": version()}
