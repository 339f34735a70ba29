"""Where a trial stands: a fold over what was recorded, so that anything it decided can be told again."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from modicum.protocol.schema import Protocol
from modicum.trial.block import Block, Ending, Look, Roles, until
from modicum.trial.walking import walk


@dataclass(frozen=True)
class State:
    """Where a trial stands.

    Args:
        blocks: so far, the one under way last.
        ending: how it ended, or None.
    """

    blocks: tuple[Block, ...]
    ending: Ending | None

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The day after the last one of each block."""
        return tuple(accumulate(block.days for block in self.blocks))

    @property
    def planned_days(self) -> int:
        """Days of all blocks so far; the next review is on the morning after the last of them."""
        return self.ends[-1] if self.ends else 0

    def cut(self, days: int, ending: Ending) -> "State":
        """The state of a trial that ended within a block, after so many days."""
        return State(until(self.blocks, days), ending)


def stand(protocol: Protocol, roles: Roles, looks: Iterable[Look]) -> State:
    """Where a trial stands after these looks.

    Args:
        protocol: of the trial.
        roles: drawn before the first capsule.
        looks: one for every block that asked for one, in order.

    Returns:
        The state: either over, or at the block that the next look will end.
    """
    steps, waiting = walk(protocol, roles), iter(looks)
    blocks: list[Block] = []
    try:
        blocks.append(next(steps))
        while True:
            look = next(waiting, None) if blocks[-1].look else Look()
            if look is None:
                return State(tuple(blocks), None)
            blocks.append(steps.send(look))
    except StopIteration as end:
        return State(tuple(blocks), end.value)
