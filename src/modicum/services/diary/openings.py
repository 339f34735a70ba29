"""Openings: every seal that is opened for a trial is an event of its store, on whichever of the four paths."""

from typing import Any

from modicum.allocation.draws import Randomness
from modicum.services.diary.port import Store
from modicum.services.unblinding import Opening, Witness

OPENED = "opened"


def witness_of(store: Store, trial: str, *, actor: str, randomness: Randomness) -> Witness:
    """A witness that has the store say who opens what and why, before it is opened.

    Args:
        store: that keeps it.
        trial: its name in the store.
        actor: who opens, as the store names her.
        randomness: number of bytes to that many bytes of chance, for the id of the event.
    """

    def tell(opening: Opening) -> None:
        store.append(
            trial=trial,
            kind=OPENED,
            client_id=f"{OPENED}-{randomness(16).hex()}",
            content=_content(opening),
            actor=actor,
            received_at=opening.at,
        )

    return tell


def _content(opening: Opening) -> dict[str, Any]:
    return {
        "schema": "modicum.opened/1",
        "path": opening.path,
        "key": opening.key,
        "who": opening.who,
        "why": opening.why,
        "at": opening.at.isoformat(),
        "allocation": opening.allocation,
    }
