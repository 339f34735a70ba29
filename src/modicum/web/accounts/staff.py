"""Staff: how a person comes in, gets a role, loses it, and gets in again.

Nobody signs up. The first operator of a site is made on the server; everybody else by an operator, who hands over a
link by which the person sets a password herself. The same kind of link helps who lost password or second factor.
"""

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from modicum.services.diary.openings import OPENED
from modicum.services.dispensing.supplies import DISPENSED, PREPARED, RECALLED, REPLACED, RETURNED
from modicum.web.accounts.invitations import InvitationRefused, State
from modicum.web.accounts.models import Membership, Participant, Person, Role, Site, StaffInvitation
from modicum.web.accounts.recording import record_at, staff
from modicum.web.accounts.rules import may_renew
from modicum.web.accounts.tokens import fingerprint, new_token
from modicum.web.clock import actual
from modicum.web.store.models import Event

VALID_FOR = dt.timedelta(hours=48)
REVOKED = "revoked"  # a phone, which an operator does too
APART = frozenset({Role.PRESCRIBER, Role.PHARMACIST})
APART_TOO = frozenset({Role.ANALYST, Role.PHARMACIST})  # an analyst is blinded like a prescriber


class RoleRefused(Exception):  # noqa: N818 - what happened, not a fault
    """A role cannot be given or taken; its text says why, and what can be done."""


@dataclass(frozen=True)
class Invited:
    """A person who got a role.

    Args:
        person: whom.
        token: of the link to hand over; empty where the person has a way in already, or a link to it from elsewhere.
    """

    person: Person
    token: str


def found_site(*, name: str, on_call: str, pharmacy: str, email: str, operator: str, language: str = "en") -> Invited:
    """Make a site and its first operator, on the server.

    Args:
        name: of the site.
        on_call: telephone that is answered day and night.
        pharmacy: where the capsules come from; may be empty.
        email: of the operator.
        operator: name of the operator.
        language: of the operator.
    """
    site = Site.objects.create(name=name, on_call=on_call, pharmacy=pharmacy)
    return invite(site=site, email=email, name=operator, role=Role.OPERATOR, by=None, language=language)


def invite(*, site: Site, email: str, name: str, role: Role, by: Person | None, language: str = "en") -> Invited:
    """Give a person a role at a site, and a link to come in by where she has none yet.

    Whoever holds the link comes in with every role of hers. So an operator gets none who does not run every site
    where she works: where somebody else has invited her, she comes in by that link.

    Raises:
        RoleRefused: the role is not for this person.
    """
    address = email.strip().lower()
    person = Person.objects.filter(email=address).first()
    if person is None:
        person = make_person(email=address, name=name, language=language)
    give_role(person=person, site=site, role=role, by=by)
    joins = not person.has_usable_password()
    hers = joins and (by is None or may_renew(by, Person.objects.get(pk=person.pk)))
    return Invited(person, _link(person) if hers else "")


def make_person(*, email: str, name: str, password: str | None = None, language: str = "en") -> Person:
    """A person without a role; without a password nobody can log in as her."""
    person = Person(email=email, name=name, language=language)
    person.set_password(password)
    person.save()
    return person


def give_second_factor(person: Person, secret: str = "") -> tuple[str, ...]:
    """Give a person an app with codes that nobody holds, or the one with a secret; for the demo and for tests.

    Returns:
        Recovery codes, each of which logs her in once in its place.
    """
    TOTP.activate(person, secret or generate_totp_secret())
    return tuple(RecoveryCodes.activate(person).get_unused_codes())


def give_role(*, person: Person, site: Site, role: Role, by: Person | None) -> None:
    """Give a role.

    Raises:
        RoleRefused: she has it already, or has the one that has to be apart from it.
    """
    held = set(Membership.objects.filter(person=person, site=site).values_list("role", flat=True))
    if role in held:
        raise RoleRefused(_("%(name)s has this role here already.") % {"name": person.name})
    if role in APART and held & APART:
        raise RoleRefused(_apart(person))
    if role in APART_TOO and held & APART_TOO:
        raise RoleRefused(_apart_too(person))
    if role in (Role.PRESCRIBER, Role.ANALYST) and has_opened(person, site):
        raise RoleRefused(_has_opened(person))
    if role == Role.PHARMACIST and has_prescribed(person, site):
        raise RoleRefused(_has_prescribed(person))
    record_at(site, "role-given", staff(by), person=str(person.pk), role=str(role))
    try:
        with transaction.atomic():
            Membership.objects.create(person=person, site=site, role=role)
    except IntegrityError as clash:
        raise RoleRefused(_apart(person)) from clash


def take_role(membership: Membership, *, by: Person) -> None:
    """Take a role away; it is gone from the next request on.

    Raises:
        RoleRefused: nobody would run the site any more.
    """
    site, role = membership.site, membership.role
    others = Membership.objects.filter(site=site, role=Role.OPERATOR).exclude(pk=membership.pk)
    if role == Role.OPERATOR.value and not others.exists():
        raise RoleRefused(_("Nobody would run this site any more. Make somebody else operator first."))
    record_at(site, "role-taken", staff(by), person=str(membership.person.pk), role=role)
    Membership.objects.filter(pk=membership.pk).delete()


def renew(person: Person, *, by: Person) -> str:
    """Make a link by which a person sets a new password and a new second factor.

    Returns:
        Its token, which is told this once.
    """
    for site in Site.objects.filter(memberships__person=person).distinct():
        record_at(site, "way-in-renewed", staff(by), person=str(person.pk))
    return _link(person)


def find(token: str) -> tuple[StaffInvitation | None, State]:
    """The invitation that a token stands for, and whether it works; looking changes nothing."""
    invitation = StaffInvitation.objects.select_related("person").filter(token_sha256=fingerprint(token)).first()
    if invitation is None:
        return None, State.UNKNOWN
    if invitation.used_at is not None:
        return invitation, State.USED
    if invitation.withdrawn_at is not None:
        return invitation, State.WITHDRAWN
    return invitation, State.OPEN if invitation.expires_at > actual() else State.EXPIRED


def come_in(token: str, *, name: str, password: str) -> Person:
    """Set a password by a link. Second factors of before are gone, and so is every log-in of before.

    Raises:
        InvitationRefused: the link does not work, or was used a moment ago.
    """
    invitation, state = find(token)
    if invitation is None or state is not State.OPEN:
        raise InvitationRefused(state)
    person = invitation.person
    with transaction.atomic():
        unused = StaffInvitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
        if not unused.update(used_at=actual()):
            raise InvitationRefused(State.USED)
        Authenticator.objects.filter(user=person).delete()
        person.name = name
        person.set_password(password)
        person.save(update_fields=["name", "password"])
    for site in Site.objects.filter(memberships__person=person).distinct():
        record_at(site, "came-in", staff(person))
    return person


def has_opened(person: Person, site: Site) -> bool:
    """Whether she has opened the seal of a trial of a site as its pharmacist, and so knows what was blinded."""
    trials = list(Participant.objects.filter(site=site).values_list("trial", flat=True))
    opened = Event.objects.filter(kind=OPENED, actor=staff(person), trial__in=trials)
    return any(event.said["path"] == "supply" for event in opened)


def has_prescribed(person: Person, site: Site) -> bool:
    """Whether she has done anything in a trial of a site as its prescriber, and so has a side in it."""
    own = Participant.objects.filter(site=site)
    if own.filter(prescriber=person).exists():
        return True
    done = Event.objects.filter(actor=staff(person), trial__in=list(own.values_list("trial", flat=True)))
    done = done.exclude(kind__in=(PREPARED, DISPENSED, RETURNED, RECALLED, REPLACED, REVOKED))
    return any(event.kind != OPENED or event.said["path"] != "supply" for event in done)


def _link(person: Person) -> str:
    at, token = actual(), new_token()
    StaffInvitation.objects.filter(person=person, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    StaffInvitation.objects.create(
        person=person, token_sha256=fingerprint(token), made_at=at, expires_at=at + VALID_FOR
    )
    return token


def _apart(person: Person) -> str:
    words = _(
        "%(name)s cannot be both prescriber and pharmacist of one site: the pharmacist knows what the capsules hold, "
        "the prescriber must not."
    )
    return words % {"name": person.name}


def _apart_too(person: Person) -> str:
    words = _(
        "%(name)s cannot be both analyst and pharmacist of one site: the pharmacist knows what the capsules hold, the "
        "analyst must not before the reveal."
    )
    return words % {"name": person.name}


def _has_opened(person: Person) -> str:
    words = _(
        "%(name)s has opened a sealed trial of this site as its pharmacist, and knows what its capsules hold: nobody "
        "prescribes for a trial that she has seen through, or analyses it."
    )
    return words % {"name": person.name}


def _has_prescribed(person: Person) -> str:
    words = _(
        "%(name)s has prescribed for a trial of this site, and knows how its patient is: nobody dispenses for a trial "
        "that she has followed."
    )
    return words % {"name": person.name}
