"""All checks of a protocol whose fields are each valid, in the order in which a reader meets them."""

from collections.abc import Callable, Iterator

from modicum.protocol.finding import Finding
from modicum.protocol.item_checks import check_names, check_primary, check_references, check_scales, check_sums
from modicum.protocol.phase_checks import (
    check_announcements,
    check_counts,
    check_doses,
    check_kinds,
    check_lengths,
    check_looks,
    check_orders,
    check_succession,
)
from modicum.protocol.rule_checks import check_maintenance, check_rule_phases, check_thresholds
from modicum.protocol.schema import Protocol
from modicum.protocol.treatment_checks import (
    check_capsules,
    check_dose_time,
    check_ladder,
    check_strengths,
    check_unit,
)

CHECKS: tuple[Callable[[Protocol], Iterator[Finding]], ...] = (
    check_ladder,
    check_unit,
    check_dose_time,
    check_kinds,
    check_announcements,
    check_doses,
    check_lengths,
    check_looks,
    check_orders,
    check_counts,
    check_succession,
    check_scales,
    check_primary,
    check_sums,
    check_names,
    check_references,
    check_rule_phases,
    check_thresholds,
    check_maintenance,
    check_strengths,
    check_capsules,
)


def find_contradictions(protocol: Protocol) -> tuple[Finding, ...]:
    """Every contradiction of a protocol, from all checks.

    Args:
        protocol: with fields that are each valid.
    """
    return tuple(finding for check in CHECKS for finding in check(protocol))
