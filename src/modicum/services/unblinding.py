"""Unblinding: the one place where a seal is opened, by four paths, each of which leaves a record before it tells.

The record lies beside the allocation. Where there is a store, a witness is told first, so that it holds one too.

| path | with the key of | for |
|---|---|---|
| supply | pharmacist | making up the capsules |
| review | review | the process that computes the reviews |
| emergency | emergency | one person in danger |
| final | any of the three | everybody, after the answer is signed |
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import pyrage

from modicum.allocation import Allocation, Given, Papers, Unblinding, follow_course
from modicum.allocation.canonical import write_moment
from modicum.allocation.draws import Randomness
from modicum.allocation.evidence import Evidence
from modicum.allocation.keys import ROLES, KeyRole, read_identity
from modicum.allocation.opening import open_allocation, open_binding
from modicum.allocation.verification import verify
from modicum.foundation.errors import AllocationError, InputError, Problem, problem
from modicum.protocol import read_protocol
from modicum.services import folders

OpeningPath = Literal["supply", "review", "emergency", "final"]
PATHS: Mapping[str, tuple[KeyRole, ...]] = {
    "supply": ("pharmacist",),
    "review": ("review",),
    "emergency": ("emergency",),
    "final": ROLES,
}
LONGEST_WHO, LONGEST_WHY = 100, 400


class KeyFile(Protocol):
    """A file with a secret key: a path, or one that is held in memory alone."""

    def read_bytes(self) -> bytes:
        """Its content."""
        ...


@dataclass(frozen=True)
class HeldKey:
    """A key file that somebody handed in, for one opening; it is written nowhere.

    Args:
        content: of the file.
    """

    content: bytes

    def read_bytes(self) -> bytes:
        """Its content."""
        return self.content

    def __repr__(self) -> str:
        return "the key that was handed in"


@dataclass(frozen=True)
class Opening:
    """An opening that is about to happen: whoever asked for it may, and has the key.

    Args:
        path: "supply", "review", "emergency" or "final".
        key: role of the key.
        who: opens it.
        why: it is opened.
        at: time of the opening, with its zone.
        allocation: fingerprint of what is opened.
    """

    path: str
    key: KeyRole
    who: str
    why: str
    at: dt.datetime
    allocation: str


Witness = Callable[[Opening], None]


@dataclass(frozen=True)
class Unblinded:
    """What an opening showed.

    Args:
        document: the public document.
        papers: every place with its arm, and the bindings.
        course: what is given in each period whose dose is known.
        record: of this opening, as kept.
        forged: parts that are not as they were sealed.
    """

    document: Allocation
    papers: Papers
    course: tuple[Given, ...]
    record: Unblinding
    forged: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        """The ``modicum.reveal/1`` document."""
        head = self.document.head
        opening = {name: value for name, value in self.record.to_dict().items() if name != "schema"}
        return {
            "schema": "modicum.reveal/1",
            "slot": head.slot,
            "protocol": head.protocol.model_dump(mode="json"),
            "allocation": self.document.fingerprint,
            "opening": opening,
            "drawn": [
                {"phase": place.phase, "period": place.period, **place.arm.model_dump(mode="json")}
                for place in self.papers.allocation.places
            ],
            "given": [vars(one) for one in self.course],
            "forged": list(self.forged),
        }


def unblind(
    folder: Path,
    key: KeyFile,
    path: str = "final",
    *,
    who: str,
    why: str,
    now: dt.datetime,
    randomness: Randomness,
    witness: Witness | None = None,
) -> Unblinded:
    """Open an allocation; the record of it is on the disk before anything is told.

    The final path also writes the papers beside the allocation, so that anybody can verify it.

    Args:
        folder: of the allocation.
        key: file of the secret key.
        path: "supply", "review", "emergency" or "final".
        who: opens it.
        why: it is opened.
        now: time of the opening, with its zone.
        randomness: number of bytes to that many bytes of chance, for the names of partial files.
        witness: told before anything is opened; what it raises keeps the seal shut.

    Raises:
        AllocationError: with every problem at once; then nothing was told and nothing recorded.
    """
    problems = _check_words(path, who, why)
    try:
        evidence = folders.read_evidence(folder)
        document = _read_document(evidence, folder)
        identity = _read_key(key)
    except InputError as error:
        raise AllocationError([*problems, *error.problems]) from None
    public_key = str(identity.to_public())
    found: KeyRole | None = next((one.role for one in document.head.recipients if one.public_key == public_key), None)
    problems += _check_key(key, path, found)
    if problems or found is None:
        raise AllocationError(problems)
    if witness is not None:
        witness(Opening(path, found, who.strip(), why.strip(), now, document.fingerprint))
    papers = _open(evidence, identity, found)
    said = {"path": path, "key": found, "who": who.strip(), "why": why.strip(), "opened_at": write_moment(now)}
    record = _write_record(folder, document, said, randomness)
    forged = _write_papers(folder, papers, randomness) if path == "final" else []
    after = replace(folders.read_evidence(folder), papers=papers.to_bytes())
    forged += [check.part for check in verify(after) if check.result == "forged"]
    course = () if "protocol.toml" in forged else follow_course(read_protocol(evidence.protocol), papers)
    return Unblinded(document, papers, course, record, tuple(forged))


def check_opening(folder: Path, key: KeyFile, path: str, *, who: str, why: str) -> list[Problem]:
    """What keeps an allocation from being opened; nothing is opened and nothing recorded.

    Args:
        folder: of the allocation.
        key: file of the secret key.
        path: one of ``PATHS``.
        who: wants to open it.
        why: it is to be opened.

    Raises:
        AllocationError: there is no allocation, or no key in the file.
    """
    document = _read_document(folders.read_evidence(folder), folder)
    public_key = str(_read_key(key).to_public())
    found: KeyRole | None = next((one.role for one in document.head.recipients if one.public_key == public_key), None)
    return [*_check_words(path, who, why), *_check_key(key, path, found)]


def _check_words(path: str, who: str, why: str) -> list[Problem]:
    found: list[Problem] = []
    if path not in PATHS:
        fix = f"Write one of: {', '.join(PATHS)}."
        found.append(problem("MOD-ALLOC-22", "--for", path, "There is no such path to an opening", fix))
    for option, text, longest in (("--who", who, LONGEST_WHO), ("--why", why, LONGEST_WHY)):
        if not 0 < len(text.strip()) <= longest or not text.isprintable():
            fix = f"Write 1 to {longest} letters, digits and blanks on one line; they are kept."
            found.append(problem("MOD-ALLOC-14", option, text, "Every opening says who opened it and why", fix))
    return found


def _read_document(evidence: Evidence, folder: Path) -> Allocation:
    try:
        return Allocation.from_bytes(evidence.document)
    except ValueError as error:
        fix = "Take it from a copy; modicum verify says more."
        message = f"allocation.json cannot be read. {error}".rstrip(".")
        raise AllocationError([problem("MOD-ALLOC-09", "--dir", folder, message, fix)]) from error


def _read_key(key: KeyFile) -> pyrage.x25519.Identity:
    try:
        return read_identity(key.read_bytes(), str(key))
    except OSError as error:
        message = f"The key cannot be read: {error.strerror or error}"
        fix = "Give the file of the secret key."
        raise AllocationError([problem("MOD-ALLOC-10", "--key", key, message, fix)]) from error


def _check_key(key: KeyFile, path: str, found: KeyRole | None) -> list[Problem]:
    if found is None:
        fix = "Give the key of the pharmacist, of the emergency or of the review for this very allocation."
        message = "This key opens nothing here: the allocation was sealed for others"
        return [problem("MOD-ALLOC-11", "--key", key, message, fix)]
    allowed = PATHS.get(path)
    if allowed is None or found in allowed:
        return []
    message = f"This is the key of the {found}, and the path '{path}' takes that of the {allowed[0]}"
    own = next(name for name, roles in PATHS.items() if roles == (found,))
    return [problem("MOD-ALLOC-12", "--for", path, message, f"Write --for {own}, or take the other key.")]


def _open(evidence: Evidence, identity: pyrage.x25519.Identity, role: KeyRole) -> Papers:
    """The papers of the allocation and its bindings.

    Raises:
        AllocationError: a sealed file is missing or damaged.
    """
    allocation = open_allocation(evidence.sealed.get(role, b""), identity, f"sealed/{role}.age")
    bindings = tuple(
        open_binding(one.sealed.get(role, b""), identity, f"bindings/{number:04d}/sealed/{role}.age")
        for number, one in enumerate(evidence.bindings, 1)
    )
    return Papers(allocation=allocation, bindings=bindings)


def _write_record(folder: Path, document: Allocation, said: Mapping[str, str], randomness: Randomness) -> Unblinding:
    """The record of an opening, on the disk.

    Raises:
        AllocationError: it cannot be written.
    """
    while True:
        records = folders.read_records(folder)
        previous = _find_previous(records, document)
        record = Unblinding.complete(
            number=len(records) + 1, **said, allocation=document.fingerprint, previous=previous
        )
        file = folder / folders.RECORDS / f"{record.number:04d}.json"
        try:
            if folders.add_file(file, record.to_bytes(), randomness(8).hex()):
                return record
        except OSError as error:
            message = f"The record of the opening cannot be written: {error.strerror or error}"
            fix = "Make the folder writable: what leaves no record is not opened."
            raise AllocationError([problem("MOD-ALLOC-15", str(file), "", message, fix)]) from error


def _find_previous(records: tuple[bytes, ...], document: Allocation) -> str:
    """Fingerprint that a new record points at; a damaged last record is for verification to find."""
    try:
        return Unblinding.from_bytes(records[-1]).fingerprint if records else document.fingerprint
    except ValueError:
        return document.fingerprint


def _write_papers(folder: Path, papers: Papers, randomness: Randomness) -> list[str]:
    """Keep the papers beside the allocation; papers that are there already are never written over.

    Returns:
        The name of the file where it holds others.
    """
    file, content = folder / folders.PAPERS, papers.to_bytes()
    if folders.add_file(file, content, randomness(8).hex()) or file.read_bytes() == content:
        return []
    return [folders.PAPERS]
