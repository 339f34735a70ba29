"""Keeping a dose that was found: after the answer the diary is asked for now and then, as the protocol says."""

import datetime as dt
from zoneinfo import ZoneInfo

from modicum.decision.judging import WORKING
from modicum.services.diary.evenings import evening_of
from modicum.services.diary.story import Story


def is_kept(story: Story) -> bool:
    """Whether a dose was found, and the protocol goes on with it."""
    if story.begun is None or story.answered is None or story.begun.protocol.maintenance is None:
        return False
    return story.answered["result"]["verdict"]["code"] in WORKING


def first_day(story: Story) -> int:
    """Day of the trial on which maintenance begins: the one after the answer.

    Args:
        story: in which a dose is kept.
    """
    begun, at = story.begun, story.answered_at
    if begun is None or at is None:
        raise ValueError(f"{story.trial} has no answer.")
    evening = evening_of(at.astimezone(ZoneInfo(begun.zone)))
    return (evening + dt.timedelta(days=1) - begun.start.date()).days


def is_asked(story: Story, day: int) -> bool:
    """Whether the diary is asked for on a day of maintenance.

    Args:
        story: in which a dose is kept.
        day: of the trial.
    """
    plan = story.begun.protocol.maintenance if story.begun else None
    since = day - first_day(story)
    return plan is not None and since >= 0 and since % int(plan.entry_days) == 0
