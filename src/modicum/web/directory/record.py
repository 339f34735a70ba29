"""The record of what is listed: state is the last word on each site."""

import uuid
from collections.abc import Iterable
from typing import cast

from modicum.services.directory import KINDS, LISTED, UNLISTED, Listing, Said, listed
from modicum.web.accounts.models import Person, Site
from modicum.web.accounts.recording import record_at, staff
from modicum.web.store.models import Event


def listings(sites: Iterable[uuid.UUID] | None = None) -> dict[uuid.UUID, Listing]:
    """The clinics that are listed, by the key of their site.

    Args:
        sites: of which; None for all.
    """
    keys = Site.objects.values_list("pk", flat=True) if sites is None else sites
    records = {f"site:{key}": key for key in keys}
    events = Event.objects.filter(trial__in=list(records), kind__in=KINDS).order_by("sequence")
    return {records[record]: listing for record, listing in listed(cast("list[Said]", list(events))).items()}


def enlist(site: Site, listing: Listing, before: Listing | None, by: Person) -> None:
    """List a clinic; nothing is told where it is listed so already.

    Args:
        site: that it is.
        listing: how it is found.
        before: how it was; None where it was not listed.
        by: who lists it.
    """
    if listing != before:
        was = _said(before) if before else {}
        record_at(site, LISTED, staff(by), **listing.to_content(), before=was, after=_said(listing))


def strike(site: Site, before: Listing, by: Person) -> None:
    """Take a clinic off the list.

    Args:
        site: that it is.
        before: how it was listed.
        by: who takes it off.
    """
    record_at(site, UNLISTED, staff(by), schema="modicum.unlisted/1", before=_said(before), after={})


def _said(listing: Listing) -> dict[str, object]:
    return {name: value for name, value in listing.to_content().items() if name != "schema"}
