"""Overrides: where a trial did not go by the rules that were agreed, by whom, and why. The answer has to say it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from modicum.services.diary.story import HELD, OVERRIDDEN, STOPPED, Story


@dataclass(frozen=True)
class Override:
    """Something that staff decided and the rules did not.

    Args:
        what: the capsules were held, or the trial was stopped.
        number: of the decision that was not followed; None where none was due.
        reason: as it was written.
        actor: who.
        at: when.
    """

    what: Literal["hold", "stop"]
    number: int | None
    reason: str
    actor: str
    at: dt.datetime

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {**vars(self), "at": self.at.isoformat()}


def overrides_of(story: Story) -> tuple[Override, ...]:
    """Every override of a trial up to its answer, in order; those after it touch no answer.

    Args:
        story: up to now.
    """
    found = list[Override]()
    for event in story.beside:
        at = dt.datetime.fromisoformat(event.received_at)
        if event.kind not in (HELD, OVERRIDDEN, STOPPED) or event.conflict:
            continue
        if story.answered_at is None or at <= story.answered_at:
            said = event.said
            what = said.get("how", "stop" if event.kind == STOPPED else "hold")
            found.append(Override(what, said.get("number"), said["reason"], event.actor, at))
    return tuple(found)
