"""Making the demo: a site, its staff with their log-ins, and its virtual patients."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from modicum.web.accounts.invitations import invite
from modicum.web.accounts.models import Membership, Person, Role, Site
from modicum.web.accounts.staff import give_second_factor
from modicum.web.clinic.enrolling.example import Arrival
from modicum.web.clock import now
from modicum.web.demo.cast import ARRIVING, IN_A_TRIAL, STAFF, Arriving, Team
from modicum.web.demo.living import live, register
from modicum.web.trials import make_key

SITE = "Example clinic"
CODES_SHOWN = 3


@dataclass(frozen=True)
class LogIn:
    """A log-in of the demo's staff.

    Args:
        role: in words.
        email: to log in with.
        password: likewise.
        codes: any one of them, once, as second factor.
    """

    role: str
    email: str
    password: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """What the demo made.

    Args:
        log_ins: of the staff.
        phone: path of the link that joins a phone to the first patient.
    """

    log_ins: tuple[LogIn, ...]
    phone: str


def make_demo(progress: Callable[[str], None]) -> Made:
    """Fill an empty clinic.

    Args:
        progress: called with each step, in words.
    """
    make_key("pharmacist")
    make_key("emergency")
    site = Site.objects.create(name=SITE, on_call="+44 20 7946 0000 (no such number)", pharmacy="Example pharmacy")
    log_ins = tuple(_log_in(site, role) for role in STAFF)
    prescriber, pharmacist = (Person.objects.get(email=one.email) for one in log_ins[:2])
    team = Team(site, prescriber, pharmacist)
    first, *_ = [live(number, one, team, progress) for number, one in enumerate(IN_A_TRIAL)]
    for number, one in enumerate(ARRIVING, len(IN_A_TRIAL)):
        progress(f"{one.surname}: on the way")
        _arrive(number, one, team)
    return Made(log_ins, f"/join/{invite(first, prescriber)[1]}/")


def _log_in(site: Site, role: Role) -> LogIn:
    """A member of the staff with a password and codes that are in no program."""
    email, password = f"{role.value}@example.org", secrets.token_urlsafe(12)
    person = Person(email=email, name=f"Example {role.label}")
    person.set_password(password)
    person.save()
    Membership.objects.create(person=person, site=site, role=role)
    codes = give_second_factor(person)
    return LogIn(str(role.label), email, password, codes[:CODES_SHOWN])


def _arrive(number: int, arriving: Arriving, team: Team) -> None:
    """Somebody as far as she has come, all of it today."""
    at = now()
    arrival = Arrival(register(number, arriving.surname, team), team.prescriber)
    if arriving.medications:
        arrival.screen(arriving.medications, at)
    if arriving.protocol:
        arrival.choose(arriving.protocol, at)
    if arriving.consented:
        arrival.consent(at, share=True)
