"""Other arms under the very same seal: what was drawn for a person, or what could have been drawn as well."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from modicum.allocation import Papers, follow_course
from modicum.allocation.arms import Arm, Place
from modicum.protocol import Phase, Protocol, read_protocol
from modicum.protocol.sequences import list_sequences
from modicum.services import folders
from modicum.services.unblinding import Unblinded, unblind
from modicum.trial.roles import roles_of

OPENERS = ("modicum.services.diary.sealed", "modicum.services.ordering")  # the reviews, and the pharmacist


@dataclass(frozen=True)
class Held:
    """What was found under a seal.

    Args:
        of: name of the allocation's folder.
        arms: of every place: its phase, its period, and its dose, mg; None where a review chooses it.
    """

    of: str
    arms: tuple[tuple[str, int, float | None], ...]


Telling = Callable[[Held], None]


@contextmanager
def other_arms_found(told: Telling, *, swapped: bool) -> Iterator[list[Held]]:
    """Have whoever opens a seal find the arms that were drawn, or others; all that was found, in order.

    Args:
        told: what was found, whenever a seal is opened: for what must not be done with it.
        swapped: whether it is the others.
    """
    found = list[Held]()

    def opening(folder: Path, *arguments: Any, **more: Any) -> Unblinded:
        drawn = unblind(folder, *arguments, **more)
        protocol = read_protocol(folders.read_evidence(folder).protocol)
        papers = other_papers(protocol, drawn.papers) if swapped else drawn.papers
        arms = tuple((place.phase, place.period, place.arm.dose_mg) for place in papers.allocation.places)
        found.append(Held(folder.name, arms))
        told(found[-1])
        return replace(drawn, papers=papers, course=follow_course(protocol, papers))

    with ExitStack() as stack:
        for module in OPENERS:
            stack.enter_context(patch(f"{module}.unblind", opening))
        yield found


def other_papers(protocol: Protocol, papers: Papers) -> Papers:
    """Papers that could have been drawn as well, other in every phase that chance decides.

    Args:
        protocol: that the order was drawn for.
        papers: that were drawn.
    """
    sequences = roles_of(protocol, papers.allocation.places).sequences
    places = list[Place]()
    for phase in protocol.phases:
        own = sorted((one for one in papers.allocation.places if one.phase == phase.name), key=lambda one: one.period)
        arms = _other_order([one.arm for one in own], phase, protocol, sequences.get(phase.name))
        places += [one.model_copy(update={"arm": arm}) for one, arm in zip(own, arms, strict=True)]
    return papers.model_copy(update={"allocation": papers.allocation.model_copy(update={"places": tuple(places)})})


def _other_order(arms: list[Arm], phase: Phase, protocol: Protocol, sequence: tuple[float, ...] | None) -> list[Arm]:
    """The arms of a phase in the admissible order that is furthest from theirs; of rungs any order is."""
    if sequence is None:
        return arms[::-1]
    by_dose = dict(zip(sequence, arms, strict=True))
    admissible = list_sequences(phase, protocol.drug.ladder_mg) or ()
    return [by_dose[dose] for dose in max(admissible, key=lambda one: _apart(one, sequence))]


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
