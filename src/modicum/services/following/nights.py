"""Nights: which evening the last capsule was due on, which one the next, and of which order of capsules they are.

By the clock on the wall where the person is. A day lasts until four in the morning, and a capsule is due at the hour of
the protocol; whether it was swallowed is for the person to say.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from modicum.services.diary.evenings import DAY_ENDS, evening_of
from modicum.services.diary.keeping import first_days, half_days, is_kept
from modicum.services.diary.story import Story
from modicum.services.following.overview import Period
from modicum.trial.maintenance import RECHALLENGE
from modicum.trial.running import is_severe


@dataclass(frozen=True)
class Night:
    """The capsules about a moment.

    Args:
        today: day of the trial whose evening is the next to end.
        last: day of the trial on whose evening the last capsule was due; None where none is blinded any more.
        next: of the one after; None where none is to follow.
        again: number of the re-challenge that they are of; 0 for the trial itself.
    """

    today: int
    last: int | None
    next: int | None
    again: int

    def halves(self, story: Story) -> tuple[Period, ...]:
        """Both halves of the re-challenge, as periods.

        Args:
            story: of the trial.
        """
        first, half = first_days(story)[self.again - 1], half_days(story)
        return tuple(
            Period(place, place, RECHALLENGE, RECHALLENGE, first + place * half - half, half, capsule=True)
            for place in (1, 2)
        )

    def dates(self, story: Story) -> tuple[tuple[int | None, dt.date], ...]:
        """The days of the last and of the next capsule, each with its date.

        Args:
            story: of the trial.
        """
        start = story.begun.start.date() if story.begun else dt.date.min
        return tuple((day, start + dt.timedelta(days=day or 0)) for day in (self.last, self.next))


def night_of(story: Story, now: dt.datetime) -> Night:
    """The capsules about a moment.

    Args:
        story: of the trial, begun.
        now: clock of the clinic, with its zone.

    Raises:
        ValueError: the trial has not begun.
    """
    begun = story.begun
    if begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    here = now.astimezone(ZoneInfo(begun.zone))
    again = next((n for n in range(len(story.rechallenges), 0, -1) if _is_of(story, n, here)), 0)
    ended = _ended_at(story, again)
    over = ended is not None and ended <= now
    today, last = _days(story, ended.astimezone(here.tzinfo) if ended is not None and over else here)
    if is_kept(story) and not again:
        return Night(today, None, None, 0)
    return Night(today, last, None if over else last + 1, again)


def _days(story: Story, here: dt.datetime) -> tuple[int, int]:
    """Day of the trial whose evening it is, and the one on whose evening a capsule was due last."""
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    evening, hour = evening_of(here), dt.time.fromisoformat(story.begun.protocol.drug.dose_time)
    due = dt.datetime.combine(evening + dt.timedelta(days=hour < DAY_ENDS), hour)
    today = (evening - story.begun.start.date()).days
    return today, today if here.replace(tzinfo=None) >= due else today - 1


def _is_of(story: Story, number: int, here: dt.datetime) -> bool:
    """Whether the capsules about a moment are those of a re-challenge: from its first day to the day after its last."""
    today, last = _days(story, here)
    first = first_days(story)[number - 1]
    return first <= today and last < first + 2 * half_days(story)


def _ended_at(story: Story, again: int) -> dt.datetime | None:
    """When the capsules came to an end: by staff, the person, a decision, or a severe complaint in a re-challenge."""
    entries = list(story.entries)
    if again:
        since = story.rechallenges[again - 1].begun
        ends = [one.received_at for one in entries if one.happened_at >= since and (one.stops or is_severe(one))]
    else:
        ends = [one.received_at for one in entries if one.stops]
        ends += [dt.datetime.fromisoformat(one["at"]) for one in story.decided if one["block"] is None]
    return min(ends, default=None)
