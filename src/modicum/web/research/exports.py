"""Exports: each is told to the record of every site it is from before it can be taken, and listed ever after."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modicum.services.sharing import EXPORTED, Parcel
from modicum.web.accounts.models import Person, Role, Site
from modicum.web.accounts.recording import record_at, staff
from modicum.web.research.offers import Offer
from modicum.web.store.models import Event


@dataclass(frozen=True)
class Exported:
    """An export of before.

    Args:
        key: of it.
        at: when.
        actor: who asked for it, as the store names her.
        who: her name.
        sites: keys of the sites that it is from.
        trials: how many left.
        k: smallest cell.
        sha256: of the archive.
    """

    key: str
    at: dt.datetime
    actor: str
    who: str
    sites: frozenset[uuid.UUID]
    trials: int
    k: int
    sha256: str


def tell(parcel: Parcel, offers: Sequence[Offer], by: Person, export: str) -> None:
    """Tell the record of every site which of its trials leave.

    Args:
        parcel: about to be handed over.
        offers: that it was made of.
        by: who asked for it.
        export: key of it.
    """
    leaving = set(parcel.trials)
    sites = {one.site for one in offers if one.trial in leaving}
    for site in Site.objects.filter(pk__in=sites).order_by("name"):
        record_at(
            site,
            EXPORTED,
            staff(by),
            schema="modicum.exported/1",
            export=export,
            sites=sorted(map(str, sites)),
            sha256=parcel.sha256,
            k=parcel.manifest["k"],
            count=len(leaving),
            trials=sorted(one.trial for one in offers if one.trial in leaving and one.site == site.pk),
        )


def exports_known_to(person: Person) -> list[Exported]:
    """The exports of an analyst's sites, the newest first; one of several sites once."""
    places = [f"site:{site}" for site in person.sites_as(Role.ANALYST)]
    events = Event.objects.filter(kind=EXPORTED, trial__in=places).order_by("-sequence")
    once = {event.said["export"]: event for event in events}
    names = {
        f"staff:{one.pk}": one.name for one in Person.objects.filter(pk__in=_keys(event.actor for event in events))
    }
    return [
        Exported(
            key=event.said["export"],
            actor=event.actor,
            sites=frozenset(map(uuid.UUID, event.said["sites"])),
            at=dt.datetime.fromisoformat(event.received_at),
            who=names.get(event.actor, ""),
            trials=event.said["count"],
            k=event.said["k"],
            sha256=event.said["sha256"],
        )
        for event in once.values()
    ]


def _keys(actors: Iterable[str]) -> list[str]:
    return sorted({actor.removeprefix("staff:") for actor in actors})
