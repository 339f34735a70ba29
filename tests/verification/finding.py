"""What a verification row finds: whether it holds, the figures, and the bound it was held against."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """The outcome of one row.

    Args:
        passed: whether the bound holds.
        bound: the bound, one phrase.
        summary: the main figure, one phrase.
        figures: everything measured, as numbers or lists.
    """

    passed: bool
    bound: str
    summary: str
    figures: dict[str, object] = field(default_factory=dict)
