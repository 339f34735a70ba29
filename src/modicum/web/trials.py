"""Trials of participants: begun and reviewed by the services, with the clinic's folders and keys.

Beginning one needs public keys alone. Reviewing and answering need the review key, and are the work of the jobs.
"""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from modicum.allocation import Contributions
from modicum.allocation.draws import Randomness
from modicum.allocation.keys import ROLES, KeyRole, generate_key, read_public_key
from modicum.foundation.errors import AllocationError, problem
from modicum.protocol import read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services.allocating import randomise
from modicum.services.binding import bind
from modicum.services.diary import Beginning, Story, begin
from modicum.services.diary.choosing import chosen_doses
from modicum.services.diary.openings import witness_of
from modicum.services.diary.reviewing import ACTOR, Reviewed, decide, is_due, stand_at
from modicum.services.diary.sealed import WHY, Opened, open_for_review
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
    """The file of a secret key, where this process may hold it."""
    return settings.MODICUM_KEYS / f"{role}.key"


def public_key_of(role: KeyRole) -> str:
    """The public key that allocations are sealed for; "" where the clinic has none.

    Raises:
        AllocationError: the file of the secret key holds none.
    """
    public, secret = _public_file(role), key_of(role)
    if public.exists():
        return public.read_text(encoding="utf-8").strip()
    return read_public_key(secret.read_bytes(), str(secret)) if secret.exists() else ""


def make_key(role: KeyRole) -> None:
    """Make a pair of keys where there is none: the secret one for its owner alone, the public one beside the data.

    A public key whose secret one is not here is that of somebody who keeps it elsewhere, and stays as it is.
    """
    public, secret = _public_file(role), key_of(role)
    if public.exists():
        return
    for folder in (public.parent, secret.parent):
        folder.mkdir(parents=True, exist_ok=True)
    if not secret.exists():
        add_file(secret, generate_key(role)[1], os.urandom(8).hex(), private=True)
    add_file(public, f"{public_key_of(role)}\n".encode(), os.urandom(8).hex())


def _public_file(role: KeyRole) -> Path:
    return settings.MODICUM_DATA / "keys" / f"{role}.pub"


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

    What its first block is, the jobs decide: they are asked to at once.

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
    ask_for_review(participant.trial)
    return story_of(participant.trial)


def ask_for_review(trial: str) -> None:
    """Ask the jobs to look at a trial now rather than in the next minute."""
    from modicum.web.jobs.reviews import review  # which reviews by this module

    review.enqueue(trial=trial)


def review_trial(trial: str, now: dt.datetime) -> Reviewed | None:
    """Decide what is due; None where nothing is, and then no seal is opened.

    Doses that were chosen are sealed for the pharmacist before the decision is told. What was done when the process is
    killed is done once: looks, bindings and decisions are each kept under a name of their own.

    Args:
        trial: its name in the store.
        now: with its zone.
    """
    story = story_of(trial)
    if not is_due(story, now):
        return None
    opened = open_trial(story, now)
    for chosen in chosen_doses(stand_at(story, opened.roles, now, looks=opened.looks)):
        bind(
            allocation_of(trial),
            chosen.phase,
            chosen.doses_mg,
            from_period=chosen.from_period,
            request=f"{trial} {chosen.phase} {chosen.from_period}",
            now=now,
            randomness=os.urandom,
        )
    reviewed = decide(STORE, story, opened.roles, now=now, looks=opened.looks)
    keep(reviewed.story)
    return reviewed


def page_of(trial: str) -> Path:
    """The file of the patient's page, once there is an answer."""
    return settings.MODICUM_DATA / "answers" / trial / "patient.html"


def report_of(trial: str, language: str = "en") -> Path:
    """The file of the full report in a language, once there is an answer."""
    return answer_file(trial, "report", "html", language)


def answer_file(trial: str, name: str, kind: str, language: str) -> Path:
    """A file of an answer that is there in every language; that in English has no mark of it."""
    mark = "" if language == "en" else f".{language}"
    return settings.MODICUM_DATA / "answers" / trial / f"{name}{mark}.{kind}"


def open_trial(story: Story, now: dt.datetime, why: str = WHY) -> Opened:
    """What the reviews know of a trial; a seal that is opened for it leaves a record, in the store too.

    Args:
        story: of the trial.
        now: with its zone.
        why: it is opened.
    """
    if story.begun is None or not story.begun.allocation:
        return Opened(Roles())
    return open_for_review(
        allocation_of(story.trial),
        key_of("review"),
        now=now,
        randomness=os.urandom,
        why=why,
        witness=witness_of(STORE, story.trial, actor=ACTOR, randomness=os.urandom),
    )


def _draw(trial: str, protocol: str | Path, contributions: Contributions, now: dt.datetime) -> str:
    """Fingerprint of the allocation; "" where chance decides nothing."""
    if not any(is_drawn(phase) for phase in read_protocol(protocol).phases):
        return ""
    folder = allocation_of(trial)
    folder.parent.mkdir(parents=True, exist_ok=True)
    public_keys: dict[KeyRole, str] = {role: key for role in ROLES if (key := public_key_of(role))}
    if "review" not in public_keys:
        message = "This clinic has no public key of the reviews, so that no review could ever be computed"
        fix = "Start the process that does the reviews once: it makes the key."
        raise AllocationError([problem("MOD-WEB-20", str(_public_file("review")), "", message, fix)])
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
