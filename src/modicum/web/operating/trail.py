"""The trail: events of the sites that somebody runs, and of their trials, the newest first, some at a time."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from modicum.services.auditing import TELLING, Shown, show
from modicum.web.accounts.models import Participant, Person, Role, Site
from modicum.web.store.models import Event
from modicum.web.store.searching import newest, searched

AT_ONCE = 50
STAFF, PHONE, SITE = "staff:", "device:", "site:"


@dataclass(frozen=True)
class Asked:
    """What is looked for; what is empty does not matter.

    Args:
        site: one of those she runs.
        number: of a participant.
        actor: as the store names who did it.
        kind: of event.
        day: in UTC.
        before: number of the event after those that are wanted; 0 for the newest.
    """

    site: uuid.UUID | None = None
    number: int | None = None
    actor: str = ""
    kind: str = ""
    day: dt.date | None = None
    before: int = 0


@dataclass(frozen=True)
class Line:
    """An event as it is shown.

    Args:
        event: as it was kept.
        at: when it was received.
        actor: who did it: a name, or what the store calls it.
        site: whose it is.
        participant: that it is of; None where it is of the site.
        named: whether the participant may be named to who looks.
        shown: what of its content may be shown.
        people: names of the staff that it is about.
    """

    event: Event
    at: dt.datetime
    actor: str
    site: Site
    participant: Participant | None
    named: bool
    shown: Shown
    people: tuple[str, ...]


def trail(person: Person, asked: Asked) -> tuple[list[Line], bool]:
    """Some events, and whether there are older ones.

    Args:
        person: who looks.
        asked: what for.
    """
    sites = {site.pk: site for site in Site.objects.filter(pk__in=person.sites_as(Role.OPERATOR))}
    if asked.site is not None:
        sites = {key: site for key, site in sites.items() if key == asked.site}
    events = _wanted(list(sites), asked)
    return _lines(person, events[:AT_ONCE], sites), len(events) > AT_ONCE


def _wanted(sites: list[uuid.UUID], asked: Asked) -> list[Event]:
    """The events that are asked for, the newest first, and one more where there are older ones."""
    people = Participant.objects.filter(site__in=sites)
    wanted: dict[str, Any] = {}
    if asked.actor:
        wanted["actor"] = asked.actor
    if asked.kind:
        wanted["kind"] = asked.kind
    if asked.day is not None:
        wanted["received_at__gte"] = asked.day.isoformat()
        wanted["received_at__lt"] = (asked.day + dt.timedelta(days=1)).isoformat()
    if asked.before:
        wanted["sequence__lt"] = asked.before
    if asked.number is not None:
        trials = people.filter(number=asked.number).values_list("trial", flat=True)
        found = Event.objects.filter(trial__in=list(trials), **wanted).exclude(kind__in=TELLING)
        return list(found.order_by("-sequence")[: AT_ONCE + 1])
    trials = list(people.values_list("trial", flat=True))
    found = searched([*trials, *(f"{SITE}{site}" for site in sites)], **wanted)
    found = found.exclude(Q(kind__in=TELLING) & ~Q(trial__startswith=SITE))
    return newest(found, AT_ONCE + 1, rare=bool(asked.actor or asked.day))


def _lines(person: Person, events: list[Event], sites: dict[uuid.UUID, Site]) -> list[Line]:
    trials = {event.trial for event in events}
    people = {one.trial: one for one in Participant.objects.filter(trial__in=trials).select_related("site")}
    known = set(person.sites_as(Role.PRESCRIBER))
    lines = list[Line]()
    shown = [show(event.kind, event.said, knows_person=_site(event, people) in known) for event in events]
    names = _names(event.actor for event in events) | _names(f"{STAFF}{key}" for one in shown for key in one.people)
    for event, one in zip(events, shown, strict=True):
        site = _site(event, people)
        lines.append(
            Line(
                event=event,
                at=dt.datetime.fromisoformat(event.received_at),
                actor=names.get(event.actor, event.actor),
                site=sites[site],
                participant=people.get(event.trial),
                named=site in known,
                shown=one,
                people=tuple(names.get(f"{STAFF}{key}", key) for key in one.people),
            )
        )
    return lines


def _site(event: Event, people: dict[str, Participant]) -> uuid.UUID:
    if event.trial.startswith(SITE):
        return uuid.UUID(event.trial.removeprefix(SITE))
    return people[event.trial].site.pk


def _names(actors: Iterable[str]) -> dict[str, str]:
    """Names of members of the staff, by what the store calls them."""
    keys = {actor.removeprefix(STAFF) for actor in actors if actor.startswith(STAFF)}
    return {f"{STAFF}{one.pk}": one.name for one in Person.objects.filter(pk__in=keys)} if keys else {}
