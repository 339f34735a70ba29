"""The maintenance of a dose that was kept: what was asked, written, taken and told since, and a re-challenge of it.

Everything is by what is known openly. A score is never averaged over an evening that tells of a capsule of a
re-challenge, so that no number here invites a guess of what either half holds.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from zoneinfo import ZoneInfo

from modicum.services.diary.beginning import Beginning
from modicum.services.diary.keeping import first_day, first_days, half_days, is_asked, is_kept, last_day
from modicum.services.diary.schedule import today_of
from modicum.services.diary.story import Story
from modicum.services.following.overview import Day, Overview, Period, Share, day_of, last_closed
from modicum.trial.maintenance import MAINTENANCE, RECHALLENGE


@dataclass(frozen=True)
class Level:
    """A mean score on the open dose.

    Args:
        mean: in the units of the outcome.
        entries: that it is the mean of.
        first: date of the first of them.
        last: date of the last of them.
    """

    mean: float
    entries: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Again:
    """A re-challenge that is to come or under way.

    Args:
        number: of it, from 1.
        first: its first date.
        last: its last date.
        day: of it, from 1; 0 before its first.
        days: how many it has.
    """

    number: int
    first: dt.date
    last: dt.date
    day: int
    days: int


@dataclass(frozen=True)
class Maintained:
    """A dose that is kept, or was until it ended.

    Args:
        dose_mg: that was found.
        since: first date of its maintenance.
        until: last date of it; None where it is kept on.
        asked: evenings that came, of those on which the diary was asked for and that are over or in.
        then: the score at first, on the open dose; None where none was written.
        now: the score of late, likewise; None where it would be that of the same entries.
        again: the re-challenge that is to come or under way; None where there is none.
        overview: of the evenings that were asked for or written since, with the re-challenges as periods.
    """

    dose_mg: float
    since: dt.date
    until: dt.date | None
    asked: Share
    then: Level | None
    now: Level | None
    again: Again | None
    overview: Overview


def maintained_of(story: Story, now: dt.datetime) -> Maintained | None:
    """The maintenance of a dose that was kept; None where none is.

    Args:
        story: up to now.
        now: clock of the clinic, with its zone.
    """
    begun, answered = story.begun, story.answered
    if begun is None or answered is None or not is_kept(story):
        return None
    first, last, today = first_day(story), _last(story, begun.start), today_of(begun, now)
    if last is not None and last < first:  # the trial itself was ended, and its answer came after
        return None
    wanted = {day for day in range(first, (today if last is None else min(today, last)) + 1) if is_asked(story, day)}
    written = {day for day in story.by_day if day >= first and (last is None or day <= last)}
    closed = last_closed(begun, now)
    days = tuple(day_of(story, day, closed) for day in sorted(wanted | written))
    then, lately = _levels(story, begun, first, days)
    return Maintained(
        dose_mg=answered["result"]["verdict"]["dose_mg"],
        since=_date(begun, first),
        until=None if last is None else _date(begun, last),
        asked=_share([one for one in days if one.day in wanted and one.state != "open"]),
        then=then,
        now=lately,
        again=_again(story, begun, now) if last is None else None,
        overview=Overview(begun.protocol, begun.start, today, tuple(_periods(story, first, today)), days),
    )


def _last(story: Story, start: dt.datetime) -> int | None:
    """The last day of a dose that ended, by a severe complaint, by staff or by the person; None where it is kept on."""
    ends = [(one.received_at - start).days for one in story.entries if one.stops]
    severe = last_day(story)
    return min([*ends, *([] if severe is None else [severe])], default=None)


def _date(begun: Beginning, day: int) -> dt.date:
    return begun.start.date() + dt.timedelta(days=day)


def _share(days: Sequence[Day]) -> Share:
    return Share(sum(one.state in ("in", "late") for one in days), len(days))


def _levels(story: Story, begun: Beginning, first: int, days: Sequence[Day]) -> tuple[Level | None, Level | None]:
    """The mean of the first window of maintenance, and of the last entries that are no longer in it."""
    plan = begun.protocol.maintenance
    window = int(plan.window_days) if plan else 0
    scored = [one for one in days if one.score is not None and not _tells_of_a_pair(story, one.day)]
    then = [one for one in scored if one.day < first + window]
    after = [one for one in scored if one.day >= first + window]
    lately = [one for one in after if one.day > after[-1].day - window]
    return _level(begun, then), _level(begun, lately)


def _level(begun: Beginning, days: Sequence[Day]) -> Level | None:
    if not days:
        return None
    mean = fmean(one.score for one in days if one.score is not None)
    return Level(mean, len(days), _date(begun, days[0].day), _date(begun, days[-1].day))


def _tells_of_a_pair(story: Story, day: int) -> bool:
    """Whether the capsule of the night before an evening was one of a re-challenge."""
    return any(first < day <= first + 2 * half_days(story) for first in first_days(story))


def _again(story: Story, begun: Beginning, now: dt.datetime) -> Again | None:
    today = now.astimezone(ZoneInfo(begun.zone)).date()
    days = 2 * half_days(story)
    for number, one in enumerate(story.rechallenges, 1):
        first = one.begun.date()
        last = first + dt.timedelta(days=days - 1)
        if today <= last:
            return Again(number, first, last, max((today - first).days + 1, 0), days)
    return None


def _periods(story: Story, first: int, today: int) -> Iterator[Period]:
    """The open dose and its re-challenges in turn, as far as they have begun."""
    at, length = first, 2 * half_days(story)
    for number, begins in enumerate(first_days(story), 1):
        if begins > today:
            break
        if begins > at:
            yield Period(0, 0, MAINTENANCE, MAINTENANCE, at, begins - at, capsule=True)
        yield Period(number, number, RECHALLENGE, RECHALLENGE, begins, length, capsule=True)
        at = begins + length
    if at <= today:
        yield Period(0, 0, MAINTENANCE, MAINTENANCE, at, today - at + 1, capsule=True)
