"""Handing in: what a virtual patient writes reaches the store as from a phone."""

import datetime as dt
from typing import Any

from modicum.records.chain import content_hash
from modicum.records.events import Entry
from modicum.services.diary import Story, receive
from modicum.web.accounts.models import Participant
from modicum.web.api.keys import signer
from modicum.web.stories import STORE, keep, story_of

ACTOR = "demo"
_TOOK = {True: "yes", False: "no", None: None}


def hand_in(someone: Participant, entry: Entry) -> None:
    """An entry, as her phone hands it in.

    Args:
        someone: who wrote it.
        entry: as she lived it.
    """
    took = _TOOK[entry.took] if _has_capsule(story_of(someone.trial), entry) else None
    content = {
        "id": _identity(someone.trial, entry.id),
        "corrects": _identity(someone.trial, entry.corrects) if entry.corrects else None,
        "happened_at": entry.happened_at.isoformat(),
        "answers": dict(entry.scores),
        "took": took,
        "side_effects": dict(entry.side_effects),
        "guess": entry.guess,
        "guess_reason": entry.guess_reason,
        "leaves": entry.stops,
    }
    _send(someone, content, entry.received_at)


def _has_capsule(story: Story, entry: Entry) -> bool:
    """Whether the evening of an entry asks for a capsule: whether there was one the night before."""
    if story.begun is None:
        return False
    day = (entry.happened_at - story.begun.start).days
    blocks = [one["block"] for one in story.decided if one["block"] and one["block"]["first_day"] < day]
    return bool(blocks) and blocks[-1]["capsule"]


def write(someone: Participant, at: dt.datetime, **said: Any) -> None:
    """Something beside the evenings: that she leaves, or takes a new medicine.

    Args:
        someone: who wrote it.
        at: when, with its zone.
        said: what of an entry says it.
    """
    nothing: dict[str, Any] = {"answers": {}, "took": None, "side_effects": {}}
    identity = _identity(someone.trial, "beside the evenings")
    _send(someone, {"id": identity, "happened_at": at.isoformat(), **nothing, **said}, at)


def _send(someone: Participant, content: dict[str, Any], at: dt.datetime) -> None:
    story = story_of(someone.trial)
    form = {
        "schema": "modicum.entry/1",
        "day": 0,
        "about": "today",
        "zone": someone.zone,
        "number": len(story.kept) + 1,
    }
    entry = {**form, **content}
    _, after = receive(STORE, someone.trial, [entry], sent_at=at, now=at, actor=ACTOR, signer=signer(), before=story)
    keep(after)


def _identity(trial: str, entry: str) -> str:
    """An id of the form that phones make."""
    digits = content_hash(f"{trial} {entry}")
    return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
