"""What members of the staff do that matters, told to the store before it takes effect.

The store has a lock of its own, and its turn comes before that of the database; so nothing is told to it from within a
transaction. What was told and then failed is told again when it is done again.
"""

import uuid
from typing import Any

from modicum.web.accounts.models import Participant, Person, Site
from modicum.web.clock import now
from modicum.web.store.appending import append


def record_of(participant: Participant, kind: str, actor: str, **content: Any) -> None:
    """Append an event to the trial of a participant.

    Args:
        participant: never named; the store knows the trial alone.
        kind: what was done.
        actor: who; see :func:`staff` and :func:`device_actor`.
        content: JSON values.
    """
    _append(participant.trial, kind, actor, content)


def record_at(site: Site, kind: str, actor: str, *, once: str = "", **content: Any) -> None:
    """Append an event to the record of a site.

    Args:
        site: whose record it is.
        kind: what was done.
        actor: who; see :func:`staff` and :func:`device_actor`.
        once: a name under which it is told once, however often it is done; "" for what may happen again.
        content: JSON values.
    """
    _append(f"site:{site.pk}", kind, actor, content, once)


def staff(person: Person | None) -> str:
    """A member of the staff as the store names her; without one, whoever runs the server."""
    return f"staff:{person.pk}" if person else "server"


def _append(trial: str, kind: str, actor: str, content: dict[str, Any], once: str = "") -> None:
    key = once or str(uuid.uuid4())
    append(trial=trial, kind=kind, client_id=key, content=content, actor=actor, received_at=now())
