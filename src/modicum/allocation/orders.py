"""The orders that chance may choose among, phase by phase; doses that only the data will tell are roles."""

from dataclasses import dataclass

from modicum.allocation.arms import CANDIDATE, PLACEBO, Arm, ArmOrder
from modicum.foundation.errors import AllocationError, Problem, problem
from modicum.protocol import Phase, Protocol, list_sequences

_STAND_IN_MG = 1.0  # what list_sequences itself writes for a dose that is not known yet


@dataclass(frozen=True)
class PhaseOrders:
    """The admissible orders of one phase, all equally likely.

    Args:
        phase: name of the phase.
        kind: the phase's ``order``, for example "fair coin per pair".
        doses: the phase's ``doses_mg`` where it is a word ("ladder", "candidate", "below candidate"), else "listed".
        orders: every admissible order; one arm for each place.
    """

    phase: str
    kind: str
    doses: str
    orders: tuple[ArmOrder, ...]

    @property
    def periods(self) -> int:
        """Number of places of each order."""
        return len(self.orders[0])


def list_orders(protocol: Protocol) -> tuple[PhaseOrders, ...]:
    """Every phase whose order is drawn, with all its admissible orders.

    A phase that steps below the candidate is drawn over all doses below the top one and placebo: of whichever doses are
    bound later, that order, with the others left out, is uniform too.

    Args:
        protocol: as read.

    Returns:
        One entry for each phase that is drawn, in the order of the protocol.

    Raises:
        AllocationError: nothing is drawn, or the orders of a phase cannot be listed; all problems at once.

    Example:
        >>> from modicum.protocol import read_protocol
        >>> [(found.phase, len(found.orders)) for found in list_orders(read_protocol("ldn-smallest-dose"))]
        [('titration', 10), ('confirmation', 32), ('step-down', 24)]
    """
    drawn = [phase for phase in protocol.phases if _is_drawn(phase, protocol.drug.ladder_mg)]
    if not drawn:
        fix = "Take a protocol with hidden placebo, for example ldn-smallest-dose or ldn-crossover."
        message = "No phase of this protocol has an order that chance decides: there is nothing to draw."
        raise AllocationError([problem("MOD-ALLOC-01", "protocol", protocol.name, message, fix)])
    found = [(phase, _orders(phase, protocol.drug.ladder_mg)) for phase in drawn]
    problems = [_unlisted(phase) for phase, orders in found if not orders]
    if problems:
        raise AllocationError(problems)
    return tuple(
        PhaseOrders(
            phase=phase.name,
            kind=phase.order,
            doses=phase.doses_mg if isinstance(phase.doses_mg, str) else "listed",
            orders=orders,
        )
        for phase, orders in found
    )


def _is_drawn(phase: Phase, ladder_mg: tuple[float, ...]) -> bool:
    nothing_below = phase.doses_mg == "below candidate" and len(ladder_mg) == 1
    return phase.order != "as listed" and not phase.drug_free and not nothing_below


def _orders(phase: Phase, ladder_mg: tuple[float, ...]) -> tuple[ArmOrder, ...]:
    """Every admissible order, or none where they cannot be listed."""
    below = phase.doses_mg == "below candidate"
    if below and phase.order != "any order":
        return ()
    stand_ins = {"candidate": (_STAND_IN_MG,), "below candidate": ladder_mg[:-1]}
    known = (
        phase if phase.doses_mg not in stand_ins else phase.model_copy(update={"doses_mg": stand_ins[phase.doses_mg]})
    )
    sequences = list_sequences(known, ladder_mg) or ()
    return tuple(tuple(_arm(dose, candidate=phase.doses_mg == "candidate") for dose in one) for one in sequences)


def _arm(dose_mg: float, *, candidate: bool) -> Arm:
    if dose_mg == 0:
        return PLACEBO
    return CANDIDATE if candidate else Arm(role="dose", dose_mg=dose_mg)


def _unlisted(phase: Phase) -> Problem:
    if phase.doses_mg == "below candidate" and phase.order != "any order":
        message = f"Where only the data will choose the doses, '{phase.order}' cannot be drawn beforehand."
        fix = 'Write order = "any order" for this phase.'
    else:
        message = (
            "This phase has more orders than can be listed (10,000; 7 blocks in any order; 16 with hidden placebo)."
        )
        fix = "Take fewer blocks, pairs or rungs."
    return problem("MOD-ALLOC-02", f"phase {phase.name}", phase.order, message, fix)
