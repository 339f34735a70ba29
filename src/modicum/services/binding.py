"""Binding: what the process that computes the reviews does when they have chosen a dose."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modicum.allocation import Binding, seal_binding
from modicum.allocation.binding import BindingHead
from modicum.allocation.binding_rules import check_binding
from modicum.allocation.canonical import write_moment
from modicum.allocation.draws import Randomness
from modicum.foundation.errors import AllocationError, Problem, problem
from modicum.protocol import read_protocol
from modicum.services import folders


@dataclass(frozen=True)
class Bound:
    """What came of a binding.

    Args:
        document: the public document, as it is kept.
        new: whether it was sealed now; False where a retried request found it.
        warnings: what a person should know.
    """

    document: Binding
    new: bool
    warnings: tuple[Problem, ...] = ()


def bind(
    folder: Path,
    phase: str,
    doses_mg: Sequence[float],
    *,
    from_period: int = 1,
    request: str = "",
    now: dt.datetime,
    randomness: Randomness,
) -> Bound:
    """Seal the doses that a review chose into a phase; its order, drawn long before, stays as it is.

    Of a request that was answered before, phase and period are compared with what is stored. The doses are not: they
    are sealed, and what could be compared without a key would tell them to anybody who tries the few of the ladder.

    Args:
        folder: of the allocation.
        phase: whose doses are bound.
        doses_mg: of the ladder, ascending: one for a phase of the candidate, those to try below it for a step-down.
        from_period: first place of the phase's order for which they hold.
        request: any text that names this request; asked again with the same text, phase and period, the stored binding
            is returned.
        now: time of the binding, with its zone.
        randomness: number of bytes to that many bytes of chance.

    Raises:
        AllocationError: with every problem at once; then nothing was changed.
    """
    while True:
        stored, evidence = folders.read_allocation(folder)
        earlier = [Binding.from_bytes(one.document) for one in evidence.bindings]
        asked = folders.hash_request(request)
        known = [one for one in earlier if asked is not None and one.head.request_sha256 == asked]
        if known:
            return _answer_again(known[0], phase, from_period)
        protocol = read_protocol(evidence.protocol)
        found = check_binding(protocol, phase, doses_mg, from_period, [one.head for one in earlier])
        if evidence.papers is not None:
            message, fix = "The allocation was revealed, so that nothing can be sealed into it", "Draw a new one."
            found.append(problem("MOD-ALLOC-16", "--dir", folder, message, fix))
        if found:
            raise AllocationError(found)
        previous = earlier[-1].fingerprint if earlier else stored.fingerprint
        head = BindingHead(
            number=len(earlier) + 1,
            phase=phase,
            from_period=from_period,
            bound_at=write_moment(now),
            allocation=stored.fingerprint,
            previous=previous,
            request_sha256=asked,
        )
        sealed = seal_binding(head, doses_mg, recipients=stored.head.recipients, randomness=randomness)
        files = {"binding.json": sealed.document.to_bytes()}
        files |= {f"sealed/{role}.age": content for role, content in sealed.files.items()}
        place = folder / folders.BINDINGS / f"{head.number:04d}"
        if folders.write_whole(place, files, randomness(8).hex()):
            return Bound(sealed.document, True)


def _answer_again(stored: Binding, phase: str, from_period: int) -> Bound:
    """The binding of a request that was answered before, where it asks for the same place again."""
    head = stored.head
    if (head.phase, head.from_period) != (phase, from_period):
        message = (
            f"This request was answered on {head.bound_at} for {head.phase} from period {head.from_period}, "
            f"and now it asks for {phase} from period {from_period}"
        )
        fix = "Ask for the same as before, or name this request otherwise."
        raise AllocationError([problem("MOD-ALLOC-21", "--request", "", message, fix)])
    message = "The doses are those of the first time: they are sealed, and were not compared with those named now"
    fix = "Where they may differ, have whoever holds a key look at what is sealed."
    return Bound(stored, False, (problem("MOD-ALLOC-42", "--dose", "", message, fix),))
