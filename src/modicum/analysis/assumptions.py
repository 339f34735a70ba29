"""Which parts of the model are switched on: the primary analysis, and each single change of the sensitivity table."""

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class Assumptions:
    """The choices of docs/model.md that a sensitivity row changes one at a time.

    Args:
        dose: "assigned" analyses the schedule (treatment policy), "taken" the doses that were taken.
        belief_adjusted: guesses given for side effects replace the announced probability in their period.
        autocorrelation: False sets the white share to 1.
        white_noise: False sets the white share to 0.
        trend: whether the linear trend is in the model.
        carry_over: False sets tau to 0.
        expectation: whether the expectation term is in the model.
        prior_scale: factor on the sd of the dose effects.
    """

    dose: Literal["assigned", "taken"] = "assigned"
    belief_adjusted: bool = False
    autocorrelation: bool = True
    white_noise: bool = True
    trend: bool = True
    carry_over: bool = True
    expectation: bool = True
    prior_scale: float = 1.0

    def but(self, **change: object) -> "Assumptions":
        """The same assumptions with some of them changed."""
        return replace(self, **change)  # pyright: ignore[reportArgumentType] -- keys are checked by replace itself
