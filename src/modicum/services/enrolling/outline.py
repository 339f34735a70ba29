"""A protocol as a course in days: what a prescriber and a patient look at before it is chosen.

It says how long each phase lasts at most, and how many blocks it has; never what is in one, which is not drawn yet.
"""

import math
from dataclasses import dataclass

from modicum.protocol import Phase, Protocol
from modicum.supply.periods import takes_capsules


@dataclass(frozen=True)
class Stretch:
    """One phase at its longest.

    Args:
        name: of the phase.
        title: words for it.
        first_day: counted from day 0.
        days: how many.
        blinded: whether neither person nor prescriber knows what the capsules hold.
        capsules: whether any are taken.
        block_days: length of a block or of half a pair; None where the phase is one stretch.
    """

    name: str
    title: str
    first_day: int
    days: int
    blinded: bool
    capsules: bool
    block_days: float | None

    @property
    def blocks(self) -> int:
        """How many blocks fit into it, at least one."""
        return max(1, int(self.days / self.block_days)) if self.block_days else 1

    @property
    def last_day(self) -> int:
        """Counted from day 0."""
        return self.first_day + self.days - 1


@dataclass(frozen=True)
class Outline:
    """A whole protocol at its longest.

    Args:
        stretches: its phases, in order.
    """

    stretches: tuple[Stretch, ...]

    @property
    def evenings(self) -> int:
        """Evenings of the diary, at most."""
        return sum(one.days for one in self.stretches)

    @property
    def nights(self) -> int:
        """Nights on which capsules are taken, at most."""
        return sum(one.days for one in self.stretches if one.capsules)

    @property
    def blinded_days(self) -> int:
        """Days on which nobody in the room knows what is taken, at most."""
        return sum(one.days for one in self.stretches if one.blinded)

    @property
    def weeks(self) -> int:
        """At most, a week that is begun counted whole."""
        return math.ceil(self.evenings / 7)


def outline_of(protocol: Protocol) -> Outline:
    """The course of a protocol.

    Args:
        protocol: as read.

    Example:
        >>> from modicum.protocol import read_protocol
        >>> found = outline_of(read_protocol("ldn-crossover"))
        >>> found.evenings, found.nights, [one.blocks for one in found.stretches]
        (126, 112, [1, 8])
    """
    stretches = list[Stretch]()
    first = 0
    for phase in protocol.phases:
        stretches.append(_stretch(phase, first))
        first += stretches[-1].days
    return Outline(tuple(stretches))


def _stretch(phase: Phase, first_day: int) -> Stretch:
    return Stretch(
        name=phase.name,
        title=phase.title or phase.name,
        first_day=first_day,
        days=math.ceil(phase.max_days),
        blinded=phase.blinded,
        capsules=takes_capsules(phase),
        block_days=phase.half_days or phase.block_days,
    )
