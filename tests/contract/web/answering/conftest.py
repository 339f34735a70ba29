"""A clinic in which one trial is over and answered."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from answered_trials import live
from clinic_people import PASSWORD, World
from lived_clinics import after
from modicum.services.revealing import closing_of
from modicum.web.accounts.models import Participant
from modicum.web.clinic.answering.giving import answer_trial
from modicum.web.jobs import queue
from modicum.web.stories import STORE
from waiting_trials import place


@dataclass
class Room:
    """The clinic, the person whose trial was answered (Ines unless said otherwise), and the prescriber's browser."""

    world: World
    data: Path
    client: Client
    whose: Participant | None = None

    @property
    def person(self):
        return self.whose or self.world.ines

    @property
    def trial(self):
        return self.person.trial

    @property
    def answers(self):
        return self.data / "answers" / self.trial

    @property
    def closing(self):
        return closing_of(STORE.events_of(self.trial))

    def kinds(self):
        return [event.kind for event in STORE.events_of(self.trial)]

    def address(self, name):
        return f"/clinic/people/{self.person.pk}/{name}/"

    def get(self, name, **more):
        return self.client.get(self.address(name), **more)

    def text(self, name):
        """A page, with plain blanks and minus signs."""
        page = self.get(name).content.decode()
        return page.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")

    def sign(self, client=None):
        """Sign, and say once more who one is, as the page asks."""
        cache.clear()  # how often somebody has said so is counted
        client = client or self.client
        asked = client.post(self.address("answer/sign"))
        if asked.headers["Location"].startswith("/accounts/"):
            where = asked.headers["Location"]
            return client.post(where, {"password": PASSWORD, "next": self.address("answer/sign")})
        return asked

    def reveal(self):
        """Ask for the reveal, and have the jobs do it."""
        self.client.post(self.address("reveal"))
        queue.work_off(queue.SEALED)


def be_answered(world, data):
    """The trial of Ines is over, and was answered at that moment."""
    with place(data):
        over = live(world.ines, data.parent, "lived-for-pages")
        answer_trial(world.ines.trial, over)
        (data / "clock").write_text(over.isoformat())


@after(be_answered)
def be_revealed(world, data):
    """The answer was signed, and the order was revealed."""
    with place(data):
        room = Room(world, data, world.client("prescriber"))
        room.sign()
        room.reveal()


@pytest.fixture
def room(world, lived):
    """The clinic once there is an answer."""
    with place(lived(be_answered)) as data:
        yield Room(world, data, world.client("prescriber"))


@pytest.fixture
def revealed(world, lived):
    """The clinic after the reveal."""
    with place(lived(be_revealed)) as data:
        yield Room(world, data, world.client("prescriber"))
