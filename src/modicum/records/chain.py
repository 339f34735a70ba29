"""The chain of events: each holds the hash of the one before, so that nothing can be changed or left out unseen.

A chain by itself can be written anew by whoever holds the database. Its head, printed on every report and kept
elsewhere, is what makes that visible.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One event as it is stored.

    Args:
        sequence: 1, 2, 3 ... without a gap.
        body: everything that was said, as JSON values.
        previous_hash: the hash of the event before; zeros for the first.
        hash: of this one, SHA-256, hexadecimal.
    """

    sequence: int
    body: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Broken:
    """A place where the chain is not as it was written.

    Args:
        sequence: of the event.
        why: what does not fit.
    """

    sequence: int
    why: str


@dataclass(frozen=True)
class Checked:
    """A chain that was gone through from its first event.

    Args:
        count: of events.
        head: hash of the last one, to be compared with one that was printed; zeros where there is none.
        broken: every place that does not fit.
    """

    count: int
    head: str
    broken: tuple[Broken, ...]


def canonical(content: Mapping[str, Any]) -> str:
    """What was said as text, in its one form.

    Source:
        Rundgren A, Jordan B, Erdtman S 2020, RFC 8785, JSON Canonicalization Scheme.

    Example:
        >>> canonical({"pain": 4.0, "day": 3})
        '{"day":3,"pain":4}'
    """
    return rfc8785.dumps(dict(content)).decode()


def content_hash(text: str) -> str:
    """SHA-256 of what was said, in its canonical form, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(sequence: int, body: Mapping[str, Any], previous_hash: str) -> str:
    """The hash of an event: of its place, of all that it says, and of the event before."""
    whole = {"sequence": sequence, "body": dict(body), "previous_hash": previous_hash}
    return hashlib.sha256(rfc8785.dumps(whole)).hexdigest()


def link(sequence: int, body: Mapping[str, Any], previous_hash: str) -> Link:
    """The next event of a chain."""
    return Link(sequence, body, previous_hash, link_hash(sequence, body, previous_hash))


def check(links: Iterable[Link]) -> Checked:
    """Go through a chain from its first event and name every place where it is not as it was written.

    Args:
        links: by their sequence.
    """
    broken, count, head = list[Broken](), 0, GENESIS
    for one in links:
        count += 1
        broken += (Broken(one.sequence, why) for why in _faults(one, count, head))
        head = one.hash
    return Checked(count, head, tuple(broken))


def _faults(one: Link, expected: int, head: str) -> Iterable[str]:
    if one.sequence != expected:
        yield f"its number is {one.sequence}, where {expected} is next"
    if one.previous_hash != head:
        yield "it does not follow the event before it"
    if one.hash != link_hash(one.sequence, one.body, one.previous_hash):
        yield "it does not say what it said when it was written"
