"""Keeping a dose that was found: after the answer the diary is asked for now and then, as the protocol says.

In a re-challenge it is asked for every evening, with a guess in the middle of each half.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from modicum.decision.judging import WORKING
from modicum.services.diary.evenings import evening_of
from modicum.services.diary.story import Story
from modicum.trial.running import is_severe


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


def last_day(story: Story) -> int | None:
    """Day of the trial on which a dose that was kept ended: a severe complaint, or staff; None where it is kept on.

    Args:
        story: in which a dose is kept.
    """
    first = first_day(story)
    days = [day for day, one in story.by_day.items() if day >= first and one.entry and is_severe(one.entry)]
    if story.begun is not None and story.stopped is not None:
        days.append(max((story.stopped.entry.happened_at - story.begun.start).days, first))
    return min(days, default=None)


def is_asked(story: Story, day: int) -> bool:
    """Whether the diary is asked for on a day of maintenance.

    Args:
        story: in which a dose is kept.
        day: of the trial.
    """
    if _night(story, day) is not None:
        return True
    plan = story.begun.protocol.maintenance if story.begun else None
    ends = [first + 2 * half_days(story) for first in first_days(story)]
    since = day - max([first_day(story), *(end for end in ends if end <= day)])
    return plan is not None and since >= 0 and since % int(plan.entry_days) == 0


def is_guessed(story: Story, day: int) -> bool:
    """Whether a guess of the capsule is asked on a day of maintenance.

    Args:
        story: in which a dose is kept.
        day: of the trial.
    """
    night, half = _night(story, day), half_days(story)
    return night is not None and night % half == half // 2


def capsule_of(story: Story, day: int) -> tuple[int, int, int] | None:
    """Of which re-challenge the capsule of an evening is: its number, the half, and the night of that half, from 0.

    Args:
        story: in which a dose is kept.
        day: of the trial.

    Returns:
        None where it is one of the dose that is kept openly.
    """
    half = half_days(story)
    for number, first in enumerate(first_days(story), 1):
        if 0 <= day - first < 2 * half:
            return number, 1 + (day - first) // half, (day - first) % half
    return None


def _night(story: Story, day: int) -> int | None:
    """Number of a day within a re-challenge, from 0; None outside of one."""
    since = [day - first for first in first_days(story)]
    return next((night for night in since if 0 <= night < 2 * half_days(story)), None)


def first_days(story: Story) -> list[int]:
    """First day of every re-challenge, as a day of the trial."""
    return [(one.begun - story.begun.start).days for one in story.rechallenges] if story.begun else []


def half_days(story: Story) -> int:
    """Days of each half of a re-challenge; 0 where the protocol has none."""
    plan = story.begun.protocol.maintenance if story.begun else None
    return int(plan.half_days) if plan else 0


def ends_of(story: Story) -> tuple[dt.datetime, ...]:
    """Midnight after the last day of every re-challenge, in order."""
    return tuple(one.begun + dt.timedelta(days=2 * half_days(story)) for one in story.rechallenges)
