"""What anybody may do with an allocation: draw and seal it once, verify it. Nothing here sees a sealed arm."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from modicum.allocation import Allocation, Contributions, list_orders, seal_allocation
from modicum.allocation.draws import CONTRIBUTION_BYTES, LONGEST_CONTRIBUTION, Randomness
from modicum.allocation.factors import DrawnFactor, Factors, draw_factors
from modicum.allocation.keys import ROLES, KeyRole, Recipient, check_recipients, generate_key
from modicum.allocation.verification import verify
from modicum.foundation.errors import AllocationError, InputError, Problem, problem
from modicum.protocol import Protocol, examine_protocol, read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services import folders

LONGEST_SLOT = 100
_DIGITS = set("0123456789abcdef")


@dataclass(frozen=True)
class Randomised:
    """What came of a draw.

    Args:
        document: the public document.
        new: whether it was drawn now; False where a retried request found it.
        keys: roles whose secret key was made and lies in the folder.
        warnings: what a person should know.
        factors: drawn beside the doses, openly.
    """

    document: Allocation
    new: bool
    keys: tuple[KeyRole, ...]
    warnings: tuple[Problem, ...]
    factors: tuple[DrawnFactor, ...] = ()


def fix_contribution(randomness: Randomness) -> bytes:
    """The system's half of a draw; its hash is shown before the participant adds the other half.

    Args:
        randomness: number of bytes to that many bytes of chance.
    """
    return randomness(CONTRIBUTION_BYTES)


def randomise(
    source: str | Path,
    folder: Path,
    contributions: Contributions,
    *,
    slot: str = "",
    public_keys: Mapping[KeyRole, str] | None = None,
    request: str = "",
    now: dt.datetime,
    randomness: Randomness,
) -> Randomised:
    """Draw the order of a trial once, seal it, and keep it in a folder of its own.

    Args:
        source: of the protocol: a shipped name or a file.
        folder: of this one allocation; not there, or empty.
        contributions: of the system and the participant.
        slot: whose order it is; the name of the folder where empty.
        public_keys: of those who can open it; for a role that is missing a pair of keys is made, and the secret one
            left in the folder for its holder.
        request: any text that names this request; asked again with the same text, the stored allocation is returned.
        now: time of the draw, with its zone.
        randomness: number of bytes to that many bytes of chance.

    Raises:
        InputError: with every problem at once; then nothing was drawn or changed.
    """
    folder = folder.resolve()
    slot = slot or folder.name
    given = dict(public_keys or {})
    protocol, found = _examine(source, folder, request, [*_check_texts(slot, contributions), *check_recipients(given)])
    if found or protocol is None:
        raise AllocationError(found)
    wanted = _Wanted(protocol.sha256, slot, contributions.participant_sha256, given, folders.hash_request(request))
    if (folder / folders.DOCUMENT).exists():
        return _find_stored(folder, wanted)
    content = protocol_bytes(source)
    keys, recipients = _gather_keys(given)
    sealed = seal_allocation(
        read_protocol(content),
        slot=slot,
        contributions=contributions,
        recipients=recipients,
        request_sha256=wanted.request_sha256,
        now=now,
        randomness=randomness,
    )
    files = {
        folders.DOCUMENT: sealed.document.to_bytes(),
        folders.PROTOCOL: content,
        **_draw_factors(protocol, contributions, slot, sealed.document),
        **{f"sealed/{role}.age": file for role, file in sealed.files.items()},
        **{f"{folders.KEYS}/{role}.key": file for role, file in keys.items()},
    }
    if not folders.write_whole(folder, files, randomness(8).hex()):
        return _find_stored(folder, wanted)
    warnings = tuple(_warn(folder, contributions, keys))
    return Randomised(sealed.document, True, tuple(keys), warnings, _stored_factors(files.get(folders.FACTORS, b"")))


def _draw_factors(
    protocol: Protocol, contributions: Contributions, slot: str, document: Allocation
) -> dict[str, bytes]:
    """The file of the factors that the protocol asks for, if it asks for any."""
    drawn = draw_factors(protocol, contributions, slot)
    if not drawn:
        return {}
    return {folders.FACTORS: Factors.complete(allocation=document.fingerprint, factors=drawn).to_bytes()}


@dataclass(frozen=True)
class _Wanted:
    """What a request asked for, to be compared with what is stored."""

    protocol_sha256: str
    slot: str
    participant_sha256: str
    public_keys: Mapping[KeyRole, str]
    request_sha256: str | None


def _examine(
    source: str | Path, folder: Path, request: str, others: list[Problem]
) -> tuple[Protocol | None, list[Problem]]:
    """The protocol, and all that is wrong with it, with the other options, and with the place."""
    protocol, problems = examine_protocol(source)
    found = [*problems, *others]
    if protocol is not None:
        found += _find_problems(protocol)
    obstacle = folders.find_obstacle(folder)
    taken = (folder / folders.DOCUMENT).exists()  # looked at last: another process may just have made it
    if taken and not request:
        found.append(_taken(folder))
    elif obstacle and not taken:
        found.append(obstacle)
    return protocol, found


def _check_texts(slot: str, contributions: Contributions) -> list[Problem]:
    fix = f"Write 1 to {LONGEST_SLOT} letters, digits and blanks."
    found: list[Problem] = []
    if not 0 < len(slot) <= LONGEST_SLOT or not slot.isprintable():
        found.append(problem("MOD-ALLOC-03", "--slot", slot, "A slot cannot have this name", fix))
    text = contributions.participant
    if len(text) > LONGEST_CONTRIBUTION or not text.isprintable():
        fix = f"Write up to {LONGEST_CONTRIBUTION} letters, digits and blanks on one line."
        found.append(problem("MOD-ALLOC-04", "--contribution", text, "This contribution cannot be used", fix))
    return found


def _find_problems(protocol: Protocol) -> tuple[Problem, ...]:
    try:
        list_orders(protocol)
    except AllocationError as error:
        return error.problems
    return ()


def _gather_keys(given: Mapping[KeyRole, str]) -> tuple[dict[KeyRole, bytes], list[Recipient]]:
    """The secret keys that had to be made, and all three recipients."""
    keys: dict[KeyRole, bytes] = {}
    recipients: list[Recipient] = []
    for role in ROLES:
        if role in given:
            recipients.append(Recipient(role=role, public_key=given[role]))
        else:
            recipient, keys[role] = generate_key(role)
            recipients.append(recipient)
    return keys, recipients


def _find_stored(folder: Path, wanted: _Wanted) -> Randomised:
    """The stored allocation where it is the answer to this very request; it is never drawn again."""
    stored, evidence = folders.read_allocation(folder)
    head = stored.head
    if wanted.request_sha256 is None or head.request_sha256 != wanted.request_sha256:
        raise AllocationError([_taken(folder)])
    keys = {one.role: one.public_key for one in head.recipients}
    same = (head.protocol.sha256, head.slot, head.participant_sha256) == (
        wanted.protocol_sha256,
        wanted.slot,
        wanted.participant_sha256,
    )
    if not same or any(keys.get(role) != key for role, key in wanted.public_keys.items()):
        message = f"This request was answered on {head.drawn_at}, and it asked for something else"
        fix = "Ask for the same as before, or leave the request out and name another folder."
        raise AllocationError([problem("MOD-ALLOC-21", "--request", "", message, fix)])
    return Randomised(stored, False, (), (), _stored_factors(evidence.factors))


def _stored_factors(content: bytes) -> tuple[DrawnFactor, ...]:
    return Factors.from_bytes(content).factors if content else ()


def _taken(folder: Path) -> Problem:
    message = "An allocation is there already, and an order is never drawn again"
    fix = "Name another folder for another person; for this one the order stands."
    return problem("MOD-ALLOC-07", "--out", folder, message, fix)


def _warn(folder: Path, contributions: Contributions, keys: Mapping[KeyRole, bytes]) -> list[Problem]:
    found: list[Problem] = []
    if not contributions.participant:
        message = "The participant added nothing, so the draw rests on this computer alone"
        fix = "Next time give --contribution: dice or words of the participant's own choice."
        found.append(problem("MOD-ALLOC-40", "--contribution", "", message, fix))
    if keys:
        message = "Whoever has this folder can open the allocation while the secret keys lie in it"
        fix = "Give each key to its holder, three different people or machines, and delete it here."
        found.append(problem("MOD-ALLOC-41", str(folder / folders.KEYS), ", ".join(keys), message, fix))
    return found


def verify_folder(folder: Path, papers: Path | None = None, noted: Sequence[str] = ()) -> dict[str, Any]:
    """What anybody can check of an allocation, as a ``modicum.verify/1`` document.

    Args:
        folder: of the allocation.
        papers: file of the papers; those in the folder where None.
        noted: fingerprints of the allocation, of bindings and of openings, as noted elsewhere.

    Raises:
        InputError: there is no allocation, or an option cannot be used.
    """
    found: list[Problem] = []
    fix = "Give the 64 digits that modicum randomise, bind or reveal printed."
    for one in noted:
        if len(one) != 64 or not set(one.lower()) <= _DIGITS:
            found.append(problem("MOD-ALLOC-20", "--fingerprint", one, "This is not a fingerprint", fix))
    try:
        evidence = folders.read_evidence(folder)
        evidence = evidence if papers is None else replace(evidence, papers=_read_papers(papers))
    except InputError as error:
        raise AllocationError([*found, *error.problems]) from None
    if found:
        raise AllocationError(found)
    checks = verify(evidence, noted)
    forged = any(check.result == "forged" for check in checks)
    return {
        "schema": "modicum.verify/1",
        "result": "forged" if forged else "sound",
        "revealed": evidence.papers is not None,
        "checks": [asdict(check) for check in checks],
    }


def _read_papers(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fix = "Give the file revealed.json that modicum reveal wrote."
        message = f"The papers cannot be read: {error.strerror or error}"
        raise AllocationError([problem("MOD-ALLOC-19", "--papers", file, message, fix)]) from error
