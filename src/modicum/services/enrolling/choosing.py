"""Choosing a protocol for a person: which there are to choose from, and what the record keeps of the choice."""

from dataclasses import asdict
from functools import cache
from typing import Any

from modicum.protocol import Protocol, library, read_protocol
from modicum.services.enrolling.adapting import Adapted
from modicum.supply.periods import is_drawn

RULE_SET = "naltrexone-low-dose"  # the rules that people are screened by here


@cache
def choosable() -> tuple[Protocol, ...]:
    """The shipped protocols of what people are screened for here, the one that finds a dose first.

    Example:
        >>> choosable()[0].name
        'ldn-smallest-dose'
    """
    plans = [plan for plan in map(read_protocol, library()) if plan.screening.rule_set == RULE_SET]
    return tuple(sorted(plans, key=lambda plan: (not plan.has_confirmation, not _is_blinded(plan), plan.name)))


def chosen_content(adapted: Adapted, half_sha256: str) -> dict[str, Any]:
    """What the event of a choice says: the whole protocol, so that it is kept whatever ships later.

    Args:
        adapted: the protocol, as it was read again.
        half_sha256: hash of the computer's half of the draw, fixed before the participant adds the other; "" where
            chance decides nothing.
    """
    plan = adapted.protocol
    return {
        "schema": "modicum.protocol-chosen/1",
        "name": plan.name,
        "title": plan.title,
        "version": plan.version,
        "base": adapted.base,
        "differences": [asdict(one) for one in adapted.differences],
        "protocol_text": adapted.text,
        "protocol_sha256": plan.sha256,
        "half_sha256": half_sha256,
    }


def is_random(plan: Protocol) -> bool:
    """Whether chance decides anything in a protocol, so that an order is drawn and sealed.

    Args:
        plan: as read.
    """
    return any(is_drawn(phase) for phase in plan.phases)


def _is_blinded(plan: Protocol) -> bool:
    return any(phase.blinded for phase in plan.phases)
