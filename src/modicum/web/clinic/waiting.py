"""Who needs a prescriber today, as far as phones tell: nobody has joined yet, or nothing was heard for days."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from modicum.web.accounts.models import Device, Invitation, Participant

SILENT_FOR = dt.timedelta(days=2)


@dataclass(frozen=True)
class Waiting:
    """A person who needs something.

    Args:
        participant: whom.
        what: it is, in a sentence without a stop.
        why: and what to do, in a sentence.
        verb: of the button that leads to it.
    """

    participant: Participant
    what: str
    why: str
    verb: str


def waiting_among(people: Sequence[Participant], at: dt.datetime) -> list[Waiting]:
    """Those of some people whose phone needs a prescriber, the longest silent first, then those without a phone."""
    heard = _heard(people)
    silent = [one for one in people if one.pk in heard and at - heard[one.pk] > SILENT_FOR]
    without = [one for one in people if one.pk not in heard]
    asked = _asked(without, at)
    return [
        *(_silent(one, (at - heard[one.pk]).days) for one in sorted(silent, key=lambda one: heard[one.pk])),
        *(_without(one, one.pk in asked) for one in without),
    ]


def _heard(people: Sequence[Participant]) -> dict[uuid.UUID, dt.datetime]:
    """When the phones of each were last heard of; nothing for those who have none."""
    living = Device.objects.filter(participant__in=people, revoked_at=None)
    return dict(living.order_by().values_list("participant").annotate(Max("last_seen")))


def _asked(people: list[Participant], at: dt.datetime) -> set[uuid.UUID]:
    """Keys of those for whom a link waits to be opened."""
    waiting = Invitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=at, participant__in=people)
    return set(waiting.values_list("participant_id", flat=True))


def _silent(participant: Participant, days: int) -> Waiting:
    what = _("Nothing from the phone for %(days)s days")
    return Waiting(participant, what % {"days": days}, _("Perhaps it is offline, or lost. A call tells."), _("See"))


def _without(participant: Participant, asked: bool) -> Waiting:
    if asked:
        return Waiting(participant, _("The link has not been opened"), _("It is still valid."), _("See"))
    return Waiting(participant, _("No phone keeps the diary"), _("Hand over a link, or show its code."), _("Invite"))
