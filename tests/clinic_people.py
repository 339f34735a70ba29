"""A clinic in this very process: Django's own client, on a copy of a migrated SQLite file or PostgreSQL database."""

import base64
import datetime as dt
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

import databases

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modicum.web.settings")
assert databases  # it says where Django finds its settings
django.setup()

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value  # noqa: E402 - Django has to be set up first
from django.contrib.auth.hashers import ScryptPasswordHasher  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from modicum.web import stories  # noqa: E402
from modicum.web.accounts import devices, invitations, participants, staff  # noqa: E402
from modicum.web.accounts.models import Device, Membership, Participant, Person, Role, Site  # noqa: E402
from modicum.web.databases import configured  # noqa: E402
from modicum.web.pharmacy import supplies  # noqa: E402

PASSWORD = "seven grey herons wading"  # noqa: S105 - of people who are none
SECRET = base64.b32encode(b"twenty bytes of test").decode()
_HASHED: list[str] = []
BORN = dt.date(1983, 5, 14)


@contextmanager
def database(where: str) -> Iterator[None]:
    """Have Django's database be another one for a while; nothing that was told in one is remembered in the other."""
    kept = connections.databases["default"]
    _point(configured(where) | {"CONN_MAX_AGE": 0})
    try:
        yield
    finally:
        connections["default"].close()
        connections.databases["default"] = kept
        del connections["default"]
        forget()


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Hash passwords as cheaply as can be: how dear that is in use is the point of no test but one."""
    kept = ScryptPasswordHasher.work_factor
    ScryptPasswordHasher.work_factor = 2
    _HASHED.clear()
    try:
        yield
    finally:
        ScryptPasswordHasher.work_factor = kept
        _HASHED.clear()


def migrated(where: str) -> None:
    """Bring a database up to date."""
    with database(where):
        call_command("migrate", verbosity=0)


@contextmanager
def copy_of_sqlite(template: Path, place: Path) -> Iterator[None]:
    """A database of one's own, as the template is."""
    shutil.copy(template, place)
    with database(str(place)):
        yield


@contextmanager
def copy_of_postgresql(server: str, template: str, name: str) -> Iterator[None]:
    """The same on a PostgreSQL."""
    with database(server), connections["default"].cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    with database(server.rpartition("/")[0] + f"/{name}"):
        yield


def forget() -> None:
    """Forget what stories were told so far: people of a copy bear the names of those of another."""
    for remembered in (stories._told, supplies._told):
        remembered.clear()


def _point(settings: dict[str, object]) -> None:
    connections["default"].close()
    connections.databases["default"] = {**connections.databases["default"], **settings}
    del connections["default"]
    forget()


@dataclass
class World:
    """Two sites that know nothing of each other, with their staff, a participant each, and her phone."""

    harbour: Site
    quay: Site
    people: dict[str, Person]
    ines: Participant
    jonas: Participant
    phone: Device
    phone_token: str
    other_phone: Device

    def client(self, name: str) -> Client:
        """A browser that one of the staff is logged in with."""
        client = browser()
        client.force_login(self.people[name])
        return client


def browser(**more: object) -> Client:
    """A browser that nobody is logged in with."""
    return Client(SERVER_NAME="localhost", **more)


def populate() -> World:
    """Fill an empty clinic."""
    sites = [Site.objects.create(name=name, on_call="020 7946 0000") for name in ("Harbour Street", "Quay House")]
    people = {}
    for name, site, role in (
        ("prescriber", 0, Role.PRESCRIBER),
        ("pharmacist", 0, Role.PHARMACIST),
        ("analyst", 0, Role.ANALYST),
        ("operator", 0, Role.OPERATOR),
        ("foreign prescriber", 1, Role.PRESCRIBER),
        ("foreign operator", 1, Role.OPERATOR),
    ):
        people[name] = member(name, sites[site], role)
    people["newcomer"] = member("newcomer", sites[0], Role.PRESCRIBER, second_factor=False)
    ines = _participant(sites[0], people["prescriber"], "Halloran", "Ines")
    jonas = _participant(sites[1], people["foreign prescriber"], "Brandt", "Jonas")
    phone, token = devices.enrol(invitations.invite(ines, people["prescriber"])[1], kind="iPhone")
    other, _ = devices.enrol(invitations.invite(jonas, None)[1], kind="Android")
    return World(*sites, people, ines, jonas, phone, token, other)


def member(name: str, site: Site, role: Role, *, second_factor: bool = True) -> Person:
    """One of the staff, with a role at a site."""
    person = staff.make_person(email=f"{name.replace(' ', '.')}@example.org", name=f"Dr {name}".title())
    person.password = _hashed()
    person.save()
    Membership.objects.create(person=person, site=site, role=role)
    if second_factor:
        staff.give_second_factor(person, SECRET)
    return person


def code(secret: str = SECRET, steps: int = 0) -> str:
    """The six digits that an app shows now, or some steps from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wait_for_a_fresh_step() -> None:
    """Wait where the step of the codes is about to change, so that one typed now is still good when it is read."""
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left + 0.1)


def _hashed() -> str:
    """The one password, hashed once: that is slow on purpose."""
    if not _HASHED:
        person = Person()
        person.set_password(PASSWORD)
        _HASHED.append(person.password)
    return _HASHED[0]


def _participant(site: Site, prescriber: Person, surname: str, given: str) -> Participant:
    return participants.register(
        site=site, surname=surname, given=given, born=BORN, prescriber=prescriber, by=prescriber, virtual=True
    )
