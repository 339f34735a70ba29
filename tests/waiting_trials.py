"""Trials for tests of jobs and supply: begun in this process, with a diary that shows a clear effect."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings

from clinic_people import forget
from diary_fixtures import signer, written
from modicum.services.diary import receive
from modicum.web import stories, trials
from modicum.web.accounts.models import Participant

FIRST_DAY = dt.date(2026, 3, 2)
FLAGSHIP = "ldn-smallest-dose"
START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)  # participants of the tests live in London


def at(day: int, hour: int = 9) -> dt.datetime:
    """An hour of a day of the trial."""
    return START + dt.timedelta(days=day, hours=hour)


@contextmanager
def place(folder: Path, **settings: object) -> Iterator[Path]:
    """A clinic's folder of data, with a clock in a file, and its keys; in one that was lived in before time goes on.

    Nothing is remembered of another clinic.
    """
    forget()
    folder.mkdir(parents=True, exist_ok=True)
    clock = folder / "clock"
    if not clock.exists():
        clock.write_text(at(0).isoformat())
    told = {"MODICUM_DATA": folder, "MODICUM_KEYS": folder / "keys", "MODICUM_CLOCK_FILE": str(clock), **settings}
    with override_settings(**told):
        for role in ("review", "pharmacist", "emergency"):
            trials.make_key(role)
        yield folder


def begun(someone: Participant, protocol: str | Path = FLAGSHIP) -> str:
    """The trial of a participant, begun on the first day."""
    trials.begin_trial(someone, protocol, FIRST_DAY, contribution="test", now=at(0), actor="test")
    return someone.trial


def write_evenings(trial: str, days: range, folder: Path, pains: list[float], **more: object) -> None:
    """An entry of each evening, as the phone hands it in at once."""
    for day, pain in zip(days, pains, strict=True):
        content = written(day, start=START, answers={"pain": pain}, took="yes" if day >= 14 else None, **more)
        now = at(day, 20)
        receive(stories.STORE, trial, [content], sent_at=now, now=now, actor="phone", signer=signer(folder))
