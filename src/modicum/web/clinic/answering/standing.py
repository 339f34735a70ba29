"""Standing: how far the answer of one participant has come, as its pages show it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from modicum.allocation.evidence import Check
from modicum.foundation.errors import InputError
from modicum.services.diary import StoredEvent, Story
from modicum.services.diary.beginning import KIND as BEGUN
from modicum.services.diary.beginning import Beginning
from modicum.services.diary.openings import OPENED
from modicum.services.diary.reviewing import due_at
from modicum.services.diary.story import Stopped
from modicum.services.proving import prove
from modicum.services.revealing import KINDS, Closing, Opened, closing_of
from modicum.web.accounts.models import Participant, Person
from modicum.web.clinic.answering.tasks import read_opened
from modicum.web.clinic.following.actors import actors_said
from modicum.web.store.models import Event
from modicum.web.trials import allocation_of


@dataclass(frozen=True)
class Act:
    """Something that was done on the record.

    Args:
        by: name of who did it.
        at: when.
        hash: of its event.
        said: its content.
    """

    by: str
    at: dt.datetime
    hash: str
    said: dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """How far the answer of a participant has come.

    Args:
        participant: whose.
        closing: answered, signed, revealed.
    """

    participant: Participant
    closing: Closing

    @property
    def trial(self) -> str:
        """Name of the trial in the store."""
        return self.participant.trial

    @cached_property
    def opened(self) -> Opened | None:
        """What the opened order showed; None before, and where it is not on this disk."""
        return read_opened(self.trial) if self.closing.revealed is not None else None

    @cached_property
    def begun(self) -> Beginning:
        """What the trial began with: its first event, by which the allocation is known."""
        event = Event.objects.filter(trial=self.trial, kind=BEGUN).order_by("sequence")[0]
        return Beginning.of(event.said)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every part that can be checked; one that says so where there is no allocation to be read."""
        if self.opened is None:
            return ()
        told = [event.said for event in Event.objects.filter(trial=self.trial, kind=OPENED).order_by("sequence")]
        try:
            return prove(allocation_of(self.trial), self.begun.allocation, self.opened, self.closing, told)
        except InputError as error:
            return tuple(Check(one.where, "forged", f"{one.message} ({one.code}).") for one in error.problems)

    @property
    def forged(self) -> list[Check]:
        """Parts that are not as they were sealed."""
        return [check for check in self.checks if check.result == "forged"]

    @cached_property
    def acts(self) -> dict[str, Act | list[Act] | None]:
        """Answer, signature, reveal, and where staff did not go by the rules, with who did it and when."""
        done, overridden = self.closing, self.closing.overridden
        names = _names([done.wanted, done.signed, done.revealed, *overridden])
        found: dict[str, Act | list[Act] | None] = {
            name: _act(event, names)
            for name in ("wanted", "answered", "signed", "revealed")
            if (event := getattr(done, name)) is not None
        }
        return {**found, "overridden": [_act(event, names) for event in overridden]}


def standing_of(participant: Participant) -> Standing:
    """How far the answer of a participant has come.

    Args:
        participant: whom whoever asks may see.
    """
    events = Event.objects.filter(trial=participant.trial, kind__in=KINDS).order_by("sequence")
    return Standing(participant, closing_of(cast("list[StoredEvent]", list(events))))


def not_yet(story: Story) -> tuple[str, str]:
    """Heading and lead of a page without an answer: why there is none, and when there may be one.

    Args:
        story: of the trial, without an answer.
    """
    none = _("There is no answer yet.")
    if story.begun is None:
        return none, _("This trial has not begun.")
    block = story.decided[-1]["block"] if story.decided else None
    if story.left and not story.wanted:
        ended = _("This person has left. What was written until then is answered if this person wants to know.")
        return _("There is no answer."), ended if story.ended else _("This person has left, and the trial ends now.")
    if story.ended:
        return _("The answer is being computed."), _("The trial is over. Look again in a few minutes.")
    if story.stopped is not None:
        return _("This trial was stopped."), _stopped(story, story.stopped, story.begun)
    if block is None:
        return none, _("The trial begins now.")
    until = story.begun.start.date() + dt.timedelta(days=block["first_day"] + block["days"])
    words = _("What is taken now is taken until %(day)s. How the trial goes on is decided then.")
    return none, words % {"day": date_format(until, "j F Y")}


def _stopped(story: Story, stopped: Stopped, begun: Beginning) -> str:
    """By whom a trial was stopped, and from when on it is answered."""
    zone = ZoneInfo(begun.zone)
    given = {
        "who": actors_said([stopped.actor])[stopped.actor],
        "day": date_format(stopped.at.astimezone(zone), "j F Y, H:i"),
        "from": date_format((due_at(story) or stopped.at).astimezone(zone), "j F Y, H:i"),
        "zone": begun.zone,
    }
    words = _(
        "Stopped by %(who)s on %(day)s. No capsule is taken any more. It is answered with the evenings that are in, "
        "from %(from)s on (%(zone)s)."
    )
    return words % given


def _names(events: list[StoredEvent | None]) -> dict[str, str]:
    """Names of the staff who did something, by how the store names them."""
    actors = {event.actor for event in events if event is not None}
    keys = {
        actor: uuid.UUID(key) for actor in actors for kind, _colon, key in [actor.partition(":")] if kind == "staff"
    }
    people = dict(Person.objects.filter(pk__in=keys.values()).values_list("pk", "name")) if keys else {}
    return {actor: people[key] for actor, key in keys.items() if key in people}


def _act(event: StoredEvent, names: dict[str, str]) -> Act:
    by = names.get(event.actor, event.actor)
    return Act(by, dt.datetime.fromisoformat(event.received_at), event.hash, event.said)
