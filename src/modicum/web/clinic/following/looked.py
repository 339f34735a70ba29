"""What the re-challenges of a person found, as their page shows it: nothing of a half before it was answered."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from modicum.services.diary import Story
from modicum.services.diary.keeping import ends_of
from modicum.services.diary.looking_again import Looked, answered_from, held_of, is_cut, looked_of
from modicum.web.clinic.answering.held import Row, rows_of
from modicum.web.clinic.answering.tasks import progress_of
from modicum.web.jobs.reviews import look_again


@dataclass(frozen=True)
class Shown:
    """One re-challenge.

    Args:
        title: its number.
        dates: its first and its last day.
        note: that it waits for its answer, or was ended early; "" where neither is so.
        sentence: what it found, in English; "" before.
        reasons: why that is said, in English.
        rows: what each half held; empty before.
    """

    title: str
    dates: str
    note: str
    sentence: str
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]


def shown_of(story: Story, now: dt.datetime) -> list[Shown]:
    """The re-challenges that are over, the newest first.

    Args:
        story: of the trial, in which a dose is kept.
        now: clock of the clinic, with its zone.
    """
    known = looked_of(story)
    numbers = range(len(story.rechallenges), 0, -1)
    return [found for number in numbers if (found := _shown(story, number, known.get(number), now))]


def _shown(story: Story, number: int, looked: Looked | None, now: dt.datetime) -> Shown | None:
    begun, end = story.rechallenges[number - 1].begun, ends_of(story)[number - 1]
    last = end.date() - dt.timedelta(days=1)
    title = _("Re-challenge %(number)s") % {"number": number}
    dates = _("%(first)s to %(last)s") % {
        "first": date_format(begun.date(), "j F Y"),
        "last": date_format(last, "j F Y"),
    }
    if looked is not None and story.answered is not None:
        verdict, rows = looked.result["verdict"], rows_of(held_of(story, looked), story.answered["result"])
        return Shown(title, dates, "", verdict["sentence"], tuple(verdict["reasons"]), tuple(rows))
    if is_cut(story, number):
        return Shown(title, dates, _("It was ended before its last day, and half of a pair tells nothing."), "", (), ())
    if now < end:
        return None
    from_on = answered_from(story, number)
    if now < from_on:
        when = date_format(from_on.date(), "j F Y")
        note = _("What it found is computed from noon of %(day)s on, when every evening is in.") % {"day": when}
        return Shown(title, dates, note, "", (), ())
    return Shown(title, dates, _waits(story.trial), "", (), ())


def _waits(trial: str) -> str:
    """That the jobs are to answer it, or why they could not."""
    fault = progress_of(look_again, trial).fault
    if not fault:
        return _("What it found is being computed. Look again in a few minutes.")
    words = _("It could not be computed (%(fault)s). The jobs try again by themselves; the page on health says more.")
    return words % {"fault": fault}
