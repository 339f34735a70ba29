"""What a person may see, as queries: every list and every look-up of the staff's pages starts here."""

import uuid
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from modicum.web.accounts.models import Device, Membership, Participant, Person, Role, Site

Row = TypeVar("Row", bound=Model)


def participants_visible_to(person: Person) -> QuerySet[Participant]:
    """Those whose names she may see: of the sites where she prescribes."""
    found = Participant.objects.filter(site__in=person.sites_as(Role.PRESCRIBER))
    return found.select_related("site", "prescriber")


def supplies_visible_to(person: Person) -> QuerySet[Participant]:
    """Those whose kits she may see: of the sites where she dispenses, but nobody for whom she prescribes anywhere."""
    found = Participant.objects.filter(site__in=person.sites_as(Role.PHARMACIST)).exclude(prescriber=person)
    return found.select_related("site", "prescriber").order_by("site__name", "number")


def devices_visible_to(person: Person) -> QuerySet[Device]:
    """Phones of the sites where she prescribes or that she runs."""
    sites = [*person.sites_as(Role.PRESCRIBER), *person.sites_as(Role.OPERATOR)]
    found = Device.objects.filter(participant__site__in=sites)
    return found.select_related("participant__site")


def sites_visible_to(person: Person) -> QuerySet[Site]:
    """The sites that she runs."""
    return Site.objects.filter(pk__in=person.sites_as(Role.OPERATOR)).order_by("name")


def memberships_visible_to(person: Person) -> QuerySet[Membership]:
    """The roles of everybody at the sites that she runs."""
    found = Membership.objects.filter(site__in=person.sites_as(Role.OPERATOR))
    return found.select_related("site", "person").order_by("person__name", "role")


def staff_visible_to(person: Person) -> QuerySet[Person]:
    """Everybody who works at a site that she runs."""
    return Person.objects.filter(memberships__site__in=person.sites_as(Role.OPERATOR)).distinct()


def found_or_missing(rows: QuerySet[Row], pk: uuid.UUID) -> Row:
    """One of the rows that a person may see.

    Raises:
        Http404: there is none with this key, or none for this person; the two are answered alike.
    """
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def trials_analysed_by(person: Person) -> QuerySet[Participant]:
    """Those whose trials she may export once they agreed: of the sites where she is analyst; never by name."""
    return Participant.objects.filter(site__in=person.sites_as(Role.ANALYST)).order_by("trial")
