"""One diary in two worlds, in which the same sealed capsules hold other arms: what blinded people could see of each.

The seals are the same bytes in both; whoever may open them finds other arms. So whatever differs between the worlds was
told by somebody who had opened one. Chance and time are the same in both, so that they tell nothing apart.

Two people live there: Ines, whose trial begins on the first day, and Kofi, whose dose is kept and looked at again.
"""

import datetime as dt
import json
import logging
import random
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pyrage
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic_people import browser, cheap_passwords, database, populate
from contract.web.access.table import Page, address, declared
from contract.web.worlds.batch import Batch
from contract.web.worlds.kept_dose import KeptDose
from contract.web.worlds.other_arms import Held, Telling, other_arms_found
from modicum.allocation.keys import read_identity
from modicum.web import stories
from modicum.web.accounts.devices import COOKIE
from modicum.web.accounts.models import Membership
from modicum.web.api.keys import signer
from modicum.web.clock import now
from modicum.web.jobs.queue import DEFAULT, SEALED, work_off
from modicum.web.jobs.reviews import ask_for_what_is_due
from waiting_trials import at, begun, place, write_evenings

ORDERED_ON, MADE_ON, HANDED_OUT_ON = 0, 1, (13, 28)  # days: the titration's kits, of which she has had two by day 29
BLINDED = ("phone", "other phone", "prescriber", "analyst", "operator")
NUMBERED, NUMBERS = "<int:number>", (1, 2, 3)  # of a trial's reviews
ENDS = ("accounts/logout/", "diary/leave-device")  # addresses that end what the others need
TIMED = (  # modules that ask the machine for the time
    "django.core.cache.backends.base",
    "django.core.signing",
    "django.utils.cache",
    "allauth.account.internal.flows.login",
    "allauth.account.internal.flows.reauthentication",
    "allauth.core.internal.ratelimit",
)

Answer = tuple[int, tuple[tuple[str, str], ...], bytes, int]


@dataclass(frozen=True)
class Seen:
    """All that blinded people could see of a world.

    Args:
        answers: by day, who asked and the address: status, headers, body, and how many queries that took.
        rows: every row of the database, by table.
        files: of the clinic's folder: their bytes, or that they are there where a cipher has drawn them.
        logged: lines.
        decided: what the reviews decided, as anybody may know it.
        arms: that were found under every seal that was opened, in order.
        filled: the pharmacist's pages of what kits hold, by the trial that they are of, where they were opened.
    """

    answers: Mapping[tuple[int, str, str], Answer]
    rows: Mapping[str, list[tuple[Any, ...]]]
    files: Mapping[str, bytes]
    logged: tuple[str, ...]
    decided: tuple[dict[str, Any], ...]
    arms: tuple[Held, ...]
    filled: Mapping[str, bytes]

    def holds(self, text: str) -> bool:
        """Whether it stands anywhere."""
        everything = (*(body for _, _, body, _ in self.answers.values()), *self.files.values())
        return text in repr((self.rows, self.logged, self.answers.keys())) or any(
            text.encode() in one for one in everything
        )

    def apart_from(self, other: "Seen") -> list[str]:
        """What tells two worlds apart, in words."""
        found = [f"day {day}, {who}: {where}" for day, who, where in _unequal(self.answers, other.answers)]
        found += [f"table {name}" for name in _unequal(self.rows, other.rows)]
        found += [f"file {name}" for name in _unequal(self.files, other.files)]
        return found + [f"log: {line}" for line in {*self.logged} ^ {*other.logged}]


def _unequal(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> list[Any]:
    return [key for key in {**one, **other} if one.get(key) != other.get(key)]


class TwoWorlds:
    """A clinic in which a trial has begun and a re-challenge was accepted, to be lived twice.

    Args:
        template: of its database.
        folder: the clinic's, the same in both worlds.
    """

    def __init__(self, template: Path, folder: Path):
        self.folder, self.begun = folder, folder.with_name("begun")
        folder.mkdir()
        shutil.copy(template, self.database)
        with cheap_passwords(), self._clinic():
            self.world = populate()
            signer()
            self.kept = KeptDose(self.world, folder)
            self._set(at(0))
            self.trial = begun(self.world.ines)
            kits = Batch(
                self.world, self.world.ines, "titration", "?batch=titration", ORDERED_ON, MADE_ON, HANDED_OUT_ON
            )
            self.batches = {self.trial: kits, self.kept.person.trial: self.kept.batch}
            self._look(random.Random())  # what is asked for or made once, was
        shutil.copytree(folder, self.begun)

    def secrets(self) -> list[str]:
        """The nonces of the sealed papers: whoever lets a piece of the papers out lets them out too."""
        key = read_identity((self.begun / "keys" / "review.key").read_bytes(), "review.key")
        names = (self.trial, self.kept.allocation)
        sealed = (self.begun / "allocations" / name / "sealed" / "review.age" for name in names)
        papers = [json.loads(pyrage.decrypt(one.read_bytes(), [key])) for one in sealed]
        return [place["nonce"] for one in papers for place in one["places"]]

    @property
    def database(self) -> Path:
        return self.folder / "modicum.sqlite3"

    @contextmanager
    def _clinic(self) -> Iterator[None]:
        with database(str(self.database)), place(self.folder):
            yield

    def live(
        self,
        pains: list[float],
        looks_on: tuple[int, ...],
        *,
        swapped: bool,
        viewers: tuple[str, ...] = BLINDED,
        under: str = "/",
        told: Telling = lambda _held: None,
    ) -> Seen:
        """Both people in one of the worlds, to the last day that is looked at.

        Args:
            pains: of each evening, of either.
            looks_on: days on which everybody looks at everything, in the morning.
            swapped: whether the seals hold the other arms.
            viewers: who looks.
            under: what the addresses begin with at which they look.
            told: the arms, whenever a seal is opened: for what must not be done with them.
        """
        shutil.rmtree(self.folder)
        shutil.copytree(self.begun, self.folder)
        answers, filled = dict[tuple[int, str, str], Answer](), dict[str, bytes]()
        with (
            cheap_passwords(),
            self._clinic(),
            _chance_and_time() as chance,
            other_arms_found(told, swapped=swapped) as arms,
            _lines() as lines,
        ):
            for day in range(max(looks_on) + 1):
                self._set(at(day))
                chance.seed(day)
                ask_for_what_is_due(now())
                work_off(SEALED)
                work_off(DEFAULT)
                filled |= {trial: page for trial, batch in self.batches.items() if (page := batch.attend(day))}
                if day in looks_on:
                    found = self._look(chance, viewers, under)
                    answers |= {(day, *key): answer for key, answer in found.items()}
                self._set(at(day, 20))
                write_evenings(self.trial, range(day, day + 1), self.folder, [pains[day]])
                self.kept.write_evening(day, pains[day])
            decided = stories.story_of(self.trial).decided
            return Seen(answers, _rows(), _files(self.folder), tuple(lines), decided, tuple(arms), filled)

    def _set(self, moment: dt.datetime) -> None:
        (self.folder / "clock").write_text(moment.isoformat())

    def _look(
        self, chance: random.Random, viewers: tuple[str, ...] = BLINDED, under: str = "/"
    ) -> dict[tuple[str, str], Answer]:
        """Every address that is declared, of either person, as everybody gets it who is blinded."""
        pages = [page for page in declared() if page.method == "GET" and page.route not in ENDS]
        addresses = [where for page in pages for where in self._addresses(page) if where.startswith(under)]
        found = dict[tuple[str, str], Answer]()
        for viewer in viewers:
            chance.seed(viewer)
            client = self._browser_of(viewer)
            for where in addresses:
                chance.seed(f"{viewer} {where}")
                with CaptureQueriesContext(connections["default"]) as asked:
                    answer = client.get(where)
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                found[viewer, where] = (answer.status_code, tuple(sorted(answer.headers.items())), body, len(asked))
        return found

    def _addresses(self, page: Page) -> list[str]:
        """All addresses of a page."""
        keys = {
            "participant": (self.world.ines.pk, self.kept.person.pk),
            "device": (self.world.phone.pk, self.kept.phone.pk),
            "site": (self.world.harbour.pk,),
            "membership": (Membership.objects.get(person=self.world.people["pharmacist"]).pk,),
            "person": (self.world.people["pharmacist"].pk,),
        }
        numbers = NUMBERS if NUMBERED in page.route else (1,)
        return [
            address(page.route.replace(NUMBERED, str(number)), key)
            for key in keys.get(page.whose, (1,))
            for number in numbers
        ]

    def _browser_of(self, viewer: str) -> Client:
        if viewer in self.world.people:
            return self.world.client(viewer)
        client = browser(raise_request_exception=False)
        client.cookies[COOKIE] = self.world.phone_token if viewer == "phone" else self.kept.phone_token
        return client


@contextmanager
def _chance_and_time() -> Iterator[random.Random]:
    """The same chance and the same time in both worlds; what ciphers draw for themselves stays their own."""
    chance = random.Random()
    clock = SimpleNamespace(time=lambda: now().timestamp(), monotonic=time.monotonic, sleep=time.sleep)
    replaced = (
        patch("os.urandom", chance.randbytes),
        patch("random._urandom", chance.randbytes),
        patch.object(timezone, "now", now),
        *(patch(f"{name}.time", clock) for name in TIMED),
        patch("modicum.web.operating.health.shutil.disk_usage", lambda _: SimpleNamespace(total=2**40, free=2**39)),
        *(patch(f"modicum.web.{name}.actual", now) for name in ("accounts.doorkeeping", "operating.health")),
    )
    with ExitStack() as stack:
        for one in replaced:
            stack.enter_context(one)
        yield chance


@contextmanager
def _lines() -> Iterator[list[str]]:
    """Everything that is logged."""
    lines = list[str]()
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(f"{record.name} {record.levelname} {record.getMessage()}")
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with connections["default"].cursor() as cursor:
        for name in connections["default"].introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(cursor.fetchall(), key=repr)
    return found


def _files(folder: Path) -> dict[str, bytes]:
    """What stands in the folder but for the database, which was read; of what a cipher drew, that it is there."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("modicum.sqlite3"))
    return {str(path.relative_to(folder)): b"" if path.suffix == ".age" else path.read_bytes() for path in files}
