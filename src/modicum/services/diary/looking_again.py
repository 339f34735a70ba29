"""Looking again: what a re-challenge that is over found, by its own protocol, and what each of its halves held.

It is answered once, by the process that holds the review key, when no evening of it can be filled in any more. One that
the person or staff ended before its last day is not: of one pair, half of one tells nothing.
"""

import datetime as dt
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from modicum.allocation.draws import Randomness
from modicum.services.analysing import analyse
from modicum.services.diary.answering import export_csv
from modicum.services.diary.evenings import LATE_UNTIL
from modicum.services.diary.keeping import ends_of, first_day, half_days
from modicum.services.diary.port import Store
from modicum.services.diary.rechallenging import read_own
from modicum.services.diary.reviewing import ACTOR, stand_at
from modicum.services.diary.sealed import open_for_review
from modicum.services.diary.story import LOOKED, Accepted, Story, told
from modicum.services.revealing import Held
from modicum.services.unblinding import Witness
from modicum.trial.maintenance import RECHALLENGE
from modicum.trial.running import is_severe

WHY = "a re-challenge is over"


@dataclass(frozen=True)
class Looked:
    """What a re-challenge found.

    Args:
        number: of the re-challenge, from 1.
        result: the ``modicum.result/1`` document of its diary.
        halves_mg: what the capsules of each half held, mg; 0 for placebo.
    """

    number: int
    result: dict[str, Any]
    halves_mg: tuple[float, ...]


def looked_of(story: Story) -> dict[int, Looked]:
    """What the re-challenges of a person found, by number, as far as they were answered.

    Args:
        story: of the trial.
    """
    events = (event for event in story.beside if event.kind == LOOKED and not event.conflict)
    return {
        said["number"]: Looked(said["number"], said["result"], tuple(said["halves_mg"]))
        for said in (event.said for event in events)
    }


def held_of(story: Story, looked: Looked) -> tuple[Held, ...]:
    """What each half of a re-challenge that was answered held, with its dates and the last guess about it.

    Args:
        story: of the trial.
        looked: what the re-challenge found.
    """
    begun, half = story.rechallenges[looked.number - 1].begun, dt.timedelta(days=half_days(story))
    found = list[Held]()
    for place, capsule_mg in enumerate(looked.halves_mg):
        first, end = begun + place * half, begun + (place + 1) * half
        guesses = [one.guess for one in story.entries if first <= one.happened_at < end and one.guess is not None]
        last = (end - dt.timedelta(days=1)).date()
        found.append(Held(RECHALLENGE, first.date(), last, half.days, capsule_mg, guesses[-1] if guesses else None))
    return tuple(found)


def is_cut(story: Story, number: int) -> bool:
    """Whether a re-challenge was ended before its last day.

    Args:
        story: of the trial.
        number: of the re-challenge, from 1.
    """
    if story.begun is None:
        return False
    since = story.begun.start + dt.timedelta(days=first_day(story))
    end = ends_of(story)[number - 1]
    return any((one.stops or is_severe(one)) and since <= one.happened_at < end for one in story.entries)


def due_again(story: Story, now: dt.datetime) -> int | None:
    """Number of the first re-challenge that is to be answered; None where none is. No seal is opened to say so.

    Args:
        story: of the trial.
        now: clock of the clinic, with its zone.
    """
    known = looked_of(story)
    numbers = (number for number in range(1, len(story.rechallenges) + 1) if number not in known)
    return next((one for one in numbers if now >= answered_from(story, one) and not is_cut(story, one)), None)


def answered_from(story: Story, number: int) -> dt.datetime:
    """When no evening of a re-challenge can be filled in any more: at noon after the last, where the person lives.

    Args:
        story: of the trial.
        number: of the re-challenge, from 1.
    """
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    return dt.datetime.combine(ends_of(story)[number - 1].date(), LATE_UNTIL, ZoneInfo(story.begun.zone))


def look_again(
    store: Store,
    story: Story,
    folder: Path,
    key: Path,
    *,
    now: dt.datetime,
    randomness: Randomness,
    witness: Witness | None,
) -> Story:
    """Answer the re-challenge that is due, and tell what each half held with the answer.

    Args:
        store: that keeps it.
        story: in which one is due.
        folder: of its allocation.
        key: file of the review key.
        now: clock of the clinic, with its zone.
        randomness: number of bytes to that many bytes of chance.
        witness: told before the seal is opened; None where there is no store.

    Raises:
        ValueError: none is due.
        AllocationError: it is another allocation, cannot be opened, or was changed; then nothing was opened.
    """
    number = due_again(story, now)
    if number is None:
        raise ValueError(f"No re-challenge of {story.trial} is to be answered.")
    own = own_story(story, story.rechallenges[number - 1], read_own(story.rechallenges[number - 1], folder).protocol)
    opened = open_for_review(folder, key, now=now, randomness=randomness, why=WHY, witness=witness)
    trial = stand_at(own, opened.roles, now)
    result = analyse(io.BytesIO(export_csv(trial).encode()), protocol=trial.protocol).document
    halves = [block.capsule_mg for block in trial.state.blocks]
    content = {"schema": "modicum.looked-again/1", "number": number, "result": result, "halves_mg": halves}
    store.append(
        trial=story.trial, kind=LOOKED, client_id=f"{LOOKED}-{number}", content=content, actor=ACTOR, received_at=now
    )
    return told(store, story.trial, story)


def own_story(story: Story, accepted: Accepted, protocol: bytes) -> Story:
    """A re-challenge as a trial of its own, of the evenings on which its capsules were asked about.

    The first evening is of a night on the open dose, which its protocol knows nothing of, and is left out.
    """
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    begun = replace(story.begun, protocol_text=protocol.decode(), start=accepted.begun, allocation=accepted.allocation)
    first, end = (accepted.begun + dt.timedelta(days=days) for days in (1, 2 * half_days(story)))
    kept = tuple(one for one in story.kept if one.entry is not None and first <= one.entry.happened_at < end)
    return Story(story.trial, begun=begun, kept=kept)
