"""Beginning a trial: the first event of its story, which everything that follows is read by."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from modicum.protocol import Protocol, read_protocol
from modicum.services.diary.port import Store, StoredReceipt

KIND = "begun"


@dataclass(frozen=True)
class Beginning:
    """What a trial began with.

    Args:
        protocol_text: of the protocol file, whole: a trial keeps its protocol whatever is shipped later.
        start: midnight of day 0 where the person lives; its offset holds for the whole trial.
        zone: IANA name of where the person lives.
        virtual: whether the participant is not a person.
        allocation: fingerprint of the sealed allocation, "" where nothing was drawn.
    """

    protocol_text: str
    start: dt.datetime
    zone: str
    virtual: bool = False
    allocation: str = ""

    @property
    def protocol(self) -> Protocol:
        """The protocol that the trial follows."""
        return _read(self.protocol_text)

    def to_content(self) -> dict[str, Any]:
        """As the event says it."""
        return {
            "schema": "modicum.begun/1",
            "protocol_text": self.protocol_text,
            "protocol_sha256": self.protocol.sha256,
            "start": self.start.isoformat(),
            "zone": self.zone,
            "virtual": self.virtual,
            "allocation": self.allocation,
        }

    @classmethod
    def of(cls, content: dict[str, Any]) -> Self:
        """As an event said it."""
        start = dt.datetime.fromisoformat(content["start"])
        return cls(content["protocol_text"], start, content["zone"], content["virtual"], content["allocation"])


@lru_cache(maxsize=64)
def _read(text: str) -> Protocol:
    return read_protocol(text.encode())


def begin(store: Store, trial: str, beginning: Beginning, *, now: dt.datetime, actor: str) -> StoredReceipt:
    """Begin a trial. Begun again with the same, it is the same.

    Args:
        store: that keeps it.
        trial: its name in the store.
        beginning: what it begins with.
        now: with its zone.
        actor: who begins it.
    """
    content = beginning.to_content()
    return store.append(trial=trial, kind=KIND, client_id=KIND, content=content, actor=actor, received_at=now)
