"""Proving: what can be checked once the order of a trial is open, by its papers and by the clinic's record."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from modicum.allocation import Papers, Unblinding, follow_course
from modicum.allocation.canonical import UnreadableError, write_moment
from modicum.allocation.evidence import Check, Evidence, judge
from modicum.allocation.verification import verify
from modicum.protocol import read_protocol
from modicum.services import folders
from modicum.services.revealing import Closing, Held, Opened

_SAID = ("path", "key", "who", "why")


def prove(
    folder: Path, fingerprint: str, opened: Opened, closing: Closing, told: Iterable[Mapping[str, Any]]
) -> tuple[Check, ...]:
    """Everything that can be checked once the order is open.

    Args:
        folder: of the allocation.
        fingerprint: as the first event of the trial has it; "" where nothing was drawn.
        opened: as it was written down at the reveal.
        closing: of the trial.
        told: what the store was told of each opening, as its events hold it.

    Raises:
        AllocationError: there is no allocation in the folder.
    """
    checks = list(_prove_sealed(folders.read_evidence(folder), fingerprint, opened.held, told)) if fingerprint else []
    analysed = hashlib.sha256(opened.diary.encode()).hexdigest() == closing.result.get("input_sha256")
    checks.append(judge("diary.csv", analysed, "It is the diary that was analysed.", "It is another diary."))
    if closing.signed is not None:
        same = closing.signed.said["result_sha256"] == closing.result_sha256
        checks.append(judge("signature", same, "It is of this result.", "It is of another result."))
    return tuple(checks)


def _prove_sealed(
    evidence: Evidence, fingerprint: str, held: Sequence[Held], told: Iterable[Mapping[str, Any]]
) -> Iterator[Check]:
    """Every part of the allocation by itself; then its bindings and records against what the store holds."""
    checks = verify(evidence, (fingerprint,))
    yield from checks
    yield _compare_openings(evidence.records, [one for one in told if one["allocation"] == fingerprint])
    if evidence.papers is not None and all(check.result == "sound" for check in checks):
        yield _compare_doses(evidence.protocol, evidence.papers, held)


def _compare_openings(records: Sequence[bytes], told: Sequence[Mapping[str, Any]]) -> Check:
    """Whether the records beside the allocation and the events of the store tell of the same openings.

    An opening that failed has an event and no record; one by the command line, without the clinic, a record and no
    event. A record that was rewritten leaves one of each.
    """
    events = Counter(_said_in(one) for one in told)
    kept = Counter(_said_of(content) for content in records)
    strange, without = (kept - events).total(), (events - kept).total()
    message = (
        f"The store was told of {(kept & events).total()} of {len(records)} openings on record, and of {without} more."
    )
    otherwise = f"{strange} on record say another thing than the {without} of which the store alone was told."
    return judge("openings and the store", not (strange and without), message, otherwise)


def _said_in(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Path, key, who, why and time of an opening, as the store was told."""
    return (*(str(told[name]) for name in _SAID), write_moment(dt.datetime.fromisoformat(told["at"])))


def _said_of(content: bytes) -> tuple[str, ...]:
    """Path, key, who, why and time of a record; nothing of one that cannot be read."""
    try:
        record = Unblinding.from_bytes(content)
    except UnreadableError:
        return ()
    return (*(str(getattr(record, name)) for name in _SAID), record.opened_at)


def _compare_doses(protocol: bytes, papers: bytes, held: Sequence[Held]) -> Check:
    """Whether the doses that the bindings hold are those that the reviews decided, by the record of the store."""
    sealed = Papers.from_bytes(papers)
    course = follow_course(read_protocol(protocol), sealed)
    agrees = True
    for phase in {binding.head.phase for binding in sealed.bindings}:
        decided = [one.capsule_mg for one in held if one.phase == phase]
        agrees &= [one.dose_mg for one in course if one.phase == phase][: len(decided)] == decided
    message, otherwise = "They are those that the reviews chose.", "They are not those that the reviews chose."
    return judge("doses of the bindings", agrees, message, otherwise)
