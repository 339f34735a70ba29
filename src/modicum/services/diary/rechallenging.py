"""Re-challenges of a dose that is kept: accepted when offered, with a sealed allocation of their own.

The story holds when one begins and the fingerprint of its allocation, never what comes first: that is read by the
process that computes the reviews, with its key and on the record.
"""

import datetime as dt
from pathlib import Path

from modicum.allocation.draws import Randomness
from modicum.allocation.evidence import Evidence
from modicum.foundation.errors import AllocationError, problem
from modicum.protocol.rechallenge import rechallenge_toml
from modicum.services import folders
from modicum.services.diary.kept_dose import found_of, standing_of
from modicum.services.diary.port import Store
from modicum.services.diary.sealed import open_for_review
from modicum.services.diary.story import RECHALLENGE, Accepted, Story, told
from modicum.services.unblinding import Witness
from modicum.trial.maintenance import Rechallenge


def accept_rechallenge(
    store: Store, story: Story, folder: Path, *, first_day: dt.date, now: dt.datetime, actor: str
) -> Story:
    """Write down that a re-challenge was accepted. Accepted again with the same, it is the same.

    Args:
        store: that keeps it.
        story: up to now, in which one is offered.
        folder: of the allocation that was drawn for it.
        first_day: of the first half, where the participant lives; after today.
        now: clock of the clinic, with its zone.
        actor: who accepts it.

    Returns:
        The story with it.

    Raises:
        ValueError: none is offered, the day has begun, or another was accepted at the same moment.
        AllocationError: the allocation is not that of this re-challenge, was used before, or cannot be read.
    """
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    begun = story.begun.start + (first_day - story.begun.start.date())
    document, evidence = folders.read_allocation(folder)
    accepted = Accepted(begun, document.fingerprint)
    if accepted in story.rechallenges:
        return story
    if standing_of(story, now).stage != "offered" or begun <= now:
        raise ValueError(f"{story.trial} is offered no re-challenge from {first_day} on.")
    text = rechallenge_toml(story.begun.protocol, found_of(story).dose_mg)
    used = document.fingerprint in {one.allocation for one in story.rechallenges}
    if used or evidence.protocol != text.encode():
        raise _not_its_own(folder, document.fingerprint)
    content = {"schema": "modicum.re-challenge/1", "begun": begun.isoformat(), "allocation": document.fingerprint}
    client_id = f"{RECHALLENGE}-{len(story.rechallenges) + 1}"
    store.append(
        trial=story.trial, kind=RECHALLENGE, client_id=client_id, content=content, actor=actor, received_at=now
    )
    after = told(store, story.trial, story)
    if accepted not in after.rechallenges:
        raise ValueError(f"Another re-challenge of {story.trial} was accepted at the same moment.")
    return after


def open_rechallenge(
    accepted: Accepted,
    folder: Path,
    key: Path,
    *,
    now: dt.datetime,
    randomness: Randomness,
    witness: Witness | None = None,
) -> Rechallenge:
    """What comes first in a re-challenge, for the reviews: opened on their path, which leaves a record.

    Args:
        accepted: as the story has it.
        folder: of its allocation.
        key: file of the review key.
        now: with its zone.
        randomness: number of bytes to that many bytes of chance.
        witness: told before it is opened; None where there is no store.

    Raises:
        AllocationError: it is another allocation, cannot be opened, or was changed; then nothing was opened.
    """
    read_own(accepted, folder)
    roles = open_for_review(folder, key, now=now, randomness=randomness, witness=witness).roles
    return Rechallenge(accepted.begun, drug_first=roles.sequences[RECHALLENGE][0] > 0)


def read_own(accepted: Accepted, folder: Path) -> Evidence:
    """All that anybody may see of the allocation of a re-challenge, its protocol among it. Nothing is opened.

    Args:
        accepted: as the story has it.
        folder: of its allocation.

    Raises:
        AllocationError: it is another allocation, or was changed.
    """
    document, evidence = folders.read_allocation(folder)
    if document.fingerprint != accepted.allocation:
        raise _not_its_own(folder, document.fingerprint)
    return evidence


def _not_its_own(folder: Path, fingerprint: str) -> AllocationError:
    message = f"The allocation {fingerprint[:12]} is not that of this re-challenge, or was used for an earlier one"
    fix = "Draw one for it: modicum protocol re-challenge, then modicum randomise, into a new folder."
    return AllocationError([problem("MOD-ALLOC-23", "--dir", folder, message, fix)])
