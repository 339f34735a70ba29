"""The course: what is given in each period, once the doses are bound to the drawn order."""

from collections.abc import Sequence
from dataclasses import dataclass

from modicum.allocation.arms import Place
from modicum.allocation.papers import BindingPapers, Papers
from modicum.protocol import Protocol


@dataclass(frozen=True)
class Given:
    """What is given in one period.

    Args:
        phase: name of the phase.
        period: block or half of a pair within the phase, from 1.
        dose_mg: in the unit of the drug; 0 for placebo.
    """

    phase: str
    period: int
    dose_mg: float


def follow_course(protocol: Protocol, papers: Papers) -> tuple[Given, ...]:
    """What is given in each period of each phase whose doses are known.

    A phase whose doses the data choose is left out until they are bound. Below the candidate, the places of doses that
    were not bound are skipped and the rest keep their order.

    Args:
        protocol: that the order was drawn for.
        papers: the allocation's and those of its bindings.
    """
    found: list[Given] = []
    for phase in protocol.phases:
        places = [place for place in papers.allocation.places if place.phase == phase.name]
        bindings = [one for one in papers.bindings if one.head.phase == phase.name]
        chosen_later = phase.doses_mg in ("candidate", "below candidate")
        if not places or (chosen_later and not bindings):
            continue
        if phase.doses_mg == "below candidate":
            places = [one for one in places if one.arm.dose_mg == 0 or one.arm.dose_mg in bindings[-1].doses_mg]
        doses = [_dose_mg(place, bindings) for place in places]
        found += [Given(phase.name, number, dose) for number, dose in enumerate(doses, 1)]
    return tuple(found)


def _dose_mg(place: Place, bindings: Sequence[BindingPapers]) -> float:
    if place.arm.dose_mg is not None:
        return place.arm.dose_mg
    return [one for one in bindings if one.head.from_period <= place.period][-1].doses_mg[0]
