"""Reviews as blinded staff see them: what was decided, what it stood on in counts, and what may be answered to it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from modicum.services.diary.reviewing import BEGIN
from modicum.services.diary.story import Story
from modicum.services.following.known import Response, known_of
from modicum.services.following.overview import Overview, Period, Share
from modicum.trial.running import SEVERE

Standing = Literal["open", "answered", "lapsed", "nothing to answer"]


@dataclass(frozen=True)
class Review:
    """One decision.

    Args:
        number: of it, which is also the place of the period that it begins.
        said: the decision.
        at: when it took effect.
        before: the period that it looks back on; None for the first.
        after: the period that it begins; None at the end.
        response: what was answered; None where nothing was.
        standing: whether it can still be answered; one that was not answered before the next has gone its agreed way.
    """

    number: int
    said: str
    at: dt.datetime
    before: Period | None
    after: Period | None
    response: Response | None
    standing: Standing


@dataclass(frozen=True)
class Ground:
    """What a decision stood on, in counts.

    Args:
        answered: evenings of the period that are in.
        taken: capsules of the period taken, of the answers that tell: those from its second evening on, since each asks
            about the night before.
        severe: labels of what was severe in it.
        medicines: new ones that stopped the capsules in it.
    """

    answered: Share
    taken: Share
    severe: tuple[str, ...]
    medicines: tuple[str, ...]


def reviews_of(story: Story, overview: Overview) -> tuple[Review, ...]:
    """Every decision of a trial, in order.

    Args:
        story: up to now.
        overview: of the same story.
    """
    periods, known = {one.number: one for one in overview.periods}, known_of(story)
    last = len(story.decided)
    return tuple(_review(one, periods, known.responses.get(one["number"]), story, last) for one in story.decided)


def ground_of(review: Review, overview: Overview) -> Ground | None:
    """What a decision stood on; None for the first, which stood on nothing.

    Args:
        review: of the trial.
        overview: of the same story.
    """
    period = review.before
    if period is None:
        return None
    span = period.first_day, period.last_day
    severe = tuple(label for label, _, worst in overview.complaints(*span) if worst >= SEVERE)
    begin = overview.start + dt.timedelta(days=period.first_day)
    medicines = (one for one in overview.medicines if one.stop and begin <= one.at < review.at)
    taken = overview.taken(period.first_day + 1, period.last_day)
    return Ground(overview.answered(*span), taken, severe, tuple(one.name for one in medicines))


def _review(
    said: dict[str, Any], periods: dict[int, Period], response: Response | None, story: Story, last: int
) -> Review:
    number = said["number"]
    running = story.begun is not None and not story.left and story.stopped is None and story.answered is None
    standing: Standing = "open" if number == last and running else "lapsed"
    if said["said"] == BEGIN:
        standing = "nothing to answer"
    return Review(
        number=number,
        said=said["said"],
        at=dt.datetime.fromisoformat(said["at"]),
        before=periods.get(number - 1),
        after=periods.get(number),
        response=response,
        standing="answered" if response is not None else standing,
    )
