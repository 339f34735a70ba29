"""Who was first: whoever comes second is told so, with what she entered, and where it can still be done.

Nothing that somebody chose with a reason is ever passed over without a word.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from modicum.services.diary import Story
from modicum.services.following.earlier import Earlier, stopped_before
from modicum.web.accounts.models import Participant
from modicum.web.clinic.following.actors import actors_said


@dataclass(frozen=True)
class Late:
    """Something that was entered and does not count.

    Args:
        why: who was first, in sentences.
        reason: of whoever was first, as it was written; "" where there is none.
        entered: what was chosen or written, in lines.
        may_stop: whether the trial can still be stopped.
        may_hold: whether its capsules can still be held.
    """

    why: str
    reason: str
    entered: tuple[str, ...]
    may_stop: bool
    may_hold: bool


def late_of(story: Story, why: str, reason: str, *entered: str) -> Late:
    """Something that was entered and does not count.

    Args:
        story: up to now.
        why: who was first, in sentences.
        reason: of whoever was first.
        entered: what was chosen or written; what is empty is left out.
    """
    runs = story.stopped is None and not story.left
    may_hold = runs and not story.held and story.answered is None and not story.ended
    return Late(why, reason, tuple(one for one in entered if one), runs, may_hold)


def by_whom(words: str, participant: Participant, actor: str, at: dt.datetime) -> str:
    """A sentence on who was first, and when that was where the person lives.

    Args:
        words: with places for who and day.
        participant: whose trial it is.
        actor: who was first, as the store names her.
        at: when.
    """
    day = date_format(at.astimezone(ZoneInfo(participant.zone)), "j F Y, H:i")
    return words % {"who": actors_said([actor])[actor], "day": day}


def over_said(participant: Participant, story: Story) -> tuple[str, str]:
    """Why nothing can be done in a trial any more, and the reason; both "" where it runs.

    Args:
        participant: whose trial it is.
        story: up to now.
    """
    stopped = stopped_before(story)
    if stopped is not None:
        return stopped_said(participant, stopped)
    return (_("This person has left."), "") if story.left else ("", "")


def stopped_said(participant: Participant, stopped: Earlier) -> tuple[str, str]:
    """By whom a trial was stopped, and the reason."""
    return by_whom(_("Already stopped by %(who)s on %(day)s."), participant, stopped.actor, stopped.at), stopped.reason
