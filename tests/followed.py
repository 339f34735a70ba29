"""A trial that is followed: begun with a real sealed order, evenings handed in as by a phone, decisions taken."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from clinic_people import World, forget
from diary_fixtures import written
from lived_clinics import after
from modicum.services.diary import Story, receive
from modicum.services.diary.story import ANSWERED, DECIDED
from modicum.web.accounts.models import Participant
from modicum.web.api.keys import signer
from modicum.web.stories import STORE, keep, story_of
from modicum.web.trials import begin_trial
from waiting_trials import FIRST_DAY, place

ZONE = "Europe/London"
BLOCKS = (("run-in", 14), *(("titration", 14),) * 6)
OVER = sum(days for _, days in BLOCKS)
LATER = OVER + 200  # half a year after a dose was found
AGAIN = LATER + 7  # the first day of a re-challenge that is accepted then
EFFECTS = {0.5: -0.5, 1.5: -2.0, 3.0: -2.5, 4.5: -2.5}


@dataclass
class Trial:
    """One trial and its clock."""

    participant: Participant
    folder: Path
    first_day: dt.date = FIRST_DAY
    zone: str = ZONE

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.first_day, dt.time(), ZoneInfo(self.zone)).astimezone(dt.UTC)

    def at(self, day: int, hour: float = 20) -> dt.datetime:
        """A moment of the trial; from now on it is the time of the clinic."""
        moment = self.start + dt.timedelta(days=day, hours=hour)
        (self.folder / "clock").write_text(moment.isoformat())
        return moment

    def story(self) -> Story:
        return story_of(self.participant.trial)

    def begin(self, chance: int = 1, protocol: str = "ldn-smallest-dose") -> None:
        """Draw, seal and begin, on chance that a number fixes."""
        now = self.at(0, 9)
        begin_trial(
            self.participant, protocol, self.first_day, contribution="test", now=now, actor="test",
            randomness=_Chance(chance),
        )  # fmt: skip

    def evening(self, day: int, **values: Any) -> None:
        """One evening handed in at half past eight, or later the next day where it is about yesterday."""
        late = values.get("about") == "yesterday"
        self._hand_in(day + late, 9 if late else 20.5, [self._written(day, **({"hour": 9} if late else {}), **values)])

    def evenings(self, *days: int, **values: Any) -> None:
        """Several evenings, handed in together on the last of them; each is asked about the night before."""
        took = {day: "yes" if day > BLOCKS[0][1] else None for day in days}
        self._hand_in(max(days), 20.5, [self._written(day, **{"took": took[day], **values}) for day in days])

    def _written(self, day: int, **values: Any) -> dict[str, Any]:
        return written(day, start=self.start.astimezone(ZoneInfo(self.zone)), **values)

    def _hand_in(self, day: int, hour: float, contents: list[dict[str, Any]]) -> None:
        now = self.at(day, hour)
        _, story = receive(
            STORE, self.participant.trial, contents, sent_at=now, now=now, actor="device:1", signer=signer()
        )
        keep(story)

    def decide(self, until: int) -> None:
        """The decisions of a calm trial up to a day, as the reviews write them; nothing is opened."""
        first, before = 0, ""
        for number, (phase, days) in enumerate(BLOCKS, 1):
            if first > until:
                return
            said = "begin" if not before else "continue" if phase == before else "next kit"
            capsule = phase != "run-in"
            block = {"phase": phase, "announced": 0.5 * capsule, "first_day": first, "days": days}
            at = self.start + dt.timedelta(days=first, hours=8 if first else 0)
            content = {"schema": "modicum.decided/1", "number": number, "at": at.isoformat(), "said": said}
            self.tell(
                DECIDED, f"decided-{number}", at, **content, block={**block, "capsule": capsule, "guess": capsule}
            )
            first, before = first + days, phase

    def keep_a_dose(self) -> None:
        """Live to the end, and be answered: 1.5 mg works, and is kept from then on."""
        self.begin()
        self.decide(OVER)
        self.evenings(*range(OVER), answers={"pain": 4.0})
        number, at = len(BLOCKS) + 1, self.at(OVER, 8)
        over = {"schema": "modicum.decided/1", "number": number, "said": "over", "block": None, "at": at.isoformat()}
        self.tell(DECIDED, f"decided-{number}", at, **over)
        doses = [{"dose_mg": dose, "taken": True, "days": 14, "mean": mean} for dose, mean in EFFECTS.items()]
        result = {"verdict": {"code": "works", "dose_mg": 1.5}, "doses": doses}
        self.tell(ANSWERED, ANSWERED, self.at(OVER, 11), schema="modicum.answered/1", result=result)

    def tell(self, kind: str, client_id: str, now: dt.datetime, *, actor: str = "reviews", **content: Any) -> None:
        """An event of whoever is not the phone."""
        STORE.append(
            trial=self.participant.trial, kind=kind, client_id=client_id, content=content, actor=actor, received_at=now
        )


class _Chance:
    """Bytes that look like chance and are the same for the same number."""

    def __init__(self, number: int):
        self._number, self._asked = number, 0

    def __call__(self, count: int) -> bytes:
        self._asked += 1
        found = b""
        while len(found) < count:
            found += hashlib.sha256(f"{self._number} {self._asked} {len(found)}".encode()).digest()
        return found[:count]


@contextmanager
def following(participant: Participant, folder: Path, zone: str = ZONE) -> Iterator[Trial]:
    """A trial of a participant of a world, in a folder of its own; one that was lived in before goes on."""
    fresh = not (folder / "clock").exists()
    if participant.zone != zone:
        participant.zone = zone
        participant.save()
    with place(folder):
        trial = Trial(participant, folder, zone=zone)
        if fresh:
            trial.at(0, 9)
        yield trial
    forget()


def keep_a_dose(world: World, data: Path) -> None:
    """The trial of Ines found 1.5 mg; it is half a year later."""
    with following(world.ines, data) as trial:
        trial.keep_a_dose()
        trial.at(LATER, 13)


@after(keep_a_dose)
def look_again(world: World, data: Path) -> None:
    """A re-challenge of that dose was accepted on its page, and begins in a week."""
    with following(world.ines, data) as trial:
        first = (trial.first_day + dt.timedelta(days=AGAIN)).isoformat()
        page = f"/clinic/people/{world.ines.pk}/re-challenge/"
        answer = world.client("prescriber").post(page, {"first_day": first, "contribution": "blue heron"})
        assert answer.status_code == 302
