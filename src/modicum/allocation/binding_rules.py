"""Which doses may be bound to which phase, and from which period on."""

from collections.abc import Sequence

from modicum.allocation.binding import BindingHead
from modicum.allocation.orders import PhaseOrders, list_orders
from modicum.foundation.errors import Problem, problem
from modicum.protocol import Phase, Protocol

BOUND_LATER = ("candidate", "below candidate")


def check_binding(
    protocol: Protocol, phase: str, doses_mg: Sequence[float], from_period: int, earlier: Sequence[BindingHead]
) -> list[Problem]:
    """All that is wrong with a binding.

    Args:
        protocol: that the order was drawn for.
        phase: whose doses are to be bound.
        doses_mg: to be bound, in the unit of the drug.
        from_period: first place of the phase's order for which they are to hold.
        earlier: bindings made before, in order.
    """
    found = _find(protocol, phase)
    if found is None:
        return [_no_phase(protocol, phase)]
    return [*check_doses(protocol, phase, doses_mg), *check_place(protocol, phase, from_period, earlier)]


def check_doses(protocol: Protocol, phase: str, doses_mg: Sequence[float]) -> list[Problem]:
    """All that is wrong with the doses of a binding; a phase that takes none is not judged.

    Args:
        protocol: that the order was drawn for.
        phase: whose doses are to be bound.
        doses_mg: to be bound, in the unit of the drug.
    """
    found = _find(protocol, phase)
    if found is None:
        return []
    ladder = protocol.drug.ladder_mg
    shown = ", ".join(f"{dose:g}" for dose in doses_mg)
    if found.doses == "candidate":
        wrong = len(doses_mg) != 1 or doses_mg[0] not in ladder
        message, allowed = "This phase takes one dose of the ladder", ladder
    else:
        allowed = ladder[:-1]
        wrong = not doses_mg or list(doses_mg) != sorted(set(doses_mg)) or not set(doses_mg) <= set(allowed)
        message = "This phase takes doses of the ladder below its top, ascending, each once"
    fix = f"Choose from {', '.join(f'{dose:g}' for dose in allowed)}."
    return [problem("MOD-ALLOC-17", "doses", shown, message, fix)] if wrong else []


def check_place(protocol: Protocol, phase: str, from_period: int, earlier: Sequence[BindingHead]) -> list[Problem]:
    """All that is wrong with where a binding begins.

    Args:
        protocol: that the order was drawn for.
        phase: whose doses are to be bound.
        from_period: first place of the phase's order for which they are to hold.
        earlier: bindings made before, in order.
    """
    found = _find(protocol, phase)
    if found is None:
        return [_no_phase(protocol, phase)]
    before = [one.from_period for one in earlier if one.phase == phase]
    paired = protocol.phase(phase).pairs > 0
    if not before:
        faults = [(from_period != 1, "The first doses of a phase hold from its first period", "Bind from period 1.")]
    else:
        again = "The doses of this phase are bound already, and what was given is never changed"
        later = f"Bind from a period after {before[-1]}, of {found.periods}."
        faults = [
            (found.doses != "candidate", again, "Keep the doses that are bound."),
            (found.doses == "candidate" and not before[-1] < from_period <= found.periods, again, later),
            (paired and from_period % 2 == 0, "A dose holds for whole pairs", "Bind from an odd period."),
        ]
    return [problem("MOD-ALLOC-18", "from period", from_period, words, fix) for wrong, words, fix in faults if wrong]


def _find(protocol: Protocol, phase: str) -> PhaseOrders | None:
    """The phase with its orders, where its doses are bound later."""
    return next((one for one in list_orders(protocol) if one.phase == phase and one.doses in BOUND_LATER), None)


def _no_phase(protocol: Protocol, phase: str) -> Problem:
    takes = [one.name for one in protocol.phases if _takes_doses(one)]
    fix = f"Name one of: {', '.join(takes)}." if takes else "Nothing has to be bound in this protocol."
    return problem("MOD-ALLOC-16", "phase", phase, "No phase of this name takes its doses after a review", fix)


def _takes_doses(phase: Phase) -> bool:
    return phase.order != "as listed" and phase.doses_mg in BOUND_LATER
