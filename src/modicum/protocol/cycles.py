"""Whole cycles: a protocol whose periods are menstrual cycles of 28 days, for cycles of another length."""

import re

from modicum.foundation.errors import Problem, ProtocolError
from modicum.protocol.reading import read_protocol
from modicum.protocol.schema import Phase, Protocol

USUAL_DAYS = 28.0  # an assumption, not a norm: the length of a person's own cycles is theirs to say
SHORTEST_DAYS, LONGEST_DAYS = 15.0, 60.0  # beyond, a slip is likelier than a cycle
_TABLES = re.compile(r"^(?=\[)", re.MULTILINE)
_LENGTH = re.compile(r"^(\s*(?:max_days|half_days|block_days)\s*=\s*)([0-9.]+)", re.MULTILINE)


def in_cycles(text: str, cycle_days: float) -> str:
    """A protocol file in whole cycles, rewritten for cycles of another length; comments and all else stay.

    Args:
        text: of a protocol whose phases, blocks and halves are whole numbers of 28 days.
        cycle_days: length of the person's cycles, days, 15 to 60; a whole number, since capsules are counted by night.

    Returns:
        The text of the protocol; it passes the check.

    Raises:
        ProtocolError: the length cannot be that of a cycle, or the protocol is not in whole cycles; all at once.

    Example:
        >>> from modicum.protocol.template import new_protocol
        >>> in_cycles(new_protocol(), 30)
        Traceback (most recent call last):
            ...
        modicum.foundation.errors.ProtocolError: my-protocol (max_days): This length of the phase 'run-in' ...
    """
    protocol = read_protocol(text.encode())
    problems = [*_odd_length(cycle_days), *_broken_cycles(protocol)]
    if problems:
        raise ProtocolError(problems)
    tables = [_longer(table, cycle_days) for table in _TABLES.split(text)]
    longer = read_protocol("".join(tables).encode())
    wanted = [tuple(days and days / USUAL_DAYS * cycle_days for days in _lengths(phase)) for phase in protocol.phases]
    if [_lengths(phase) for phase in longer.phases] != wanted:
        message = "The lengths of the phases do not stand on lines of their own under [[phases]]"
        fix = "Write each as name = value on its own line, as modicum protocol new does."
        raise ProtocolError([Problem("MOD-PROTO-35", f"{protocol.name} (phases)", "", message, fix)])
    return "".join(tables)


def _lengths(phase: Phase) -> tuple[float | None, ...]:
    return phase.max_days, phase.half_days, phase.block_days


def _longer(table: str, cycle_days: float) -> str:
    if not table.startswith("[[phases]]"):
        return table
    return _LENGTH.sub(lambda found: f"{found[1]}{float(found[2]) / USUAL_DAYS * cycle_days:g}", table)


def _odd_length(cycle_days: float) -> list[Problem]:
    if SHORTEST_DAYS <= cycle_days <= LONGEST_DAYS and float(cycle_days).is_integer():
        return []
    message = f"A cycle has a whole number of days from {SHORTEST_DAYS:g} to {LONGEST_DAYS:g}"
    fix = "Give the usual length in days, from the first day of a bleeding to the first day of the next."
    return [Problem("MOD-PROTO-35", "cycle days", f"{cycle_days:g}", message, fix)]


def _broken_cycles(protocol: Protocol) -> list[Problem]:
    return [
        Problem(
            "MOD-PROTO-35",
            f"{protocol.name} ({name})",
            f"{days:g}",
            f"This length of the phase '{phase.name}' is not a whole number of cycles of 28 days",
            "Write the protocol in whole cycles of 28 days first: 28, 56, 84 and so on.",
        )
        for phase in protocol.phases
        for name, days in zip(("max_days", "half_days", "block_days"), _lengths(phase), strict=True)
        if days is not None and days % USUAL_DAYS
    ]
