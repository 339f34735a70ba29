"""Factors: what a protocol asks to be drawn beside the doses, openly, for example a diet."""

from modicum.protocol.schema import Protocol

FACTOR = "factor."  # factor.diet: 1 or 0, drawn by chance beside the doses


def factors_of(protocol: Protocol) -> tuple[str, ...]:
    """The factors that a protocol asks for: covariates of that name.

    Example:
        >>> from modicum.protocol import read_protocol
        >>> factors_of(read_protocol("ldn-crossover"))
        ()
    """
    return tuple(name for name in protocol.covariates if name.startswith(FACTOR))
