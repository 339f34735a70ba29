"""Receiving: whatever a phone hands in is kept and acknowledged; what has to be said at once about a medicine, is said.

An entry that is not of the form is kept like any other, with a mark: a phone that waits for a receipt never waits in
vain. Dosing is stopped in the record before anybody is told.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modicum.records.chain import canonical, content_hash
from modicum.screening.entered_later import Consequence, entered_later
from modicum.services.diary.advice import medicine_words
from modicum.services.diary.evenings import SKEW
from modicum.services.diary.port import Store
from modicum.services.diary.signing import Signer
from modicum.services.diary.story import CLOCK, ENTRY, SCREENED, Kept, Story, told

# Ids as phones make them, unlike what reviews and staff tell.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def receive(
    store: Store,
    trial: str,
    entries: Sequence[Any],
    *,
    sent_at: dt.datetime,
    now: dt.datetime,
    actor: str,
    signer: Signer,
    language: str = "en",
    before: Story | None = None,
) -> tuple[dict[str, Any], Story]:
    """Keep what a phone hands in.

    Args:
        store: that keeps it.
        trial: its name in the store.
        entries: JSON values, ``modicum.entry/1`` as a rule; in the order in which they were written.
        sent_at: clock of the phone when it sent them, with its offset.
        now: clock of the clinic, with its zone.
        actor: the phone.
        signer: of the receipts.
        language: of the advice.
        before: the story as it was told before, None where it was not.

    Returns:
        The ``modicum.sync/1`` document, and the story up to now.
    """
    contents = [keepable(entry) for entry in entries]
    _note_clock(store, trial, contents, now - sent_at, now=now, actor=actor)
    sequences = dict[int, bool]()
    for content in contents:
        receipt = store.append(
            trial=trial, kind=ENTRY, client_id=identity(content), content=content, actor=actor, received_at=now
        )
        sequences[receipt.sequence] = receipt.repeated
    story = told(store, trial, before)
    kept = [story.find(sequence) for sequence in sequences]
    advice = _screen(store, story, kept, now=now, actor=actor, language=language)
    document = {
        "schema": "modicum.sync/1",
        "server_time": now.isoformat(),
        "receipts": [signer.sign(receipt_of(story.trial, one, sequences[one.event.sequence])) for one in kept],
        "advice": advice,
    }
    return document, told(store, trial, story) if advice else story


def receipts_since(story: Story, sequence: int, *, now: dt.datetime, signer: Signer) -> dict[str, Any]:
    """What has arrived after an event: for a phone that never saw the answer.

    Args:
        story: up to now.
        sequence: number of an event.
        now: clock of the clinic, with its zone.
        signer: of the receipts.

    Returns:
        The ``modicum.sync/1`` document.
    """
    late = (one for one in story.kept if one.event.sequence > sequence)
    receipts = [signer.sign(receipt_of(story.trial, one, repeated=True)) for one in late]
    return {"schema": "modicum.sync/1", "server_time": now.isoformat(), "receipts": receipts, "advice": []}


def receipt_of(trial: str, kept: Kept, repeated: bool) -> dict[str, Any]:
    """The ``modicum.receipt/1`` document of an entry.

    Args:
        trial: its name in the store.
        kept: the entry.
        repeated: whether it had been there before.
    """
    event = kept.event
    return {
        "schema": "modicum.receipt/1",
        "trial": trial,
        "id": event.client_id,
        "content_sha256": event.content_hash,
        "sequence": event.sequence,
        "event_hash": event.hash,
        "received_at": event.received_at,
        "repeated": repeated,
        "conflict": event.conflict,
        "day": kept.placed.day,
        "marks": list(kept.placed.marks),
    }


def keepable(entry: Any) -> Mapping[str, Any]:
    """An entry as it can be kept: as it came, or, where it has no canonical form, what it says as text.

    Example:
        >>> keepable({"pain": 4})
        {'pain': 4}
        >>> keepable(["pain", float("nan")])
        {'schema': 'modicum.unread/1', 'text': '["pain", NaN]'}
    """
    if isinstance(entry, dict):
        try:
            canonical(entry)
        except (ValueError, UnicodeError):
            pass
        else:
            return entry
    return {"schema": "modicum.unread/1", "text": json.dumps(entry)}


def identity(content: Mapping[str, Any]) -> str:
    """The id under which an entry is kept: its own, or the hash of an entry that has none of this form.

    What staff and reviews tell has ids of other forms in the same story: none of theirs can be taken by a phone.

    Example:
        >>> identity({"id": "decided-2"})[:8]
        '4f769cbd'
    """
    given = content.get("id")
    return given if isinstance(given, str) and _ID.fullmatch(given) else content_hash(canonical(content))


def _note_clock(
    store: Store, trial: str, entries: Iterable[Mapping[str, Any]], skew: dt.timedelta, *, now: dt.datetime, actor: str
) -> None:
    """Put down that a phone's clock is off before the entries that it concerns; the first word on an entry counts."""
    ids = [identity(content) for content in entries]
    if abs(skew) <= SKEW or not ids:
        return
    content = {"schema": "modicum.clock/1", "skew_seconds": round(skew.total_seconds()), "entries": ids}
    client_id = f"clock-{content_hash(canonical({'entries': ids}))[:32]}"
    store.append(trial=trial, kind=CLOCK, client_id=client_id, content=content, actor=actor, received_at=now)


def _screen(
    store: Store, story: Story, kept: Iterable[Kept], *, now: dt.datetime, actor: str, language: str
) -> list[dict[str, Any]]:
    """Screen every medicine that is new; that the capsules are to be stopped is on the disk before it is said."""
    advice = list[dict[str, Any]]()
    for one in kept:
        medicines = one.submission.medications if one.submission else ()
        for number, medicine in enumerate(medicines, 1):
            if not medicine.strip():
                continue
            found = entered_later(medicine, now.date())
            stop = "stop-dosing" in found.steps
            store.append(
                trial=story.trial,
                kind=SCREENED,
                client_id=f"{one.identity}-{number}",
                content=_screened(one, medicine, found, stop=stop),
                actor=actor,
                received_at=now,
            )
            words = medicine_words(medicine, stop=stop, language=language)
            advice.append({"entry": one.identity, "medicine": medicine, "stop": stop, "words": words})
    return advice


def _screened(kept: Kept, medicine: str, found: Consequence, *, stop: bool) -> dict[str, Any]:
    return {
        "schema": "modicum.screened/1",
        "entry": kept.identity,
        "medicine": medicine,
        "result": found.screening.result,
        "rules": [one.rule for one in found.screening.findings],
        "not_recognised": list(found.screening.not_recognised),
        "stop": stop,
        "steps": list(found.steps),
    }
