"""The pieces of a trial: a block of days on one capsule, a look at what it brought, the drawn roles, and the ending."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

LookKind = Literal["", "posterior", "eye"]
EndingCode = Literal[
    "finished",  # the protocol ran its length; the verdict is that of the whole diary
    "works",
    "not-confirmed",
    "futile",
    "stopped-all",
    "harm",
    "withdrawn",
    "responded",
    "no-response",
]


@dataclass(frozen=True)
class Block:
    """Days on whose evenings one capsule is taken: it is in force from the day after each.

    Args:
        phase: name of the phase.
        announced: probability of active drug that the person is told.
        capsule_mg: what the capsules hold, mg; 0 is placebo or none.
        days: how many.
        look: what is looked at on the morning after its last day, "" for nothing.
        guess: whether a guess is asked in its middle.
        why: the decision that led to it, in the words of the protocol's rules.
    """

    phase: str
    announced: float
    capsule_mg: float
    days: int
    look: LookKind = ""
    guess: bool = False
    why: str = "continue"


def until(blocks: Iterable[Block], days: int) -> tuple[Block, ...]:
    """Blocks up to a day, the last of them cut off there and then without a look."""
    kept, left = list[Block](), days
    for block in blocks:
        length = min(block.days, left)
        if length > 0:
            kept.append(block if length == block.days else replace(block, days=length, look=""))
            left -= length
    return tuple(kept)


def in_force(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """What is in force on each day: the capsule of the night before, and none on the first (docs/decisions/0030).

    A review on the morning after a block can choose only the capsules of the nights to come, so that each block's last
    capsule is in force on the first day of the next.

    Args:
        blocks: of a trial, in order.

    Returns:
        Blocks of as many days in all, each beginning a day later, after a first day on which nothing was taken.

    Example:
        >>> plan = Block("run-in", 0.0, 0.0, 14), Block("titration", 0.8, 0.5, 14)
        >>> [(block.capsule_mg, block.days) for block in in_force(plan)]
        [(0.0, 1), (0.0, 14), (0.5, 13)]
    """
    first = tuple(replace(block, announced=0.0, capsule_mg=0.0, days=1, look="") for block in blocks[:1])
    return until((*first, *blocks), sum(block.days for block in blocks))


@dataclass(frozen=True)
class Look:
    """What a review looks at; probabilities are given that the drug does something (docs/model.md).

    Args:
        taken: which rungs of the ladder were assigned so far.
        p_better, p_mcid, p_harm: P(benefit > 0), P(benefit >= MCID), P(benefit < -MCID) of every rung.
        before, lately: mean score of the days before the first dose and of the last days, None where nobody wrote; by
            eye only.
    """

    taken: tuple[bool, ...] = ()
    p_better: tuple[float, ...] = ()
    p_mcid: tuple[float, ...] = ()
    p_harm: tuple[float, ...] = ()
    before: float | None = None
    lately: float | None = None


@dataclass(frozen=True)
class Ending:
    """How a trial ended.

    Args:
        code: which rule ended it.
        dose_mg: the dose in use, confirmed or responded to, mg, or None.
    """

    code: EndingCode
    dose_mg: float | None = None


@dataclass(frozen=True)
class Roles:
    """What chance fixed before the first capsule; doses that only data will tell are filled in later.

    Args:
        sequences: by phase, the drawn order: doses in mg with 0 for placebo, or halves of pairs with 1 for the dose.
        ranks: by phase of blocks in any order, the drawn rank of every rung of the ladder and then of every placebo
            block: those in play come in the order of their ranks.
    """

    sequences: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    ranks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
