"""Trials of participants: begun, reviewed and answered by the services, with the clinic's folders and keys."""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from modicum.allocation import Contributions
from modicum.allocation.draws import Randomness
from modicum.allocation.keys import ROLES, KeyRole, generate_key, read_public_key
from modicum.protocol import read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services.allocating import randomise
from modicum.services.diary import Beginning, Story, begin
from modicum.services.diary.answering import Answered, answer
from modicum.services.diary.reviewing import Reviewed, decide, is_due, stand_at
from modicum.services.diary.sealed import Opened, open_for_review
from modicum.services.folders import add_file
from modicum.supply.periods import is_drawn
from modicum.trial.block import Roles
from modicum.web.accounts.models import Participant
from modicum.web.stories import STORE, keep, story_of

_LONGEST_REQUEST = 64


def allocation_of(trial: str) -> Path:
    """The folder of a trial's allocation."""
    return settings.MODICUM_DATA / "allocations" / trial


def key_of(role: KeyRole) -> Path:
    """The file of a secret key, where the clinic holds it."""
    return settings.MODICUM_DATA / "keys" / f"{role}.key"


def make_key(role: KeyRole) -> Path:
    """Make a secret key where there is none, for its owner alone to read."""
    path = key_of(role)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        add_file(path, generate_key(role)[1], os.urandom(8).hex(), private=True)
    return path


def begin_trial(
    participant: Participant,
    protocol: str | Path,
    first_day: dt.date,
    *,
    contribution: str,
    now: dt.datetime,
    actor: str,
    randomness: Randomness = os.urandom,
) -> Story:
    """Draw and seal where chance decides anything, then begin. Begun again with the same, it is the same trial.

    Args:
        participant: whose trial it is.
        protocol: name of a shipped one, or a file.
        first_day: date of day 0, where the participant lives.
        contribution: the participant's part of the draw.
        now: with its zone.
        actor: who begins it.
        randomness: number of bytes to that many bytes of chance, for the draw.

    Raises:
        InputError: with every problem at once; then nothing has begun.
    """
    midnight = dt.datetime.combine(first_day, dt.time(), ZoneInfo(participant.zone))
    offset = midnight.utcoffset() or dt.timedelta(0)
    fingerprint = _draw(participant.trial, protocol, Contributions(randomness(32), contribution), now)
    beginning = Beginning(
        protocol_text=protocol_bytes(protocol).decode(),
        start=midnight.replace(tzinfo=dt.timezone(offset)),
        zone=participant.zone,
        virtual=participant.virtual,
        allocation=fingerprint,
    )
    begin(STORE, participant.trial, beginning, now=now, actor=actor)
    review_trial(participant.trial, now)
    return story_of(participant.trial)


def review_trial(trial: str, now: dt.datetime) -> Reviewed | None:
    """Decide what is due; None where nothing is, and then no seal is opened.

    Args:
        trial: its name in the store.
        now: with its zone.
    """
    story = story_of(trial)
    if not is_due(story, now):
        return None
    opened = open_trial(story, now)
    reviewed = decide(STORE, story, opened.roles, now=now, looks=opened.looks)
    keep(reviewed.story)
    return reviewed


def answer_trial(trial: str, now: dt.datetime, actor: str) -> Answered:
    """Answer a trial that is over.

    Args:
        trial: its name in the store.
        now: with its zone.
        actor: who asks.

    Raises:
        ValueError: it is not over, or was answered.
    """
    story = story_of(trial)
    opened = open_trial(story, now)
    found = answer(STORE, story, stand_at(story, opened.roles, now, looks=opened.looks), now=now, actor=actor)
    for place, page in ((page_of(trial), found.page), (report_of(trial), found.report)):
        place.parent.mkdir(parents=True, exist_ok=True)
        add_file(place, page.encode(), os.urandom(8).hex())
    keep(found.story)
    return found


def page_of(trial: str) -> Path:
    """The file of the patient's page, once there is an answer."""
    return settings.MODICUM_DATA / "answers" / trial / "patient.html"


def report_of(trial: str) -> Path:
    """The file of the full report, once there is an answer."""
    return settings.MODICUM_DATA / "answers" / trial / "report.html"


def open_trial(story: Story, now: dt.datetime) -> Opened:
    """What the reviews know of a trial; a seal that is opened for it leaves a record.

    Args:
        story: of the trial.
        now: with its zone.
    """
    if story.begun is None or not story.begun.allocation:
        return Opened(Roles())
    return open_for_review(allocation_of(story.trial), key_of("review"), now=now, randomness=os.urandom)


def _draw(trial: str, protocol: str | Path, contributions: Contributions, now: dt.datetime) -> str:
    """Fingerprint of the allocation; "" where chance decides nothing."""
    if not any(is_drawn(phase) for phase in read_protocol(protocol).phases):
        return ""
    folder = allocation_of(trial)
    folder.parent.mkdir(parents=True, exist_ok=True)
    public_keys: dict[KeyRole, str] = {}
    for role in ROLES:
        if (path := key_of(role)).exists():
            public_keys[role] = read_public_key(path.read_bytes(), str(path))
    drawn = randomise(
        protocol,
        folder,
        contributions,
        slot=trial,
        public_keys=public_keys,
        request=f"begin {trial}"[:_LONGEST_REQUEST],
        now=now,
        randomness=os.urandom,
    )
    return drawn.document.fingerprint
