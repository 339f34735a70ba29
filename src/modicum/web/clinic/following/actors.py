"""Who did what: the actors of events in words. The store knows staff and phones by their keys alone."""

import uuid
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from modicum.web.accounts.models import Person

_STAFF = "staff:"


def actors_said(actors: Iterable[str]) -> Mapping[str, str]:
    """Actors in words.

    Args:
        actors: as events name them.
    """
    every = set(actors)
    keys = {actor: key for actor in every if (key := _key(actor)) is not None}
    named = dict(Person.objects.filter(pk__in=keys.values()).values_list("pk", "name"))
    return {actor: named.get(keys[actor], actor) if actor in keys else _other(actor) for actor in every}


def _key(actor: str) -> uuid.UUID | None:
    if not actor.startswith(_STAFF):
        return None
    try:
        return uuid.UUID(actor.removeprefix(_STAFF))
    except ValueError:
        return None


def _other(actor: str) -> str:
    words = {"reviews": _("the reviews"), "server": _("whoever runs the server"), "demo": _("the demo")}
    return _("a phone") if actor.startswith("device:") else words.get(actor, actor)
