"""A trial that was answered, for tests of what comes after: the flagship with short periods, and a clear effect."""

import datetime as dt
from pathlib import Path
from typing import Any

import clinic_people
from diary_fixtures import chance, signer, written
from modicum.protocol.reading import protocol_bytes
from modicum.services.diary import receive
from modicum.services.diary.reviewing import stand_at
from modicum.trial.running import Trial
from modicum.web import stories, trials
from modicum.web.accounts.models import Participant
from waiting_trials import FIRST_DAY, START, at

assert clinic_people  # it sets Django up
SHORTER = {
    'max_days = 14\nnote = "The diary alone': 'max_days = 4\nnote = "The diary alone',
    'max_days = 84\ndoses_mg = "ladder"\nblock_days = 14': 'max_days = 18\ndoses_mg = "ladder"\nblock_days = 3',
    "max_days = 210": "max_days = 12",
    "pairs = 5\nhalf_days = 21": "pairs = 2\nhalf_days = 3",
    "sequences = 32\nlooks = [2, 3, 4, 5]": "sequences = 4\nlooks = [2]",
    '84\ndoses_mg = "below candidate"\nblock_days = 21': '12\ndoses_mg = "below candidate"\nblock_days = 3',
    'name = "ldn-smallest-dose"': 'name = "short"',
}
WITHOUT, WITH = (8.0, 7.0, 8.0), (2.0, 3.0, 2.0)


def short_protocol(folder: Path) -> Path:
    """The file of the protocol."""
    text = protocol_bytes("ldn-smallest-dose").decode()
    for long, short in SHORTER.items():
        assert long in text, long
        text = text.replace(long, short)
    file = folder / "short.toml"
    file.write_text(text, encoding="utf-8")
    return file


def live(someone: Participant, folder: Path, name: str, protocol: str = "") -> dt.datetime:
    """Live a trial from its first evening to its last, through the store; the moment at which it is over.

    Every evening is written; 1.5 mg and more help by more than five points at once. The order is always the same
    for the same name; in one process a name is lived once, for what was told of it is remembered. The protocol is the
    short one, or one that is shipped.
    """
    someone.trial = trial = name  # from which, and from both contributions, the order follows
    someone.save()
    lived = protocol or short_protocol(folder)
    told = {"contribution": "test", "now": at(0), "actor": "test", "randomness": chance}
    trials.begin_trial(someone, lived, FIRST_DAY, **told)
    opened = trials.open_trial(stories.story_of(trial), at(0))
    day = 0
    while True:
        stands = stand_at(stories.story_of(trial), opened.roles, at(day), looks=opened.looks)
        if day >= stands.days:
            assert stands.over
            return at(day)
        evenings = [_evening(stands, number) for number in range(day, stands.days)]
        day = stands.days
        now = at(day - 1, 21)
        receive(stories.STORE, trial, evenings, sent_at=now, now=now, actor="phone", signer=signer(folder))
        trials.review_trial(trial, at(day))


def _evening(stands: Trial, day: int) -> dict[str, Any]:
    """What is written on an evening."""
    task = stands.task(day)
    works = task.capsule_mg >= 1.5
    pain = (WITH if works else WITHOUT)[day % 3]
    took = None if task.phase == "run-in" else "yes"
    guess = (0.75 if works else 0.25) if task.guess else None
    return written(day, start=START, answers={"pain": pain}, took=took, guess=guess)
