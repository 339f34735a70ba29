"""One diary in two worlds, in which the same sealed capsules hold other arms: what blinded people could see of each.

The seals are the same bytes in both; the process that may open them finds other arms. So whatever differs between the
worlds was told by somebody who had opened one. Chance and time are the same in both, so that they tell nothing apart.
"""

import datetime as dt
import json
import logging
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pyrage
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic_people import World, browser, cheap_passwords, database, populate
from contract.web.access.table import address, declared
from modicum.allocation.keys import read_identity
from modicum.protocol import read_protocol
from modicum.protocol.sequences import list_sequences
from modicum.services.diary.sealed import Opened
from modicum.trial.block import Roles
from modicum.web import stories, trials
from modicum.web.accounts.devices import COOKIE
from modicum.web.accounts.models import Membership
from modicum.web.api.keys import signer
from modicum.web.clock import now
from modicum.web.jobs.queue import DEFAULT, SEALED, work_off
from modicum.web.jobs.reviews import ask_for_what_is_due
from waiting_trials import FLAGSHIP, at, begun, place, write_evenings

BLINDED = ("phone", "prescriber", "analyst", "operator")
NUMBERED, NUMBERS = "<int:number>", (1, 2, 3)  # of a trial's reviews
ENDS = ("accounts/logout/", "diary/leave-device")  # addresses that end what the others need


Answer = tuple[int, tuple[tuple[str, str], ...], bytes, int]
Telling = Callable[[Roles], None]


@dataclass(frozen=True)
class Seen:
    """All that blinded people could see of a world.

    Args:
        answers: by day, who asked and the address: status, headers, body, and how many queries that took.
        rows: every row of the database, by table.
        files: of the clinic's folder: their bytes, or that they are there where a cipher has drawn them.
        logged: lines.
        decided: what the reviews decided, as anybody may know it.
        arms: that the reviews found.
    """

    answers: Mapping[tuple[int, str, str], Answer]
    rows: Mapping[str, list[tuple[Any, ...]]]
    files: Mapping[str, bytes]
    logged: tuple[str, ...]
    decided: tuple[dict[str, Any], ...]
    arms: tuple[Roles, ...]

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
    """A clinic in which a trial has begun, to be lived twice.

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
            self.trial = begun(self.world.ines)
        shutil.copytree(folder, self.begun)
        with self._clinic():  # what a process asks for once, it has asked for
            look_at_everything(self.world, random.Random())

    def secrets(self) -> list[str]:
        """The nonces of the sealed papers: whoever lets a piece of the papers out lets them out too."""
        sealed = self.begun / "allocations" / self.trial / "sealed" / "review.age"
        key = read_identity((self.begun / "keys" / "review.key").read_bytes(), "review.key")
        places = json.loads(pyrage.decrypt(sealed.read_bytes(), [key]))["places"]
        return [place["nonce"] for place in places]

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
        told: Telling = lambda _: None,
    ) -> Seen:
        """The trial in one of the worlds, to the last day that is looked at.

        Args:
            pains: of each evening.
            looks_on: days on which everybody looks at everything, in the morning.
            swapped: whether the seals hold the other arms.
            viewers: who looks.
            told: the arms, whenever a seal is opened: for what must not be done with them.
        """
        shutil.rmtree(self.folder)
        shutil.copytree(self.begun, self.folder)
        answers = dict[tuple[int, str, str], Answer]()
        with self._clinic(), _chance_and_time() as chance, _arms(told, swapped=swapped) as arms, _lines() as lines:
            for day in range(max(looks_on) + 1):
                self._set(at(day))
                chance.seed(day)
                ask_for_what_is_due(now())
                work_off(SEALED)
                work_off(DEFAULT)
                if day in looks_on:
                    found = look_at_everything(self.world, chance, viewers)
                    answers |= {(day, *key): answer for key, answer in found.items()}
                self._set(at(day, 20))
                write_evenings(self.trial, range(day, day + 1), self.folder, [pains[day]])
            decided = stories.story_of(self.trial).decided
            return Seen(answers, _rows(), _files(self.folder), tuple(lines), decided, tuple(arms))

    def _set(self, moment: dt.datetime) -> None:
        (self.folder / "clock").write_text(moment.isoformat())


def look_at_everything(
    world: World, chance: random.Random, viewers: tuple[str, ...] = BLINDED
) -> dict[tuple[str, str], Answer]:
    """Every address that is declared, as everybody gets it who is blinded."""
    keys = {
        "participant": world.ines.pk,
        "device": world.phone.pk,
        "site": world.harbour.pk,
        "membership": Membership.objects.get(person=world.people["pharmacist"]).pk,
        "person": world.people["pharmacist"].pk,
    }
    found = dict[tuple[str, str], Answer]()
    for viewer in viewers:
        chance.seed(viewer)
        client = _browser_of(world, viewer)
        for page in (one for one in declared() if one.method == "GET" and one.route not in ENDS):
            for number in NUMBERS if NUMBERED in page.route else (1,):
                where = address(page.route.replace(NUMBERED, str(number)), keys.get(page.whose, 1))
                chance.seed(f"{viewer} {where}")
                with CaptureQueriesContext(connections["default"]) as asked:
                    answer = client.get(where)
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                found[viewer, where] = (answer.status_code, tuple(sorted(answer.headers.items())), body, len(asked))
    return found


def other_arms(protocol: str, roles: Roles) -> Roles:
    """Roles that could have been drawn as well, other in every phase that chance decides."""
    plan = read_protocol(protocol)
    sequences = dict(roles.sequences)
    for phase in plan.phases:
        if phase.name in sequences:
            admissible = list_sequences(phase, plan.drug.ladder_mg) or ()
            sequences[phase.name] = max(admissible, key=lambda one: _apart(one, sequences[phase.name]))
    ranks = {name: tuple(len(order) - 1 - rank for rank in order) for name, order in roles.ranks.items()}
    return replace(roles, sequences=sequences, ranks=ranks)


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@contextmanager
def _arms(told: Telling, *, swapped: bool) -> Iterator[list[Roles]]:
    """Have the reviews find the arms that were drawn, or the others, under the very same seal."""
    drawn, opened = trials.open_for_review, list[Roles]()

    def opening(*arguments: Any, **more: Any) -> Opened:
        found = drawn(*arguments, **more)
        roles = other_arms(FLAGSHIP, found.roles) if swapped else found.roles
        opened.append(roles)
        told(roles)
        return replace(found, roles=roles)

    with patch.object(trials, "open_for_review", opening):
        yield opened


@contextmanager
def _chance_and_time() -> Iterator[random.Random]:
    """The same chance and the same time in both worlds; what ciphers draw for themselves stays their own."""
    chance = random.Random()
    replaced = (
        patch("os.urandom", chance.randbytes),
        patch("random._urandom", chance.randbytes),
        patch.object(timezone, "now", now),
        patch("django.utils.cache.time", SimpleNamespace(time=lambda: now().timestamp())),
        patch("django.core.signing.time", SimpleNamespace(time=lambda: now().timestamp())),
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


def _browser_of(world: World, viewer: str) -> Client:
    if viewer in world.people:
        return world.client(viewer)
    client = browser(raise_request_exception=False)
    if viewer == "phone":
        client.cookies[COOKIE] = world.phone_token
    return client


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
