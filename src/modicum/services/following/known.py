"""What is known of what staff did in a trial: a fold over the events that stand beside its story.

Of every decision one answer counts: the first. A later one is kept, and changes nothing.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from modicum.services.diary.openings import OPENED
from modicum.services.diary.story import OVERRIDDEN, Story

ACCEPTED, NOTED = "accepted", "noted"
How = Literal["accepted", "hold", "stop"]


@dataclass(frozen=True)
class Response:
    """What was answered to a decision.

    Args:
        how: it was accepted; or overridden, with the capsules held or the trial stopped.
        reason: of an override; "" where it was accepted.
        actor: who.
        at: when.
    """

    how: How
    reason: str
    actor: str
    at: dt.datetime


@dataclass(frozen=True)
class Opening:
    """An opening in an emergency, without what it showed.

    Args:
        reason: as it was written.
        who: as it was written.
        at: when.
        sequence: number of its event.
    """

    reason: str
    who: str
    at: dt.datetime
    sequence: int


@dataclass(frozen=True)
class Known:
    """What staff did.

    Args:
        responses: by number of the decision.
        openings: in emergencies, in order.
        noted: number of the last event that somebody has taken note of; 0 where nobody has.
        noted_at: when that was.
    """

    responses: Mapping[int, Response] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
    noted: int = 0
    noted_at: dt.datetime | None = None


def known_of(story: Story) -> Known:
    """What staff did in a trial.

    Args:
        story: up to now.
    """
    responses, openings = dict[int, Response](), list[Opening]()
    noted, noted_at = 0, None
    for event in story.beside:
        said, at = event.said, dt.datetime.fromisoformat(event.received_at)
        if event.kind in (ACCEPTED, OVERRIDDEN) and not event.conflict:
            responses[said["number"]] = Response(said.get("how", "accepted"), said.get("reason", ""), event.actor, at)
        elif event.kind == OPENED and said["path"] == "emergency":
            openings.append(Opening(said["why"], said["who"], at, event.sequence))
        elif event.kind == NOTED and said["sequence"] >= noted:
            noted, noted_at = said["sequence"], at
    return Known(responses, tuple(openings), noted, noted_at)
