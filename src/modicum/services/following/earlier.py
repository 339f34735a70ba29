"""What somebody else did first: of two who stop a trial, hold its capsules or end a hold at once, one did it.

Whoever came second is told so, and that what was written was not done. A form that is sent twice is no second one.
"""

import datetime as dt
from dataclasses import dataclass

from modicum.services.diary import StoredEvent
from modicum.services.diary.story import HELD, OVERRIDDEN, RESUMED, Story


@dataclass(frozen=True)
class Earlier:
    """What was done first.

    Args:
        actor: who did it.
        at: when.
        reason: as it was written.
    """

    actor: str
    at: dt.datetime
    reason: str

    def is_of(self, actor: str, reason: str) -> bool:
        """Whether it is the very same, sent by the very same.

        Args:
            actor: who sends it.
            reason: as it was written.
        """
        return (self.actor, self.reason) == (actor, reason.strip())


def stopped_before(story: Story) -> Earlier | None:
    """Who stopped a trial, or its dose; None where nobody did.

    Args:
        story: up to now.
    """
    stopped = story.stopped
    return None if stopped is None else Earlier(stopped.actor, stopped.at, stopped.reason)


def held_before(story: Story) -> Earlier | None:
    """Who holds the capsules, the first where several do; None where nobody of the staff does.

    Args:
        story: up to now.
    """
    since = max((event.sequence for event in story.beside if event.kind == RESUMED), default=0)
    holds = (event for event in story.beside if event.sequence > since and _holds(event))
    return next((_earlier(event) for event in holds), None)


def resumed_before(story: Story) -> Earlier | None:
    """Who ended the last hold; None where nothing was held yet, or something is.

    Args:
        story: up to now.
    """
    if story.halted or story.held:
        return None
    ends = [event for event in story.beside if event.kind == RESUMED and not event.conflict]
    return _earlier(ends[-1]) if ends else None


def _holds(event: StoredEvent) -> bool:
    held = event.kind == HELD or (event.kind == OVERRIDDEN and event.said["how"] == "hold")
    return held and not event.conflict


def _earlier(event: StoredEvent) -> Earlier:
    return Earlier(event.actor, dt.datetime.fromisoformat(event.received_at), event.said["reason"])
