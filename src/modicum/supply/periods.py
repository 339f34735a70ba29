"""Periods: every stretch of a trial with capsules of its own, before anybody knows what they hold."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from modicum.protocol import Phase, Protocol
from modicum.protocol.sequences import phase_doses


@dataclass(frozen=True)
class Given:
    """What is given in one period, as an opened allocation says it.

    Args:
        phase: name of the phase.
        period: block or half of a pair within the phase, from 1.
        dose_ug: micrograms; 0 for placebo.
    """

    phase: str
    period: int
    dose_ug: int


@dataclass(frozen=True)
class Period:
    """A stretch that has a kit of its own.

    Args:
        phase: name of the phase.
        period: block or half of a pair within the phase, from 1.
        part: of a stretch too long for one kit, from 1.
        parts: of that stretch.
        first_day: day of the trial on whose evening the first of it is taken, from 0, every phase at its longest.
        nights: capsules are taken on.
    """

    phase: str
    period: int
    part: int
    parts: int
    first_day: int
    nights: int

    @property
    def last_day(self) -> int:
        """Day of the trial on whose evening the last of it is taken."""
        return self.first_day + self.nights - 1


def takes_capsules(phase: Phase) -> bool:
    """Whether anything is swallowed in a phase, drug or placebo."""
    return not phase.drug_free or phase.has_placebo


def chosen_later(phase: Phase) -> bool:
    """Whether a review chooses the doses of a phase."""
    return phase.doses_mg in ("candidate", "below candidate")


def is_drawn(phase: Phase) -> bool:
    """Whether chance decides the order of a phase, so that only an opened allocation tells it."""
    return phase.order != "as listed" and not phase.drug_free


def list_periods(protocol: Protocol, longest_nights: int) -> tuple[Period, ...]:
    """Every period of a protocol, in order, each phase at its longest. Follows from the protocol alone.

    Where a review chooses how many doses are tried below the candidate, there is a period for each that could be.

    Args:
        protocol: as read.
        longest_nights: a longer stretch is parted into several kits.

    Example:
        >>> from modicum.protocol import read_protocol
        >>> found = list_periods(read_protocol("ldn-smallest-dose"), 91)
        >>> len(found), found[0].first_day, found[-1].last_day
        (20, 14, 391)
    """
    found: list[Period] = []
    start = 0
    for phase in protocol.phases:
        if takes_capsules(phase):
            lengths = _lengths(phase, protocol.drug.ladder_mg)
            found += _parted(phase.name, start, lengths, longest_nights)
        start += math.ceil(phase.max_days)
    return tuple(found)


def _lengths(phase: Phase, ladder_mg: tuple[float, ...]) -> list[int]:
    """Nights of each period of a phase."""
    if phase.pairs and phase.half_days:
        return [math.ceil(phase.half_days)] * (2 * phase.pairs)
    doses = len(most_doses(phase, ladder_mg)) + phase.placebo_blocks
    days = phase.block_days or phase.max_days / max(doses, 1)
    return [math.ceil(days)] * max(doses, 1)


def most_doses(phase: Phase, ladder_mg: tuple[float, ...]) -> tuple[float, ...]:
    """The doses that a phase tries in blocks; of those that a review chooses, as many as it could choose.

    Args:
        phase: of a protocol.
        ladder_mg: the protocol's ladder, mg.
    """
    if phase.doses_mg == "candidate":
        return ladder_mg[-1:]
    if phase.doses_mg == "below candidate":
        return ladder_mg[:-1] or ladder_mg
    return phase_doses(phase, ladder_mg) or ()


def _parted(phase: str, start: int, lengths: Iterable[int], longest: int) -> Iterator[Period]:
    for number, nights in enumerate(lengths, 1):
        parts = math.ceil(nights / longest)
        for part in range(1, parts + 1):
            length = nights // parts + (part <= nights % parts)
            yield Period(phase, number, part, parts, start, length)
            start += length


def open_course(protocol: Protocol) -> tuple[Given, ...]:
    """What is given where nothing is drawn and no review chooses: doses as they are listed, or placebo alone.

    Args:
        protocol: whose doses are whole micrograms.
    """
    found: list[Given] = []
    for phase in protocol.phases:
        if takes_capsules(phase) and not is_drawn(phase) and not chosen_later(phase):
            doses = [*most_doses(phase, protocol.drug.ladder_mg), *([0.0] * phase.placebo_blocks)] or [0.0]
            found += [Given(phase.name, number, round(dose * 1000)) for number, dose in enumerate(doses, 1)]
    return tuple(found)


def is_resumed(given: Mapping[tuple[str, int], int], period: Period) -> bool:
    """Whether a dose is taken up again: nothing, or placebo, in the period before. Else the dose goes on or changes.

    For the first period of a phase this is not known when capsules are made, since the phase before may end early: it
    counts as taken up again, which is the gentler way.

    Args:
        given: dose of each phase and period, micrograms.
        period: whose capsules are made.
    """
    return period.part == 1 and given.get((period.phase, period.period - 1), 0) == 0
