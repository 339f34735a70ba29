"""Verification by anybody: does every part of an allocation follow from the others?"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from modicum.allocation.binding import Binding, BindingHead
from modicum.allocation.binding_rules import check_place
from modicum.allocation.canonical import Fingerprinted, UnreadableError, digest_bytes
from modicum.allocation.document import Allocation, DrawnPhase, Sealed, Unblinding
from modicum.allocation.evidence import Check, Evidence, judge
from modicum.allocation.factors import check_factors
from modicum.allocation.keys import ROLES
from modicum.allocation.orders import list_orders
from modicum.allocation.proof import contributions_of, prove
from modicum.foundation.errors import InputError
from modicum.protocol import Protocol, read_protocol

_Read = TypeVar("_Read", bound=Fingerprinted)
_SHOWN = 12  # digits that tell one noted fingerprint from another


def verify(evidence: Evidence, noted: Sequence[str] = ()) -> tuple[Check, ...]:
    """Look at every part of an allocation.

    Without papers it shows that the parts belong together; with them also that every period held what was committed to,
    that the order was admissible, and that it followed from the two contributions. Whoever makes all parts anew at once
    is found only by a fingerprint that was noted elsewhere: that of the allocation finds another allocation, that of a
    binding another binding at its place or before it, that of an opening another record at its place or before it.

    Args:
        evidence: as kept.
        noted: fingerprints of the allocation, of bindings and of openings, as noted elsewhere.

    Returns:
        One check for each part, in a fixed order.
    """
    checks: list[Check] = []
    document = _read(Allocation, evidence.document, "allocation.json", checks)
    if document is None:
        return tuple(checks)
    checks += _check_noted(noted, evidence, document)
    protocol = _check_protocol(evidence.protocol, document, checks)
    checks += _check_recipients(document)
    checks += _check_sealed("", document.sealed, evidence.sealed)
    bindings = _check_bindings(evidence, document, protocol, checks)
    checks += _check_records(evidence.records, document)
    checks += prove(evidence.papers, document, bindings, protocol)
    drawn_from = contributions_of(evidence.papers)
    checks += check_factors(evidence.factors, document.true_fingerprint, protocol, drawn_from, document.head.slot)
    return tuple(checks)


def _read(kind: type[_Read], content: bytes, part: str, checks: list[Check]) -> _Read | None:
    """A document with a fingerprint; None where it is not one."""
    try:
        document = kind.from_bytes(content)
    except UnreadableError as error:
        checks.append(Check(part, "forged", str(error)))
        return None
    agrees = document.fingerprint == document.true_fingerprint
    checks.append(judge(part, agrees, "It agrees with its fingerprint.", "It does not agree with its fingerprint."))
    return document


def _check_noted(noted: Sequence[str], evidence: Evidence, document: Allocation) -> Iterator[Check]:
    """Whether every fingerprint that was noted is that of a part as it stands."""
    standing = {document.true_fingerprint: "allocation.json", **dict(_fingerprints(evidence))}
    for fingerprint in noted:
        part = standing.get(fingerprint.lower())
        otherwise = "No part has this fingerprint: what it was noted of is gone, or was made anew."
        message = f"It is that of {part}."
        yield judge(f"noted fingerprint {fingerprint[:_SHOWN].lower()}", part is not None, message, otherwise)


def _fingerprints(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The fingerprint of each binding and of each record that can be read, by what stands in it, and its part."""
    bindings = [(Binding, one.document, f"bindings/{n:04d}") for n, one in enumerate(evidence.bindings, 1)]
    records = [(Unblinding, content, f"openings/{n:04d}.json") for n, content in enumerate(evidence.records, 1)]
    for kind, content, part in (*bindings, *records):
        try:
            yield kind.from_bytes(content).true_fingerprint, part
        except UnreadableError:  # a finding of its own, where the part is looked at
            continue


@lru_cache(maxsize=64)
def _parse(content: bytes) -> Protocol | None:
    try:
        return read_protocol(content)
    except InputError:
        return None


def _check_protocol(content: bytes, document: Allocation, checks: list[Check]) -> Protocol | None:
    """The protocol, where it is the one that was drawn for."""
    stated = document.head.protocol
    protocol = _parse(content) if digest_bytes(content) == stated.sha256 else None
    agrees = protocol is not None and (protocol.name, protocol.version) == (stated.name, stated.version)
    otherwise = "It is not the protocol that the order was drawn for."
    checks.append(judge("protocol.toml", agrees, "It is the protocol that the order was drawn for.", otherwise))
    if protocol is None:
        return None
    try:
        phases = tuple(DrawnPhase.of(found) for found in list_orders(protocol))
    except InputError:
        phases = ()
    agrees = phases == document.head.phases
    otherwise = "The phases are not those that the protocol draws."
    checks.append(judge("phases", agrees, "The phases are those that the protocol draws.", otherwise))
    wanted = [(phase.phase, period) for phase in phases for period in range(1, phase.periods + 1)]
    agrees = wanted == [(one.phase, one.period) for one in document.commitments]
    otherwise = "There is not one commitment for each period."
    checks.append(judge("commitments", agrees, "There is one commitment for each period.", otherwise))
    return protocol


def _check_recipients(document: Allocation) -> Iterator[Check]:
    keys = {one.public_key for one in document.head.recipients}
    agrees = tuple(one.role for one in document.head.recipients) == ROLES and len(keys) == len(ROLES)
    otherwise = "It is not sealed for three different keys."
    yield judge("recipients", agrees, "It is sealed for three different keys.", otherwise)


def _check_sealed(folder: str, stated: Sequence[Sealed], kept: Mapping[str, bytes]) -> Iterator[Check]:
    hashes = {one.role: one.sha256 for one in stated}
    for role in ROLES:
        content = kept.get(role)
        agrees = content is not None and digest_bytes(content) == hashes.get(role)
        otherwise = "The file is missing." if content is None else "It is not the file that was sealed."
        yield judge(f"{folder}sealed/{role}.age", agrees, "It is the file that was sealed.", otherwise)


def _check_bindings(
    evidence: Evidence, document: Allocation, protocol: Protocol | None, checks: list[Check]
) -> list[Binding]:
    """The bindings that can be read, in order."""
    found: list[Binding] = []
    before: list[BindingHead] = []
    previous = document.true_fingerprint
    for number, kept in enumerate(evidence.bindings, 1):
        part = f"bindings/{number:04d}/"
        binding = _read(Binding, kept.document, f"{part}binding.json", checks)
        if binding is None:
            continue
        head = binding.head
        place = (head.number, head.allocation, head.previous) == (number, document.true_fingerprint, previous)
        fits = protocol is None or not check_place(protocol, head.phase, head.from_period, before)
        otherwise = "It does not follow on the binding before, or does not fit the phase."
        checks.append(judge(f"{part}place", place and fits, "It follows on the binding before.", otherwise))
        checks += _check_sealed(part, binding.sealed, kept.sealed)
        previous = binding.true_fingerprint
        before.append(head)
        found.append(binding)
    return found


def _check_records(records: Sequence[bytes], document: Allocation) -> list[Check]:
    checks: list[Check] = []
    previous = document.true_fingerprint
    for number, content in enumerate(records, 1):
        part = f"openings/{number:04d}.json"
        record = _read(Unblinding, content, part, checks)
        if record is None:
            continue
        agrees = (record.number, record.allocation, record.previous) == (number, document.true_fingerprint, previous)
        otherwise = "It does not follow on the record before."
        checks.append(judge(f"{part} place", agrees, "It follows on the record before.", otherwise))
        previous = record.true_fingerprint
    return checks
