"""A re-challenge drawn for a person: a protocol of its own, an order sealed for the same keys, and an event.

When it is over, whoever holds the review key answers it.
"""

import datetime as dt
import os
from pathlib import Path

from modicum.allocation import Contributions
from modicum.allocation.draws import Randomness
from modicum.allocation.keys import ROLES, KeyRole
from modicum.protocol.rechallenge import rechallenge_toml
from modicum.services.allocating import randomise
from modicum.services.diary import Story
from modicum.services.diary.kept_dose import found_of
from modicum.services.diary.looking_again import due_again, look_again
from modicum.services.diary.openings import witness_of
from modicum.services.diary.rechallenging import accept_rechallenge
from modicum.services.diary.reviewing import ACTOR
from modicum.services.folders import DOCUMENT, add_file
from modicum.web.accounts.models import Participant
from modicum.web.stories import STORE, keep, story_of
from modicum.web.trials import allocation_of, key_of, public_key_of


def folder_of(trial: str, number: int) -> Path:
    """The folder of the allocation of a re-challenge.

    Args:
        trial: its name in the store.
        number: of the re-challenge, from 1.
    """
    return allocation_of(f"{trial}-again-{number}")


def begin_again(
    participant: Participant,
    story: Story,
    *,
    first_day: dt.date,
    contribution: str,
    now: dt.datetime,
    actor: str,
    randomness: Randomness = os.urandom,
) -> Story:
    """Draw a re-challenge, and accept it.

    An order that was drawn and could not be accepted stands, whatever the words are now: none is ever drawn again.

    Args:
        participant: whose dose it is.
        story: up to now, in which one is offered.
        first_day: of it, where she lives.
        contribution: the words of the patient.
        now: with its zone.
        actor: who accepts it with her.
        randomness: number of bytes to that many bytes of chance, for the draw.

    Raises:
        InputError: with every problem at once; then nothing was accepted.
        ValueError: none is offered.
    """
    begun = story.begun
    if begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    number = len(story.rechallenges) + 1
    folder = folder_of(participant.trial, number)
    if not (folder / DOCUMENT).exists():
        protocol = rechallenge_toml(begun.protocol, found_of(story).dose_mg)
        _draw(participant.trial, number, protocol, Contributions(randomness(32), contribution), now)
    return keep(accept_rechallenge(STORE, story, folder, first_day=first_day, now=now, actor=actor))


def answer_again(trial: str, now: dt.datetime) -> bool:
    """Answer the re-challenge of a trial that is over; whether there was one. It is the work of the jobs.

    Args:
        trial: its name in the store.
        now: with its zone.
    """
    story = story_of(trial)
    number = due_again(story, now)
    if number is None:
        return False
    witness = witness_of(STORE, trial, actor=ACTOR, randomness=os.urandom)
    folder, key = folder_of(trial, number), key_of("review")
    keep(look_again(STORE, story, folder, key, now=now, randomness=os.urandom, witness=witness))
    return True


def _draw(trial: str, number: int, protocol: str, contributions: Contributions, now: dt.datetime) -> None:
    folder = folder_of(trial, number)
    folder.parent.mkdir(parents=True, exist_ok=True)
    source = folder.with_name(f"{folder.name}.toml")
    add_file(source, protocol.encode(), os.urandom(8).hex())
    public_keys: dict[KeyRole, str] = {role: key for role in ROLES if (key := public_key_of(role))}
    randomise(
        source,
        folder,
        contributions,
        slot=f"{trial}-again-{number}"[:100],
        public_keys=public_keys,
        request=f"again {number} {trial}",
        now=now,
        randomness=os.urandom,
    )
