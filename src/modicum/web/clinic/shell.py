"""What every page of the staff has around it: where one is, who one is, and the foot."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from modicum.foundation.version import version
from modicum.web.accounts.models import Person, Role


@dataclass(frozen=True)
class Item:
    """A place that the bar leads to."""

    words: str
    address: str
    here: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """For the template of all pages; to a person who has not come through the door it names no place."""
    items = _items(request) if getattr(request, "modicum_let_in", False) else []
    return {"version": version(), "items": items, "idle_minutes": settings.MODICUM_IDLE_MINUTES}


def rooms_of(request: HttpRequest) -> list[Item]:
    """The rooms of whoever asks, without the first page, her account and the way out."""
    return _items(request)[1:-2]


def _items(request: HttpRequest) -> list[Item]:
    person = request.user
    if not isinstance(person, Person):
        return []
    held = {role for roles in person.roles.values() for role in roles}
    places = [
        (_("Today"), "start", True),
        (_("People"), "clinic:people", Role.PRESCRIBER in held),
        (_("Phones"), "clinic:phones", bool(held & {Role.PRESCRIBER, Role.OPERATOR})),
        (_("Orders"), "pharmacy:orders", Role.PHARMACIST in held),
        (_("Counts"), "pharmacy:counts", Role.PHARMACIST in held),
        (_("Recall"), "pharmacy:recall", Role.PHARMACIST in held),
        (_("Sites"), "clinic:sites", Role.OPERATOR in held),
        (_("Running"), "operating:health", Role.OPERATOR in held),
        (_("Export"), "research:page", Role.ANALYST in held),
        (_("Your account"), "clinic:account", True),
        (_("Log out"), "account_logout", True),
    ]
    addresses = [(words, reverse(name)) for words, name, shown in places if shown]
    here = max((address for _words, address in addresses if _here(request.path, address)), key=len, default="")
    return [Item(words, address, address == here) for words, address in addresses]


def _here(path: str, address: str) -> bool:
    return path == address if address == "/" else path.startswith(address)
