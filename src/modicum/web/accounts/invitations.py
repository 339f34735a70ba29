"""Invitations of a phone: a link that is valid for two days, works once, and is made anew as often as it is needed."""

import datetime as dt
import enum
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from modicum.web.accounts.models import Invitation, Participant, Person
from modicum.web.accounts.recording import record_of, staff
from modicum.web.accounts.tokens import fingerprint, new_token
from modicum.web.clock import now

VALID_FOR = dt.timedelta(hours=48)


class State(enum.Enum):
    """What became of an invitation."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"

    @property
    def reason(self) -> str:
        """Why it does not work, for whoever holds it."""
        return str(_REASONS[self])


_REASONS = {
    State.OPEN: "",
    State.USED: _("This link has been used. Each link joins one phone, once."),
    State.EXPIRED: _("This link is too old. A link is valid for two days."),
    State.WITHDRAWN: _("A newer link was made after this one. Use the newer one."),
    State.UNKNOWN: _("This link is not known here. Perhaps a part of it is missing."),
}


class InvitationRefused(Exception):  # noqa: N818 - what happened, not a fault
    """An invitation does not work any more, or never did."""

    def __init__(self, state: State):
        self.state = state
        super().__init__(state.value)


@dataclass(frozen=True)
class Found:
    """What a token stands for.

    Args:
        invitation: None where the token is not known.
        state: whether it works, and if not, why.
    """

    invitation: Invitation | None
    state: State


def invite(participant: Participant, by: Person | None) -> tuple[Invitation, str]:
    """Make a link for a phone; earlier ones that nobody used stop working.

    Args:
        participant: whose phone it is for.
        by: the member of the staff who asks for it; None for the server itself, as in the demo.

    Returns:
        The invitation, and its token, which is told this once and kept nowhere.
    """
    at, token = now(), new_token()
    until = at + VALID_FOR
    record_of(participant, "invited", staff(by), expires_at=until.isoformat(timespec="seconds"))
    Invitation.objects.filter(participant=participant, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    made = Invitation.objects.create(
        participant=participant, token_sha256=fingerprint(token), made_by=by, made_at=at, expires_at=until
    )
    return made, token


def find(token: str) -> Found:
    """What a token stands for; looking changes nothing."""
    known = Invitation.objects.select_related("participant__site", "participant__prescriber", "made_by")
    invitation = known.filter(token_sha256=fingerprint(token)).first()
    return Found(invitation, _state(invitation))


def _state(invitation: Invitation | None) -> State:
    if invitation is None:
        return State.UNKNOWN
    if invitation.used_at is not None:
        return State.USED
    if invitation.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.OPEN if invitation.expires_at > now() else State.EXPIRED
