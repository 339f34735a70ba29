"""Offers: the trials of an analyst's sites whose persons agreed, and the parcel that is made of them."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from modicum.services.diary import StoredEvent, Story
from modicum.services.sharing import Parcel, Shared, Traits, age_band, candidate_of, parcel_of
from modicum.services.sharing.permission import KINDS
from modicum.web.accounts.models import Person
from modicum.web.accounts.selectors import trials_analysed_by
from modicum.web.clinic.answering.tasks import diary_of
from modicum.web.store.searching import searched
from modicum.web.stories import stories_of


@dataclass(frozen=True)
class Offer:
    """A trial whose person agreed.

    Args:
        trial: its name in the store.
        site: where it runs.
        traits: of its person.
        revealed: whether its arms were.
    """

    trial: str
    site: uuid.UUID
    traits: Traits
    revealed: bool


@dataclass(frozen=True)
class Offered:
    """What there is to be exported.

    Args:
        begun: how many trials have begun at the analyst's sites.
        offers: those whose persons agreed.
    """

    begun: int
    offers: tuple[Offer, ...]


def offered_to(person: Person) -> Offered:
    """What there is for an analyst to export, by two questions to the database.

    Args:
        person: who asks.
    """
    rows = trials_analysed_by(person)
    events: dict[str, list[StoredEvent]] = {}
    for event in searched(rows.values("trial"), kind__in=KINDS).order_by("sequence"):
        events.setdefault(event.trial, []).append(cast("StoredEvent", event))
    found, begun = list[Offer](), 0
    for trial, site, born in rows.values_list("trial", "site_id", "born"):
        told = events.get(trial, [])
        begun += any(event.kind == "begun" for event in told)
        offer = _offer(trial, site, born, told)
        found += [offer] if offer else []
    return Offered(begun, tuple(found))


def parcel_for(offers: Sequence[Offer], k: int) -> Parcel:
    """What leaves of some trials.

    Args:
        offers: of persons who agreed.
        k: smallest cell.
    """
    stories = stories_of([one.trial for one in offers])
    return parcel_of([_shared(one, stories[one.trial]) for one in offers], k)


def _offer(trial: str, site: uuid.UUID, born: dt.date, events: Sequence[StoredEvent]) -> Offer | None:
    candidate = candidate_of(events)
    if candidate is None:
        return None
    begun = candidate.begun
    traits = Traits(
        protocol=begun.protocol.name,
        protocol_sha256=begun.protocol.sha256,
        age_band=age_band(born, begun.start.date()),
        virtual=begun.virtual,
    )
    return Offer(trial, site, traits, candidate.revealed)


def _shared(offer: Offer, story: Story) -> Shared:
    return Shared(story, offer.traits, _revealed_diary(story) if offer.revealed else None)


def _revealed_diary(story: Story) -> str | None:
    """The diary with its doses, if it was written down and is the one that was answered."""
    if story.answered is None:
        return None
    try:
        content = diary_of(story.trial).read_bytes()
    except OSError:
        return None
    same = hashlib.sha256(content).hexdigest() == story.answered["result"]["input_sha256"]
    return content.decode() if same else None
